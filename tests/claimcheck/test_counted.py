import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck import Counted, counted, tally

sizes = st.integers(1, 5)


@given(n=sizes, m=sizes, k=sizes)
def test_a_matrix_product(n, m, k):
    with tally() as t:
        counted(np.ones((n, m))) @ np.ones((m, k))
    assert (t["mul"], t["add"], t.total) == (n * m * k, n * (m - 1) * k, n * k * (2 * m - 1))


@pytest.mark.parametrize(
    ("operation", "counts"),
    [
        (lambda z: z + 1, {"add": 1}),
        (lambda z: 1 + z, {"add": 1}),
        (lambda z: z - z, {"add": 1}),
        (lambda z: 1 - z, {"add": 1}),
        (lambda z: z * z, {"mul": 1}),
        (lambda z: 2 * z, {"mul": 1}),
        (lambda z: z / 2, {"mul": 1}),
        (lambda z: 1 / z, {"mul": 1}),
        (lambda z: z**3, {"mul": 2}),
        (lambda z: z**1, {}),
        (lambda z: z ** np.int64(3), {"mul": 2}),
        (lambda z: z**0, {"pow": 1}),
        (lambda z: z**-2, {"pow": 1}),
        (lambda z: z**0.5, {"pow": 1}),
        (lambda z: z**z, {"pow": 1}),
        (lambda z: 2.0**z, {"pow": 1}),
        (lambda z: -z, {"neg": 1}),
        (np.tanh, {"tanh": 1}),
        (lambda z: np.exp(np.sqrt(z)), {"exp": 1, "sqrt": 1}),
        (lambda z: 0.5 * (1 + np.tanh(z / 2)), {"mul": 2, "add": 1, "tanh": 1}),
    ],
)
def test_each_operation_counts_and_computes(operation, counts):
    with tally() as t:
        (result,) = operation(counted(np.array([2.0])))
    assert t.counts == {name: count for name, count in counts.items() if count}
    assert t.total == sum(counts.values())
    assert result.value == operation(np.array([2.0]))[0]


@pytest.mark.parametrize("array", [np.ones(3), np.ones((2, 3)), np.array(1.0)], ids=lambda array: str(array.shape))
def test_an_array_beside_a_counted_number_is_an_operation_for_each_element(array):
    with tally() as t:
        results = Counted(2) * array, array * Counted(2)
    assert t["mul"] == t.total == 2 * array.size
    assert all(np.array_equal(result, 2 * array) for result in results)


def test_comparisons_are_not_counted():
    with tally() as t:
        assert Counted(2) == 2
    assert t.total == 0


def test_no_state_outlives_the_block():
    with tally() as first:
        z = counted(np.ones(2)) + 1
    z * z
    with tally() as second:
        z * z
    assert (first.total, second.total) == (2, 2)


def test_blocks_nest_and_end_on_an_error():
    z = Counted(1.0)
    with tally() as outer:
        with pytest.raises(ZeroDivisionError), tally() as inner:
            z + z
            Counted(1) / 0
        z + z
    assert (inner["add"], outer["add"]) == (1, 2)


def test_it_shows_itself():
    with tally() as t:
        assert repr(-Counted(2.0) * 2) == "Counted(-4.0)"
    assert repr(t) == "Tally(mul=1, neg=1)"


def test_only_arrays_are_boxed():
    with pytest.raises(TypeError, match="array: expected a NumPy array, got list"):
        counted([1.0])
