from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claimcheck import agree, complex_step_jacobian, counted
from hw3 import momentum
from kinds_of_numbers import elsewhere, fractions, place_of, strict, unboxed
from whole_message import of_another_library, refused

rationals = st.fractions(min_value=-5, max_value=5, max_denominator=50)


def vectors(size):
    return st.lists(rationals, min_size=size, max_size=size).map(lambda entries: np.array(entries, dtype=object))


@st.composite
def exact_steps(draw):
    d = draw(st.integers(1, 4))
    state = momentum.State(draw(vectors(d)), draw(vectors(d)))
    slope = draw(vectors(d))
    return state, lambda theta: slope * theta**3 - theta, draw(rationals), draw(rationals)


@given(step=exact_steps())
def test_a_step_undone_is_the_state_exactly(step):
    state, gradient, alpha, beta = step
    assume(beta != 0)
    after = momentum.step(state, gradient, alpha, beta)
    assert agree(momentum.unstep(after, gradient, alpha, beta), state, 0)
    before = momentum.unstep(state, gradient, alpha, beta)
    assert agree(momentum.step(before, gradient, alpha, beta), state, 0)


@given(step=exact_steps())
def test_a_step_is_its_two_lines(step):
    (theta, p), gradient, alpha, beta = step
    after = momentum.step(momentum.State(theta, p), gradient, alpha, beta)
    for k in range(len(theta)):
        new_p = beta * p[k] - alpha * gradient(theta)[k]
        assert (after.p[k], after.theta[k]) == (new_p, theta[k] + new_p)


@given(seed=st.integers(0, 999), d=st.integers(1, 5), alpha=st.floats(-2, 2), beta=st.floats(-2, 2))
def test_jacobian_is_the_derivative_of_a_step(seed, d, alpha, beta):
    rng = np.random.default_rng(seed)
    a, s = rng.normal(size=(d, d)), rng.normal(size=2 * d)

    def one_step(s):
        after = momentum.step(momentum.State(s[:d], s[d:]), lambda theta: a @ theta + np.sin(theta), alpha, beta)
        return np.concatenate([after.theta, after.p])

    jacobian = momentum.jacobian(a + np.diag(np.cos(s[:d])), alpha, beta)
    # In 1 - alpha * hessian the digits of 1 may cancel: 1e-12 of the terms' size, about 10, is what can be asked.
    assert np.max(np.abs(complex_step_jacobian(one_step, s) - jacobian)) <= 1e-12 * 10


def test_shape_of_the_parameters_is_free():
    state = momentum.State(np.ones((2, 3)), np.zeros((2, 3)))
    assert momentum.step(state, lambda theta: theta, 0.5, 0.5).theta.tolist() == [[0.5] * 3] * 2


@pytest.mark.parametrize("box", [strict, counted, fractions])
def test_every_kind_of_number(box):
    theta, p, hessian = np.array([1.0, -2.0]), np.array([0.5, 0.25]), np.array([[2.0, 1.0], [1.0, 3.0]])
    alpha, beta = (0.25, 0.5) if box is not fractions else (Fraction(1, 4), Fraction(1, 2))
    boxed = momentum.State(box(theta), box(p))
    after = momentum.step(boxed, lambda theta: theta + theta, alpha, beta)
    assert [unboxed(part).tolist() for part in after] == [[0.75, -0.875], [-0.25, 1.125]]
    before = momentum.unstep(after, lambda theta: theta + theta, alpha, beta)
    assert [unboxed(part).tolist() for part in before] == [theta.tolist(), p.tolist()]
    jacobian = momentum.jacobian(box(hessian), alpha, beta)
    assert unboxed(jacobian)[0].tolist() == [0.5, -0.25, 0.5, 0.0]


STATE = momentum.State(np.ones(3), np.ones(3))
ARGUMENTS = {"state": STATE, "gradient": lambda theta: theta, "alpha": 0.1, "beta": 0.9}


