//===- LoopOps.cpp - The time loop and what runs in it --------------------===//
#include "dialects/STAS/STASOps.h"

using namespace mlir;
using namespace stas;

namespace {
RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }
bool isPositive(int64_t extent) { return extent >= 1; } // a dynamic one is negative

/// [B, ..]: static but for the batch.
bool isBatch(RankedTensorType type) {
  return type && type.getRank() >= 1 && llvm::all_of(type.getShape().drop_front(), isPositive);
}

} // namespace

bool stas::isEveryone(Value mask) {
  auto splat = mask ? mask.getDefiningOp<SplatOp>() : SplatOp();
  auto value = splat ? dyn_cast<IntegerAttr>(splat.getValue()) : IntegerAttr();
  return value && value.getValue().isOne();
}

//===- stas.time_loop -----------------------------------------------------===//

void TimeLoopOp::build(OpBuilder &builder, OperationState &state, int64_t timesteps, ValueRange inits,
                       std::optional<int64_t> idle) {
  state.addOperands(inits);
  state.addTypes(inits.getTypes());
  auto &properties = state.getOrAddProperties<Properties>();
  properties.timesteps = builder.getI64IntegerAttr(timesteps);
  if (idle)
    properties.idle = builder.getI64IntegerAttr(*idle);
  Block &body = state.addRegion()->emplaceBlock();
  body.addArgument(builder.getIndexType(), state.location);
  for (Value init : inits)
    body.addArgument(init.getType(), init.getLoc());
}

YieldOp TimeLoopOp::getYield() { return cast<YieldOp>(getBody().front().getTerminator()); }

SmallVector<Region *> TimeLoopOp::getLoopRegions() { return {&getBody()}; }
std::optional<SmallVector<Value>> TimeLoopOp::getLoopInductionVars() { return SmallVector<Value>{getTimestep()}; }
/// One bound or step of the loop.
static std::optional<SmallVector<OpFoldResult>> onlyIndex(TimeLoopOp loop, int64_t value) {
  return SmallVector<OpFoldResult>{Builder(loop).getIndexAttr(value)};
}
std::optional<SmallVector<OpFoldResult>> TimeLoopOp::getLoopLowerBounds() { return onlyIndex(*this, 0); }
std::optional<SmallVector<OpFoldResult>> TimeLoopOp::getLoopUpperBounds() { return onlyIndex(*this, getTimesteps()); }
std::optional<SmallVector<OpFoldResult>> TimeLoopOp::getLoopSteps() { return onlyIndex(*this, 1); }
MutableArrayRef<OpOperand> TimeLoopOp::getInitsMutable() { return getOperation()->getOpOperands(); }
Block::BlockArgListType TimeLoopOp::getRegionIterArgs() { return getBody().getArguments().drop_front(); }
std::optional<MutableArrayRef<OpOperand>> TimeLoopOp::getYieldedValuesMutable() { return getYield()->getOpOperands(); }
std::optional<ResultRange> TimeLoopOp::getLoopResults() { return getResults(); }

OperandRange TimeLoopOp::getEntrySuccessorOperands(RegionSuccessor) { return getInits(); }

/// There is a first timestep; after each one the loop may be over.
void TimeLoopOp::getSuccessorRegions(RegionBranchPoint point, SmallVectorImpl<RegionSuccessor> &regions) {
  regions.emplace_back(&getBody(), getRegionIterArgs());
  if (!point.isParent())
    regions.emplace_back(getOperation(), getResults());
}

LogicalResult TimeLoopOp::verify() {
  int64_t timesteps = getTimesteps();
  if (timesteps < 1 || timesteps > 256)
    return emitOpError("stas.time_loop.R1: requires 1 <= timesteps <= 256, found ") << timesteps;
  SmallVector<Type> arguments{IndexType::get(getContext())};
  llvm::append_range(arguments, getInits().getTypes());
  Block &body = getBody().front();
  auto yield = dyn_cast<YieldOp>(body.back());
  if (body.getArgumentTypes() != arguments || !yield || yield.getOperandTypes() != getInits().getTypes() ||
      getResultTypes() != getInits().getTypes())
    return emitOpError("stas.time_loop.R2: requires a body that takes (")
           << arguments << ") and yields all but the first of them";
  bool isSound = !getInits().empty() && llvm::all_of(getInits(), [&](Value init) {
    return isBatch(typeOf(init)) && isBatch(typeOf(getInits()[0])) &&
           typeOf(init).getDimSize(0) == typeOf(getInits()[0]).getDimSize(0);
  });
  if (!isSound)
    return emitOpError(
               "stas.time_loop.R3: requires a state of at least one value, each [B, ..] of one B and static but "
               "for B, found ")
           << getInits().getTypes();
  if (auto idle = getIdle()) {
    bool isMask = *idle < getInits().size() && typeOf(getInits()[*idle]).getElementType().isInteger(1);
    if (!isMask)
      return emitOpError("stas.time_loop.R4: requires idle to name a mask of the state, of i1");
  }
  return success();
}

