// The network on a chip: populations, synapses, projections and when they run. The map of it stands in MapOps.td.
#ifndef CHIP_OPS_TD
#define CHIP_OPS_TD

include "ChipDialect.td"
include "ChipAttrs.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"

class Chip_Op<string mnemonic, list<Trait> traits = []> : Op<Chip_Dialect, mnemonic, traits>;
/// What has a name in a network.
class Chip_NamedOp<string mnemonic, list<Trait> traits = []>
    : Chip_Op<mnemonic, [Symbol, HasParent<"NetworkOp">] # traits>;
defvar Chip_Uses = DeclareOpInterfaceMethods<SymbolUserOpInterface>;
class Chip_Body<string mnemonic, list<Trait> traits>
    : Chip_Op<mnemonic, [Symbol, SingleBlock, NoTerminator, NoRegionArguments, Chip_Uses] # traits>;

def Chip_DeviceOp : Chip_Op<"device", [Symbol]> {
  let summary = "a chip, and the board that it stands on";
  let description = [{
    ```mlir
    chip.device @loihi2 <"loihi2" board [4, 8] mesh [4, 8] cores_per_tile 4 ...>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Chip_HardwareAttr:$hardware);
  let assemblyFormat = "$sym_name $hardware attr-dict";
}

def Chip_NetworkOp : Chip_Body<"network", [SymbolTable, IsolatedFromAbove]> {
  let summary = "a network of spiking neurons, and where it is on a device";
  let description = [{
    An image takes `timesteps` timesteps. A timestep starts `interval` chip steps after the one before: 1 where timesteps
    pipeline, the depth of the network where one waits for the halting of the one before.

    - network.R1: `on` names a chip.device.
    - network.R2: 1 <= timesteps <= 256, 1 <= interval <= 2^20.

    ```mlir
    chip.network @model on @loihi2 timesteps 4 interval 1 {
      chip.population @input input map [8, 8] channels 48 payload 4 state_bits 8 step 0 runs 1
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$device, I64Attr:$timesteps, I64Attr:$interval);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `on` $device `timesteps` $timesteps `interval` $interval $body attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The device's chip; the network is verified.
    ::stas::chip::HardwareAttr getHardware();
  }];
}

