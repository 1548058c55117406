//===- SpikeToChip.cpp - A quantised model as a network on a chip ---------===//
#include "Lowering.h"
#include "dialects/Chip/ChipDialect.h"
#include "stas/Conversion/Passes.h"
#include "stas/Target/Chip/ChipModel.h"
#include "llvm/ADT/TypeSwitch.h"

namespace stas {
#define GEN_PASS_DEF_CONVERTSPIKETOCHIP
#include "stas/Conversion/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;
using namespace stas::chip;

LogicalResult Lowering::lower(Operation *op) {
  if (onHost.contains(op))
    return success();
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](spike::FireOp op) { return lowerFire(op); })
      .Case([&](spike::StaircaseOp op) { return lowerStaircase(op); })
      .Case([&](spike::MaxPoolOp op) { return lowerMaxPool(op); })
      .Case([&](spike::IntegrateOp op) { return lowerIntegrate(op); })
      .Case([&](spike::AddOp op) { return lowerAdd(op); })
      .Case([&](spike::FlattenOp op) {
        // A population keeps its map: tokens have the same order.
        Stream same = streams.lookup(op.getInput());
        streams[op.getOutput()] = same;
        return success();
      })
      .Case([&](spike::SumTokensOp op) { return lowerSumTokens(op); })
      .Case([&](spike::ReadoutOp op) { return lowerReadout(op); })
      .Case([&](ActOp op) { return lowerAct(op); })
      .Case([&](func::ReturnOp op) { return lowerReturn(op); })
      // They belong to what takes their results.
      .Case<spike::QuantizeOp, spike::AccumulateOp, spike::CoincideOp>([](auto) { return success(); })
      .Default(
          [&](Operation *op) { return refuse(op) << "an op of a quantised model (spike-quantize), found another"; });
}

LogicalResult Lowering::lower(Block &block) {
  for (Operation &op : block)
    if (failed(lower(&op)))
      return failure();
  return success();
}

namespace {
struct ConvertSpikeToChipPass : public stas::impl::ConvertSpikeToChipBase<ConvertSpikeToChipPass> {
  using ConvertSpikeToChipBase::ConvertSpikeToChipBase;

  void runOnOperation() override {
    if (failed(convert(getOperation())))
      signalPassFailure();
  }

  LogicalResult convert(ModuleOp module);
};
} // namespace

LogicalResult ConvertSpikeToChipPass::convert(ModuleOp module) {
  auto model = loadChip(chip);
  if (!model)
    return module.emitError(model.error().message());
  auto measured = RateTable::read(rates);
  if (!measured)
    return module.emitError(llvm::toString(measured.takeError()));
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  auto main = functions.size() == 1 ? functions.front() : func::FuncOp();
  if (!main || !main.getBody().hasOneBlock())
    return module.emitError("requires one function, which has a body of one block, found ")
           << functions.size() << " functions";
  InputDensity density(main, std::move(*measured));
  OpBuilder builder(main);
  SymbolTable symbols(module);
  auto device = DeviceOp::create(builder, module.getLoc(), model->name, hardwareOf(&getContext(), *model));
  symbols.insert(device, builder.getInsertionPoint());
  auto network = NetworkOp::create(builder, main.getLoc(), main.getName(), device.getSymName(),
                                   /*timesteps=*/1, /*interval=*/1);
  network.getBody().emplaceBlock();
  NetworkBuilder populations(network);
  if (failed(Lowering(populations, density).lower(main.getBody().front())))
    return failure();
  int64_t timesteps = 1;
  for (PopulationOp population : populations.populations())
    timesteps = std::max<int64_t>(timesteps, population.getRuns());
  network.setTimesteps(timesteps);
  schedule(populations);
  numPopulations += populations.populations().size();
  main.erase();
  return success();
}
