//===- STASAttrs.cpp - Attributes of the stas dialect ---------------------===//
#include "dialects/STAS/STASAttrs.h"
#include "dialects/STAS/STASDialect.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"
#include <charconv>
#include <cmath>

using namespace mlir;
using namespace stas;

#include "dialects/STAS/STASEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/STAS/STASAttrs.cpp.inc"

void STASDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/STAS/STASAttrs.cpp.inc"
      >();
}

bool stas::operator==(const Real &lhs, const Real &rhs) {
  return llvm::bit_cast<uint64_t>(lhs.value) == llvm::bit_cast<uint64_t>(rhs.value);
}

llvm::hash_code stas::hash_value(const Real &real) { return llvm::hash_value(llvm::bit_cast<uint64_t>(real.value)); }

AsmPrinter &stas::operator<<(AsmPrinter &printer, const Real &real) {
  char text[40];
  auto end = std::to_chars(text, text + sizeof(text), real.value).ptr;
  StringRef digits(text, end - text);
  // MLIR's float literals need a point: 1e-05 prints as 1.0e-05.
  auto [mantissa, exponent] = digits.split('e');
  printer.getStream() << mantissa << (mantissa.contains('.') ? "" : ".0");
  if (!exponent.empty())
    printer.getStream() << 'e' << exponent;
  return printer;
}

LogicalResult WeightAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef key, StringRef file,
                                 int64_t offset, ArrayRef<int64_t> strides, RankedTensorType type) {
  if (key.empty() || file.empty())
    return emitError() << "weight.R1: requires a key and a file, found key '" << key << "' and file '" << file << "'";
  int64_t count = 1;
  bool fits = llvm::none_of(type.getShape(), [&](int64_t extent) { return llvm::MulOverflow(count, extent, count); }) &&
              count < int64_t(1) << 48;
  if (!type.hasStaticShape() || !fits ||
      !isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type.getElementType()))
    return emitError()
           << "weight.R2: requires a static shape of f16, bf16, f32 or f64 and fewer than 2^48 elements, found " << type
           << " for '" << key << "'";
  if (offset < 0)
    return emitError() << "weight.R3: requires a byte offset >= 0, found " << offset << " for '" << key << "'";
  if (!strides.empty() && static_cast<int64_t>(strides.size()) != type.getRank())
    return emitError() << "weight.R4: requires as many strides as axes (" << type.getRank() << "), found "
                       << strides.size() << " for '" << key << "'";
  for (int64_t stride : strides)
    if (stride < 0)
      return emitError() << "weight.R5: requires strides >= 0, found " << stride << " for '" << key << "'";
  return success();
}

LogicalResult LIFAttr::verify(function_ref<InFlightDiagnostic()> emitError, Real tau, Real vThreshold, Real vReset,
                              ResetKind, bool, CompareKind) {
  if (!std::isfinite(tau) || tau < 1.0)
    return emitError() << "lif.R1: requires a finite tau >= 1, found " << tau.value;
  if (!std::isfinite(vThreshold) || !std::isfinite(vReset) || vThreshold <= vReset)
    return emitError() << "lif.R2: requires finite v_threshold > v_reset, found " << vThreshold.value << " and "
                       << vReset.value;
  return success();
}

LogicalResult ActAttr::verify(function_ref<InFlightDiagnostic()> emitError, Real alpha, Real beta, Real eps,
                              HaltingOrder order, ActOutput output) {
  if (!std::isfinite(alpha) || !std::isfinite(beta))
    return emitError() << "act.R1: requires finite alpha and beta, found " << alpha.value << " and " << beta.value;
  if (!(eps > 0.0 && eps < 1.0))
    return emitError() << "act.R2: requires 0 < eps < 1, found " << eps.value;
  if (order != HaltingOrder::Lexicographic && output == ActOutput::Weighted)
    return emitError() << "act.R3: " << stringifyEnum(order)
                       << " order requires output = rate, found weighted: a token may re-enter early blocks, so that "
                          "its halting weights do not sum to one";
  return success();
}

LogicalResult ModelAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef family, StringRef,
                                int64_t timesteps, ArrayRef<Real> mean, ArrayRef<Real> std, StringRef digest) {
  if (family != "spikformer" && family != "stas")
    return emitError() << "model.R1: requires family spikformer or stas, found '" << family << "'";
  if (timesteps < 1 || timesteps > 256)
    return emitError() << "model.R2: requires 1 <= timesteps <= 256, found " << timesteps;
  if (mean.empty() || mean.size() != std.size() || !llvm::all_of(mean, [](Real value) { return std::isfinite(value); }))
    return emitError() << "model.R3: requires as many finite means as standard deviations, at least one, found "
                       << mean.size() << " means and " << std.size() << " standard deviations";
  for (Real deviation : std)
    if (!(deviation > 0.0) || !std::isfinite(deviation))
      return emitError() << "model.R4: requires positive finite standard deviations, found " << deviation.value;
  if (!digest.empty() && (digest.size() != 16 || digest.find_first_not_of("0123456789abcdef") != StringRef::npos))
    return emitError() << "model.R5: requires a digest of 16 lower-case hexadecimal digits, found '" << digest << "'";
  return success();
}

std::string ModelAttr::digestOf(StringRef contents) {
  return llvm::utohexstr(llvm::xxh3_64bits(contents), /*LowerCase=*/true, /*Width=*/16);
}
