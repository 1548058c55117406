"""reversion.py IN OUT [SECTION]: an artifact whose core map, or plan of that section, is of the next version, behind right
checksums."""
import hashlib
import sys

section = sys.argv[3].encode() if len(sys.argv) > 3 else b"coremap"
with open(sys.argv[1], "rb") as f:
    data = bytearray(f.read())
for at in range(64, 1024, 64):
    if data[at:at + 16].rstrip(b"\0") == section:
        offset, size = (int.from_bytes(data[at + i:at + i + 8], "little") for i in (16, 24))
        assert data[offset] == 0x08 and data[offset + 1] < 100  # field 1, a number
        data[offset + 1] += 1
        data[at + 32:at + 64] = hashlib.sha256(data[offset:offset + size]).digest()
data[32:64] = bytes(32)
data[32:64] = hashlib.sha256(data[:1024]).digest()
with open(sys.argv[2], "wb") as f:
    f.write(data)