LogicalResult TimeLoopOp::verifyRegions() {
  WalkResult result = getBody().walk([](Operation *inner) -> WalkResult {
    if (isa<ActOp, LoopLikeOpInterface>(inner))
      return inner->emitOpError("stas.time_loop.R5: may not stand in a time loop: there is one time");
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

void TimeLoopOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getTimestep() << " timesteps " << static_cast<int64_t>(getTimesteps()) << " iter(";
  llvm::interleaveComma(llvm::zip(getRegionIterArgs(), getInits()), printer, [&](auto pair) {
    auto [argument, init] = pair;
    printer << argument << " = " << init << " : " << init.getType();
  });
  printer << ')';
  if (auto idle = getIdle())
    printer << " idle(" << getRegionIterArgs()[*idle] << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getTimestepsAttrName(), getIdleAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

ParseResult TimeLoopOp::parse(OpAsmParser &parser, OperationState &state) {
  Builder &builder = parser.getBuilder();
  SmallVector<OpAsmParser::Argument> arguments(1);
  SmallVector<OpAsmParser::UnresolvedOperand> inits;
  auto &properties = state.getOrAddProperties<Properties>();
  int64_t timesteps = 0;
  if (parser.parseArgument(arguments[0]) || parser.parseKeyword("timesteps") || parser.parseInteger(timesteps) ||
      parser.parseKeyword("iter"))
    return failure();
  arguments[0].type = builder.getIndexType();
  properties.timesteps = builder.getI64IntegerAttr(timesteps);
  auto parseState = [&]() -> ParseResult {
    OpAsmParser::Argument &argument = arguments.emplace_back();
    return failure(parser.parseArgument(argument) || parser.parseEqual() || parser.parseOperand(inits.emplace_back()) ||
                   parser.parseColonType(argument.type));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseState))
    return failure();
  for (OpAsmParser::Argument &argument : llvm::drop_begin(arguments))
    state.addTypes(argument.type);
  if (parser.resolveOperands(inits, state.types, parser.getCurrentLocation(), state.operands))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("idle"))) {
    OpAsmParser::Argument idle;
    SMLoc at = parser.getCurrentLocation();
    if (parser.parseLParen() || parser.parseArgument(idle) || parser.parseRParen())
      return failure();
    auto *named = llvm::find_if(llvm::drop_begin(arguments), [&](const OpAsmParser::Argument &argument) {
      return argument.ssaName.name == idle.ssaName.name && argument.ssaName.number == idle.ssaName.number;
    });
    if (named == arguments.end())
      return parser.emitError(at, "requires idle to name a value of iter, found ") << idle.ssaName.name;
    properties.idle = builder.getI64IntegerAttr(named - arguments.begin() - 1);
  }
  return failure(parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
                 parser.parseRegion(*state.addRegion(), arguments));
}

