"""The command that grades a file."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from claimcheck.grading.reports import Report, report_of
from claimcheck.grading.running import MEMORY, SECONDS, Apart
from claimcheck.grading.slips import Library
from claimcheck.grading.tasks import Task


def command(
    arguments: list[str],
    tasks: Callable[..., Sequence[Task]],
    library: Library,
    *,
    settings: Mapping[str, Any],
    page_of: Callable[[str], str],
    starter: Traversable,
    prog: str | None = None,
) -> int:
    """Grade the file that the arguments name, print or write the report, and return the exit status.

    It is 0 if something was answered and all that was is right, 1 if not, and 2 if nothing could be graded.
    """
    asked = _parser(prog).parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # not all terminals know all letters
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        if asked.starter:
            _write_new(asked.file, starter.read_text(encoding="utf-8"))
            return 0
        report = _graded(asked, tasks, settings, library, page_of)
        if asked.html:
            Path(asked.html).write_text(report.html(), encoding="utf-8")
    except (OSError, TypeError, ValueError) as error:
        print(f"{asked.file}: {error}", file=sys.stderr)  # noqa: T201
        if asked.json:
            _write_json(asked.json, {"score": 0, "output": f"{asked.file}: {error}", "tests": []})
        return 2
    if asked.json:
        _write_json(asked.json, report.gradescope())
    if asked.json != "-":
        print(f"{asked.file}: {report.text()}")  # noqa: T201
    return 0 if report.passed else 1


def _graded(
    asked: argparse.Namespace,
    tasks: Callable[..., Sequence[Task]],
    settings: Mapping[str, Any],
    library: Library,
    page_of: Callable[[str], str],
) -> Report:
    """Run the file in a process of its own, and return the report; raise OSError if it can't be read."""
    Path(asked.file).read_bytes()
    with Apart(Path(asked.file), settings, asked.seconds, asked.memory * 2**20) as student:
        chosen = _chosen(tasks(**student.settings), asked.ask)
        return report_of(chosen, student, library, lambda claim: asked.site + page_of(claim), _tell)


def _chosen(tasks: Sequence[Task], names: str) -> list[Task]:
    """Return the tasks of these names, between commas, or all; raise ValueError if there is none of a name."""
    by_name = {task.name: task for task in tasks}
    wanted = names.split(",") if names else [*by_name]
    if unknown := [name for name in wanted if name not in by_name]:
        raise ValueError(f"--ask: expected some of {', '.join(by_name)}, got {', '.join(unknown)}")
    return [by_name[name] for name in wanted]


def _parser(prog: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description="Check a solution of your own, and name the slips in it.")
    parser.add_argument("file", help="the file with your functions")
    parser.add_argument(
        "--starter", action="store_true", help="write a file to fill in, under this name, and no report"
    )
    parser.add_argument("--json", nargs="?", const="-", metavar="FILE", help="the report as Gradescope's results.json")
    parser.add_argument("--html", metavar="FILE", help="write the report as a page too")
    parser.add_argument("--ask", default="", metavar="NAMES", help="the functions that count, between commas, not all")
    parser.add_argument("--site", default="", metavar="ADDRESS", help="where the pages are that the report refers to")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="at most, for a function (%(default)g)")
    parser.add_argument("--memory", type=int, default=MEMORY // 2**20, help="in MiB, at most (%(default)d)")
    return parser


def _write_new(file: str, text: str) -> None:
    if Path(file).exists():
        raise ValueError("it exists already, and is left as it is")
    Path(file).write_text(text, encoding="utf-8")


def _write_json(file: str, results: dict[str, Any]) -> None:
    text = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
    if file == "-":
        print(text)  # noqa: T201
    else:
        Path(file).write_text(text, encoding="utf-8")


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201
