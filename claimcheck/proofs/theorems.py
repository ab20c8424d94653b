"""The theorems of a file of Coq: what each says in words, for what it is said, its statement, and its claim."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_THEOREM = re.compile(
    r"\(\* (?P<says>(?:(?!\(\*|\*\)).)*?)\s+For: (?P<covers>(?:(?!\(\*|\*\)).)*?)\.? \*\)\n"
    r"(?P<statement>Theorem (?P<name>\w+).*?\.)\s+Proof\b",
    re.DOTALL,
)
_REFUSED = (
    r"Axioms?|Parameters?|Conjecture|Admitted|admit|give_up|Abort|"  # proves nothing
    r"Module|Reset|Back|Undo|Restart"  # what stands there is not what Coq is asked about
)
_DECLARED = r"\b(?:Theorem|Lemma|Let|Fact|Corollary|Proposition|Remark|Definition|Fixpoint|Inductive|Record)\s+(\w+)"
_SCOPE = re.compile(r"\b(?P<section>Section|End) \w+\.|\bHypothes[ie]s (?P<hypothesis>.*?\.)(?=\s)", re.DOTALL)


class Theorem(NamedTuple):
    """A theorem as a file states it; `claim` is the id of the claim that it is about, if it is about one.

    `under` are the hypotheses of the sections that it stands in.
    """

    name: str
    claim: str | None
    says: str
    covers: str
    under: list[str]
    statement: str
    file: str
    line: int


def theorems_in(file: Path, root: Path, claims: Iterable[str]) -> list[Theorem]:
    """Return the theorems of a file, in order; ValueError if one lacks its words, or is not what Coq is asked about.

    The claim of a theorem is the one whose id, with _ for -, its name begins with.
    """
    text = file.read_text(encoding="utf-8")
    found = [
        Theorem(
            name=match["name"],
            claim=claim_of(match["name"], claims),
            says=_one_line(match["says"]),
            covers=_one_line(match["covers"]),
            under=hypotheses_before(text[: match.start("statement")]),
            statement=match["statement"],
            file=file.relative_to(root).as_posix(),
            line=text.count("\n", 0, match.start("statement")) + 1,
        )
        for match in _THEOREM.finditer(text)
    ]
    if wrong := next(_wrong_with(text, found), None):
        raise ValueError(f"{file}: expected {wrong}")
    return found


def _wrong_with(text: str, found: list[Theorem]) -> Iterator[str]:
    """Yield what a file should have in place of what it has."""
    if re.search(r"\(\*(?:(?!\*\)).)*\(\*", text, re.DOTALL):
        yield "comments in no other, got one in another"
    code = re.sub(r"\(\*.*?\*\)", " ", text, flags=re.DOTALL)
    if '"' in re.sub(r'\b(?:Notation|Infix) "[^"]*"', " ", code):
        yield "strings in notations alone, got another"
    yield from (f"proofs, got {word}" for word in re.findall(rf"\b({_REFUSED})\b", code))
    names = Counter(re.findall(_DECLARED, code))
    stated = re.findall(r"\bTheorem\s+(\w+)", code)
    yield from (f"{name} once, got it {names[name]} times" for name in stated if names[name] > 1)
    said = [one.name for one in found]
    yield from (f"words before {name}, and 'For: ...'; got none" for name in stated if name not in said)
    yield from (f"{name} to be a theorem, got a comment" for name in said if name not in stated)


def hypotheses_before(text: str) -> list[str]:
    """Return the hypotheses of the sections that are open at the end of a text.

    >>> hypotheses_before("Section One. Hypothesis h : P. Section Two. Hypothesis k : Q. End Two. ")
    ['Hypothesis h : P.']
    """
    sections: list[list[str]] = [[]]
    for found in _SCOPE.finditer(text):
        if found["section"] == "Section":
            sections.append([])
        elif found["section"]:
            sections.pop()
        else:
            sections[-1].append(f"Hypothesis {found['hypothesis']}")
    return [hypothesis for section in sections for hypothesis in section]


def claim_of(name: str, claims: Iterable[str]) -> str | None:
    """Return the longest id of a claim that a name begins with; None, if there is none.

    >>> claim_of("jacobian_rank_at_zero", ["jacobian-rank", "jacobian-halves"])
    'jacobian-rank'
    """
    fits = [claim for claim in claims if f"{name}_".startswith(f"{claim.replace('-', '_')}_")]
    return max(fits, key=len, default=None)


def _one_line(text: str) -> str:
    return " ".join(text.split())
