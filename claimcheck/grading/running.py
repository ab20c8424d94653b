"""Where a student's functions run: those of a file in a process of its own, with limits; those of a notebook in it."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Any, NamedTuple, Protocol, Self

from numpy.typing import NDArray

from claimcheck.grading.answering import answer
from claimcheck.grading.wire import pack, unpack

SECONDS = 10.0
"""What all calls of one function may take together, and the file to load."""

STARTING = 60.0
"""What the process may take until it can load the file."""

MEMORY = 4 * 2**30
"""The bytes that a student's process may have, where the system can tell it so."""

LONGEST = 64 * 2**20
"""The bytes of an answer that are read."""


_FALSE: dict[str, Any] = {"problem": "it answers in the grader's place"}


class Outcome(NamedTuple):
    """What came of a call: the values by part, or a problem, in words; remarks, and what was printed."""

    values: dict[str, NDArray[Any]]
    problem: str = ""
    remarks: tuple[str, ...] = ()
    printed: str = ""


class Runner(Protocol):
    """What calls a student's functions by name."""

    functions: list[str]
    settings: dict[str, Any]
    problem: str
    printed: str

    def call(self, name: str, arguments: dict[str, Any], keys: list[str]) -> Outcome:
        """Call a function with arguments by name."""

    def close(self) -> None:
        """End what was started."""


class Here:
    """Runs functions in this process, as a notebook does: without limits, but each call watched.

    >>> Here({"double": lambda x: 2 * x}).call("double", {"x": 2.5}, []).values
    {'': array(5.)}
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]], settings: Mapping[str, Any] | None = None) -> None:
        self._functions = dict(functions)
        self.functions, self.settings, self.problem, self.printed = list(functions), dict(settings or {}), "", ""

    def call(self, name: str, arguments: dict[str, Any], keys: list[str]) -> Outcome:
        """Call a function with arguments by name."""
        function = self._functions[name]
        code = getattr(function, "__code__", None)
        packed = {argument: pack(value) for argument, value in arguments.items()}
        return _outcome(answer(function, packed, keys, code.co_filename if code else ""))

    def close(self) -> None:
        """There is nothing to end."""


class Apart:
    """Runs the functions of a file in a process of its own, which is started anew when it ended.

    `settings` are the names that the file may set, each with what holds where it does not. What is not true of a file
    that can't be loaded is in `problem`.
    """

    def __init__(self, file: Path, settings: Mapping[str, Any], seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._command = [sys.executable, "-P", "-B", "-m", "claimcheck.grading.worker", str(file.resolve())]
        self._command += [str(memory), json.dumps(dict(settings))]
        self._seconds, self._left = seconds, {}  # type: tuple[float, dict[str, float]]
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()
        loaded = self._start()
        loaded = loaded if "functions" in loaded or "problem" in loaded else _FALSE
        self.functions = [str(name) for name in loaded.get("functions", [])]
        self.settings: dict[str, Any] = loaded.get("settings", dict(settings))
        self.problem, self.printed = (printable(loaded.get(of, "")) for of in ("problem", "printed"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def call(self, name: str, arguments: dict[str, Any], keys: list[str]) -> Outcome:
        """Call a function with arguments by name, for as long as its calls may take together."""
        if self._process is None:
            self._start()
        began = monotonic()
        packed = {argument: pack(value) for argument, value in arguments.items()}
        token = token_hex()
        call = {"name": name, "arguments": packed, "keys": keys, "token": token}
        reply = self._ask(call, self._left.get(name, self._seconds))
        if "problem" not in reply and reply.get("token") != token:
            self.close()
            reply = _FALSE
        self._left[name] = self._left.get(name, self._seconds) - (monotonic() - began)
        return _outcome(reply)

    def close(self) -> None:
        """End the process, and all that it has started."""
        if self._process is None:
            return
        with suppress(AttributeError, ProcessLookupError, PermissionError):  # Windows has no such call
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]
        self._process = None

    def _start(self) -> dict[str, Any]:
        """Start the process; return what it says of the file."""
        self._process = subprocess.Popen(  # noqa: S603  the student's file is what is to be run
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        self._answers = queue.Queue()
        threading.Thread(target=_read, args=(self._process.stdout, self._answers), daemon=True).start()
        return self._reply(STARTING) or self._reply(self._seconds)

    def _ask(self, call: dict[str, Any], seconds: float) -> dict[str, Any]:
        with suppress(OSError):  # that it has ended is found when its answer is read
            self._process.stdin.write(json.dumps(call).encode() + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
        return self._reply(seconds)

    def _reply(self, seconds: float) -> dict[str, Any]:
        """Return the process's next answer; where there is none, why."""
        line = self._line(max(seconds, 0.1))
        if line is None:
            self.close()
            return {"problem": f"it takes more than {self._seconds:g} s: a loop without an end?"}
        if not line:
            return {"problem": self._end()}
        try:
            return dict(json.loads(line))
        except (ValueError, TypeError, RecursionError):
            self.close()
            return _FALSE

    def _line(self, seconds: float) -> bytes | None:
        """Return what the process writes next; nothing where it has ended, None where it takes too long.

        What it has started may live on and hold its pipe open.
        """
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            ended = self._process.poll() is not None  # type: ignore[union-attr]
            with suppress(queue.Empty):
                return self._answers.get(timeout=min(left, 0.2))
            if ended:
                return b""
        return None

    def _end(self) -> str:
        """Return how the process ended, in words; end it, if all that it did was to fall silent."""
        try:
            words = f"it ends the process, {_status(self._process.wait(1))}"  # type: ignore[union-attr]
        except subprocess.TimeoutExpired:
            words = "it closes the way to the grader"
        self.close()
        return words


def _read(pipe: Any, answers: "queue.Queue[bytes]") -> None:
    """Put each line of the process into the queue, and nothing when it has ended; then close its pipe."""
    with pipe, suppress(OSError, ValueError):
        while line := pipe.readline(LONGEST):
            answers.put(line)
    answers.put(b"")


def _status(status: int) -> str:
    """Say how a process ended.

    >>> _status(0), _status(-9)
    ('exit status 0', 'killed by SIGKILL')
    """
    return f"exit status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"


def printable(text: Any) -> str:
    r"""Return a text with what no terminal, page or file should get written out.

    >>> printable("a\x1b\ud800\n")
    'a\\x1b\\ud800\n'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in str(text))


def _outcome(reply: dict[str, Any]) -> Outcome:
    """Return an answer unpacked; it may come from anywhere, and be anything."""
    try:
        remarks = tuple(dict.fromkeys(printable(remark) for remark in reply.get("remarks", [])))
        values = {str(key): unpack(value) for key, value in reply.get("values", {}).items()}
        return Outcome(values, printable(reply.get("problem", "")), remarks, printable(reply.get("printed", "")))
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return Outcome({}, _FALSE["problem"])
