//===- WriteArtifact.cpp - A planned module as an artifact ----------------===//
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/ArtifactWriter.h"
#include "stas/Target/CPU/Emit.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace stas;
using artifact::ArtifactWriter;
using artifact::Manifest;

namespace {
llvm::Error toLLVM(const Error &error) { return llvm::createStringError("%s", error.message().c_str()); }

artifact::HaltingOrder haltingOrder(HaltingOrder order) {
  switch (order) {
  case HaltingOrder::Lexicographic:
    return artifact::LEXICOGRAPHIC;
  case HaltingOrder::Rectangular:
    return artifact::RECTANGULAR;
  case HaltingOrder::Timestep:
    return artifact::TIMESTEP;
  }
  llvm_unreachable("an order of the enumeration");
}

artifact::Element elementOf(Type type) {
  return type.isF32()         ? artifact::F32
         : type.isInteger(16) ? artifact::I16
         : type.isInteger(32) ? artifact::I32
         : type.isInteger(64) ? artifact::I64
                              : artifact::U8;
}

/// Writes the plan's constants as it meets them, and the manifest that refers to them.
class PlanWriter {
public:
  PlanWriter(Manifest &manifest, ArtifactWriter &writer, WeightReader &weights)
      : manifest(manifest), writer(writer), weights(weights), tables(weights) {}

  llvm::Error write(Block &block, google::protobuf::RepeatedPtrField<artifact::Step> &steps);

private:
  llvm::Error writeConstant(spike::ConstantOp op);
  llvm::Error writeTable(spike::TableOp op);
  void writeBuffer(spike::BufferOp op);
  void writeLaunch(spike::LaunchOp op, artifact::Launch &launch);
  void writeOutputs(spike::OutputsOp op);
  void raiseScratch(func::FuncOp kernel);

  Manifest &manifest;
  ArtifactWriter &writer;
  WeightReader &weights;
  DenseMap<Value, uint32_t> buffers;
  DenseMap<Value, uint64_t> constants;
  DenseMap<Attribute, uint64_t> packs; // equal constants are stored once
  DenseMap<std::pair<Attribute, int>, uint64_t> layerTables;
  TableMaker tables;
  DenseMap<StringRef, uint32_t> kernels;
};
} // namespace

llvm::Error PlanWriter::writeConstant(spike::ConstantOp op) {
  auto [known, isNew] = packs.try_emplace(op.getPack(), 0);
  if (isNew) {
    auto values = materialize(op.getPack(), weights);
    if (!values)
      return values.takeError();
    auto offset = writer.append(values->data(), values->size() * sizeof(float));
    if (!offset)
      return toLLVM(offset.error());
    known->second = *offset;
  }
  constants[op.getMemory()] = known->second;
  return llvm::Error::success();
}

llvm::Error PlanWriter::writeTable(spike::TableOp op) {
  auto [known, isNew] = layerTables.try_emplace({op.getQuant(), static_cast<int>(op.getKind())}, 0);
  if (isNew) {
    auto bytes = tables.make(op.getKind(), op.getQuant());
    if (!bytes)
      return bytes.takeError();
    auto offset = writer.append(bytes->data(), bytes->size());
    if (!offset)
      return toLLVM(offset.error());
    known->second = *offset;
  }
  constants[op.getMemory()] = known->second;
  return llvm::Error::success();
}

void PlanWriter::writeBuffer(spike::BufferOp op) {
  auto type = cast<MemRefType>(op.getMemory().getType());
  buffers[op.getMemory()] = manifest.buffers_size();
  artifact::Buffer &buffer = *manifest.add_buffers();
  buffer.set_name(op.getName().str());
  buffer.set_element(elementOf(type.getElementType()));
  buffer.add_dims(type.getNumElements());
  buffer.set_offset(op.getOffset().value_or(0));
  buffer.set_zero_at_start(op.getZero());
}

void PlanWriter::raiseScratch(func::FuncOp kernel) {
  auto scratch = cast<MemRefType>(kernel.getArgumentTypes().back());
  manifest.set_scratch_bytes(std::max<uint64_t>(manifest.scratch_bytes(), scratch.getNumElements()));
}

void PlanWriter::writeLaunch(spike::LaunchOp op, artifact::Launch &launch) {
  auto [kernel, isNew] = kernels.try_emplace(op.getKernel(), manifest.kernels_size());
  if (isNew) {
    manifest.add_kernels(op.getKernel().str());
    raiseScratch(SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, op.getKernelAttr()));
  }
  launch.set_kernel(kernel->second);
  for (Value operand : op.getOperands()) {
    auto &argument = *launch.add_args();
    if (auto buffer = buffers.find(operand); buffer != buffers.end())
      argument.set_buffer(buffer->second);
    else
      argument.set_weights(constants.lookup(operand));
  }
  launch.set_extent(op.getExtent());
  launch.set_layer(op.getLayer().str());
  if (!op.getSpikes())
    return;
  artifact::Spikes &spikes = *launch.mutable_spikes();
  spikes.set_layer(op.getLayer().str());
  spikes.set_buffer(buffers.lookup(op.getOperand(*op.getSpikes())));
  spikes.set_layout(*op.getLayout() == spike::Layout::Map ? artifact::MAP : artifact::TOKENS);
  for (int64_t extent : op.getAxesAttr().asArrayRef())
    spikes.add_dims(extent);
}

