"""Numbers that count the operations done on them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from numpy.typing import NDArray

from claimcheck.boxes import Box, boxed, cost

_open_tallies: ContextVar[tuple["Tally", ...]] = ContextVar("open tallies", default=())


class Tally:
    """How often each operation was done while the tally was open, by name; 0 for one never done.

    A subtraction counts as an addition (`"add"`) and a division as a multiplication (`"mul"`); an
    elementwise function counts under its own name (`"tanh"`).

    >>> import numpy as np
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

    >>> import numpy as np
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


class Counted(Box):
    """A number that counts the operations done on it into every open tally.

    z**n counts n - 1 multiplications for an integer n > 0, else one "pow"; a comparison counts nothing.

    >>> with tally() as t:
    ...     z = (Counted(2.0) + 1) ** 2
    >>> z.value, t
    (9.0, Tally(add=1, mul=1))
    """

    __slots__ = ()

    @classmethod
    def _operate(cls, kind: str, function: Callable[..., Any], *operands: Any) -> Self:
        """Count the operation, then do it."""
        counts_as, times = cost(kind, operands)
        for opened in _open_tallies.get() if times else ():
            opened.counts[counts_as] += times
        return cls(function(*map(cls.bare, operands)))

    def __repr__(self) -> str:
        return f"Counted({self.value!r})"


def counted(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of the same shape whose elements count the operations done on them.

    Raises TypeError unless `array` is a NumPy array.

    >>> import numpy as np
    >>> counted(np.array([1.0, 2.0]))
    array([Counted(1.0), Counted(2.0)], dtype=object)
    """
    return boxed(array, lambda _, value: Counted(value))
