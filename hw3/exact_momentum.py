"""Momentum that can be run backwards exactly, storing no more bits than a step destroys.

A step multiplies the velocity by beta = n / d. In fixed point the remainder of the division by d holds
log2(d) bits, multiplying by n leaves room for log2(n), and the difference would be lost. Here the
remainder goes into an entropy coder, an integer a parameter, whose last digit in base n becomes that of
the new velocity. So a step is a bijection of (theta, p, coder), and its inverse is exact.

Shapes: D parameters; `theta` and `p` have the same shape, (D,) in the problem. Units as in `hw3.momentum`.
Source: Problem 3, part a, in finite precision. The idea of storing the lost bits is Maclaurin, Duvenaud
and Adams, Gradient-based hyperparameter optimization through reversible learning (2015); the coder is
one of asymmetric numeral systems (Duda, 2009).
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, inf, isfinite, log2, prod
from numbers import Real
from typing import Any

from array_api_compat import array_namespace

from hw3._expect import expect_array, expect_callable, expect_positive, expect_real, expect_shape
from hw3.momentum import State

Array = Any  # an array of any library that follows the array API standard

UNIT = 2.0**-40
"""The unit of the fixed-point numbers: theta and p are held as integer multiples of it."""

LIMIT = 2**60
"""The largest multiple of the unit that theta may be, to double precision: 2**20 in theta's own units."""

_START_BITS = 31  # of each coder at the start; from the first spill on it has 32 to 48
_FULL_BITS = 48
_WORD_BITS = 16
_LARGEST_TERM = 2**14  # of beta's fraction, so that a coder of 48 bits times d fits into 64


