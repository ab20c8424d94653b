"""What was found, as a student reads it in a terminal or a notebook, and as Gradescope does."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from itertools import groupby
from textwrap import wrap
from time import monotonic
from typing import Any

import numpy as np

from claimcheck.grading.checking import Part, Result, check, sizes_in_words
from claimcheck.grading.diagnosis import Explanation
from claimcheck.grading.running import Runner
from claimcheck.grading.slips import Library
from claimcheck.grading.tasks import Task

WIDTH = 88
MARKS = {"wrong": "✗", "stopped": "✗", "right": "✓", "not answered": "·"}


@dataclass(repr=False)
class Report:
    """What was found of all tasks.

    `page_of` says where a claim's page is, `problem` why the file could not be read to its end, `seconds` how long the
    grader took, `misspelt` which functions have nearly the name of one that is asked. A notebook shows a report.
    """

    results: list[Result]
    page_of: Callable[[str], str]
    problem: str = ""
    seconds: float = 0.0
    misspelt: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether something was answered, and all that was is right."""
        return not self.problem and self.count("right") > 0 and not self.count("wrong") + self.count("stopped")

    def __getitem__(self, name: str) -> Result:
        return next(result for result in self.results if result.task.name == name)

    def count(self, status: str) -> int:
        """Return the number of parts of that status."""
        return sum(part.status == status for result in self.results for part in result.parts)

    def summary(self) -> str:
        """Return the numbers of parts of each status, in words."""
        counts = [(self.count(status), status) for status in ("right", "wrong", "stopped", "not answered")]
        return ", ".join(f"{count} {status}" for count, status in counts if count)

    def text(self) -> str:
        """Return the report for a terminal."""
        lines = [self.summary()]
        lines += [line for words in self._about() for line in _wrapped(words, "")]
        for group, results in groupby(self._answered(), lambda result: result.task.group):
            lines += ["", group, *(line for result in results for line in self._lines(result))]
        left_out = [result.task.name for result in self.results if result.status == "not answered"]
        lines += ["", *_wrapped(f"Not answered: {', '.join(left_out)}", "")] if left_out else []
        return "\n".join(lines)

    def gradescope(self) -> dict[str, Any]:
        """Return the report as Gradescope reads it from results.json: a point for each part of an answer."""
        tests = [
            {
                "name": f"{result.task.name}{': ' * bool(part.key)}{part.key}",
                "score": int(part.status == "right"),
                "max_score": 1,
                "output": "\n".join(
                    [
                        part.status,
                        *said_of_part(result, part),
                        *(self._named(result) if part.status == "wrong" else ()),
                        *self._aside(result),
                    ]
                ),
            }
            | ({"status": "passed" if part.status == "right" else "failed"} if part.status != "not answered" else {})
            for result in self.results
            for part in result.parts
        ]
        about = "\n".join([*self._about(), self.summary()])
        return {"output": about, "execution_time": round(self.seconds), "tests": tests}

    def html(self) -> str:
        """Return the report as a page of its own."""
        return _PAGE.format(title=escape(self.summary()), body=self._repr_html_())

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        rows = [f'<p class="grading-sum">{escape(self.summary())}</p>']
        rows += [f"<p>{escape(words)}</p>" for words in self._about()]
        for group, results in groupby(self._answered(), lambda result: result.task.group):
            rows += [f"<h3>{escape(group)}</h3>", "<dl>", *map(self._entry, results), "</dl>"]
        left_out = [result.task.name for result in self.results if result.status == "not answered"]
        rows += [f"<p>Not answered: {escape(', '.join(left_out))}</p>"] if left_out else []
        return f'<div class="grading"><style>{_STYLE}</style>{"".join(rows)}</div>'

    def _about(self) -> list[str]:
        """Return what is to be said of the file."""
        return [f"The file could not be read to its end: {self.problem}"] * bool(self.problem) + [*self.misspelt]

    def _answered(self) -> list[Result]:
        return [result for result in self.results if result.status != "not answered"]

    def _link(self, claim: str) -> str:
        """Return a claim's name as HTML, which leads to its page where the address of that is known.

        Where it is not, `claimcheck.sphinx` knows it, on the pages that it makes.
        """
        page, name = escape(self.page_of(claim)), escape(claim)
        return f'<a href="{page}">{name}</a>' if "://" in page else f'<span data-claim="{name}">{name}</span>'

    def _named(self, result: Result) -> Iterator[str]:
        """Yield which slips give the numbers, with where the pages are that they refer to."""
        for words, claims in explained(result):
            yield words
            yield from (f"See {self.page_of(claim)}" for claim in claims)

    @staticmethod
    def _aside(result: Result) -> Iterator[str]:
        """Yield what is to be said of the calls of a function."""
        if result.problem:
            yield _sentence(result.problem)
        yield from (f"Also: {remark}." for remark in result.remarks)
        if result.printed:
            yield f"It printed: {_shortened(result.printed)}"

    def _lines(self, result: Result) -> Iterator[str]:
        """Yield the lines on a task: what it was, then where it shows."""
        yield from _wrapped(f"{MARKS[result.status]} {result.task.name:<16} {_statuses(result)}".rstrip(), "  ", 19)
        for words in (*self._named(result), *self._aside(result)):
            yield from _wrapped(words, "    " if words.startswith("See ") else "  → ")
        first, others = _failures(result)
        told = [] if result.explanations else others
        for words in [*first, *told[:TOLD]]:
            yield from _wrapped(words, "    ")
        if len(told) > TOLD:
            yield from _wrapped(f"And {len(told) - TOLD} more, where larger instances fail: --html tells them.", "    ")

    def _entry(self, result: Result) -> str:
        """Return the same as HTML."""
        mark = f'<span class="grading-mark">{MARKS[result.status]}</span> {escape(_statuses(result) or result.status)}'
        said = [f"<p>{escape(_sentence(result.problem))}</p>"] if result.problem else []
        for words, claims in explained(result):
            links = ", ".join(map(self._link, claims))
            said.append(f'<p class="grading-slip">{escape(words)}{" See " * bool(links)}{links}</p>')
        first, others = _failures(result)
        said += [f"<p>{escape(words)}</p>" for words in first]
        more = "".join(f"<p>{escape(words)}</p>" for words in others)
        said += [f"<details><summary>Where the others fail</summary>{more}</details>"] if more else []
        said += [f"<p>Also: {escape(remark)}.</p>" for remark in result.remarks]
        said += [f"<p>It printed: <code>{escape(_shortened(result.printed))}</code></p>"] if result.printed else []
        name = f"<code>{escape(result.task.name)}</code>"
        return f'<dt class="grading-{result.status}">{name} {mark}</dt><dd>{"".join(said)}</dd>'


