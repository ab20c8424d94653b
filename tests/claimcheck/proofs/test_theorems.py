import re

import pytest

from claimcheck.proofs.theorems import Theorem, claim_of, theorems_in

GOOD = """(* About sums. *)
Definition two := 2.
Section Given.
Hypothesis given :
  two = 2.
(* One and one
   make two.
   For: every one. *)
Theorem sum_of_ones : 1 + 1 = two /\\ True.
Proof. easy. Qed.
End Given.

(* Nothing more.
   For: nothing. *)
Theorem beyond :
  True.
Proof. easy. Qed.
"""


@pytest.fixture
def file(tmp_path):
    (tmp_path / "proofs").mkdir()
    return tmp_path / "proofs/sums.v"


def test_theorems_are_read_with_their_words_and_claims(file, tmp_path):
    file.write_text(GOOD, encoding="utf-8")
    assert theorems_in(file, tmp_path, ["sum", "sum-of-twos"]) == [
        Theorem(
            name="sum_of_ones",
            claim="sum",
            says="One and one make two.",
            covers="every one",
            under=["Hypothesis given :\n  two = 2."],
            statement="Theorem sum_of_ones : 1 + 1 = two /\\ True.",
            file="proofs/sums.v",
            line=9,
        ),
        Theorem("beyond", None, "Nothing more.", "nothing", [], "Theorem beyond :\n  True.", "proofs/sums.v", 15),
    ]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("(* (* Theorem in_two. *) *)", "comments in no other, got one in another"),
        ('Definition words := "(* Theorem beyond. *)".', "strings in notations alone, got another"),
        ("Lemma beyond : False.", "beyond once, got it 2 times"),
        ("Time Theorem bare : True.\nProof. easy. Qed.", "words before bare, and 'For: ...'; got none"),
        ("(* So. For: all. *)\nTheorem shown : False.\nProof. easy. Qed.\n", None),
    ],
)
def test_what_is_read_is_what_coq_is_asked_about(more, message, file, tmp_path):
    file.write_text(f"{GOOD}\n{more}\n", encoding="utf-8")
    if message is None:
        assert [one.name for one in theorems_in(file, tmp_path, [])][2:] == ["shown"]
    else:
        with pytest.raises(ValueError, match=re.escape(message)):
            theorems_in(file, tmp_path, [])


def test_a_statement_ends_where_its_proof_begins_on_the_same_line_too(file, tmp_path):
    file.write_text(GOOD.replace("True.\nProof", "True. Proof"), encoding="utf-8")
    assert theorems_in(file, tmp_path, [])[0].statement == "Theorem sum_of_ones : 1 + 1 = two /\\ True."


@pytest.mark.parametrize(
    "word", ["Module", "Reset", "Admitted", "Axiom", "Axioms", "Parameter", "Conjecture", "admit", "Abort"]
)
def test_what_is_not_proved_is_refused(word, file, tmp_path):
    file.write_text(f"{GOOD}\n{word} more.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=f"expected proofs, got {word}$"):
        theorems_in(file, tmp_path, [])


def test_a_theorem_without_words_is_refused(file, tmp_path):
    file.write_text(f"{GOOD}\nTheorem bare : True.\nProof. easy. Qed.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="words before bare"):
        theorems_in(file, tmp_path, [])


@pytest.mark.parametrize(
    ("name", "claim"),
    [("a_b", "a-b"), ("a_b_c", "a-b"), ("a_bc", "a"), ("a", "a"), ("ab", None), ("b_a", None)],
)
def test_the_claim_is_the_longest_id_that_the_name_begins_with(name, claim):
    assert claim_of(name, ["a", "a-b"]) == claim
