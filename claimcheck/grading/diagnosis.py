"""Which slip gives a student's numbers. It is named only if it gives all of them, on every instance.

The search, in this order, ends with the first of the two lines that finds something:

- what is right, with some parts of it changed in one of the `changes`, or under the names of others; each slip alone,
  and each mistake that the task knows
- each slip, with some parts of what it gives changed so; each two slips at once
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice
from typing import NamedTuple

import numpy as np

from claimcheck.grading.comparing import TOLERANCE, Numbers, beside, error, floats, floor, like, size
from claimcheck.grading.slips import Library, Slip, apart
from claimcheck.grading.tasks import Instance, Mistake, Quantity, Task

Answer = dict[str, Numbers]
"""The parts of an answer."""


Place = tuple[int, str, int]
"""Where a number stands: in which instance, in which part, and at which place of its array."""

MUCH, LITTLE = 1e-5, 1e-11
"""Of the largest number of an array: what is surely moved, and what may be no more than rounding."""

MANY = 5
"""The numbers of an answer from which on it matters which of them a slip moves."""


KEPT = 3
"""The instances, the same for all students, on which the numbers that a slip gives are kept for the next."""

LARGE = slice(1, 3)
"""The instances that tell which numbers a slip moves."""


class Explanation(NamedTuple):
    """Slips, and what became of some parts of the answer after them, that together give a student's numbers."""

    slips: tuple[Slip | Mistake, ...]
    change: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """A student's answers to a task on instances, and the right ones."""

    task: Task
    instances: list[Instance]
    answers: list[Answer]
    right: list[Answer]
    tolerance: float = TOLERANCE

    @cached_property
    def sizes(self) -> list[dict[str, float]]:
        """What the parts of the right answers are measured by."""
        return [{key: max(size(numbers), floor(right)) for key, numbers in right.items()} for right in self.right]

    @property
    def scalar(self) -> bool:
        """Whether the answer is one number."""
        return all(not numbers.ndim for numbers in self.right[0].values())

    def same(self, value: Numbers, given: Numbers, n: int, key: str) -> bool:
        """Return whether numbers have the shape of others and are equal, measured by what is right in instance n."""
        given = like(value, beside(value, given, self.task.quantities[key]))
        return value.shape == given.shape and error(value, given, self.sizes[n][key]) <= self.tolerance


@np.errstate(all="ignore")
def diagnose(evidence: Evidence, library: Library) -> list[Explanation]:
    """Return what gives the student's numbers: nothing, if nothing does; more than one, where the numbers are equal.

    One number says too little to tell a slip with a factor, and where the task says so, too little to tell two.
    """
    if not _telling(evidence):
        return []
    search = Search(evidence, library)
    alone = [found for slip in search.slips for found in search.explained((slip,))]
    alone += [Explanation((mistake,)) for mistake in evidence.task.mistakes if search.gives(mistake)]
    alone += [] if alone and evidence.scalar else [*search.explained((), "any"), *search.exchanged()]
    if alone or not evidence.task.pairs:
        return alone
    named = [] if evidence.scalar else [found for slip in search.slips for found in search.explained((slip,), "named")]
    return named + search.pairs()


def changes(numbers: Numbers, part: Quantity, scales: dict[str, float]) -> Iterator[tuple[str, Numbers]]:
    """Yield what a student may have made of numbers at the end, in words, with what comes of it.

    >>> [words for words, _ in changes(np.ones((2, 2)), Quantity("w"), {"−1": -1.0})]
    ['times −1', 'transposed']
    """
    for words, factor in scales.items():
        yield f"times {words}", factor * numbers
    if numbers.ndim == 2 and part.first is None:  # noqa: PLR2004  a matrix has two axes
        yield "transposed", numbers.T
    if part.first is not None:
        nothing = np.zeros_like(numbers[:1])
        yield "one step early, nothing at the end", np.concatenate([numbers[1:], nothing])
        yield "one step late, nothing at the beginning", np.concatenate([nothing, numbers[:-1]])
        yield "one step early, the first at the end", np.roll(numbers, -1, axis=0)
        yield "one step late, the last at the beginning", np.roll(numbers, 1, axis=0)
        yield "one step early, the last twice", np.concatenate([numbers[1:], numbers[-1:]])
        yield "one step late, the first twice", np.concatenate([numbers[:1], numbers[:-1]])
        yield "in the reverse order of time", numbers[::-1]


