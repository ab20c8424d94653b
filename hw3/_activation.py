"""The activation of a layer: tanh where none is given, and one that keeps the shape."""

from collections.abc import Callable
from typing import Any

from array_api_compat import array_namespace

from hw3._expect import expect_callable, expect_shape

Array = Any  # an array of any library that follows the array API standard


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
