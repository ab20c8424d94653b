"""What is refused is refused in the same words on every library, as far as the library knows the numbers."""

import copy
import os
import pickle
import subprocess
import sys
from fractions import Fraction

import jax
import numpy as np
import pytest
import torch

from hw3 import lstm, mdrnn, momentum
from hw3.exact_momentum import ExactMomentum
from solutions import CASES, calls_with_one_other, slope
from test_values_and_gradients import LIBRARIES
from whole_message import refused

ARRAY = {name: array for name, (array, _, _) in LIBRARIES.items()}
FLOATS_ASKED = "expected floating-point numbers of 16 bits or more"


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "bool"])
@pytest.mark.parametrize("name", CASES)
def test_what_is_no_float_is_refused(name, dtype, library):
    for call in calls_with_one_other(CASES[name], ARRAY[library], lambda a: np.ones(a.shape, dtype)):
        with pytest.raises(TypeError, match=rf"^\S+: {FLOATS_ASKED}, got \S*{dtype}$"):
            call()


@pytest.mark.parametrize(
    "x", [torch.ones(2, 1, dtype=torch.float8_e4m3fn), jax.numpy.ones((2, 1), "float8_e4m3fn")], ids=["torch", "jax"]
)
def test_floats_of_eight_bits_are_refused(x):
    with refused(TypeError, f"x: {FLOATS_ASKED}, got {x.dtype}"):
        lstm.forward(lstm.Weights(*[x[:1]] * 8), x)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if len(case.arguments) > 1])
def test_no_array_is_widened(name, library):
    for call in calls_with_one_other(CASES[name], ARRAY[library], lambda a: a.astype(np.float32)):
        with pytest.raises(
            TypeError, match=r"^\S+: expected the precision of the others \(\S*float\d\d\), got \S*float"
        ):
            call()


@pytest.mark.parametrize("library", LIBRARIES)
def test_half_precisions_are_two(library):
    half, brain = ("float16", "bfloat16") if library == "jax" else (torch.float16, torch.bfloat16)
    x = ARRAY[library](np.ones((2, 1)))
    cast = (lambda a, to: a.astype(to)) if library == "jax" else (lambda a, to: a.to(to))
    weights = lstm.Weights(*[cast(x[:1], half)] * 8)
    assert lstm.forward(weights, cast(x, half)).h.dtype == cast(x, half).dtype
    with pytest.raises(TypeError, match="expected the precision of the others"):
        lstm.forward(weights, cast(x, brain))


@pytest.mark.parametrize("library", LIBRARIES)
def test_nan_is_named(library):
    array = ARRAY[library]
    weights = lstm.Weights.random(np.random.default_rng(0), 2, 3)
    there, x = lstm.Weights(*map(array, weights)), array(np.ones((4, 2)))
    with refused(ValueError, "h0: expected numbers, got NaN among them"):
        lstm.forward(there, x, h0=array(np.array([0, np.nan, 0])))
    with refused(ValueError, "weights.fh: expected numbers, got NaN among them"):
        lstm.forward(there._replace(fh=array(np.nan * weights.fh)), x)
    state = momentum.State(*map(array, np.ones((2, 3))))
    with refused(ValueError, "beta: expected a number, got NaN"):
        momentum.step(state, slope, 0.1, array(np.array(np.nan)))


def test_what_a_compiler_traces_may_become_nan():
    weights = jax.device_put(lstm.Weights.random(np.random.default_rng(0), 2, 3))
    h = jax.jit(lambda x: lstm.forward(weights, x).h)(np.array([[1, np.nan]]))
    assert np.isnan(h[1:]).all()


def test_what_torch_maps_over_is_not_looked_at():
    weights = mdrnn.Weights(*map(torch.asarray, mdrnn.Weights.random(np.random.default_rng(0), 2, 3)))
    x = torch.ones((5, 3, 4, 2), dtype=torch.float64)
    h = torch.vmap(lambda x: mdrnn.forward(weights, x))(x)
    assert torch.allclose(h[2], mdrnn.forward(weights, x[2]))


def test_a_step_is_repeated_by_scan():
    weights = jax.device_put(lstm.Weights.random(np.random.default_rng(0), 2, 3))
    x, start = np.random.default_rng(1).normal(size=(50, 4, 2)), np.zeros((4, 3))

    def step(state, x_t):
        now = lstm.step(weights, x_t, *state)
        return (now.h, now.c), now

    _, steps = jax.jit(lambda x: jax.lax.scan(step, (start, start), x))(x)
    trace = lstm.forward(weights, jax.numpy.asarray(x))
    assert np.allclose(steps.h, trace.h[1:], rtol=1e-12, atol=1e-13)
    assert np.allclose(steps.g, trace.g, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("beta", [0.9, -0.5, np.float64(0.25)])
def test_a_step_is_undone_whatever_the_beta_that_is_compiled_for(beta):
    state = momentum.State(*map(jax.numpy.asarray, np.array([[1.0, -2.0], [0.5, 3.0]])))
    after = jax.jit(lambda state, beta: momentum.step(state, slope, 0.1, beta))(state, beta)
    back = jax.jit(lambda state, beta: momentum.unstep(state, slope, 0.1, beta))(after, beta)
    assert np.allclose(back, state, rtol=1e-13)
    assert not np.isfinite(jax.jit(lambda beta: momentum.unstep(after, slope, 0.1, beta))(0.0).p).any()


@pytest.mark.parametrize(
    "beta", [0.0, jax.numpy.asarray(0.0), torch.asarray(0.0, dtype=torch.float64)], ids=["float", "jax", "torch"]
)
def test_a_beta_of_zero_that_is_known_is_refused(beta):
    array = torch.asarray if isinstance(beta, torch.Tensor) else jax.numpy.asarray
    state = momentum.State(*map(array, np.ones((2, 3))))
    why = "the step forgot p(k), nothing can restore it"
    with refused(ValueError, f"beta: expected a number other than 0, got 0: {why}"):
        momentum.unstep(state, slope, 0.1, beta)


def test_single_precision_takes_a_beta_that_is_compiled_for():
    state = momentum.State(*map(jax.numpy.asarray, np.ones((2, 3), np.float32)))
    back = jax.jit(lambda beta: momentum.unstep(state, slope, 0.1, beta))(0.9)
    assert back.p.dtype == np.float32


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))])  # noqa: S301
def test_a_copy_of_exact_momentum_goes_its_own_way(duplicate, library):
    run = ExactMomentum(*map(ARRAY[library], np.array([[0.5, -2.0], [0.25, 1.0]])), Fraction(1, 10))
    start = run.state
    for beta in [None, Fraction(1, 2)] * 20:
        run.step(slope, 0.01, beta)
    other = duplicate(run)
    for part in (run, other):
        for _ in range(40):
            part.unstep(slope, 0.01)
        assert np.array_equal(part.state.theta, start.theta)
        assert np.array_equal(part.state.p, start.p)


def test_exact_momentum_says_how_jax_is_told_of_64_bits():
    code = """
import jax.numpy as jnp
from fractions import Fraction
from hw3 import exact_momentum
exact_momentum.ExactMomentum(jnp.asarray([3.0]), jnp.asarray([0.0]), Fraction(9, 10))
"""
    environment = {name: value for name, value in os.environ.items() if name != "JAX_ENABLE_X64"}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert run.stderr.splitlines()[-1] == (
        "ValueError: theta: expected an array of a library with numbers of 64 bits, got one of jax.numpy, which makes "
        'none; in JAX, jax.config.update("jax_enable_x64", True) switches them on'
    )
