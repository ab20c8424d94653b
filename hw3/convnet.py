"""Problem 2, part c: a convolutional net on a grid, to set against the MDRNN.

Shapes: a grid of rows x cols cells, D inputs, `...` any batch dimensions (none included); a kernel
is (k, k, inputs, outputs) with k odd. All quantities are dimensionless.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add

from array_api_compat import array_namespace

from hw3._arrays import Array, activation, device, expect_axes, expect_no_nan, expect_positive, expect_shape


def forward(kernels: Sequence[Array], x: Array, phi: Callable[[Array], Array] | None = None) -> Array:
    """Apply a stack of convolutions, each followed by the activation.

    Each is a cross-correlation (the kernel is not flipped) with zero padding, so that the grid
    keeps its size.

    Parameters
    ----------
    kernels
        One array (k, k, inputs, outputs) a layer, k odd; the first layer has D inputs.
    x
        The inputs, (rows, cols, ..., D).
    phi
        The activation, elementwise; tanh where missing.

    Returns
    -------
    Array
        h, (rows, cols, ..., outputs of the last layer).

    Raises
    ------
    TypeError
        If `kernels` is no list or tuple, `phi` can't be called, or something is no array of the same library
        and precision.
    ValueError
        If there is no layer, k is even, a shape does not fit, or something given is NaN; nothing is broadcast.

    Notes
    -----
    Source: Problem 2, part c.

    Examples
    --------
    With a kernel of ones each cell adds itself and its neighbours.

    >>> import numpy as np
    >>> h = forward([np.ones((3, 3, 1, 1))], np.ones((3, 3, 1)), phi=lambda z: z)
    >>> h[..., 0].tolist()
    [[4.0, 6.0, 4.0], [6.0, 9.0, 6.0], [4.0, 6.0, 4.0]]
    """
    _expect_layers(kernels, x)
    phi = activation(phi, x)
    h = x
    for kernel in kernels:
        h = phi(_correlate(kernel, h))
    return h


def _correlate(kernel: Array, x: Array) -> Array:
    """Return the sum over the kernel's offsets of the shifted inputs times the kernel there."""
    rows, cols = x.shape[:2]
    padded = _pad(x, kernel.shape[0] // 2)
    return reduce(
        add,
        (
            padded[a : a + rows, b : b + cols, ...] @ kernel[a, b, ...]
            for a in range(kernel.shape[0])
            for b in range(kernel.shape[1])
        ),
    )


def _pad(x: Array, width: int) -> Array:
    """Return `x` with `width` rows and columns of zeros on each side of the grid."""
    xp = array_namespace(x)
    rows, cols, *rest = x.shape
    zeros = {"dtype": x.dtype, "device": device(x)}
    band = xp.zeros((width, cols, *rest), **zeros)
    x = xp.concat([band, x, band], axis=0)
    band = xp.zeros((rows + 2 * width, width, *rest), **zeros)
    return xp.concat([band, x, band], axis=1)


def _expect_layers(kernels: Sequence[Array], x: Array) -> None:
    """Check the kernels and the inputs against each other."""
    expect_axes("x", x, "(rows, cols, ..., D)")
    expect_positive("x", "(rows, cols, ..., D)", x.shape)
    expect_no_nan("x", x)
    if not isinstance(kernels, list | tuple):
        raise TypeError(f"kernels: expected a list or tuple of arrays, got {type(kernels).__name__}")
    if not kernels:
        raise ValueError("kernels: expected at least one layer, got none")
    inputs = x.shape[-1]
    for layer, kernel in enumerate(kernels):
        name = f"kernels[{layer}]"
        expect_axes(name, kernel, "(k, k, inputs, outputs)", like=x)
        expect_positive(name, "(k, k, inputs, outputs)", kernel.shape)
        if kernel.shape[0] % 2 == 0:
            raise ValueError(f"{name}: expected (k, k, inputs, outputs) with k odd, got {tuple(kernel.shape)}")
        expect_shape(name, kernel, (kernel.shape[0], kernel.shape[0], inputs, kernel.shape[3]))
        expect_no_nan(name, kernel)
        inputs = kernel.shape[3]
