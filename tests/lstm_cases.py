"""Networks, inputs and what is added to h's bar, at random: for the tests of both forms of the LSTM."""

import numpy as np
from hypothesis import strategies as st

from hw3 import lstm

sizes = st.integers(1, 4)
batches = st.lists(st.integers(1, 3), max_size=2).map(tuple)


def random_case(seed, steps, batch, d, h, scale=1.0):
    rng = np.random.default_rng(seed)
    weights = lstm.Weights(*(rng.normal(size=(n, h)) for n in [d, h] * 4))
    x = scale * rng.normal(size=(steps, *batch, d))
    h0, c0 = rng.normal(size=(2, *batch, h))
    return weights, x, h0, c0, rng.normal(size=(steps, *batch, h))


def case():
    weights, x, h0, c0, k = random_case(0, 3, (2,), 4, 5)
    return {"weights": weights, "x": x, "h0": h0, "c0": c0}, lstm.forward(weights, x, h0, c0), k
