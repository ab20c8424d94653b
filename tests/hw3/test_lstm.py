import autograd
import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck import agree, fifty_digits
from hw3 import fused_lstm, lstm
from kinds_of_numbers import KINDS, elsewhere, place_of, strict, unboxed
from lstm_cases import batches, case, random_case, sizes
from whole_message import of_another_library, refused


def true_logistic(z):
    """Return the logistic function to fifty digits, by another formula and library."""
    with mpmath.workdps(50):
        return 1 / (1 + mpmath.exp(-mpmath.mpf(float(z))))


@given(z=st.floats(-1e3, 1e3))
def test_the_logistic_function_is_right_to_the_spacing_of_floats_at_one(z):
    (precise,) = lstm.logistic(fifty_digits(np.array([z])))
    assert abs(precise.value - true_logistic(z)) < 1e-49
    for dtype in (np.float64, np.float32):
        got, true, spacing = lstm.logistic(dtype(z)), true_logistic(dtype(z)), float(np.finfo(dtype).eps)
        assert got.dtype == dtype
        assert abs(float(got) - true) <= spacing
        assert z < 0 or abs(float(got) - true) <= spacing * true


def test_where_the_logistic_function_vanishes_its_digits_are_lost_as_its_docstring_says():
    kept, worse, none = (abs(float(lstm.logistic(z)) / true_logistic(z) - 1) for z in np.array([-13.0, -20.0, -38.0]))
    assert kept <= 1e-10
    assert 1e-9 < worse <= np.finfo(float).eps * (1 + np.exp(20))
    assert none == 1


def reference_loss(weights, x, h, c, k):
    """An LSTM of its own, for an independent derivative."""
    ix, ih, fx, fh, ox, oh, gx, gh = weights
    sigmoid = lambda z: 1 / (1 + anp.exp(-z))
    loss = 0.0
    for t in range(len(x)):
        i, f, o = (sigmoid(x[t] @ wx + h @ wh) for wx, wh in [(ix, ih), (fx, fh), (ox, oh)])
        c = f * c + i * anp.tanh(x[t] @ gx + h @ gh)
        h = o * anp.tanh(c)
        loss = loss + anp.sum(k[t] * h)
    return loss


@given(seed=st.integers(0, 999), steps=st.integers(1, 5), batch=batches, d=sizes, h=sizes)
def test_gradients_are_those_of_an_independent_autodiff_library(seed, steps, batch, d, h):
    weights, x, h0, c0, k = random_case(seed, steps, batch, d, h)
    bars = lstm.backward(weights, lstm.forward(weights, x, h0, c0), k)
    expected = autograd.grad(reference_loss, (0, 1, 2, 3))(tuple(weights), x, h0, c0, k)
    # Rounding is 1e-16 an operation; a sum of at most 5 x 9 terms that cancel may lose eight digits, no more.
    assert agree([bars.weights, bars.x, bars.h[0], bars.c[0]], list(expected), 1e-7)


@given(seed=st.integers(0, 999), steps=st.integers(0, 3), batch=batches, d=sizes, h=sizes)
def test_shapes(seed, steps, batch, d, h):
    weights, x, _, _, k = random_case(seed, steps, batch, d, h)
    trace = lstm.forward(weights, x)
    bars = lstm.backward(weights, trace, k)
    assert [w.shape for w in bars.weights] == [w.shape for w in weights]
    assert bars.x.shape == x.shape
    for values in (trace, bars):
        assert {gate.shape for gate in (values.i, values.f, values.o, values.g)} == {(steps, *batch, h)}
        assert values.c.shape == values.h.shape == (steps + 1, *batch, h)
    assert not trace.h[0].any()
    assert not trace.c[0].any()


def test_no_step_gives_the_initial_state_and_no_gradient():
    weights, x, h0, c0, k = random_case(0, 0, (2,), 3, 4)
    trace = lstm.forward(weights, x, h0, c0)
    bars = lstm.backward(weights, trace, k)
    assert np.array_equal(trace.h, h0[None])
    assert np.array_equal(trace.c, c0[None])
    assert not any(bar.any() for bar in [*bars.weights, bars.h, bars.c])


