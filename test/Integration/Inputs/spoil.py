"""Changes one logit of an array, and the first spike of a layer in bits that cuda.sh prepared."""
import sys

import numpy

logits, spikes = sys.argv[1:]
array = numpy.load(logits)
array[2, 1] += 1
numpy.save(logits, array)
with numpy.load(spikes) as file:
    arrays = dict(file)
arrays["bits block.1.attn.proj_lif"][0] ^= 0x80
numpy.savez_compressed(spikes, **arrays)
