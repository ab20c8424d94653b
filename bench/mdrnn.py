"""The MDRNN, wavefront against raster order, in NumPy and in PyTorch."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from contest import contest, machine, prepare, report
from hw3 import mdrnn

SIZES = [(64, 3, 128), (128, 3, 128), (64, 256, 512)]


def contenders(g: int, d: int, h: int) -> dict[str, dict[str, Callable[[], Any]]]:
    """Return the same network on the same grid, two ways in each library."""
    rng = np.random.default_rng(0)
    weights = mdrnn.Weights(
        *((rng.normal(size=shape) / (2 * h**0.5)).astype(np.float32) for shape in [(d, h), (h, h), (h, h)])
    )
    x = rng.normal(size=(g, g, d)).astype(np.float32)
    torch_weights, torch_x = mdrnn.Weights(*map(torch.tensor, weights)), torch.tensor(x)
    given = {"NumPy": (weights, x), "PyTorch": (torch_weights, torch_x)}
    return {
        library: {
            "wavefront": lambda arguments=arguments: mdrnn.forward_wavefront(*arguments),
            "raster order": lambda arguments=arguments: mdrnn.forward(*arguments),
        }
        for library, arguments in given.items()
    }


def matmul_rate(size: int = 2048) -> float:
    """Return how many operations a second one large product of matrices does."""
    a = np.ones((size, size), dtype=np.float32)
    seconds: float = contest({"product": lambda: a @ a})["product"]["seconds"]
    return (2 * size**3 - size**2) / seconds


def peak_over_output(run: Callable[[], Any]) -> float:
    """Return the most memory that NumPy held during a run, in sizes of what it returned."""
    run()
    tracemalloc.start()
    output = run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / float(output.nbytes)


if __name__ == "__main__":
    prepare(threads=2)
    contests, rates, peaks = {}, {}, {}
    for size in SIZES:
        pairs = contenders(*size)
        expected, *others = [np.asarray(run()) for pair in pairs.values() for run in pair.values()]
        for found in others:
            assert np.allclose(found, expected, rtol=0, atol=1e-4)  # single precision, and values below 1
        name = "G = {}, D = {}, H = {}".format(*size)
        print(f"{name}: all contenders agree", flush=True)
        for library, pair in pairs.items():
            contests[f"{name}, {library}"] = contest(pair, rounds=7)
        seconds = contests[f"{name}, NumPy"]["wavefront"]["seconds"]
        rates[name] = mdrnn.operation_count(*size, n_a=1) / seconds / matmul_rate()
        peaks[name] = {way: peak_over_output(run) for way, run in pairs["NumPy"].items()}
        print(f"{name}: the wavefront reaches {rates[name]:.2f} of the matmul rate", flush=True)
    report(
        "mdrnn",
        {
            "machine": machine("torch"),
            "contests": contests,
            "share_of_matmul_rate": rates,
            "peak_memory_over_output": peaks,
        },
    )
