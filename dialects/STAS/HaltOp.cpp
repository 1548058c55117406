//===- HaltOp.cpp - Adaptive computation time after a block ---------------===//
#include "dialects/STAS/STASOps.h"

using namespace mlir;
using namespace stas;

namespace {
/// The parts of the state with their keywords.
constexpr std::pair<llvm::StringLiteral, Value HaltingState::*> parts[] = {
    {"active", &HaltingState::active}, {"sum", &HaltingState::sum},       {"remainder", &HaltingState::remainder},
    {"column", &HaltingState::column}, {"output", &HaltingState::output}, {"steps", &HaltingState::steps}};

/// The types of the parts, in their order, for a stream [B, N, D].
SmallVector<Type, 6> partTypes(RankedTensorType stream, bool hasTable) {
  Builder builder(stream.getContext());
  auto tokens = stream.getShape().drop_back();
  Type score = hasTable ? Type(builder.getI32Type()) : builder.getF32Type();
  Type output = hasTable ? Type(builder.getI64Type()) : builder.getF32Type();
  return {stream.clone(tokens, builder.getI1Type()),
          stream.clone(tokens, score),
          stream.clone(tokens, score),
          stream.clone(tokens, score),
          stream.clone(output),
          stream.clone(tokens, builder.getI32Type())};
}

bool isTokens(RankedTensorType type) {
  return type && type.getRank() == 3 && type.getDimSize(1) >= 1 && type.getDimSize(2) >= 1;
}
} // namespace

HaltingParts HaltOp::partsOf(ActAttr halting, bool isLastBlock, bool hasTable) {
  bool isWeighted = halting.getOutput() == ActOutput::Weighted;
  return {isWeighted && !hasTable, halting.getOrder() == HaltingOrder::Rectangular, isWeighted || isLastBlock};
}

HaltingState HaltOp::getState() {
  return {getActive(), getSum(), getRemainder(), getColumn(), getOutput(), getSteps()};
}

HaltingState HaltOp::getNext() {
  return {getNextActive(), getNextSum(), getNextRemainder(), getNextColumn(), getNextOutput(), getNextSteps()};
}

void HaltOp::build(OpBuilder &builder, OperationState &state, Value stream, Value timestep, const HaltingState &values,
                   int64_t blockIndex, int64_t numBlocks, int64_t timesteps, DenseI32ArrayAttr table, ActAttr halting) {
  auto &properties = state.getOrAddProperties<Properties>();
  state.addOperands({stream, timestep});
  properties.operandSegmentSizes[0] = properties.operandSegmentSizes[1] = 1;
  for (auto [i, part] : llvm::enumerate(parts)) {
    Value value = values.*part.second;
    properties.operandSegmentSizes[i + 2] = properties.resultSegmentSizes[i] = static_cast<bool>(value);
    if (!value)
      continue;
    state.addOperands(value);
    state.addTypes(value.getType());
  }
  properties.block_index = builder.getI64IntegerAttr(blockIndex);
  properties.num_blocks = builder.getI64IntegerAttr(numBlocks);
  properties.timesteps = builder.getI64IntegerAttr(timesteps);
  properties.table = table;
  properties.halting = halting;
}

