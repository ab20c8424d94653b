"""Numbers without rounding: fractions, and SymPy expressions, which prove; and numbers of fifty digits."""

import numbers
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import tanh
from typing import Any, Self

import mpmath
import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.polys.rings import ring

from claimcheck.boxes import Box, boxed
from claimcheck.checks import Check, _check

_FIFTY = mpmath.MPContext()
_FIFTY.dps = 50


class Converted(Box):
    """A number that takes what it meets for one of its own kind; a float is the binary fraction that it is."""

    __slots__ = ()

    @classmethod
    def bare(cls, number: Any) -> Any:
        """Return the bare number, of the class's own kind."""
        return number.value if isinstance(number, cls) else cls.convert(number)

    @staticmethod
    def convert(number: Any) -> Any:
        """Return a number that the class takes as its own kind."""
        raise NotImplementedError

    def __abs__(self) -> Any:
        return abs(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        return str(self.value)


class Rational(Converted):
    """A fraction. Its tanh is the fraction that the rounded tanh is; all else is exact.

    >>> Rational(0.5) + Rational(Fraction(1, 3))
    5/6
    """

    __slots__ = ()
    kinds = (float, int, numbers.Rational, Decimal)

    @staticmethod
    def convert(number: Any) -> Fraction:
        """Return the number as a fraction."""
        return Fraction(number)

    @classmethod
    def _operate(cls, kind: str, function: Callable[..., Any], *operands: Any) -> Self:
        """Do the operation, exactly: a root is refused."""
        if kind == "pow" and cls.bare(operands[1]).denominator != 1:
            raise ValueError(f"exponent: expected an integer, got {operands[1]}: a root would be rounded")
        return super()._operate(kind, function, *operands)

    def tanh(self) -> "Rational":
        """Return tanh, rounded as in double precision."""
        return Rational(tanh(self.value))


class FiftyDigits(Converted):
    """A number rounded at the fiftieth digit, its tanh too: a truth beside which double precision's errors show.

    >>> float(FiftyDigits(1) + FiftyDigits(2.0**-140) - 1) == 2.0**-140
    True
    """

    __slots__ = ()
    kinds = (float, int, numbers.Real)

    @staticmethod
    def convert(number: Any) -> Any:
        """Return the number with fifty digits."""
        return _FIFTY.convert(number)

    def tanh(self) -> "FiftyDigits":
        """Return tanh to fifty digits."""
        return FiftyDigits(_FIFTY.tanh(self.value))


class Symbolic(Converted):
    """A SymPy expression. Its tanh is a new symbol that remembers its argument.

    So the LSTM's formulas stay polynomials, and two of them are equal just if their difference,
    multiplied out, is 0.

    >>> x = Symbolic(sympy.Symbol("x"))
    >>> 0.5 * (1 + x) ** 2
    (x + 1)**2/2
    >>> (1 + x) ** 2 == 1 + 2 * x + x**2
    True
    """

    __slots__ = ()
    kinds = (float, int, numbers.Rational, sympy.Expr)

    @staticmethod
    def convert(number: Any) -> sympy.Expr:
        """Return the number as an expression without floats."""
        return number if isinstance(number, sympy.Expr) else sympy.Rational(Fraction(number))

    @staticmethod
    def same(value: sympy.Expr, other: sympy.Expr) -> bool:
        """Return whether two expressions are equal as formulas, however they are written."""
        return bool(_expanded(value - other) == 0)

    def __hash__(self) -> int:
        return hash(sympy.cancel(self.value))

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

    Takes single expressions or arrays of them, of one shape; raises ValueError if the shapes differ or there
    is nothing to compare, TypeError if something is no expression.

    >>> x, y = symbols("x", 2)
    >>> identical((x + y) ** 2, x**2 + 2 * x * y + y**2)
    passed: 1 identity proved: the difference is 0 as a formula
    """
    a, b = _expressions("actual", actual), _expressions("expected", expected)
    if a.shape != b.shape:
        raise ValueError(f"actual: expected shape {b.shape}, got {a.shape}")
    if not a.size:
        raise ValueError("actual: expected at least one expression to compare, got none")
    differences = [_expanded(x - y) for x, y in zip(a.flat, b.flat, strict=True)]
    wrong = [difference for difference in differences if difference != 0]
    if wrong:
        return _check(passed=False, evidence=f"{len(wrong)} of {len(differences)} differ: first by {wrong[0]}")
    noun = "identity" if len(differences) == 1 else "identities"
    return _check(passed=True, evidence=f"{len(differences)} {noun} proved: the difference is 0 as a formula")


def _expressions(name: str, values: Any) -> NDArray[Any]:
    array = np.asarray(values, dtype=object)
    for value in array.flat:
        if not Symbolic.takes(value):
            raise TypeError(f"{name}: expected numbers or expressions, got {type(value).__name__}")
    return boxed(array, lambda _, value: Symbolic.bare(value))


def _expanded(expression: sympy.Expr) -> Any:
    """Return the numerator, multiplied out as a polynomial in its symbols: far faster than SymPy's expand.

    Raises TypeError if it is none: of roots and functions it is not known whether they are 0.
    """
    if expression.is_Rational:
        return expression
    generators = sorted(expression.free_symbols, key=lambda symbol: symbol.sort_key())
    if not expression.is_polynomial(*generators):
        expression = sympy.together(expression).as_numer_denom()[0]
    try:
        return ring(generators, sympy.QQ)[0].from_expr(expression)
    except ValueError:
        raise TypeError(f"expected sums, products, quotients and whole powers, got {expression}") from None
