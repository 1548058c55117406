# tiny.sh FOLDER: an empty folder with tiny.mlir and its weights, 2048 floats in [0.5, 1).
rm -rf "$1" && mkdir -p "$1" && cp "$(dirname "$0")/tiny.mlir" "$1" &&
  /usr/bin/python3 -c 'import array, sys; array.array("f", [0.5 + i * 37 % 97 / 194 for i in range(2048)]).tofile(open(sys.argv[1], "wb"))' "$1/tiny.bin"
