import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw3 import fused_lstm, lstm
from lstm_cases import batches, case, random_case, sizes


def flat(trace, bars):
    return [*trace, *bars.weights, *bars[1:]]


@given(seed=st.integers(0, 999), steps=st.integers(0, 4), batch=batches, d=sizes, h=sizes, states=st.booleans())
def test_it_is_the_reference(seed, steps, batch, d, h, states):
    weights, x, h0, c0, k = random_case(seed, steps, batch, d, h)
    given_states = (h0, c0) if states else ()
    trace, reference = fused_lstm.forward(weights, x, *given_states), lstm.forward(weights, x, *given_states)
    bars, reference_bars = fused_lstm.backward(weights, trace, k), lstm.backward(weights, reference, k)
    for got, due in zip(flat(trace, bars), flat(reference, reference_bars), strict=True):
        assert got.shape == due.shape
        # The same sums in another order: rounding of terms of size 10, a few hundred of them at most.
        assert np.allclose(got, due, rtol=1e-12, atol=1e-12)


def test_single_precision_stays_single():
    weights, x, _, _, k = random_case(3, 2, (2,), 2, 2)
    single = lstm.Weights(*(w.astype(np.float32) for w in weights))
    trace = fused_lstm.forward(single, x.astype(np.float32))
    bars = fused_lstm.backward(single, trace, k.astype(np.float32))
    assert {array.dtype for array in flat(trace, bars)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("scale", [1e3, 1e300])
def test_extreme_inputs_neither_overflow_nor_give_nan(scale):
    weights, x, _, _, k = random_case(1, 4, (2,), 3, 3, scale)
    trace = fused_lstm.forward(weights, x)
    assert all(np.isfinite(values).all() for values in flat(trace, fused_lstm.backward(weights, trace, k))[1:])


def test_it_refuses_what_the_reference_refuses():
    arguments, trace, k = case()
    with pytest.raises(ValueError, match=r"h0: expected shape \(2, 5\), got \(5,\)"):
        fused_lstm.forward(**(arguments | {"h0": np.ones(5)}))
    with pytest.raises(ValueError, match=r"h_bar_direct: expected shape \(3, 2, 5\), got \(1, 2, 5\)"):
        fused_lstm.backward(arguments["weights"], trace, k[:1])
