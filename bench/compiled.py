"""JAX's compiler on the LSTM: what compiling costs as the sequence grows, step by step and with one step for all."""

import os
from statistics import median
from time import perf_counter
from typing import Any

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import numpy as np

from contest import contest, machine, report
from hw3 import lstm

LENGTHS = [5, 10, 20, 40]
BATCH, D, H = 32, 64, 64


def one_by_one(weights: lstm.Weights, x: Any) -> Any:
    """Return h of all steps; the compiler sees T steps."""
    return lstm.forward(weights, x).h[1:]


def one_for_all(weights: lstm.Weights, x: Any) -> Any:
    """Return h of all steps; the compiler sees one."""

    def step(state: tuple[Any, Any], x_t: Any) -> tuple[tuple[Any, Any], Any]:
        now = lstm.step(weights, x_t, *state)
        return (now.h, now.c), now.h

    start = jax.numpy.zeros((x.shape[1], weights.ih.shape[0]), x.dtype)
    return jax.lax.scan(step, (start, start), x)[1]


def gradient(forward: Any) -> Any:
    """Return the compiled gradient of the sum of all h."""
    return jax.jit(jax.grad(lambda weights, x: forward(weights, x).sum()))


def compile_seconds(forward: Any, weights: lstm.Weights, x: Any) -> float:
    """Return the median time that the compiler takes for the gradient, of three."""
    times = []
    for _ in range(3):
        jax.clear_caches()
        start = perf_counter()
        gradient(forward).lower(weights, x).compile()
        times.append(perf_counter() - start)
    return median(times)


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    weights = lstm.Weights(*((rng.normal(size=(n, H)) / H**0.5).astype(np.float32) for n in [D, H] * 4))
    weights = jax.device_put(weights)
    contests, compiling = {}, {}
    for steps in LENGTHS:
        x = jax.device_put(rng.normal(size=(steps, BATCH, D)).astype(np.float32))
        forms = {"as it stands": one_by_one, "one step in jax.lax.scan": one_for_all}
        compiling[steps] = {name: compile_seconds(form, weights, x) for name, form in forms.items()}
        print(f"T = {steps}, to compile: {compiling[steps]}", flush=True)
        runs = {f"compiled, {name}": gradient(form) for name, form in forms.items()}
        runs["not compiled, as it stands"] = jax.grad(lambda weights, x: one_by_one(weights, x).sum())
        expected, *others = (run(weights, x) for run in runs.values())
        for found in others:
            for bar, due in zip(found, expected, strict=True):
                assert abs(bar - due).max() < 1e-4 * abs(due).max()  # single precision, and sums of thousands of terms
        contests[f"gradient, T = {steps}, batch {BATCH}, D = {D}, H = {H}"] = contest(
            {name: lambda run=run, x=x: jax.block_until_ready(run(weights, x)) for name, run in runs.items()}, rounds=5
        )
    report("compiled", {"machine": machine("jax"), "contests": contests, "compile_seconds": compiling})
