"""A pickle module for torch.load that builds tensors and plain containers, and nothing else.

For torch versions whose weights_only loader refuses the argparse.Namespace that timm stores as `args`.
"""
import pickle
from pickle import UnpicklingError

ALLOWED = {
    "collections": ("OrderedDict",),
    "argparse": ("Namespace",),
    "torch._utils": ("_rebuild_tensor_v2", "_rebuild_parameter"),
    "torch": ("FloatStorage", "HalfStorage", "BFloat16Storage", "DoubleStorage", "LongStorage",
              "IntStorage", "BoolStorage", "ByteStorage", "Size", "device"),
    "torch.storage": ("TypedStorage", "UntypedStorage"),
}


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if name not in ALLOWED.get(module, ()):
            raise UnpicklingError("the checkpoint asks for %s.%s, which is neither a tensor nor "
                                  "a plain container" % (module, name))
        return super().find_class(module, name)


def load(file, **options):
    return Unpickler(file, **options).load()




__all__ = ["Unpickler", "UnpicklingError", "load"]
