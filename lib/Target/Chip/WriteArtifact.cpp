//===- WriteArtifact.cpp - A mapped network as an artifact ----------------===//
#include "dialects/Chip/ChipOps.h"
#include "stas/Quantization/Halting.h"
#include "stas/Quantization/QuantizedLayer.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/ArtifactWriter.h"
#include "stas/Target/Artifact/CoreMap.h"
#include "stas/Target/Artifact/DescribeModel.h"
#include "stas/Target/Chip/ChipArtifact.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;
using artifact::ArtifactWriter;
using artifact::Manifest;

namespace {
llvm::Error toLLVM(const Error &error) { return llvm::createStringError("%s", error.message().c_str()); }

std::string textOf(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  attribute.print(stream);
  return text;
}

void setWindow(spike::WindowAttr window, coremap::Window &to) {
  to.set_kernel_height(window.getKernel()[0]);
  to.set_kernel_width(window.getKernel()[1]);
  to.set_stride_y(window.getStrides()[0]);
  to.set_stride_x(window.getStrides()[1]);
  to.set_padding_y(window.getPadding()[0]);
  to.set_padding_x(window.getPadding()[1]);
}

/// Writes numbers as it meets them, and the core map that refers to them.
class CoreMapWriter {
public:
  CoreMapWriter(NetworkOp network, ArtifactWriter &writer, WeightReader &weights)
      : network(network), writer(writer), weights(weights) {}

  llvm::Error write();
  coremap::CoreMap map;
  Manifest manifest;

private:
  template <typename T> llvm::Expected<uint64_t> append(ArrayRef<T> values);
  template <typename T> uint32_t indexOf(T name) { return indices.lookup(name); }
  llvm::Expected<QuantizedLayer *> layerOf(spike::QuantAttr quant);
  llvm::Error writeNeuron(spike::QuantAttr quant, coremap::Neuron &to);
  llvm::Error writePopulation(PopulationOp op, coremap::Population &to);
  llvm::Error writeSynapses(SynapsesOp op, coremap::Synapses &to);
  void writeProjection(ProjectionOp op, coremap::Projection &to);
  llvm::Error writeEncode(EncodeOp op, coremap::Encode &to);
  llvm::Error writeClassify(ClassifyOp op, coremap::Classify &to);
  void writeCore(CoreOp op, coremap::Core &to);
  void writeFlow(FlowOp op, coremap::Flow &to);
  void writeMap();

  NetworkOp network;
  ArtifactWriter &writer;
  WeightReader &weights;
  /// Of each symbol its number among those of its kind.
  llvm::StringMap<uint32_t> indices;
  DenseMap<Attribute, uint32_t> cores; // by reference: flows name millions
  DenseMap<Attribute, QuantizedLayer> layers;
  DenseMap<Attribute, uint64_t> tables; // equal ones are stored once
  DenseMap<Attribute, coremap::Neuron> neurons;
};
} // namespace

template <typename T> llvm::Expected<uint64_t> CoreMapWriter::append(ArrayRef<T> values) {
  auto offset = writer.append(values.data(), values.size() * sizeof(T));
  if (!offset)
    return toLLVM(offset.error());
  return *offset;
}

llvm::Expected<QuantizedLayer *> CoreMapWriter::layerOf(spike::QuantAttr quant) {
  auto known = layers.find(quant);
  if (known != layers.end())
    return &known->second;
  auto made = quantizeLayer(quant, weights);
  if (!made)
    return made.takeError();
  return &layers.try_emplace(quant, std::move(*made)).first->second;
}

llvm::Error CoreMapWriter::writeNeuron(spike::QuantAttr quant, coremap::Neuron &to) {
  if (auto known = neurons.find(quant); known != neurons.end()) {
    to = known->second;
    return llvm::Error::success();
  }
  auto made = layerOf(quant);
  if (!made)
    return made.takeError();
  const QuantizedLayer &layer = **made;
  to.set_general(layer.form.mode == NeuronForm::Mode::General);
  to.set_soft(layer.form.soft);
  to.set_wide(layer.form.wide);
  to.set_guard(layer.form.guard);
  to.set_fraction(layer.form.fraction);
  to.set_multiplier(layer.form.multiplier);
  to.set_steps(quant.getSteps());
  to.set_count(layer.channels());
  to.set_recipe(textOf(quant));
  auto biases = append(ArrayRef(layer.biases));
  if (!biases)
    return biases.takeError();
  to.set_biases_at(*biases);
  auto thresholds = append(ArrayRef(layer.thresholds));
  if (!thresholds)
    return thresholds.takeError();
  to.set_thresholds_at(*thresholds);
  if (layer.form.soft) {
    auto resets = append(ArrayRef(layer.resets));
    if (!resets)
      return resets.takeError();
    to.set_resets_at(*resets);
  }
  neurons[quant] = to;
  return llvm::Error::success();
}

