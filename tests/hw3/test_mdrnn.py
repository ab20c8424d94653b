import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck import counted, tally, traced
from hw3 import mdrnn
from kinds_of_numbers import KINDS, elsewhere, place_of, strict, unboxed
from whole_message import of_another_library, refused

sizes = st.integers(1, 4)
batches = st.lists(st.integers(1, 3), max_size=2).map(tuple)


def random_case(seed, rows, cols, batch, d, h, scale=1.0):
    rng = np.random.default_rng(seed)
    weights = mdrnn.Weights(*(rng.normal(size=shape) for shape in [(d, h), (h, h), (h, h)]))
    return weights, scale * rng.normal(size=(rows, cols, *batch, d))


@given(seed=st.integers(0, 999), rows=sizes, cols=sizes, batch=batches, d=sizes, h=sizes)
def test_each_cell_follows_from_its_neighbours(seed, rows, cols, batch, d, h):
    weights, x = random_case(seed, rows, cols, batch, d, h)
    hs = mdrnn.forward(weights, x)
    assert hs.shape == (rows, cols, *batch, h)
    for i, j in np.ndindex(rows, cols):
        z = np.einsum("...d,dh->...h", x[i, j], weights.w_in)
        if i > 0:
            z = z + np.einsum("...d,dh->...h", hs[i - 1, j], weights.w_w)
        if j > 0:
            z = z + np.einsum("...d,dh->...h", hs[i, j - 1], weights.w_n)
        assert np.allclose(hs[i, j], np.tanh(z), rtol=1e-12, atol=1e-14)


@given(seed=st.integers(0, 999), rows=st.integers(1, 7), cols=st.integers(1, 7), batch=batches, d=sizes, h=sizes)
def test_wavefronts_give_what_raster_order_gives(seed, rows, cols, batch, d, h):
    weights, x = random_case(seed, rows, cols, batch, d, h)
    assert np.allclose(mdrnn.forward_wavefront(weights, x), mdrnn.forward(weights, x), rtol=1e-10, atol=1e-12)


@given(rows=st.integers(1, 9), cols=st.integers(1, 9))
def test_wavefronts_cover_the_grid_once_and_in_order(rows, cols):
    steps = mdrnn.wavefronts(rows, cols)
    cells = [cell for step in steps for cell in step]
    assert sorted(cells) == list(np.ndindex(rows, cols))
    assert [{i + j for i, j in step} for step in steps] == [{s} for s in range(rows + cols - 1)]


@pytest.mark.parametrize("forward", [mdrnn.forward, mdrnn.forward_wavefront])
@pytest.mark.parametrize("scale", [1e3, 1e300])
def test_extreme_inputs_neither_overflow_nor_give_nan(forward, scale):
    assert np.isfinite(forward(*random_case(1, 3, 4, (2,), 3, 3, scale))).all()