class ExactMomentum:
    """Gradient descent with momentum on fixed-point numbers, each step of which can be undone bit for bit.

    Parameters
    ----------
    theta, p
        The parameters and the velocity: real arrays of one shape, rounded to multiples of 2**-40.
    beta
        The momentum, in (0, 1]: numerator and denominator at most 2**14.

    Raises
    ------
    TypeError
        If theta or p is no array of the same library, or beta no `fractions.Fraction`.
    ValueError
        If the shapes differ, a number is not finite or outside the fixed-point range, or beta is
        outside (0, 1] or has too large a numerator or denominator.

    Examples
    --------
    >>> import numpy as np
    >>> run = ExactMomentum(np.array([3.0, -1.0]), np.zeros(2), beta=Fraction(9, 10))
    >>> start = run.state
    >>> for _ in range(100):
    ...     run.step(lambda theta: theta - 1, alpha=0.1)
    >>> for _ in range(100):
    ...     run.unstep(lambda theta: theta - 1, alpha=0.1)
    >>> np.array_equal(run.state.theta, start.theta) and np.array_equal(run.state.p, start.p)
    True
    """

    def __init__(self, theta: Array, p: Array, beta: Fraction) -> None:
        expect_array("theta", theta)
        expect_positive("theta", "(D,)", theta.shape)
        expect_shape("p", p, tuple(theta.shape), like=theta)
        expect_real("theta", theta)
        expect_real("p", p)
        if not isinstance(beta, Fraction):
            raise TypeError(f"beta: expected a fractions.Fraction, got {type(beta).__name__}")
        if not 0 < beta <= 1:
            raise ValueError(f"beta: expected a fraction in (0, 1], got {beta}")
        if beta.denominator > _LARGEST_TERM:
            raise ValueError(f"beta: expected a denominator of at most {_LARGEST_TERM}, got {beta}")
        self._xp = array_namespace(theta)
        self._theta, _ = self._fixed("theta", self._float(theta) / UNIT)
        self._p, _ = self._fixed("p", self._float(p) / UNIT)
        self._n, self._d = beta.numerator, beta.denominator
        self._bits_a_step = log2(self._d / self._n)
        self._coder = self._xp.full_like(self._theta, 2**_START_BITS)
        self._words: list[Array] = []  # the coders' low words, spilled
        self._steps = 0
        self._reach = (inf, inf)  # what theta and p are known not to exceed, in units

    @property
    def state(self) -> State:
        """Theta and p as arrays of float64.

        >>> import numpy as np
        >>> ExactMomentum(np.array([0.5]), np.array([0.25]), Fraction(1, 2)).state
        State(theta=array([0.5]), p=array([0.25]))
        """
        return State(self._real(self._theta), self._real(self._p))

    @property
    def bits_stored(self) -> float:
        """The bits of information held, in the spilled words and in what the live coders have gained.

        >>> import numpy as np
        >>> run = ExactMomentum(np.array([0.5]), np.array([0.25]), Fraction(1, 2))
        >>> run.step(lambda theta: theta, alpha=0.5)
        >>> round(run.bits_stored, 6)
        1.0
        """
        live = float(self._xp.sum(self._xp.log2(self._float(self._coder)) - _START_BITS))
        size: int = prod(self._coder.shape)
        return live + _WORD_BITS * len(self._words) * size

    @property
    def nbytes(self) -> int:
        """The bytes of memory that theta, p, the coders and the spilled words take, without Python's overhead.

        >>> import numpy as np
        >>> ExactMomentum(np.zeros(10), np.zeros(10), Fraction(1, 2)).nbytes
        240
        """
        size: int = prod(self._coder.shape)
        return (3 * 8 + _WORD_BITS // 8 * len(self._words)) * size

    def step(self, gradient: Callable[[Array], Array], alpha: float) -> None:
        """Take one step, as `hw3.momentum.step` does; the velocity is rounded by less than n + 1 units of 2**-40.

        Parameters
        ----------
        gradient
            The gradient of the objective: takes theta, returns a real array of its shape. It must
            return the same array again when the step is undone.
        alpha
            The learning rate.

        Raises
        ------
        TypeError
            If `gradient` can't be called, or returns no real array of the same library, or alpha is no
            real number.
        ValueError
            If the gradient's shape differs, it is not finite, or it leads out of the fixed-point range.
            After any error nothing has changed.

        Examples
        --------
        >>> import numpy as np
        >>> run = ExactMomentum(np.array([4.0]), np.array([1.0]), Fraction(1, 2))
        >>> run.step(lambda theta: 2 * theta, alpha=0.125)
        >>> run.state
        State(theta=array([3.5]), p=array([-0.5]))
        """
        change, largest_change = self._change(self._theta, gradient, alpha)
        p, coder = times_fraction(self._p, self._coder, self._n, self._d)
        p = p - change
        theta = self._theta + p
        p_reach = self._reach[1] * self._n / self._d + self._n + largest_change
        theta_reach = self._reach[0] + p_reach
        if theta_reach > LIMIT:  # then the numbers themselves decide
            theta_reach, p_reach = self._largest("theta", theta), self._largest("p", p, 2 * LIMIT)

        words = []
        if self._spilled(self._steps + 1) > len(self._words):
            words = [self._xp.astype(coder & (2**_WORD_BITS - 1), self._xp.uint16)]
            coder = coder >> _WORD_BITS
        self._words += words
        self._reach = (theta_reach, p_reach)
        self._theta, self._p, self._coder, self._steps = theta, p, coder, self._steps + 1

    def unstep(self, gradient: Callable[[Array], Array], alpha: float) -> None:
        """Undo the last step, bit for bit; `gradient` and `alpha` must be those of that step.

        Raises ValueError if there is no step to undo, and what `step` raises; then nothing has changed.

        >>> import numpy as np
        >>> run = ExactMomentum(np.array([4.0]), np.array([1.0]), Fraction(1, 2))
        >>> run.step(lambda theta: 2 * theta, alpha=0.125)
        >>> run.unstep(lambda theta: 2 * theta, alpha=0.125)
        >>> run.state
        State(theta=array([4.]), p=array([1.]))
        """
        if self._steps == 0:
            raise ValueError("unstep: expected a step to undo, got none: this is the start")
        theta = self._theta - self._p
        # With another gradient than the steps' the way back may leave the range that the steps kept to
        self._largest("theta(k)", theta, 2 * LIMIT)
        change, _ = self._change(theta, gradient, alpha)
        product = self._p + change
        self._largest("p(k) times beta", product, 2 * LIMIT * self._n // self._d + self._n)

        coder, kept = self._coder, self._spilled(self._steps - 1)
        if kept < len(self._words):
            coder = (coder << _WORD_BITS) + self._xp.astype(self._words[-1], self._xp.int64)
        p, coder = times_fraction(product, coder, self._d, self._n)
        del self._words[kept:]
        self._reach = (inf, inf)
        self._theta, self._p, self._coder, self._steps = theta, p, coder, self._steps - 1

    def _spilled(self, steps: int) -> int:
        """Return how many words each coder has spilled after so many steps: as many as keep it below 48 bits."""
        grown = _START_BITS + steps * self._bits_a_step
        return max(0, ceil((grown - _FULL_BITS) / _WORD_BITS))

    def _change(self, theta: Array, gradient: Callable[[Array], Array], alpha: float) -> tuple[Array, float]:
        """Return alpha times the gradient at theta, in fixed point, and its largest size."""
        expect_callable("gradient", gradient)
        if not isinstance(alpha, Real):
            raise TypeError(f"alpha: expected a real number, got {type(alpha).__name__}")
        try:
            rate = float(alpha)
        except OverflowError:
            rate = inf
        if not isfinite(rate):
            raise ValueError(f"alpha: expected a finite number, got {alpha}")
        slope = gradient(self._real(theta))
        expect_shape("gradient(theta)", slope, tuple(theta.shape), like=theta)
        if slope.dtype != self._xp.float64:
            expect_real("gradient(theta)", slope)
            slope = self._float(slope)
        return self._fixed("alpha * gradient(theta)", slope * (rate / UNIT))

    def _fixed(self, name: str, units: Array) -> tuple[Array, float]:
        """Return multiples of the unit, rounded to whole ones, and the largest size; ValueError if out of range."""
        rounded = self._xp.round(units)
        largest = self._largest(name, rounded)
        return self._xp.astype(rounded, self._xp.int64), largest

    def _largest(self, name: str, units: Array, limit: int = LIMIT) -> float:
        """Return the largest size of the numbers, in units; ValueError if it is not finite or above the limit."""
        largest = float(self._xp.max(self._xp.abs(units)))
        if not largest <= limit:  # NaN is not
            raise ValueError(
                f"{name}: expected finite numbers of size {limit * UNIT:g} at most, got {largest * UNIT:g}"
            )
        return largest

    def _real(self, units: Array) -> Array:
        """Return fixed-point numbers as float64."""
        return self._float(units) * UNIT

    def _float(self, integers: Array) -> Array:
        return self._xp.astype(integers, self._xp.float64)


def times_fraction(p: Array, coder: Array, n: int, d: int) -> tuple[Array, Array]:
    """Return n / d times p, rounded, and the coder with what the rounding lost.

    The remainder of p by d goes into the coder, and the coder's remainder by n comes out as the last
    digit of the product. With n and d exchanged the function is its own inverse.

    Parameters
    ----------
    p
        Integers: an array, or one.
    coder
        Non-negative integers, of the same shape.
    n, d
        The fraction's numerator and denominator, positive.

    Returns
    -------
    tuple of Array
        The product and the coder, integers.

    Notes
    -----
    Source: Problem 3, part a, on integers. Nothing is checked: `ExactMomentum` is the door.

    Examples
    --------
    >>> times_fraction(-1234, 1000, n=9, d=10)
    (-1109, 1111)
    >>> times_fraction(-1109, 1111, n=10, d=9)
    (-1234, 1000)
    """
    quotient = p // d
    pushed = (coder - quotient) * d + p  # coder * d + the remainder of p by d
    coder = pushed // n
    return (quotient - coder) * n + pushed, coder  # quotient * n + the remainder of pushed by n
