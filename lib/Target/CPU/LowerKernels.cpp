//===- LowerKernels.cpp - Kernels to the LLVM dialect ---------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/AMX/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "stas/Target/CPU/Emit.h"

using namespace mlir;
using namespace stas;

namespace {
/// One conversion with one type converter, memories passed as bare pointers: separate convert-*-to-llvm passes leave
/// casts between block arguments behind.
struct KernelsToLLVM : public PassWrapper<KernelsToLLVM, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(KernelsToLLVM)
  StringRef getArgument() const override { return "stas-kernels-to-llvm"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<LLVM::LLVMDialect>(); }

  void runOnOperation() override {
    LowerToLLVMOptions options(&getContext());
    options.useBarePtrCallConv = true;
    LLVMTypeConverter converter(&getContext(), options);
    RewritePatternSet patterns(&getContext());
    LLVMConversionTarget target(getContext());
    target.addLegalOp<ModuleOp>();
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    populateFuncToLLVMConversionPatterns(converter, patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    populateAMXLegalizeForLLVMExportPatterns(converter, patterns);
    configureAMXLegalizeForExportTarget(target);
    if (failed(applyPartialConversion(getOperation(), target, std::move(patterns))))
      signalPassFailure();
  }
};

/// Gives a kernel the artifact's calling convention: void k(void *const *args, i64 begin, i64 end, i64 t, i64 stride,
/// void *scratch). A kernel of one image has no use for the stride.
void wrap(LLVM::LLVMFuncOp kernel, StringRef suffix) {
  std::string name = (kernel.getName() + suffix).str();
  SymbolTable::setSymbolName(kernel, name + "_body");
  kernel.setLinkage(LLVM::Linkage::Internal);
  OpBuilder builder(kernel.getContext());
  builder.setInsertionPointAfter(kernel);
  Location loc = kernel.getLoc();
  Type pointer = LLVM::LLVMPointerType::get(kernel.getContext()), i64 = builder.getI64Type();
  auto type =
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(kernel.getContext()), {pointer, i64, i64, i64, i64, pointer});
  auto entry = LLVM::LLVMFuncOp::create(builder, loc, name, type);
  Block *body = entry.addEntryBlock(builder);
  builder.setInsertionPointToEnd(body);
  SmallVector<Value> operands;
  unsigned memories = llvm::count_if(kernel.getArgumentTypes(), llvm::IsaPred<LLVM::LLVMPointerType>) - 1;
  bool takesStride = kernel.getNumArguments() == memories + 5;
  for (unsigned index = 0; index < memories; ++index) {
    Value slot = LLVM::GEPOp::create(builder, loc, pointer, pointer, body->getArgument(0),
                                     ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
    operands.push_back(LLVM::LoadOp::create(builder, loc, pointer, slot));
  }
  llvm::append_range(operands, body->getArguments().slice(1, takesStride ? 4 : 3));
  operands.push_back(body->getArguments().back());
  LLVM::CallOp::create(builder, loc, kernel, operands);
  LLVM::ReturnOp::create(builder, loc, ValueRange());
}
} // namespace

FailureOr<OwningOpRef<ModuleOp>> stas::lowerKernelsToLLVM(ModuleOp planned, StringRef suffix) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(planned.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  for (auto function : planned.getOps<func::FuncOp>())
    if (function->hasAttr("spike.kernel") && function.getNumArguments() >= 4) {
      auto copy = cast<func::FuncOp>(builder.clone(*function));
      copy->removeAttr("spike.kernel");
      // Memories of one launch do not overlap where any is written.
      for (unsigned index = 0; index < copy.getNumArguments(); ++index)
        if (isa<MemRefType>(copy.getArgument(index).getType()))
          copy.setArgAttr(index, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
    }
  PassManager pipeline(planned.getContext());
  pipeline.addPass(createCanonicalizerPass());
  pipeline.addPass(createCSEPass());
  pipeline.addPass(createLoopInvariantCodeMotionPass());
  pipeline.addPass(createSCFToControlFlowPass());
  pipeline.addPass(createConvertMathToLLVMPass()); // before libm, which finds no function for cttz
  pipeline.addPass(createConvertMathToLibmPass());
  pipeline.addPass(std::make_unique<KernelsToLLVM>());
  pipeline.addPass(createReconcileUnrealizedCastsPass());
  pipeline.addPass(createCanonicalizerPass());
  pipeline.addPass(createCSEPass());
  if (failed(pipeline.run(*module)))
    return failure();
  for (auto function : llvm::make_early_inc_range(module->getOps<LLVM::LLVMFuncOp>()))
    if (!function.isExternal())
      wrap(function, suffix);
  // Kernels call one another by their bodies.
  module->walk([&](LLVM::CallOp call) {
    if (auto callee = call.getCalleeAttr())
      if (auto body = module->lookupSymbol<LLVM::LLVMFuncOp>((callee.getValue() + suffix + "_body").str()))
        call.setCalleeAttr(FlatSymbolRefAttr::get(body));
  });
  return module;
}
