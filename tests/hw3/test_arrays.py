from types import SimpleNamespace

import array_api_compat
import numpy as np
import pytest

from hw3 import mdrnn
from hw3._arrays import device, expect_floats, expect_no_nan, expect_number, known
from kinds_of_numbers import elsewhere, place_of, strict
from solutions import CASES, calls_with_one_other, leaves
from whole_message import refused


def test_a_device_is_that_of_the_array():
    assert device(np.ones(1)) == array_api_compat.device(np.ones(1))
    assert device(elsewhere(np.ones(1))) == place_of(elsewhere(np.ones(1))) != device(strict(np.ones(1)))


@pytest.mark.parametrize(("devices", "chosen"), [(1, True), (2, False), (8, False)])
def test_of_several_devices_the_library_chooses(monkeypatch, devices, chosen):
    where = SimpleNamespace(num_devices=devices)
    monkeypatch.setattr(array_api_compat, "device", lambda x: where)
    assert device(np.ones(1)) is (where if chosen else None)


ELEMENTWISE = {"hw3.lstm.logistic", "hw3.lstm.cell_state", "hw3.lstm.hidden_state"}
BOXES = {"numpy": np.asarray, "strict": strict}


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "bool"])
@pytest.mark.parametrize("name", CASES)
def test_what_is_no_float_is_refused_everywhere_in_the_same_words(name, dtype, box):
    for call in calls_with_one_other(CASES[name], BOXES[box], lambda a: np.ones(a.shape, dtype)):
        with pytest.raises(
            TypeError, match=rf"^\S+: expected floating-point numbers of 16 bits or more, got \S*{dtype}$"
        ):
            call()


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("name", CASES)
def test_no_array_is_widened(name, box):
    case = CASES[name]
    alone = len(case.arguments) == 1
    for call in calls_with_one_other(case, BOXES[box], lambda a: a.astype(np.float32)):
        if alone:
            assert "float32" in str(leaves(call())[0].dtype)
            continue
        with pytest.raises(
            TypeError, match=r"^\S+: expected the precision of the others \(\S*float\d\d\), got \S*float\d\d$"
        ):
            call()


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("name", sorted(CASES.keys() - ELEMENTWISE - {"hw3.momentum.step", "hw3.momentum.unstep"}))
def test_nan_is_named(name, box):
    calls = calls_with_one_other(
        CASES[name], BOXES[box], lambda a: np.where(np.arange(a.size).reshape(a.shape), a, np.nan)
    )
    if name in {"hw3.mdrnn.cell", "hw3.lstm.step"}:  # which do not look through the weights
        calls = calls[:3]
    for call in calls:
        with pytest.raises(ValueError, match=r"^\S+: expected numbers, got NaN among them$"):
            call()


def test_what_is_refused_is_named():
    weights, x = mdrnn.Weights.random(np.random.default_rng(0), 2, 3), np.ones((2, 2, 2))
    with refused(TypeError, "x: expected floating-point numbers of 16 bits or more, got uint8"):
        mdrnn.forward(weights, x.astype(np.uint8))
    with refused(TypeError, "weights.w_n: expected the precision of the others (float64), got float16"):
        mdrnn.forward(weights._replace(w_n=weights.w_n.astype(np.float16)), x)
    with refused(ValueError, "weights.w_w: expected numbers, got NaN among them"):
        mdrnn.forward(weights._replace(w_w=np.nan * weights.w_w), x)
    with refused(TypeError, "phi(z): expected the precision of the others (float64), got float32"):
        mdrnn.forward(weights, x, lambda z: z.astype(np.float32))


def test_real_and_complex_numbers_of_one_precision_go_together():
    expect_floats("x", np.ones(1, np.complex64), like=np.ones(1, np.float32))
    with refused(TypeError, "x: expected the precision of the others (float64), got complex64"):
        expect_floats("x", np.ones(1, np.complex64), like=np.ones(1))


def test_objects_go_with_any_float():
    objects = np.ones(1, dtype=object)
    expect_floats("x", objects, like=np.ones(1, np.float32))
    expect_floats("x", np.ones(1, np.float32), like=objects)
    expect_no_nan("x", objects * np.nan)


@pytest.mark.parametrize("error", [TypeError, RuntimeError])
def test_what_is_not_known_yet_does_not_hold(error):
    class Traced:
        def __bool__(self):
            raise error

    assert not known(Traced())
    assert known(np.True_)
    assert not known(0)


def test_a_number_that_jax_traces_takes_the_precision_that_it_meets():
    class Weak(np.ndarray):
        weak_type = True

    expect_number("beta", np.array(0.5, np.float32).view(Weak), like=np.ones(1))
    with refused(TypeError, "beta: expected the precision of the others (float64), got float32"):
        expect_number("beta", np.array(0.5, np.float32), like=np.ones(1))
