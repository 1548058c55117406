//===- WriteWork.cpp - What launches compute ------------------------------===//
#include "WriteWork.h"
#include "dialects/STAS/STASOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "stas/Target/CPU/Emit.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace stas;

namespace {
artifact::WorkKind kindOf(spike::WorkKind kind) {
  switch (kind) {
  case spike::WorkKind::Weighted:
    return artifact::WEIGHTED;
  case spike::WorkKind::Coincidence:
    return artifact::COINCIDENCE;
  case spike::WorkKind::Halting:
    return artifact::HALTING;
  }
  llvm_unreachable("no other kind");
}

void writeWindow(spike::WorkAttr work, artifact::Window &target) {
  spike::WindowAttr window = work.getWindow();
  target.set_height(work.getMap()[0]);
  target.set_width(work.getMap()[1]);
  target.set_kernel_height(window.getKernel()[0]);
  target.set_kernel_width(window.getKernel()[1]);
  target.set_stride_y(window.getStrides()[0]);
  target.set_stride_x(window.getStrides()[1]);
  target.set_padding_y(window.getPadding()[0]);
  target.set_padding_x(window.getPadding()[1]);
  target.set_channels_first(window.getChannelsFirst());
}
} // namespace

void stas::writeWork(spike::LaunchOp op, llvm::function_ref<uint32_t(Value)> bufferOf, artifact::Work &work) {
  spike::WorkAttr from = op.getWorkAttr();
  work.set_kind(kindOf(from.getKind()));
  work.set_layer(from.getLayer().str());
  for (int64_t operand : from.getInputs())
    work.add_inputs(bufferOf(op.getOperand(operand)));
  if (from.getActive() >= 0)
    work.set_active(bufferOf(op.getOperand(from.getActive())));
  if (from.getBlock() >= 0)
    work.set_block(from.getBlock());
  work.set_rows(from.getRows());
  work.set_fan_in(from.getFanIn());
  work.set_channels(from.getChannels());
  work.set_heads(from.getHeads());
  work.set_parts(from.getParts());
  work.set_max(from.getMax());
  work.set_steps(from.getSteps());
  if (from.getWindow())
    writeWindow(from, *work.mutable_window());
}

energy::Network stas::networkOfPlan(ModuleOp planned) {
  energy::Network network;
  if (auto model = planned->getAttrOfType<ModelAttr>("stas.model")) {
    network.source = llvm::sys::path::filename(model.getSource()).str();
    network.family = model.getFamily().str();
    network.timesteps = model.getTimesteps();
  }
  auto plan = planned.lookupSymbol<func::FuncOp>("main");
  plan.walk([&](spike::OutputsOp outputs) {
    auto blocks = plan->getAttrOfType<IntegerAttr>("spike.blocks");
    if (!outputs.getHalting() || !blocks)
      return;
    network.tokens = cast<MemRefType>(outputs.getHalting().getType()).getNumElements();
    network.blocks = blocks.getInt();
  });
  plan.walk([&](spike::LaunchOp launch) {
    spike::WorkAttr from = launch.getWorkAttr();
    if (!from)
      return;
    artifact::Work work;
    writeWork(launch, [](Value) { return 0; }, work);
    auto loop = launch->getParentOfType<spike::TimeLoopOp>();
    uint64_t elements = 0;
    if (!from.getInputs().empty())
      elements = cast<MemRefType>(launch.getOperand(from.getInputs()[0]).getType()).getNumElements();
    network.layers.push_back(energy::layerOf(work, loop ? loop.getTimesteps() : 0, elements));
  });
  return network;
}
