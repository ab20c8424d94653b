r"""Problem 1: an LSTM without biases, forward and backward.

Shapes: T time steps, D inputs, H hidden units, `...` any batch dimensions (none included). A weight
is indexed (input, output), so that `x @ w` is :math:`W^\top x` for each `x` of the batch. The
univariate LSTM of the problem is D = H = 1. A bar is the derivative of the loss: `c_bar` is
:math:`\bar{c} = \partial L / \partial c`. All quantities are dimensionless.
"""

from typing import NamedTuple, Self

import numpy as np
from array_api_compat import array_namespace

from hw3._arrays import (
    Array,
    device,
    expect_axes,
    expect_floats,
    expect_instance,
    expect_no_nan,
    expect_positive,
    expect_shape,
    over_time,
    random_matrices,
    sum_of_products,
)


class Weights(NamedTuple):
    """The eight weights of an LSTM: `gx` takes x to the gate g, `gh` takes h(t-1) to it.

    Shapes: `ix`, `fx`, `ox`, `gx` are (D, H); `ih`, `fh`, `oh`, `gh` are (H, H).
    Source: Problem 1, definitions.

    >>> import numpy as np
    >>> Weights(*[np.zeros((3, 2)), np.zeros((2, 2))] * 4).fx.shape
    (3, 2)
    """

    ix: Array
    ih: Array
    fx: Array
    fh: Array
    ox: Array
    oh: Array
    gx: Array
    gh: Array

    @classmethod
    def random(cls, rng: np.random.Generator, d: int, h: int, scale: float | None = None) -> Self:
        """Return weights for `d` inputs and `h` hidden units, normal with mean 0 and standard deviation `scale`.

        The scale is 1/√H where missing. Raises TypeError unless `rng` is a Generator of NumPy and the sizes are
        integers, ValueError unless these are positive.

        >>> import numpy as np
        >>> weights = Weights.random(np.random.default_rng(0), 3, 2)
        >>> weights.ix.shape, weights.ih.shape
        ((3, 2), (2, 2))
        """
        return cls(*random_matrices(rng, d, h, [True, False] * 4, scale))


class Step(NamedTuple):
    """The gates and the states of one step, each (..., H). Source: Problem 1, definitions.

    >>> Step(i=1.0, f=0.5, o=0.5, g=3.0, c=5.0, h=0.5).c
    5.0
    """

    i: Array
    f: Array
    o: Array
    g: Array
    c: Array
    h: Array


class Trace(NamedTuple):
    """All that a forward pass computed.

    Shapes: `x` is (T, ..., D); the gates `i`, `f`, `o`, `g` are (T, ..., H), index 0 being t = 1;
    `c` and `h` are (T + 1, ..., H), index 0 being the initial state. Source: Problem 1, definitions.

    >>> import numpy as np
    >>> weights = Weights(*[np.ones((1, 1))] * 8)
    >>> trace = forward(weights, np.ones((5, 1)))
    >>> trace.i.shape, trace.h.shape
    ((5, 1), (6, 1))
    """

    x: Array
    i: Array
    f: Array
    o: Array
    g: Array
    c: Array
    h: Array


class Gradients(NamedTuple):
    """The bars of a backward pass, shaped as in `Weights` and `Trace`.

    `c[t]` and `h[t]` are the whole bars of c(t) and h(t), t = 0 included. Source: Problem 1, a and b.

    >>> import numpy as np
    >>> weights = Weights(*[np.ones((1, 1))] * 8)
    >>> bars = backward(weights, forward(weights, np.ones((5, 1))), np.ones((5, 1)))
    >>> bars.weights.ix.shape, bars.x.shape, bars.h.shape
    ((1, 1), (5, 1), (6, 1))
    """

    weights: Weights
    x: Array
    i: Array
    f: Array
    o: Array
    g: Array
    c: Array
    h: Array


def logistic(z: Array) -> Array:
    """Return the logistic function of `z`, elementwise, without overflow at either end.

    The error is at most the spacing of floats at 1, 2.2e-16 (in single precision 1.2e-7). The function
    vanishes below 0 and its error does not, so the relative error grows to 2.2e-16 (1 + e^-z) at most:
    1e-10 is kept down to z = -13, and from -38 on (in single precision from -20) 0 is returned. In
    exchange tanh is all that a kind of number needs. Raises TypeError unless `z` is an array of floating-point
    numbers or objects.

    >>> import numpy as np
    >>> logistic(np.array([-1e3, 0.0, 1e3])).tolist()
    [0.0, 0.5, 1.0]
    """
    expect_floats("z", z)
    return _logistic(z)


