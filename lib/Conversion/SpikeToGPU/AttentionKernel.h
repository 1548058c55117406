//===- AttentionKernel.h - Coincidences and neurons of heads ----*- C++ -*-===//
//
// A block of threads has 32 channels of an image, whichever heads they are of: a
// word of packed spikes for each token. A head may begin and end anywhere; what two
// channels of different heads have in common is not counted.
//
// Key and value first: k^T v is the number of bits that two channels share. Its
// entries, at most the number of tokens, are bytes (two of them above 255) and meet
// the query spikes in products of bytes, as rows meet weights in a linear layer.
//
// Query and key first: q k^T of 16 tokens by 32, which no memory holds. Its entries,
// at most the channels of a head, go from the registers in which one product
// leaves them into those from which the next takes them: which token is which
// position of that product is free, as long as the values agree.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOGPU_ATTENTIONKERNEL_H
#define STAS_CONVERSION_SPIKETOGPU_ATTENTIONKERNEL_H

#include "Kernels.h"
#include "Neurons.h"

namespace stas::cuda {

/// Of k^T v, the entries of 32 x 32 channels: four columns of tiles, apart so that lanes that write different ones are
/// in different banks.
constexpr int64_t columnBytes = 256 + 32, tableBytes = 4 * columnBytes;

/// What a spec makes of the shared memory of a block, in words of 32 bits where nothing else is said.
struct AttentionSizes {
  explicit AttentionSizes(const AttentionSpec &spec);
  int64_t words;                    // of the channels of all heads that a block's have a part in
  int64_t heads;                    // that a block's channels are of, at most
  bool areWhole;                    // heads are whole words
  int64_t bits;                     // of tokens in a product, of k^T v
  int64_t blocks, stride;           // of tokens of a channel that is turned over, and from one channel to the next
  int64_t columns;                  // channels turned over: keys, of k^T v, then values
  int64_t keyStride;                // of a token's keys, of q k^T
  int64_t limbs;                    // bytes of an entry of the first product
  int64_t times;                    // of a chunk
  int64_t tables, membranes, total; // where keys or k^T v start and membranes do, in bytes; all of it
};

class AttentionKernel {
public:
  AttentionKernel(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
  void build();

private:
  using Value = mlir::Value;
  using FourSums = llvm::SmallVector<TileSums>; // of 16 tokens and 32 channels, or tokens

  Value line(Value time, Value token);
  Value isActive(Value token, Value isValid);
  Value wordOf(Value spikes, Value time, Value token, Value word, Value isValid);
  Value transpose(Value word);
  Value swizzled(Value word, Value eighth);
  void turnOver(Value source, Value chunk, int64_t words, Value firstWord, int64_t firstColumn);
  void takeKeys(Value chunk);
  Value headOf(Value channel);
  void countPairs();
  llvm::SmallVector<Values> queryBytes(Value chunk, Value time, Value tile);
  FourSums counts(Value chunk, Value time, Value tile);
  FourSums countsOfPairs(llvm::ArrayRef<Values> queries, Value time);
  FourSums countsOfScores(llvm::ArrayRef<Values> queries, Value time);
  FourSums scores(llvm::ArrayRef<Values> queries, Value keys, Value head);
  Value wordsOfHead(Value head, int64_t word);
  void fireTile(Value chunk, Value tile);
  void run(llvm::ArrayRef<Value> sums, llvm::MutableArrayRef<Value> membranes, Value &bits);
  FourSums noSums();

  KernelBuilder &b;
  const Kernel &kernel;
  const AttentionSpec &spec;
  AttentionSizes size;
  Neurons neurons;
  NeuronConstants constants;
  Value query, key, value, membrane, active, spikes, rows;
  Value lane, warp, rowInTile, quad;               // lane = 4 rowInTile + quad
  Value firstRow, window, firstChannel, firstWord; // of the block's channels; of the heads that they are of
};

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_ATTENTIONKERNEL_H
