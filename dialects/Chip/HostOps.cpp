//===- HostOps.cpp - Rules of what the host computes ----------------------===//
#include "dialects/Chip/ChipOps.h"
#include "dialects/STAS/Windows.h"
#include <cmath>

using namespace mlir;
using namespace stas;
using namespace stas::chip;

/// Whether 1 / unit is a power of two that spike.quantize takes.
static bool isPixelUnit(double unit) {
  int exponent = 0;
  return std::frexp(unit, &exponent) == 0.5 && exponent <= 1 && exponent >= -29;
}

LogicalResult EncodeOp::verify() {
  auto quant = getQuant();
  WeightAttr weight = quant.getWeight();
  constexpr int64_t largest = 1 << 24;
  if (!quant.getNeuron() || !weight || weight.getType().getRank() != 4 || !isPixelUnit(quant.getInputUnit()) ||
      quant.getInputMax() > largest)
    return emitOpError(
               "chip.encode.R2: requires quant with a neuron, a weight of rank 4, an input_unit that is 1 / 2^n, 0 <= "
               "n <= 30, and input_max <= 2^24, found ")
           << quant;
  ArrayRef<int64_t> shape = weight.getType().getShape(), image = getImage();
  bool isImage = image.size() == 3 && image[0] == shape[1] &&
                 llvm::all_of(image, [](int64_t extent) { return extent >= 1 && extent <= maxWindow; });
  if (!isImage || !getWindow().getChannelsFirst() || getWindow().getKernel() != shape.take_back(2))
    return emitOpError("chip.encode.R3: requires an image of ")
           << shape[1] << " channels and a window, channels first, of kernel [" << shape.take_back(2) << "], found ["
           << image << "] and " << getWindow();
  return success();
}

LogicalResult EncodeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto population = symbols.lookupNearestSymbolFrom<PopulationOp>(*this, getPopulationAttr());
  auto network = cast<NetworkOp>((*this)->getParentOp());
  auto isOther = [&](EncodeOp other) { return other != *this && other.getPopulation() == getPopulation(); };
  if (!population || population.getProgram() != Program::Input ||
      llvm::any_of(network.getBody().getOps<EncodeOp>(), isOther))
    return emitOpError(
               "chip.encode.R1: requires a chip.population of program input that no other chip.encode names, found ")
           << getPopulationAttr();
  SmallVector<int64_t> map(getImage().drop_front());
  bool fits = static_cast<int64_t>(population.getChannels()) == getQuant().getChannels();
  auto apply = [&](spike::WindowAttr window) {
    for (auto [axis, extent] : llvm::enumerate(map))
      extent = windowExtent(extent, window.getKernel()[axis], window.getStrides()[axis], window.getPadding()[axis]);
  };
  apply(getWindow());
  if (auto pool = getPoolAttr()) {
    apply(pool);
    fits &= !pool.getChannelsFirst();
    for (int axis : {0, 1})
      fits &= pool.getPadding()[axis] <= pool.getKernel()[axis] / 2;
  }
  if (!fits || population.getMap() != ArrayRef(map))
    return emitOpError("chip.encode.R4: requires a population of ")
           << getQuant().getChannels() << " channels and map [" << map << "], as window and pool make it, found "
           << population.getChannels() << " and [" << population.getMap() << "]";
  int64_t steps = getQuant().getSteps(), runs = getCounts() ? 1 : steps, payload = getCounts() ? steps : 1;
  if (static_cast<int64_t>(population.getRuns()) != runs || static_cast<int64_t>(population.getPayload()) != payload)
    return emitOpError("chip.encode.R5: requires ")
           << runs << " runs and payload " << payload << " of a population that gets "
           << (getCounts() ? "counts" : "spikes") << " of " << steps << " timesteps, found " << population.getRuns()
           << " and " << population.getPayload();
  return success();
}

LogicalResult ClassifyOp::verify() {
  WeightAttr weight = getQuant().getWeight();
  if (getQuant().getNeuron() || !weight || weight.getType().getRank() != 2)
    return emitOpError("classify.R2: requires quant with a weight of rank 2 and without neuron, found ") << getQuant();
  return success();
}

LogicalResult ClassifyOp::verifySymbolUses(SymbolTableCollection &symbols) {
  int64_t columns = getQuant().getWeight().getType().getDimSize(1);
  DenseSet<Attribute> seen;
  for (auto name : getReadouts().getAsRange<FlatSymbolRefAttr>()) {
    auto readout = symbols.lookupNearestSymbolFrom<PopulationOp>(*this, name);
    if (!readout || readout.getProgram() != Program::Readout || readout.getMap() != ArrayRef<int64_t>{1, 1} ||
        !seen.insert(name).second)
      return emitOpError("classify.R1: requires chip.populations of program readout and map [1, 1], none twice, found ")
             << name;
    if (static_cast<int64_t>(readout.getChannels()) != columns)
      return emitOpError("classify.R2: requires readouts of ")
             << columns << " channels, as the weight has columns, found " << readout.getChannels() << " of " << name;
  }
  if (getReadouts().empty())
    return emitOpError("classify.R1: requires at least one readout, found none");
  auto classifiers = cast<NetworkOp>((*this)->getParentOp()).getBody().getOps<ClassifyOp>();
  if (!llvm::hasSingleElement(classifiers))
    return emitOpError("classify.R3: requires one chip.classify in a network, found ")
           << std::distance(classifiers.begin(), classifiers.end());
  return success();
}
