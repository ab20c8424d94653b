"""A student's functions called on the instances of their tasks, and what is found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from claimcheck.grading.comparing import SINGLE, TOLERANCE, Numbers, beside, error, fitted, floats, floor
from claimcheck.grading.diagnosis import Answer, Evidence, Explanation, diagnose
from claimcheck.grading.running import Outcome, Runner
from claimcheck.grading.slips import Library
from claimcheck.grading.tasks import Instance, Quantity, Task, Values

NEAR = 1e-3
"""The error up to which numbers look like the right ones, by derivatives that are not exact."""

SIMPLER = 60
"""How many simpler instances are tried for a part of an answer, once the first that fails is found."""


class Failure(NamedTuple):
    """A wrong number: the instance, its place in the answer, what the student has there, and what is right."""

    instance: Instance
    place: tuple[int, ...]
    value: Any
    right: Any


@dataclass
class Part:
    """What was found of a part of an answer: its status, how that is meant, and the smallest instance that fails.

    The status is "right", "wrong", "stopped" or "not answered".
    """

    key: str
    status: str
    words: str = ""
    failure: Failure | None = None


@dataclass
class Result:
    """What was found of a task."""

    task: Task
    parts: list[Part]
    problem: str = ""
    remarks: tuple[str, ...] = ()
    printed: str = ""
    explanations: list[Explanation] = field(default_factory=list)

    @property
    def status(self) -> str:
        """The status of the worst part that was answered."""
        found = {part.status for part in self.parts}
        return next(status for status in ("stopped", "wrong", "right", "not answered") if status in found)


class GraderError(Exception):
    """The instruments contradict the solutions, and neither may judge a student."""


class Trial(NamedTuple):
    """An instance of a task with a student's answer, as it came and in the shape that is due, and the right one."""

    task: Task
    instance: Instance
    outcome: Outcome
    answer: Answer
    right: Answer

    def unfilled(self) -> list[str]:
        """Return, in words, which parts were left at 0 at time 0."""
        left = [key for key, value in self.answer.items() if value.size != self.outcome.values[key].size]
        return [f"{self.task.quantities[key].label} is 0 at time 0, and is compared without it" for key in left]

    def error(self, key: str) -> float:
        """Return the error of a part; infinity for one of another shape, or left out."""
        value, due = self.answer.get(key), self.due(key)
        return error(value, due, floor(self.right)) if value is not None and value.shape == due.shape else float("inf")

    def due(self, key: str) -> Numbers:
        """Return what is right for a part, without the time 0 if the student left it out."""
        due = self.right[key]
        return beside(self.answer[key], due, self.task.quantities[key]) if key in self.answer else due


def check(task: Task, runner: Runner, library: Library) -> Result:
    """Call a student's function on all instances, and return what is found."""
    if task.name not in runner.functions:
        return _of_all(task, "not answered")
    trials = []
    for instance in (*task.small(), *task.random()):
        trials.append(trial := _try(task, runner, library, instance))
        if trial.outcome.problem:
            return _of_all(task, "stopped", trial)
    answered = [key for key in task.quantities if any(key in trial.answer for trial in trials)]
    if not answered:
        return _of_all(task, "not answered", trials[0])
    single = any(_is_single(value) for trial in trials for value in trial.outcome.values.values())
    parts = [_part(key, trials, answered, single=single) for key in task.quantities]
    result = Result(task, parts, "", _remarks(trials), trials[0].outcome.printed)
    if task.exact and not single:
        _compare_exactly(result, runner, library)
    _expect_truth(task, trials)
    wrong = [part for part in parts if part.status == "wrong"]
    for part in wrong:
        part.failure = _smallest(part.key, trials, lambda instance: _try(task, runner, library, instance))
    if wrong:
        result.explanations = diagnose(_evidence(task, trials, SINGLE if single else TOLERANCE), library)
    return result


