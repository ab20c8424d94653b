"""A student's numbers beside others."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from claimcheck.grading.tasks import Quantity

Numbers = NDArray[Any]

TOLERANCE = 1e-9
"""The error, relative to the largest number of an array, that passes, and up to which a slip gives the same numbers."""

SINGLE = 1e-5
"""The same for single precision."""


def floats(values: Any) -> Numbers:
    """Return numbers of any kind as floats, or as complex numbers where they are.

    >>> from fractions import Fraction
    >>> floats(Fraction(1, 4)).tolist(), floats(1j).tolist()
    (0.25, 1j)
    """
    array = np.asarray(values)
    if array.dtype.kind != "c":
        return array.astype(float)
    return array.real.astype(float) if not array.imag.any() else array.astype(complex)


def fitted(value: Numbers, due: Numbers, quantity: Quantity) -> Numbers | None:
    """Return an answer in the shape that is due, or without the time 0 of it; None if it does not fit.

    Axes of length 1 may be more or fewer.

    >>> fitted(np.zeros((3, 1)), np.zeros(3), Quantity("h", 1)).shape
    (3,)
    >>> fitted(np.zeros(3), np.zeros(4), Quantity("h", 0)).shape
    (3,)
    """
    for shape in (due.shape, (due.shape[0] - 1, *due.shape[1:]) if quantity.first == 0 else due.shape):
        if [n for n in value.shape if n != 1] == [n for n in shape if n != 1]:
            return value.reshape(shape)
    return None


def beside(value: Numbers, due: Numbers, quantity: Quantity) -> Numbers:
    """Return what is due without the time 0, if the value has none.

    >>> beside(np.zeros(3), np.arange(4.0), Quantity("h", 0)).tolist()
    [1.0, 2.0, 3.0]
    """
    return due[1:] if quantity.first == 0 and value.shape == (due.shape[0] - 1, *due.shape[1:]) else due


def like(value: Numbers, numbers: Numbers) -> Numbers:
    """Return numbers in the shape of a value, if only axes of length 1 differ, and as they are if not.

    >>> like(np.zeros((1, 3)), np.zeros((3, 1))).shape, like(np.zeros(2), np.zeros(3)).shape
    ((1, 3), (3,))
    """
    differ = [n for n in value.shape if n != 1] != [n for n in numbers.shape if n != 1]
    return numbers if differ else numbers.reshape(value.shape)


def error(value: Numbers, due: Numbers, scale: float = 0.0) -> float:
    """Return the largest difference of two arrays, relative to the largest number that is due; infinity for NaN.

    It is relative to `scale` where this is larger, and to 1 where both are 0.

    >>> error(np.array([1.0, 2.5]), np.array([1.0, 2.0]))
    0.25
    """
    if not value.size:
        return 0.0
    with np.errstate(all="ignore"):
        worst = float(np.abs(value - due).max() / (max(np.abs(due).max(), scale) or 1.0))
    return worst if worst >= 0 else float("inf")


def floor(right: dict[str, Numbers]) -> float:
    """Return what counts as the size of the smallest parts of an answer: a hundredth of the largest number in it.

    A part that is much smaller than others has lost digits on its way, where it is made of them.

    >>> floor({"a": np.array([3.0, -200.0]), "b": np.zeros(2)})
    2.0
    """
    return 0.01 * max(map(size, right.values()))


def size(numbers: Numbers) -> float:
    """Return the largest number of an array, without its sign; 0 if there is none.

    >>> size(np.array([1.0, -2.0])), size(np.zeros(0))
    (2.0, 0.0)
    """
    return float(np.abs(numbers).max(initial=0.0))
