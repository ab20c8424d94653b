"""Verdicts: what a table of checks says of a claim, by rule."""

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from claimcheck.checks import Check, evidence_html

CLAIMS_VARIABLE = "CLAIMCHECK_CLAIMS"
"""The environment variable that names the list of claims; a build of a site sets it for the cells."""

CLAIMS_FILE = "claims.toml"
"""The list's name in the folder of a page, above it, or in a package."""

VERDICT_TYPE = "application/vnd.claimcheck.verdict+json"
"""The type of data in which a verdict travels from its cell to the site."""

MARKS = {"holds": "✓", "holds if": "~", "slip": "~", "wrong": "✗"}
"""A mark for the eye beside each outcome; the words always stand beside it."""

KINDS = {"cases": "decides", "instead": "true instead", "readings": "true as well"}
"""What the checks of a verdict are for, with the words for it in its table."""


class ListedClaim(NamedTuple):
    """What the list says of a claim: where it stands, what it assumes, and the checks that its verdict must have.

    `title` says the claim in a few words; where it is left out, the id stands for it.
    """

    problem: int | str
    part: str
    cases: tuple[str, ...]
    title: str = ""
    given: str = ""
    instead: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()


def outcome_of(cases: Mapping[str, bool]) -> str:
    """Return the verdict, without its condition, that follows from which cases pass.

    >>> outcome_of({"β ≠ 0": True, "β = 0": False})
    'holds if'
    """
    if all(cases.values()):
        return "holds"
    if {name for name, passed in cases.items() if not passed} == {"as printed"} and "as meant" in cases:
        return "slip"
    return "holds if" if any(cases.values()) else "wrong"


def text_of(cases: Mapping[str, bool]) -> str:
    """Return the verdict as the pages publish it: the outcome, and after "holds if" the cases that pass.

    >>> text_of({"β ≠ 0": True, "β = 0": False})
    'holds if β ≠ 0'
    """
    outcome = outcome_of(cases)
    condition = "; or ".join(name for name, passed in cases.items() if passed)
    return f"{outcome} {condition}" if outcome == "holds if" else outcome


@dataclass(frozen=True, slots=True, init=False)
class Verdict:
    """What the cases say of a claim. Made by `verdict` alone.

    `outcome` is "holds", "holds if", "wrong" or "slip"; `text` adds the condition, the names of the
    cases that pass. `instead` is what is true where the claim is not, `readings` are other statements
    in which its words are true: all of these pass.

    >>> from claimcheck import agree
    >>> cases = {"β ≠ 0": agree(6, 6, 0), "β = 0": agree(0, 6, 0)}
    >>> verdict("momentum-p-inverse", cases, {"at β = 0 two states have one image": agree(1, 1, 0)})
    momentum-p-inverse: holds if β ≠ 0
      decides: passed: β ≠ 0: 1 number, equal
      decides: failed: β = 0: 1 of 1 number differ: first 0, expected 6
      true instead: passed: at β = 0 two states have one image: 1 number, equal
    """

    claim_id: str
    cases: Mapping[str, Check]
    instead: Mapping[str, Check]
    readings: Mapping[str, Check]

    def __init__(self, *_given: Any, **_named: Any) -> None:
        raise TypeError("Verdict: made by verdict(claim_id, cases), never by hand")

    @property
    def text(self) -> str:
        """The verdict as the pages publish it."""
        return text_of({name: check.passed for name, check in self.cases.items()})

    @property
    def outcome(self) -> str:
        """The verdict without its condition."""
        return outcome_of({name: check.passed for name, check in self.cases.items()})

    def __repr__(self) -> str:
        lines = [f"{KINDS[kind]}: {_word(check)}: {name}: {check.evidence}" for kind, name, check in self._checks()]
        return "\n  ".join([f"{self.claim_id}: {self.text}", *lines])

    def _checks(self) -> Iterable[tuple[str, str, Check]]:
        return ((kind, name, check) for kind in KINDS for name, check in getattr(self, kind).items())

    def _repr_mimebundle_(self, **_which: Any) -> dict[str, Any]:
        """Return it as data for the site, as HTML for a notebook, and as text."""
        data: dict[str, Any] = {"id": self.claim_id} | {kind: [] for kind in KINDS}
        for kind, name, check in self._checks():
            data[kind].append({"name": name, "passed": check.passed, "evidence": check.evidence})
        return {VERDICT_TYPE: data, "text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        rows = "".join(
            f"<tr><td>{KINDS[kind]}</td><th>{escape(name)}</th><td>{'✓ passes' if check else '✗ fails'}</td>"
            f"<td>{evidence_html(check.evidence)}</td></tr>"
            for kind, name, check in self._checks()
        )
        head = f"<p><code>{self.claim_id}</code> <strong>{MARKS[self.outcome]} {escape(self.text)}</strong></p>"
        return f"{head}<table><tr><th></th><th>case</th><th>result</th><th>evidence</th></tr>{rows}</table>"


