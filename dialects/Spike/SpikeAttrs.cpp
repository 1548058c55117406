//===- SpikeAttrs.cpp - Attributes of the spike dialect -------------------===//
#include "dialects/Spike/SpikeAttrs.h"
#include "dialects/Spike/SpikeDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace stas;
using namespace stas::spike;

#include "dialects/Spike/SpikeEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Spike/SpikeAttrs.cpp.inc"

void SpikeDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Spike/SpikeAttrs.cpp.inc"
      >();
}

LogicalResult NormAttr::verify(function_ref<InFlightDiagnostic()> emitError, Real, WeightAttr bias, WeightAttr gamma,
                               WeightAttr beta, WeightAttr mean, WeightAttr var, Real eps) {
  int given = bool(gamma) + bool(beta) + bool(mean) + bool(var);
  if (given != 0 && given != 4)
    return emitError() << "norm.R1: requires all or none of gamma, beta, mean, var, found " << given << " of them";
  if (given == 4 && !(eps > 0.0))
    return emitError() << "norm.R2: requires eps > 0, found " << eps.value;
  int64_t channels = 0;
  for (WeightAttr vector : {bias, gamma, beta, mean, var}) {
    if (!vector)
      continue;
    auto shape = vector.getType().getShape();
    if (shape.size() != 1 || (channels != 0 && shape[0] != channels))
      return emitError() << "norm.R3: requires vectors of one length, found " << vector.getType() << " for '"
                         << vector.getKey() << "'";
    channels = shape[0];
  }
  return success();
}

LogicalResult WindowAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> kernel,
                                 ArrayRef<int64_t> strides, ArrayRef<int64_t> padding, bool) {
  bool sound = kernel.size() == 2 && strides.size() == 2 && padding.size() == 2;
  for (int axis = 0; sound && axis < 2; ++axis)
    sound = kernel[axis] >= 1 && strides[axis] >= 1 && padding[axis] >= 0;
  if (!sound)
    return emitError() << "window.R1: requires two extents each, kernel >= 1, strides >= 1, padding >= 0";
  return success();
}

LogicalResult PackAttr::verify(function_ref<InFlightDiagnostic()> emitError, ConstantKind kind, int64_t channels,
                               int64_t lanes, WeightAttr weight, NormAttr) {
  if (channels < 1 || lanes < 1)
    return emitError() << "pack.R1: requires channels >= 1 and lanes >= 1, found " << channels << " and " << lanes;
  if ((kind == ConstantKind::Rows) != bool(weight))
    return emitError() << "pack.R2: requires a weight for kind rows, and for no other";
  return success();
}
