"""Problem 1 again, for speed: the equations of `hw3.lstm`, with the four gates side by side.

The products of all inputs with the weights are taken at once, those with h(t-1) in one product a step,
and the bars of the weights in one product over all steps. `hw3.lstm` is the reference: a test holds the
two equal. Shapes and units as there.
"""

from array_api_compat import array_namespace

from hw3._arrays import Array, over_time, sum_of_products
from hw3.lstm import Gradients, Trace, Weights, expect_trace, initial_states


def forward(weights: Weights, x: Array, h0: Array | None = None, c0: Array | None = None) -> Trace:
    """Run the LSTM over the inputs and return every intermediate quantity, as `hw3.lstm.forward` does.

    Parameters, what is returned and what is raised are those of `hw3.lstm.forward`.

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
    xp, hidden = array_namespace(x), weights.ih.shape[0]
    # The logistic function of z is 1/2 + tanh(z/2) / 2. Halved weights make one tanh do for all four gates.
    halved = [*(w / 2 for w in weights[:6]), *weights[6:]]
    w_x, w_h = xp.concat(halved[0::2], axis=1), xp.concat(halved[1::2], axis=1)
    from_input = xp.tensordot(x, w_x, axes=1)  # as one product rather than T
    gates, cs, hs = [], [c], [h]
    for t in range(x.shape[0]):
        tanh_z = xp.tanh(from_input[t, ...] + h @ w_h)
        logistic = 0.5 + 0.5 * tanh_z[..., : 3 * hidden]
        i, f, o = (logistic[..., k * hidden : (k + 1) * hidden] for k in range(3))
        g = tanh_z[..., 3 * hidden :]
        c = f * c + i * g
        h = o * xp.tanh(c)
        gates.append((i, f, o, g))
        cs.append(c)
        hs.append(h)
    i, f, o, g = over_time(gates, h)
    return Trace(x, i, f, o, g, c=xp.stack(cs), h=xp.stack(hs))


def backward(weights: Weights, trace: Trace, h_bar_direct: Array) -> Gradients:
    """Return the bars of everything in `trace` and of the weights, as `hw3.lstm.backward` does.

    Parameters, what is returned and what is raised are those of `hw3.lstm.backward`.

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
    steps, xp, hidden = trace.x.shape[0], array_namespace(trace.x), weights.ih.shape[0]
    w_x, w_h = xp.concat(weights[0::2], axis=1), xp.concat(weights[1::2], axis=1)
    w_h_transposed = xp.reshape(xp.reshape(w_h.T, (-1,)), w_h.T.shape)  # in one piece: it is read at every step

    h_bar_next = c_bar_next = xp.zeros_like(trace.h[0, ...])
    hs, cs, gates, preactivations = [], [], [], []
    for t in reversed(range(steps)):
        i, f, o, g = trace.i[t, ...], trace.f[t, ...], trace.o[t, ...], trace.g[t, ...]
        c_before, tanh_c = trace.c[t, ...], xp.tanh(trace.c[t + 1, ...])

        h_bar_t = h_bar_next + h_bar_direct[t, ...]
        c_bar_t = c_bar_next + h_bar_t * o * (1 - tanh_c**2)
        bars = c_bar_t * g, c_bar_t * c_before, h_bar_t * tanh_c, c_bar_t * i  # of i, f, o, g
        slopes = i * (1 - i), f * (1 - f), o * (1 - o), 1 - g**2
        gates_in = xp.concat([bar * slope for bar, slope in zip(bars, slopes, strict=True)], axis=-1)
        c_bar_next = c_bar_t * f
        h_bar_next = gates_in @ w_h_transposed

        hs.append(h_bar_t)
        cs.append(c_bar_t)
        gates.append(bars)
        preactivations.append(gates_in)

    i_bar, f_bar, o_bar, g_bar = over_time(gates[::-1], h_bar_next)
    empty = xp.concat([h_bar_next] * 4, axis=-1)
    gates_in = xp.stack(preactivations[::-1] or [empty])[:steps, ...]
    into_x = sum_of_products(trace.x, gates_in)
    into_h = sum_of_products(trace.h[:-1, ...], gates_in)
    by_gate = [(into_x[:, k * hidden : (k + 1) * hidden], into_h[:, k * hidden : (k + 1) * hidden]) for k in range(4)]
    return Gradients(
        Weights(*(bar for pair in by_gate for bar in pair)),
        x=xp.tensordot(gates_in, w_x.T, axes=1),
        i=i_bar,
        f=f_bar,
        o=o_bar,
        g=g_bar,
        c=xp.stack([c_bar_next, *reversed(cs)]),
        h=xp.stack([h_bar_next, *reversed(hs)]),
    )