def _evidence(task: Task, trials: list[Trial], tolerance: float) -> Evidence:
    """Return the trials as evidence: first the instance that costs least, then the two that tell most."""
    random = trials[-len(task.sizes) :]
    told = [random[-1], *random[1::-1], *random[2:-1], *trials[: -len(task.sizes)]]
    instances, answers, right = zip(*((trial.instance, trial.answer, trial.right) for trial in told), strict=True)
    return Evidence(task, [*instances], [*answers], [*right], tolerance)


def _of_all(task: Task, status: str, trial: Trial | None = None) -> Result:
    """Return the same status for all parts of a task: of a function that stopped, or did nothing."""
    parts = [Part(key, status) for key in task.quantities]
    if trial is None:
        return Result(task, parts)
    where = f" (first where {sizes_in_words(trial.instance)})" if trial.outcome.problem else ""
    return Result(task, parts, trial.outcome.problem + where, trial.outcome.remarks, trial.outcome.printed)


def sizes_in_words(instance: Instance) -> str:
    """Return the sizes of an instance in words.

    >>> sizes_in_words(Instance({"T": 3, "D": 2}, {}))
    'T = 3, D = 2'
    """
    return ", ".join(f"{name} = {size}" for name, size in instance.sizes.items())


def _try(task: Task, runner: Runner, library: Library, instance: Instance) -> Trial:
    """Return a student's answer to an instance, and the right one."""
    outcome = runner.call(task.name, task.arguments(instance.values), task.keys)
    due = {key: floats(value) for key, value in task.ways[0](library.planted(()), instance.values).items()}
    answer = {}
    for key, value in outcome.values.items():
        numbers = floats(value)
        fit = fitted(numbers, due[key], task.quantities[key])
        answer[key] = numbers if fit is None else _filled_in(fit, due[key], task.quantities[key])
    return Trial(task, instance, outcome, answer, due)


def _filled_in(value: Numbers, due: Numbers, quantity: Quantity) -> Numbers:
    """Return numbers without those of time 0, if they were left at 0 there, as an array of zeros has them."""
    left = quantity.first == 0 and value.shape == due.shape and due[0].any() and not value[0].any()
    return value[1:] if left else value


def _is_single(value: Numbers) -> bool:
    return value.dtype.kind == "f" and value.dtype.itemsize < np.dtype(float).itemsize


def _remarks(trials: list[Trial]) -> tuple[str, ...]:
    """Return what is to be said of calls, each once."""
    said = [remark for trial in trials for remark in trial.outcome.remarks]
    return tuple(dict.fromkeys([*said, *(remark for trial in trials for remark in trial.unfilled())]))


def _part(key: str, trials: list[Trial], answered: list[str], *, single: bool) -> Part:
    """Return whether a part of the answers is right, and to how many digits if not to all."""
    if key not in answered:
        return Part(key, "not answered")
    worst = max(trial.error(key) for trial in trials)
    if worst <= TOLERANCE:
        return Part(key, "right")
    if worst <= SINGLE:
        why = "in single precision" if single else "as of single precision, or of differences for derivatives"
        return Part(key, "right", f"up to {worst:.0e}: {why}")
    near = f"off by up to {worst:.0e}: are derivatives one-sided differences, or is something left out that is small?"
    return Part(key, "wrong", _odd(key, trials) or near * (worst <= NEAR))


def _odd(key: str, trials: list[Trial]) -> str:
    """Return what is odd about a part but its numbers: where it is left out, has another shape, or is no number."""
    for trial in trials:
        value, due = trial.answer.get(key), trial.due(key)
        if value is None:
            return f"left out where {sizes_in_words(trial.instance)}"
        if value.shape != due.shape:
            return f"shape {value.shape}, expected {due.shape}, where {sizes_in_words(trial.instance)}"
        if value.dtype.kind == "c":
            return f"complex numbers, where {sizes_in_words(trial.instance)}"
        if not np.isfinite(value).all():
            return f"{value[~np.isfinite(value)][0]} among the numbers, where {sizes_in_words(trial.instance)}"
        if trial.outcome.values[key].dtype == np.float16:
            return "half precision, which is too coarse to tell right from wrong"
    return ""


