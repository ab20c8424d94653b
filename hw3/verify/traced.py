"""Numbers that remember which inputs they depend on, and through how many steps."""

from collections.abc import Callable
from operator import index as as_integer
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw3.verify.boxes import boxed

Index = tuple[int, ...]


def _operands(a: Any, b: Any) -> tuple[Any, Any, frozenset[Index], int]:
    """Return both values, the inputs that either depends on, and the longer chain."""
    a, b = (number if isinstance(number, Traced) else Traced(number, frozenset(), 0) for number in (a, b))
    return a.value, b.value, a.inputs | b.inputs, max(a.depth, b.depth)


def _binary(function: Callable[[Any, Any], Any], steps: int = 0) -> tuple[Any, Any]:
    """Return the operator and its reflection, which lengthen the chain by `steps`."""

    def forward(self: "Traced", other: Any) -> "Traced":
        a, b, inputs, depth = _operands(self, other)
        return Traced(function(a, b), inputs, depth + steps)

    def reflected(self: "Traced", other: Any) -> "Traced":
        a, b, inputs, depth = _operands(other, self)
        return Traced(function(a, b), inputs, depth + steps)

    return forward, reflected


def _elementwise(name: str) -> Any:
    """Return the method that NumPy calls for its function `name` on arrays of objects."""

    def method(self: "Traced") -> "Traced":
        return Traced(getattr(np, name)(self.value), self.inputs, self.depth)

    return method


class Traced:
    """A number with the inputs it depends on and its depth, the steps on the longest chain to it.

    A multiplication is a step: in a product of a vector and a matrix, every path from an element of
    the one to an element of the other passes just one. Sums and elementwise functions are not. A
    function that multiplies (the logistic function does) counts its products as steps too; tanh
    counts none.

    >>> z = Traced(2.0, frozenset({(0,)}), 0) * 3.0 + Traced(1.0, frozenset({(1,)}), 0)
    >>> z.value, sorted(z.inputs), z.depth
    (7.0, [(0,), (1,)], 1)
    """

    __slots__ = ("depth", "inputs", "value")

    def __init__(self, value: Any, inputs: frozenset[Index], depth: int) -> None:
        self.value, self.inputs, self.depth = value, inputs, depth

    __add__, __radd__ = _binary(lambda a, b: a + b)
    __sub__, __rsub__ = _binary(lambda a, b: a - b)
    __mul__, __rmul__ = _binary(lambda a, b: a * b, steps=1)
    __truediv__, __rtruediv__ = _binary(lambda a, b: a / b)
    __pow__, __rpow__ = _binary(lambda a, b: a**b)
    tanh, exp, log, sqrt, sin, cos = map(_elementwise, ("tanh", "exp", "log", "sqrt", "sin", "cos"))

    def __neg__(self) -> "Traced":
        return Traced(-self.value, self.inputs, self.depth)

    def __repr__(self) -> str:
        return f"Traced({self.value!r}, inputs={sorted(self.inputs)}, depth={self.depth})"


def traced(array: NDArray[Any], depth: int = 0) -> NDArray[Any]:
    """Return an array of the same shape whose elements remember what they depend on.

    Each element depends on itself, named by its index, and stands at the given depth. Raises
    TypeError unless `array` is a NumPy array and `depth` an integer, ValueError if it is negative.

    >>> x = traced(np.ones(3))
    >>> h = x @ np.ones((3, 2))
    >>> sorted(h[0].inputs), h[0].depth
    ([(0,), (1,), (2,)], 1)
    """
    if isinstance(depth, bool) or not hasattr(depth, "__index__"):
        raise TypeError(f"depth: expected an integer, 0 or more, got {type(depth).__name__}")
    if (start := as_integer(depth)) < 0:
        raise ValueError(f"depth: expected an integer, 0 or more, got {start}")
    return boxed(array, lambda index, value: Traced(value, frozenset({index}), start))
