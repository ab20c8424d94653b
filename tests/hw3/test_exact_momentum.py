from fractions import Fraction
from itertools import pairwise
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw3 import exact_momentum, momentum
from hw3.exact_momentum import LIMIT, UNIT, ExactMomentum, times_fraction
from kinds_of_numbers import strict
from whole_message import of_another_library, refused

BETAS = [Fraction(1, 10), Fraction(1, 2), Fraction(9, 10), Fraction(99, 100), Fraction(1), Fraction(9999, 10000)]
BETAS += [Fraction(1, 2**14), Fraction(2**14 - 1, 2**14)]
betas = st.integers(1, 2**14).flatmap(lambda d: st.integers(1, d).map(lambda n: Fraction(n, d)))


IN_RANGE = "expected finite numbers of size 1.04858e+06 at most"


def gradient(theta):
    return np.sin(theta) + 0.1 * (theta - 1)


def new_run(beta, size=50, seed=0):
    rng = np.random.default_rng(seed)
    return ExactMomentum(3 * rng.normal(size=size), rng.normal(size=size), beta)


def held(run):
    """Return all that a run holds, bit for bit."""
    return [run._theta.tolist(), run._p.tolist(), run._coder.tolist(), [w.tolist() for w in run._words], run._steps]


@given(p=st.integers(-(2**61), 2**61), coder=st.integers(0, 2**48), beta=betas)
def test_times_a_fraction_is_a_bijection(p, coder, beta):
    n, d = beta.numerator, beta.denominator
    product, after = times_fraction(p, coder, n, d)
    assert times_fraction(product, after, d, n) == (p, coder)
    assert abs(product - p * beta) < n
    assert times_fraction(np.array([p]), np.array([coder]), n, d) == (np.array([product]), np.array([after]))


@pytest.mark.parametrize("beta", BETAS, ids=str)
def test_thousands_of_steps_come_back_bit_for_bit(beta):
    run = new_run(beta)
    start = held(run)
    for _ in range(3000):
        run.step(gradient, 0.05)
    assert held(run)[0] != start[0]
    for _ in range(3000):
        run.unstep(gradient, 0.05)
    assert held(run) == start


@given(beta=betas, moves=st.lists(st.integers(1, 40), min_size=2, max_size=8), seed=st.integers(0, 99))
def test_any_walk_comes_back(beta, moves, seed):
    run = new_run(beta, size=3, seed=seed)
    visited = [held(run)]
    for forward, count in zip([True, False] * 4, moves, strict=False):
        for _ in range(count):
            if forward:
                run.step(gradient, 0.1)
                visited.append(held(run))
            elif len(visited) > 1:
                run.unstep(gradient, 0.1)
                visited.pop()
                assert held(run) == visited[-1]
    while len(visited) > 1:
        run.unstep(gradient, 0.1)
        visited.pop()
    assert held(run) == visited[0]


@pytest.mark.parametrize("beta", BETAS, ids=str)
def test_the_bits_stored_are_those_that_a_step_destroys(beta):
    run, steps = new_run(beta, size=1000), 1000
    for _ in range(steps):
        run.step(gradient, 0.01)
    limit = 1000 * steps * log2(1 / beta)
    assert abs(run.bits_stored - limit) <= 1e-3 * limit
    assert run.bits_stored <= 8 * run.nbytes - 1000 * 2 * 64 <= run.bits_stored + 64 * 1000


def test_nothing_is_stored_for_beta_one():
    run = new_run(Fraction(1))
    before = run.nbytes
    for _ in range(1000):
        run.step(gradient, 0.01)
    assert (run.bits_stored, run.nbytes) == (0, before)


@pytest.mark.parametrize("beta", BETAS, ids=str)
def test_coders_stay_within_their_words_and_all_information_is_counted(beta):
    run = new_run(beta, size=20)
    held_bits = [run.bits_stored]
    for _ in range(500):
        run.step(gradient, 0.05)
        assert run._coder.min() > 2**30
        assert run._coder.max() < 2**48 + 2**20
        held_bits.append(run.bits_stored)
    assert all(after >= before for before, after in pairwise(held_bits))


