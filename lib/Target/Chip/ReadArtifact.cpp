//===- ReadArtifact.cpp - An artifact as a mapped network -----------------===//
#include "dialects/Chip/ChipOps.h"
#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Verifier.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/CoreMap.h"
#include "stas/Target/Chip/ChipArtifact.h"
#include <cstring>

using namespace mlir;
using namespace stas;
using namespace stas::chip;

namespace {
/// Makes ops of a core map that was validated. The first thing that is wrong with its attributes ends it.
class ModuleBuilder {
public:
  ModuleBuilder(const artifact::Artifact &file, MLIRContext *context)
      : file(file), map(*file.coreMap()), builder(context), loc(builder.getUnknownLoc()) {}
  OwningOpRef<ModuleOp> build();

private:
  InFlightDiagnostic fail() { return emitError(loc, file.path()); }
  template <typename AttrTy> AttrTy parse(const std::string &recipe);
  IntegerAttr number(int64_t value) { return builder.getI64IntegerAttr(value); }
  UnitAttr unit(bool isSet) { return isSet ? builder.getUnitAttr() : UnitAttr(); }
  template <typename T> FlatSymbolRefAttr ref(const T &named) {
    return FlatSymbolRefAttr::get(builder.getContext(), named.name());
  }
  spike::WindowAttr window(bool isThere, const coremap::Window &from, bool channelsFirst);
  ModelAttr model();
  bool addNetwork();
  bool addPopulation(const coremap::Population &from);
  bool addSynapses(const coremap::Synapses &from);
  bool addHost();
  void addProjection(const coremap::Projection &from);
  void addCore(const coremap::Core &from);
  void addFlow(const coremap::Flow &from);

  const artifact::Artifact &file;
  const coremap::CoreMap &map;
  OpBuilder builder;
  Location loc;
  SmallVector<FlatSymbolRefAttr> cores;
};
} // namespace

template <typename AttrTy> AttrTy ModuleBuilder::parse(const std::string &recipe) {
  // The parser's own message speaks of a text that nobody has seen.
  ScopedDiagnosticHandler quiet(builder.getContext(), [](Diagnostic &) { return success(); });
  return dyn_cast_or_null<AttrTy>(parseAttribute(recipe, builder.getContext()));
}

spike::WindowAttr ModuleBuilder::window(bool isThere, const coremap::Window &from, bool channelsFirst) {
  if (!isThere)
    return {};
  return spike::WindowAttr::get(builder.getContext(), {from.kernel_height(), from.kernel_width()},
                                {from.stride_y(), from.stride_x()}, {from.padding_y(), from.padding_x()},
                                channelsFirst);
}

/// The header of the imported model, where the artifact tells of one.
ModelAttr ModuleBuilder::model() {
  const artifact::Manifest &manifest = file.manifest();
  SmallVector<Real> mean, std;
  for (float value : manifest.input().mean())
    mean.push_back(Real(value));
  for (float value : manifest.input().std())
    std.push_back(Real(value));
  ScopedDiagnosticHandler quiet(builder.getContext(), [](Diagnostic &) { return success(); });
  return ModelAttr::getChecked([&] { return emitError(loc); }, builder.getContext(), StringRef(manifest.family()),
                               StringRef(manifest.source()), int64_t(manifest.timesteps()), ArrayRef<Real>(mean),
                               ArrayRef<Real>(std), StringRef());
}

bool ModuleBuilder::addPopulation(const coremap::Population &from) {
  spike::QuantAttr quant;
  ActAttr act;
  DenseI32ArrayAttr scores;
  if (from.has_neuron() && !(quant = parse<spike::QuantAttr>(from.neuron().recipe())))
    return fail() << ": population " << from.name() << ": required a recipe #spike.quant, found another", false;
  if (from.has_halting()) {
    if (!(act = parse<ActAttr>(from.halting().recipe())))
      return fail() << ": population " << from.name() << ": required a recipe #stas.act, found another", false;
    SmallVector<int32_t> values(from.halting().scores());
    std::memcpy(values.data(), file.bytes(artifact::kWeightsSection).data() + from.halting().scores_at(),
                values.size() * sizeof(int32_t));
    scores = builder.getDenseI32ArrayAttr(values);
  }
  PopulationOp::create(builder, loc, builder.getStringAttr(from.name()),
                       ProgramAttr::get(builder.getContext(), static_cast<chip::Program>(from.program() - 1)),
                       builder.getDenseI64ArrayAttr({from.height(), from.width()}), number(from.channels()),
                       number(from.payload()), number(from.state_bits()), number(from.step()), number(from.runs()),
                       quant, act, scores, unit(from.halting().last()),
                       from.has_rate() ? builder.getF64FloatAttr(from.rate()) : FloatAttr());
  return true;
}

bool ModuleBuilder::addSynapses(const coremap::Synapses &from) {
  spike::QuantAttr quant;
  bool isWeighted = from.form() == coremap::Synapses::FORM_DENSE || from.form() == coremap::Synapses::FORM_SHARED;
  if (isWeighted && !(quant = parse<spike::QuantAttr>(from.recipe())))
    return fail() << ": table " << from.name() << ": required a recipe #spike.quant, found another", false;
  SynapsesOp::create(builder, loc, builder.getStringAttr(from.name()),
                     FormAttr::get(builder.getContext(), static_cast<Form>(from.form() - 1)), number(from.rows()),
                     number(from.columns()), number(from.bits()), number(from.limbs()), number(from.factor()), quant);
  return true;
}