@given(seed=st.integers(0, 999), steps=st.integers(1, 4), d=sizes, h=sizes)
def test_a_batch_is_its_members(seed, steps, d, h):
    weights, x, h0, c0, k = random_case(seed, steps, (2, 3), d, h)
    whole = lstm.backward(weights, lstm.forward(weights, x, h0, c0), k)
    for b in np.ndindex(2, 3):
        at = (slice(None), *b)
        one = lstm.backward(weights, lstm.forward(weights, x[at], h0[b], c0[b]), k[at])
        assert np.allclose(whole.x[at], one.x, rtol=1e-12, atol=1e-14)
        assert np.allclose(whole.c[at], one.c, rtol=1e-12, atol=1e-14)


@given(seed=st.integers(0, 999), cut=st.integers(0, 5))
def test_a_sequence_can_be_run_on_from_any_state(seed, cut):
    weights, x, h0, c0, _ = random_case(seed, 5, (2,), 3, 2)
    whole = lstm.forward(weights, x, h0, c0)
    tail = lstm.forward(weights, x[cut:], whole.h[cut], whole.c[cut])
    assert np.array_equal(whole.h[cut:], tail.h)
    assert np.array_equal(whole.c[cut:], tail.c)


@given(seed=st.integers(0, 999), steps=st.integers(1, 4), batch=batches, d=sizes, h=sizes)
def test_steps_are_the_forward_pass(seed, steps, batch, d, h):
    weights, x, h0, c0, _ = random_case(seed, steps, batch, d, h)
    trace, state = lstm.forward(weights, x, h0, c0), (h0, c0)
    for t in range(steps):
        now = lstm.step(weights, x[t], *state)
        for name in ("i", "f", "o", "g"):
            assert np.array_equal(getattr(now, name), getattr(trace, name)[t])
        assert np.array_equal(now.c, trace.c[t + 1])
        assert np.array_equal(now.h, trace.h[t + 1])
        state = now.h, now.c


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"weights": None}, TypeError, "weights: expected hw3.lstm.Weights, got NoneType"),
        ({"x_t": 0.5}, TypeError, "x_t: expected an array, got float; numpy.asarray makes one"),
        ({"x_t": np.array(0.5)}, ValueError, "x_t: expected shape (..., D), got ()"),
        ({"x_t": np.ones((0, 4))}, ValueError, "x_t: expected positive sizes (..., D), got (0, 4)"),
        ({"x_t": np.ones((2, 3))}, ValueError, "x_t: expected shape (2, 4), got (2, 3)"),
        ({"h": np.ones(5)}, ValueError, "h: expected shape (2, 5), got (5,)"),
        ({"c": np.full((2, 5), np.nan)}, ValueError, "c: expected numbers, got NaN among them"),
        ({"c": strict(np.ones((2, 5)))}, TypeError, of_another_library("c")),
    ],
)
def test_a_step_refuses(change, error, message):
    arguments, _, _ = case()
    given = {"weights": arguments["weights"], "x_t": arguments["x"][0], "h": arguments["h0"], "c": arguments["c0"]}
    with refused(error, message):
        lstm.step(**(given | change))


@pytest.mark.parametrize("value", [0.5, [0.5], 1, 1j, (1.0,), True])
def test_what_is_no_array_is_refused_with_the_way_to_one(value):
    way = f"expected an array, got {type(value).__name__}; numpy.asarray makes one"
    one = np.ones(1)
    with refused(TypeError, f"z: {way}"):
        lstm.logistic(value)
    for place, name in enumerate(["i", "f", "g", "c_before"]):
        with refused(TypeError, f"{name}: {way}"):
            lstm.cell_state(*[one] * place, value, *[one] * (3 - place))
    with refused(TypeError, f"o: {way}"):
        lstm.hidden_state(value, one)
    with refused(TypeError, f"c: {way}"):
        lstm.hidden_state(one, value)


def test_gates_and_states_are_not_broadcast():
    with refused(ValueError, "g: expected shape (2,), got (1,)"):
        lstm.cell_state(np.ones(2), np.ones(2), np.ones(1), np.ones(2))
    with refused(ValueError, "c: expected shape (1,), got (2,)"):
        lstm.hidden_state(np.ones(1), np.ones(2))


