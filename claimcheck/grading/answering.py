"""Calling a student's function: what it answers, as plain numbers, and all that is to be said about it.

This runs beside the student's code, in a process of its own or in a notebook. Nothing that the code does may end it but
the end of the process: prints are kept apart, and what is raised is an answer too.
"""

import linecache
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import is_dataclass
from fractions import Fraction
from io import BytesIO, TextIOWrapper
from numbers import Number
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claimcheck.grading.wire import KINDS, pack, unpack

PRINTED = 2_000
"""The bytes of what a function prints that are kept."""

LARGEST = 1_000_000
"""The numbers that an answer may hold, in all its parts."""

LONGEST = 10_000
"""The bits of the numbers in a fraction that is kept as one."""

# The student's code shares the process, and may put others in their place
_asarray, _array_equal, _may_share_memory, _ndarray = np.asarray, np.array_equal, np.may_share_memory, np.ndarray


class Printed(BytesIO):
    """What lies below a stream of text: it keeps the beginning of what is written, and can't be closed.

    >>> kept = Printed()
    >>> kept.write(b"x" * 3_000), len(kept.getvalue())
    (3000, 2000)
    """

    def write(self, written: Any) -> int:
        """Keep the bytes, or as many as there is room for; return how many there were."""
        super().write(bytes(written)[: max(0, PRINTED - self.tell())])
        return len(written)

    def close(self) -> None:
        """Stay open: the student's code may wrap it in a stream of its own, and let go of that."""


def answer(function: Callable[..., Any], arguments: dict[str, Any], keys: list[str], file: str) -> dict[str, Any]:
    """Call a function with packed arguments, in their order, and return its answer as JSON can hold it.

    `keys` names the parts of an answer that has several; `file` is where the function stands, so that an error can be
    shown at its line. The answer has `values`, each packed (None where a part is left out), `remarks` and `printed`;
    or, in place of the values, a `problem`.

    >>> reply = answer(lambda x: 2 * x, {"x": pack(1.5)}, [], "")
    >>> unpack(reply["values"][""])
    array(3.)
    >>> answer(lambda x: "three", {"x": pack(1.5)}, [], "")["problem"]
    'expected numbers, got str'
    """
    given, kept = ({name: _shown(unpack(value)) for name, value in arguments.items()} for _ in range(2))
    with watched(file) as reply:
        returned = function(*given.values())
        parts = _parts(returned, keys, reply["remarks"])
        read = {key: _read(key, value, reply["remarks"]) for key, value in parts.items()}
        if sum(array.size for array in read.values()) > LARGEST:
            raise _RefusedError(f"expected fewer numbers, got {sum(array.size for array in read.values())}")
        reply["values"] = {key: _packed(key, array) for key, array in read.items()}
        arrays = dict(_arrays(given))
        changed = [name for name, array in _arrays(kept) if not _array_equal(arrays[name], array, equal_nan=True)]
        reply["remarks"] += [f"it changes its argument {name}" for name in changed]
        for key, value in parts.items():
            own = [name for name, array in arrays.items() if _is_view(value, array)]
            part = f"its {key}" if key else "its answer"
            reply["remarks"] += [f"{part} is its argument {name} itself, or a part of it" for name in own]
    return reply


@contextmanager
def watched(file: str) -> Iterator[dict[str, Any]]:
    r"""Run a block of the student's code; yield what is to be said of it, in which a problem stands at the end.

    >>> with watched("") as reply:
    ...     print("hello")
    ...     raise SystemExit(1)
    >>> reply["problem"], reply["printed"]
    ('it leaves the program: SystemExit: 1', 'hello\n')
    """
    reply: dict[str, Any] = {"remarks": [], "printed": ""}
    printed = Printed()
    stream = TextIOWrapper(printed, "utf-8", errors="backslashreplace", write_through=True)
    with warnings.catch_warnings(record=True) as warned, redirect_stdout(stream), redirect_stderr(stream):
        warnings.simplefilter("ignore")
        for category in (RuntimeWarning, UserWarning):
            warnings.simplefilter("always", category)
        try:
            yield reply
        except NotImplementedError:
            reply["values"] = {}
        except _RefusedError as error:
            reply["problem"] = str(error)
        except Exception as error:  # noqa: BLE001  whatever a student's code raises is its answer
            reply["problem"] = _said(error, file)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  so is what it raises to get out
            reply["problem"] = f"it leaves the program: {_said(error, file)}"
    reply["printed"] = printed.getvalue().decode(errors="backslashreplace")
    reply["remarks"] += [f"{each.category.__name__}: {each.message}" for each in warned[:1]]


class _RefusedError(Exception):
    """What was returned is no answer."""


def _said(error: BaseException, file: str) -> str:
    """Return an error in words, with the last line of the student's file on its way."""
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    where = f", line {lines[-1].lineno}: {lines[-1].line}" if lines else ""
    try:
        words = str(error)
        if isinstance(error, SyntaxError) and error.filename == file:
            words, where = error.msg, f", line {error.lineno}: {(error.text or '').strip()}"
    except Exception:  # noqa: BLE001  an error of the student's own may not know what it says
        words = ""
    return f"{type(error).__name__}: {words[:300]}".rstrip(": ") + where


