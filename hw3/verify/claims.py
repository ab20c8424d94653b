"""Verdicts: what a table of checks says of a claim, by rule."""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from hw3.verify.checks import Check, evidence_html

CLAIMS_VARIABLE = "HW3_CLAIMS"
"""The environment variable that names another list of claims than the one of this package."""

MARKS = {"holds": "✓", "holds if": "~", "slip": "~", "wrong": "✗"}
"""A mark for the eye beside each outcome; the words always stand beside it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the cases say of a claim. Made by `verdict`, never by hand.

    `outcome` is "holds", "holds if", "wrong" or "slip"; `text` adds the condition, the names of the
    cases that pass.

    >>> from hw3.verify import agree
    >>> verdict("mdrnn-shapes", {"as printed": agree(0, 6, 0), "as meant": agree(6, 6, 0)})
    mdrnn-shapes: slip
      failed: as printed: 1 of 1 number differ: first 0, expected 6
      passed: as meant: 1 number, equal
    """

    claim_id: str
    cases: Mapping[str, Check]

    @property
    def outcome(self) -> str:
        """The verdict without its condition."""
        passed = [check.passed for check in self.cases.values()]
        if all(passed):
            return "holds"
        failures = {name for name, check in self.cases.items() if not check}
        if failures == {"as printed"} and "as meant" in self.cases:
            return "slip"
        return "holds if" if any(passed) else "wrong"

    @property
    def condition(self) -> str:
        """The names of the cases that pass, if some do and some do not; else nothing."""
        if self.outcome != "holds if":
            return ""
        return "; or ".join(name for name, check in self.cases.items() if check)

    @property
    def text(self) -> str:
        """The verdict as the pages publish it."""
        return f"{self.outcome} {self.condition}".rstrip()

    def __repr__(self) -> str:
        return "\n  ".join([f"{self.claim_id}: {self.text}", *(_line(*case) for case in self.cases.items())])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr class="case-{"passed" if check else "failed"}"><th scope="row">{escape(name)}</th>'
            f"<td>{'✓ passes' if check else '✗ fails'}</td><td>{evidence_html(check.evidence)}</td></tr>"
            for name, check in self.cases.items()
        )
        return (
            f'<div class="verdict" id="verdict-{self.claim_id}" data-verdict="{escape(self._json())}">'
            f'<p class="verdict-head"><code>{self.claim_id}</code> '
            f'<strong class="badge badge-{self.outcome.replace(" ", "-")}">'
            f'<span aria-hidden="true">{MARKS[self.outcome]}</span> {escape(self.text)}</strong></p>'
            f'<table><thead><tr><th scope="col">case</th><th scope="col">result</th><th scope="col">evidence</th></tr>'
            f"</thead><tbody>{rows}</tbody></table></div>"
        )

    def _json(self) -> str:
        """Return all of it for a machine: the ledger is made from this."""
        cases = [{"name": name, "passed": c.passed, "evidence": c.evidence} for name, c in self.cases.items()]
        return json.dumps({"id": self.claim_id, "text": self.text, "cases": cases}, ensure_ascii=False)


def verdict(claim_id: str, cases: Mapping[str, Check]) -> Verdict:
    """Decide a claim from its cases.

    All pass: it holds. Some pass: it holds if those are the case. None passes: it is wrong. Only "as
    printed" fails and "as meant" passes: it is a slip.

    Parameters
    ----------
    claim_id
        The claim, as the list of claims names it.
    cases
        A check for each deciding case that the list names; more are welcome.

    Returns
    -------
    Verdict
        The verdict with the evidence of every case.

    Raises
    ------
    TypeError
        If a case is no `Check`.
    ValueError
        If the claim is unknown, or one of its deciding cases is missing.

    Examples
    --------
    >>> from hw3.verify import agree
    >>> cases = {"univariate": agree(0.5, 0.5, 1e-9), "vector with batch": agree(0.25, 0.5, 1e-9)}
    >>> verdict("lstm-g-bar", cases).text
    'holds if univariate'
    """
    known = listed_claims()
    if claim_id not in known:
        raise ValueError(f"claim_id: expected one of the list of claims, got {claim_id!r}")
    if not isinstance(cases, Mapping):
        raise TypeError(f"cases: expected a mapping of names to checks, got {type(cases).__name__}")
    for name, check in cases.items():
        if not isinstance(check, Check):
            raise TypeError(f"cases[{name!r}]: expected a Check, got {type(check).__name__}")
    if missing := [name for name in known[claim_id]["cases"] if name not in cases]:
        raise ValueError(f"cases: {claim_id} is decided by {known[claim_id]['cases']}, missing {missing}")
    return Verdict(claim_id, dict(cases))


def listed_claims() -> dict[str, dict[str, Any]]:
    """Return the list of claims: by id the problem, the part and the deciding cases.

    >>> listed_claims()["mdrnn-order"]
    {'problem': 2, 'part': 'b', 'cases': ['as printed', 'as meant']}
    """
    return _read(list_path())


def list_path() -> str:
    """Return where the list of claims stands.

    >>> list_path().endswith("claims.toml")
    True
    """
    return os.environ.get(CLAIMS_VARIABLE) or str(files("hw3") / "claims.toml")


@cache
def _read(path: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(path).read_text(encoding="utf-8"))


def _line(name: str, check: Check) -> str:
    return f"{'passed' if check else 'failed'}: {name}: {check.evidence}"
