"""damage.py ARTIFACT IMAGES KIND...: runs an artifact with bytes changed or missing. Whatever they are, a run must end well,
or with one line that says what is wrong. Kinds: `damaged`; `signed`, bytes of the launch plan and of the manifest behind
right checksums."""
import collections
import hashlib
import subprocess
import sys

STEP = 97


def sections(data):
    for at in range(64, 1024, 64):
        name = data[at:at + 16].rstrip(b"\0").decode()
        if name:
            offset, size = (int.from_bytes(data[at + i:at + i + 8], "little") for i in (16, 24))
            yield at, name, offset, size


def flipped(data, at, bits=0xff):
    return data[:at] + bytes([data[at] ^ bits]) + data[at + 1:]


def signed(data):
    data = bytearray(data)
    for at, _, offset, size in sections(data):
        data[at + 32:at + 64] = hashlib.sha256(data[offset:offset + size]).digest()
    data[32:64] = bytes(32)
    data[32:64] = hashlib.sha256(data[:1024]).digest()
    return bytes(data)


def cases(data):
    for at in range(0, len(data), STEP):
        yield "damaged", "byte %d" % at, flipped(data, at)
        yield "damaged", "cut at %d" % at, data[:at]
    yield "damaged", "longer", data + b"\0"
    for _, name, offset, size in sections(data):
        if name in ("cudaplan", "manifest"):
            for at in range(0, size, 5):
                yield "signed", "%s + %d" % (name, at), signed(flipped(data, offset + at, 1 << at % 8))


def outcome(path, images):
    run = subprocess.run(["stas", "run", path, "--input", images], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         timeout=300)
    # The driver of the tests says what a kernel did on a line of its own.
    lines = [line for line in run.stderr.decode(errors="replace").splitlines() if not line.startswith("CUDA driver")]
    if run.returncode == 0 and not lines:
        return "runs"
    if run.returncode == 1 and len(lines) == 1 and lines[0].startswith("stas run: error: " + path + ": "):
        return "error"
    sys.exit("required exit 0, or 1 and a line with the file's name, found %d and %s" % (run.returncode, lines))


with open(sys.argv[1], "rb") as file:
    whole = file.read()
assert signed(whole) == whole
count = collections.Counter()
for kind, what, content in cases(whole):
    if kind not in sys.argv[3:]:
        continue
    path = sys.argv[1] + ".damaged"
    with open(path, "wb") as file:
        file.write(content)
    try:
        count[kind, outcome(path, sys.argv[2])] += 1
    except BaseException:
        print("%s, %s" % (kind, what), file=sys.stderr)
        raise
for (kind, ending), times in sorted(count.items()):
    print("%s, %s: %d" % (kind, ending, times))