def _shown(value: Any) -> Any:
    """Return an argument as a student takes it: the weights with a name each."""
    return SimpleNamespace(**value) if isinstance(value, dict) else value


def _arrays(arguments: dict[str, Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the arrays among the arguments, each with its name."""
    for name, value in arguments.items():
        if isinstance(value, SimpleNamespace):
            yield from ((f"{name}.{field}", held) for field, held in vars(value).items() if type(held) is _ndarray)
        elif type(value) is _ndarray:
            yield name, value


def _is_view(value: Any, argument: NDArray[Any]) -> bool:
    return isinstance(value, _ndarray) and _may_share_memory(value, argument)


def _parts(returned: Any, keys: list[str], remarks: list[str]) -> dict[str, Any]:
    """Return the parts of an answer by name; those that are left out, or not asked for, are not among them."""
    if returned is None or returned is ... or returned is NotImplemented:
        return {}
    if not keys:
        return {"": returned}
    if isinstance(returned, _ndarray):
        returned = [*returned] if returned.ndim else returned.item()
    if hasattr(returned, "_asdict"):
        returned = returned._asdict()
    if isinstance(returned, SimpleNamespace) or (is_dataclass(returned) and not isinstance(returned, type)):
        returned = vars(returned)
    if isinstance(returned, tuple | list) and len(returned) == len(keys):
        returned = dict(zip(keys, returned, strict=True))
    if not isinstance(returned, Mapping):
        size = f" of {len(returned)}" if isinstance(returned, tuple | list) else ""
        raise _RefusedError(f"expected a dictionary with {', '.join(keys)}, got {type(returned).__name__}{size}")
    given = {key: value for key, value in returned.items() if value is not None and value is not ...}
    unknown = ", ".join(str(key) for key in given if key not in keys)[:100]
    if unknown and not given.keys() & {*keys}:
        raise _RefusedError(f"expected a dictionary with {', '.join(keys)}, got {unknown} in it")
    remarks += [f"nobody asks for {unknown}, which it returns too"] if unknown else []
    return {key: given[key] for key in keys if key in given}


def _read(key: str, value: Any, remarks: list[str]) -> NDArray[Any]:
    """Return one part of an answer as an array; refuse what is none."""
    part = f"{key}: " if key else ""
    if isinstance(value, list | tuple):
        remarks.append(f"a {type(value).__name__} is read as an array")
    if isinstance(value, np.ma.MaskedArray):
        remarks.append("a masked array is read without its mask")
    detach = getattr(value, "detach", None)  # a tensor of PyTorch that has a gradient
    try:
        array = _asarray(detach() if callable(detach) else value)
    except Exception as error:
        raise _RefusedError(
            f"{part}expected numbers, got {type(value).__name__}, of which no array can be made"
        ) from error
    if array.size > LARGEST:
        raise _RefusedError(f"{part}expected fewer numbers, got an array of shape {array.shape}")
    odd = (
        [element for element in array.ravel().tolist() if not isinstance(element, Number)]
        if array.dtype == object
        else []
    )
    if odd or array.dtype.kind not in KINDS.replace("b", "") + "O":
        got = type(odd[0] if odd and array.ndim else value).__name__
        raise _RefusedError(
            f"{part}expected numbers, got {got if odd or got != 'ndarray' else f'an array of {array.dtype}'}"
        )
    return array


def _packed(key: str, array: NDArray[Any]) -> Any:
    """Return a part of an answer, packed; refuse what can't be."""
    try:
        return pack(array if array.dtype != object else _plain(array))
    except (OverflowError, TypeError) as error:
        part = f"{key}: " if key else ""
        raise _RefusedError(f"{part}expected numbers that a float can hold") from error


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of objects with what is no fraction made a float."""
    return _asarray([_exact(element) for element in array.ravel().tolist()], dtype=object).reshape(array.shape)


def _exact(element: Any) -> Any:
    number = float(element)
    if isinstance(element, int):
        return element
    short = isinstance(element, Fraction) and (element.numerator | element.denominator).bit_length() <= LONGEST
    return element if short else number


def load(source: str, file: str) -> tuple[ModuleType, dict[str, Any]]:
    r"""Run a student's file; return the module, and what is to be said of it.

    >>> module, reply = load("def f():\n    return 1\n1 / 0", "homework.py")
    >>> module.f(), reply["problem"]
    (1, 'ZeroDivisionError: division by zero, line 3: 1 / 0')
    """
    module = ModuleType("my_homework")
    module.__file__ = file
    sys.modules["my_homework"] = module
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    with watched(file) as reply:
        exec(compile(source, file, "exec"), vars(module))  # noqa: S102  this is what the process is for
    return module, reply
