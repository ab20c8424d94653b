"""Each solution gives the same on arrays of other libraries, and their autodiff the derivative of the complex step."""

import inspect

import jax
import numpy as np
import pytest
import torch

from claimcheck import complex_step_jacobian
from solutions import CASES, CHECKS, MODULES, ON_INTEGERS, WITHOUT_DERIVATIVE, arrays, leaves


def torch_gradient(loss, arguments):
    arguments = [torch.tensor(a, requires_grad=True) for a in arguments]
    return torch.autograd.grad(loss(*arguments), arguments)


def jax_gradient(loss, arguments):
    return jax.grad(loss, tuple(range(len(arguments))))(*map(jax.numpy.asarray, arguments))


LIBRARIES = {
    "torch": (torch.asarray, torch.Tensor, torch_gradient),
    "jax": (jax.numpy.asarray, jax.Array, jax_gradient),
}


def close(found, expected):
    # Double precision: 1e-16 an operation, sums of some hundred terms that may cancel
    return np.allclose(found, expected, rtol=1e-11, atol=1e-12)


def test_every_public_function_is_tested():
    public = {
        f"{module.__name__}.{name}"
        for module in MODULES
        for name, value in vars(module).items()
        if value.__class__ in {type(lambda: 0), type}
        and getattr(value, "__module__", "") == module.__name__
        and not name.startswith("_")
        and not (inspect.isclass(value) and issubclass(value, tuple))
    }
    assert public == CASES.keys() | WITHOUT_DERIVATIVE.keys() | ON_INTEGERS | CHECKS


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", CASES | WITHOUT_DERIVATIVE)
def test_values(name, library):
    case, (array, kind, _) = (CASES | WITHOUT_DERIVATIVE)[name], LIBRARIES[library]
    found = leaves(case.function(*map(array, case.arguments)))
    expected = leaves(case.function(*case.arguments))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert isinstance(one, kind)
        assert one.dtype == array(other).dtype
        assert close(one, other) if name in CASES else np.array_equal(one, other)


@pytest.mark.parametrize("library", LIBRARIES)
def test_exact_momentum_comes_back_bit_for_bit(library):
    case, (array, _, _) = WITHOUT_DERIVATIVE["hw3.exact_momentum.ExactMomentum"], LIBRARIES[library]
    start, _, back = case.function(*map(array, case.arguments))
    assert np.array_equal(back.theta, start.theta)
    assert np.array_equal(back.p, start.p)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", CASES)
def test_gradients(name, library):
    case, (array, _, gradient) = CASES[name], LIBRARIES[library]
    weights = arrays(*(out.shape for out in leaves(case.function(*case.arguments))))

    def loss(*arguments, array=array):
        return sum((array(w) * out).sum() for w, out in zip(weights, leaves(case.function(*arguments)), strict=True))

    found = gradient(loss, case.arguments)
    for place, argument in enumerate(case.arguments):
        before, after = case.arguments[:place], case.arguments[place + 1 :]
        expected = complex_step_jacobian(
            lambda a, before=before, after=after: loss(*before, a, *after, array=np.asarray), argument
        )
        assert close(found[place], expected), f"argument {place}"
