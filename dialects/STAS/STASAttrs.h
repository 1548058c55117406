//===- STASAttrs.h - Attributes of the stas dialect -----------------------===//
#ifndef STAS_DIALECTS_STAS_STASATTRS_H
#define STAS_DIALECTS_STAS_STASATTRS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectImplementation.h"

namespace stas {
/// A double as an attribute parameter: compared and hashed by its bits, printed so that it reads back the same.
struct Real {
  double value = 0.0;
  Real() = default;
  Real(double value) : value(value) {}
  operator double() const { return value; }
};
bool operator==(const Real &lhs, const Real &rhs);
llvm::hash_code hash_value(const Real &real);
mlir::AsmPrinter &operator<<(mlir::AsmPrinter &printer, const Real &real);
} // namespace stas

namespace mlir {
template <> struct FieldParser<::stas::Real> {
  static FailureOr<::stas::Real> parse(AsmParser &parser) {
    double value = 0.0;
    if (parser.parseFloat(value))
      return failure();
    return ::stas::Real(value);
  }
};
} // namespace mlir

#include "dialects/STAS/STASEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/STAS/STASAttrs.h.inc"

#endif // STAS_DIALECTS_STAS_STASATTRS_H
