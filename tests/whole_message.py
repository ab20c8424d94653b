"""Errors by their whole message, so that no word or number of it can change unnoticed."""

import re

import numpy as np
import pytest

from kinds_of_numbers import strict


def refused(error, message):
    """Expect an error whose message is just this."""
    return pytest.raises(error, match=f"^{re.escape(message)}$")


def of_another_library(name):
    """Return what is said of an argument that is of `strict`, where NumPy's are expected."""
    kind = type(strict(np.ones(1)))
    return (
        f"{name}: expected an array of the same library as the others (numpy.ndarray), "
        f"got {kind.__module__}.{kind.__name__}"
    )