def cell_state(i: Array, f: Array, g: Array, c_before: Array) -> Array:
    """Return c(t) of the gates i(t), f(t), g(t) and c(t-1). Source: Problem 1, definitions.

    Raises TypeError unless all are arrays of one library and precision, ValueError unless they are of one shape.

    >>> import numpy as np
    >>> cell_state(np.array([1.0]), np.array([0.5]), np.array([3.0]), np.array([4.0])).tolist()
    [5.0]
    """
    expect_floats("i", i)
    for name, value in (("f", f), ("g", g), ("c_before", c_before)):
        expect_shape(name, value, tuple(i.shape), like=i)
    return _cell_state(i, f, g, c_before)


def hidden_state(o: Array, c: Array) -> Array:
    """Return h(t) of the gate o(t) and c(t). Source: Problem 1, definitions.

    Raises TypeError unless both are arrays of one library and precision, ValueError unless they are of one shape.

    >>> import numpy as np
    >>> hidden_state(np.array([0.5]), np.array([0.0])).tolist()
    [0.0]
    """
    expect_floats("o", o)
    expect_shape("c", c, tuple(o.shape), like=o)
    return _hidden_state(o, c)


def step(weights: Weights, x_t: Array, h: Array, c: Array) -> Step:
    """Take one step, which `forward` repeats: for a stream, or for a loop of the library's own.

    Parameters
    ----------
    weights
        The eight weights, (D, H) and (H, H).
    x_t
        The input x(t), (..., D).
    h, c
        The states h(t-1) and c(t-1), (..., H).

    Returns
    -------
    Step
        The gates and the states of t, (..., H).

    Raises
    ------
    TypeError
        If `weights` is no `Weights`, or something is no array of the same library and precision as the rest.
    ValueError
        If a shape does not fit, or the input or a state is NaN; nothing is broadcast. The weights are not looked
        through at every step: of NaN in them come states with NaN.

    Notes
    -----
    Source: Problem 1, definitions.

    Examples
    --------
    >>> import numpy as np
    >>> weights = Weights(*[np.zeros((1, 1))] * 8)
    >>> now = step(weights, np.ones(1), h=np.zeros(1), c=np.ones(1))
    >>> now.f.tolist(), now.c.tolist()
    ([0.5], [0.5])
    """
    batch, hidden = _expect_weights(weights, x_t, "x_t", timed=False)
    for name, state in (("h", h), ("c", c)):
        expect_shape(name, state, (*batch, hidden), like=x_t)
        expect_no_nan(name, state)
    return _step(weights, x_t, h, c)


def _step(weights: Weights, x_t: Array, h: Array, c: Array) -> Step:
    """Return the step of arguments that have been checked."""
    i = _logistic(x_t @ weights.ix + h @ weights.ih)
    f = _logistic(x_t @ weights.fx + h @ weights.fh)
    o = _logistic(x_t @ weights.ox + h @ weights.oh)
    g = array_namespace(x_t).tanh(x_t @ weights.gx + h @ weights.gh)
    c = _cell_state(i, f, g, c)
    return Step(i, f, o, g, c, _hidden_state(o, c))


def _logistic(z: Array) -> Array:
    return 0.5 * (1 + array_namespace(z).tanh(z / 2))


def _cell_state(i: Array, f: Array, g: Array, c_before: Array) -> Array:
    return f * c_before + i * g


def _hidden_state(o: Array, c: Array) -> Array:
    return o * array_namespace(c).tanh(c)