/// Whether a population is a map to PyTorch, and not tokens: only windows know where its neurons are.
static bool isMap(PopulationOp op) {
  return llvm::any_of(cast<NetworkOp>(op->getParentOp()).getBody().getOps<ProjectionOp>(),
                      [&](ProjectionOp by) { return by.getTarget() == op.getSymName() && by.getWindow(); });
}

llvm::Error CoreMapWriter::writePopulation(PopulationOp op, coremap::Population &to) {
  to.set_name(op.getSymName().str());
  to.set_program(static_cast<coremap::Program>(static_cast<int>(op.getProgram()) + 1));
  to.set_height(op.getMap()[0]);
  to.set_width(op.getMap()[1]);
  to.set_channels(op.getChannels());
  to.set_payload(op.getPayload());
  to.set_state_bits(op.getStateBits());
  to.set_step(op.getStep());
  to.set_runs(op.getRuns());
  if (auto rate = op.getRate())
    to.set_rate(rate->convertToDouble());
  if (spike::QuantAttr quant = op.getQuantAttr()) {
    // A layer of the model: neurons of weights or of attention; a pool of spikes is none.
    if (quant.getWeight() || op.getProgram() == chip::Program::FastWeight) {
      to.set_layer(op.getSymName().str());
      to.set_layout(isMap(op) ? coremap::LAYOUT_MAP : coremap::LAYOUT_TOKENS);
    }
    return writeNeuron(quant, *to.mutable_neuron());
  }
  if (ActAttr act = op.getHaltingAttr()) {
    coremap::Halting &halting = *to.mutable_halting();
    halting.set_limit(haltingLimit(act));
    halting.set_order(static_cast<coremap::Halting::Order>(static_cast<int>(act.getOrder()) + 1));
    halting.set_last(op.getLast());
    halting.set_recipe(textOf(act));
    halting.set_scores(op.getScores()->size());
    auto scores = append(*op.getScores());
    if (!scores)
      return scores.takeError();
    halting.set_scores_at(*scores);
    manifest.set_tokens(op.getTokens());
    manifest.set_blocks(manifest.blocks() + 1);
  }
  return llvm::Error::success();
}

/// [N][inputs] of the checkpoint's order as [rows][columns], row k over (taps, C).
template <typename T> static std::vector<T> transposed(spike::QuantAttr quant, ArrayRef<int32_t> values) {
  ArrayRef<int64_t> shape = quant.getWeight().getType().getShape();
  int64_t columns = shape[0], channels = shape[1], taps = shape.size() == 4 ? shape[2] * shape[3] : 1;
  std::vector<T> rows(values.size());
  size_t next = 0;
  for (int64_t n = 0; n < columns; ++n)
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t tap = 0; tap < taps; ++tap)
        rows[(tap * channels + c) * columns + n] = static_cast<T>(values[next++]);
  return rows;
}

llvm::Error CoreMapWriter::writeSynapses(SynapsesOp op, coremap::Synapses &to) {
  to.set_name(op.getSymName().str());
  to.set_form(static_cast<coremap::Synapses::Form>(static_cast<int>(op.getForm()) + 1));
  to.set_rows(op.getRows());
  to.set_columns(op.getColumns());
  to.set_bits(op.getBits());
  to.set_limbs(op.getLimbs());
  to.set_factor(op.getFactor());
  spike::QuantAttr quant = op.getQuantAttr();
  if (!quant)
    return llvm::Error::success();
  to.set_recipe(textOf(quant));
  auto [known, isNew] = tables.try_emplace(quant, 0);
  if (isNew) {
    auto layer = layerOf(quant);
    if (!layer)
      return layer.takeError();
    ArrayRef<int32_t> values = (*layer)->weights;
    uint64_t bytes = coremap::weightBytes(to);
    auto offset = bytes == 1   ? append(ArrayRef(transposed<int8_t>(quant, values)))
                  : bytes == 2 ? append(ArrayRef(transposed<int16_t>(quant, values)))
                               : append(ArrayRef(transposed<int32_t>(quant, values)));
    if (!offset)
      return offset.takeError();
    tables[quant] = *offset;
    (*layer)->weights = {}; // the largest part, and not needed again
  }
  to.set_weights_at(tables[quant]);
  return llvm::Error::success();
}