@given(seed=st.integers(0, 99), beta=st.sampled_from(BETAS[1:5]))
def test_it_is_momentum_to_the_resolution_of_the_fixed_point(seed, beta):
    run, slope = new_run(beta, seed=seed), lambda theta: theta - 1
    plain = run.state
    for _ in range(50):
        run.step(slope, 0.05)
        plain = momentum.step(plain, slope, 0.05, float(beta))
    # A step rounds the velocity by n units at most. A parabola moves theta by no more than 1/sqrt(alpha) < 5 times
    # that, at any later step: 50 steps of it stay below 50**2 n units.
    assert np.max(np.abs(run.state.theta - plain.theta)) < 50**2 * beta.numerator * UNIT


def test_it_runs_under_the_array_api_standard():
    theta, p = np.array([0.5, -2.0]), np.array([0.25, 1.0])
    run, plain = ExactMomentum(strict(theta), strict(p), Fraction(1, 10)), ExactMomentum(theta, p, Fraction(1, 10))
    for _ in range(30):
        run.step(lambda theta: theta - 1, 0.1)
        plain.step(lambda theta: theta - 1, 0.1)
    assert np.asarray(run.state.theta).tolist() == plain.state.theta.tolist()
    assert (run.bits_stored, run.nbytes) == (plain.bits_stored, plain.nbytes)
    for _ in range(30):
        run.unstep(lambda theta: theta - 1, 0.1)
    assert np.asarray(run.state.p).tolist() == p.tolist()


def test_shape_of_the_parameters_is_free():
    run = ExactMomentum(np.ones((2, 3)), np.zeros((2, 3)), Fraction(1, 2))
    run.step(lambda theta: theta, 0.5)
    assert run.state.theta.tolist() == [[0.5] * 3] * 2
    assert run.nbytes == 3 * 8 * 6


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"theta": [1.0]}, TypeError, "theta: expected an array, got list"),
        ({"theta": None, "p": None}, TypeError, "theta: expected an array, got NoneType"),
        ({"theta": np.ones(0), "p": np.ones(0)}, ValueError, "theta: expected positive sizes (D,), got (0,)"),
        ({"p": np.ones(1)}, ValueError, "p: expected shape (2,), got (1,)"),
        ({"p": strict(np.ones(2))}, TypeError, of_another_library("p")),
        ({"theta": np.array([1j, 0])}, TypeError, "theta: expected an array of real numbers, got one of complex128"),
        ({"p": np.array([True, False])}, TypeError, "p: expected an array of real numbers, got one of bool"),
        ({"theta": np.array([np.nan, 0])}, ValueError, f"theta: {IN_RANGE}, got nan"),
        ({"p": np.array([-np.inf, 0])}, ValueError, f"p: {IN_RANGE}, got inf"),
        ({"theta": np.array([2e6, 0])}, ValueError, f"theta: {IN_RANGE}, got 2e+06"),
        ({"beta": 0.9}, TypeError, "beta: expected a fractions.Fraction, got float"),
        ({"beta": Fraction(0)}, ValueError, "beta: expected a fraction in (0, 1], got 0"),
        ({"beta": Fraction(11, 10)}, ValueError, "beta: expected a fraction in (0, 1], got 11/10"),
        ({"beta": Fraction(-1, 2)}, ValueError, "beta: expected a fraction in (0, 1], got -1/2"),
        ({"beta": Fraction(1, 2**14 + 1)}, ValueError, "beta: expected a denominator of at most 16384, got 1/16385"),
        (
            {"beta": Fraction(0.9)},
            ValueError,
            f"beta: expected a denominator of at most 16384, got {Fraction(0.9)}",
        ),
    ],
)
def test_refused_starts(change, error, message):
    with refused(error, message):
        ExactMomentum(**({"theta": np.ones(2), "p": np.ones(2), "beta": Fraction(9, 10)} | change))


