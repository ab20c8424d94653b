"""What the solutions share: the arrays that they take, and what is made of these.

An array holds floating-point numbers, and all arrays of a call have one precision, so that no number is widened
unseen; or it holds objects, such as fractions. An error names the argument, what was expected, what came.
"""

from collections.abc import Callable
from operator import index, ne
from typing import Any

import array_api_compat
import numpy as np
from array_api_compat import array_namespace, is_array_api_obj

Array = Any  # an array of any library that follows the array API standard

_FEWEST_BITS = 16  # of a float; products of matrices of fewer are asked for otherwise


def activation(phi: Callable[[Array], Array] | None, like: Array) -> Callable[[Array], Array]:
    """Return `phi`, or tanh of the library of `like`, made to raise if it changes the shape."""
    if phi is None:
        tanh: Callable[[Array], Array] = array_namespace(like).tanh
        return tanh
    expect_callable("phi", phi)

    def checked(z: Array) -> Array:
        h = phi(z)
        expect_shape("phi(z)", h, tuple(z.shape), like=z)
        return h

    return checked


def device(x: Array) -> Any:
    """Return the device of `x`; None, which lets the library choose, where `x` is spread over several."""
    where = array_api_compat.device(x)
    # JAX answers with a sharding for an array on several devices, and one for the axes of `x` does not fit others
    return None if getattr(where, "num_devices", 1) > 1 else where


def over_time(steps: list[tuple[Array, Array, Array, Array]], one: Array) -> list[Array]:
    """Return four arrays (T, ..., H) of T tuples of four (..., H); of no tuples four (0, ..., H), shaped as `one`."""
    xp = array_namespace(one)
    if not steps:
        return [xp.stack([one])[:0, ...]] * 4
    return [xp.stack(gate) for gate in zip(*steps, strict=True)]


def sum_of_products(inputs: Array, bars: Array) -> Array:
    """Return the sum over time and batch of inputs times bars, (D, H) of (T, ..., D) and (T, ..., H)."""
    time_and_batch = list(range(inputs.ndim - 1))
    return array_namespace(inputs).tensordot(inputs, bars, axes=(time_and_batch, time_and_batch))


