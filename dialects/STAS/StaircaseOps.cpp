//===- StaircaseOps.cpp - Shapes and rules of steady neurons and I-SPS ----===//
#include "Inference.h"
#include "dialects/STAS/STASOps.h"

using namespace mlir;
using namespace stas;

STAS_INFER(StaircaseOp) {
  StaircaseOp::Adaptor op(operands, attributes, properties, regions);
  auto type = dyn_cast<RankedTensorType>(op.getCurrent().getType());
  if (!type || type.getRank() < 1)
    return emitOptionalError(location, "staircase.R1: requires a current of at least one axis, found ",
                             op.getCurrent().getType());
  int64_t timesteps = op.getTimesteps();
  if (timesteps < 1 || timesteps > 256)
    return emitOptionalError(location, "staircase.R2: requires 1 <= timesteps <= 256, found ", timesteps);
  SmallVector<int64_t> shape{timesteps};
  llvm::append_range(shape, type.getShape());
  results.push_back(RankedTensorType::get(shape, IntegerType::get(context, 1)));
  return success();
}

STAS_INFER(ISPSOp) {
  ISPSOp::Adaptor op(operands, attributes, properties, regions);
  auto input = dyn_cast<RankedTensorType>(op.getInput().getType());
  if (!input || input.getRank() != 4)
    return emitOptionalError(location, "isps.R1: requires a map [B, C, H, W], the same at every timestep, found ",
                             op.getInput().getType());
  auto map = infer::convolution(location, input, op.getWeight(), op.getBiasAttr(), op.getStrides(), op.getPadding());
  if (failed(map))
    return failure();

  int given = bool(op.getGamma()) + bool(op.getBeta()) + bool(op.getMean()) + bool(op.getVar()) + bool(op.getEps());
  if (given != 0 && given != 5)
    return emitOptionalError(location, "isps.R2: requires gamma, beta, mean, var and eps together, found ", given,
                             " of them");
  if (given && failed(infer::batchNorm(location, map->getDimSize(1), op.getGammaAttr(), op.getBetaAttr(),
                                       op.getMeanAttr(), op.getVarAttr(), op.getEps()->convertToDouble())))
    return failure();

  given = bool(op.getPoolKernel()) + bool(op.getPoolStrides()) + bool(op.getPoolPadding());
  if (given != 0 && given != 3)
    return emitOptionalError(location, "isps.R3: requires the pool's kernel, strides and padding together, found ",
                             given, " of them");
  if (given)
    map = infer::pool(location, *map, *op.getPoolKernel(), *op.getPoolStrides(), *op.getPoolPadding());
  if (failed(map))
    return failure();

  bool isMean = op.getKind() == ReduceKind::Mean;
  int64_t timesteps = op.getTimesteps(), most = isMean ? 256 : 255;
  if (timesteps < 1 || timesteps > most)
    return emitOptionalError(location, "isps.R4: requires 1 <= timesteps <= ", most, " for a ",
                             stringifyReduceKind(op.getKind()), ", found ", timesteps);
  // isps.R5: only a sum of spikes is an integer.
  results.push_back(map->clone(isMean ? Type(Float32Type::get(context)) : IntegerType::get(context, 8)));
  return success();
}