@pytest.mark.parametrize("forward", [mdrnn.forward, mdrnn.forward_wavefront])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(1, 1), (2, 4), (4, 1)])
def test_every_kind_of_number(forward, kind, shape):
    weights, x = random_case(2, *shape, (2,), 3, 2)
    got = forward(mdrnn.Weights(*map(KINDS[kind], weights)), KINDS[kind](x))
    assert np.allclose(unboxed(got), forward(weights, x), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("neighbours", [{}, {"west"}, {"north"}, {"west", "north"}])
def test_a_cell_of_every_kind_of_number(kind, neighbours):
    weights, x = random_case(2, 1, 1, (), 3, 2)
    given = {name: np.linspace(0.5, 1, 2) for name in neighbours}
    boxed = {name: KINDS[kind](value) for name, value in given.items()}
    got = mdrnn.cell(mdrnn.Weights(*map(KINDS[kind], weights)), KINDS[kind](x[0, 0]), **boxed)
    assert np.allclose(unboxed(got), mdrnn.cell(weights, x[0, 0], **given), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("forward", [mdrnn.forward, mdrnn.forward_wavefront])
def test_operations_counted_are_the_formula(forward):
    weights, x = random_case(3, 3, 3, (), 2, 4)
    with tally() as operations:
        forward(mdrnn.Weights(*map(counted, weights)), counted(x))
    assert operations.total == mdrnn.operation_count(3, 2, 4, 1)
    assert operations["tanh"] == 9 * 4


def test_a_cell_depends_on_its_north_western_quadrant_and_comes_at_its_step():
    weights, x = random_case(4, 3, 4, (), 2, 1)
    hs = mdrnn.forward(weights, traced(x))
    for i, j in np.ndindex(3, 4):
        assert hs[i, j, 0].inputs == {(a, b, d) for a in range(i + 1) for b in range(j + 1) for d in range(2)}
        assert hs[i, j, 0].depth == i + j + 1


def test_a_neighbour_left_out_is_a_zero_neighbour():
    weights, x = random_case(5, 1, 1, (2,), 3, 4)
    west, zero = np.ones((2, 4)), np.zeros((2, 4))
    assert np.allclose(mdrnn.cell(weights, x[0, 0], west), mdrnn.cell(weights, x[0, 0], west, zero))


def test_a_cell_weighs_each_neighbour():
    weights, x = random_case(5, 1, 1, (), 3, 4)
    west, north = np.eye(4)[:2]
    for beside in ({}, {"west": west}, {"north": north}, {"west": west, "north": north}):
        z = np.einsum("d,dh->h", x[0, 0], weights.w_in)
        z = z + weights.w_w[0] * ("west" in beside) + weights.w_n[1] * ("north" in beside)
        assert np.allclose(mdrnn.cell(weights, x[0, 0], **beside), np.tanh(z), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("forward", [mdrnn.forward, mdrnn.forward_wavefront])
def test_the_kind_of_the_numbers_stays(forward):
    weights, x = random_case(3, 2, 3, (), 2, 2)
    single = mdrnn.Weights(*(w.astype(np.float32) for w in weights))
    assert forward(single, x.astype(np.float32)).dtype == np.float32
    assert forward(weights, x + 1j).dtype == np.complex128


@pytest.mark.parametrize("forward", [mdrnn.forward, mdrnn.forward_wavefront])
def test_it_stays_where_its_arguments_are(forward):
    weights, x = random_case(3, 2, 3, (), 2, 2)
    h = forward(mdrnn.Weights(*map(elsewhere, weights)), elsewhere(x))
    assert place_of(h) == place_of(elsewhere(x)) != place_of(strict(x))


def test_phi_is_called_once_a_wavefront():
    calls = []
    weights, x = random_case(6, 3, 5, (), 2, 2)
    mdrnn.forward_wavefront(weights, x, phi=lambda z: calls.append(z.shape) or z)
    assert calls == [(1, 2), (2, 2), (3, 2), (3, 2), (3, 2), (2, 2), (1, 2)]


@given(d=sizes, h=sizes)
def test_weight_count_is_the_sizes(d, h):
    weights, _ = random_case(0, 1, 1, (), d, h)
    assert mdrnn.weight_count(d, h) == sum(w.size for w in weights)


@pytest.mark.parametrize("d", [1, 300])
def test_random_weights_are_normal_with_the_scale_that_is_said(d):
    weights = mdrnn.Weights.random(np.random.default_rng(0), d, 400)
    assert [w.shape for w in weights] == [(d, 400), (400, 400), (400, 400)]
    assert abs(np.std(weights.w_w) * 20 - 1) < 0.01  # of 160,000 numbers: 6 standard errors
    same = mdrnn.Weights.random(np.random.default_rng(0), d, 400, scale=1 / 20)
    assert all(map(np.array_equal, weights, same))


def test_random_weights_refuse():
    rng = np.random.default_rng(0)
    with refused(TypeError, "rng: expected numpy.random.Generator, got int"):
        mdrnn.Weights.random(0, 1, 1)
    with refused(ValueError, "d: expected a positive integer, got 0"):
        mdrnn.Weights.random(rng, 0, 1)
    with refused(TypeError, "h: expected a positive integer, got float 2.0"):
        mdrnn.Weights.random(rng, 1, 2.0)
    with refused(ValueError, "scale: expected a number, got NaN"):
        mdrnn.Weights.random(rng, 1, 1, np.nan)


WEIGHTS, X = random_case(0, 2, 3, (), 4, 5)


def with_weight(**weight):
    return WEIGHTS._replace(**weight)


@pytest.mark.parametrize("forward", [mdrnn.forward, mdrnn.forward_wavefront])
@pytest.mark.parametrize(
    ("weights", "x", "phi", "error", "message"),
    [
        ((1, 2, 3), X, None, TypeError, "weights: expected hw3.mdrnn.Weights, got tuple"),
        (WEIGHTS, X.tolist(), None, TypeError, "x: expected an array, got list; numpy.asarray makes one"),
        (WEIGHTS, X[0], None, ValueError, "x: expected shape (rows, cols, ..., D), got (3, 4)"),
        (WEIGHTS, X[:0], None, ValueError, "x: expected positive sizes (rows, cols, ..., D), got (0, 3, 4)"),
        (WEIGHTS, X[..., :3], None, ValueError, "x: expected shape (2, 3, 4), got (2, 3, 3)"),
        (with_weight(w_in=np.ones(4)), X, None, ValueError, "weights.w_in: expected shape (D, H), got (4,)"),
        (
            with_weight(w_in=np.ones((4, 0))),
            X,
            None,
            ValueError,
            "weights.w_in: expected positive sizes (D, H), got (4, 0)",
        ),
        (with_weight(w_w=np.ones((5, 4))), X, None, ValueError, "weights.w_w: expected shape (5, 5), got (5, 4)"),
        (with_weight(w_n=np.ones((1, 5))), X, None, ValueError, "weights.w_n: expected shape (5, 5), got (1, 5)"),
        (with_weight(w_in=strict(np.ones((4, 5)))), X, None, TypeError, of_another_library("weights.w_in")),
        (with_weight(w_w=strict(np.ones((5, 5)))), X, None, TypeError, of_another_library("weights.w_w")),
        (with_weight(w_n=strict(np.ones((5, 5)))), X, None, TypeError, of_another_library("weights.w_n")),
        (WEIGHTS, X, "tanh", TypeError, "phi: expected a callable, got str"),
        (WEIGHTS, X, strict, TypeError, of_another_library("phi(z)")),
    ],
)
def test_forward_refuses(forward, weights, x, phi, error, message):
    with refused(error, message):
        forward(weights, x, phi)


@pytest.mark.parametrize(
    ("forward", "shape", "got"), [(mdrnn.forward, (5,), ()), (mdrnn.forward_wavefront, (1, 5), (1,))]
)
def test_an_activation_keeps_the_shape(forward, shape, got):
    with refused(ValueError, f"phi(z): expected shape {shape}, got {got}"):
        forward(WEIGHTS, X, lambda z: z.sum(axis=-1))


@pytest.mark.parametrize("name", ["west", "north"])
def test_cell_refuses_a_neighbour_that_does_not_fit(name):
    with refused(ValueError, f"{name}: expected shape (2, 5), got (5,)"):
        mdrnn.cell(WEIGHTS, np.ones((2, 4)), **{name: np.ones(5)})
    with refused(TypeError, of_another_library(name)):
        mdrnn.cell(WEIGHTS, np.ones((2, 4)), **{name: strict(np.ones((2, 5)))})
    with refused(ValueError, "x: expected shape (..., D), got ()"):
        mdrnn.cell(WEIGHTS, np.array(1.0))


@pytest.mark.parametrize(("value", "error"), [(0, ValueError), (-1, ValueError), (2.0, TypeError), (True, TypeError)])
def test_sizes_are_positive_integers(value, error):
    for function, arguments in [
        (mdrnn.wavefronts, {"rows": 1, "cols": 1}),
        (mdrnn.weight_count, {"d": 1, "h": 1}),
        (mdrnn.operation_count, {"g": 1, "d": 1, "h": 1, "n_a": 1}),
    ]:
        for name in arguments:
            got = value if error is ValueError else f"{type(value).__name__} {value}"
            with refused(error, f"{name}: expected a positive integer, got {got}"):
                function(**(arguments | {name: value}))


def test_every_caller_of_wavefronts_has_lists_of_its_own():
    expected = [[(0, 0)], [(0, 1), (1, 0)], [(0, 2), (1, 1)], [(1, 2)]]
    first = mdrnn.wavefronts(2, 3)
    first[1].clear()
    del first[2:]
    assert mdrnn.wavefronts(2, 3) == expected


@pytest.mark.parametrize("n_a", [1, 2, 5])
def test_operation_count_is_what_is_counted_for_any_activation(n_a):
    def phi(z):
        for _ in range(n_a):
            z = z + 1.0
        return z

    weights, x = random_case(7, 3, 3, (), 2, 4)
    with tally() as t:
        mdrnn.forward(mdrnn.Weights(*map(counted, weights)), counted(x), phi)
    assert t.total == mdrnn.operation_count(3, 2, 4, n_a)