void ModuleBuilder::addProjection(const coremap::Projection &from) {
  MLIRContext *context = builder.getContext();
  ProjectionOp::create(
      builder, loc, ref(map.populations(from.source())), ref(map.populations(from.target())),
      ref(map.tables(from.table())), PortAttr::get(context, static_cast<Port>(from.port() - 1)),
      TokensAttr::get(context, static_cast<Tokens>(from.tokens() - 1)), window(from.has_window(), from.window(), false),
      ChannelsAttr::get(context, static_cast<Channels>(from.channels() - 1)),
      from.group() ? number(from.group()) : IntegerAttr(), number(from.delay()), unit(from.hold()), unit(from.next()));
}

bool ModuleBuilder::addHost() {
  for (const coremap::Encode &from : map.encodes()) {
    auto quant = parse<spike::QuantAttr>(from.neuron().recipe());
    if (!quant)
      return fail() << ": encode of " << from.layer() << ": required a recipe #spike.quant, found another", false;
    EncodeOp::create(builder, loc,
                     builder.getDenseI64ArrayAttr({from.image_channels(), from.image_height(), from.image_width()}),
                     ref(map.populations(from.population())), window(true, from.window(), true),
                     window(from.has_pool(), from.pool(), false), quant, unit(from.frames()), unit(from.counts()));
  }
  auto quant = parse<spike::QuantAttr>(map.classify().recipe());
  if (!quant)
    return fail() << ": classify: required a recipe #spike.quant, found another", false;
  SmallVector<Attribute> readouts;
  for (uint32_t readout : map.classify().readouts())
    readouts.push_back(ref(map.populations(readout)));
  ClassifyOp::create(builder, loc, builder.getArrayAttr(readouts), quant);
  return true;
}

void ModuleBuilder::addCore(const coremap::Core &from) {
  auto range = [&](uint32_t begin, uint32_t end) { return builder.getDenseI64ArrayAttr({begin, end}); };
  auto core = CoreOp::create(builder, loc, builder.getStringAttr(from.name()),
                             builder.getDenseI64ArrayAttr({from.row(), from.column(), from.index()}));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&core.getBody().emplaceBlock());
  for (const coremap::Tile &tile : from.tiles())
    TileOp::create(builder, loc, ref(map.populations(tile.population())), range(tile.row_begin(), tile.row_end()),
                   range(tile.column_begin(), tile.column_end()), range(tile.channel_begin(), tile.channel_end()));
  cores.push_back(ref(from));
}

void ModuleBuilder::addFlow(const coremap::Flow &from) {
  auto numbers = [&](const auto &list) {
    return builder.getDenseI64ArrayAttr(SmallVector<int64_t>(list.begin(), list.end()));
  };
  SmallVector<Attribute> targets, routes;
  for (uint32_t target : from.targets())
    targets.push_back(cores[target]);
  SmallVector<int64_t> runs(from.runs().begin(), from.runs().end());
  ArrayRef<int64_t> left = runs;
  for (uint32_t of : from.routes()) {
    routes.push_back(builder.getDenseI64ArrayAttr(left.take_front(size_t(4) * of)));
    left = left.drop_front(size_t(4) * of);
  }
  FlowOp::create(builder, loc, builder.getStringAttr(from.name()), ref(map.populations(from.population())),
                 cores[from.source()], numbers(from.neurons()), builder.getArrayAttr(targets), number(from.delay()),
                 builder.getF64FloatAttr(from.spikes()), numbers(from.out_axons()), numbers(from.in_axons()),
                 builder.getArrayAttr(routes));
}

bool ModuleBuilder::addNetwork() {
  auto network = NetworkOp::create(builder, loc, builder.getStringAttr(map.name()),
                                   FlatSymbolRefAttr::get(builder.getContext(), map.device().symbol()),
                                   number(map.timesteps()), number(map.interval()));
  builder.setInsertionPointToStart(&network.getBody().emplaceBlock());
  for (const coremap::Population &from : map.populations())
    if (!addPopulation(from))
      return false;
  for (const coremap::Synapses &from : map.tables())
    if (!addSynapses(from))
      return false;
  for (const coremap::Projection &from : map.projections())
    addProjection(from);
  if (!addHost())
    return false;
  for (const coremap::Core &from : map.cores())
    addCore(from);
  for (const coremap::Flow &from : map.flows())
    addFlow(from);
  return true;
}

OwningOpRef<ModuleOp> ModuleBuilder::build() {
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToStart(module->getBody());
  if (!file.manifest().family().empty()) {
    ModelAttr header = model();
    if (!header)
      return fail() << ": required a family, timesteps, mean and std of a model, found others", nullptr;
    (*module)->setAttr("stas.model", header);
  }
  DeviceOp::create(builder, loc, builder.getStringAttr(map.device().symbol()),
                   hardwareOf(builder.getContext(), coremap::chipOf(map.device())));
  if (!addNetwork() || failed(verify(*module)))
    return nullptr;
  return module;
}

llvm::Expected<OwningOpRef<ModuleOp>> stas::readChipArtifact(StringRef path, MLIRContext *context) {
  auto file = artifact::Artifact::open(path.str());
  if (!file)
    return llvm::createStringError("%s", file.message().c_str());
  if (!file->coreMap())
    return llvm::createStringError("%s: required an artifact for a chip, found one for '%s'", path.str().c_str(),
                                   file->manifest().target().c_str());
  context->loadDialect<STASDialect, spike::SpikeDialect, ChipDialect>();
  std::string problem;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (problem.empty())
      problem = diagnostic.str();
    return success();
  });
  OwningOpRef<ModuleOp> module = ModuleBuilder(*file, context).build();
  if (!module)
    return llvm::createStringError("%s", problem.c_str());
  return module;
}