def forward(weights: Weights, x: Array, h0: Array | None = None, c0: Array | None = None) -> Trace:
    """Run the LSTM over the inputs and return every intermediate quantity.

    Parameters
    ----------
    weights
        The eight weights, (D, H) and (H, H).
    x
        The inputs, (T, ..., D). T may be 0.
    h0, c0
        The initial states, (..., H); zeros where missing.

    Returns
    -------
    Trace
        `x`, the gates (T, ..., H) and the states (T + 1, ..., H).

    Raises
    ------
    TypeError
        If `weights` is no `Weights`, or something is no array of the same library and precision as the rest.
    ValueError
        If a shape does not fit, or something given is NaN; nothing is broadcast.

    Notes
    -----
    Source: Problem 1, definitions.

    Examples
    --------
    >>> import numpy as np
    >>> weights = Weights(*[np.zeros((1, 1))] * 8)
    >>> trace = forward(weights, np.ones((2, 1)), c0=np.array([1.0]))
    >>> trace.f[:, 0].tolist(), trace.c[:, 0].tolist()
    ([0.5, 0.5], [1.0, 0.5, 0.25])
    """
    h, c = initial_states(weights, x, h0, c0)
    xp = array_namespace(x)
    gates, cs, hs = [], [c], [h]
    for t in range(x.shape[0]):
        i, f, o, g, c, h = _step(weights, x[t, ...], h, c)
        gates.append((i, f, o, g))
        cs.append(c)
        hs.append(h)
    i, f, o, g = over_time(gates, h)
    return Trace(x, i, f, o, g, c=xp.stack(cs), h=xp.stack(hs))


def backward(weights: Weights, trace: Trace, h_bar_direct: Array) -> Gradients:
    """Return the bars of everything in `trace` and of the weights, by backpropagation through time.

    Parameters
    ----------
    weights, trace
        The weights, and what `forward` returned for them.
    h_bar_direct
        The direct term of the bar of h(t), what the outputs y(t) and the loss add to it, t = 1..T: (T, ..., H).
        The whole bars are returned.

    Returns
    -------
    Gradients
        The bars of the weights, summed over time and batch, and of each quantity at each time.

    Raises
    ------
    TypeError
        If `weights` is no `Weights`, `trace` no `Trace`, or something no array of the same library and precision.
    ValueError
        If a shape does not fit, or `weights`, `trace.x` or `h_bar_direct` has NaN; nothing is broadcast.

    Notes
    -----
    Source: Problem 1, parts a and b.

    Examples
    --------
    >>> import numpy as np
    >>> weights = Weights(*[np.zeros((1, 1))] * 8)
    >>> trace = forward(weights, np.ones((2, 1)))
    >>> bars = backward(weights, trace, np.array([[0.0], [1.0]]))
    >>> bars.c[:, 0].tolist(), bars.weights.gx.tolist()
    ([0.125, 0.25, 0.5], [[0.375]])
    """
    expect_trace(weights, trace, h_bar_direct)
    steps, xp = trace.x.shape[0], array_namespace(trace.x)
    h_bar_next = c_bar_next = xp.zeros_like(trace.h[0, ...])  # what step t + 1 adds: nothing after T
    hs, cs, gates, preactivations = [], [], [], []
    for t in reversed(range(steps)):
        i, f, o, g = trace.i[t, ...], trace.f[t, ...], trace.o[t, ...], trace.g[t, ...]
        c_before, tanh_c = trace.c[t, ...], xp.tanh(trace.c[t + 1, ...])

        h_bar_t = h_bar_next + h_bar_direct[t, ...]
        c_bar_t = c_bar_next + h_bar_t * o * (1 - tanh_c**2)
        g_bar = c_bar_t * i
        o_bar = h_bar_t * tanh_c
        f_bar = c_bar_t * c_before
        i_bar = c_bar_t * g

        i_in = i_bar * i * (1 - i)
        f_in = f_bar * f * (1 - f)
        o_in = o_bar * o * (1 - o)
        g_in = g_bar * (1 - g**2)
        c_bar_next = c_bar_t * f
        h_bar_next = i_in @ weights.ih.T + f_in @ weights.fh.T + o_in @ weights.oh.T + g_in @ weights.gh.T

        hs.append(h_bar_t)
        cs.append(c_bar_t)
        gates.append((i_bar, f_bar, o_bar, g_bar))
        preactivations.append((i_in, f_in, o_in, g_in))

    h_before = trace.h[:-1, ...]
    i_in, f_in, o_in, g_in = over_time(preactivations[::-1], h_bar_next)
    i_bar, f_bar, o_bar, g_bar = over_time(gates[::-1], h_bar_next)
    return Gradients(
        Weights(
            ix=sum_of_products(trace.x, i_in),
            ih=sum_of_products(h_before, i_in),
            fx=sum_of_products(trace.x, f_in),
            fh=sum_of_products(h_before, f_in),
            ox=sum_of_products(trace.x, o_in),
            oh=sum_of_products(h_before, o_in),
            gx=sum_of_products(trace.x, g_in),
            gh=sum_of_products(h_before, g_in),
        ),
        x=i_in @ weights.ix.T + f_in @ weights.fx.T + o_in @ weights.ox.T + g_in @ weights.gx.T,
        i=i_bar,
        f=f_bar,
        o=o_bar,
        g=g_bar,
        c=xp.stack([c_bar_next, *reversed(cs)]),
        h=xp.stack([h_bar_next, *reversed(hs)]),
    )


