//===- CostModel.cpp - Which kernel is the fastest ------------------------===//
#include "CostModel.h"

using namespace mlir;
using namespace stas;
using Association = AttentionSpec::Association;
using Family = AccumulateSpec::Family;
using Input = AccumulateSpec::Input;

std::string CostModel::force(ArrayRef<std::string> names) {
  for (StringRef name : names) {
    if (name == "events")
      forcedFamily = Family::Events;
    else if (name == "dense")
      forcedFamily = Family::Dense;
    else if (name == "tiles")
      forcedFamily = Family::Tiles;
    else if (name == "key-value-events")
      forcedAssociation = Association::KeyValueEvents;
    else if (name == "key-value-bits")
      forcedAssociation = Association::KeyValueBits;
    else if (name == "query-key-bits")
      forcedAssociation = Association::QueryKeyBits;
    else
      return ("required events, dense, tiles, key-value-events, key-value-bits or query-key-bits, found '" + name + "'")
          .str();
    if (forcedFamily == Family::Tiles && !isa.amx)
      return "required a CPU with AMX-INT8 for tiles, found one without";
  }
  return "";
}

Family CostModel::family(const AccumulateSpec &spec) const {
  // Bytes can be gathered; what is few and wide, the image and the classifier, is summed event by event.
  bool isBytes = spec.input == Input::Spikes || spec.input == Input::Counts;
  if (spec.isReal() || spec.wide || !isBytes || (spec.window && spec.window->channelsFirst))
    return Family::Events;
  if (forcedFamily)
    return *forcedFamily;
  return isa.amx ? Family::Tiles : Family::Events;
}

Association CostModel::association(const AttentionSpec &, std::optional<spike::Association> first) const {
  if (first == spike::Association::QueryKey)
    return Association::QueryKeyBits;
  if (first && forcedAssociation == Association::QueryKeyBits)
    return Association::KeyValueBits; // the form of the module has decided
  return forcedAssociation.value_or(Association::KeyValueBits);
}