def _telling(evidence: Evidence) -> bool:
    """Return whether the same parts are answered on all instances, and there is more in the wrong ones than zeros.

    Many slips give zeros; but a single number may be 0.
    """
    if any(answer.keys() != evidence.answers[0].keys() for answer in evidence.answers):
        return False
    return any(
        (value.any() or not right[key].ndim) and not evidence.same(value, right[key], n, key)
        for n, (answer, right) in enumerate(zip(evidence.answers, evidence.right, strict=True))
        for key, value in answer.items()
    )


class Search:
    """The slips that show on the first instance, with the numbers that they move there."""

    def __init__(self, evidence: Evidence, library: Library) -> None:
        self.evidence, self.library = evidence, library
        self.slips = [slip for slip in library.slips if slip.module == evidence.task.module]

    def pairs(self) -> list[Explanation]:
        """Return the pairs of slips that give the student's numbers.

        Only pairs are planted that together move what the student's numbers move, and in one way to compute them only,
        where they move the same in another.
        """
        pairs = [pair for pair in combinations(self.slips, 2) if apart(*pair)]
        if sum(value.size for answer in self.evidence.answers[LARGE] for value in answer.values()) < MANY:
            return [found for pair in pairs for found in self.explained(pair)]
        student, tried = self._moved(self.evidence.answers), set()
        found: dict[Explanation, None] = {}
        for way in range(len(self.evidence.task.ways)):
            moved = {slip: self._moved(self._given((slip,), way)) for slip in self.slips}
            for a, b in pairs:
                both = (a, moved[a], b, moved[b])
                if both not in tried and moved[a].much and moved[b].much and student.alike(moved[a], moved[b]):
                    tried.add(both)
                    found |= dict.fromkeys(self._of_way((a, b), way))
        return list(found)

    def gives(self, mistake: Mistake) -> bool:
        """Return whether a mistake gives the student's numbers."""
        evidence = self.evidence
        given = ({key: floats(part) for key, part in mistake.numbers(one.values).items()} for one in evidence.instances)
        return all(
            evidence.same(value, numbers[key], n, key)
            for n, (answer, numbers) in enumerate(zip(evidence.answers, given, strict=False))
            for key, value in answer.items()
        )

    def exchanged(self) -> Iterator[Explanation]:
        """Yield which parts bear the names of others, if each part is right under some name."""
        labels = {key: part.label for key, part in self.evidence.task.quantities.items()}
        names = {key: self._right_as(key) for key in labels if key in self.evidence.answers[0]}
        wrong = {key: others for key, others in names.items() if key not in others}
        if all(names.values()) and wrong:
            told = (f"{labels[key]} is {' or '.join(labels[other] for other in of)}" for key, of in wrong.items())
            yield Explanation((), f"under other names: your {', your '.join(told)}", (*wrong,))

    def _right_as(self, key: str) -> list[str]:
        """Return of which parts the student's numbers for one are the right ones."""
        same, each = self.evidence.same, list(enumerate(zip(self.evidence.answers, self.evidence.right, strict=True)))
        return [
            other
            for other in self.evidence.task.quantities
            if all(same(answer[key], right[other], n, other) for n, (answer, right) in each)
        ]

    def explained(self, slips: tuple[Slip, ...], changed: str = "") -> list[Explanation]:
        """Return how slips give a student's numbers: as they are, or with parts changed, in a "named" way or "any"."""
        ways = range(len(self.evidence.task.ways))
        return list(dict.fromkeys(found for way in ways for found in self._of_way(slips, way, changed)))

    def _of_way(self, slips: tuple[Slip, ...], way: int, changed: str = "") -> Iterator[Explanation]:
        """Yield the same for one way to compute the answer."""
        options = self._options(slips, way, changed)
        parts = tuple(key for key, words in options.items() if "" not in words)
        if options and not parts and not changed:
            yield Explanation(slips)
        for words in sorted(set.intersection(*(options[key] for key in parts))) if parts else ():
            yield Explanation(slips, words, parts)

    def _options(self, slips: tuple[Slip, ...], way: int, changed: str) -> dict[str, set[str]]:
        """Return for each part what must be done to it, in words, to give the student's; nothing, if one can't."""
        evidence, task, options = self.evidence, self.evidence.task, {}  # type: tuple[Evidence, Task, dict[str, set[str]]]
        factors: dict[str, dict[str, float]] = {}
        for n, (instance, answer, given) in enumerate(
            zip(evidence.instances, evidence.answers, self._given(slips, way), strict=True)
        ):
            for key, value in answer.items():
                if key not in given:
                    return {}
                if changed == "any" and not factors.get(key):
                    factors[key] = _factor(value, beside(value, given[key], task.quantities[key]))
                scales = task.scales(instance.sizes) | factors.get(key, {}) if changed else None
                numbers = beside(value, given[key], task.quantities[key])
                made = [("", numbers)]
                if scales is not None:
                    made += [*changes(numbers, task.quantities[key], scales), *task.rearranged(numbers).items()]
                fitting = {words for words, changed_to in made if evidence.same(value, changed_to, n, key)}
                options[key] = options[key] & fitting if key in options else fitting
                if not options[key]:
                    return {}
        return options

    def _given(self, slips: tuple[Slip, ...], way: int) -> Iterator[Answer]:
        """Yield the numbers that slips give on each instance; nothing from where on they give none."""
        task, known = self.evidence.task, self.library.known
        modules = None
        for n, instance in enumerate(self.evidence.instances):
            key = (task, slips, way, n)
            if key in known:
                yield known[key]
                continue
            try:
                modules = modules or self.library.planted(slips)
                with np.errstate(all="ignore"):
                    answer = {part: floats(value) for part, value in task.ways[way](modules, instance.values).items()}
            except Exception:  # noqa: BLE001  a formula with a slip in it may do anything
                answer = {}
            if n < KEPT and len(slips) == 1:
                known[key] = answer
            yield answer

    def _moved(self, answers: Iterable[Answer]) -> "Moved":
        """Return which numbers of the answers to two instances are not right."""
        evidence, much, little = self.evidence, set(), set()  # type: tuple[Evidence, set[Place], set[Place]]
        large = (islice(each, LARGE.start, LARGE.stop) for each in (answers, evidence.answers, evidence.right))
        for n, (answer, student, right) in enumerate(zip(*large, strict=True)):
            for key in student.keys() & answer.keys():
                value, due = (
                    beside(student[key], all_times[key], evidence.task.quantities[key]) for all_times in (answer, right)
                )
                away = np.abs(value - due) if value.shape == due.shape else np.full(due.shape, np.inf)
                for threshold, places in ((MUCH, much), (LITTLE, little)):
                    places |= {(n, key, int(place)) for place in np.flatnonzero(away > threshold * size(due))}
        return Moved(frozenset(much), frozenset(little))


class Moved(NamedTuple):
    """The numbers that are surely not right, and those that may not be."""

    much: frozenset[Place]
    little: frozenset[Place]

    def alike(self, first: "Moved", second: "Moved") -> bool:
        """Return whether two slips together may move these numbers, and no others."""
        return self.much <= first.little | second.little and first.much | second.much <= self.little


def _factor(value: Numbers, given: Numbers) -> dict[str, float]:
    """Return the factor, by its value in words, that may lead from numbers to a student's."""
    place = np.abs(given).argmax() if given.size and value.shape == given.shape else None
    if place is None or not given.flat[place]:
        return {}
    factor = float(np.real(value.flat[place] / given.flat[place]))
    words = f"{factor:.6g}".replace("-", "−")
    return {words: factor} if words not in {"0", "1"} else {}
