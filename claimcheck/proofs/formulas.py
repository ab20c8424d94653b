"""What code computes, as Coq reads it: SymPy's expressions over a commutative ring, and terms built as code runs."""

from collections.abc import Iterable
from typing import Any

import sympy

from claimcheck.symbolic import Symbolic, TanhSymbol


class Formulas:
    """Writes SymPy expressions for Coq, with a name for each tanh, and remembers of what it is the tanh.

    A number is written `n%:R`, and 1/2 is the ring's element `half`. The tanh of an expression gets the next name
    t1, t2, ...; `equations` then says, in order, what these stand for.

    >>> from claimcheck.symbolic import symbols
    >>> x, y = symbols("x", 2)
    >>> formulas = Formulas()
    >>> formulas.text(x * (x / 2 + y).tanh() ** 2 - 3)
    '((x_0 * t1 ^+ 2) + (- (3%:R)))'
    >>> formulas.equations
    [('t1', '((half * x_0) + x_1)')]
    """

    def __init__(self) -> None:
        self._names: dict[TanhSymbol, str] = {}
        self.equations: list[tuple[str, str]] = []

    def text(self, value: Any) -> str:
        """Return an expression as Coq reads it; ValueError for one that is no polynomial with halves."""
        expression = Symbolic.bare(value)
        if isinstance(expression, TanhSymbol):
            return self._name(expression)
        if isinstance(expression, sympy.Symbol):
            return str(expression)
        if isinstance(expression, sympy.Rational):
            return _number(expression)
        if isinstance(expression, sympy.Pow) and isinstance(expression.exp, sympy.Integer):
            power = f"^+ {expression.exp}" if expression.exp > 0 else f"^- {-expression.exp}"
            return f"{self.text(expression.base)}{'^-1' if expression.exp == -1 else f' {power}'}"
        if isinstance(expression, sympy.Add):
            return f"({' + '.join(map(self.text, expression.as_ordered_terms()))})"
        if isinstance(expression, sympy.Mul):
            return f"({' * '.join(map(self.text, expression.as_ordered_factors()))})"
        raise ValueError(f"value: expected sums, products and whole powers, got {expression}")

    def _name(self, tanh: TanhSymbol) -> str:
        if tanh not in self._names:
            argument = self.text(tanh.argument)
            self._names[tanh] = f"t{len(self._names) + 1}"
            self.equations.append((self._names[tanh], argument))
        return self._names[tanh]


def _number(number: sympy.Rational) -> str:
    """Return a fraction whose denominator is a power of 2."""
    halves = int(number.q).bit_length() - 1
    if number.q != 2**halves:
        raise ValueError(f"value: expected a denominator that is a power of 2, got {number}")
    whole = f"{abs(number.p)}%:R" if abs(number.p) > 1 else str(abs(number.p))
    scaled = whole if not halves else f"half ^+ {halves}" if halves > 1 else "half"
    if halves and abs(number.p) > 1:
        scaled = f"({whole} * {scaled})"
    return scaled if number >= 0 else f"(- ({scaled}))"


class Term:
    """A whole number that writes down what is done to it, as Coq reads it: sums, products, division rounding down.

    >>> p, d = Term("p"), Term("d")
    >>> (p // d - 1) * d + p
    ((((p / d) - 1) * d) + p)
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        raise TypeError(f"{self}: expected sums, products and divisions, which hold for all numbers; got a comparison")

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Any) -> "Term":
        return Term(f"({self} + {other})")

    def __sub__(self, other: Any) -> "Term":
        return Term(f"({self} - {other})")

    def __mul__(self, other: Any) -> "Term":
        return Term(f"({self} * {other})")

    def __floordiv__(self, other: Any) -> "Term":
        return Term(f"({self} / {other})")


def theorem(name: str, says: str, covers: str, statement: str, proof: Iterable[str]) -> str:
    """Return a theorem with its comment, as `claimcheck.proofs.theorems` reads it.

    >>> print(theorem("one", "One is one", "the number 1", "1 = 1", ["by []"]))
    (* One is one.
       For: the number 1. *)
    Theorem one : 1 = 1.
    Proof. by []. Qed.
    """
    steps = "".join(f"{step}. " for step in proof)
    return f"(* {says}.\n   For: {covers}. *)\nTheorem {name} : {statement}.\nProof. {steps}Qed."
