"""Arrays of objects: each number in a box that behaves as a number and does something besides."""

import operator
from collections.abc import Callable
from numbers import Number
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray


def boxed(array: NDArray[Any], box: Callable[[tuple[int, ...], Any], Any]) -> NDArray[Any]:
    """Return an array of the same shape with `box(index, value)` in place of each element."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"array: expected a NumPy array, got {type(array).__name__}")
    boxes = np.empty(array.shape, dtype=object)
    for index in np.ndindex(array.shape):
        boxes[index] = box(index, array.item(index))
    return boxes


def cost(kind: str, operands: tuple[Any, ...]) -> tuple[str, int]:
    """Return what an operation counts as, and how often: z**n is n - 1 multiplications for an integer n > 0.

    >>> cost("pow", (2.0, 3)), cost("pow", (2.0, 0.5))
    (('mul', 2), ('pow', 1))
    """
    if kind == "pow" and isinstance(operands[1], int | np.integer) and operands[1] > 0:
        return "mul", int(operands[1]) - 1
    return kind, 1


def _operators(kind: str, function: Callable[[Any, Any], Any]) -> tuple[Any, Any]:
    """Return the operator and its reflection. What is no number is left to Python; an array so to NumPy."""

    def forward(self: "Box", other: Any) -> Any:
        return self._operate(kind, function, self, other) if self.takes(other) else NotImplemented

    def reflected(self: "Box", other: Any) -> Any:
        return self._operate(kind, function, other, self) if self.takes(other) else NotImplemented

    return forward, reflected


def _elementwise(kind: str, function: Callable[[Any], Any]) -> Any:
    """Return the method that Python or NumPy calls for a function of one number."""
    return lambda self: self._operate(kind, function, self)


@Number.register
class Box:
    """A number in a box. What an operation does besides computing, a subclass says once, in `_operate`.

    An operation is known by its kind: a subtraction is an addition, a division a multiplication; an
    elementwise function goes by its own name.
    """

    __slots__ = ("value",)
    kinds: ClassVar[tuple[type, ...]] = (float, int, Number)  # what it computes with; the first two are found fast

    def __init__(self, value: Any) -> None:
        if not self.takes(value):
            raise TypeError(f"value: expected a number for {type(self).__name__}, got {type(value).__name__}")
        self.value = self.bare(value)

    @classmethod
    def _operate(cls, kind: str, function: Callable[..., Any], *operands: Any) -> Self:  # noqa: ARG003  for subclasses
        """Return, in a box, `function` of the operands: boxes of this class, or numbers that it takes."""
        return cls(function(*map(cls.bare, operands)))

    @classmethod
    def takes(cls, number: Any) -> bool:
        """Return whether it computes with this number."""
        return isinstance(number, (cls, cls.kinds))

    @classmethod
    def bare(cls, number: Any) -> Any:
        """Return the value in a box of this class, any other number as it is."""
        return number.value if isinstance(number, cls) else number

    __add__, __radd__ = _operators("add", operator.add)
    __sub__, __rsub__ = _operators("add", operator.sub)
    __mul__, __rmul__ = _operators("mul", operator.mul)
    __truediv__, __rtruediv__ = _operators("mul", operator.truediv)
    __pow__, __rpow__ = _operators("pow", operator.pow)
    __neg__ = _elementwise("neg", operator.neg)
    tanh, exp, log = (_elementwise(f.__name__, f) for f in (np.tanh, np.exp, np.log))
    sqrt, sin, cos = (_elementwise(f.__name__, f) for f in (np.sqrt, np.sin, np.cos))

    def __eq__(self, other: object) -> bool:
        if not self.takes(other):
            return NotImplemented
        try:
            return self.same(self.value, self.bare(other))
        except (OverflowError, ValueError):  # infinity and nan are no fractions
            return False

    @staticmethod
    def same(value: Any, other: Any) -> bool:
        """Return whether two bare numbers are equal."""
        return bool(value == other)

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __hash__(self) -> int:
        return hash(self.value)
