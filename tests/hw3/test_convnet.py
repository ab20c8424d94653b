from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck import traced
from hw3 import convnet
from kinds_of_numbers import KINDS, elsewhere, place_of, strict, unboxed
from whole_message import of_another_library, refused

sizes = st.integers(1, 4)


def random_case(seed, rows, cols, batch, channels, k=3, scale=1.0):
    rng = np.random.default_rng(seed)
    kernels = [rng.normal(size=(k, k, *pair)) for pair in pairwise(channels)]
    return kernels, scale * rng.normal(size=(rows, cols, *batch, channels[0]))


@given(seed=st.integers(0, 999), rows=sizes, cols=sizes, k=st.sampled_from([1, 3, 5]))
def test_one_layer_is_the_sum_over_the_patch(seed, rows, cols, k):
    (kernel,), x = random_case(seed, rows, cols, (2,), (3, 2), k)
    h = convnet.forward([kernel], x)
    for i, j in np.ndindex(rows, cols):
        z = np.zeros((2, 2))
        for a, b in np.ndindex(k, k):
            row, col = i + a - k // 2, j + b - k // 2
            if 0 <= row < rows and 0 <= col < cols:
                z += np.einsum("nd,dh->nh", x[row, col], kernel[a, b])
        assert np.allclose(h[i, j], np.tanh(z), rtol=1e-12, atol=1e-13)


@given(seed=st.integers(0, 999), layers=st.integers(1, 3))
def test_layers_are_applied_one_after_the_other(seed, layers):
    kernels, x = random_case(seed, 3, 4, (), [2] * (layers + 1))
    h = x
    for kernel in kernels:
        h = convnet.forward([kernel], h)
    assert np.array_equal(convnet.forward(kernels, x), h)


def test_the_field_grows_by_one_on_each_side_and_layer():
    kernels, x = random_case(0, 7, 7, (), (1, 1, 1))
    for layers in (1, 2):
        centre = convnet.forward(kernels[:layers], traced(x))[3, 3, 0]
        reach = range(3 - layers, 4 + layers)
        assert centre.inputs == {(i, j, 0) for i in reach for j in reach}
        assert centre.depth == layers


def test_extreme_inputs_neither_overflow_nor_give_nan():
    assert np.isfinite(convnet.forward(*random_case(1, 3, 4, (2,), (3, 2, 2), scale=1e300))).all()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_number(kind):
    kernels, x = random_case(2, 3, 2, (2,), (2, 3, 2))
    got = convnet.forward([KINDS[kind](kernel) for kernel in kernels], KINDS[kind](x))
    assert np.allclose(unboxed(got), convnet.forward(kernels, x), rtol=1e-12, atol=1e-15)


KERNEL, X = np.ones((3, 3, 2, 4)), np.ones((5, 6, 2))


@pytest.mark.parametrize(
    ("kernels", "x", "phi", "error", "message"),
    [
        (KERNEL, X, None, TypeError, "kernels: expected a list or tuple of arrays, got ndarray"),
        ([], X, None, ValueError, "kernels: expected at least one layer, got none"),
        ([KERNEL.tolist()], X, None, TypeError, "kernels[0]: expected an array, got list; numpy.asarray makes one"),
        ([strict(KERNEL)], X, None, TypeError, of_another_library("kernels[0]")),
        ([KERNEL[0]], X, None, ValueError, "kernels[0]: expected shape (k, k, inputs, outputs), got (3, 2, 4)"),
        (
            [KERNEL[:2]],
            X,
            None,
            ValueError,
            "kernels[0]: expected (k, k, inputs, outputs) with k odd, got (2, 3, 2, 4)",
        ),
        ([KERNEL[:, :2]], X, None, ValueError, "kernels[0]: expected shape (3, 3, 2, 4), got (3, 2, 2, 4)"),
        ([KERNEL, KERNEL], X, None, ValueError, "kernels[1]: expected shape (3, 3, 4, 4), got (3, 3, 2, 4)"),
        (
            [KERNEL[:0]],
            X,
            None,
            ValueError,
            "kernels[0]: expected positive sizes (k, k, inputs, outputs), got (0, 3, 2, 4)",
        ),
        ([KERNEL], X[0], None, ValueError, "x: expected shape (rows, cols, ..., D), got (6, 2)"),
        ([KERNEL], X[:0], None, ValueError, "x: expected positive sizes (rows, cols, ..., D), got (0, 6, 2)"),
        ([KERNEL], [1.0], None, TypeError, "x: expected an array, got list; numpy.asarray makes one"),
        ([KERNEL], X, 3, TypeError, "phi: expected a callable, got int"),
        ([KERNEL], X, np.sum, ValueError, "phi(z): expected shape (5, 6, 4), got ()"),
    ],
)
def test_forward_refuses(kernels, x, phi, error, message):
    with refused(error, message):
        convnet.forward(kernels, x, phi)


def test_single_precision_stays_single():
    assert convnet.forward([KERNEL.astype(np.float32)], X.astype(np.float32)).dtype == np.float32


def test_it_stays_where_its_arguments_are():
    h = convnet.forward([elsewhere(KERNEL)], elsewhere(X))
    assert place_of(h) == place_of(elsewhere(X)) != place_of(strict(X))
