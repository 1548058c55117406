//===- ConvertedNetworks.cpp - Networks that the compiler made ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConvertedNetworks.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "stas/InitAll.h"
#include "stas/Transforms/Chip/MappingProblem.h"

using namespace stas;

Result<mapping::Problem> test::readNetwork(const std::string &path) {
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(path, &context);
  if (!module)
    return makeError(path, ": required a module, found none that can be read");
  auto networks = llvm::to_vector(module->getOps<chip::NetworkOp>());
  if (networks.size() != 1)
    return makeError(path,
                     ": required one network of the chip dialect (stas compile --target=chip "
                     "--compile-to=network), found ",
                     networks.size());
  mlir::FailureOr<mapping::Problem> problem = mappingProblemOf(networks.front());
  if (mlir::failed(problem))
    return makeError(path, ": cannot be mapped");
  return std::move(*problem);
}
