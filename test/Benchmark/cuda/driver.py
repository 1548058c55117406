"""The CUDA driver API by ctypes, as far as cuda.sh plays plans with it: no toolkit, nothing that is built."""
import ctypes
import os

from models import fail

MULTIPROCESSORS, MAJOR, MINOR, MAX_DYNAMIC_SHARED = 16, 75, 76, 8


class Driver:
    """The first GPU, and one stream on it; with is_used=False only what it is."""

    def __init__(self, is_used=True):
        name = os.environ.get("STAS_CUDA_DRIVER") or "libcuda.so.1"
        try:
            self.library = ctypes.CDLL(name)
        except OSError as error:
            fail("required NVIDIA's driver library, found none that loads (%s). Run this where a GPU is; without one, "
                 "STAS_CUDA_DRIVER=build/test/lib/libcuda.so.1 and --check execute kernels on the CPU" % error)
        self.call("cuInit", 0)
        count = ctypes.c_int()
        self.call("cuDeviceGetCount", ctypes.byref(count))
        if count.value == 0:
            fail("required a GPU, found none")
        self.device, context, self.stream = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_void_p()
        self.call("cuDeviceGet", ctypes.byref(self.device), 0)
        text, memory, version = ctypes.create_string_buffer(256), ctypes.c_size_t(), ctypes.c_int()
        self.call("cuDeviceGetName", text, 256, self.device)
        self.call("cuDeviceTotalMem_v2", ctypes.byref(memory), self.device)
        self.call("cuDriverGetVersion", ctypes.byref(version))
        self.name, self.memory, self.version = text.value.decode(), memory.value, version.value
        self.multiprocessors = self.attribute(MULTIPROCESSORS)
        self.architecture = 10 * self.attribute(MAJOR) + self.attribute(MINOR)
        if is_used:
            self.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), self.device)
            self.call("cuCtxSetCurrent", context)
            self.call("cuStreamCreate", ctypes.byref(self.stream), 1)

    def call(self, name, *arguments):
        result = getattr(self.library, name)(*arguments)
        if result != 0:
            text = ctypes.c_char_p()
            self.library.cuGetErrorString(result, ctypes.byref(text))
            fail("%s: error %d, %s" % (name, result, (text.value or b"unknown").decode()))

    def attribute(self, which):
        value = ctypes.c_int()
        self.call("cuDeviceGetAttribute", ctypes.byref(value), which, self.device)
        return value.value

    def allocate(self, size):
        address = ctypes.c_uint64()
        self.call("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(max(size, 16)))
        return address.value

    def free(self, address):
        self.call("cuMemFree_v2", ctypes.c_uint64(address))

    def upload(self, address, content):
        self.call("cuMemcpyHtoDAsync_v2", ctypes.c_uint64(address), content, ctypes.c_size_t(len(content)), self.stream)
        self.wait()

    def download(self, address, size):
        content = ctypes.create_string_buffer(size)
        self.call("cuMemcpyDtoHAsync_v2", content, ctypes.c_uint64(address), ctypes.c_size_t(size), self.stream)
        self.wait()
        return content.raw

    def fill(self, address, value, size):
        self.call("cuMemsetD8Async", ctypes.c_uint64(address), ctypes.c_ubyte(value), ctypes.c_size_t(size), self.stream)

    def wait(self):
        self.call("cuStreamSynchronize", self.stream)

    def module(self, code):
        module = ctypes.c_void_p()
        self.call("cuModuleLoadDataEx", ctypes.byref(module), code + b"\0", 0, None, None)
        return module

    def unload(self, module):
        self.call("cuModuleUnload", module)

    def function(self, module, name, shared):
        function = ctypes.c_void_p()
        self.call("cuModuleGetFunction", ctypes.byref(function), module, name.encode())
        if shared > 48 * 1024:
            self.call("cuFuncSetAttribute", function, MAX_DYNAMIC_SHARED, shared)
        return function

    def launch(self, function, blocks, threads, shared, arguments):
        pointers = (ctypes.c_void_p * len(arguments))(*[ctypes.addressof(a) for a in arguments])
        self.call("cuLaunchKernel", function, blocks, 1, 1, threads, 1, 1, shared, self.stream, pointers, None)

    def event(self):
        event = ctypes.c_void_p()
        self.call("cuEventCreate", ctypes.byref(event), 0)
        return event

    def destroy(self, event):
        self.call("cuEventDestroy_v2", event)

    def record(self, event):
        self.call("cuEventRecord", event, self.stream)

    def seconds(self, start, end):
        milliseconds = ctypes.c_float()
        self.call("cuEventElapsedTime", ctypes.byref(milliseconds), start, end)
        return milliseconds.value / 1000.0