def test_random_weights_are_normal_with_the_scale_that_is_said():
    rng, again = np.random.default_rng(0), np.random.default_rng(0)
    weights = lstm.Weights.random(rng, 100, 400)
    assert [w.shape for w in weights] == [(100, 400), (400, 400)] * 4
    for w in weights:
        assert abs(np.std(w) * 20 - 1) < 0.02  # of 40,000 numbers: 6 standard errors
    unit = lstm.Weights.random(again, 100, 400, scale=1)
    assert all(np.allclose(w * 20, one) for w, one in zip(weights, unit, strict=True))
    with refused(TypeError, "rng: expected numpy.random.Generator, got RandomState"):
        lstm.Weights.random(np.random.RandomState(0), 1, 1)


@pytest.mark.parametrize("scale", [1e3, 1e300])
def test_extreme_inputs_neither_overflow_nor_give_nan(scale):
    weights, x, _, _, k = random_case(1, 4, (2,), 3, 3, scale)
    trace = lstm.forward(weights, x)
    bars = lstm.backward(weights, trace, k)
    assert all(np.isfinite(values).all() for values in [*trace[1:], *bars[1:]])


@pytest.mark.parametrize("module", [lstm, fused_lstm])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_every_kind_of_number(module, kind, steps):
    weights, x, h0, c0, k = random_case(2, steps, (2,), 3, 2)
    box = KINDS[kind]
    boxed_weights = lstm.Weights(*map(box, weights))
    trace = module.forward(boxed_weights, box(x), box(h0), box(c0))
    bars = module.backward(boxed_weights, trace, box(k))
    plain_trace = lstm.forward(weights, x, h0, c0)
    plain = lstm.backward(weights, plain_trace, k)
    for got, due in zip([*trace, *bars.weights, *bars[1:]], [*plain_trace, *plain.weights, *plain[1:]], strict=True):
        assert got.shape == due.shape
        assert np.allclose(unboxed(got), due, rtol=1e-12, atol=1e-14)


def test_complex_numbers_pass_through():
    weights, x, *_ = random_case(3, 2, (), 2, 2)
    assert lstm.forward(weights, x + 1j).h.dtype == np.complex128
    assert lstm.forward(weights._replace(gx=weights.gx + 1j), x).h.dtype == np.complex128


def test_initial_states_are_of_the_kind_of_all_arguments():
    weights, x, *_ = random_case(3, 0, (), 2, 2)
    assert lstm.forward(weights, x + 1j).h.dtype == np.complex128
    assert lstm.forward(weights._replace(gx=weights.gx + 1j), x).h.dtype == np.complex128


