// The map of a network: which neurons are on which core, and how their spikes travel.
#ifndef CHIP_MAP_OPS_TD
#define CHIP_MAP_OPS_TD

def Chip_CoreOp : Chip_Body<"core", [HasParent<"NetworkOp">]> {
  let summary = "a core, and what is on it";
  let description = [{
    `at` is its place: row and column of its tile, counted over all chips of the board from the north-west corner, and the core
    of the tile. A core without one is not placed yet.

    - core.R1: a place is three numbers within the network's device.

    ```mlir
    chip.core @core_12 at [1, 9, 2] {
      chip.tile @q rows [0, 8] columns [0, 8] channels [0, 32]
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<DenseI64ArrayAttr>:$place);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`at` $place^)? $body attr-dict";
}

def Chip_TileOp : Chip_Op<"tile", [HasParent<"CoreOp">, Chip_Uses]> {
  let summary = "neurons of a population on a core";
  let description = [{
    Rows and columns of the population's map, and channels: each [begin, end).

    - tile.R1: names a population of the network.
    - tile.R2: the ranges are not empty and lie within map and channels.

    ```mlir
    chip.tile @q rows [0, 8] columns [0, 8] channels [0, 32]
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$population, DenseI64ArrayAttr:$rows, DenseI64ArrayAttr:$columns,
                       DenseI64ArrayAttr:$channels);
  let assemblyFormat = "$population `rows` $rows `columns` $columns `channels` $channels attr-dict";
}

def Chip_FlowOp : Chip_NamedOp<"flow", [Chip_Uses]> {
  let summary = "spikes from some neurons of a core to several cores, by which axons and which way";
  let description = [{
    A hyperedge: every spike of these neurons goes to all of the targets, and arrives 1 + delay chip steps later. `neurons` are
    ranges of the population's numbers, [begin, end, begin, end, ..]; `spikes` are expected of all of them for an image.

    A spike leaves the source as a message to each target; where the device has trees, as one to all. `out` has the first
    out-axon of each message: out-axon first + i of the source sends the spikes of the i-th neuron. `in` has the first in-axon at each
    target: in-axon first + i takes them there.

    `via` has the route of each message, once cores are placed: straight runs of links between tiles, [row, column, row, column]
    each, counted as a core's place is: along the row first, then along the column. A tree takes each link once. A route between
    cores of one tile has no run.

    - flow.R1: names a population and cores of the network.
    - flow.R2: ranges of neurons are not empty, rise, do not touch, and lie within the population.
    - flow.R3: at least one target, none twice.
    - flow.R4: delay >= 0; spikes are finite and not negative.
    - flow.R5: a first out-axon >= 0 for each target, or one where the device has trees; a first in-axon >= 0 for each target.
    - flow.R6: no routes, or one for each out-axon: runs are four numbers within the board, straight and not empty; to one target there
      are at most two, the first along a row, the second along a column from its end.

    ```mlir
    chip.flow @flow_3 of @q from @core_12 neurons [0, 32, 96, 128] to [@core_13, @core_14] delay 0 spikes 12.5
      out [0, 64] in [128, 0] via [[0, 0, 0, 5, 0, 5, 2, 5], []]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$population, FlatSymbolRefAttr:$source,
                       DenseI64ArrayAttr:$neurons, FlatSymbolRefArrayAttr:$targets, I64Attr:$delay, F64Attr:$spikes,
                       DenseI64ArrayAttr:$out_axons, DenseI64ArrayAttr:$in_axons,
                       OptionalAttr<TypedArrayAttrBase<DenseI64ArrayAttr, "runs of links of each message">>:$routes);
  let assemblyFormat = [{
    $sym_name `of` $population `from` $source `neurons` $neurons `to` $targets `delay` $delay `spikes` $spikes
    `out` $out_axons `in` $in_axons (`via` custom<Routes>($routes)^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Neurons in all of its ranges: axons of a message.
    int64_t countNeurons();
    /// The runs of a message's route; the flow has routes.
    ::llvm::ArrayRef<int64_t> getRuns(size_t message);
  }];
}

#endif // CHIP_MAP_OPS_TD
