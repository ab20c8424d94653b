"""Two results set against each other, and what came of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import starmap
from math import inf
from numbers import Number, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one comparison: whether it passed, and a sentence with the figure that decided.

    Made by `agree`, `every` and `identical`, never by hand: an outcome is computed. A check is true if
    it passed, so that `assert check, check.evidence` reads as it should.

    >>> agree(1 + 1, 2, tolerance=0)
    passed: 1 number, equal
    """

    passed: bool
    evidence: str

    def __post_init__(self) -> None:
        raise TypeError("Check: expected to be made by agree, every or identical, got one made by hand")

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"{'passed' if self.passed else 'failed'}: {self.evidence}"

    def _repr_html_(self) -> str:
        mark, word = ("✓", "passed") if self.passed else ("✗", "failed")
        return (
            f'<p class="check check-{word}"><span class="check-mark" aria-hidden="true">{mark}</span> '
            f"<strong>{word}</strong> {evidence_html(self.evidence)}</p>"
        )


def _check(passed: bool, evidence: str) -> Check:
    """Make a check, as the instruments do when they have computed its outcome."""
    check = object.__new__(Check)
    object.__setattr__(check, "passed", passed)
    object.__setattr__(check, "evidence", evidence)
    return check


def evidence_html(evidence: str) -> str:
    """Return the sentence as HTML, with figures such as 1e-10 kept on one line.

    >>> evidence_html("1 < 2")
    '1 &lt; 2'
    """
    return escape(unbroken(evidence))


def unbroken(sentence: str) -> str:
    """Return the sentence with figures such as 1e-10 kept on one line, by another hyphen.

    >>> unbroken("1e-10")
    '1e\N{NON-BREAKING HYPHEN}10'
    """
    return re.sub(r"(?<=\de)-(?=\d)", "\N{NON-BREAKING HYPHEN}", sentence)


def agree(actual: Any, expected: Any, tolerance: float) -> Check:
    """Compare two results number by number and return the largest relative error as a `Check`.

    The error of a number is abs(actual - expected) / abs(expected); it is 0 where both are equal and
    infinite where 0 was expected and something else came, or what came is infinite or nan. The check
    passes if no error exceeds the tolerance.

    Parameters
    ----------
    actual, expected
        Numbers or arrays of any kind of number, or lists of them, nested alike: one entry an instance.
        Bools are compared with bools only.
    tolerance
        The largest relative error that passes, below 1; 0 asks for equality, and compares exactly.

    Returns
    -------
    Check
        Passed or not, with the figure.

    Raises
    ------
    TypeError
        If something is no number, a bool stands against a number, or the tolerance is no real number.
    ValueError
        If shapes or lengths differ (nothing is broadcast), a list or an array is empty, what is
        expected is infinite or nan, or the tolerance is negative, or 1 or more: 0 would pass for anything.

    Examples
    --------
    >>> import numpy as np
    >>> agree(np.array([1.0, 2.0]), np.array([1.0, 2.5]), tolerance=1e-9)
    failed: largest relative error 2.0e-01 over 2 numbers, tolerance 1e-09
    >>> agree([3, 4], [3, 4], tolerance=0)
    passed: 2 instances, all equal
    """
    if isinstance(tolerance, bool) or not isinstance(tolerance, Real):
        raise TypeError(f"tolerance: expected a real number, got {type(tolerance).__name__}")
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance: expected a number from 0 to below 1, got {tolerance}")
    with np.errstate(all="ignore"):
        pairs = list(_pairs(actual, expected))
        extent = _extent(len(pairs), len(actual) if isinstance(actual, list) else None)
        return _equal(pairs, extent) if tolerance == 0 else _near(pairs, extent, tolerance)


def every(answers: Mapping[Any, bool] | Iterable[tuple[Any, bool]]) -> Check:
    """Check that the answer is yes in every instance; the evidence names the first where it is no.

    Takes a mapping of labels to bools, or pairs of them: no two labels may read alike. Raises TypeError
    for anything else, ValueError if a label is repeated or there is none.

    >>> every({n: n % 2 == 1 for n in (1, 3, 5)})
    passed: true in all 3 instances
    >>> every((n, 2**n > n**2) for n in range(1, 10))
    failed: true in 6 of 9 instances, not for 2
    """
    labelled = list(_labelled(answers))
    if not labelled:
        raise ValueError("answers: expected at least one instance, got none")
    failed = [label for label, answer in labelled if not answer]
    instances = _plural(len(labelled), "instance")
    if not failed:
        return _check(passed=True, evidence=f"true in all {instances}")
    true = len(labelled) - len(failed)
    return _check(passed=False, evidence=f"true in {true:,} of {instances}, not for {failed[0]}")


