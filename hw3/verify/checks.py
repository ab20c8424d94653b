"""Two results set against each other, and what came of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import starmap
from math import inf, isfinite
from numbers import Real
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one comparison: whether it passed, and a sentence with the figure that decided.

    A check is true if it passed, so that `assert check, check.evidence` reads as it should.

    >>> Check(passed=1 + 1 == 2, evidence="1 + 1 is 2")
    passed: 1 + 1 is 2
    """

    passed: bool
    evidence: str

    def __post_init__(self) -> None:
        """Refuse what is no outcome: a truthy object would pass for a check that passed."""
        if isinstance(self.passed, np.bool):
            object.__setattr__(self, "passed", bool(self.passed))
        if not isinstance(self.passed, bool):
            raise TypeError(f"passed: expected a bool, got {type(self.passed).__name__}")
        if not isinstance(self.evidence, str):
            raise TypeError(f"evidence: expected a str, got {type(self.evidence).__name__}")

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
    infinite where 0 was expected and something else came, or where one is not a number. The check
    passes if no error exceeds the tolerance.

    Parameters
    ----------
    actual, expected
        Numbers or arrays of any kind of number, or lists of them, nested alike: one entry an instance.
    tolerance
        The largest relative error that passes; 0 asks for equality, and compares exactly.

    Returns
    -------
    Check
        Passed or not, with the figure.

    Raises
    ------
    TypeError
        If something is no number, or the tolerance no real number.
    ValueError
        If shapes or lengths differ (nothing is broadcast), there is nothing to compare, or the
        tolerance is negative or not finite.

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
    if tolerance < 0 or not isfinite(tolerance):
        raise ValueError(f"tolerance: expected a finite number, 0 or more, got {tolerance}")
    pairs = list(_pairs(actual, expected, "actual"))
    if not pairs:
        raise ValueError("actual: expected at least one number to compare, got none")

    numbers = _extent(len(pairs), len(actual) if isinstance(actual, list) else None)
    if tolerance == 0:
        different = [(a, e) for a, e in pairs if a != e]
        if not different:
            return Check(passed=True, evidence=f"{numbers}, {'all equal' if len(pairs) > 1 else 'equal'}")
        got, due = different[0]
        return Check(passed=False, evidence=f"{len(different):,} of {numbers} differ: first {got}, expected {due}")
    worst = max(starmap(_relative_error, pairs))
    return Check(
        passed=bool(worst <= tolerance),
        evidence=f"largest relative error {float(worst):.1e} over {numbers}, tolerance {float(tolerance):.0e}",
    )


def every(answers: Mapping[Any, bool]) -> Check:
    """Check that the answer is yes in every instance; the evidence names the first where it is no.

    Raises TypeError if `answers` is no mapping of instances to bools, ValueError if it is empty.

    >>> every({n: n % 2 == 1 for n in (1, 3, 5)})
    passed: true in all 3 instances
    >>> every({n: 2**n > n**2 for n in range(1, 10)})
    failed: true in 6 of 9 instances, not for 2
    """
    if not isinstance(answers, Mapping):
        raise TypeError(f"answers: expected a mapping of instances to bools, got {type(answers).__name__}")
    if not answers:
        raise ValueError("answers: expected at least one instance, got none")
    for instance, answer in answers.items():
        if not isinstance(answer, bool | np.bool):
            raise TypeError(f"answers[{instance!r}]: expected a bool, got {type(answer).__name__}")
    if all(answers.values()):
        return Check(passed=True, evidence=f"true in all {_plural(len(answers), 'instance')}")
    counterexample = next(instance for instance, answer in answers.items() if not answer)
    true = sum(map(bool, answers.values()))
    instances = _plural(len(answers), "instance")
    return Check(passed=False, evidence=f"true in {true:,} of {instances}, not for {counterexample}")


def _pairs(actual: Any, expected: Any, name: str) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs of numbers to compare."""
    if isinstance(actual, list | tuple) and isinstance(expected, list | tuple):
        if len(actual) != len(expected):
            raise ValueError(f"{name}: expected {len(expected)} entries, got {len(actual)}")
        for index, (a, e) in enumerate(zip(actual, expected, strict=True)):
            yield from _pairs(a, e, f"{name}[{index}]")
        return
    a, e = np.asarray(actual), np.asarray(expected)
    for array in (a, e):
        if array.dtype.kind not in "biufcO":
            raise TypeError(f"{name}: expected numbers, got an array of {array.dtype}")
    if a.shape != e.shape:
        raise ValueError(f"{name}: expected shape {e.shape}, got {a.shape}")
    yield from zip(a.ravel().tolist(), e.ravel().tolist(), strict=True)


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
