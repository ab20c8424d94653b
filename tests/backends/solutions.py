"""Every public function of the solutions, with arguments; in each array an axis of 16 is the batch, and no other is."""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from hw3 import convnet, exact_momentum, fused_lstm, lstm, mdrnn, momentum

BATCH = 16
MODULES = (convnet, exact_momentum, fused_lstm, lstm, mdrnn, momentum)
ON_INTEGERS = {"hw3.mdrnn.wavefronts", "hw3.mdrnn.weight_count", "hw3.mdrnn.operation_count"}
CHECKS = {"hw3.lstm.expect_trace"}  # which return nothing
ALPHA, BETA = 0.01, 0.9


@dataclass
class Case:
    """A function of arrays and the arguments to call it with; what it returns may be nested in tuples."""

    function: Any
    arguments: list[Any]


def arrays(*shapes):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape) for shape in shapes]


def slope(theta):
    return theta * theta * theta - theta  # a power may be rounded otherwise in another library


def lstm_forward(module):
    return lambda x, h0, c0, *weights: module.forward(lstm.Weights(*weights), x, h0, c0)


def lstm_backward(module):
    def backward(x, k, *weights):
        weights = lstm.Weights(*weights)
        return module.backward(weights, module.forward(weights, x), k)

    return backward


def exact(theta, p):
    run = exact_momentum.ExactMomentum(theta, p, Fraction(9, 10))
    start = run.state
    for _ in range(20):
        run.step(slope, ALPHA)
    there = run.state
    assert not np.array_equal(there.theta, start.theta)
    for _ in range(20):
        run.unstep(slope, ALPHA)
    return start, there, run.state


T, D, H = 3, 2, 5
LSTM_WEIGHTS = [(D, H), (H, H)] * 4
MDRNN_WEIGHTS = [(D, H), (H, H), (H, H)]
GRID = (3, 4, BATCH, D)
CASES = {
    "hw3.lstm.logistic": Case(lstm.logistic, arrays((BATCH, H))),
    "hw3.lstm.cell_state": Case(lstm.cell_state, arrays(*[(BATCH, H)] * 4)),
    "hw3.lstm.hidden_state": Case(lstm.hidden_state, arrays(*[(BATCH, H)] * 2)),
    "hw3.lstm.step": Case(
        lambda x, h, c, *weights: lstm.step(lstm.Weights(*weights), x, h, c),
        arrays((BATCH, D), (BATCH, H), (BATCH, H), *LSTM_WEIGHTS),
    ),
    "hw3.mdrnn.cell": Case(
        lambda x, west, north, *weights: mdrnn.cell(mdrnn.Weights(*weights), x, west, north),
        arrays((BATCH, D), (BATCH, H), (BATCH, H), *MDRNN_WEIGHTS),
    ),
    "hw3.convnet.forward": Case(
        lambda x, *kernels: convnet.forward(kernels, x), arrays(GRID, (3, 3, D, H), (3, 3, H, H))
    ),
    "hw3.momentum.step": Case(
        lambda theta, p: momentum.step(momentum.State(theta, p), slope, ALPHA, BETA), arrays((BATCH,), (BATCH,))
    ),
    "hw3.momentum.unstep": Case(
        lambda theta, p: momentum.unstep(momentum.State(theta, p), slope, ALPHA, BETA), arrays((BATCH,), (BATCH,))
    ),
    "hw3.momentum.jacobian": Case(lambda hessian: momentum.jacobian(hessian, ALPHA, BETA), arrays((H, H))),
}
for module in (lstm, fused_lstm):
    shapes = [(T, BATCH, D), (BATCH, H), (BATCH, H), *LSTM_WEIGHTS]
    CASES[f"{module.__name__}.forward"] = Case(lstm_forward(module), arrays(*shapes))
    CASES[f"{module.__name__}.backward"] = Case(
        lstm_backward(module), arrays((T, BATCH, D), (T, BATCH, H), *LSTM_WEIGHTS)
    )
for name in ("forward", "forward_wavefront"):
    CASES[f"hw3.mdrnn.{name}"] = Case(
        lambda x, *weights, name=name: getattr(mdrnn, name)(mdrnn.Weights(*weights), x),
        arrays(GRID, *MDRNN_WEIGHTS),
    )
WITHOUT_DERIVATIVE = {
    "hw3.lstm.initial_states": Case(
        lambda x, h0, c0, *weights: lstm.initial_states(lstm.Weights(*weights), x, h0, c0),
        arrays((T, BATCH, D), (BATCH, H), (BATCH, H), *LSTM_WEIGHTS),
    ),
    "hw3.exact_momentum.ExactMomentum": Case(exact, arrays((BATCH,), (BATCH,))),
    "hw3.exact_momentum.times_fraction": Case(
        lambda p, coder: exact_momentum.times_fraction(p, coder, 9, 10), [np.arange(BATCH), np.arange(BATCH) + 2**30]
    ),
}


def leaves(result):
    """Return the arrays of a result, in order."""
    return [leaf for part in result for leaf in leaves(part)] if isinstance(result, tuple) else [result]


def calls_with_one_other(case, array, other):
    """Return as many calls as the case has arguments, each with one of them made another."""
    return [
        partial(case.function, *(array(other(a) if n == place else a) for n, a in enumerate(case.arguments)))
        for place in range(len(case.arguments))
    ]