def test_single_precision_stays_single():
    weights, x, *_ = random_case(3, 2, (), 2, 2)
    single = lstm.Weights(*(w.astype(np.float32) for w in weights))
    assert lstm.forward(single, x.astype(np.float32)).h.dtype == np.float32


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"weights": [1, 2]}, TypeError, "weights: expected hw3.lstm.Weights, got list"),
        ({"x": [[1.0]]}, TypeError, "x: expected an array, got list; numpy.asarray makes one"),
        ({"x": np.ones(3)}, ValueError, "x: expected shape (T, ..., D), got (3,)"),
        ({"x": np.ones((3, 2, 3))}, ValueError, "x: expected shape (3, 2, 4), got (3, 2, 3)"),
        (
            {"x": np.ones((3, 0, 4))},
            ValueError,
            "x: expected positive sizes (T, ..., D), only T may be 0, got (3, 0, 4)",
        ),
        ({"h0": np.ones(5)}, ValueError, "h0: expected shape (2, 5), got (5,)"),
        ({"h0": [0.0]}, TypeError, "h0: expected an array, got list; numpy.asarray makes one"),
        ({"h0": strict(np.ones((2, 5)))}, TypeError, of_another_library("h0")),
        ({"c0": np.ones((2, 1))}, ValueError, "c0: expected shape (2, 5), got (2, 1)"),
    ],
)
def test_forward_refuses(change, error, message):
    arguments, _, _ = case()
    with refused(error, message):
        lstm.forward(**(arguments | change))


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("ix", np.ones(4), ValueError, "weights.ix: expected shape (D, H), got (4,)"),
        ("ix", np.ones((4, 0)), ValueError, "weights.ix: expected positive sizes (D, H), got (4, 0)"),
        ("ix", strict(np.ones((4, 5))), TypeError, of_another_library("weights.ix")),
        ("ih", np.ones((5, 4)), ValueError, "weights.ih: expected shape (5, 5), got (5, 4)"),
        ("gx", np.ones((1, 5)), ValueError, "weights.gx: expected shape (4, 5), got (1, 5)"),
        ("oh", 1.0, TypeError, "weights.oh: expected an array, got float; numpy.asarray makes one"),
        ("oh", strict(np.ones((5, 5))), TypeError, of_another_library("weights.oh")),
    ],
)
def test_weights_that_do_not_fit(name, value, error, message):
    arguments, trace, k = case()
    wrong = arguments["weights"]._replace(**{name: value})
    with refused(error, message):
        lstm.forward(**(arguments | {"weights": wrong}))
    with refused(error, message):
        lstm.backward(wrong, trace, k)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"trace": (1, 2)}, TypeError, "trace: expected hw3.lstm.Trace, got tuple"),
        ({"h_bar_direct": np.ones((3, 1, 5))}, ValueError, "h_bar_direct: expected shape (3, 2, 5), got (3, 1, 5)"),
        ({"h_bar_direct": 1.0}, TypeError, "h_bar_direct: expected an array, got float; numpy.asarray makes one"),
        ({"h_bar_direct": strict(np.ones((3, 2, 5)))}, TypeError, of_another_library("h_bar_direct")),
    ],
)
def test_backward_refuses(change, error, message):
    arguments, trace, k = case()
    with refused(error, message):
        lstm.backward(**({"weights": arguments["weights"], "trace": trace, "h_bar_direct": k} | change))


@pytest.mark.parametrize("name", ["x", "i", "f", "o", "g", "c", "h"])
def test_a_trace_that_does_not_fit(name):
    arguments, trace, k = case()
    expected = {"x": (1, 1, 4), "c": (4, 2, 5), "h": (4, 2, 5)}.get(name, (3, 2, 5))
    with refused(ValueError, f"trace.{name}: expected shape {expected}, got (1, 1, 1)"):
        lstm.backward(arguments["weights"], trace._replace(**{name: np.ones((1, 1, 1))}), k)


@pytest.mark.parametrize("name", ["i", "f", "o", "g", "c", "h"])
def test_a_trace_of_two_libraries(name):
    arguments, trace, k = case()
    with refused(TypeError, of_another_library(f"trace.{name}")):
        lstm.backward(arguments["weights"], trace._replace(**{name: strict(getattr(trace, name))}), k)


@pytest.mark.parametrize("module", [lstm, fused_lstm])
def test_it_stays_where_its_arguments_are(module):
    weights, x, _, _, k = random_case(3, 2, (2,), 2, 2)
    weights = lstm.Weights(*map(elsewhere, weights))
    trace = module.forward(weights, elsewhere(x))
    bars = module.backward(weights, trace, elsewhere(k))
    places = {place_of(array) for array in [*trace, *bars.weights, *bars[1:]]}
    assert places == {place_of(elsewhere(x))} != {place_of(strict(x))}


def test_where_one_initial_state_is_given_the_other_is_zero():
    weights, x, h0, c0, _ = random_case(5, 3, (2,), 3, 4)
    zeros = np.zeros((2, 4))
    assert np.array_equal(lstm.forward(weights, x, h0=h0).h, lstm.forward(weights, x, h0, zeros).h)
    assert np.array_equal(lstm.forward(weights, x, c0=c0).h, lstm.forward(weights, x, zeros, c0).h)


def test_long_sequences_of_many_units_are_right_too():
    weights, x, h0, c0, k = random_case(6, 12, (2,), 5, 6)
    trace = lstm.forward(weights, x, h0, c0)
    assert agree(np.sum(k * trace.h[1:]), reference_loss(weights, x, h0, c0, k), 1e-12)
    bars = lstm.backward(weights, trace, k)
    expected = autograd.grad(reference_loss, (0, 1, 2, 3))(tuple(weights), x, h0, c0, k)
    assert agree([bars.weights, bars.x, bars.h[0], bars.c[0]], list(expected), 1e-7)