def random_matrices(rng: np.random.Generator, d: int, h: int, from_x: list[bool], scale: float | None) -> list[Array]:
    """Return a normal (D, H) matrix for each True, (H, H) for each False; the standard deviation is 1/√H if None."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected numpy.random.Generator, got {type(rng).__name__}")
    d, h = positive_integer("d", d), positive_integer("h", h)
    if scale is None:
        scale = h**-0.5
    expect_number("scale", scale)
    return [rng.normal(scale=scale, size=(d if of_x else h, h)) for of_x in from_x]


def known(condition: Any) -> bool:
    """Return whether a condition holds; False where it is not known yet, since the library traces or maps."""
    try:
        return bool(condition)
    except (TypeError, RuntimeError):  # what jax.jit raises, and torch.vmap
        return False


def expect_array(name: str, value: Any, like: Any = None) -> None:
    """Raise TypeError unless `value` is an array, of the same library as the array `like` if given."""
    if like is not None and type(value) is type(like):  # the common case, decided fast: `like` has been checked
        return
    if not is_array_api_obj(value):
        way = "; numpy.asarray makes one" if isinstance(value, int | float | complex | list | tuple) else ""
        raise TypeError(f"{name}: expected an array, got {type(value).__name__}{way}")
    if like is not None and array_namespace(value) is not array_namespace(like):
        expected, got = type(like), type(value)
        raise TypeError(
            f"{name}: expected an array of the same library as the others "
            f"({expected.__module__}.{expected.__name__}), got {got.__module__}.{got.__name__}"
        )


def expect_floats(name: str, value: Any, like: Any = None) -> None:
    """Raise TypeError unless `value` is an array of floats, of the precision of `like` if given, or of objects."""
    expect_array(name, value, like)
    if value.dtype == object or (like is not None and value.dtype == like.dtype):
        return
    xp = array_namespace(value)
    floating = xp.isdtype(value.dtype, ("real floating", "complex floating"))
    if not floating or xp.finfo(value.dtype).bits < _FEWEST_BITS:
        raise TypeError(f"{name}: expected floating-point numbers of {_FEWEST_BITS} bits or more, got {value.dtype}")
    if like is not None and like.dtype != object and xp.finfo(value.dtype).eps != xp.finfo(like.dtype).eps:
        raise TypeError(f"{name}: expected the precision of the others ({like.dtype}), got {value.dtype}")


def expect_reals(name: str, value: Any, like: Any = None) -> None:
    """Raise TypeError unless `value` is an array of real numbers, integers included."""
    expect_array(name, value, like)
    if not array_namespace(value).isdtype(value.dtype, ("integral", "real floating")):
        raise TypeError(f"{name}: expected an array of real numbers, got one of {value.dtype}")


def expect_shape(
    name: str,
    value: Any,
    shape: tuple[int, ...],
    like: Any = None,
    holds: Callable[[str, Any, Any], None] = expect_floats,
) -> None:
    """Raise TypeError unless the array `value` holds what it must, ValueError unless its shape is just `shape`."""
    holds(name, value, like)
    if tuple(value.shape) != shape:
        raise ValueError(f"{name}: expected shape {shape}, got {tuple(value.shape)}")


def expect_axes(name: str, value: Any, axes: str, like: Any = None) -> None:
    """Raise ValueError unless `value` has the axes that are named: "(D, H)" are two, "(T, ..., D)" two or more."""
    expect_floats(name, value, like)
    named = axes.count(",") + 1
    fits = value.ndim >= named - 1 if "..." in axes else value.ndim == named
    if not fits:
        raise ValueError(f"{name}: expected shape {axes}, got {tuple(value.shape)}")


def expect_no_nan(name: str, value: Any) -> None:
    """Raise ValueError if an array of floats, or one of a named tuple, holds NaN, as far as it is `known`."""
    if isinstance(value, tuple):
        for field in value._fields:  # type: ignore[attr-defined] # of a named tuple
            expect_no_nan(f"{name}.{field}", getattr(value, field))
        return
    xp = array_namespace(value)
    if value.dtype != object and known(xp.any(xp.isnan(value))):
        raise ValueError(f"{name}: expected numbers, got NaN among them")


def expect_positive(name: str, axes: str, shape: tuple[int, ...], sizes: tuple[int, ...] | None = None) -> None:
    """Raise ValueError if one of `sizes` (all of `shape` if None) is 0."""
    if 0 in (shape if sizes is None else sizes):
        raise ValueError(f"{name}: expected positive sizes {axes}, got {tuple(shape)}")


def expect_instance(name: str, value: Any, kind: type) -> None:
    """Raise TypeError unless `value` is a `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{name}: expected {kind.__module__}.{kind.__name__}, got {type(value).__name__}")


def expect_callable(name: str, value: Any) -> None:
    """Raise TypeError unless `value` can be called."""
    if not callable(value):
        raise TypeError(f"{name}: expected a callable, got {type(value).__name__}")


def expect_number(name: str, value: Any, like: Any = None) -> None:
    """Raise unless `value` is one number of any kind, and not NaN: float, complex, Fraction, a symbol, a 0-d array."""
    if is_array_api_obj(value):
        untyped = getattr(value, "weak_type", False)  # a plain number under JAX's compiler takes the precision it meets
        expect_shape(name, value, (), like, expect_array if untyped else expect_floats)
    elif not hasattr(value, "__mul__") or hasattr(value, "__len__"):
        raise TypeError(f"{name}: expected a number, got {type(value).__name__}")
    if known(ne(value, value)):
        raise ValueError(f"{name}: expected a number, got NaN")


def positive_integer(name: str, value: Any) -> int:
    """Return `value` as an int; raise TypeError unless it is an integer, ValueError unless positive."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name}: expected a positive integer, got {type(value).__name__} {value!r}")
    if (integer := index(value)) < 1:
        raise ValueError(f"{name}: expected a positive integer, got {integer}")
    return integer
