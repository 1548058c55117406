//===- SpikeAttrs.cpp - Attributes of the spike dialect -------------------===//
#include "dialects/Spike/SpikeAttrs.h"
#include "dialects/STAS/Windows.h"
#include "dialects/Spike/SpikeDialect.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <limits>

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

static constexpr int64_t maxExtent = std::numeric_limits<int32_t>::max();

LogicalResult NormAttr::verify(function_ref<InFlightDiagnostic()> emitError, Real unit, WeightAttr bias,
                               WeightAttr gamma, WeightAttr beta, WeightAttr mean, WeightAttr var, Real eps) {
  int given = bool(gamma) + bool(beta) + bool(mean) + bool(var);
  if (given != 0 && given != 4)
    return emitError() << "norm.R1: requires all or none of gamma, beta, mean, var, found " << given << " of them";
  if (!std::isfinite(eps.value) || (given == 4 ? !(eps.value > 0.0) : eps.value != 0.0))
    return emitError() << "norm.R2: requires a finite eps > 0 with gamma, beta, mean and var, and 0 without, found "
                       << eps.value;
  int64_t channels = -1;
  for (WeightAttr vector : {bias, gamma, beta, mean, var}) {
    if (!vector)
      continue;
    auto shape = vector.getType().getShape();
    if (shape.size() != 1 || shape[0] < 1 || (channels >= 0 && shape[0] != channels))
      return emitError() << "norm.R3: requires vectors of one length >= 1, found " << vector.getType() << " for '"
                         << vector.getKey() << "'";
    channels = shape[0];
  }
  if (!std::isfinite(unit.value) || unit.value == 0.0)
    return emitError() << "norm.R4: requires a finite unit that is not 0, found " << unit.value;
  return success();
}

int64_t NormAttr::getChannels() const {
  for (WeightAttr vector : {getBias(), getGamma()})
    if (vector)
      return vector.getType().getDimSize(0);
  return 0;
}

LogicalResult WindowAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> kernel,
                                 ArrayRef<int64_t> strides, ArrayRef<int64_t> padding, bool) {
  if (isWindow(kernel, 1) && isWindow(strides, 1) && isWindow(padding, 0))
    return success();
  return emitError() << "window.R1: requires two extents each, kernel and strides from 1 to " << maxWindow
                     << ", padding from 0, found [" << kernel << "], [" << strides << "] and [" << padding << "]";
}

LogicalResult PackAttr::verify(function_ref<InFlightDiagnostic()> emitError, ConstantKind kind, int64_t channels,
                               int64_t lanes, WeightAttr weight, NormAttr norm) {
  if (channels < 1 || lanes < 1 || channels > maxExtent || lanes > maxExtent)
    return emitError() << "pack.R1: requires channels and lanes from 1 to " << maxExtent << ", found " << channels
                       << " and " << lanes;
  bool isRows = kind == ConstantKind::Rows;
  auto shape = weight ? weight.getType().getShape() : ArrayRef<int64_t>();
  bool isSound = (shape.size() == 2 || shape.size() == 4) && shape[0] == channels &&
                 llvm::all_of(shape, [](int64_t extent) { return extent >= 1; });
  if (isRows ? !isSound : bool(weight))
    return emitError() << "pack.R2: requires a weight [" << channels
                       << ", K] or [.., C, KH, KW] for kind rows, and none for the others";
  if (norm && (isRows || (norm.getChannels() != 0 && norm.getChannels() != channels)))
    return emitError() << "pack.R3: requires norm for kinds scale and shift alone, with vectors of " << channels
                       << " values, found " << norm.getChannels();
  return success();
}

int64_t PackAttr::getPaddedChannels() const { return llvm::divideCeil(getChannels(), getLanes()) * getLanes(); }

int64_t PackAttr::getNumElements() const {
  int64_t inputs = getWeight() ? llvm::product_of(getWeight().getType().getShape().drop_front()) : 1;
  return inputs * getPaddedChannels();
}

LogicalResult QuantAttr::verify(function_ref<InFlightDiagnostic()> emitError, WeightAttr weight, NormAttr norm,
                                LIFAttr neuron, Real inputUnit, int64_t inputMax, int64_t steps, int64_t bits,
                                int64_t guard, int64_t stateBits) {
  if (!std::isfinite(inputUnit) || !(inputUnit > 0.0) || inputMax < 1 || inputMax >= int64_t(1) << 62)
    return emitError() << "quant.R1: requires a finite input_unit > 0 and 1 <= input_max < 2^62, found "
                       << inputUnit.value << " and " << inputMax;
  if (steps < 1 || steps > (neuron ? 256 : 1))
    return emitError() << "quant.R2: requires 1 <= steps <= 256, and 1 without neuron, found " << steps;
  bool isWidth = bits == 8 || bits == 16 || (bits == 24 && stateBits > 32);
  if (weight ? !isWidth : bits != 0)
    return emitError()
           << "quant.R3: requires bits 8, 16 or, where state_bits > 32, 24 with a weight and 0 without, found " << bits
           << " with state_bits " << stateBits;
  if (guard < 0 || guard > (neuron ? 8 : 0))
    return emitError() << "quant.R4: requires 0 <= guard <= 8, and 0 without neuron, found " << guard;
  if (stateBits < 2 || stateBits > 64 || (!neuron && stateBits != 64))
    return emitError() << "quant.R5: requires 2 <= state_bits <= 64, and 64 without neuron, found " << stateBits;
  if (weight) {
    auto shape = weight.getType().getShape();
    bool isFilled = llvm::all_of(shape, [](int64_t extent) { return extent >= 1; });
    int64_t channels = norm.getChannels();
    if ((shape.size() != 2 && shape.size() != 4) || !isFilled || (channels != 0 && channels != shape[0]))
      return emitError()
             << "quant.R6: requires a weight [N, K] or [C', C, KH, KW] and norm's vectors of as many values "
                "as its first extent, found "
             << weight.getType() << " and " << channels;
  }
  if (!weight && !neuron)
    return emitError() << "quant.R7: requires a weight or a neuron, found neither";
  if (neuron && (neuron.getTau() > 1024.0 || (neuron.getReset() == ResetKind::Soft && !(neuron.getVThreshold() > 0.0))))
    return emitError() << "quant.R8: requires tau <= 1024, and v_threshold > 0 with soft reset, found tau "
                       << neuron.getTau().value << " and v_threshold " << neuron.getVThreshold().value;
  return success();
}

int64_t QuantAttr::getChannels() const {
  return getWeight() ? getWeight().getType().getDimSize(0) : getNorm().getChannels();
}

IntegerType QuantAttr::getSumType() const { return IntegerType::get(getContext(), getStateBits() > 32 ? 64 : 32); }