def _compare_exactly(result: Result, runner: Runner, library: Library) -> None:
    """Ask for fractions, if the student's code takes them, and compare those exactly."""
    task = result.task
    instance = next(task.random())
    values = {name: fractions(value) for name, value in instance.values.items()}
    outcome = runner.call(task.name, task.arguments(values), task.keys)
    right = task.ways[0](library.planted(()), values)
    for part in result.parts:
        value = outcome.values.get(part.key)
        if part.status == "right" and value is not None and value.dtype.kind in "Oi" and _all_exact(value):
            due = np.asarray(right[part.key])
            fit = fitted(value, due, task.quantities[part.key])
            equal = fit is not None and bool(np.all(fit == due))
            part.words = "exactly, in fractions" if equal else "not exactly: it rounds fractions"


def fractions(value: Any) -> Any:
    """Return a float, or an array of floats, as fractions.

    >>> fractions(0.5), fractions(3)
    (Fraction(1, 2), 3)
    """
    if isinstance(value, np.ndarray):
        exact = [Fraction(number) for number in value.ravel().tolist()]
        return np.array(exact, dtype=object).reshape(value.shape)
    return Fraction(value) if isinstance(value, float) else value


def _all_exact(value: Numbers) -> bool:
    return all(isinstance(number, int | Fraction) for number in value.ravel().tolist())


def _expect_truth(task: Task, trials: list[Trial]) -> None:
    """Raise GraderError unless the instrument says the same as the solutions, for an instance of each of four sizes."""
    if task.truth is None:
        return
    for trial in trials[:12:3]:
        for key, value in task.truth(trial.instance.values).items():
            if not error(floats(value), trial.right[key]) <= TOLERANCE:
                raise GraderError(
                    f"{task.name}, {key}: {floats(value)} by the instrument, {trial.right[key]} by the formula"
                )


def _smallest(key: str, trials: list[Trial], attempt: Callable[[Instance], Trial]) -> Failure:
    """Return the smallest instance, with the simplest numbers that were found, in which a part is wrong."""
    failed, tried = next(trial for trial in trials if trial.error(key) > SINGLE), 0
    for name, place, number in _simpler(failed.instance.values):
        values = failed.instance.values
        array = values[name].copy()
        array[place] = number and np.sign(abs(array[place]))  # 1 for what is not 0
        if tried < SIMPLER and not np.array_equal(array, values[name]):
            tried += 1
            trial = attempt(Instance(failed.instance.sizes, values | {name: array}))
            failed = trial if trial.error(key) > SINGLE and not trial.outcome.problem else failed
    return _failure(key, failed)


def _simpler(values: Values) -> Iterator[tuple[str, Any, float]]:
    """Yield changes that make an instance simpler: all of an array 0, one number in it 0, one number in it 1."""
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    yield from ((name, ..., 0.0) for name in arrays)
    for number in (0.0, 1.0):
        yield from ((name, place, number) for name, array in arrays.items() for place in np.ndindex(array.shape))


@np.errstate(all="ignore")
def _failure(key: str, trial: Trial) -> Failure:
    """Return where a part of an answer is wrong most."""
    value, due = trial.answer.get(key), trial.due(key)
    if value is None or value.shape != due.shape:
        return Failure(trial.instance, (), None, None)
    differences = np.nan_to_num(np.abs(value - due), nan=np.inf)
    place = np.unravel_index(differences.argmax(), differences.shape)
    first = len(trial.right[key]) - len(due) if due.ndim else 0  # the time 0 may have been left out
    shown = tuple(int(n) + (first if axis == 0 else 0) for axis, n in enumerate(place))
    return Failure(trial.instance, shown, value[place].item(), due[place].item())
