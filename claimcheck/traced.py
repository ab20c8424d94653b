"""Numbers that remember which inputs they depend on, and through how many steps."""

from collections.abc import Callable
from operator import index as as_integer
from typing import Any, Self

from numpy.typing import NDArray

from claimcheck.boxes import Box, boxed, cost

Index = tuple[int, ...]


class Traced(Box):
    """A number with the inputs it depends on and its depth, the steps on the longest chain to it.

    A multiplication is a step: in a product of a vector and a matrix, every path from an element of
    the one to an element of the other passes just one. What a multiplication is, `Counted` says too: a
    division is one, z**n is n - 1. Sums and elementwise functions are none. A function that multiplies
    (the logistic function does) counts its products as steps too; tanh counts none.

    >>> z = Traced(2.0, frozenset({(0,)}), 0) * 3.0 + Traced(1.0, frozenset({(1,)}), 0)
    >>> z.value, sorted(z.inputs), z.depth
    (7.0, [(0,), (1,)], 1)
    """

    __slots__ = ("depth", "inputs")

    def __init__(self, value: Any, inputs: frozenset[Index], depth: int) -> None:
        super().__init__(value)
        self.inputs, self.depth = inputs, depth

    @classmethod
    def _operate(cls, kind: str, function: Callable[..., Any], *operands: Any) -> Self:
        """Do the operation; the result depends on all that an operand does, by the longest chain to any."""
        counts_as, times = cost(kind, operands)
        among = [operand for operand in operands if isinstance(operand, cls)]
        inputs = frozenset[Index]().union(*(operand.inputs for operand in among))
        depth = max(operand.depth for operand in among) + (times if counts_as == "mul" else 0)
        return cls(function(*map(cls.bare, operands)), inputs, depth)

    def __repr__(self) -> str:
        return f"Traced({self.value!r}, inputs={sorted(self.inputs)}, depth={self.depth})"


def traced(array: NDArray[Any], depth: int = 0) -> NDArray[Any]:
    """Return an array of the same shape whose elements remember what they depend on.

    Each element depends on itself, named by its index, and stands at the given depth. Raises
    TypeError unless `array` is a NumPy array and `depth` an integer, ValueError if it is negative.

    >>> import numpy as np
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
