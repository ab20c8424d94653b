"""Derivatives to machine precision, with no step size to choose."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STEP = 1e-30  # the error, of the order of its square, is far below rounding


def complex_step_jacobian(
    function: Callable[[NDArray[np.complex128]], Any], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the derivative of every output of `function` with respect to every input, by complex step.

    The imaginary part of f(x + i s) is s f'(x), up to s cubed. Nothing is subtracted, so a step s of
    1e-30 costs no digits, where central differences lose half of them.

    Parameters
    ----------
    function
        Takes a complex array of the shape of `x`; returns a complex number or array. It must be
        analytic: no abs, no real part, no comparison of values.
    x
        Where to take the derivative: a real array.

    Returns
    -------
    NDArray
        The Jacobian, (outputs..., inputs...), in double precision.

    Raises
    ------
    TypeError
        If `x` is no real array, or `function` returns no complex numbers: then it lost the imaginary
        part, and the derivative with it.
    ValueError
        If `x` has no elements.

    Notes
    -----
    Source: Squire and Trapp, Using complex variables to estimate derivatives of real functions,
    SIAM Review 40 (1998), 110-112.

    Examples
    --------
    >>> import numpy as np
    >>> complex_step_jacobian(lambda x: x**2, np.array([1.0, 3.0])).tolist()
    [[2.0, 0.0], [0.0, 6.0]]
    """
    if not callable(function):
        raise TypeError(f"function: expected a callable, got {type(function).__name__}")
    given: Any = x
    if not isinstance(given, np.ndarray | np.generic):
        raise TypeError(f"x: expected a real NumPy array, got {type(given).__name__}")
    if given.dtype.kind not in "iuf":
        raise TypeError(f"x: expected a real NumPy array, got an array of {given.dtype}")
    if x.size == 0:
        raise ValueError(f"x: expected at least one element, got shape {x.shape}")

    columns = []
    for index in np.ndindex(x.shape):
        perturbed = np.array(x, dtype=np.complex128)
        perturbed[index] += 1j * _STEP
        output = np.asarray(function(perturbed))
        if output.dtype.kind != "c":
            raise TypeError(
                f"function: expected complex numbers for a complex argument, got {output.dtype}: "
                "the derivative was lost with the imaginary part"
            )
        columns.append(output.imag / _STEP)
    return np.stack(columns, axis=-1).reshape((*columns[0].shape, *x.shape))
