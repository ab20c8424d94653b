"""The command: python -m claimcheck.faults [LIST]."""

import os
import sys
from pathlib import Path

from claimcheck.faults.planting import main

if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each page, and each test, has one core
    sys.exit(main(Path.cwd(), *(sys.argv[1:] or ["faults.toml"])))  # type: ignore[no-untyped-call]
