r"""Problem 2: a multidimensional RNN on a grid, without biases.

Shapes: a grid of rows x cols cells, D inputs, H hidden units, `...` any batch dimensions (none
included). A weight is indexed (input, output), so that `x @ w` is :math:`W^\top x`. As in the
problem, cell (i, j) has its western neighbour at (i - 1, j) and its northern one at (i, j - 1), and
i is the first axis. All quantities are dimensionless.
"""

from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np
from array_api_compat import array_namespace

from hw3._arrays import (
    Array,
    activation,
    device,
    expect_axes,
    expect_instance,
    expect_no_nan,
    expect_positive,
    expect_shape,
    positive_integer,
    random_matrices,
)


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

    @classmethod
    def random(cls, rng: np.random.Generator, d: int, h: int, scale: float | None = None) -> Self:
        """Return weights for `d` inputs and `h` hidden units, normal with mean 0 and standard deviation `scale`.

        The scale is 1/√H where missing. Raises TypeError unless `rng` is a Generator of NumPy and the sizes are
        integers, ValueError unless these are positive.

        >>> import numpy as np
        >>> [w.shape for w in Weights.random(np.random.default_rng(0), 3, 2)]
        [(3, 2), (2, 2), (2, 2)]
        """
        return cls(*random_matrices(rng, d, h, [True, False, False], scale))


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
        If `weights` is no `Weights`, `phi` can't be called, or something is no array of the same library and
        precision.
    ValueError
        If a shape does not fit, or the input or a neighbour is NaN; nothing is broadcast. The weights are not
        looked through at every cell.

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
            expect_no_nan(name, neighbour)
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
        If `weights` is no `Weights`, `phi` can't be called, or something is no array of the same library and
        precision.
    ValueError
        If a shape does not fit, or something given is NaN; nothing is broadcast.

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
        If `weights` is no `Weights`, `phi` can't be called, or something is no array of the same library and
        precision.
    ValueError
        If a shape does not fit, or something given is NaN; nothing is broadcast.

    Notes
    -----
    Source: Problem 2, part b.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> weights = Weights.random(rng, 3, 2)
    >>> x = rng.normal(size=(4, 5, 3))
    >>> np.allclose(forward_wavefront(weights, x), forward(weights, x))
    True
    """
    phi, outside = _expect_grid(weights, x, phi)
    xp = array_namespace(x)
    rows, cols = x.shape[:2]
    antidiagonal = xp.arange(rows, device=device(x))[:, None] + xp.arange(cols, device=device(x))
    order = xp.argsort(xp.reshape(antidiagonal, (-1,)))  # the cells by antidiagonal, and on each by growing i
    x_cells = xp.take(xp.reshape(x, (rows * cols, *x.shape[2:])), order, axis=0)
    all_weights = xp.concat(weights, axis=0)

    outside = xp.stack([outside])
    h = []
    before, first_before, done = outside, 0, 0  # the last antidiagonal, and the i of its first cell
    for front in _antidiagonals(rows, cols):
        padded = xp.concat([outside, before, outside])  # at index i - first_before + 1 the cell with that i
        shift, count = front[0] - first_before, len(front)
        west = padded[shift : shift + count, ...]
        north = padded[shift + 1 : shift + 1 + count, ...]
        before = phi(xp.concat([x_cells[done : done + count, ...], west, north], axis=-1) @ all_weights)
        first_before, done = front[0], done + count
        h.append(before)
    h_cells = xp.take(xp.concat(h), xp.argsort(order), axis=0)
    return xp.reshape(h_cells, (rows, cols, *h_cells.shape[1:]))


def _antidiagonals(rows: int, cols: int) -> list[range]:
    """Return the i of the cells (i, s - i), for s = 0, 1, ..."""
    return [range(max(0, s - cols + 1), min(s, rows - 1) + 1) for s in range(rows + cols - 1)]


def wavefronts(rows: int, cols: int) -> list[list[tuple[int, int]]]:
    """Return the cells that can be computed at once, step by step: antidiagonals, by growing i.

    Raises TypeError unless the sizes are integers, ValueError unless they are positive.
    Source: Problem 2, part b.

    >>> wavefronts(2, 3)
    [[(0, 0)], [(0, 1), (1, 0)], [(0, 2), (1, 1)], [(1, 2)]]
    """
    rows, cols = positive_integer("rows", rows), positive_integer("cols", cols)
    return [[(i, s - i) for i in front] for s, front in enumerate(_antidiagonals(rows, cols))]


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
    expect_no_nan("x", x)
    return int(hidden)


def _expect_grid(
    weights: Weights, x: Array, phi: Callable[[Array], Array] | None
) -> tuple[Callable[[Array], Array], Array]:
    """Check the arguments against each other; return the activation and h of a cell outside the grid."""
    hidden = _expect_weights(weights, x, "(rows, cols, ..., D)")
    expect_no_nan("weights", weights)
    xp = array_namespace(x)
    shape = (*x.shape[2:-1], hidden)
    return activation(phi, x), xp.zeros(shape, dtype=xp.result_type(x, *weights), device=device(x))
