"""What a student is asked: functions, the instances on which they are called, and what is right there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = dict[str, Any]
"""What an instance consists of, by name: arrays, which may be shrunk, and numbers."""

Numbers = Callable[..., NDArray[Any]]
"""Draws an array of the shape that is given."""

Sizes = dict[str, int]


class Quantity(NamedTuple):
    """Part of an answer: how it is written; the time of its first index, if it is one; the axes that are arguments."""

    label: str
    first: int | None = None
    axes: int = 0


class Instance(NamedTuple):
    """An instance of a task: its sizes, and the values."""

    sizes: Sizes
    values: Values


class Mistake(NamedTuple):
    """What a student may have computed instead, which is no slip in a line of the formulas.

    It is told in a sentence, with the claim that it offends; its numbers are computed of an instance's values.
    """

    says: str
    claim: str
    numbers: Callable[[Values], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Task:
    """A function that is asked of a student.

    Parameters
    ----------
    name, group
        The name of the function in the student's file, and the heading under which it is shown.
    quantities
        The parts of the answer; one, named "", if it has no parts.
    sizes
        The sizes of the instances, those first that are small to a reader.
    draw
        Draws the values of an instance of given sizes, by a function that draws arrays.
    arguments
        The arguments, by name, that the student's function takes for these values.
    ways
        Functions that return the right answer, by part, from the modules and an instance's values: more than one, where
        the modules compute the same in several ways.
    module
        The module that the slips of this task are planted in.
    truth
        What an instrument says is right, as far as it does; it must agree.
    mistakes
        What a student may have computed instead.
    scales
        Factors, by name, that a student may have taken too much or too little, for given sizes.
    rearranged
        What a student may have made of an array of the answer, by name, in words.
    exact
        Whether fractions give a fraction.
    linear
        The values in which, together, the answer is linear: they may be large.
    pairs
        Whether two slips at once are sought; not where the answer says too little to tell them.
    shown
        What is told of an instance's values, by name.
    """

    name: str
    group: str
    quantities: Mapping[str, Quantity]
    sizes: tuple[Sizes, ...]
    draw: Callable[[Sizes, Numbers], Values]
    arguments: Callable[[Values], dict[str, Any]]
    ways: tuple[Callable[[SimpleNamespace, Values], dict[str, Any]], ...]
    module: str
    truth: Callable[[Values], dict[str, Any]] | None = None
    mistakes: tuple[Mistake, ...] = ()
    scales: Callable[[Sizes], dict[str, float]] = lambda sizes: {}  # noqa: ARG005
    rearranged: Callable[[NDArray[Any]], dict[str, NDArray[Any]]] = lambda numbers: {}  # noqa: ARG005
    exact: bool = False
    linear: tuple[str, ...] = ()
    pairs: bool = True
    shown: Callable[[Values], dict[str, Any]] = dict

    @property
    def keys(self) -> list[str]:
        """The parts of an answer that has several; none, where it is one."""
        return [key for key in self.quantities if key]

    def small(self) -> Iterator[Instance]:
        """Yield instances of small whole numbers, three of each size."""
        rng = np.random.default_rng(3)
        for sizes in self.sizes:
            for _ in range(3):
                yield Instance(sizes, self.draw(sizes, lambda *shape: rng.integers(-1, 3, shape).astype(float)))

    def random(self) -> Iterator[Instance]:
        """Yield instances of normal numbers, the largest first: it tells most. In the second, what may be is large."""
        rng = np.random.default_rng(18)
        for n, sizes in enumerate(self.sizes[::-1]):
            values = self.draw(sizes, lambda *shape: rng.normal(size=shape))
            large = {name: 1000 * values[name] for name in self.linear if n == 1}
            yield Instance(sizes, values | large)
