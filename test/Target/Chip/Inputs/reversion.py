"""reversion.py IN OUT: an artifact with a core map of version 3, behind right checksums."""
import hashlib
import sys

with open(sys.argv[1], "rb") as f:
    data = bytearray(f.read())
for at in range(64, 1024, 64):
    if data[at:at + 16].rstrip(b"\0") == b"coremap":
        offset, size = (int.from_bytes(data[at + i:at + i + 8], "little") for i in (16, 24))
        assert data[offset:offset + 2] == b"\x08\x02"  # field 1, a number: 2
        data[offset + 1] = 3
        data[at + 32:at + 64] = hashlib.sha256(data[offset:offset + size]).digest()
data[32:64] = bytes(32)
data[32:64] = hashlib.sha256(data[:1024]).digest()
with open(sys.argv[2], "wb") as f:
    f.write(data)
