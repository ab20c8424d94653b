"""Names in a statement lead to the definition that is meant, of all that have the name, and no others are linked."""

import re

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from claimcheck.sphinx.definitions import bound, definitions_in, in_scope, linked

TEXT = """(* What is added to what: Variable x : nat. Section Not. *)

Section One. Variables (m n : nat) (f : (nat -> nat) -> nat).
(* A number, and
   twice of it. *)
Definition number := m.
Definition twice := number + number.

Definition thrice := 3 * number.
Local Notation step := (step m).
Let half : number <= twice. Proof. by []. Qed.
(* About nothing that follows. *)
Lemma none : 0 = 0. Proof. by []. Qed.
Fixpoint run t := if t is s.+1 then run s else 0.
Section Two. Variable deep : nat.
Notation "a 'o' b" := (times a b) (at level 40).
End Two.
End One.
Variable m : bool.
Record pair := Pair { left : nat;
  right : nat }.
Inductive sign := Plus | Minus of nat.
Theorem all : True.
"""


@pytest.mark.parametrize(
    ("name", "line", "comment"),
    [
        ("number", 6, "A number, and twice of it."),
        ("twice", 7, "A number, and twice of it."),
        ("thrice", 9, ""),
        ("run", 14, ""),
        ("m", 19, ""),
        ("pair", 20, ""),
        ("right", 20, ""),
        ("Minus", 22, ""),
    ],
)
def test_a_name_stands_for_its_last_definition_that_is_not_local_to_a_closed_section(name, line, comment):
    found = in_scope(TEXT)[name]
    assert (found.line, found.comment) == (line, comment)
    assert TEXT.splitlines()[line - 1].startswith(found.code.splitlines()[0])


@pytest.mark.parametrize("name", ["n", "f", "step", "half", "deep", "o", "x", "none", "all", "a", "nat"])
def test_what_is_local_to_a_closed_section_or_no_definition_stands_for_nothing(name):
    assert name not in in_scope(TEXT)


def test_what_is_local_is_known_as_long_as_its_section_is_open():
    within, deep = TEXT.partition("Section Two.")[0], TEXT.partition("End Two.")[0]
    assert {"m", "n", "f", "step", "half"} <= in_scope(within).keys()
    assert in_scope(within)["m"].line == 3
    assert {"deep", "o", "n"} <= in_scope(deep).keys()


def test_of_two_definitions_the_last_is_meant():
    nested = "Definition a := 1.\nSection S. Variable a : nat.\nDefinition b := 2.\nDefinition b' := 3.\nLet b := 4.\n"
    assert [in_scope(nested)[name].line for name in ("a", "b", "b'")] == [2, 5, 4]


def test_a_definition_ends_at_its_full_stop():
    codes = {one.names[0]: one.code for one in definitions_in(TEXT)}
    assert codes["pair"] == "Record pair := Pair { left : nat;\n  right : nat }."
    assert codes["run"] == "Fixpoint run t := if t is s.+1 then run s else 0."


def names_linked(statement, addresses):
    lexed = highlight(statement, get_lexer_by_name("coq"), HtmlFormatter())
    html = linked(lexed, statement, addresses)
    assert re.sub("<[^>]*>", "", html) == re.sub("<[^>]*>", "", lexed)
    return [(href, re.sub("<[^>]*>", "", name)) for href, name in re.findall(r'<a [^>]*href="([^"]*)">(.*?)</a>', html)]


def test_names_are_linked_where_they_first_stand():
    statement = "Theorem t (k : nat) : run k = run m."
    assert names_linked(statement, {"run": "f.html#line-3", "m": "f.html#line-4"}) == [
        ("f.html#line-3", "run"),
        ("f.html#line-4", "m"),
    ]


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("Theorem t (k : nat) : run k.", "k"),
        ("Theorem t : forall n (s : state), P n s.", "s"),
        ("Theorem t : let m := 3 in m = 3.", "m"),
        ("Theorem t : a *m b = c.", "m"),
        ("Theorem t : (0 < k)%N.", "N"),
        (r"Theorem t : \det a = 1.", "det"),
        ("Theorem t : a = 1.", "t"),
        ("Theorem t : runs = 1.", "run"),
    ],
)
def test_what_is_bound_or_part_of_a_sign_is_not_linked(statement, name):
    assert names_linked(statement, {name: "f.html#line-3"}) == []


def test_types_are_not_bound():
    assert bound("Theorem t (s : state) : forall (f : nat -> V) g, f = g.") == ["t", "s", "f", "g"]
    assert names_linked("Theorem t (s : state) : s = s.", {"state": "f.html#line-3"}) == [("f.html#line-3", "state")]