/// Drops what the loop carries for nothing: a value that no timestep changes is its initial value, and one that nobody
/// reads is none.
LogicalResult TimeLoopOp::canonicalize(TimeLoopOp op, PatternRewriter &rewriter) {
  SmallVector<int64_t> kept;
  YieldOp yield = op.getYield();
  bool changes = false;
  for (auto [i, argument, result] : llvm::enumerate(op.getRegionIterArgs(), op.getResults())) {
    Value next = yield.getValues()[i], init = op.getInits()[i];
    auto isRead = [&yield, i = i](OpOperand &use) { return use.getOwner() != yield || use.getOperandNumber() != i; };
    bool isUsed = !result.use_empty() || llvm::any_of(argument.getUses(), isRead);
    bool isIdle = op.getIdle() == i;
    if (isUsed && !isIdle && (next == argument || next == init)) {
      rewriter.replaceUsesWithIf(argument, init, isRead);
      rewriter.replaceAllUsesWith(result, init);
      isUsed = false;
      changes = true;
    }
    if (isUsed || isIdle)
      kept.push_back(i);
  }
  if (kept.size() == op.getInits().size() || kept.empty())
    return success(changes);
  auto pick = [&](ValueRange values) { return llvm::map_to_vector(kept, [&](int64_t i) { return values[i]; }); };
  std::optional<int64_t> idle;
  if (op.getIdle())
    idle = llvm::find(kept, static_cast<int64_t>(*op.getIdle())) - kept.begin();
  auto loop = TimeLoopOp::create(rewriter, op.getLoc(), op.getTimesteps(), pick(op.getInits()), idle);
  loop->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  rewriter.modifyOpInPlace(yield, [&] { yield->setOperands(pick(yield.getValues())); });
  // What is dropped has no reader left; any value of its type stands for it.
  SmallVector<Value> arguments{loop.getTimestep()};
  llvm::append_range(arguments, op.getInits());
  SmallVector<Value> results(op.getInits());
  for (auto [to, from] : llvm::enumerate(kept)) {
    arguments[from + 1] = loop.getRegionIterArgs()[to];
    results[from] = loop.getResult(to);
  }
  rewriter.mergeBlocks(&op.getBody().front(), &loop.getBody().front(), arguments);
  rewriter.replaceOp(op, results);
  return success();
}

//===- stas.splat, stas.lif_step, stas.gate -------------------------------===//

LogicalResult SplatOp::verify() {
  auto like = typeOf(getLike()), output = typeOf(getOutput());
  if (like.getRank() < 1 || !isBatch(output) || output.getDimSize(0) != like.getDimSize(0))
    return emitOpError("splat.R1: requires a result [B, ..] of the B of ")
           << like << ", static but for B, found " << output;
  if (getValue().getType() != output.getElementType())
    return emitOpError("splat.R2: requires a value of ") << output.getElementType() << ", found " << getValue();
  return success();
}

LogicalResult LIFStepOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location, ValueRange operands,
                                          DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
                                          SmallVectorImpl<Type> &results) {
  LIFStepOp::Adaptor op(operands, attributes, properties, regions);
  auto type = dyn_cast<RankedTensorType>(op.getCurrent().getType());
  if (!type || type.getRank() < 2)
    return emitOptionalError(location, "lif_step.R1: requires a current of at least two axes, found ",
                             op.getCurrent().getType());
  if (Value mask = op.getActive()) {
    auto active = dyn_cast<RankedTensorType>(mask.getType());
    if (!active || active.getRank() > type.getRank() ||
        active.getShape() != type.getShape().take_front(active.getRank()))
      return emitOptionalError(location, "lif_step.R2: requires a mask of the leading axes of ", type, ", found ",
                               mask.getType());
  }
  results.append({type.clone(IntegerType::get(context, 1)), type});
  return success();
}

/// A mask that lets everyone through is none.
LogicalResult LIFStepOp::canonicalize(LIFStepOp op, PatternRewriter &rewriter) {
  if (!isEveryone(op.getActive()))
    return failure();
  rewriter.modifyOpInPlace(op, [&] { op.getActiveMutable().clear(); });
  return success();
}

LogicalResult GateOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location, ValueRange operands,
                                       DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
                                       SmallVectorImpl<Type> &results) {
  GateOp::Adaptor op(operands, attributes, properties, regions);
  auto active = dyn_cast<RankedTensorType>(op.getActive().getType());
  auto column = dyn_cast<RankedTensorType>(op.getColumn().getType());
  if (!active || !column || active.getRank() != 2 || column.getShape() != active.getShape())
    return emitOptionalError(location, "gate.R1: requires a mask [B, N] and scores [B, N], found ",
                             op.getActive().getType(), " and ", op.getColumn().getType());
  if (op.getHalting().getOrder() != HaltingOrder::Rectangular)
    return emitOptionalError(location, "gate.R2: requires rectangular order, found ", op.getHalting());
  results.push_back(active);
  return success();
}
