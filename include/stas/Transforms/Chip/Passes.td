// Passes on networks of the chip dialect.
#ifndef STAS_TRANSFORMS_CHIP_PASSES_TD
#define STAS_TRANSFORMS_CHIP_PASSES_TD

include "mlir/Pass/PassBase.td"

def ChipMap : Pass<"chip-map", "::mlir::ModuleOp"> {
  let summary = "Give the neurons of a network cores, places and routes";
  let description = [{
    Cuts populations into tiles of tokens x channels within every limit of the device's cores, packs tiles into cores, and
    places these so that spikes travel few hops. What comes out has a `chip.core` for each core in use
    with its tiles, and a `chip.flow` for neurons of one core whose spikes go to the same cores, with its axons and the routes
    of its messages. Placers are `annealing`, which takes the rates of populations as weights (a population without one fires at each of
    its runs), and `first-fit`, the cores in the order of layers. The same seed gives the same map.

    Where a network does not fit, the error says which layer needs how much of what, the limit, the largest users, and what
    would make it fit.

    ```mlir
    chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#q)
    ```
    gets
    ```mlir
    chip.core @core_0 at [0, 0, 0] {
      chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
    }
    chip.flow @flow_0 of @x from @core_0 neurons [0, 32] to [@core_1] delay 0 spikes 32.0 out [0] in [0] via [[0, 0, 0, 1]]
    ```
  }];
  let options = [
    Option<"placer", "placer", "std::string", /*default=*/"\"annealing\"", "annealing or first-fit">,
    Option<"seed", "seed", "uint64_t", /*default=*/"1", "of the annealing placer">,
  ];
  let statistics = [
    Statistic<"numCores", "cores", "Cores that are in use">,
    Statistic<"numFlows", "flows", "Flows between them">,
  ];
  let dependentDialects = ["::stas::chip::ChipDialect"];
}

def VerifyChipNetwork : Pass<"verify-chip-network", "::mlir::ModuleOp"> {
  let summary = "Check that a device can run a network, whatever core its parts are on";
  let description = [{
    Of every network, against the limits of its device that no mapping can change:

    - programs that the device's cores have;
    - sums and membranes within the state bits; sums of programs that have no membrane (sum, maximum, halting, readout, input) within
      twice as many;
    - payloads within the payload bits: a spike that carries 1 needs none;
    - weights within the weight bits, two limbs within the weight shift; counters within the counter bits, and as high as
      the number of tokens that may raise them;
    - delays within the longest.

    Each error names population, table or projection, what is required and what was found.

    ```mlir
    chip.population @y fastweight map [1, 6] channels 8 state_bits 24 step 3 runs 4 quant(#q)
    ```
    on `loihi1` is an error: `required program fastweight of device 'loihi1', found lif, readout, input`.
  }];
  let statistics = [
    Statistic<"numNetworks", "networks", "Networks that were checked">,
  ];
}

def VerifyChipMap : Pass<"verify-chip-map", "::mlir::ModuleOp"> {
  let summary = "Check that a network's map is complete and that every core keeps its limits";
  let description = [{
    Of every network with cores. Shares no code with what makes maps:

    - each neuron of each population is on one core, and no core has two tiles of the same neurons;
    - neurons, memory of synapses, in- and out-axons of a core are within the device's limits: a core stores the columns of its
      channels, once for all tokens and projections that use the table;
    - the neurons of a flow are on the core that it leaves; no two axons of a core share a number;
    - what a projection needs at a core is what flows of its delay bring: no spike is missing, none comes twice, none comes for
      nothing;
    - placed cores have places of their own; all are placed, or none.

    ```mlir
    chip.core @a {
      chip.tile @x rows [0, 2] columns [0, 4] channels [0, 8]
    }
    ```
    on a device of 32 neurons a core is an error: `required at most 32 neurons of core @a, found 64 (largest: @x 64)`.
  }];
  let statistics = [
    Statistic<"numCores", "cores", "Cores that were checked">,
    Statistic<"numFlows", "flows", "Flows that were checked">,
  ];
}

def VerifyChipRoutes : Pass<"verify-chip-routes", "::mlir::ModuleOp"> {
  let summary = "Check that routes bring every flow from its core to its targets";
  let description = [{
    Of every network with placed cores: each flow has a route to each target (where the device has trees, one to all). It is
    followed link by link from the tile of the source: to one target it ends at the target's tile; a tree reaches the tile of every
    target, takes each link once, goes along a row before a column, and ends nowhere else. Where the device says how many messages
    a link carries in a chip step, no link has more than that in any step, as spikes are expected and spread over a population's runs.

    ```mlir
    chip.flow @f of @x from @a neurons [0, 32] to [@b] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 0, 2]]
    ```
    to a core @b at [1, 2, 0] is an error: `required a way of @f to tile [1, 2] of core @b, found its end at [0, 2]`.
  }];
  let statistics = [
    Statistic<"numRoutes", "routes", "Routes that were followed">,
  ];
}

#endif // STAS_TRANSFORMS_CHIP_PASSES_TD