LogicalResult HaltOp::verify() {
  auto stream = dyn_cast<RankedTensorType>(getStream().getType());
  auto table = getTable();
  bool isInteger = stream && stream.getElementType().isInteger(8);
  if (!isTokens(stream) || !(isInteger || (stream.getElementType().isF32() && !table)))
    return emitOpError(
               "halt.R1: requires a stream of f32 or i8 (i8 with a table), [B, N, D] with static N, D >= 1, found ")
           << getStream().getType();
  int64_t timesteps = getTimesteps(), block = getBlockIndex(), blocks = getNumBlocks();
  if (timesteps < 1 || timesteps > 256 || block < 0 || block >= blocks)
    return emitOpError("halt.R2: requires 1 <= timesteps <= 256 and 0 <= block_index < num_blocks, found ")
           << timesteps << ", " << block << " and " << blocks;
  auto state = getState(), next = getNext();
  for (auto [part, type] : llvm::zip(parts, partTypes(stream, table.has_value()))) {
    Value from = state.*part.second, to = next.*part.second;
    if (static_cast<bool>(from) != static_cast<bool>(to) || (from && (from.getType() != type || to.getType() != type)))
      return emitOpError("halt.R3: requires ") << part.first << " to come in and go out as " << type;
  }
  HaltingParts wanted = partsOf(getHalting(), isLastBlock(), table.has_value());
  for (auto [name, value, isWanted] :
       {std::tuple("remainder", state.remainder, wanted.remainder), std::tuple("column", state.column, wanted.column),
        std::tuple("output", state.output, wanted.output)})
    if (static_cast<bool>(value) != isWanted)
      return emitOpError("halt.R4: requires ") << (isWanted ? "" : "no ") << name << " for " << getHalting()
                                               << " after block " << block << " of " << blocks;
  if (table) {
    auto isScore = [](int32_t score) { return score >= 0 && score <= 1 << 24; };
    if (table->empty() || table->size() > 256 || !llvm::all_of(*table, isScore) || blocks > 64)
      return emitOpError("halt.R5: requires a table of 1 to 256 scores from 0 to 2^24 and at most 64 blocks, found ")
             << table->size() << " and " << blocks;
  }
  return success();
}

void HaltOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getStream() << " at " << getTimestep();
  HaltingState state = getState();
  for (auto [name, value] : parts)
    if (state.*value)
      printer << ' ' << name << '(' << state.*value << ')';
  printer << " block " << static_cast<int64_t>(getBlockIndex()) << " of " << static_cast<int64_t>(getNumBlocks())
          << " timesteps " << static_cast<int64_t>(getTimesteps());
  if (auto table = getTableAttr()) {
    printer << " table";
    printer.printStrippedAttrOrType(table);
  }
  printer << " halting(";
  printer.printStrippedAttrOrType(getHalting());
  printer << ')';
  printer.printOptionalAttrDict(llvm::to_vector((*this)->getDiscardableAttrs()));
  printer << " : " << getStream().getType();
}

ParseResult HaltOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  auto &properties = result.getOrAddProperties<Properties>();
  OpAsmParser::UnresolvedOperand stream, timestep;
  if (parser.parseOperand(stream) || parser.parseKeyword("at") || parser.parseOperand(timestep))
    return failure();
  std::optional<OpAsmParser::UnresolvedOperand> values[std::size(parts)];
  for (auto [part, value] : llvm::zip(parts, values)) {
    if (failed(parser.parseOptionalKeyword(part.first)))
      continue;
    if (parser.parseLParen() || parser.parseOperand(value.emplace()) || parser.parseRParen())
      return failure();
  }
  int64_t block = 0, blocks = 0, timesteps = 0;
  if (parser.parseKeyword("block") || parser.parseInteger(block) || parser.parseKeyword("of") ||
      parser.parseInteger(blocks) || parser.parseKeyword("timesteps") || parser.parseInteger(timesteps))
    return failure();
  properties.block_index = builder.getI64IntegerAttr(block);
  properties.num_blocks = builder.getI64IntegerAttr(blocks);
  properties.timesteps = builder.getI64IntegerAttr(timesteps);
  if (succeeded(parser.parseOptionalKeyword("table")) && parser.parseCustomAttributeWithFallback(properties.table))
    return failure();
  SMLoc at = parser.getCurrentLocation();
  Type type;
  if (parser.parseKeyword("halting") || parser.parseLParen() ||
      parser.parseCustomAttributeWithFallback(properties.halting) || parser.parseRParen() ||
      parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(type))
    return failure();
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!isTokens(tensor))
    return parser.emitError(at, "halt.R1: requires a stream [B, N, D] with static N, D >= 1, found ") << type;
  if (parser.resolveOperand(stream, type, result.operands) ||
      parser.resolveOperand(timestep, builder.getIndexType(), result.operands))
    return failure();
  properties.operandSegmentSizes[0] = properties.operandSegmentSizes[1] = 1;
  auto types = partTypes(tensor, static_cast<bool>(properties.table));
  for (auto [i, value] : llvm::enumerate(values)) {
    properties.operandSegmentSizes[i + 2] = properties.resultSegmentSizes[i] = value.has_value();
    if (!value)
      continue;
    if (parser.resolveOperand(*value, types[i], result.operands))
      return failure();
    result.addTypes(types[i]);
  }
  return success();
}