def initial_states(weights: Weights, x: Array, h0: Array | None = None, c0: Array | None = None) -> tuple[Array, Array]:
    """Return h(0) and c(0) of a forward pass, zeros where missing; raise what `forward` raises.

    For another form of the forward pass, such as `hw3.fused_lstm`. Source: Problem 1, definitions.

    >>> import numpy as np
    >>> h, c = initial_states(Weights(*[np.ones((1, 1))] * 8), np.ones((5, 1)), c0=np.array([2.0]))
    >>> h.tolist(), c.tolist()
    ([0.0], [2.0])
    """
    batch, hidden = _expect_weights(weights, x, "x")
    for name, given in (("h0", h0), ("c0", c0)):
        if given is not None:
            expect_shape(name, given, (*batch, hidden), like=x)
            expect_no_nan(name, given)
    xp = array_namespace(x)
    zeros = xp.zeros((*batch, hidden), dtype=xp.result_type(x, *weights), device=device(x))
    h = zeros if h0 is None else h0
    c = zeros if c0 is None else c0
    return h, c


def expect_trace(weights: Weights, trace: Trace, h_bar_direct: Array) -> None:
    """Raise what `backward` raises unless its arguments fit: for another form of it, such as `hw3.fused_lstm`.

    >>> import numpy as np
    >>> weights = Weights(*[np.ones((1, 1))] * 8)
    >>> expect_trace(weights, forward(weights, np.ones((5, 1))), np.ones((4, 1)))
    Traceback (most recent call last):
    ValueError: h_bar_direct: expected shape (5, 1), got (4, 1)
    """
    expect_instance("trace", trace, Trace)
    batch, hidden = _expect_weights(weights, trace.x, "trace.x")
    steps = trace.x.shape[0]
    for name in ("i", "f", "o", "g"):
        expect_shape(f"trace.{name}", getattr(trace, name), (steps, *batch, hidden), like=trace.x)
    for name in ("c", "h"):
        expect_shape(f"trace.{name}", getattr(trace, name), (steps + 1, *batch, hidden), like=trace.x)
    expect_shape("h_bar_direct", h_bar_direct, (steps, *batch, hidden), like=trace.x)
    expect_no_nan("h_bar_direct", h_bar_direct)


def _expect_weights(weights: Weights, x: Array, x_name: str, *, timed: bool = True) -> tuple[tuple[int, ...], int]:
    """Check the weights and the inputs, of all times or of one, against each other; return the batch's shape and H."""
    axes, exception = ("(T, ..., D)", ", only T may be 0") if timed else ("(..., D)", "")
    expect_instance("weights", weights, Weights)
    expect_axes(x_name, x, axes)
    sizes = x.shape[1:] if timed else x.shape
    expect_positive(x_name, axes + exception, x.shape, sizes)
    expect_axes("weights.ix", weights.ix, "(D, H)", like=x)
    expect_positive("weights.ix", "(D, H)", weights.ix.shape)
    inputs, hidden = weights.ix.shape
    for name, weight in weights._asdict().items():
        expect_shape(f"weights.{name}", weight, (inputs if name.endswith("x") else hidden, hidden), like=x)
    expect_shape(x_name, x, (*x.shape[:-1], inputs))
    expect_no_nan(x_name, x)
    if timed:  # looked through once, not at every step
        expect_no_nan("weights", weights)
    return tuple(sizes[:-1]), hidden
