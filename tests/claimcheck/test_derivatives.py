import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck import agree, complex_step_jacobian


@given(x=st.floats(0.1, 1.5))
def test_derivatives_known_in_closed_form(x):
    x = np.array([x])
    assert agree(complex_step_jacobian(np.sin, x), np.cos(x)[None], 1e-14)
    assert agree(complex_step_jacobian(np.exp, x), np.exp(x)[None], 1e-14)
    assert agree(complex_step_jacobian(lambda z: z**3, x), 3 * x[None] ** 2, 1e-14)


def test_shape_is_outputs_then_inputs():
    a = np.arange(6.0).reshape(2, 3)
    jacobian = complex_step_jacobian(lambda x: a @ x, np.ones((3, 4)))
    assert jacobian.shape == (2, 4, 3, 4)
    assert jacobian[1, 2, :, 2].tolist() == a[1].tolist()
    assert complex_step_jacobian(np.sum, np.ones((2, 2))).tolist() == [[1, 1], [1, 1]]
    assert complex_step_jacobian(np.sin, np.float64(0)).tolist() == 1.0


def test_argument_is_left_as_it_was():
    x = np.array([1, 2])
    assert complex_step_jacobian(lambda z: z * z, x).tolist() == [[2, 0], [0, 4]]
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize("lossy", [np.abs, np.real, lambda z: 1.0])
def test_a_function_that_drops_the_imaginary_part_is_refused(lossy):
    with pytest.raises(TypeError, match=r"function: expected complex numbers .* the derivative was lost"):
        complex_step_jacobian(lossy, np.ones(2))


LOSSY = {
    "z + |z|": lambda z: z + abs(z),
    "z - |z|": lambda z: z - abs(z),
    "z conj z": lambda z: z * z.conj(),
    "z Re z": lambda z: z * z.real,
    "exp Re z": lambda z: z * np.exp(z.real),
    "hidden in a sum": lambda z: np.sum(z) + np.sum(z[:1].real),
    "one output of two": lambda z: np.stack([1e9 * z[0], 1e-9 * (z[0] + abs(z[0]))]),
    "not real": lambda z: 1j * z,
    "beside a large number": lambda z: 1e5 + z + abs(z),
}


@pytest.mark.parametrize("lossy", LOSSY.values(), ids=LOSSY)
@given(
    x=st.lists(st.floats(0.1, 10).flatmap(lambda v: st.sampled_from([v, -v])), min_size=1, max_size=20),
    scale=st.sampled_from([1e-100, 1e-8, 1, 1e8, 1e100]),
)
def test_a_function_that_drops_a_part_of_the_imaginary_part_is_refused(lossy, x, scale):
    with pytest.raises(ValueError, match=r"function: expected an analytic one, got one whose derivative along some "):
        complex_step_jacobian(lambda z: scale * lossy(z), np.array(x))


def test_it_is_seen_where_the_true_derivative_vanishes():
    with pytest.raises(ValueError, match=r"is 0\.919699 by its imaginary part and .*e-07 by real differences"):
        complex_step_jacobian(LOSSY["exp Re z"], np.array([-1.0]))


@pytest.mark.parametrize("x", [0.0, 1e-12, 1e8, -1e8, 1e100])
def test_it_is_seen_at_any_size_of_the_input(x):
    with pytest.raises(ValueError, match="function: expected an analytic one"):
        complex_step_jacobian(lambda z: z + abs(z), np.array([x]))


ANALYTIC = {
    "sin": (np.sin, np.cos),
    "fast": (lambda z: np.sin(1e5 * z), lambda x: 1e5 * np.cos(1e5 * x)),
    "far too fast for differences": (lambda z: np.sin(1e12 * z), lambda x: 1e12 * np.cos(1e12 * x)),
    "sharp bend": (lambda z: np.sqrt(z**2 + 1e-12), lambda x: x / np.sqrt(x**2 + 1e-12)),
    "constant": (lambda z: 0 * z + 3, lambda x: 0 * x),
    "beside a large number": (lambda z: 1e13 + z, lambda x: 1 + 0 * x),
    "digits cancel": (lambda z: (1e9 + z) - 1e9, lambda x: 1 + 0 * x),
    "tiny": (lambda z: 1e-200 * z**2, lambda x: 2e-200 * x),
    "huge": (lambda z: 1e200 * np.exp(z), lambda x: 1e200 * np.exp(x)),
}


@pytest.mark.parametrize(("function", "derivative"), ANALYTIC.values(), ids=ANALYTIC)
@given(x=st.floats(-3, 3))
def test_no_analytic_function_is_refused_however_hard_for_differences(function, derivative, x):
    came, due = complex_step_jacobian(function, np.array([x])).item(), derivative(x)
    assert abs(came - due) <= 1e-12 * abs(due) + 1e-277  # the step times less than that is no float of full precision


def test_a_derivative_that_is_lost_times_the_step_is_not_refused():
    assert complex_step_jacobian(lambda z: 1e-300 * z, np.ones(1)) < 1e-277


@given(seed=st.integers(0, 999), n=st.integers(1, 6))
def test_inputs_of_all_sizes_have_their_derivatives(seed, n):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n) * 10.0 ** rng.integers(-12, 12, size=n)
    weights = rng.normal(size=n) * 10.0 ** rng.integers(-12, 12, size=n)
    assert agree(complex_step_jacobian(lambda z: weights @ z, x), weights, 1e-14)


def test_the_check_costs_one_evaluation():
    calls = []
    complex_step_jacobian(lambda z: calls.append(z) or np.tanh(z), np.linspace(-2, 2, 7))
    assert len(calls) == 7 + 1


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([1.0], TypeError, "x: expected a real NumPy array, got list"),
        (np.ones(1, dtype=complex), TypeError, "x: expected a real NumPy array, got an array of complex128"),
        (np.ones(0), ValueError, r"x: expected at least one element, got shape \(0,\)"),
    ],
)
def test_refused_arguments(x, error, message):
    with pytest.raises(error, match=message):
        complex_step_jacobian(np.sin, x)


def test_function_must_be_callable():
    with pytest.raises(TypeError, match="function: expected a callable, got float"):
        complex_step_jacobian(1.0, np.ones(1))


def test_a_derivative_too_small_for_the_step_is_no_contradiction():
    assert complex_step_jacobian(lambda x: 1e-310 * x, np.array([1.0])) <= 1e-310
