"""Numbers that count the operations done on them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw3.verify.boxes import boxed

_open_tallies: ContextVar[tuple["Tally", ...]] = ContextVar("open tallies", default=())


class Tally:
    """How often each operation was done while the tally was open, by name; 0 for one never done.

    A subtraction counts as an addition (`"add"`) and a division as a multiplication (`"mul"`); an
    elementwise function counts under its own name (`"tanh"`).

    >>> with tally() as t:
    ...     _ = counted(np.ones(3)) * 2.0
    >>> t["mul"], t["add"], t.total
    (3, 0, 3)
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def __getitem__(self, operation: str) -> int:
        return self.counts[operation]

    @property
    def total(self) -> int:
        """The number of operations of all kinds."""
        return self.counts.total()

    def __repr__(self) -> str:
        return f"Tally({', '.join(f'{name}={count}' for name, count in sorted(self.counts.items()))})"


@contextmanager
def tally() -> Iterator[Tally]:
    """Count, while the block runs, the operations on counted numbers. Blocks may nest.

    >>> with tally() as t:
    ...     z = counted(np.ones((2, 3))) @ np.ones((3, 4))
    >>> t
    Tally(add=16, mul=24)
    """
    opened = Tally()
    token = _open_tallies.set((*_open_tallies.get(), opened))
    try:
        yield opened
    finally:
        _open_tallies.reset(token)


def _count(operation: str) -> None:
    for opened in _open_tallies.get():
        opened.counts[operation] += 1


def _value(number: Any) -> Any:
    return number.value if isinstance(number, Counted) else number


def _binary(operation: str, function: Callable[[Any, Any], Any]) -> tuple[Any, Any]:
    """Return the operator and its reflection: each counts once and returns a counted number."""

    def forward(self: "Counted", other: Any) -> "Counted":
        _count(operation)
        return Counted(function(self.value, _value(other)))

    def reflected(self: "Counted", other: Any) -> "Counted":
        _count(operation)
        return Counted(function(_value(other), self.value))

    return forward, reflected


def _elementwise(name: str) -> Any:
    """Return the method that NumPy calls for its function `name` on arrays of objects."""

    def method(self: "Counted") -> "Counted":
        _count(name)
        return Counted(getattr(np, name)(self.value))

    return method


class Counted:
    """A number that counts the operations done on it into every open tally.

    >>> with tally() as t:
    ...     z = (Counted(2.0) + 1) ** 2
    >>> z.value, t
    (9.0, Tally(add=1, mul=1))
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    __add__, __radd__ = _binary("add", lambda a, b: a + b)
    __sub__, __rsub__ = _binary("add", lambda a, b: a - b)
    __mul__, __rmul__ = _binary("mul", lambda a, b: a * b)
    __truediv__, __rtruediv__ = _binary("mul", lambda a, b: a / b)
    tanh, exp, log, sqrt, sin, cos = map(_elementwise, ("tanh", "exp", "log", "sqrt", "sin", "cos"))

    def __pow__(self, exponent: Any) -> "Counted":
        """Raise to a power: n - 1 multiplications for a positive integer n, else one "pow"."""
        if isinstance(exponent, int) and exponent > 0:
            for _ in range(exponent - 1):
                _count("mul")
        else:
            _count("pow")
        return Counted(self.value ** _value(exponent))

    def __neg__(self) -> "Counted":
        _count("neg")
        return Counted(-self.value)

    def __repr__(self) -> str:
        return f"Counted({self.value!r})"


def counted(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of the same shape whose elements count the operations done on them.

    Raises TypeError unless `array` is a NumPy array.

    >>> counted(np.array([1.0, 2.0]))
    array([Counted(1.0), Counted(2.0)], dtype=object)
    """
    return boxed(array, lambda _, value: Counted(value))
