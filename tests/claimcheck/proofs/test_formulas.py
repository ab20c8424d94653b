import pytest
import sympy

from claimcheck.proofs.formulas import Formulas, Term, theorem
from claimcheck.symbolic import symbols

X, Y = symbols("x", 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (X + 0, "x_0"),
        (X * 0, "0"),
        (X * 0 + 1, "1"),
        (X * 0 - 1, "(- (1))"),
        (X * 0 + 7, "7%:R"),
        (X / 2, "(half * x_0)"),
        (X * 3 / 4, "((3%:R * half ^+ 2) * x_0)"),
        (X**3, "x_0 ^+ 3"),
        (Y / X, "(x_0^-1 * x_1)"),
        (Y / X**2, "(x_0 ^- 2 * x_1)"),
        (X - Y, "(x_0 + ((- (1)) * x_1))"),
    ],
)
def test_an_expression_is_written_for_coq(value, text):
    assert Formulas().text(value) == text


def test_equal_tanhs_have_one_name_and_inner_ones_come_first():
    formulas = Formulas()
    inner = (X * Y).tanh()
    outer = (inner + X).tanh()
    assert formulas.text(outer * outer + inner) == "(t1 + t2 ^+ 2)"
    assert formulas.equations == [("t1", "(x_0 * x_1)"), ("t2", "(x_0 + t1)")]


@pytest.mark.parametrize("value", [X / 3, X + sympy.sqrt(X.value), sympy.sin(X.value)])
def test_what_no_ring_with_halves_has_is_refused(value):
    with pytest.raises(ValueError, match=r"^value: expected .*, got "):
        Formulas().text(value)


def test_a_term_writes_down_what_is_done():
    a, b = Term("a"), Term("b")
    assert str((a - b) * 2 + a // b) == "(((a - b) * 2) + (a / b))"


def test_a_term_is_compared_with_nothing():
    with pytest.raises(TypeError, match=r"^n: expected sums, products and divisions, .* got a comparison"):
        Term("n") == Term("d")  # noqa: B015


def test_a_theorem_has_its_words_above_it():
    text = theorem("n", "Says", "all", "P", ["a", "b"])
    assert text.splitlines() == ["(* Says.", "   For: all. *)", "Theorem n : P.", "Proof. a. b. Qed."]
