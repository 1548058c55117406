// Attributes of the target level.
#ifndef CHIP_ATTRS_TD
#define CHIP_ATTRS_TD

include "ChipDialect.td"
include "dialects/Spike/SpikeAttrs.td"
include "dialects/Chip/ChipEnums.td"

def Chip_HardwareAttr : AttrDef<Chip_Dialect, "Hardware"> {
  let mnemonic = "hardware";
  let summary = "what a chip has";
  let description = [{
    The fields of a chip file (lib/Target/Chip/ChipModel.proto) under its names, so that nothing that looks at IR reads a
    file. docs/Targets/Chip.md explains them.

    - hardware.R1: board and mesh have two extents each, and no program is there twice.
    - hardware.R2: what `ChipModel::validate` demands of a file.

    ```mlir
    #chip.hardware<"tiny" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 16 state_bits 24 synapse_memory_kib 1 in_axons 32
                out_axons 64 programs [lif, sum] idle skipped weight_bits 8 weight_shift 8 payload_bits 16
                delay_steps 3 multicast tree>
    ```
  }];
  let parameters = (ins StringRefParameter<"one word">:$name, ArrayRefParameter<"int64_t">:$board,
                        ArrayRefParameter<"int64_t">:$mesh, "int64_t":$cores_per_tile,
                        DefaultValuedParameter<"int64_t", "0", "no limit">:$link_messages, "int64_t":$neurons,
                        "int64_t":$state_bits, "int64_t":$synapse_memory_kib, "int64_t":$in_axons,
                        "int64_t":$out_axons, ArrayRefParameter<"::stas::chip::Program">:$programs,
                        "::stas::chip::Idle":$idle, "int64_t":$weight_bits, "int64_t":$weight_shift,
                        DefaultValuedParameter<"int64_t", "0", "none">:$counter_bits,
                        "int64_t":$payload_bits, "int64_t":$delay_steps, "::stas::chip::Multicast":$multicast,
                        StringRefParameter<"cost profile, or empty", "\"\"">:$profile);
  let assemblyFormat = [{
    `<` $name `board` `[` $board `]` `mesh` `[` $mesh `]` `cores_per_tile` $cores_per_tile
    (`link_messages` $link_messages^)? `neurons` $neurons `state_bits` $state_bits `synapse_memory_kib`
    $synapse_memory_kib `in_axons` $in_axons `out_axons` $out_axons `programs` `[` $programs `]` `idle` $idle
    `weight_bits` $weight_bits `weight_shift` $weight_shift (`counter_bits` $counter_bits^)?
    `payload_bits` $payload_bits `delay_steps` $delay_steps `multicast` $multicast (`profile` $profile^)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// As of a file without a description.
    ::stas::ChipModel getChip() const;
  }];
}

#endif // CHIP_ATTRS_TD
