"""The LSTM forward and backward: hw3 against two autodiff libraries on the same equations, and a fused kernel."""

from collections.abc import Callable
from typing import Any

import autograd
import numpy as np
import torch
from autograd.numpy.numpy_boxes import ArrayBox

from contest import contest, machine, prepare, report
from hw3 import fused_lstm, lstm

SIZES = [(50, 16, 64, 64), (100, 32, 128, 128), (100, 64, 256, 256)]
FUSED = [("i", "ix", "ih"), ("f", "fx", "fh"), ("g", "gx", "gh"), ("o", "ox", "oh")]  # PyTorch's order of the gates

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
        "torch.nn.LSTM, fused": with_fused_kernel,
    }


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
        contests[name] = contest(entrants)
    report("lstm", {"machine": machine("torch", "autograd"), "contests": contests})
