// Enumerations of the model level.
#ifndef STAS_ENUMS_TD
#define STAS_ENUMS_TD

include "mlir/IR/EnumAttr.td"

class STAS_Enum<string name, string summary, list<I32EnumAttrCase> cases> : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::stas";
  let genSpecializedAttr = 0;
}

def STAS_ResetKind : STAS_Enum<"ResetKind", "what a spike does to the membrane", [
  I32EnumAttrCase<"Hard", 0, "hard">, I32EnumAttrCase<"Soft", 1, "soft">]>;
def STAS_CompareKind : STAS_Enum<"CompareKind", "when a neuron fires", [
  I32EnumAttrCase<"GE", 0, "ge">, I32EnumAttrCase<"GT", 1, "gt">]>;
def STAS_HaltingOrder : STAS_Enum<"HaltingOrder", "which halting scores are summed", [
  I32EnumAttrCase<"Lexicographic", 0, "lexicographic">, I32EnumAttrCase<"Rectangular", 1, "rectangular">,
  I32EnumAttrCase<"Timestep", 2, "timestep">]>;
def STAS_ActOutput : STAS_Enum<"ActOutput", "what a halting encoder yields", [
  I32EnumAttrCase<"Weighted", 0, "weighted">, I32EnumAttrCase<"Rate", 1, "rate">]>;
def STAS_ReduceKind : I32EnumAttr<"ReduceKind", "a reduction over time", [
  I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Mean", 1, "mean">]> {
  let cppNamespace = "::stas";
}

#endif // STAS_ENUMS_TD