void CoreMapWriter::writeProjection(ProjectionOp op, coremap::Projection &to) {
  to.set_source(indexOf(op.getSource()));
  to.set_target(indexOf(op.getTarget()));
  to.set_table(indexOf(op.getSynapses()));
  to.set_port(static_cast<coremap::Projection::Port>(static_cast<int>(op.getPort()) + 1));
  to.set_tokens(static_cast<coremap::Projection::Tokens>(static_cast<int>(op.getTokens()) + 1));
  to.set_channels(static_cast<coremap::Projection::Channels>(static_cast<int>(op.getChannels()) + 1));
  if (auto window = op.getWindowAttr())
    setWindow(window, *to.mutable_window());
  to.set_group(op.getGroup().value_or(0));
  to.set_delay(op.getDelay());
  to.set_hold(op.getHold());
  to.set_next(op.getNext());
}

llvm::Error CoreMapWriter::writeEncode(EncodeOp op, coremap::Encode &to) {
  spike::QuantAttr quant = op.getQuant();
  to.set_population(indexOf(op.getPopulation()));
  to.set_layer(op.getPopulation().str());
  to.set_image_channels(op.getImage()[0]);
  to.set_image_height(op.getImage()[1]);
  to.set_image_width(op.getImage()[2]);
  setWindow(op.getWindow(), *to.mutable_window());
  if (auto pool = op.getPoolAttr())
    setWindow(pool, *to.mutable_pool());
  to.set_frames(op.getFrames());
  to.set_counts(op.getCounts());
  to.set_pixel_bits(-std::ilogb(quant.getInputUnit().value));
  to.set_pixel_limit(quant.getInputMax());
  auto layer = layerOf(quant);
  if (!layer)
    return layer.takeError();
  auto kernel = append(ArrayRef((*layer)->weights));
  if (!kernel)
    return kernel.takeError();
  to.set_weights_at(*kernel);
  artifact::Input &input = *manifest.mutable_input();
  input.set_frames(op.getFrames() ? quant.getSteps() : 1);
  input.set_channels(op.getImage()[0]);
  input.set_height(op.getImage()[1]);
  input.set_width(op.getImage()[2]);
  return writeNeuron(quant, *to.mutable_neuron());
}

llvm::Error CoreMapWriter::writeClassify(ClassifyOp op, coremap::Classify &to) {
  auto head = quantizeHead(op.getQuant(), weights);
  if (!head)
    return head.takeError();
  for (auto readout : op.getReadouts().getAsRange<FlatSymbolRefAttr>())
    to.add_readouts(indexOf(readout.getValue()));
  to.set_classes(head->biases.size());
  to.set_unit(head->unit);
  to.set_recipe(textOf(op.getQuant()));
  auto matrix = append(ArrayRef(head->weights));
  if (!matrix)
    return matrix.takeError();
  to.set_weights_at(*matrix);
  auto biases = append(ArrayRef(head->biases));
  if (!biases)
    return biases.takeError();
  to.set_biases_at(*biases);
  manifest.set_classes(head->biases.size());
  return llvm::Error::success();
}

void CoreMapWriter::writeCore(CoreOp op, coremap::Core &to) {
  to.set_name(op.getSymName().str());
  to.set_row((*op.getPlace())[0]);
  to.set_column((*op.getPlace())[1]);
  to.set_index((*op.getPlace())[2]);
  for (TileOp tile : op.getBody().getOps<TileOp>()) {
    coremap::Tile &added = *to.add_tiles();
    added.set_population(indexOf(tile.getPopulation()));
    added.set_row_begin(tile.getRows()[0]);
    added.set_row_end(tile.getRows()[1]);
    added.set_column_begin(tile.getColumns()[0]);
    added.set_column_end(tile.getColumns()[1]);
    added.set_channel_begin(tile.getChannels()[0]);
    added.set_channel_end(tile.getChannels()[1]);
  }
}

/// Of a network that is mapped and routed.
void CoreMapWriter::writeFlow(FlowOp op, coremap::Flow &to) {
  to.set_name(op.getSymName().str());
  to.set_population(indexOf(op.getPopulation()));
  to.set_source(indexOf(op.getSource()));
  to.set_delay(op.getDelay());
  to.set_spikes(op.getSpikes().convertToDouble());
  auto append = [](auto &field, ArrayRef<int64_t> numbers) { field.Add(numbers.begin(), numbers.end()); };
  append(*to.mutable_neurons(), op.getNeurons());
  append(*to.mutable_out_axons(), op.getOutAxons());
  append(*to.mutable_in_axons(), op.getInAxons());
  for (auto target : op.getTargets().getAsRange<FlatSymbolRefAttr>())
    to.add_targets(cores.lookup(target));
  for (auto runs : op.getRoutes()->getAsRange<DenseI64ArrayAttr>()) {
    to.add_routes(runs.size() / 4);
    append(*to.mutable_runs(), runs);
  }
}

