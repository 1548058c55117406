//===- WriteArtifact.cpp - A planned module as an artifact ----------------===//
#include "WriteWork.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/ArtifactWriter.h"
#include "stas/Target/Artifact/DescribeModel.h"
#include "stas/Target/CPU/Emit.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace stas;
using artifact::ArtifactWriter;
using artifact::Manifest;

namespace {
llvm::Error toLLVM(const Error &error) { return llvm::createStringError("%s", error.message().c_str()); }

artifact::Element elementOf(Type type) {
  return type.isF32()         ? artifact::F32
         : type.isInteger(32) ? artifact::I32
         : type.isInteger(64) ? artifact::I64
                              : artifact::U8;
}

/// Writes the plan's constants as it meets them, and the manifest that refers to them.
class PlanWriter {
public:
  PlanWriter(Manifest &manifest, ArtifactWriter &writer, WeightReader &weights)
      : manifest(manifest), writer(writer), weights(weights), tables(weights) {}

  /// Writes a plan whose kernels' names end in `suffix`.
  llvm::Error write(Block &block, StringRef suffix, google::protobuf::RepeatedPtrField<artifact::Step> &steps);
  /// Writes what another plan of the model has of its own.
  llvm::Error write(Block &block, StringRef suffix, artifact::Variant &variant);

private:
  llvm::Error writeConstant(spike::ConstantOp op);
  llvm::Error writeTable(spike::TableOp op);
  void writeBuffer(spike::BufferOp op);
  void writeLaunch(spike::LaunchOp op, StringRef suffix, artifact::Launch &launch);
  void writeOutputs(spike::OutputsOp op);
  uint32_t kernelOf(spike::LaunchOp op, StringRef suffix);