BAD_ARGUMENTS = [
    ((np.ones(3), 0.1), TypeError, "gradient: expected a callable, got ndarray"),
    ((lambda theta: theta[:1], 0.1), ValueError, "gradient(theta): expected shape (50,), got (1,)"),
    ((lambda theta: list(theta), 0.1), TypeError, "gradient(theta): expected an array, got list"),
    ((strict, 0.1), TypeError, of_another_library("gradient(theta)")),
    (
        (lambda theta: theta + 1j, 0.1),
        TypeError,
        "gradient(theta): expected an array of real numbers, got one of complex128",
    ),
    ((lambda theta: theta / 0, 0.1), ValueError, f"alpha * gradient(theta): {IN_RANGE}, got inf"),
    ((lambda theta: theta * np.nan, 0.1), ValueError, f"alpha * gradient(theta): {IN_RANGE}, got nan"),
    ((lambda theta: theta, 1e300), ValueError, f"alpha * gradient(theta): {IN_RANGE}, got inf"),
    ((lambda theta: theta, "0.1"), TypeError, "alpha: expected a real number, got str"),
    ((lambda theta: theta, np.inf), ValueError, "alpha: expected a finite number, got inf"),
    ((lambda theta: theta, 10**400), ValueError, f"alpha: expected a finite number, got {10**400}"),
]


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
@pytest.mark.parametrize("move", ["step", "unstep"])
@pytest.mark.parametrize(("arguments", "error", "message"), BAD_ARGUMENTS)
def test_nothing_changes_when_a_move_is_refused(move, arguments, error, message):
    run = new_run(Fraction(1, 10))
    for _ in range(7):
        run.step(gradient, 0.1)
    before = held(run)
    with refused(error, message):
        getattr(run, move)(*arguments)
    assert held(run) == before


def test_leaving_the_range_is_refused_before_anything_changes():
    run = ExactMomentum(np.array([1e6, 0.0]), np.array([1e6, 0.0]), Fraction(99, 100))
    before = held(run)
    with refused(ValueError, f"theta: {IN_RANGE}, got 1.99e+06"):
        run.step(lambda theta: 0 * theta, 0.1)
    assert held(run) == before


def test_a_long_way_out_of_the_range_is_refused_and_undone():
    run, steady = ExactMomentum(np.zeros(3), np.zeros(3), Fraction(9, 10)), lambda theta: 0 * theta - 1e4
    start, steps = held(run), 0
    with pytest.raises(ValueError, match="theta: expected finite numbers"):
        for steps in range(1000):  # noqa: B007  their number is wanted
            run.step(steady, alpha=0.1)
    assert 100 < steps < 1000
    for _ in range(steps):
        run.unstep(steady, alpha=0.1)
    assert held(run) == start


def test_undoing_with_another_gradient_is_refused_where_it_leads_out_of_range():
    run = new_run(Fraction(1, 100))
    run.step(gradient, 0.1)
    before = held(run)
    with refused(ValueError, "p(k) times beta: expected finite numbers of size 20971.5 at most, got 1e+06"):
        run.unstep(lambda theta: 1e6 + 0 * theta, 1.0)
    assert held(run) == before


def test_undoing_with_another_gradient_does_not_wrap_around():
    run = new_run(Fraction(9, 10))
    for _ in range(1000):
        run.step(gradient, 0.05)
    with pytest.raises(ValueError, match=r"theta\(k\): expected finite numbers of size|p\(k\) times beta"):
        for _ in range(1000):
            run.unstep(lambda theta: gradient(theta) + 1e-3, 0.05)
            assert np.max(np.abs(run.state.theta)) <= 2 * float(LIMIT) * UNIT


def test_half_precision_is_taken_for_the_numbers_that_it_holds():
    run = ExactMomentum(np.array([1.5, 2.0], dtype=np.float16), np.zeros(2, dtype=np.float16), Fraction(1, 2))
    run.step(lambda theta: (2 * theta).astype(np.float16), 0.125)
    assert run.state.theta.tolist() == [1.125, 1.5]


def test_there_is_no_step_before_the_start():
    run = new_run(Fraction(1, 2))
    with refused(ValueError, "unstep: expected a step to undo, got none: this is the start"):
        run.unstep(gradient, 0.1)
    run.step(gradient, 0.1)
    run.unstep(gradient, 0.1)
    with pytest.raises(ValueError, match="this is the start"):
        run.unstep(gradient, 0.1)


def test_at_the_edge_of_the_range_nothing_overflows():
    edge = float(LIMIT) * UNIT
    run = ExactMomentum(np.array([edge, -edge]), np.array([-edge, edge]), Fraction(2**14 - 1, 2**14))
    start = held(run)
    for _ in range(3):  # from one edge to near the other, and back
        run.step(lambda theta: 0 * theta, 0.1)
        run.unstep(lambda theta: 0 * theta, 0.1)
        assert held(run) == start
    assert exact_momentum.times_fraction(2**61, 2**48, 1, 2**14)[1] < 2**63
