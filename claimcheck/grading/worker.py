"""The process in which a student's file runs: python -m claimcheck.grading.worker FILE SECONDS BYTES.

It reads a call a line from what was its standard input, and writes an answer a line to what was its standard output.
The student's code finds nothing at the one and nobody at the other.
"""

import os
import sys
import tokenize
from contextlib import suppress
from json import dumps, loads  # by name: the student's code shares the module
from pathlib import Path
from typing import Any, BinaryIO

from claimcheck.grading.answering import answer, load


def main(file: str, memory: int, settings: dict[str, Any]) -> None:
    """Answer calls until there are no more."""
    calls, answers = _apart()
    _limit(memory)
    _send(answers, {})  # the process is there: what it takes from now on is the student's time
    sys.path.insert(0, str(Path(file).parent))
    sys.setrecursionlimit(1_000)
    try:
        with tokenize.open(file) as opened:
            source = opened.read()
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        _send(answers, {"problem": f"{type(error).__name__}: {error}"})
        return
    module, reply = load(source, file)
    names = [name for name, value in vars(module).items() if callable(value)]
    said = {name: vars(module).get(name, default) for name, default in settings.items()}
    _send(answers, reply | {"functions": names, "settings": {name: _plain(value) for name, value in said.items()}})
    for line in calls:
        call = loads(line)
        reply = answer(vars(module)[call["name"]], call["arguments"], call["keys"], file)
        _send(answers, reply | {"token": call["token"]})


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | str) else repr(value)


def _apart() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes to the grader, and put nothing in their place, so that no print can come between."""
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    return calls, answers


def _limit(memory: int) -> None:
    """Have the process get no more memory than this, and write to no file."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such module, and macOS not every limit
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _send(answers: BinaryIO, reply: dict[str, Any]) -> None:
    answers.write(dumps(reply).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), loads(sys.argv[3]))
