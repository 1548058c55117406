// Enumerations of the sparse level.
#ifndef SPIKE_ENUMS_TD
#define SPIKE_ENUMS_TD

include "mlir/IR/EnumAttr.td"

def Spike_ConstantKind : I32EnumAttr<"ConstantKind", "what a constant holds", [
  I32EnumAttrCase<"Rows", 0, "rows">, I32EnumAttrCase<"Scale", 1, "scale">, I32EnumAttrCase<"Shift", 2, "shift">]> {
  let cppNamespace = "::stas::spike";
  let genSpecializedAttr = 0;
}

def Spike_TableKind : I32EnumAttr<"TableKind", "a table of a layer in integers", [
  I32EnumAttrCase<"Rows", 0, "rows">, I32EnumAttrCase<"Pairs", 1, "pairs">, I32EnumAttrCase<"Tiles", 2, "tiles">,
  I32EnumAttrCase<"Bias", 3, "bias">, I32EnumAttrCase<"Threshold", 4, "threshold">,
  I32EnumAttrCase<"Reset", 5, "reset">, I32EnumAttrCase<"Cuts", 6, "cuts">, I32EnumAttrCase<"Unit", 7, "unit">]> {
  let cppNamespace = "::stas::spike";
}

def Spike_Layout : I32EnumAttr<"Layout", "axes of a layer's spikes in memory", [
  I32EnumAttrCase<"Tokens", 0, "tokens">, I32EnumAttrCase<"Map", 1, "map">]> {
  let cppNamespace = "::stas::spike";
}

def Spike_WorkKind : I32EnumAttr<"WorkKind", "what a launch computes", [
  I32EnumAttrCase<"Weighted", 0, "weighted">, I32EnumAttrCase<"Coincidence", 1, "coincidence">,
  I32EnumAttrCase<"Halting", 2, "halting">]> {
  let cppNamespace = "::stas::spike";
  let genSpecializedAttr = 0;
}

def Spike_When : I32EnumAttr<"When", "the runs that make a launch", [
  I32EnumAttrCase<"Observed", 0, "observed">, I32EnumAttrCase<"Unobserved", 1, "unobserved">]> {
  let cppNamespace = "::stas::spike";
}

def Spike_SumsBy : I32EnumAttr<"SumsBy", "what a kernel of integer sums goes by", [
  I32EnumAttrCase<"Events", 0, "events">, I32EnumAttrCase<"Dense", 1, "dense">, I32EnumAttrCase<"Tiles", 2, "tiles">,
  I32EnumAttrCase<"Choice", 3, "choice">]> {
  let cppNamespace = "::stas::spike";
}

def Spike_BitAxis : I32EnumAttr<"BitAxis", "the axis of spikes that lies in the bits of words", [
  I32EnumAttrCase<"Tokens", 0, "tokens">, I32EnumAttrCase<"Channels", 1, "channels">]> {
  let cppNamespace = "::stas::spike";
}

def Spike_Association : I32EnumAttr<"Association", "the product of attention that is computed first", [
  I32EnumAttrCase<"KeyValue", 0, "key_value">, I32EnumAttrCase<"QueryKey", 1, "query_key">]> {
  let cppNamespace = "::stas::spike";
}

#endif // SPIKE_ENUMS_TD
