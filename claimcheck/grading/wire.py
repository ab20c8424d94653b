"""What passes between the grader and a student's process: JSON whose floats keep every bit.

What comes from the student's process is data, whatever it is: nothing in it is run. `pack` takes None, text, numbers,
fractions, NumPy arrays of them, lists, dictionaries with text for keys, and gradients (`Quadratic`).
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = "biufc"
"""The kinds of numbers whose bytes are passed on: bools, integers, floats, complex numbers."""


class Quadratic:
    """The gradient of a quadratic objective: called with θ, it returns `hessian` @ θ - `slope`.

    >>> import numpy as np
    >>> Quadratic(np.array([[2.0]]), np.array([1.0]))(np.array([3.0])).tolist()
    [5.0]
    """

    def __init__(self, hessian: NDArray[Any], slope: NDArray[Any]) -> None:
        self.hessian, self.slope = hessian, slope

    def __call__(self, theta: Any) -> Any:
        """Return the gradient at θ."""
        return self.hessian @ theta - self.slope


def pack(value: Any) -> Any:
    """Return a value as JSON can hold it; raise TypeError if it is none that passes.

    >>> unpack(pack({"a": [0.1, Fraction(1, 3)], "b": None}))
    {'a': [0.1, Fraction(1, 3)], 'b': None}
    """
    if value is None or isinstance(value, bool | str):
        return value
    for kind, packed in _PACKED.items():
        if isinstance(value, kind):
            return packed(value)
    raise TypeError(f"expected numbers, got {type(value).__name__}")


def unpack(value: Any) -> Any:
    """Return what `pack` was given; raise ValueError, TypeError or KeyError if this is nothing that it made.

    >>> unpack({"float": "0x1.8p+0"})
    1.5
    """
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    return _UNPACKED[kind](held)


def _array(held: Any) -> NDArray[Any]:
    kind, shape, encoded = held
    dtype = np.dtype(str(kind))
    if dtype.kind not in KINDS:
        raise ValueError(f"expected numbers, got {dtype}")
    return np.frombuffer(b64decode(encoded), dtype).reshape([int(size) for size in shape]).copy()


def _objects(held: Any) -> NDArray[Any]:
    shape, elements = held
    array = np.empty(len(elements), dtype=object)
    array[:] = [unpack(element) for element in elements]
    return array.reshape([int(size) for size in shape])


def _of_array(array: NDArray[Any]) -> dict[str, Any]:
    if array.dtype == object:
        return {"objects": [list(array.shape), [pack(element) for element in array.ravel().tolist()]]}
    if array.dtype.kind not in KINDS:
        raise TypeError(f"expected numbers, got an array of {array.dtype}")
    return {"array": [array.dtype.str, list(array.shape), b64encode(np.ascontiguousarray(array).data).decode()]}


_PACKED: dict[Any, Callable[[Any], Any]] = {
    (int, np.integer): int,
    float: lambda number: {"float": float(number).hex()},
    Fraction: lambda number: {"fraction": [number.numerator, number.denominator]},
    np.ndarray: _of_array,
    list: lambda values: {"list": [pack(value) for value in values]},
    dict: lambda values: {"dict": {str(key): pack(value) for key, value in values.items()}},
    Quadratic: lambda gradient: {"quadratic": [pack(gradient.hessian), pack(gradient.slope)]},
}

_UNPACKED: dict[str, Callable[[Any], Any]] = {
    "float": float.fromhex,
    "fraction": lambda held: Fraction(*held),
    "array": _array,
    "objects": _objects,
    "list": lambda held: [unpack(element) for element in held],
    "dict": lambda held: {key: unpack(element) for key, element in held.items()},
    "quadratic": lambda held: Quadratic(*map(unpack, held)),
}
