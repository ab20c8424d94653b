"""Exact momentum against momentum in floats, and against a buffer of integers that grow without end."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contest import contest, machine, prepare, report
from hw3 import momentum
from hw3.exact_momentum import UNIT, ExactMomentum

ALPHA, STEPS = 0.01, 1000


def slope(theta: NDArray[Any]) -> NDArray[Any]:
    """Return a gradient that costs next to nothing."""
    return theta - 1.0


class GrowingIntegers:
    """The same coder with Python's integers, which have as many digits as they need: the simplest way."""

    def __init__(self, theta: NDArray[Any], p: NDArray[Any], beta: Fraction) -> None:
        self.theta, self.p = (np.round(part / UNIT).astype(np.int64) for part in (theta, p))
        self.n, self.d = beta.numerator, beta.denominator
        self.coder = np.full(theta.shape, 1, dtype=object)

    def change(self) -> NDArray[Any]:
        """Return what the gradient takes from the velocity, in fixed point."""
        return np.round(slope(self.theta * UNIT) * (ALPHA / UNIT)).astype(np.int64)

    def step(self) -> None:
        """Take one step."""
        change = self.change()
        quotient, remainder = np.divmod(self.p, self.d)
        self.coder = self.coder * self.d + remainder
        digit = (self.coder % self.n).astype(np.int64)
        self.coder = self.coder // self.n
        self.p = quotient * self.n + digit - change
        self.theta = self.theta + self.p

    def unstep(self) -> None:
        """Take one step back."""
        self.theta = self.theta - self.p
        change = self.change()
        quotient, digit = np.divmod(self.p + change, self.n)
        self.coder = self.coder * self.n + digit
        remainder = (self.coder % self.d).astype(np.int64)
        self.coder = self.coder // self.d
        self.p = quotient * self.d + remainder


def contenders(size: int, beta: Fraction) -> dict[str, Callable[[], None]]:
    """Return what takes 1,000 steps, four ways."""
    rng = np.random.default_rng(0)
    theta, p = rng.normal(size=(2, size))

    def plain() -> None:
        t, v, b = theta, p, float(beta)
        for _ in range(STEPS):
            v = b * v - ALPHA * slope(t)
            t = t + v

    def checked() -> None:
        state = momentum.State(theta, p)
        for _ in range(STEPS):
            state = momentum.step(state, slope, ALPHA, float(beta))

    def exact() -> None:
        run = ExactMomentum(theta, p, beta)
        for _ in range(STEPS):
            run.step(slope, ALPHA)

    def growing() -> None:
        run = GrowingIntegers(theta, p, beta)
        for _ in range(STEPS):
            run.step()

    return {
        "float64, two lines of NumPy": plain,
        "float64, hw3.momentum.step": checked,
        "hw3.exact_momentum": exact,
        "growing integers": growing,
    }


def check(size: int, beta: Fraction) -> None:
    """Check that both exact ways come back to the start."""
    theta, p = np.random.default_rng(0).normal(size=(2, size))
    exact, growing = ExactMomentum(theta, p, beta), GrowingIntegers(theta, p, beta)
    start, integers = exact.state, (growing.theta, growing.p)
    for _ in range(STEPS):
        exact.step(slope, ALPHA)
        growing.step()
    for _ in range(STEPS):
        exact.unstep(slope, ALPHA)
        growing.unstep()
    assert np.array_equal(exact.state.theta, start.theta)
    assert np.array_equal(exact.state.p, start.p)
    assert np.array_equal(growing.theta, integers[0])
    assert np.array_equal(growing.p, integers[1])


if __name__ == "__main__":
    prepare(threads=2)
    check(100, Fraction(9, 10))
    size, contests = 10_000, {}
    for beta in (Fraction(1, 2), Fraction(9, 10), Fraction(99, 100)):
        name = f"{size:,} parameters, {STEPS:,} steps, β = {beta}"
        contests[name] = contest(contenders(size, beta), rounds=4)
        for contender, times in contests[name].items():
            print(
                f"{name}: {contender} {times['seconds'] / size / STEPS * 1e9:.2f} ns a parameter and step", flush=True
            )
    report("exact_momentum", {"machine": machine("hw3"), "contests": contests})
