"""The LSTM forward and backward: hw3 against three autodiff libraries on the same equations, and a fused kernel."""

import os
from collections.abc import Callable
from typing import Any

os.environ["JAX_PLATFORMS"] = "cpu"

import autograd
import jax
import numpy as np
import torch
from autograd.numpy.numpy_boxes import ArrayBox

from compiled import one_for_all
from contest import contest, machine, prepare, report
from hw3 import fused_lstm, lstm

SIZES = [(50, 16, 64, 64), (100, 32, 128, 128), (100, 64, 256, 256)]
FUSED = [("i", "ix", "ih"), ("f", "fx", "fh"), ("g", "gx", "gh"), ("o", "ox", "oh")]  # PyTorch's order of the gates
LIMIT = "the matrix products alone, in NumPy: the limit"

ArrayBox.__array_namespace__ = lambda self, api_version=None: autograd.numpy  # noqa: ARG005  the standard's arguments
ArrayBox.device = "cpu"


def contenders(steps: int, batch: int, inputs: int, hidden: int) -> dict[str, Callable[[], list[Any]]]:
    """Return what computes the bars of the eight weights, in the order of `lstm.Weights`, on the same numbers."""
    rng = np.random.default_rng(0)
    shapes = [(rows, hidden) for rows in [inputs, hidden] * 4]
    weights = lstm.Weights(*((rng.normal(size=s) / hidden**0.5).astype(np.float32) for s in shapes))
    x = rng.normal(size=(steps, batch, inputs)).astype(np.float32)
    k = rng.normal(size=(steps, batch, hidden)).astype(np.float32)

    def with_module(module: Any) -> Callable[[], list[Any]]:
        return lambda: list(module.backward(weights, module.forward(weights, x), k).weights)

    gradient = autograd.grad(lambda w, x: (k * lstm.forward(lstm.Weights(*w), x).h[1:]).sum(), (0, 1))

    torch_weights = lstm.Weights(*(torch.tensor(w, requires_grad=True) for w in weights))
    torch_x, torch_k = torch.tensor(x, requires_grad=True), torch.tensor(k)

    def with_torch_autograd() -> list[Any]:
        for w in torch_weights:
            w.grad = None
        (torch_k * lstm.forward(torch_weights, torch_x).h[1:]).sum().backward()
        return [w.grad for w in torch_weights]

    network = torch.nn.LSTM(inputs, hidden, bias=False)
    with torch.no_grad():
        for parameter, place in ((network.weight_ih_l0, 1), (network.weight_hh_l0, 2)):
            parameter.copy_(torch.cat([getattr(torch_weights, gate[place]).T for gate in FUSED]))

    def with_fused_kernel() -> list[Any]:
        network.zero_grad()
        (torch_k * network(torch_x)[0]).sum().backward()
        found = {}
        for parameter, place in ((network.weight_ih_l0, 1), (network.weight_hh_l0, 2)):
            for gate, bar in zip(FUSED, parameter.grad.split(hidden), strict=True):
                found[gate[place]] = bar.T
        return [found[name] for name in lstm.Weights._fields]

    return {
        "hw3.fused_lstm": with_module(fused_lstm),
        "hw3.lstm": with_module(lstm),
        "HIPS autograd of hw3.lstm.forward": lambda: list(gradient(tuple(weights), x)[0]),
        "torch.autograd of hw3.lstm.forward": with_torch_autograd,
        "jax.lax.scan over hw3.lstm.forward, compiled": with_jax(weights, x, k),
        "torch.nn.LSTM, fused": with_fused_kernel,
    }


def with_jax(weights: lstm.Weights, x: Any, k: Any) -> Callable[[], list[Any]]:
    """Return what computes the same with JAX's compiler, which sees one step; compiling is left to the first call."""
    given = jax.device_put((weights, x, k))
    gradient = jax.jit(jax.grad(lambda weights, x, k: (k * one_for_all(weights, x)).sum()))
    return lambda: list(jax.block_until_ready(gradient(*given)))


def products(steps: int, batch: int, inputs: int, hidden: int) -> Callable[[], None]:
    """Return what takes the matrix products of `hw3.fused_lstm`, forward and backward, and does nothing else.

    Shapes, layout and order are those of the products there, the numbers are not: what lies between two products
    is left out.
    """
    rng = np.random.default_rng(0)
    shapes = [(inputs, 4 * hidden), (hidden, 4 * hidden), (4 * hidden, hidden)]
    shapes += [(steps, batch, n) for n in (inputs, hidden, 4 * hidden)]
    w_x, w_h, w_h_transposed, x, h, gates_in = (rng.normal(size=shape).astype(np.float32) for shape in shapes)
    all_x, all_h, all_gates_in = (a.reshape(steps * batch, -1) for a in (x, h, gates_in))
    forward = [(all_x, w_x), *((h_t, w_h) for h_t in h)]
    backward = [(gates_in_t, w_h_transposed) for gates_in_t in gates_in[::-1]]
    backward += [(all_x.T, all_gates_in), (all_h.T, all_gates_in), (all_gates_in, w_x.T)]

    def run() -> None:
        for left, right in forward + backward:
            np.matmul(left, right)

    return run


if __name__ == "__main__":
    prepare(threads=2)
    contests = {}
    for size in SIZES:
        entrants = contenders(*size)
        expected, *others = [[np.asarray(bar) for bar in run()] for run in entrants.values()]
        for found in others:
            for bar, due in zip(found, expected, strict=True):
                # Single precision: 1e-7 an operation, thousands of terms in a sum
                assert np.max(np.abs(bar - due)) < 1e-4 * np.max(np.abs(due))
        name = "T = {}, batch {}, D = {}, H = {}".format(*size)
        print(f"{name}: all contenders agree", flush=True)
        contests[name] = contest(entrants | {LIMIT: products(*size)})
    report("lstm", {"machine": machine("torch", "autograd", "jax"), "contests": contests})
