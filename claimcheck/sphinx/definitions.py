"""What the names in a statement of Coq stand for: each leads to where its file defines it, and shows that there."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_COMMENT = r"\(\*(?:(?!\*\)).)*\*\)"
_KINDS = r"Definition|Fixpoint|Inductive|Record|Let|Variables?|(?:Local )?Notation"
_PART = re.compile(
    rf"(?P<comment>{_COMMENT}\n)?[ ]*(?P<code>\b(?P<kind>{_KINDS})\s(?P<rest>.*?)\.)(?=\s)|"
    rf"{_COMMENT}|\bSection (?P<section>\w+)\.|\bEnd (?P<end>\w+)\.",
    re.DOTALL,
)
_LOCAL = ("Let ", "Variable", "Notation ", "Local ")
"""What is known up to the end of its section only."""

_WORD = r"[A-Za-z_][\w']*"
_NAME = re.compile(rf"""(?<![*%\\']</span>)(?<!&#39;</span>)<span class="\w+">({_WORD})</span>""")
r"""A name in code that Pygments has marked up, and that is no part of a sign such as *m, %N or \det."""

_ALSO = {"Inductive": re.compile(rf"(?::=|\|)\s*({_WORD})"), "Record": re.compile(rf"(?::=|{{|;)\s*({_WORD})")}
"""The names of constructors and fields."""

_BOUND = re.compile(
    r"\b(?:forall|exists|fun|let:?|Theorem|Hypothesis)\s+((?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[^(:,=])*)"
)


class Definition(NamedTuple):
    """What a file says of some names: the line on which it does, its code, and the comment that is above it, if one is.

    Definitions that follow each other without an empty line have their comment in common.
    """

    names: tuple[str, ...]
    line: int
    code: str
    comment: str


def definitions_in(text: str) -> list[Definition]:
    """Return the definitions of a text, in order."""
    return [part for part in _parts(text) if isinstance(part, Definition)]


def in_scope(text: str) -> dict[str, Definition]:
    r"""Return what names stand for at the end of a text: what is local to a section goes with it.

    >>> found = in_scope("Section One. Variable n : nat.\n(* Twice. *)\nDefinition twice := n + n.\nEnd One.\n")
    >>> [(name, one.line, one.code, one.comment) for name, one in found.items()]
    [('twice', 3, 'Definition twice := n + n.', 'Twice.')]
    """
    sections: list[list[Definition]] = [[]]
    for part in _parts(text):
        if isinstance(part, Definition):
            sections[-1].append(part)
        elif part == "Section":
            sections.append([])
        else:
            sections[-2:] = [sections[-2] + [one for one in sections[-1] if not _is_local(one)]]
    return {name: one for section in sections for one in section for name in one.names}


def linked(code: str, statement: str, addresses: dict[str, str]) -> str:
    """Return a statement as Pygments has marked it up, each name that has an address linked where it first stands.

    A name that the statement itself binds is another.
    """
    before = set(bound(statement))

    def with_link(found: re.Match[str]) -> str:
        name = found[1]
        if name in before or name not in addresses:
            return found[0]
        before.add(name)
        return f'<a class="code-link" href="{addresses[name]}">{found[0]}</a>'

    return _NAME.sub(with_link, code)


def bound(statement: str) -> list[str]:
    """Return the names that a statement binds, its own among them.

    >>> bound("Theorem t (s : state) n : forall k, exists (f : nat -> V) g, fun x => let y := n in s.")
    ['t', 's', 'n', 'k', 'f', 'g', 'x', 'y']
    """
    without_types = (re.sub(r":[^()]*(?:\([^()]*\)[^()]*)*", " ", binders) for binders in _BOUND.findall(statement))
    return [name for binders in without_types for name in re.findall(_WORD, binders)]


def _parts(text: str) -> Iterator[Definition | str]:
    """Yield the definitions of a text, and the words Section and End where one begins and ends."""
    end, comment = 0, ""
    for part in _PART.finditer(text):
        if part["section"] or part["end"]:
            yield "Section" if part["section"] else "End"
        if part["comment"] or text[end : part.start()].strip(" ") != "\n":
            comment = " ".join((part["comment"] or "")[2:].rstrip()[:-2].split())
        if part["code"]:
            line = text.count("\n", 0, part.start("code")) + 1
            yield Definition(tuple(_names(part["kind"], part["rest"])), line, part["code"], comment)
        end = part.end()


def _is_local(definition: Definition) -> bool:
    return definition.code.startswith(_LOCAL)


def _names(kind: str, rest: str) -> list[str]:
    r"""Return the names that a definition of some kind defines, from what stands behind its kind.

    >>> _names("Variables", "(a b : nat) (f : (nat -> V) -> V)"), _names("Variable", "n : nat")
    (['a', 'b', 'f'], ['n'])
    >>> _names("Inductive", "sign := Plus | Minus"), _names("Record", "pair := Pair { one : nat; other : nat }")
    (['sign', 'Plus', 'Minus'], ['pair', 'Pair', 'one', 'other'])
    >>> _names("Notation", "\"a 'o' b\" := (times a b)"), _names("Local Notation", "twice n := (n + n)")
    (['o'], ['twice'])
    """
    if kind.startswith("Variable"):
        groups = re.findall(r"\(([^():]+):", rest) if rest.startswith("(") else [rest.partition(":")[0]]
        return re.findall(_WORD, " ".join(groups))
    if rest.startswith('"'):
        return re.findall(rf"'({_WORD})'", rest.partition('" :=')[0])
    also = _ALSO.get(kind)
    return re.findall(_WORD, rest)[:1] + (also.findall(rest) if also else [])