def Chip_PopulationOp : Chip_NamedOp<"population"> {
  let summary = "like neurons: tokens x channels";
  let description = [{
    Neuron (token, channel) has the number token * channels + channel, token (y, x) of the map y * width + x. It runs
    `program` (docs/Targets/Chip.md) at the chip steps step + t * interval, t = 0 .. runs - 1, and fires at the end of
    each; what arrives between two runs counts at the next. `payload` is the largest number that its spike carries, `state_bits` what a sum or membrane of it is proved to fit,
    `rate` the expected spikes of a neuron for an image, where they were measured or bounded. A halting population has a
    neuron for each token, with the score of each value of its channel 0; where it is `last`, every token that is left halts at
    its last run.

    - population.R1: a map of two extents >= 1, channels >= 1, fewer than 2^31 neurons.
    - population.R2: lif, staircase and fastweight have quant with a neuron, whose channels, where it has any, are the
      population's; other programs have none. halting has halting and 1 to 256 scores from 0 to 2^24, and one channel; other
      programs have none of them, and are not last.
    - population.R3: 1 <= payload < 2^32; 1 for lif and fastweight, whose spikes are binary.
    - population.R4: 1 <= state_bits <= 64.
    - population.R5: 0 <= step <= 2^20; runs from 1 to the network's timesteps.
    - population.R6: 0 <= rate <= runs: a neuron fires at most once in each.

    ```mlir
    chip.population @q lif map [8, 8] channels 96 state_bits 24 step 3 runs 4 quant(#q) rate 0.5
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Chip_Program:$program, DenseI64ArrayAttr:$map, I64Attr:$channels,
                       DefaultValuedAttr<I64Attr, "1">:$payload, I64Attr:$state_bits, I64Attr:$step, I64Attr:$runs,
                       OptionalAttr<Spike_QuantAttr>:$quant, OptionalAttr<STAS_ActAttr>:$halting,
                       OptionalAttr<DenseI32ArrayAttr>:$scores, UnitAttr:$last, OptionalAttr<F64Attr>:$rate);
  let assemblyFormat = [{
    $sym_name $program `map` $map `channels` $channels (`payload` $payload^)? `state_bits` $state_bits `step` $step
    `runs` $runs (`quant` `(` $quant^ `)`)? (`halting` `(` $halting^ `)`)? (`scores` $scores^)? (`last` $last^)? (`rate` $rate^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    int64_t getTokens() { return getMap()[0] * getMap()[1]; }
    int64_t getNeurons() { return getTokens() * getChannels(); }
  }];
}

def Chip_SynapsesOp : Chip_NamedOp<"synapses"> {
  let summary = "a table of weights, or of counters";
  let description = [{
    Stored once on each core that needs it, however many tokens or projections use it there. A column belongs to a target
    channel, a row to an input of it.

    | form | rows | columns | contents |
    |---|---|---|---|
    | dense | source channels | target channels | weights of quant |
    | shared | (kh, kw, c) of a convolution's window | target channels | weights of quant, for every position alike |
    | fastweight | channels of a head | target channels | counters that spikes raise and read |
    | constant | 1 | 1 | `factor`, for every synapse alike: pools, residual sums, means |

    A number is stored as `limbs` numbers of `bits` bits: of a weight of 16 bits 256 * high + low; of a counter one for each
    of two timesteps that are under way at once.

    - synapses.R1: rows and columns from 1 to 2^31 - 1, bits from 1 to 32, 1 or 2 limbs.
    - synapses.R2: dense has quant with a weight [columns, rows], shared with a weight [columns, C, KH, KW] of C * KH * KW =
      rows; the other forms have no quant.
    - synapses.R3: with quant, bits * limbs are the bits of its weights.
    - synapses.R4: constant has one row and one column and a factor from 1 to 255; the other forms have factor 1.

    ```mlir
    chip.synapses @fc1 dense rows 96 columns 384 bits 8 limbs 2 quant(#q)
    chip.synapses @residual constant rows 1 columns 1 bits 8
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Chip_Form:$form, I64Attr:$rows, I64Attr:$columns, I64Attr:$bits,
                       DefaultValuedAttr<I64Attr, "1">:$limbs, DefaultValuedAttr<I64Attr, "1">:$factor,
                       OptionalAttr<Spike_QuantAttr>:$quant);
  let assemblyFormat = [{
    $sym_name $form `rows` $rows `columns` $columns `bits` $bits (`limbs` $limbs^)? (`factor` $factor^)?
    (`quant` `(` $quant^ `)`)? attr-dict
  }];
  let hasVerifier = 1;
}

def Chip_ProjectionOp : Chip_Op<"projection", [HasParent<"NetworkOp">, Chip_Uses]> {
  let summary = "synapses from one population to another";
  let description = [{
    A spike that its source fires in chip step s arrives in step s + 1 + delay.

    | port | what a spike of payload p does at a target neuron |
    |---|---|
    | add | adds p times its synapse to the sum; with program maximum, takes part in the largest |
    | key, value | raises the counters of the table where a key and a value spike of one token meet |
    | query | adds its row of counters to the sum |
    | score | looks up the score of p, that of 0 where none comes, and adds it to the halting sum |
    | gate | ends the neurons of the token for the rest of the image; for one run, where the halting has order timestep |
    | gain | p multiplies what the token adds in the same step; without a gain it adds nothing |

    `hold`: the source runs once, and what it adds counts at every run of the target. `next`: it arrives at the target's run of
    the next timestep.

    - projection.R1: source and target name populations of the network, synapses a table.
    - projection.R2: tokens same: both have one map; window: window is given, not channels first, and the target's map
      follows from it; all: any maps. Only tokens window has a window.
    - projection.R3: channels same: as many of both; group: as many of both, in groups of a size >= 1 that divides them; all,
      first: any. Only channels group has a size.
    - projection.R4: the table fits: dense [source channels, target channels] for channels all and tokens same or all; shared
      [kernel * source channels, target channels] for channels all and tokens window; fastweight [size, target channels] for
      channels group, at port value for channels same; constant for any.
    - projection.R5: ports query, key and value stand with a fastweight table at a fastweight population, and no other port
      does; score is a port of a halting population; gate and gain come from a halting population; gain is a port of a readout.
      All but add, query, key and value have a constant table.
    - projection.R6: hold stands where the source runs once and the target more often, and nowhere else.
    - projection.R7: delay >= 0, and source and target meet in time: target step = source step + 1 + delay, one more for key
      and value; with next, the interval is added to the target's step; a target that runs once meets the last run of its
      source. A gate may come sooner, not later.

    ```mlir
    chip.projection @x to @fc1_lif synapses @fc1 tokens same channels all delay 0
    chip.projection @k to @attn synapses @m port key tokens all channels group size 32 delay 0
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$source, FlatSymbolRefAttr:$target, FlatSymbolRefAttr:$synapses,
                       DefaultValuedAttr<Chip_Port, "::stas::chip::Port::Add">:$port, Chip_Tokens:$tokens,
                       OptionalAttr<Spike_WindowAttr>:$window, Chip_Channels:$channels, OptionalAttr<I64Attr>:$group,
                       I64Attr:$delay, UnitAttr:$hold, UnitAttr:$next);
  let assemblyFormat = [{
    $source `to` $target `synapses` $synapses (`port` $port^)? `tokens` $tokens (`window` `(` $window^ `)`)? `channels`
    $channels (`size` $group^)? `delay` $delay (`hold` $hold^)? (`next` $next^)? attr-dict
  }];
}

include "HostOps.td"
include "MapOps.td"

#endif // CHIP_OPS_TD