void PlanWriter::writeOutputs(spike::OutputsOp op) {
  manifest.set_input_buffer(buffers.lookup(op.getImage()));
  manifest.set_logits_buffer(buffers.lookup(op.getLogits()));
  manifest.set_classes(cast<MemRefType>(op.getLogits().getType()).getNumElements());
  if (!op.getHalting())
    return;
  manifest.set_halting_buffer(buffers.lookup(op.getHalting()));
  manifest.set_tokens(cast<MemRefType>(op.getHalting().getType()).getNumElements());
}

llvm::Error PlanWriter::write(Block &block, google::protobuf::RepeatedPtrField<artifact::Step> &steps) {
  for (Operation &op : block) {
    llvm::Error error =
        TypeSwitch<Operation *, llvm::Error>(&op)
            .Case([&](spike::ConstantOp constant) { return writeConstant(constant); })
            .Case([&](spike::TableOp table) { return writeTable(table); })
            .Case([&](spike::BufferOp buffer) { return writeBuffer(buffer), llvm::Error::success(); })
            .Case([&](spike::LaunchOp launch) {
              writeLaunch(launch, *steps.Add()->mutable_launch());
              return llvm::Error::success();
            })
            .Case([&](spike::TimeLoopOp loop) {
              artifact::TimeLoop &target = *steps.Add()->mutable_time_loop();
              target.set_timesteps(loop.getTimesteps());
              return write(loop.getBody().front(), *target.mutable_body());
            })
            .Case([&](spike::StopWhenIdleOp stop) {
              steps.Add()->mutable_stop_when_idle()->set_buffer(buffers.lookup(stop.getActive()));
              return llvm::Error::success();
            })
            .Case([&](spike::OutputsOp outputs) { return writeOutputs(outputs), llvm::Error::success(); })
            .Case([](func::ReturnOp) { return llvm::Error::success(); })
            .Default([](Operation *op) {
              return llvm::createStringError("'%s' is no part of a plan: run convert-spike-to-vector first",
                                             op->getName().getStringRef().str().c_str());
            });
    if (error)
      return error;
  }
  return llvm::Error::success();
}

llvm::Error stas::writeArtifact(ModuleOp planned, StringRef sharedObject, const CpuTarget &target,
                                WeightReader &weights, StringRef path) {
  auto plan = planned.lookupSymbol<func::FuncOp>("main");
  auto image = plan ? plan->getAttrOfType<DenseI64ArrayAttr>("spike.image") : nullptr;
  auto arena = plan ? plan->getAttrOfType<IntegerAttr>("spike.arena") : nullptr;
  auto blocks = plan ? plan->getAttrOfType<IntegerAttr>("spike.blocks") : nullptr;
  if (!image || image.size() != 4 || !arena || !blocks)
    return llvm::createStringError("%s: required a plan with buffers in place, found a module without one: run "
                                   "convert-spike-to-vector and spike-plan-memory first",
                                   path.str().c_str());
  Manifest manifest;
  manifest.set_producer("stas " STAS_VERSION);
  manifest.set_target("cpu");
  auto precision = plan->getAttrOfType<StringAttr>("spike.precision");
  manifest.set_precision(precision ? precision.str() : "f32");
  manifest.set_cpu(target.name());
  for (const std::string &feature : target.features())
    manifest.add_cpu_features(feature);
  artifact::Input &input = *manifest.mutable_input();
  input.set_frames(image[0]);
  input.set_channels(image[1]);
  input.set_height(image[2]);
  input.set_width(image[3]);
  manifest.set_timesteps(1);
  plan.walk([&](spike::TimeLoopOp loop) { manifest.set_timesteps(loop.getTimesteps()); });
  if (auto model = planned->getAttrOfType<ModelAttr>("stas.model")) {
    manifest.set_source(llvm::sys::path::filename(model.getSource()).str());
    manifest.set_family(model.getFamily().str());
    manifest.set_timesteps(model.getTimesteps());
    for (auto [mean, std] : llvm::zip(model.getMean(), model.getStd())) {
      input.add_mean(static_cast<float>(mean));
      input.add_std(static_cast<float>(std));
    }
  }
  manifest.set_arena_bytes(arena.getInt());
  manifest.set_blocks(blocks.getInt());
  if (auto order = plan->getAttrOfType<StringAttr>("spike.halting_order"))
    manifest.set_halting_order(haltingOrder(*symbolizeHaltingOrder(order.getValue())));

  auto writer = ArtifactWriter::create(path.str());
  if (!writer)
    return toLLVM(writer.error());
  if (Status status = writer->beginSection(artifact::kWeightsSection); !status)
    return toLLVM(status.error());
  PlanWriter planWriter(manifest, *writer, weights);
  if (auto error = planWriter.write(plan.getBody().front(), *manifest.mutable_steps()))
    return error;
  if (Status status = writer->beginSection(artifact::kObjectSection); !status)
    return toLLVM(status.error());
  if (auto at = writer->append(sharedObject.data(), sharedObject.size()); !at)
    return toLLVM(at.error());
  if (Status status = writer->finish(manifest); !status)
    return toLLVM(status.error());
  return llvm::Error::success();
}
