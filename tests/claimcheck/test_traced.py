import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck import Counted, Traced, tally, traced


def test_a_chain_counted_by_hand():
    x = traced(np.array([1.0, 2.0, 3.0]))
    w = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 1.0]])
    h = np.tanh(x @ w)
    y = h @ np.ones((2, 1)) + x[:1]
    assert (h[0].inputs, h[0].depth) == ({(0,), (1,), (2,)}, 1)
    assert (y[0].inputs, y[0].depth) == ({(0,), (1,), (2,)}, 2)
    assert np.isclose(y[0].value, np.tanh([5, 5]).sum() + 1)


@pytest.mark.parametrize(
    ("operation", "depth"),
    [
        (lambda z: z + 1, 0),
        (lambda z: 1 + z, 0),
        (lambda z: z - 1, 0),
        (lambda z: 1 - z, 0),
        (lambda z: 2 * z, 1),
        (lambda z: z * z, 1),
        (lambda z: z / 2, 1),
        (lambda z: 1 / z, 1),
        (lambda z: z**2, 1),
        (lambda z: z**4, 3),
        (lambda z: z**0.5, 0),
        (lambda z: 2**z, 0),
        (lambda z: -z, 0),
        (np.tanh, 0),
        (np.cos, 0),
    ],
    ids=["z+1", "1+z", "z-1", "1-z", "2z", "zz", "z/2", "1/z", "z**2", "z**4", "z**0.5", "2**z", "-z", "tanh", "cos"],
)
def test_each_operation_keeps_the_inputs_and_computes(operation, depth):
    (result,) = operation(traced(np.array([2.0]), depth=3))
    assert (result.inputs, result.depth) == ({(0,)}, 3 + depth)
    assert result.value == operation(np.array([2.0]))[0]


def test_sums_depend_on_both_sides():
    x = traced(np.array([[1.0, 2.0]]))
    total = x[0, 0] + 2.0 * x[0, 1]
    assert (total.value, total.inputs, total.depth) == (5.0, {(0, 0), (0, 1)}, 1)


@pytest.mark.parametrize(
    ("operation", "steps"),
    [(operator.add, 0), (operator.sub, 0), (operator.mul, 1), (operator.truediv, 1), (operator.pow, 0)],
)
@pytest.mark.parametrize("depths", [(0, 5), (5, 0), (2, 2)])
def test_the_chain_goes_on_from_the_deeper_side(operation, steps, depths):
    left, right = (Traced(2.0, frozenset({(side,)}), depth) for side, depth in enumerate(depths))
    result = operation(left, right)
    assert (result.depth, result.inputs) == (max(depths) + steps, {(0,), (1,)})


@given(seed=st.integers(0, 999), k=st.integers(1, 6))
def test_the_depth_of_a_sum_of_products_is_that_of_its_deepest_term(seed, k):
    depths = np.random.default_rng(seed).integers(0, 9, size=k)
    x = np.array([Traced(1.0, frozenset({(n,)}), int(depth)) for n, depth in enumerate(depths)])
    assert (x @ np.ones(k)).depth == (np.ones(k) @ x).depth == max(depths) + 1


@pytest.mark.parametrize(
    "operation",
    [
        lambda z: z + 1,
        lambda z: 1 - z,
        lambda z: -z,
        lambda z: 2 * z,
        lambda z: 1 / z,
        lambda z: z**5,
        lambda z: 2**z,
        np.exp,
    ],
    ids=["z+1", "1-z", "-z", "2z", "1/z", "z**5", "2**z", "exp"],
)
def test_a_step_is_what_counts_as_a_multiplication(operation):
    with tally() as t:
        operation(Counted(2.0))
    assert operation(Traced(2.0, frozenset(), 3)).depth == 3 + t["mul"]


def test_it_shows_itself():
    assert repr(Traced(1.0, frozenset({(0,)}), 2)) == "Traced(1.0, inputs=[(0,)], depth=2)"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1.0],), TypeError, "array: expected a NumPy array, got list"),
        ((np.ones(1), -1), ValueError, "depth: expected an integer, 0 or more, got -1"),
        ((np.ones(1), 0.5), TypeError, "depth: expected an integer, 0 or more, got float"),
        ((np.ones(1), True), TypeError, "depth: expected an integer, 0 or more, got bool"),
    ],
)
def test_refused_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        traced(*arguments)
