// The target level of a many-core neuromorphic chip.
#ifndef CHIP_DIALECT_TD
#define CHIP_DIALECT_TD

include "mlir/IR/DialectBase.td"

def Chip_Dialect : Dialect {
  let name = "chip";
  let cppNamespace = "::stas::chip";
  let summary = "A spiking network on a many-core chip";
  let description = [{
    One network in up to three stages, each of which prints and parses back:

    - logical: a `chip.device`, and in a `chip.network` the populations of neurons, tables of synapses, and projections
      from population to population, with the chip step at which each population runs;
    - tiled: `chip.core` says which neurons are on it, `chip.flow` is a hyperedge from some neurons of one core to several
      cores, with the axons by which spikes leave and enter these;
    - placed and routed: cores have a place on the board, flows the routes of their messages.

    Names are symbols: a core map has thousands of references and no data flow to speak of. Verifiers check each op against
    what it names; limits of a chip are checked for a whole network by `verify-chip-*`.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::stas::spike::SpikeDialect"];
  let extraClassDeclaration = "void registerAttributes();";
}

#endif // CHIP_DIALECT_TD