@pytest.mark.parametrize("function", [momentum.step, momentum.unstep])
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"state": (np.ones(3), np.ones(3))}, TypeError, "state: expected hw3.momentum.State, got tuple"),
        (
            {"state": momentum.State([1.0], [1.0])},
            TypeError,
            "state.theta: expected an array, got list; numpy.asarray makes one",
        ),
        ({"state": momentum.State(None, None)}, TypeError, "state.theta: expected an array, got NoneType"),
        ({"state": STATE._replace(p=np.ones(1))}, ValueError, "state.p: expected shape (3,), got (1,)"),
        ({"state": STATE._replace(p=strict(np.ones(3)))}, TypeError, of_another_library("state.p")),
        (
            {"state": momentum.State(np.ones(0), np.ones(0))},
            ValueError,
            "state.theta: expected positive sizes (D,), got (0,)",
        ),
        ({"gradient": np.ones(3)}, TypeError, "gradient: expected a callable, got ndarray"),
        ({"gradient": np.sum}, ValueError, "gradient(theta): expected shape (3,), got ()"),
        (
            {"gradient": lambda theta: list(theta)},
            TypeError,
            "gradient(theta): expected an array, got list; numpy.asarray makes one",
        ),
        ({"gradient": strict}, TypeError, of_another_library("gradient(theta)")),
        ({"alpha": np.ones(3)}, ValueError, "alpha: expected shape (), got (3,)"),
        ({"alpha": "0.1"}, TypeError, "alpha: expected a number, got str"),
        ({"beta": [0.9]}, TypeError, "beta: expected a number, got list"),
        ({"beta": None}, TypeError, "beta: expected a number, got NoneType"),
        ({"alpha": np.nan}, ValueError, "alpha: expected a number, got NaN"),
        ({"beta": complex(0, np.nan)}, ValueError, "beta: expected a number, got NaN"),
        ({"beta": np.array(np.nan)}, ValueError, "beta: expected a number, got NaN"),
        ({"alpha": np.float32(0.1)}, TypeError, "alpha: expected the precision of the others (float64), got float32"),
        ({"beta": np.int64(1)}, TypeError, "beta: expected floating-point numbers of 16 bits or more, got int64"),
    ],
)
def test_a_step_refuses(function, change, error, message):
    with refused(error, message):
        function(**(ARGUMENTS | change))


@pytest.mark.parametrize("zero", [0, 0.0, Fraction(0), np.float64(0)], ids=lambda zero: type(zero).__name__)
def test_unstep_refuses_beta_zero_and_says_why(zero):
    why = "the step forgot p(k), nothing can restore it"
    with refused(ValueError, f"beta: expected a number other than 0, got 0: {why}"):
        momentum.unstep(**(ARGUMENTS | {"beta": zero}))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"hessian": [[1.0]]}, TypeError, "hessian: expected an array, got list; numpy.asarray makes one"),
        ({"hessian": np.ones(4)}, ValueError, "hessian: expected shape (D, D), got (4,)"),
        ({"hessian": np.ones((2, 3))}, ValueError, "hessian: expected shape (2, 2), got (2, 3)"),
        ({"hessian": np.ones((0, 0))}, ValueError, "hessian: expected positive sizes (D, D), got (0, 0)"),
        ({"alpha": "0.1"}, TypeError, "alpha: expected a number, got str"),
        ({"beta": np.ones(2)}, ValueError, "beta: expected shape (), got (2,)"),
        ({"beta": np.nan}, ValueError, "beta: expected a number, got NaN"),
        ({"hessian": np.diag([1, np.nan])}, ValueError, "hessian: expected numbers, got NaN among them"),
    ],
)
def test_jacobian_refuses(change, error, message):
    with refused(error, message):
        momentum.jacobian(**({"hessian": np.eye(2), "alpha": 0.1, "beta": 0.9} | change))


def test_a_jacobian_has_the_kind_and_the_place_of_its_hessian():
    assert momentum.jacobian(np.eye(2, dtype=np.float32), 0.1, 0.9).dtype == np.float32
    hessian = elsewhere(np.eye(2))
    assert place_of(momentum.jacobian(hessian, 0.1, 0.9)) == place_of(hessian) != place_of(strict(np.eye(2)))


def test_a_step_with_the_smallest_beta_is_undone():
    state = momentum.State(np.array([Fraction(1, 3)]), np.array([Fraction(2, 7)]))
    for beta in (Fraction(1, 10**12), Fraction(-1, 10**12)):
        after = momentum.step(state, lambda theta: theta**2, Fraction(1, 5), beta)
        assert agree(momentum.unstep(after, lambda theta: theta**2, Fraction(1, 5), beta), state, 0)


@pytest.mark.parametrize("function", [momentum.step, momentum.unstep])
def test_the_gradient_is_asked_for_once_a_step(function):
    asked = []
    function(STATE, lambda theta: asked.append(theta) or theta, 0.1, 0.9)
    assert len(asked) == 1


def test_a_state_that_has_become_nan_is_stepped_on():
    nan = momentum.State(np.array([np.nan]), np.array([0.0]))
    assert np.isnan(momentum.step(nan, lambda theta: theta, 0.1, 0.9).theta).all()
    assert np.isnan(momentum.unstep(nan, lambda theta: theta, 0.1, 0.9).theta).all()


NUMBERS = [0.5, np.float64(0.5), np.array(0.5), 0.5 + 0j, Fraction(1, 2)]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: type(number).__name__)
def test_rates_may_be_numbers_of_any_kind(number):
    state = momentum.State(*fractions(np.array([[4.0], [1.0]])))
    assert momentum.step(state, lambda theta: theta, number, number).theta[0] == 2.5
