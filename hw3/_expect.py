"""What the solutions ask of their arguments: the error names the argument, what was expected, what came."""

from operator import index
from typing import Any

from array_api_compat import array_namespace, is_array_api_obj


def expect_array(name: str, value: Any, like: Any = None) -> None:
    """Raise TypeError unless `value` is an array, of the same library as the array `like` if given."""
    if like is not None and type(value) is type(like):  # the common case, decided fast: `like` has been checked
        return
    if not is_array_api_obj(value):
        raise TypeError(f"{name}: expected an array, got {type(value).__name__}")
    if like is not None and array_namespace(value) is not array_namespace(like):
        expected, got = type(like), type(value)
        raise TypeError(
            f"{name}: expected an array of the same library as the others "
            f"({expected.__module__}.{expected.__name__}), got {got.__module__}.{got.__name__}"
        )


def expect_shape(name: str, value: Any, shape: tuple[int, ...], like: Any = None) -> None:
    """Raise TypeError unless `value` is an array, ValueError unless its shape is just `shape`."""
    expect_array(name, value, like)
    if tuple(value.shape) != shape:
        raise ValueError(f"{name}: expected shape {shape}, got {tuple(value.shape)}")


def expect_axes(name: str, value: Any, axes: str, like: Any = None) -> None:
    """Raise ValueError unless `value` has the axes that are named: "(D, H)" are two, "(T, ..., D)" two or more."""
    expect_array(name, value, like)
    named = axes.count(",") + 1
    fits = value.ndim >= named - 1 if "..." in axes else value.ndim == named
    if not fits:
        raise ValueError(f"{name}: expected shape {axes}, got {tuple(value.shape)}")


def expect_real(name: str, value: Any) -> None:
    """Raise TypeError unless the array `value` holds real numbers."""
    if not array_namespace(value).isdtype(value.dtype, ("integral", "real floating")):
        raise TypeError(f"{name}: expected an array of real numbers, got one of {value.dtype}")


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


def expect_number(name: str, value: Any) -> None:
    """Raise unless `value` is one number of any kind: float, complex, Fraction, a symbol, a 0-d array."""
    if is_array_api_obj(value):
        expect_shape(name, value, ())
    elif not hasattr(value, "__mul__") or hasattr(value, "__len__"):
        raise TypeError(f"{name}: expected a number, got {type(value).__name__}")


def positive_integer(name: str, value: Any) -> int:
    """Return `value` as an int; raise TypeError unless it is an integer, ValueError unless positive."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name}: expected a positive integer, got {type(value).__name__} {value!r}")
    if (integer := index(value)) < 1:
        raise ValueError(f"{name}: expected a positive integer, got {integer}")
    return integer
