"""The command: python -m claimcheck.proofs PLAN."""

import sys
from pathlib import Path

from claimcheck.proofs.proving import main

if __name__ == "__main__":
    sys.exit(main(Path.cwd(), Path(sys.argv[1])))
