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
      chip.axon_in @flow_3 first 0
      chip.axon_out @flow_7 to @core_13 first 0
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<DenseI64ArrayAttr>:$place);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`at` $place^)? $body attr-dict";
}

class Chip_OnCoreOp<string mnemonic> : Chip_Op<mnemonic, [HasParent<"CoreOp">, Chip_Uses]>;

def Chip_TileOp : Chip_OnCoreOp<"tile"> {
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
  let summary = "spikes from some neurons of a core to several cores";
  let description = [{
    A hyperedge: every spike of these neurons goes to all of the targets, and arrives 1 + delay chip steps later. `neurons` are
    ranges of the population's numbers, [begin, end, begin, end, ..]; `spikes` are expected of all of them for an image.

    - flow.R1: names a population and cores of the network.
    - flow.R2: ranges of neurons are not empty, rise, do not touch, and lie within the population.
    - flow.R3: at least one target, none twice.
    - flow.R4: delay >= 0; spikes are finite and not negative.

    ```mlir
    chip.flow @flow_3 of @q from @core_12 neurons [0, 32, 96, 128] to [@core_13, @core_14] delay 0 spikes 12.5
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$population, FlatSymbolRefAttr:$source,
                       DenseI64ArrayAttr:$neurons, FlatSymbolRefArrayAttr:$targets, I64Attr:$delay, F64Attr:$spikes);
  let assemblyFormat = [{
    $sym_name `of` $population `from` $source `neurons` $neurons `to` $targets `delay` $delay `spikes` $spikes attr-dict
  }];
  let hasVerifier = 1;
}

def Chip_AxonInOp : Chip_OnCoreOp<"axon_in"> {
  let summary = "the in-axons of a flow on a core";
  let description = [{
    In-axon first + i of the core takes the spikes of the i-th neuron of the flow.

    - axon_in.R1: names a flow that has the core among its targets.
    - axon_in.R2: first >= 0.

    ```mlir
    chip.axon_in @flow_3 first 128
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$flow, I64Attr:$first);
  let assemblyFormat = "$flow `first` $first attr-dict";
}

def Chip_AxonOutOp : Chip_OnCoreOp<"axon_out"> {
  let summary = "the out-axons of a flow on the core that it leaves";
  let description = [{
    Out-axon first + i of the core sends the spikes of the i-th neuron of the flow to one target; where the device has trees, to
    all of them.

    - axon_out.R1: names a flow that starts on the core, and, where one message does not reach all, a target of it.
    - axon_out.R2: first >= 0.

    ```mlir
    chip.axon_out @flow_7 to @core_13 first 0
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$flow, OptionalAttr<FlatSymbolRefAttr>:$target, I64Attr:$first);
  let assemblyFormat = "$flow (`to` $target^)? `first` $first attr-dict";
}

def Chip_RouteOp : Chip_Op<"route", [HasParent<"NetworkOp">, Chip_Uses]> {
  let summary = "the way of a flow's messages";
  let description = [{
    Straight runs of links between tiles, [row, column, row, column] each, counted as a core's place is: along the row first,
    then along the column. To one target; where the device has trees, to all of them, each link once. A route
    between cores of one tile has no run.

    - route.R1: names a flow, and, where the device has no trees, a target of it; where it has, none.
    - route.R2: runs are four numbers within the board, straight and not empty; to one target there are at most two, the
      first along a row, the second along a column from its end.

    ```mlir
    chip.route @flow_7 to @core_13 via [0, 0, 0, 5, 0, 5, 2, 5]
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$flow, OptionalAttr<FlatSymbolRefAttr>:$target, DenseI64ArrayAttr:$runs);
  let assemblyFormat = "$flow (`to` $target^)? `via` $runs attr-dict";
}

#endif // CHIP_MAP_OPS_TD
