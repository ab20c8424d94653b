"""Problem 3: gradient descent with momentum, a step forward, a step back, and the Jacobian of a step.

Shapes: D parameters; `theta` and `p` have the same shape, (D,) in the problem. The gradient has the
units of the objective J over those of theta; alpha has the units of theta squared over those of J;
p has the units of theta; beta is dimensionless.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from array_api_compat import array_namespace

from hw3._arrays import (
    Array,
    device,
    expect_axes,
    expect_callable,
    expect_floats,
    expect_instance,
    expect_no_nan,
    expect_number,
    expect_positive,
    expect_shape,
    known,
)

Number = Any  # a float, a complex number, a Fraction, a symbol: whatever multiplies the arrays


class State(NamedTuple):
    """The parameters and the velocity, of the same shape. Source: Problem 3, definitions.

    Floating-point numbers of one precision, or objects such as fractions. A state that has become NaN is stepped on.

    >>> import numpy as np
    >>> State(np.array([1.0]), np.array([0.0])).p.tolist()
    [0.0]
    """

    theta: Array
    p: Array


def step(state: State, gradient: Callable[[Array], Array], alpha: Number, beta: Number) -> State:
    """Take one step: the velocity first, then the parameters with the *new* velocity.

    Parameters
    ----------
    state
        theta(k) and p(k), of the same shape.
    gradient
        The gradient of the objective: takes theta, returns an array of its shape.
    alpha, beta
        The learning rate and the momentum, one number each.

    Returns
    -------
    State
        theta(k + 1) and p(k + 1).

    Raises
    ------
    TypeError
        If `state` is no `State`, `gradient` can't be called, or something is no array of the same library and
        precision.
    ValueError
        If alpha or beta is NaN, or the shapes of theta, p and the gradient differ; nothing is broadcast.

    Notes
    -----
    Source: Problem 3, definitions.

    Examples
    --------
    >>> import numpy as np
    >>> state = State(np.array([4.0]), np.array([1.0]))
    >>> step(state, lambda theta: 2 * theta, alpha=0.125, beta=0.5)
    State(theta=array([3.5]), p=array([-0.5]))
    """
    _expect_state(state, gradient, alpha, beta)
    p = beta * state.p - alpha * _gradient_at(state.theta, gradient)
    return State(state.theta + p, p)


def unstep(state: State, gradient: Callable[[Array], Array], alpha: Number, beta: Number) -> State:
    """Take one step back: from theta(k + 1) and p(k + 1) to theta(k) and p(k).

    Exact in exact arithmetic. In floating point the division amplifies what rounding had put into p
    by 1 / beta.

    Parameters
    ----------
    state
        theta(k + 1) and p(k + 1), of the same shape.
    gradient
        The gradient of the objective: takes theta, returns an array of its shape.
    alpha, beta
        The learning rate and the momentum, one number each; beta is not 0.

    Returns
    -------
    State
        theta(k) and p(k).

    Raises
    ------
    TypeError
        If `state` is no `State`, `gradient` can't be called, or something is no array of the same library and
        precision.
    ValueError
        If beta is 0, alpha or beta is NaN, or the shapes of theta, p and the gradient differ; nothing is broadcast.
        Where `jax.jit` traces beta, its value is not known, and nothing is raised: beta 0 gives infinity or NaN.

    Notes
    -----
    Source: Problem 3, part a.

    Examples
    --------
    >>> import numpy as np
    >>> state = State(np.array([3.5]), np.array([-0.5]))
    >>> unstep(state, lambda theta: 2 * theta, alpha=0.125, beta=0.5)
    State(theta=array([4.]), p=array([1.]))
    """
    _expect_state(state, gradient, alpha, beta)
    if known(beta == 0):
        raise ValueError("beta: expected a number other than 0, got 0: the step forgot p(k), nothing can restore it")
    theta = state.theta - state.p
    return State(theta, (state.p + alpha * _gradient_at(theta, gradient)) / beta)


def jacobian(hessian: Array, alpha: Number, beta: Number) -> Array:
    """Return the Jacobian of one step, d(theta(k + 1), p(k + 1)) / d(theta(k), p(k)).

    Parameters
    ----------
    hessian
        The second derivatives of the objective at theta(k), (D, D).
    alpha, beta
        The learning rate and the momentum, one number each.

    Returns
    -------
    Array
        The Jacobian, (2D, 2D): theta's rows and columns first, then p's.

    Raises
    ------
    TypeError
        If `hessian` is no array of floating-point numbers or objects, or `alpha` or `beta` no number of its precision.
    ValueError
        If `hessian` is not square, or something is NaN.

    Notes
    -----
    Source: Problem 3, part b, corrected: the written solution loses the identity in the top left block.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(np.array([[2.0]]), alpha=0.25, beta=0.5)
    array([[ 0.5,  0.5],
           [-0.5,  0.5]])
    """
    expect_axes("hessian", hessian, "(D, D)")
    expect_positive("hessian", "(D, D)", hessian.shape)
    size = hessian.shape[0]
    expect_shape("hessian", hessian, (size, size))
    expect_no_nan("hessian", hessian)
    expect_number("alpha", alpha, like=hessian)
    expect_number("beta", beta, like=hessian)
    xp = array_namespace(hessian)
    identity = xp.eye(size, dtype=hessian.dtype, device=device(hessian))
    return xp.concat(
        [
            xp.concat([identity - alpha * hessian, beta * identity], axis=1),
            xp.concat([-alpha * hessian, beta * identity], axis=1),
        ],
        axis=0,
    )


def _gradient_at(theta: Array, gradient: Callable[[Array], Array]) -> Array:
    """Return the gradient at `theta`, of its shape."""
    value = gradient(theta)
    expect_shape("gradient(theta)", value, tuple(theta.shape), like=theta)
    return value


def _expect_state(state: State, gradient: Callable[[Array], Array], alpha: Number, beta: Number) -> None:
    """Check the arguments of a step against each other."""
    expect_instance("state", state, State)
    expect_floats("state.theta", state.theta)
    expect_positive("state.theta", "(D,)", state.theta.shape)
    expect_shape("state.p", state.p, tuple(state.theta.shape), like=state.theta)
    expect_callable("gradient", gradient)
    expect_number("alpha", alpha, like=state.theta)
    expect_number("beta", beta, like=state.theta)
