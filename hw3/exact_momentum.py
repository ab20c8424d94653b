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

from hw3._arrays import Array, expect_array, expect_callable, expect_positive, expect_reals, expect_shape
from hw3.momentum import State

UNIT = 2.0**-40
"""The unit of the fixed-point numbers: theta and p are held as integer multiples of it."""

LIMIT = 2**60
"""The largest multiple of the unit that theta may be, to double precision: 2**20 in theta's own units."""

_START_BITS = 31  # of each coder at the start; from the first spill on it has 32 to 48
_FULL_BITS = 48
_WORD_BITS = 16
_MIDDLE = 2**15  # of a word, which is held as an int16: PyTorch can't pickle the unsigned ones
_LARGEST_TERM = 2**14  # of beta's fraction, so that a coder of 48 bits times d fits into 64
_FINE = 2**32  # bits are counted in whole parts of this size, rounded up, so that the way back finds the same sums


class ExactMomentum:
    """Gradient descent with momentum on fixed-point numbers, each step of which can be undone bit for bit.

    Parameters
    ----------
    theta, p
        The parameters and the velocity: real arrays of one shape, rounded to multiples of 2**-40.
    beta
        The momentum, in (0, 1]: numerator and denominator at most 2**14. A step may be given another.

    Raises
    ------
    TypeError
        If theta or p is no array of the same library, or beta no `fractions.Fraction`.
    ValueError
        If the shapes differ, a number is not finite or outside the fixed-point range, beta is outside (0, 1]
        or has too large a numerator or denominator, or the library is told to do without numbers of 64 bits.

    Notes
    -----
    Held are theta, p and the coders, integers of 64 bits; the words that the coders spilled; the number of steps;
    and each beta with the step from which on it was that of the steps. No array is changed in place, so that a copy
    shares them until it moves. A run can be pickled.

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
        expect_reals("theta", theta)
        expect_positive("theta", "(D,)", theta.shape)
        expect_shape("p", p, tuple(theta.shape), like=theta, holds=expect_reals)
        _expect_64_bits("theta", theta)
        self._beta = _checked(beta)
        self._xp = array_namespace(theta)
        self._theta, _ = self._fixed("theta", self._float(theta) / UNIT)
        self._p, _ = self._fixed("p", self._float(p) / UNIT)
        self._coder = self._xp.full_like(self._theta, 2**_START_BITS)
        self._words: list[Array] = []  # the coders' low words, spilled
        self._grown = 0  # by how much each coder and its words have grown
        self._steps = 0
        self._betas: list[tuple[int, Fraction]] = []  # (steps taken before, beta) where beta became another
        self._reach = (inf, inf)  # what theta and p are known not to exceed, in units

    def __repr__(self) -> str:
        shape, steps = tuple(self._theta.shape), self._steps
        return f"<ExactMomentum: theta and p of shape {shape}, beta {self._beta}, steps {steps}>"

    def __getstate__(self) -> dict[str, Any]:
        # For a copy and for pickle, which can take no module; the two lists are all that a move changes in place
        lists = {"_words": self._words.copy(), "_betas": self._betas.copy()}
        return {name: value for name, value in (self.__dict__ | lists).items() if name != "_xp"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ = state | {"_xp": array_namespace(state["_theta"])}

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

        Each change of beta is held in some 100 bytes more, whatever the number of parameters.

        >>> import numpy as np
        >>> ExactMomentum(np.zeros(10), np.zeros(10), Fraction(1, 2)).nbytes
        240
        """
        size: int = prod(self._coder.shape)
        return (3 * 8 + _WORD_BITS // 8 * len(self._words)) * size

    def step(self, gradient: Callable[[Array], Array], alpha: float, beta: Fraction | None = None) -> None:
        """Take one step, as `hw3.momentum.step` does; the velocity is rounded by less than n + 1 units of 2**-40.

        Parameters
        ----------
        gradient
            The gradient of the objective: takes theta, returns a real array of its shape. It must
            return the same array again when the step is undone.
        alpha
            The learning rate.
        beta
            The momentum of this step; that of the start where missing.

        Raises
        ------
        TypeError
            If `gradient` can't be called, or returns no real array of the same library, alpha is no
            real number, or beta no fraction.
        ValueError
            If the gradient's shape differs, it is not finite, or it leads out of the fixed-point range; or
            if beta is none that the start may have. After any error nothing has changed.

        Examples
        --------
        >>> import numpy as np
        >>> run = ExactMomentum(np.array([4.0]), np.array([1.0]), Fraction(1, 2))
        >>> run.step(lambda theta: 2 * theta, alpha=0.125)
        >>> run.state
        State(theta=array([3.5]), p=array([-0.5]))
        """
        beta = self._beta if beta is None else _checked(beta)
        n, d = beta.numerator, beta.denominator
        change, largest_change = self._change(self._theta, gradient, alpha)
        p, coder = times_fraction(self._p, self._coder, n, d)
        p = p - change
        theta = self._theta + p
        p_reach = self._reach[1] * n / d + n + largest_change
        theta_reach = self._reach[0] + p_reach
        if theta_reach > LIMIT:  # then the numbers themselves decide
            theta_reach, p_reach = self._largest("theta", theta), self._largest("p", p, 2 * LIMIT)

        words, grown = [], self._grown + _growth(beta)
        if _spilled(grown) > len(self._words):
            words = [self._xp.astype((coder & (2**_WORD_BITS - 1)) - _MIDDLE, self._xp.int16)]
            coder = coder >> _WORD_BITS
        self._words += words
        if not self._betas or self._betas[-1][1] != beta:
            self._betas.append((self._steps, beta))
        self._reach, self._grown = (theta_reach, p_reach), grown
        self._theta, self._p, self._coder, self._steps = theta, p, coder, self._steps + 1

    def unstep(self, gradient: Callable[[Array], Array], alpha: float, beta: Fraction | None = None) -> None:
        """Undo the last step, bit for bit; `gradient` and `alpha` must be those of that step.

        The step's beta is held, and need not be given.

        Raises ValueError if there is no step to undo, or if `beta` is given and not that of the step, and what
        `step` raises; then nothing has changed.

        >>> import numpy as np
        >>> run = ExactMomentum(np.array([4.0]), np.array([1.0]), Fraction(1, 2))
        >>> run.step(lambda theta: 2 * theta, alpha=0.125)
        >>> run.unstep(lambda theta: 2 * theta, alpha=0.125)
        >>> run.state
        State(theta=array([4.]), p=array([1.]))
        """
        if self._steps == 0:
            raise ValueError("unstep: expected a step to undo, got none: this is the start")
        since, of_step = self._betas[-1]
        if beta is not None and _checked(beta) != of_step:
            raise ValueError(f"beta: expected that of the step, {of_step}, got {beta}")
        n, d = of_step.numerator, of_step.denominator
        theta = self._theta - self._p
        # With another gradient than the steps' the way back may leave the range that the steps kept to
        self._largest("theta(k)", theta, 2 * LIMIT)
        change, _ = self._change(theta, gradient, alpha)
        product = self._p + change
        self._largest("p(k) times beta", product, 2 * LIMIT * n // d + n)

        grown = self._grown - _growth(of_step)
        coder, kept = self._coder, _spilled(grown)
        if kept < len(self._words):
            coder = (coder << _WORD_BITS) + self._xp.astype(self._words[-1], self._xp.int64) + _MIDDLE
        p, coder = times_fraction(product, coder, d, n)
        del self._words[kept:]
        if since == self._steps - 1:
            self._betas.pop()
        self._reach, self._grown = (inf, inf), grown
        self._theta, self._p, self._coder, self._steps = theta, p, coder, self._steps - 1

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
        expect_shape("gradient(theta)", slope, tuple(theta.shape), like=theta, holds=expect_array)
        if slope.dtype != self._xp.float64:
            expect_reals("gradient(theta)", slope)
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
            raise ValueError(f"{name}: expected finite numbers of size {limit * UNIT} at most, got {largest * UNIT}")
        return largest

    def _real(self, units: Array) -> Array:
        """Return fixed-point numbers as float64."""
        return self._float(units) * UNIT

    def _float(self, numbers: Array) -> Array:
        return self._xp.astype(numbers, self._xp.float64)


def _checked(beta: Fraction) -> Fraction:
    """Return `beta` if it is a fraction that a step can be undone with."""
    if not isinstance(beta, Fraction):
        raise TypeError(f"beta: expected a fractions.Fraction, got {type(beta).__name__}")
    if not 0 < beta <= 1:
        raise ValueError(f"beta: expected a fraction in (0, 1], got {beta}")
    if beta.denominator > _LARGEST_TERM:
        raise ValueError(f"beta: expected a denominator of at most {_LARGEST_TERM}, got {beta}")
    return beta


def _growth(beta: Fraction) -> int:
    """Return the bits that a step adds to a coder, in parts of 2**-32, rounded up."""
    return ceil(_FINE * log2(beta.denominator / beta.numerator))


def _spilled(grown: int) -> int:
    """Return how many words a coder that has grown so much has spilled: as many as keep it below 48 bits."""
    return max(0, -((_FINE * (_FULL_BITS - _START_BITS) - grown) // (_FINE * _WORD_BITS)))


def _expect_64_bits(name: str, value: Array) -> None:
    """Raise ValueError if the library does without numbers of 64 bits, as JAX does unless told."""
    xp = array_namespace(value)
    if "float64" not in xp.__array_namespace_info__().dtypes():
        raise ValueError(
            f"{name}: expected an array of a library with numbers of 64 bits, got one of {xp.__name__}, which makes "
            'none; in JAX, jax.config.update("jax_enable_x64", True) switches them on'
        )


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
