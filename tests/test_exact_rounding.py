"""Where exact momentum rounds, and what it knows of its range: cases beside the walks of test_exact_momentum.py."""

from fractions import Fraction

import numpy as np
import pytest

from hw3.exact_momentum import UNIT, ExactMomentum


def test_numbers_are_rounded_to_the_nearest_multiple_of_the_unit():
    given, rounded = np.array([0.75, -0.75, 1.25, -1.25]), [1.0, -1.0, 1.0, -1.0]
    run = ExactMomentum(given * UNIT, given * UNIT, Fraction(1))
    assert (run.state.theta / UNIT).tolist() == rounded
    assert (run.state.p / UNIT).tolist() == rounded
    run = ExactMomentum(np.zeros(4), np.zeros(4), Fraction(1))
    run.step(lambda _theta: given * UNIT, 1.0)
    assert (-run.state.p / UNIT).tolist() == rounded


def test_a_negative_rate_ascends_and_is_undone():
    run = ExactMomentum(np.array([4.0]), np.array([1.0]), Fraction(1, 2))
    run.step(lambda theta: 2 * theta, alpha=-0.125)
    assert (run.state.theta.tolist(), run.state.p.tolist()) == ([5.5], [1.5])
    run.unstep(lambda theta: 2 * theta, alpha=-0.125)
    assert (run.state.theta.tolist(), run.state.p.tolist()) == ([4.0], [1.0])


def test_a_way_back_by_another_gradient_leaves_the_range_checked():
    run = ExactMomentum(np.zeros(1), np.zeros(1), Fraction(1, 2))
    run.step(lambda theta: 0 * theta, 1.0)
    run.unstep(lambda theta: 0 * theta - 9e5, 1.0)  # p is -1.8e6 now
    run.step(lambda theta: 0 * theta, 1.0)
    assert run.state.theta.tolist() == [-9e5]
    with pytest.raises(ValueError, match="theta: expected finite numbers"):  # it would be -1.35e6
        run.step(lambda theta: 0 * theta, 1.0)