def report_of(
    tasks: Sequence[Task],
    runner: Runner,
    library: Library,
    page_of: Callable[[str], str],
    progress: Callable[[str], None] = lambda words: None,  # noqa: ARG005
) -> Report:
    """Check a student's functions, and return what is found; past one second, tell each task that is begun."""
    began, results = monotonic(), []
    for n, task in enumerate(tasks, start=1):
        if monotonic() - began > 1 and task.name in runner.functions:
            progress(f"{n} of {len(tasks)}: {task.name}")
        results.append(check(task, runner, library))
    misspelt = tuple(_misspelt(runner.functions, [task.name for task in tasks]))
    return Report(results, page_of, runner.problem, monotonic() - began, misspelt)


def _misspelt(functions: Sequence[str], asked: Sequence[str]) -> Iterator[str]:
    """Yield which functions have nearly the name of one that is asked, and is not there.

    >>> list(_misspelt(["mdrnn_step", "step", "help"], ["mdrnn_steps", "step"]))
    ['mdrnn_step is not asked for: is it mdrnn_steps?']
    """
    missing = [name for name in asked if name not in functions]
    for name in functions:
        for near in get_close_matches(name, [] if name in asked else missing, 1, 0.8):
            yield f"{name} is not asked for: is it {near}?"


def said_of_part(result: Result, part: Part) -> Iterator[str]:
    """Yield how an answer is right or wrong: to how many digits, and where it fails."""
    if part.words:
        yield part.words
    failure = part.failure
    if failure is not None and failure.value is not None:
        values = values_in_words(result.task, failure.instance.values)
        where = sizes_in_words(failure.instance) + (f": {values}" if values else "")
        at = _at(result, part, failure.place) if part.key or failure.place else result.task.name
        yield f"{at} is {number(failure.right)}, yours {number(failure.value)}, where {where}"


