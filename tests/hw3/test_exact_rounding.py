"""Where exact momentum rounds, and what it knows of its range: cases beside the walks of test_exact_momentum.py."""

from fractions import Fraction

import numpy as np
import pytest

from hw3.exact_momentum import LIMIT, UNIT, ExactMomentum
from whole_message import refused

EDGE = float(LIMIT) * UNIT


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


def steady(change):
    """Return a gradient that is this wherever it is asked for."""
    return lambda theta: 0 * theta + change


def test_the_fastest_step_from_edge_to_edge_is_undone():
    run = ExactMomentum(np.array([-EDGE]), np.array([EDGE]), Fraction(1))
    run.step(steady(-EDGE), 1.0)
    assert (run.state.theta.tolist(), run.state.p.tolist()) == ([EDGE], [2 * EDGE])
    run.unstep(steady(-EDGE), 1.0)
    assert (run.state.theta.tolist(), run.state.p.tolist()) == ([-EDGE], [EDGE])


def test_on_a_way_back_by_another_gradient_twice_the_range_is_free():
    run = ExactMomentum(np.zeros(1), np.zeros(1), Fraction(1))
    for _ in range(3):
        run.step(steady(0), 1.0)
    for change, theta, p in [(6e5, 0, 6e5), (6e5, -6e5, 1.2e6), (7e5, -1.8e6, 1.9e6)]:
        run.unstep(steady(change), 1.0)
        assert (run.state.theta.tolist(), run.state.p.tolist()) == ([theta], [p])
    with refused(ValueError, "p: expected finite numbers of size 2097152.0 at most, got 2800000.0"):
        run.step(steady(-9e5), 1.0)
    run.step(steady(0), 1.0)
    assert run.state.theta.tolist() == [1e5]


def test_on_a_way_back_the_velocity_may_become_twice_the_range():
    run = ExactMomentum(np.zeros(1), np.zeros(1), Fraction(1, 2))
    run.step(steady(0), 1.0)
    run.unstep(steady(EDGE), 1.0)
    assert run.state.p.tolist() == [2 * EDGE]


def test_what_rounding_adds_to_a_velocity_does_not_lead_out_of_the_range():
    beta, start = Fraction(2**14 - 1, 2**14), np.array([1000.0]) * UNIT
    run = ExactMomentum(np.zeros(1), start, beta)
    for _ in range(2):
        run.step(steady(0), 1.0)
    # From here two steps would lead beyond the edge, by less than the second may add to the velocity by rounding.
    run = ExactMomentum(EDGE + 1000 * UNIT - run.state.theta, start, beta)
    run.step(steady(0), 1.0)
    with refused(ValueError, "theta: expected finite numbers of size 1048576.0 at most, got 1048576.000000001"):
        run.step(steady(0), 1.0)


def test_far_from_the_edge_only_the_change_is_looked_at(monkeypatch):
    run = ExactMomentum(np.ones(3), np.ones(3), Fraction(9, 10))
    run.step(steady(0.01), 1.0)
    looked, largest = [], ExactMomentum._largest
    monkeypatch.setattr(
        ExactMomentum, "_largest", lambda run, name, *more: looked.append(name) or largest(run, name, *more)
    )
    for _ in range(100):
        run.step(steady(0.01), 1.0)
    assert looked == ["alpha * gradient(theta)"] * 100
