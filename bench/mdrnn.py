"""The MDRNN, wavefront against raster order, in NumPy and in PyTorch."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from contest import contest, limit_threads, machine, report
from hw3 import mdrnn

SIZES = [(64, 3, 128), (128, 3, 128), (64, 256, 512)]


def contenders(g: int, d: int, h: int) -> dict[str, Callable[[], Any]]:
    """Return the same network on the same grid, four ways."""
    rng = np.random.default_rng(0)
    weights = mdrnn.Weights(
        *((rng.normal(size=shape) / (2 * h**0.5)).astype(np.float32) for shape in [(d, h), (h, h), (h, h)])
    )
    x = rng.normal(size=(g, g, d)).astype(np.float32)
    torch_weights, torch_x = mdrnn.Weights(*map(torch.tensor, weights)), torch.tensor(x)
    return {
        "NumPy, wavefront": lambda: mdrnn.forward_wavefront(weights, x),
        "NumPy, raster order": lambda: mdrnn.forward(weights, x),
        "PyTorch, wavefront": lambda: mdrnn.forward_wavefront(torch_weights, torch_x),
        "PyTorch, raster order": lambda: mdrnn.forward(torch_weights, torch_x),
    }


def matmul_rate(size: int = 2048) -> float:
    """Return how many operations a second one large product of matrices does."""
    a = np.ones((size, size), dtype=np.float32)
    seconds: float = contest({"product": lambda: a @ a})["product"]["seconds"]
    return (2 * size**3 - size**2) / seconds


if __name__ == "__main__":
    limit_threads(2)
    contests, rates = {}, {}
    for size in SIZES:
        entrants = contenders(*size)
        expected, *others = [np.asarray(run()) for run in entrants.values()]
        for found in others:
            assert np.allclose(found, expected, rtol=0, atol=1e-4)  # single precision, and values below 1
        name = "G = {}, D = {}, H = {}".format(*size)
        print(f"{name}: all contenders agree", flush=True)
        contests[name] = contest(entrants, rounds=5)
        rate = mdrnn.operation_count(*size, n_a=1) / contests[name]["NumPy, wavefront"]["seconds"]
        rates[name] = rate / matmul_rate()
        print(f"{name}: the wavefront reaches {rates[name]:.2f} of the matmul rate", flush=True)
    report("mdrnn", {"machine": machine("torch"), "contests": contests, "share_of_matmul_rate": rates})
