// Expectations about tensors, for value tests. Run by the interpreter, never compiled into an artifact.
#ifndef STAS_CHECK_OPS_TD
#define STAS_CHECK_OPS_TD

include "mlir/IR/OpBase.td"

def StasCheck_Dialect : Dialect {
  let name = "stas_check";
  let cppNamespace = "::stas::check";
  let summary = "Expectations in tests";
  let description = [{
    A value test is a function without arguments: `arith.constant` gives the operands, an op of the model level computes,
    an op of this dialect compares. `stas-translate --interpret` runs every such function and fails on the first
    expectation that does not hold.
  }];
}

class StasCheck_Op<string mnemonic, list<Trait> traits = []> : Op<StasCheck_Dialect, mnemonic, traits>;
def StasCheck_Tensor : TensorOf<[I1, I8, I32, I64, F32]>;

def StasCheck_ExpectEqOp : StasCheck_Op<"expect_eq", [SameTypeOperands]> {
  let summary = "two tensors are equal, element by element";
  let description = [{
    Real values are compared as numbers: 0.0 equals -0.0, and a NaN equals nothing.

    - expect_eq.R1: both tensors have one type.

    ```mlir
    stas_check.expect_eq %found, %expected : tensor<2x3xi1>
    ```
  }];
  let arguments = (ins StasCheck_Tensor:$found, StasCheck_Tensor:$expected);
  let assemblyFormat = "$found `,` $expected attr-dict `:` type($found)";
}

def StasCheck_ExpectCloseOp : StasCheck_Op<"expect_close", [SameTypeOperands]> {
  let summary = "two tensors are equal within a tolerance";
  let description = [{
    |found - expected| <= tolerance for every element. A NaN is close to nothing.

    - expect_close.R1: both tensors have one type, of f32.
    - expect_close.R2: tolerance is finite and not negative.

    ```mlir
    stas_check.expect_close %found, %expected tolerance 1.0e-6 : tensor<2x3xf32>
    ```
  }];
  let arguments = (ins TensorOf<[F32]>:$found, TensorOf<[F32]>:$expected, F64Attr:$tolerance);
  let assemblyFormat = "$found `,` $expected `tolerance` $tolerance attr-dict `:` type($found)";
  let hasVerifier = 1;
}

def StasCheck_ProbeOp : StasCheck_Op<"probe"> {
  let summary = "write a tensor to a .npy file";
  let description = [{
    The file is NAME.npy in the folder that the tool is given for probes.

    - probe.R1: name is not empty and has no `/`.

    ```mlir
    stas_check.probe %x "block.0" : tensor<2x3xf32>
    ```
  }];
  let arguments = (ins StasCheck_Tensor:$value, StrAttr:$name);
  let assemblyFormat = "$value $name attr-dict `:` type($value)";
  let hasVerifier = 1;
}

#endif // STAS_CHECK_OPS_TD