/// Cores and flows.
void CoreMapWriter::writeMap() {
  Region &body = network.getBody();
  for (CoreOp core : body.getOps<CoreOp>()) {
    cores[FlatSymbolRefAttr::get(core.getSymNameAttr())] = map.cores_size();
    writeCore(core, *map.add_cores());
  }
  for (FlowOp flow : body.getOps<FlowOp>())
    writeFlow(flow, *map.add_flows());
}

llvm::Error CoreMapWriter::write() {
  Region &body = network.getBody();
  auto number = [&](auto ops) {
    for (auto [index, op] : llvm::enumerate(ops))
      indices[op.getSymName()] = index;
  };
  number(body.getOps<PopulationOp>());
  number(body.getOps<SynapsesOp>());
  number(body.getOps<CoreOp>());
  map.set_version(coremap::kVersion);
  *map.mutable_device() = coremap::deviceOf(network.getHardware().getChip());
  map.mutable_device()->set_symbol(network.getDevice().str());
  map.set_name(network.getSymName().str());
  map.set_timesteps(network.getTimesteps());
  map.set_interval(network.getInterval());
  // Encoders first: they need weights that tables let go.
  for (EncodeOp op : body.getOps<EncodeOp>())
    if (auto error = writeEncode(op, *map.add_encodes()))
      return error;
  for (SynapsesOp op : body.getOps<SynapsesOp>())
    if (auto error = writeSynapses(op, *map.add_tables()))
      return error;
  for (PopulationOp op : body.getOps<PopulationOp>())
    if (auto error = writePopulation(op, *map.add_populations()))
      return error;
  for (ProjectionOp op : body.getOps<ProjectionOp>())
    writeProjection(op, *map.add_projections());
  for (ClassifyOp op : body.getOps<ClassifyOp>())
    if (auto error = writeClassify(op, *map.mutable_classify()))
      return error;
  writeMap();
  return llvm::Error::success();
}

/// What is missing for an artifact; empty where nothing is.
static std::string missingIn(NetworkOp network) {
  Region &body = network.getBody();
  auto isPlaced = [](CoreOp core) { return core.getPlace().has_value(); };
  if (body.getOps<CoreOp>().empty() || !llvm::all_of(body.getOps<CoreOp>(), isPlaced))
    return "required a network on placed cores, found one that is not mapped: run chip-map first";
  if (!llvm::all_of(body.getOps<FlowOp>(), [](FlowOp flow) { return flow.getRoutes().has_value(); }))
    return "required flows with routes, found one without: routes are what chip-map makes of a network without cores";
  if (body.getOps<EncodeOp>().empty() || body.getOps<ClassifyOp>().empty())
    return "required chip.encode and chip.classify in the network, found one without";
  return "";
}

llvm::Error stas::writeChipArtifact(ModuleOp module, WeightReader &weights, StringRef path) {
  auto networks = llvm::to_vector(module.getOps<NetworkOp>());
  std::string missing = networks.size() == 1
                            ? missingIn(networks[0])
                            : "required one chip.network in the module, found " + std::to_string(networks.size());
  if (!missing.empty())
    return llvm::createStringError("%s: %s", path.str().c_str(), missing.c_str());
  auto writer = ArtifactWriter::create(path.str());
  if (!writer)
    return toLLVM(writer.error());
  if (Status status = writer->beginSection(artifact::kWeightsSection); !status)
    return toLLVM(status.error());
  NetworkOp network = networks[0];
  CoreMapWriter core(network, *writer, weights);
  if (auto error = core.write())
    return error;
  Manifest &manifest = core.manifest;
  manifest.set_producer("stas " STAS_VERSION);
  manifest.set_target("chip");
  // As of the CPU's: int16 has no table of 8 bits.
  auto isNarrow = [](SynapsesOp table) { return table.getQuantAttr() && table.getQuantAttr().getBits() == 8; };
  manifest.set_precision(llvm::any_of(network.getBody().getOps<SynapsesOp>(), isNarrow) ? "int8" : "int16");
  describeModel(module, manifest);
  manifest.set_timesteps(network.getTimesteps()); // of the network, whatever the model's
  if (Status status = writer->finish(manifest, &core.map); !status)
    return toLLVM(status.error());
  return llvm::Error::success();
}
