"""How the time grows with the size, fitted on a log-log scale, beside how the operations grow."""

from collections.abc import Callable
from typing import Any

import numpy as np

from contest import contest, machine, prepare, report
from hw3 import fused_lstm, lstm, mdrnn

# Each size has the others fixed: G with H = 128, H with G = 16, T with batch 32 and H = 128
SIZES = {"G": [16, 32, 64, 128], "H": [256, 512, 1024, 2048], "T": [25, 50, 100, 200]}


def random(*shape: int) -> Any:
    """Return numbers small enough that no tanh saturates."""
    return (np.random.default_rng(0).normal(size=shape) / shape[-1] ** 0.5).astype(np.float32)


def grid(forward: Callable[..., Any], g: int, h: int) -> Callable[[], Any]:
    """Return what evaluates the MDRNN once."""
    weights, x = mdrnn.Weights(random(3, h), random(h, h), random(h, h)), random(g, g, 3)
    return lambda: forward(weights, x)


def sequence(steps: int) -> Callable[[], Any]:
    """Return what runs the LSTM forward and backward once."""
    weights = lstm.Weights(*(random(128, 128) for _ in range(8)))
    x, k = random(steps, 32, 128), random(steps, 32, 128)
    return lambda: fused_lstm.backward(weights, fused_lstm.forward(weights, x), k)


def exponent(sizes: list[int], values: list[float]) -> float:
    """Return the slope of the line through the logarithms, by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def spread_of_exponents(sizes: list[int], values: list[float]) -> list[float]:
    """Return the smallest and the largest slope between neighbours."""
    slopes = np.diff(np.log(values)) / np.diff(np.log(sizes))
    return [float(slopes.min()), float(slopes.max())]


CONTENDERS = {
    "MDRNN in raster order, in G": ("G", lambda g: grid(mdrnn.forward, g, 128)),
    "MDRNN by wavefront, in G": ("G", lambda g: grid(mdrnn.forward_wavefront, g, 128)),
    "MDRNN in raster order, in H": ("H", lambda h: grid(mdrnn.forward, 16, h)),
    "MDRNN by wavefront, in H": ("H", lambda h: grid(mdrnn.forward_wavefront, 16, h)),
    "LSTM forward and backward, in T": ("T", sequence),
}
OPERATIONS = {
    "G": lambda g: mdrnn.operation_count(g, 3, 128, n_a=1),
    "H": lambda h: mdrnn.operation_count(16, 3, h, n_a=1),
    "T": lambda steps: steps,  # the same number each step
}

if __name__ == "__main__":
    prepare(threads=2)
    contests, fits = {}, {}
    for name, (letter, contender) in CONTENDERS.items():
        sizes = SIZES[letter]
        contests[name] = contest({f"{letter} = {size}": contender(size) for size in sizes}, rounds=5)
        seconds = [found["seconds"] for found in contests[name].values()]
        fits[name] = {
            "sizes": sizes,
            "exponent": exponent(sizes, seconds),
            "between_neighbours": spread_of_exponents(sizes, seconds),
            "exponent_of_operations": exponent(sizes, [OPERATIONS[letter](size) for size in sizes]),
        }
        print(f"{name}: time grows by the power {fits[name]['exponent']:.2f}", flush=True)
    report("cost_growth", {"machine": machine(), "contests": contests, "fits": fits})
