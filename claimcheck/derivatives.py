"""Derivatives to machine precision, with no step size to choose."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STEP = 1e-30  # the error, of the order of its square, is far below rounding
_COARSE = (1e-7, 1e-5, 1e-6, 1e-8, 1e-9)  # steps of real differences: the first decides, where it agrees
_EPSILON = np.finfo(np.float64).eps


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
        analytic: no abs, no real part, no comparison of values. It is called once for every input, and
        once or, in doubt, five times more, with real numbers near `x`, to see whether it is.
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
        If `x` has no elements, or `function` lost a part of the imaginary part: real differences along
        one direction, for steps from 1e-9 to 1e-5, agree with each other and not with the derivative.

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

    outputs = [_complex(function(at)) for at in _stepped(x)]
    value = outputs[0].real  # at x itself, up to the square of the step
    jacobian = np.stack([output.imag / _STEP for output in outputs], axis=-1).reshape((*value.shape, *x.shape))
    _expect_whole(lambda at: _complex(function(at)).real, x, value, jacobian)
    return jacobian


def _stepped(x: NDArray[np.float64]) -> Iterator[NDArray[np.complex128]]:
    """Yield `x` with an imaginary step added to one element, for each element."""
    for index in np.ndindex(x.shape):
        perturbed = np.array(x, dtype=np.complex128)
        perturbed[index] += 1j * _STEP
        yield perturbed


def _complex(output: Any) -> NDArray[np.complex128]:
    """Return what the function returned as an array; refuse what lost the imaginary part altogether."""
    array = np.asarray(output)
    if array.dtype.kind != "c":
        raise TypeError(
            f"function: expected complex numbers for a complex argument, got {array.dtype}: "
            "the derivative was lost with the imaginary part"
        )
    return array


@np.errstate(all="ignore")
def _expect_whole(
    function: Callable[[NDArray[Any]], NDArray[np.float64]],
    x: NDArray[np.float64],
    value: NDArray[np.float64],
    jacobian: NDArray[np.float64],
) -> None:
    """Refuse a Jacobian that real differences contradict, along one direction in which no two inputs move alike.

    A difference may be wrong itself: its step too long for a function that bends sharply, or too short
    for one that rounds. So differences count if they agree with each other ten times better than with
    the Jacobian, and do not grow as the step shrinks: those of a function too fast for any step do.
    """
    along = np.maximum(np.abs(x), 1) * (1.5 + np.cos(np.arange(x.size))).reshape(x.shape)
    claimed, size = (np.tensordot(matrix, along, axes=x.ndim) for matrix in (jacobian, np.abs(jacobian)))

    def difference(step: float) -> NDArray[np.float64]:
        return (function(x + step * along + 0j) - value) / step

    first = difference(_COARSE[0])
    rounding = 16 * _EPSILON * np.abs(value)
    lost = np.finfo(float).tiny / _STEP  # a smaller derivative, times the step, is no number of full precision
    contradicted = np.abs(first - claimed) > 1e-4 * np.maximum(size, np.abs(first)) + rounding / _COARSE[0] + lost
    if not contradicted.any():
        return
    found = np.stack([first, *map(difference, _COARSE[1:])])
    contradicted &= np.ptp(found, axis=0) <= 0.1 * np.abs(found - claimed).min(axis=0)
    contradicted &= np.abs(found).max(axis=0) <= 2 * np.abs(found[1]) + _EPSILON * size
    if contradicted.any():
        raise ValueError(
            "function: expected an analytic one, got one whose derivative along some direction is "
            f"{claimed[contradicted][0]:.6g} by its imaginary part and {first[contradicted][0]:.6g} by real "
            "differences: abs, conj, real or the like lost a part"
        )
