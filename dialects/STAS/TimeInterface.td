// How an op relates the timesteps of its result to those of its operands.
#ifndef STAS_TIME_INTERFACE_TD
#define STAS_TIME_INTERFACE_TD

include "mlir/IR/OpBase.td"

def TimeOpInterface : OpInterface<"TimeOpInterface"> {
  let cppNamespace = "::stas";
  let description = [{
    An op says what it does to time, and passes need not know it: an op that works on each timestep alone runs once
    where its operands are the same at every timestep; neurons and reductions do not. An op without the interface is taken
    to yield something new at each timestep.
  }];
  let methods = [
    InterfaceMethod<"What the op does to time.", "::stas::TimeEffect", "getTimeEffect", (ins), [{}],
                    [{ return ::stas::TimeEffect::PerTimestep; }]>,
    InterfaceMethod<[{
      The op of PerTimestep on one timestep's operands, at the builder's insertion point; null where it has no such form.
      Each operand lacks the leading T axis of the op's own.
    }], "::mlir::Operation *", "cloneForOneTimestep",
        (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands), [{}],
        [{ return ::stas::cloneWithOperands($_op, builder, operands); }]>,
    InterfaceMethod<[{
      An op that has no T axis, as those inside `stas.act`, over all timesteps at once, at the builder's insertion point;
      null where it has no such form. Each operand has a T axis before those of the op's own.
    }], "::mlir::Operation *", "cloneOverTime",
        (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands), [{}],
        [{ return ::stas::cloneWithOperands($_op, builder, operands); }]>,
  ];
}

#endif // STAS_TIME_INTERFACE_TD