Checks = Mapping[str, Check] | Iterable[tuple[str, Check]]


def verdict(claim_id: str, cases: Checks, instead: Checks = (), readings: Checks = ()) -> Verdict:
    """Decide a claim from its cases.

    All pass: it holds. Some pass: it holds if those are the case. None passes: it is wrong. Only "as
    printed" fails and "as meant" passes: it is a slip.

    Parameters
    ----------
    claim_id
        The claim, as the list of claims names it.
    cases
        A check for each deciding case that the list names, by name; more are welcome.
    instead
        What is true instead, if the claim does not simply hold. All of it must pass.
    readings
        Other statements in which the words of the claim are true. They must pass, and count for nothing.

    Returns
    -------
    Verdict
        The verdict with the evidence of every check.

    Raises
    ------
    TypeError
        If a case is no `Check`.
    ValueError
        If the claim is unknown, a check that the list names is missing, a name is used twice, the claim
        does not simply hold and nothing is said instead, or what is said instead or as a reading fails.

    Examples
    --------
    >>> from claimcheck import agree
    >>> cases = {"univariate": agree(0.5, 0.5, 1e-9), "vector with batch": agree(0.25, 0.25, 1e-9)}
    >>> verdict("lstm-g-bar", cases).text
    'holds'
    """
    known = listed_claims()
    if claim_id not in known:
        name = f"the environment variable {CLAIMS_VARIABLE} names another list"
        raise ValueError(f"claim_id: expected one of the list of claims, {list_path()}, got {claim_id!r}; {name}")
    made = object.__new__(Verdict)
    object.__setattr__(made, "claim_id", claim_id)
    for kind, given in (("cases", cases), ("instead", instead), ("readings", readings)):
        checks = _by_name(kind, given)
        if missing := [name for name in getattr(known[claim_id], kind) if name not in checks]:
            raise ValueError(f"{kind}: {claim_id} asks for {missing}, which is missing")
        if kind != "cases" and (
            failed := [f"{name!r}: {check.evidence}" for name, check in checks.items() if not check]
        ):
            raise ValueError(f"{kind}: {claim_id}: all of it must pass, failed {'; '.join(failed)}")
        object.__setattr__(made, kind, MappingProxyType(checks))
    if made.outcome != "holds" and not made.instead:
        raise ValueError(f"instead: {claim_id} does not simply hold ({made.text}); say what is true, with its check")
    return made


def listed_claims(path: str | None = None) -> Mapping[str, ListedClaim]:
    """Return the list of claims, by id: of the file, or of the one that `list_path` finds.

    Raises
    ------
    ValueError
        If the list can't be read, or an entry lacks something or has it wrong; with file, line and key.

    Examples
    --------
    >>> listed_claims()["mdrnn-order"].cases
    ('as printed', 'as meant')
    """
    return _read(path or list_path())


