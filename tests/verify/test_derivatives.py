import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw3.verify import agree, complex_step_jacobian


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
