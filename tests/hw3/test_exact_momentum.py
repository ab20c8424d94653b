import copy
import pickle
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


IN_RANGE = "expected finite numbers of size 1048576.0 at most"


def gradient(theta):
    return np.sin(theta) + 0.1 * (theta - 1)


def new_run(beta, size=50, seed=0):
    rng = np.random.default_rng(seed)
    return ExactMomentum(3 * rng.normal(size=size), rng.normal(size=size), beta)


def held(run):
    """Return all that a run holds, bit for bit."""
    numbers = [part.tolist() for part in (run._theta, run._p, run._coder, *run._words)]
    return [numbers, run._grown, run._steps, run._betas.copy()]


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
    assert held(run)[0][0] != start[0][0]
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
        ({"theta": [1.0]}, TypeError, "theta: expected an array, got list; numpy.asarray makes one"),
        ({"theta": None, "p": None}, TypeError, "theta: expected an array, got NoneType"),
        ({"theta": np.ones(0), "p": np.ones(0)}, ValueError, "theta: expected positive sizes (D,), got (0,)"),
        ({"p": np.ones(1)}, ValueError, "p: expected shape (2,), got (1,)"),
        ({"p": strict(np.ones(2))}, TypeError, of_another_library("p")),
        ({"theta": np.array([1j, 0])}, TypeError, "theta: expected an array of real numbers, got one of complex128"),
        ({"p": np.array([True, False])}, TypeError, "p: expected an array of real numbers, got one of bool"),
        ({"theta": np.array([np.nan, 0])}, ValueError, f"theta: {IN_RANGE}, got nan"),
        ({"p": np.array([-np.inf, 0])}, ValueError, f"p: {IN_RANGE}, got inf"),
        ({"theta": np.array([2e6, 0])}, ValueError, f"theta: {IN_RANGE}, got 2000000.0"),
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
    (
        (lambda theta: list(theta), 0.1),
        TypeError,
        "gradient(theta): expected an array, got list; numpy.asarray makes one",
    ),
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
    with refused(ValueError, f"theta: {IN_RANGE}, got 1990000.0"):
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
    message = r"^p\(k\) times beta: expected finite numbers of size 20971\.52 at most, got 1000000\.\d+$"
    with pytest.raises(ValueError, match=message):
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


@given(schedule=st.lists(betas, min_size=1, max_size=60), often=st.integers(1, 20), seed=st.integers(0, 99))
def test_every_step_may_have_a_beta_of_its_own(schedule, often, seed):
    run, visited = new_run(Fraction(1, 2), size=3, seed=seed), []
    for beta in schedule * often:
        visited.append(held(run))
        run.step(gradient, 0.1, beta)
        assert run._coder.min() > 2**30
        assert run._coder.max() < 2**48 + 2**20
    for given_beta in ([beta, None][n % 2] for n, beta in enumerate(reversed(schedule * often))):
        run.unstep(gradient, 0.1, given_beta)
        assert held(run) == visited.pop()
    assert run._betas == []


def test_a_step_with_another_beta_is_momentum_with_that_beta():
    run, state = ExactMomentum(np.array([4.0]), np.array([1.0]), Fraction(9, 10)), None
    state = run.state
    for beta in (Fraction(1, 2), Fraction(1, 4), Fraction(1)):
        run.step(lambda theta: 2 * theta, 0.125, beta)
        state = momentum.step(state, lambda theta: 2 * theta, 0.125, float(beta))
        assert [part.tolist() for part in run.state] == [part.tolist() for part in state]


@given(schedule=st.lists(betas, min_size=1, max_size=30))
def test_a_schedule_stores_the_bits_of_each_beta(schedule):
    run = new_run(Fraction(1), size=200)
    for beta in schedule:
        run.step(gradient, 0.01, beta)
    limit = 200 * sum(log2(1 / beta) for beta in schedule)
    assert abs(run.bits_stored - limit) <= 1e-3 * limit + 1e-3


def test_the_wrong_beta_on_the_way_back_is_refused_and_nothing_changes():
    run = new_run(Fraction(9, 10))
    for beta in (None, Fraction(1, 2), Fraction(1, 2), Fraction(99, 100)):
        run.step(gradient, 0.1, beta)
    before = held(run)
    with refused(ValueError, "beta: expected that of the step, 99/100, got 9/10"):
        run.unstep(gradient, 0.1, Fraction(9, 10))
    with refused(TypeError, "beta: expected a fractions.Fraction, got float"):
        run.unstep(gradient, 0.1, 0.99)
    assert held(run) == before
    run.unstep(gradient, 0.1, Fraction(99, 100))
    with refused(ValueError, "beta: expected that of the step, 1/2, got 99/100"):
        run.unstep(gradient, 0.1, Fraction(99, 100))


@pytest.mark.parametrize(("beta", "error"), [(0.9, TypeError), (Fraction(0), ValueError), (Fraction(3, 2), ValueError)])
def test_a_step_refuses_the_betas_that_a_start_refuses(beta, error):
    run = new_run(Fraction(1, 2))
    run.step(gradient, 0.1)
    before = held(run)
    with pytest.raises(error, match="beta: expected a "):
        run.step(gradient, 0.1, beta)
    assert held(run) == before


COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda run: pickle.loads(pickle.dumps(run))}  # noqa: S301  its own


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
def test_a_copy_goes_its_own_way(duplicate):
    run = ExactMomentum(np.array([0.5, -2.0]), np.array([0.25, 1.0]), Fraction(1, 10))
    start, slope = run.state, lambda theta: theta - 1
    for _ in range(20):
        run.step(slope, 0.1)
    there = run.state
    other = duplicate(run)
    for _ in range(20):
        run.unstep(slope, 0.1)
    assert np.array_equal(other.state.theta, there.theta)
    other.step(slope, 0.1, Fraction(1, 2))
    for _ in range(21):
        other.unstep(slope, 0.1)
    for one in (run.state, other.state):
        assert np.array_equal(one.theta, start.theta)
        assert np.array_equal(one.p, start.p)


def test_a_run_says_what_it_is():
    run = new_run(Fraction(9, 10))
    run.step(gradient, 0.1)
    assert repr(run) == "<ExactMomentum: theta and p of shape (50,), beta 9/10, steps 1>"


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "float16", "float32"])
def test_a_start_takes_real_numbers_of_any_kind_for_what_they_are(dtype):
    run = ExactMomentum(np.array([3, 2], dtype=dtype), np.array([1, 0], dtype=dtype), Fraction(1, 2))
    assert run.state.theta.tolist() == [3.0, 2.0]
    run.step(lambda theta: theta.astype(dtype), 0.5)
    assert run.state.theta.tolist() == [2.0, 1.0]


def test_a_library_without_64_bits_is_refused_with_the_way_to_them(monkeypatch):
    xp = exact_momentum.array_namespace(np.ones(1))
    few = type("info", (), {"dtypes": lambda _: {"float32": np.float32}})
    monkeypatch.setattr(xp, "__array_namespace_info__", few)
    way = 'in JAX, jax.config.update("jax_enable_x64", True) switches them on'
    asked = "expected an array of a library with numbers of 64 bits"
    with refused(ValueError, f"theta: {asked}, got one of {xp.__name__}, which makes none; {way}"):
        new_run(Fraction(1, 2))
