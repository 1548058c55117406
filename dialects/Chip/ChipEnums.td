// Enumerations of the target level.
#ifndef CHIP_ENUMS_TD
#define CHIP_ENUMS_TD

include "mlir/IR/EnumAttr.td"

class Chip_Enum<string name, string summary, list<I32EnumAttrCase> cases> : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::stas::chip";
}

/// In the order of stas::CoreProgram.
def Chip_Program : Chip_Enum<"Program", "what neurons compute", [
  I32EnumAttrCase<"Lif", 0, "lif">, I32EnumAttrCase<"Staircase", 1, "staircase">, I32EnumAttrCase<"Sum", 2, "sum">,
  I32EnumAttrCase<"Maximum", 3, "maximum">, I32EnumAttrCase<"FastWeight", 4, "fastweight">,
  I32EnumAttrCase<"Halting", 5, "halting">, I32EnumAttrCase<"Readout", 6, "readout">,
  I32EnumAttrCase<"Input", 7, "input">]>;

def Chip_Idle : Chip_Enum<"Idle", "what a neuron without input costs", [
  I32EnumAttrCase<"Updated", 0, "updated">, I32EnumAttrCase<"Skipped", 1, "skipped">]>;

def Chip_Multicast : Chip_Enum<"Multicast", "how a spike reaches several cores", [
  I32EnumAttrCase<"PerCore", 0, "per_core">, I32EnumAttrCase<"Tree", 1, "tree">]>;

def Chip_Form : Chip_Enum<"Form", "how synapses are stored", [
  I32EnumAttrCase<"Dense", 0, "dense">, I32EnumAttrCase<"Shared", 1, "shared">,
  I32EnumAttrCase<"FastWeight", 2, "fastweight">, I32EnumAttrCase<"Constant", 3, "constant">]>;

def Chip_Port : Chip_Enum<"Port", "what a spike does at its target", [
  I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Query", 1, "query">, I32EnumAttrCase<"Key", 2, "key">,
  I32EnumAttrCase<"Value", 3, "value">, I32EnumAttrCase<"Score", 4, "score">, I32EnumAttrCase<"Gate", 5, "gate">,
  I32EnumAttrCase<"Gain", 6, "gain">]>;

def Chip_Tokens : Chip_Enum<"Tokens", "the tokens that feed a token", [
  I32EnumAttrCase<"Same", 0, "same">, I32EnumAttrCase<"Window", 1, "window">, I32EnumAttrCase<"All", 2, "all">]>;

def Chip_Channels : Chip_Enum<"Channels", "the channels that feed a channel", [
  I32EnumAttrCase<"Same", 0, "same">, I32EnumAttrCase<"Group", 1, "group">, I32EnumAttrCase<"All", 2, "all">,
  I32EnumAttrCase<"First", 3, "first">]>;

#endif // CHIP_ENUMS_TD
