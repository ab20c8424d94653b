"""Numbers without rounding: fractions, and SymPy expressions, which prove; and numbers of fifty digits."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import tanh
from typing import Any

import mpmath
import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.polys.rings import ring

from hw3.verify.boxes import boxed
from hw3.verify.checks import Check

_FIFTY = mpmath.MPContext()
_FIFTY.dps = 50


def _binary(function: Callable[[Any, Any], Any]) -> tuple[Any, Any]:
    """Return the operator and its reflection; an array is left to NumPy, which comes back element by element."""

    def forward(self: "Exact", other: Any) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else type(self)(function(self.value, self.exact(other)))

    def reflected(self: "Exact", other: Any) -> Any:
        return type(self)(function(self.exact(other), self.value))

    return forward, reflected


class Exact:
    """A number computed with exactly; Python's floats are taken for the binary fractions that they are."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = self.exact(value)

    @classmethod
    def exact(cls, number: Any) -> Any:
        """Return the bare number, of the class's own kind."""
        return number.value if isinstance(number, cls) else cls.convert(number)

    @staticmethod
    def convert(number: Any) -> Any:
        """Return a Python number as the class's own kind."""
        raise NotImplementedError

    __add__, __radd__ = _binary(lambda a, b: a + b)
    __sub__, __rsub__ = _binary(lambda a, b: a - b)
    __mul__, __rmul__ = _binary(lambda a, b: a * b)
    __truediv__, __rtruediv__ = _binary(lambda a, b: a / b)

    def __pow__(self, exponent: int) -> "Exact":
        return type(self)(self.value**exponent)

    def __neg__(self) -> "Exact":
        return type(self)(-self.value)

    def __eq__(self, other: object) -> bool:
        return bool(self.value == self.exact(other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __abs__(self) -> Any:
        return abs(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        return str(self.value)


class Rational(Exact):
    """A fraction. Its tanh is the fraction that the rounded tanh is; all else is exact.

    >>> Rational(0.5) + Rational(Fraction(1, 3))
    5/6
    """

    @staticmethod
    def convert(number: Any) -> Fraction:
        """Return the number as a fraction."""
        return Fraction(number)

    def tanh(self) -> "Rational":
        """Return tanh, rounded as in double precision."""
        return Rational(tanh(self.value))


class FiftyDigits(Exact):
    """A number rounded at the fiftieth digit, its tanh too: a truth beside which double precision's errors show.

    >>> float(FiftyDigits(1) + FiftyDigits(2.0**-140) - 1) == 2.0**-140
    True
    """

    @staticmethod
    def convert(number: Any) -> Any:
        """Return the number with fifty digits."""
        return number if isinstance(number, _FIFTY.mpf) else _FIFTY.mpf(number)

    def tanh(self) -> "FiftyDigits":
        """Return tanh to fifty digits."""
        return FiftyDigits(_FIFTY.tanh(self.value))


class Symbolic(Exact):
    """A SymPy expression. Its tanh is a new symbol that remembers its argument.

    So the LSTM's formulas stay polynomials, and two of them are equal just if their difference,
    multiplied out, is 0.

    >>> x = Symbolic(sympy.Symbol("x"))
    >>> 0.5 * (1 + x) ** 2
    (x + 1)**2/2
    """

    @staticmethod
    def convert(number: Any) -> sympy.Expr:
        """Return the number as an expression without floats."""
        return sympy.Rational(number) if isinstance(number, float) else sympy.sympify(number)

    def _sympy_(self) -> sympy.Expr:
        """Return the bare expression: SymPy asks for it, where it is given such a number."""
        return self.value

    def tanh(self) -> "Symbolic":
        """Return the symbol that stands for tanh of this expression."""
        return Symbolic(_tanh_symbol(sympy.expand(self.value)))


class TanhSymbol(sympy.Dummy):  # type: ignore[misc]  # sympy ships no types
    """A symbol that stands for tanh of its argument."""

    argument: sympy.Expr


@cache
def _tanh_symbol(argument: sympy.Expr) -> TanhSymbol:
    symbol = TanhSymbol("tanh")
    symbol.argument = argument
    return symbol


def rationals(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of the same shape whose elements are exact fractions.

    Raises TypeError unless `array` is a NumPy array.

    >>> rationals(np.array([0.5, 0.25])) * 3
    array([3/2, 3/4], dtype=object)
    """
    return boxed(array, lambda _, value: Rational(value))


def fifty_digits(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of the same shape whose elements compute with fifty digits.

    Raises TypeError unless `array` is a NumPy array.

    >>> third = fifty_digits(np.array([1.0])) / 3
    >>> float((third * 3 - 1)[0]) < 1e-49
    True
    """
    return boxed(array, lambda _, value: FiftyDigits(value))


def symbols(name: str, shape: int | tuple[int, ...]) -> NDArray[Any]:
    """Return an array of the given shape of SymPy symbols, named by their indices.

    >>> symbols("w", (2, 2))[0]
    array([w_0_0, w_0_1], dtype=object)
    """
    return boxed(np.zeros(shape), lambda index, _: Symbolic(sympy.Symbol("_".join([name, *map(str, index)]))))


def derivative(function: Symbolic, x: Symbolic) -> Symbolic:
    """Return the derivative of an expression with respect to a symbol, through every tanh it contains.

    >>> x = Symbolic(sympy.Symbol("x"))
    >>> t = (x * x).tanh()
    >>> identical(derivative(t, x), 2 * x * (1 - t**2)).passed
    True
    """

    @cache
    def through(expression: sympy.Expr) -> sympy.Expr:
        total = sympy.diff(expression, x.value)
        for t in expression.atoms(TanhSymbol):
            total += sympy.diff(expression, t) * (1 - t**2) * through(t.argument)
        return total

    return Symbolic(through(function.value))


def identical(actual: Any, expected: Any) -> Check:
    """Check that expressions are equal as formulas: the difference of each pair, multiplied out, is 0.

    Takes single expressions or arrays of them, of one shape; raises ValueError if the shapes differ.

    >>> x, y = symbols("x", 2)
    >>> identical((x + y) ** 2, x**2 + 2 * x * y + y**2)
    passed: 1 identity proved: the difference is 0 as a formula
    """
    a, b = np.asarray(actual, dtype=object), np.asarray(expected, dtype=object)
    if a.shape != b.shape:
        raise ValueError(f"actual: expected shape {b.shape}, got {a.shape}")
    if not a.size:
        raise ValueError("actual: expected at least one expression to compare, got none")
    differences = [_expanded(Symbolic.exact(x) - Symbolic.exact(y)) for x, y in zip(a.flat, b.flat, strict=True)]
    wrong = [difference for difference in differences if difference != 0]
    if wrong:
        return Check(passed=False, evidence=f"{len(wrong)} of {len(differences)} differ: first by {wrong[0]}")
    noun = "identity" if len(differences) == 1 else "identities"
    return Check(passed=True, evidence=f"{len(differences)} {noun} proved: the difference is 0 as a formula")


def _expanded(expression: sympy.Expr) -> Any:
    """Return the numerator, multiplied out as a polynomial in its symbols: far faster than SymPy's expand."""
    generators = sorted(expression.free_symbols, key=lambda symbol: symbol.sort_key())
    if not generators:
        return expression
    if not expression.is_polynomial(*generators):
        expression = sympy.together(expression).as_numer_denom()[0]
    return ring(generators, sympy.QQ)[0].from_expr(expression)
