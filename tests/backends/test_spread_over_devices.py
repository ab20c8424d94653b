"""A batch that is spread over eight devices stays there; compiled or not, the result is that of one device."""

import jax
import numpy as np
import pytest
from jax.sharding import AxisType, NamedSharding, PartitionSpec

from solutions import BATCH, CASES, WITHOUT_DERIVATIVE, leaves

MESH = jax.make_mesh((8,), ("batch",), axis_types=(AxisType.Auto,))
EXCHANGES = ("all-gather", "all-to-all", "collective-permute", "reduce-scatter", "all-reduce")
SUMS_OVER_THE_BATCH = {"hw3.lstm.backward", "hw3.fused_lstm.backward"}  # the bars of the weights
BATCHED = {name: case for name, case in CASES.items() if any(BATCH in a.shape for a in case.arguments)}


def along_the_batch(shape):
    return NamedSharding(MESH, PartitionSpec(*("batch" if size == BATCH else None for size in shape)))


def spread(arguments):
    return [jax.device_put(a, along_the_batch(a.shape)) for a in arguments]


def exchanges(compiled):
    text = compiled.as_text()
    return {name for name in EXCHANGES if name in text}


def test_there_are_eight_devices():
    assert len(jax.devices()) == 8


@pytest.mark.parametrize("compiled", [False, True], ids=["step by step", "compiled"])
@pytest.mark.parametrize("name", BATCHED)
def test_a_batch_stays_where_it_is(name, compiled):
    case = BATCHED[name]
    function = jax.jit(case.function) if compiled else case.function
    found = leaves(function(*spread(case.arguments)))
    for one, expected in zip(found, leaves(case.function(*case.arguments)), strict=True):
        assert one.sharding.is_equivalent_to(along_the_batch(one.shape), one.ndim)
        assert np.allclose(one, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", BATCHED)
def test_the_devices_exchange_nothing_but_sums_over_the_batch(name):
    case = BATCHED[name]
    compiled = jax.jit(case.function).lower(*spread(case.arguments)).compile()
    assert exchanges(compiled) == ({"all-reduce"} if name in SUMS_OVER_THE_BATCH else set())


def test_an_exchange_would_be_seen():
    (x,) = spread([np.arange(16.0)])
    assert exchanges(jax.jit(jax.numpy.sort).lower(x).compile())
    assert exchanges(jax.jit(jax.numpy.sum).lower(x).compile()) == {"all-reduce"}
    assert exchanges(jax.jit(lambda x: x[::-1]).lower(x).compile())


def test_exact_momentum_comes_back_where_it_was():
    case = WITHOUT_DERIVATIVE["hw3.exact_momentum.ExactMomentum"]
    start, there, back = case.function(*spread(case.arguments))
    _, expected, _ = case.function(*case.arguments)
    assert np.array_equal(back.theta, start.theta)
    assert np.array_equal(back.p, start.p)
    assert np.array_equal(there.theta, expected.theta)
    assert np.array_equal(there.p, expected.p)
    for part in (*there, *back):
        assert part.sharding.is_equivalent_to(along_the_batch(part.shape), part.ndim)