def explained(result: Result) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield which slips give the numbers, in words, each with the claims that they offend."""
    found = result.explanations
    if not found and any(part.status == "wrong" and not part.words for part in result.parts):
        yield "No slip that is known gives these numbers, alone or with a second.", ()
    if len(found) > 1:
        yield "Each of these gives your numbers:", ()
    elif found and not result.task.keys and result.parts[0].failure and not result.parts[0].failure.place:
        yield "This gives your number:", ()
    for explanation in found[:MOST]:
        yield in_words(result, explanation), tuple(dict.fromkeys(slip.claim for slip in explanation.slips))
    if len(found) > MOST:
        yield f"And {len(found) - MOST} more.", ()


TOLD = 2
"""The parts that are told of in a terminal, after the first, where no slip is found."""

MOST = 5
"""The slips that are told, of those that give equal numbers."""


def in_words(result: Result, explanation: Explanation) -> str:
    """Return an explanation as a sentence or more."""
    said = [_sentence(slip.says) for slip in explanation.slips]
    told = ["Two slips at once.", *said] if len(said) > 1 else said
    if explanation.change:
        parts = [result.task.quantities[key].label for key in explanation.changed if key]
        of = f"what you have for {', '.join(parts)}" if parts else "what you answered"
        told.append(_sentence(f"{'after that, ' * bool(said)}{of} is right, but {explanation.change}."))
    return " ".join(told)


def _sentence(words: str) -> str:
    """Return words with a capital at the beginning, unless they begin with a letter of a formula.

    >>> _sentence("a gate"), _sentence("g is a gate")
    ('A gate', 'g is a gate')
    """
    return words[0].upper() + words[1:] if re.match(r"a |[a-z]{2}(?!_)", words) else words


def values_in_words(task: Task, values: dict[str, Any]) -> str:
    """Return the values of an instance in words, those that are 0 as the rest."""
    shown = {name: np.asarray(value) for name, value in task.shown(values).items()}
    told = [f"{name} = {number(value.tolist())}" for name, value in shown.items() if value.any()]
    rest = [f"{'the rest' if told else 'all'} 0"] if len(told) < len(shown) else []
    return ", ".join(told + rest)


def number(value: Any) -> str:
    """Return a number, or nested lists of numbers, to six digits.

    >>> number([1.0, 1 / 3])
    '[1, 0.333333]'
    """
    if isinstance(value, list):
        return f"[{', '.join(map(number, value))}]"
    return str(value) if isinstance(value, int) else f"{value + 0.0:.6g}"


def _statuses(result: Result) -> str:
    """Return which parts of an answer are right and which are not, as far as there are parts."""
    told: dict[str, list[str]] = {}
    for part in sorted(result.parts, key=lambda part: [*MARKS].index(part.status)):
        words = f"right ({part.words})" if part.status == "right" and part.words else part.status
        told.setdefault(words, []).append(_label(result, part))
    if not result.task.keys:
        return "".join(words for words in told if "(" in words)
    if [*told] in (["right"], ["stopped"]):
        return ", ".join(told.get("right", []))
    return "; ".join(f"{words}: {', '.join(labels)}" for words, labels in told.items())


def _failures(result: Result) -> tuple[list[str], list[str]]:
    """Return where the part fails whose instance is the smallest, in words, and where the others do."""
    wrong = sorted((part for part in result.parts if part.status == "wrong"), key=_size_of)
    told = [[_named(result, part) + words for words in said_of_part(result, part)] for part in wrong]
    return (told[0] if told else []), [words for of_part in told[1:] for words in of_part]


def _size_of(part: Part) -> tuple[int, int]:
    """Return how large the instance is in which a part fails: its sizes, and how many numbers in it are not 0."""
    values = part.failure.instance.values.values() if part.failure else ()
    sizes = sum(part.failure.instance.sizes.values()) if part.failure else 0
    return sizes, sum(int(np.count_nonzero(value)) for value in values)


def _named(result: Result, part: Part) -> str:
    """Return how a sentence on a part begins that does not name it: with its name, if the answer has several."""
    return f"{_label(result, part)}: " if part.key and part.words else ""


def _label(result: Result, part: Part) -> str:
    return result.task.quantities[part.key].label


def _at(result: Result, part: Part, place: tuple[int, ...]) -> str:
    """Return a number of an answer by its name: the times or cells in parentheses, the units in brackets."""
    quantity = result.task.quantities[part.key]
    arguments = [n + (quantity.first or 0) for n in place[: quantity.axes]]
    of = f"({', '.join(map(str, arguments))})" if arguments else ""
    units = place[quantity.axes :]
    return f"{quantity.label}{of}{list(units) if units else ''}"


def _wrapped(words: str, indent: str, hanging: int = 2) -> list[str]:
    return wrap(
        words, WIDTH, initial_indent=indent, subsequent_indent=" " * (len(indent) + hanging), break_on_hyphens=False
    )


def _shortened(printed: str) -> str:
    """Return the beginning of what was printed, on one line."""
    line = " ".join(printed.split())
    return line if len(line) <= WIDTH else f"{line[:WIDTH]}…"


_STYLE = """
.grading { max-width: 46rem; line-height: 1.5 } .grading-sum, .grading-mark { font-weight: 600 }
.grading h3 { margin: 1.2em 0 .3em; padding: 0; font-size: 1.05em } .grading dl { margin: 0 }
.grading dt { margin-top: .6em }
.grading dd { margin: 0 0 0 1.6em } .grading dd p { margin: .2em 0 }
.grading-slip { border-left: .25em solid; padding-left: .7em }
"""

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body {{ margin: 2rem auto; padding: 0 1rem; max-width: 46rem; font-family: system-ui, sans-serif;
color-scheme: light dark }}</style><body>{body}</body></html>
"""
