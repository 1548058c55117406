"""`python3 tools/stas-train COMMAND`: see `--help`."""
import sys

from stas_train.cli import main

sys.exit(main())