def list_path() -> str:
    """Return where the list of claims stands.

    The environment variable CLAIMCHECK_CLAIMS names it. If it is not set, it is the file claims.toml in this folder or
    one above it; or else that of the one installed package which has such a file, and says so by an entry point of the
    group claimcheck.claims.

    >>> list_path().endswith("claims.toml")
    True
    """
    if named := os.environ.get(CLAIMS_VARIABLE):
        return named
    here = Path.cwd()
    above = [folder / CLAIMS_FILE for folder in (here, *here.parents)]
    packages = sorted({point.module for point in entry_points(group="claimcheck.claims")})
    installed = [Path(str(files(package) / CLAIMS_FILE)) for package in packages]
    near = [path for path in above if path.is_file()][:1]
    match near or installed:
        case [path]:
            return str(path)
        case found:
            looked = f"looked for {above[0]} and above, and in the installed packages: {', '.join(packages) or 'none'}"
            words = "there are several lists of claims" if found else "there is no list of claims"
            raise ValueError(f"{words}; {looked}; name one by the environment variable {CLAIMS_VARIABLE}")


@cache
def _read(path: str) -> Mapping[str, ListedClaim]:
    try:
        text = Path(path).read_text(encoding="utf-8")
        entries = tomllib.loads(text)
    except OSError as error:
        name = f"the environment variable {CLAIMS_VARIABLE} names another"
        raise ValueError(f"{path}: the list of claims can't be read ({error.strerror}); {name}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: the list of claims can't be read as UTF-8: {error}") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise ValueError(f"{path}:{line[1] if line else len(text.splitlines())}: {error}") from error
    return MappingProxyType({name: _listed(path, text, name, entry) for name, entry in entries.items()})


def _listed(path: str, text: str, name: str, entry: Any) -> ListedClaim:
    """Return an entry of the list; raise ValueError, with its place, where something is missing or wrong."""
    place = f"{path}:{line_of(text, name)}: [{name}]"
    if not isinstance(entry, dict):
        raise ValueError(f"{place}: expected a table, got {entry!r}")  # noqa: TRY004  it is the file that is wrong
    if missing := [key for key in ("problem", "part", "cases") if key not in entry]:
        raise ValueError(f"{place}: missing {', '.join(missing)}")
    for key, value in entry.items():
        if key in KINDS:
            names = value if isinstance(value, list) else []
            if not names or not all(isinstance(case, str) and case for case in names):
                raise ValueError(f"{place}: {key}: expected a list of names, got {value!r}")
            if repeated := [case for case, count in Counter(names).items() if count > 1]:
                raise ValueError(f"{place}: {key}: {repeated} stands there twice")
        elif key not in ListedClaim._fields or not isinstance(value, str | int):
            raise ValueError(f"{place}: {key}: expected one of {', '.join(ListedClaim._fields)}, a text, got {value!r}")
    fields: dict[str, Any] = {key: tuple(value) if key in KINDS else value for key, value in entry.items()}
    return ListedClaim(**fields)


def line_of(text: str, name: str) -> int:
    r"""Return the line of the list at which an entry begins, counted from 1; 1 if it is written in another way.

    >>> line_of("# claims\n[sum]\n", "sum")
    2
    """
    heads = (n for n, line in enumerate(text.splitlines(), start=1) if re.match(rf"\[\s*\W?{re.escape(name)}\b", line))
    return next(heads, 1)


def _by_name(kind: str, given: Checks) -> dict[str, Check]:
    """Return the checks by name; refuse a name that stands there twice, and what is no check."""
    checks: dict[str, Check] = {}
    for name, check in given.items() if isinstance(given, Mapping) else given:
        if name in checks:
            raise ValueError(f"{kind}: {name!r} stands there twice")
        if not isinstance(check, Check):
            raise TypeError(f"{kind}[{name!r}]: expected a Check, got {type(check).__name__}")
        checks[name] = check
    return checks


def _word(check: Check) -> str:
    return "passed" if check else "failed"
