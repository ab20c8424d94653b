"""Arrays of objects: each number in a box that behaves as a number and does something besides."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def boxed(array: NDArray[Any], box: Callable[[tuple[int, ...], Any], Any]) -> NDArray[Any]:
    """Return an array of the same shape with `box(index, value)` in place of each element."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"array: expected a NumPy array, got {type(array).__name__}")
    boxes = np.empty(array.shape, dtype=object)
    for index in np.ndindex(array.shape):
        boxes[index] = box(index, array.item(index))
    return boxes
