//===- WorkAttr.cpp - Rules of what a launch computes ---------------------===//
#include "dialects/Spike/SpikeAttrs.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace stas;
using namespace stas::spike;

namespace {
/// Counts stay exact in double.
constexpr int64_t mostCount = int64_t(1) << 53;

/// a * b, or mostCount where that is more.
int64_t product(int64_t a, int64_t b) {
  int64_t result;
  return llvm::MulOverflow(a, b, result) || result > mostCount ? mostCount : result;
}

/// Positions of a window along one axis; 0 where it does not fit.
int64_t positions(int64_t extent, WindowAttr window, int axis) {
  int64_t span = extent + 2 * window.getPadding()[axis] - window.getKernel()[axis];
  return span < 0 ? 0 : span / window.getStrides()[axis] + 1;
}
} // namespace

LogicalResult WorkAttr::verify(function_ref<InFlightDiagnostic()> emitError, WorkKind kind, StringRef layer,
                               int64_t rows, int64_t fanIn, int64_t channels, int64_t heads, ArrayRef<int64_t> map,
                               WindowAttr window, int64_t parts, int64_t max, int64_t steps, ArrayRef<int64_t> inputs,
                               int64_t active, int64_t block) {
  bool isWeighted = kind == WorkKind::Weighted, isHalting = kind == WorkKind::Halting;
  int64_t macs = product(product(rows, isWeighted ? fanIn : rows), channels);
  if (rows < 1 || channels < (isHalting ? 0 : 1) || (isWeighted ? fanIn < 1 : fanIn != 0) || macs >= mostCount)
    return emitError()
           << "work.R1: requires rows and channels >= 1, fan_in >= 1 for kind weighted and 0 for others, and "
              "products below 2^53, found rows "
           << rows << ", fan_in " << fanIn << ", channels " << channels;
  if (heads < 1 || channels % heads != 0 || (kind != WorkKind::Coincidence && heads != 1))
    return emitError() << "work.R2: requires heads >= 1 to divide " << channels
                       << " channels, and to be 1 but for kind coincidence, found " << heads;
  bool isSound = map.empty() == !window && (!window || isWeighted);
  if (isSound && window) {
    isSound = map.size() == 2 && llvm::all_of(map, [](int64_t extent) { return extent >= 1 && extent < mostCount; }) &&
              fanIn % (window.getKernel()[0] * window.getKernel()[1]) == 0;
    isSound = isSound && product(positions(map[0], window, 0), positions(map[1], window, 1)) == rows &&
              product(product(map[0], map[1]), fanIn) < mostCount;
  }
  if (!isSound)
    return emitError() << "work.R3: requires a map and a window together, for kind weighted, that give " << rows
                       << " rows of fan_in " << fanIn << ", found map [" << map << "]";
  if (parts < 0 || parts > int64_t(1) << 31 || (parts == 0 ? max != 0 : max < 1 || max > mostCount))
    return emitError() << "work.R4: requires parts from 0 to 2^31, and max from 1 to 2^53 or 0 for real inputs, found "
                       << parts << " and " << max;
  if (steps < 0 || steps > 256)
    return emitError() << "work.R5: requires steps from 0 to 256, found " << steps;
  if (active < -1 || block < -1 || (isHalting && (block < 0 || active < 0)))
    return emitError()
           << "work.R6: requires active and block of at least -1, and for kind halting of at least 0, found " << active
           << " and " << block;
  return success();
}

int64_t WorkAttr::getInputValues() const {
  if (getKind() != WorkKind::Weighted)
    return getRows() * getChannels();
  if (WindowAttr window = getWindow())
    return getMap()[0] * getMap()[1] * (getFanIn() / (window.getKernel()[0] * window.getKernel()[1]));
  return getRows() * getFanIn();
}