def _labelled(answers: Any) -> Iterator[tuple[str, bool]]:
    """Yield each label, as it reads, and its answer."""
    if not isinstance(answers, Iterable):
        raise TypeError(f"answers: expected labels with bools, got {type(answers).__name__}")
    seen = set()
    for pair in answers.items() if isinstance(answers, Mapping) else answers:
        if not (isinstance(pair, tuple) and len(pair) == 2):  # noqa: PLR2004  a pair is two
            raise TypeError(f"answers: expected pairs of a label and a bool, got {type(pair).__name__} {pair!r}")
        label, answer = str(pair[0]), pair[1]
        if not isinstance(answer, bool | np.bool):
            raise TypeError(f"answers[{pair[0]!r}]: expected a bool, got {type(answer).__name__}")
        if label in seen:
            raise ValueError(f"answers[{pair[0]!r}]: expected each label once, got it again")
        seen.add(label)
        yield label, bool(answer)


def _pairs(actual: Any, expected: Any, at: str = "") -> Iterator[tuple[Any, Any]]:
    """Yield the pairs of numbers to compare; `at` says where in the lists they stand."""
    if isinstance(actual, list | tuple) and isinstance(expected, list | tuple):
        if len(actual) != len(expected):
            raise ValueError(f"actual{at}: expected {len(expected)} entries, got {len(actual)}")
        _expect_some(at, len(actual))
        for index, (a, e) in enumerate(zip(actual, expected, strict=True)):
            yield from _pairs(a, e, f"{at}[{index}]")
        return
    got, due = _numbers(f"actual{at}", actual), _numbers(f"expected{at}", expected)
    if got.shape != due.shape:
        raise ValueError(f"actual{at}: expected shape {due.shape}, got {got.shape}")
    _expect_some(at, got.size)
    for a, e in zip(got.ravel().tolist(), due.ravel().tolist(), strict=True):
        _expect_comparable(at, a, e)
        yield a, e


def _numbers(name: str, values: Any) -> NDArray[Any]:
    array = np.asarray(values)
    if array.dtype.kind not in "biufcO":
        raise TypeError(f"{name}: expected numbers, got an array of {array.dtype}")
    for value in array.flat if array.dtype == object else ():
        if not isinstance(value, Number):
            raise TypeError(f"{name}: expected numbers, got {type(value).__name__}")
    return array


def _expect_some(at: str, count: int) -> None:
    if not count:
        raise ValueError(f"actual{at}: expected at least one number to compare, got none")


def _expect_comparable(at: str, actual: Any, expected: Any) -> None:
    """Refuse a bool beside a number, and the infinite and nan, which are equal to all that overflowed."""
    if isinstance(actual, bool) != isinstance(expected, bool):
        raise TypeError(f"actual{at}: expected {type(expected).__name__}, got {type(actual).__name__}")
    if expected - expected != 0:
        raise ValueError(f"expected{at}: expected finite numbers, got {expected}")


def _equal(pairs: list[tuple[Any, Any]], extent: str) -> Check:
    different = [(a, e) for a, e in pairs if a != e]
    if not different:
        return _check(passed=True, evidence=f"{extent}, {'all equal' if len(pairs) > 1 else 'equal'}")
    got, due = different[0]
    return _check(passed=False, evidence=f"{len(different):,} of {extent} differ: first {got}, expected {due}")


def _near(pairs: list[tuple[Any, Any]], extent: str, tolerance: float) -> Check:
    worst = max(starmap(_relative_error, pairs))
    evidence = f"largest relative error {float(worst):.1e} over {extent}, tolerance {float(tolerance):.0e}"
    return _check(passed=bool(worst <= tolerance), evidence=evidence)


def _relative_error(actual: Any, expected: Any) -> Any:
    if actual == expected:
        return 0
    if expected == 0:
        return inf
    error = abs(actual - expected) / abs(expected)
    return error if error >= 0 else inf


def _extent(count: int, instances: int | None) -> str:
    if instances == count:
        return _plural(count, "instance")
    return _plural(count, "number") + (f" in {_plural(instances, 'instance')}" if instances is not None else "")


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
