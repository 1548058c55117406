//===- BuildFamilies.cpp - Spikformer and STAS ----------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"
#include "dialects/STAS/STASDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace stas;
using namespace stas::import;

/// [B, C, H, W] or frames [T, B, C, H, W] -> [T, B, N, D]: the image at every
/// timestep, or one frame each, the whole stem over time.
Value ModelBuilder::spikformerTokens(Value image) {
  Value x = stemFrom(0, config.frames ? image : encode("patch_embed", image, config.timesteps));
  return FlattenOp::create(builder, at("patch_embed"), x);
}

/// [B, C, H, W] or frames [T, B, C, H, W] -> [B, N, D]: one representation for
/// all timesteps (I-SPS).
Value ModelBuilder::unifiedTokens(Value image) {
  if (config.isps->after == ISPSPoint::Stem)
    return integrate("patch_embed", spikformerTokens(image), config.isps->reduce);
  // An image's first current is the same at each timestep: it is computed once
  // and only its neurons run over time. Frames differ.
  Value current = stemCurrent(0, image);
  if (!config.frames)
    current = encode("patch_embed.proj_lif", current, config.timesteps);
  Value x = integrate("patch_embed.proj_lif", stemSpikes(0, current), config.isps->reduce);
  x = stemFrom(1, encode("patch_embed", x, 1));
  x = FlattenOp::create(builder, at("patch_embed"), x);
  return integrate("patch_embed", x, Reduction::Sum);
}

/// Blocks over [T, B, N, D]; yields Spikformer's features [B, D].
Value ModelBuilder::blocksOverTime(Value x) {
  for (int64_t i = 0; i < layout.depth; ++i)
    x = block(i, x, /*active=*/Value());
  x = MeanTokensOp::create(builder, at("head"), x);
  return integrate("head", x, Reduction::Mean);
}

/// Blocks inside stas.act; returns the features [B, D] and the steps [B, N].
llvm::SmallVector<Value> ModelBuilder::halting(Value x) {
  const ActConfig &act = *config.act;
  auto attr =
      ActAttr::get(builder.getContext(), act.alpha, act.beta, act.eps, *symbolizeHaltingOrder(orderName(act.order)),
                   act.rate ? ActOutput::Rate : ActOutput::Weighted);
  auto op = ActOp::create(builder, at("block"), x, attr, config.timesteps, layout.depth);
  auto stream = cast<RankedTensorType>(x.getType());
  Type active = stream.clone(stream.getShape().drop_back(), builder.getI1Type());
  for (int64_t i = 0; i < layout.depth; ++i) {
    Location loc = at("block." + llvm::Twine(i));
    OpBuilder::InsertionGuard guard(builder);
    Block *body = builder.createBlock(&op.getBlocks()[i], {}, {stream, active}, {loc, loc});
    Value y = block(i, body->getArgument(0), body->getArgument(1));
    YieldOp::create(builder, loc, y);
  }
  Value features = MeanTokensOp::create(builder, at("head"), op.getOutput());
  return {features, op.getSteps()};
}

Value ModelBuilder::head(Value features) {
  return HeadOp::create(builder, at("head"), features, weight("head.weight"), weight("head.bias"));
}

llvm::SmallVector<Value> ModelBuilder::build(Value image) {
  if (!config.isps)
    return {head(blocksOverTime(spikformerTokens(image)))};
  Value tokens = unifiedTokens(image);
  if (!config.act)
    return {head(blocksOverTime(encode("block", tokens, config.timesteps)))};
  llvm::SmallVector<Value> results = halting(tokens);
  results[0] = head(results[0]);
  return results;
}

OwningOpRef<ModuleOp> stas::import::buildModule(MLIRContext &context, const ModelSource &source) {
  context.loadDialect<STASDialect, func::FuncDialect>();
  const ModelConfig &config = source.config;
  llvm::StringRef name = llvm::sys::path::filename(source.checkpoint.path);
  Location loc = NameLoc::get(StringAttr::get(&context, name));
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  llvm::SmallVector<Real> mean(config.mean.begin(), config.mean.end()), std(config.std.begin(), config.std.end());
  (*module)->setAttr("stas.model", ModelAttr::get(&context, familyName(config.family), name, config.timesteps, mean,
                                                  std, ModelAttr::digestOf(source.checkpoint.file->getBuffer())));

  OpBuilder builder(module->getBodyRegion());
  llvm::SmallVector<int64_t> shape{ShapedType::kDynamic, config.inChannels, config.imageSize, config.imageSize};
  if (config.frames)
    shape.insert(shape.begin(), config.timesteps);
  auto image = RankedTensorType::get(shape, builder.getF32Type());
  auto function = func::FuncOp::create(builder, loc, "main", builder.getFunctionType({image}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  llvm::SmallVector<Value> results = ModelBuilder(builder, source).build(function.getArgument(0));
  func::ReturnOp::create(builder, loc, results);
  function.setType(builder.getFunctionType({image}, TypeRange(ValueRange(results))));
  return module;
}
