"""Arrays of the kinds that the solutions must run on unchanged, to parametrise tests with."""

from fractions import Fraction

import array_api_compat
import array_api_strict
import numpy as np

from claimcheck import counted, traced


def strict(array):
    return array_api_strict.asarray(array)


def elsewhere(array):
    """Return an array on a device that is not where new arrays are made."""
    return array_api_strict.asarray(array, device=array_api_strict.Device("device1"))


def place_of(array):
    return array_api_compat.device(array)


def unboxed(array):
    """Return the values of an array of any kind, as NumPy floats."""
    if isinstance(array, np.ndarray) and array.dtype == object:
        return np.array([float(getattr(x, "value", x)) for x in array.flat]).reshape(array.shape)
    return np.asarray(array)


def fractions(array):
    return np.array([Fraction(float(x)) for x in array.flat], dtype=object).reshape(array.shape)


KINDS = {"strict": strict, "counted": counted, "traced": traced}
