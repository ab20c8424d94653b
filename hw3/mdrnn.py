r"""Problem 2: a multidimensional RNN on a grid, without biases.

Shapes: a grid of rows x cols cells, D inputs, H hidden units, `...` any batch dimensions (none
included). A weight is indexed (input, output), so that `x @ w` is :math:`W^\top x`. As in the
problem, cell (i, j) has its western neighbour at (i - 1, j) and its northern one at (i, j - 1), and
i is the first axis. All quantities are dimensionless.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from array_api_compat import array_namespace

from hw3._activation import activation
from hw3._device import device
from hw3._expect import (
    expect_axes,
    expect_instance,
    expect_positive,
    expect_shape,
    positive_integer,
)

Array = Any  # an array of any library that follows the array API standard


class Weights(NamedTuple):
    """The weights of an MDRNN: from the input, from the west, from the north.

    Shapes: `w_in` is (D, H), `w_w` and `w_n` are (H, H). Source: Problem 2, definitions.

    >>> import numpy as np
    >>> Weights(np.zeros((3, 2)), np.zeros((2, 2)), np.zeros((2, 2))).w_in.shape
    (3, 2)
    """

    w_in: Array
    w_w: Array
    w_n: Array


def cell(
    weights: Weights,
    x: Array,
    west: Array | None = None,
    north: Array | None = None,
    phi: Callable[[Array], Array] | None = None,
) -> Array:
    """Return h(i, j) of the input x(i, j) and the two neighbours.

    Parameters
    ----------
    weights
        The three weights.
    x
        The input of the cell or of a batch of cells, (..., D).
    west, north
        h(i - 1, j) and h(i, j - 1), (..., H). One that is missing is left out of the sum, which
        gives the value that a zero neighbour gives, for fewer operations.
    phi
        The activation, elementwise; tanh where missing.

    Returns
    -------
    Array
        h(i, j), (..., H).

    Raises
    ------
    TypeError
        If `weights` is no `Weights`, `phi` can't be called, or something is no array of the same library.
    ValueError
        If a shape does not fit; nothing is broadcast.

    Notes
    -----
    Source: Problem 2, definitions.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.ones((1, 1))
    >>> cell(Weights(one, 2 * one, 3 * one), np.ones(1), west=np.ones(1), phi=lambda z: z).tolist()
    [3.0]
    """
    hidden = _expect_weights(weights, x, "(..., D)")
    for name, neighbour in (("west", west), ("north", north)):
        if neighbour is not None:
            expect_shape(name, neighbour, (*x.shape[:-1], hidden), like=x)
    return _cell(weights, x, west, north, activation(phi, x))


def _cell(weights: Weights, x: Array, west: Array | None, north: Array | None, phi: Callable[[Array], Array]) -> Array:
    """Return h(i, j) of arguments that have been checked."""
    z = x @ weights.w_in
    if west is not None:
        z = z + west @ weights.w_w
    if north is not None:
        z = z + north @ weights.w_n
    return phi(z)


def forward(weights: Weights, x: Array, phi: Callable[[Array], Array] | None = None) -> Array:
    """Evaluate the MDRNN cell by cell in raster order.

    Neighbours outside the grid are zeros, and are multiplied like the others.

    Parameters
    ----------
    weights
        The three weights.
    x
        The inputs, (rows, cols, ..., D).
    phi
        The activation, elementwise; tanh where missing.

    Returns
    -------
    Array
        h, (rows, cols, ..., H).

    Raises
    ------
    TypeError
        If `weights` is no `Weights`, `phi` can't be called, or something is no array of the same library.
    ValueError
        If a shape does not fit; nothing is broadcast.

    Notes
    -----
    Source: Problem 2, definitions.

    Examples
    --------
    Each cell adds its neighbours: the values count the paths from the corner.

    >>> import numpy as np
    >>> one, x = np.ones((1, 1)), np.zeros((3, 3, 1))
    >>> x[0, 0] = 1
    >>> forward(Weights(one, one, one), x, phi=lambda z: z)[..., 0].tolist()
    [[1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [1.0, 3.0, 6.0]]
    """
    phi, outside = _expect_grid(weights, x, phi)
    xp = array_namespace(x)
    rows, cols = x.shape[:2]
    h: list[list[Array]] = []
    for i in range(rows):
        h.append([])
        for j in range(cols):
            west = h[i - 1][j] if i > 0 else outside
            north = h[i][j - 1] if j > 0 else outside
            h[i].append(_cell(weights, x[i, j, ...], west, north, phi))
    return xp.stack([xp.stack(row) for row in h])


def forward_wavefront(weights: Weights, x: Array, phi: Callable[[Array], Array] | None = None) -> Array:
    """Evaluate the MDRNN antidiagonal by antidiagonal, the cells of each in one batch.

    The three vectors of a cell lie side by side and the three weights below each other, so that a step is
    one product of matrices.

    Parameters
    ----------
    weights
        The three weights.
    x
        The inputs, (rows, cols, ..., D).
    phi
        The activation, elementwise; tanh where missing. It is called rows + cols - 1 times.

    Returns
    -------
    Array
        h, (rows, cols, ..., H), what `forward` returns.

    Raises
    ------
    TypeError
        If `weights` is no `Weights`, `phi` can't be called, or something is no array of the same library.
    ValueError
        If a shape does not fit; nothing is broadcast.

    Notes
    -----
    Source: Problem 2, part b.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> weights = Weights(*(rng.normal(size=shape) for shape in [(3, 2), (2, 2), (2, 2)]))
    >>> x = rng.normal(size=(4, 5, 3))
    >>> np.allclose(forward_wavefront(weights, x), forward(weights, x))
    True
    """
    phi, outside = _expect_grid(weights, x, phi)
    xp = array_namespace(x)
    rows, cols = x.shape[:2]
    steps, places, order = _schedule(rows, cols)
    x_cells = xp.take(xp.reshape(x, (rows * cols, *x.shape[2:])), _integers(places, x), axis=0)
    all_weights = xp.concat(weights, axis=0)

    outside = xp.stack([outside])
    h = []
    before, first_before, done = outside, 0, 0  # the last antidiagonal, and the i of its first cell
    for first, count in steps:
        padded = xp.concat([outside, before, outside])  # at index i - first_before + 1 the cell with that i
        shift = first - first_before
        west = padded[shift : shift + count, ...]
        north = padded[shift + 1 : shift + 1 + count, ...]
        before = phi(xp.concat([x_cells[done : done + count, ...], west, north], axis=-1) @ all_weights)
        first_before, done = first, done + count
        h.append(before)
    h_cells = xp.take(xp.concat(h), _integers(order, x), axis=0)
    return xp.reshape(h_cells, (rows, cols, *h_cells.shape[1:]))


@lru_cache(maxsize=32)
def _schedule(rows: int, cols: int) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Return each antidiagonal's first i and length, the cells' places in raster order, and the way back to it."""
    fronts = wavefronts(rows, cols)
    places = [i * cols + j for cells in fronts for i, j in cells]
    steps = [(cells[0][0], len(cells)) for cells in fronts]
    return steps, places, sorted(range(rows * cols), key=places.__getitem__)


def wavefronts(rows: int, cols: int) -> list[list[tuple[int, int]]]:
    """Return the cells that can be computed at once, step by step: antidiagonals, by growing i.

    Raises TypeError unless the sizes are integers, ValueError unless they are positive.
    Source: Problem 2, part b.

    >>> wavefronts(2, 3)
    [[(0, 0)], [(0, 1), (1, 0)], [(0, 2), (1, 1)], [(1, 2)]]
    """
    rows, cols = positive_integer("rows", rows), positive_integer("cols", cols)
    return [[(i, s - i) for i in range(max(0, s - cols + 1), min(s, rows - 1) + 1)] for s in range(rows + cols - 1)]


def weight_count(d: int, h: int) -> int:
    """Return the number of weights for `d` inputs and `h` hidden units.

    Raises TypeError unless the sizes are integers, ValueError unless they are positive.
    Source: Problem 2, part a.

    >>> weight_count(3, 5)
    65
    """
    d, h = positive_integer("d", d), positive_integer("h", h)
    return (d + 2 * h) * h


def operation_count(g: int, d: int, h: int, n_a: int) -> int:
    """Return the number of operations for a `g` x `g` grid, `d` inputs, `h` hidden units.

    An operation is one addition or one multiplication; the activation costs `n_a` of them an element.
    Zero neighbours at the border are multiplied like the others.

    Raises TypeError unless all are integers, ValueError unless they are positive.
    Source: Problem 2, part a.

    >>> operation_count(1, 3, 5, 1)
    130
    """
    g, d, h = positive_integer("g", g), positive_integer("d", d), positive_integer("h", h)
    n_a = positive_integer("n_a", n_a)
    return g**2 * h * (n_a + 2 + (2 * d - 1) + (2 * h - 1) + (2 * h - 1))


def _expect_weights(weights: Weights, x: Array, axes: str) -> int:
    """Check the weights and the inputs against each other; return H."""
    expect_instance("weights", weights, Weights)
    expect_axes("x", x, axes)
    expect_positive("x", axes, x.shape)
    expect_axes("weights.w_in", weights.w_in, "(D, H)", like=x)
    expect_positive("weights.w_in", "(D, H)", weights.w_in.shape)
    inputs, hidden = weights.w_in.shape
    expect_shape("weights.w_w", weights.w_w, (hidden, hidden), like=x)
    expect_shape("weights.w_n", weights.w_n, (hidden, hidden), like=x)
    expect_shape("x", x, (*x.shape[:-1], inputs))
    return int(hidden)


def _expect_grid(
    weights: Weights, x: Array, phi: Callable[[Array], Array] | None
) -> tuple[Callable[[Array], Array], Array]:
    """Check the arguments against each other; return the activation and h of a cell outside the grid."""
    hidden = _expect_weights(weights, x, "(rows, cols, ..., D)")
    xp = array_namespace(x)
    shape = (*x.shape[2:-1], hidden)
    return activation(phi, x), xp.zeros(shape, dtype=xp.result_type(x, *weights), device=device(x))


def _integers(values: list[int], like: Array) -> Array:
    """Return an index array of the library and on the device of `like`."""
    return array_namespace(like).asarray(values, device=device(like))