  Manifest &manifest;
  ArtifactWriter &writer;
  WeightReader &weights;
  DenseMap<Value, uint32_t> buffers;
  DenseMap<Value, uint64_t> constants;
  DenseMap<Attribute, uint64_t> packs; // equal constants are stored once
  DenseMap<std::pair<Attribute, int>, uint64_t> layerTables;
  TableMaker tables;
  llvm::StringMap<uint32_t> kernels;
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

static artifact::SumsBy sumsOf(spike::LaunchOp op) {
  std::optional<spike::SumsBy> sums = op.getSums();
  if (!sums)
    return artifact::SUMS_UNSPECIFIED;
  switch (*sums) {
  case spike::SumsBy::Events:
    return artifact::EVENTS;
  case spike::SumsBy::Dense:
    return artifact::DENSE;
  case spike::SumsBy::Tiles:
    return artifact::TILES;
  case spike::SumsBy::Choice:
    return artifact::CHOICE;
  }
  llvm_unreachable("one of the enumeration");
}

uint32_t PlanWriter::kernelOf(spike::LaunchOp op, StringRef suffix) {
  std::string name = (op.getKernel() + suffix).str();
  auto [kernel, isNew] = kernels.try_emplace(name, manifest.kernels_size());
  if (isNew)
    manifest.add_kernels(name);
  return kernel->second;
}

/// Bytes of scratch that a launch's kernel takes.
static uint64_t scratchOf(spike::LaunchOp op) {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, op.getKernelAttr());
  return cast<MemRefType>(kernel.getArgumentTypes().back()).getNumElements();
}

void PlanWriter::writeLaunch(spike::LaunchOp op, StringRef suffix, artifact::Launch &launch) {
  launch.set_kernel(kernelOf(op, suffix));
  launch.set_sums(sumsOf(op));
  manifest.set_scratch_bytes(std::max<uint64_t>(manifest.scratch_bytes(), scratchOf(op)));
  for (Value operand : op.getOperands()) {
    auto &argument = *launch.add_args();
    if (auto buffer = buffers.find(operand); buffer != buffers.end())
      argument.set_buffer(buffer->second);
    else
      argument.set_weights(constants.lookup(operand));
  }
  launch.set_extent(op.getExtent());
  launch.set_several_images(op.takesSeveralImages());
  launch.set_layer(op.getLayer().str());
  if (op.getWork())
    writeWork(op, [&](Value memory) { return buffers.lookup(memory); }, *launch.mutable_work());
  if (auto when = op.getWhen())
    launch.set_when(*when == spike::When::Observed ? artifact::OBSERVED : artifact::UNOBSERVED);
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

llvm::Error PlanWriter::write(Block &block, StringRef suffix,
                              google::protobuf::RepeatedPtrField<artifact::Step> &steps) {
  for (Operation &op : block) {
    llvm::Error error =
        TypeSwitch<Operation *, llvm::Error>(&op)
            .Case([&](spike::ConstantOp constant) { return writeConstant(constant); })
            .Case([&](spike::TableOp table) { return writeTable(table); })
            .Case([&](spike::BufferOp buffer) { return writeBuffer(buffer), llvm::Error::success(); })
            .Case([&](spike::LaunchOp launch) {
              writeLaunch(launch, suffix, *steps.Add()->mutable_launch());
              return llvm::Error::success();
            })
            .Case([&](spike::TimeLoopOp loop) {
              artifact::TimeLoop &target = *steps.Add()->mutable_time_loop();
              target.set_timesteps(loop.getTimesteps());
              return write(loop.getBody().front(), suffix, *target.mutable_body());
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

llvm::Error PlanWriter::write(Block &block, StringRef suffix, artifact::Variant &variant) {
  for (Operation &op : block) {
    llvm::Error error = llvm::Error::success();
    if (auto constant = dyn_cast<spike::ConstantOp>(op)) {
      error = writeConstant(constant);
    } else if (auto table = dyn_cast<spike::TableOp>(op)) {
      error = writeTable(table);
    } else if (auto loop = dyn_cast<spike::TimeLoopOp>(op)) {
      error = write(loop.getBody().front(), suffix, variant);
    } else if (auto launch = dyn_cast<spike::LaunchOp>(op)) {
      artifact::LaunchCode &code = *variant.add_launches();
      code.set_kernel(kernelOf(launch, suffix));
      code.set_sums(sumsOf(launch));
      for (Value operand : launch.getOperands())
        if (auto offset = constants.find(operand); offset != constants.end())
          code.add_weights(offset->second);
      variant.set_scratch_bytes(std::max<uint64_t>(variant.scratch_bytes(), scratchOf(launch)));
    }
    if (error)
      return error;
  }
  return llvm::Error::success();
}

/// Whether plans differ in kernels and constants alone, so that one artifact holds both. `same`: values of one by those
/// of the other.
static bool isSamePlan(Block &one, Block &other, DenseMap<Value, Value> &same) {
  auto steps = [](Block &block) {
    return llvm::make_filter_range(block, [](Operation &op) { return !isa<spike::ConstantOp, spike::TableOp>(op); });
  };
  auto attributes = [](Operation &op) {
    NamedAttrList list(op.getAttrDictionary());
    if (auto launch = dyn_cast<spike::LaunchOp>(op))
      for (StringAttr name : {launch.getKernelAttrName(), launch.getSumsAttrName()})
        list.erase(name);
    return list.getDictionary(op.getContext());
  };
  auto left = steps(one), right = steps(other);
  if (std::distance(left.begin(), left.end()) != std::distance(right.begin(), right.end()))
    return false;
  for (auto [a, b] : llvm::zip_equal(left, right)) {
    if (a.getName() != b.getName() || attributes(a) != attributes(b) || a.getResultTypes() != b.getResultTypes() ||
        a.getNumOperands() != b.getNumOperands())
      return false;
    for (auto [x, y] : llvm::zip_equal(a.getOperands(), b.getOperands()))
      if (same.lookup(x) != (isa<spike::BufferOp>(y.getDefiningOp()) ? y : Value()))
        return false;
    for (auto [x, y] : llvm::zip_equal(a.getResults(), b.getResults()))
      same[x] = y;
    for (auto [x, y] : llvm::zip_equal(a.getRegions(), b.getRegions()))
      if (!isSamePlan(x.front(), y.front(), same))
        return false;
  }
  return true;
}

llvm::Error stas::writeArtifact(ArrayRef<PlannedCode> codes, StringRef sharedObject, WeightReader &weights,
                                StringRef path) {
  ModuleOp planned = codes.front().planned;
  const CpuTarget &target = *codes.front().target;
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
  describeModel(planned, manifest);
  manifest.set_arena_bytes(arena.getInt());
  manifest.set_blocks(blocks.getInt());
  if (auto order = plan->getAttrOfType<StringAttr>("spike.halting_order"))
    manifest.set_halting_order(manifestOrder(*symbolizeHaltingOrder(order.getValue())));

  auto writer = ArtifactWriter::create(path.str());
  if (!writer)
    return toLLVM(writer.error());
  if (Status status = writer->beginSection(artifact::kWeightsSection); !status)
    return toLLVM(status.error());
  PlanWriter planWriter(manifest, *writer, weights);
  if (auto error = planWriter.write(plan.getBody().front(), codes.front().suffix, *manifest.mutable_steps()))
    return error;
  for (const PlannedCode &code : codes.drop_front()) {
    artifact::Variant &variant = *manifest.add_variants();
    variant.set_cpu(code.target->name());
    for (const std::string &feature : code.target->features())
      variant.add_cpu_features(feature);
    ModuleOp other = code.planned;
    Block &block = other.lookupSymbol<func::FuncOp>("main").getBody().front();
    DenseMap<Value, Value> same;
    if (!isSamePlan(plan.getBody().front(), block, same))
      return llvm::createStringError(
          "%s: the plans for %s and %s: required the same buffers and launches, found others", path.str().c_str(),
          target.name().c_str(), code.target->name().c_str());
    if (auto error = planWriter.write(block, code.suffix, variant))
      return error;
  }
  if (Status status = writer->beginSection(artifact::kObjectSection); !status)
    return toLLVM(status.error());
  if (auto at = writer->append(sharedObject.data(), sharedObject.size()); !at)
    return toLLVM(at.error());
  if (Status status = writer->finish(manifest); !status)
    return toLLVM(status.error());
  return llvm::Error::success();
}
