"""The command: python -m claimcheck.starter FOLDER."""

import sys
from pathlib import Path

from claimcheck.starter import write

HELP = """python -m claimcheck.starter FOLDER

writes the start of a site into the folder: a configuration, a list of claims, a page with a claim that holds and one
that does not, the function that they are about, a list of faults to plant, a workflow that builds and deploys it."""


def main(arguments: list[str]) -> int:
    """Write the starter, say what comes next, and return the exit status."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(HELP)  # noqa: T201
        return int(arguments not in (["-h"], ["--help"]))
    try:
        for path in write(Path(arguments[0])):
            print(path)  # noqa: T201
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print("Build the site, in that folder: python -m sphinx . _build/html")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
