//===- Neurons.h - Leaky integrate-and-fire neurons -------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_LIB_INTERPRETER_NEURONS_H
#define STAS_LIB_INTERPRETER_NEURONS_H

#include "Evaluation.h"

namespace stas {

/// The spikes of the neurons of `op`, [timesteps][neurons]. `currents` holds as many values, or where `isSteady` one
/// step's, which then drive every step. Outside stas.act the neurons start at v_reset; inside, there is one timestep,
/// membranes go on from the last one, and rows of tokens that are not active neither run nor fire.
std::vector<uint8_t> integrateAndFire(mlir::Operation *op, LIFAttr lif, llvm::ArrayRef<float> currents,
                                      int64_t timesteps, bool isSteady, Evaluation &evaluation);

/// The same in integers, for sums i32 or i64 whose last axis is the layer's channels.
std::vector<uint8_t> integrateAndFire(mlir::Operation *op, const QuantizedLayer &layer, const Tensor &sums,
                                      int64_t timesteps, bool isSteady, Evaluation &evaluation);

/// One timestep: the spikes of neurons with these `currents`, whose `membranes` are updated. Rows of tokens that are
/// not `active` neither run nor fire; an empty mask stands for all.
std::vector<uint8_t> stepNeurons(LIFAttr lif, llvm::ArrayRef<float> currents, std::vector<float> &membranes,
                                 const Tensor &active);

/// The same in integers, for one timestep's sums.
std::vector<uint8_t> stepNeurons(const QuantizedLayer &layer, const Tensor &sums, std::vector<int64_t> &membranes,
                                 const Tensor &active);

/// Calls `run` for each neuron, of as many in every row, whose token is active; an empty mask stands for all.
void forEachActive(const Tensor &active, size_t neurons, llvm::function_ref<void(size_t)> run);

/// Sets the rows of tokens that are not active to 0; `spikes` has as many rows as `active` values.
void silence(std::vector<uint8_t> &spikes, llvm::ArrayRef<uint8_t> active);

/// Tells the observer of the neurons inside `loop` (stas.act, stas.time_loop), which run one timestep at a time.
mlir::LogicalResult announceNeurons(mlir::Operation *loop, int64_t timesteps, int64_t batch,
                                    InterpreterObserver &observer);

/// Shows spikes in the layout of `InterpreterObserver::fired` to the observer; yields what to go on with.
mlir::FailureOr<Tensor> observed(mlir::Operation *op, Tensor spikes, Evaluation &evaluation);

} // namespace stas

#endif // STAS_LIB_INTERPRETER_NEURONS_H
