"""My answers. Fill in what you have, leave the rest as it is, and run: python -m hw3.grader my_homework.py.

A function that returns None, or is deleted, is not answered, and not wrong; so is a part that a dictionary leaves out.
Times run from 1 to T. In an array of T numbers the index 0 is t = 1; in one of T + 1 numbers it is t = 0, the initial
state. `h_bar_direct` holds what the loss itself adds to the bar of h(t): dL/dh(t) where h(t) is an input of L.
"""

import numpy as np

layout = "homework"  # or "pytorch": w.weight_ih (4H, D) and w.weight_hh (4H, H), gates i, f, g, o (vector_... alone)
biases = False  # or True: w.ib, w.fb, w.ob, w.gb beside the other weights; in PyTorch's layout w.bias_ih, w.bias_hh


# Problem 1, one input and one unit: each weight is a number


def forward(w, x, h0, c0):
    """Run the LSTM over x, (T,), from h(0) and c(0); the weights are w.ix, w.ih, w.fx, w.fh, w.ox, w.oh, w.gx, w.gh.

    Return the gates i, f, o, g, (T,), and the states c, h, (T + 1,) or (T,).
    """
    return {"i": None, "f": None, "o": None, "g": None, "c": None, "h": None}


def backward(w, x, i, f, o, g, c, h, h_bar_direct):
    """Return the bars, of what the forward pass has found: x, i, f, o, g, h_bar_direct are (T,), c and h are (T + 1,).

    The bars of h and c are (T + 1,) or (T,), those of i, f, o, g and x are (T,), those of the weights are numbers.
    """
    bars = {"h": None, "c": None, "g": None, "o": None, "f": None, "i": None, "x": None}
    weights = {"ix": None, "ih": None, "fx": None, "fh": None, "ox": None, "oh": None, "gx": None, "gh": None}
    return bars | weights


# Problem 1, vectors: D inputs, H units, a batch. w.ix and the like are (D, H), w.ih and the like (H, H): x[t] @ w.ix


def vector_forward(w, x, h0, c0):
    """Do as `forward` does, with x (T, batch, D), h0 and c0 (batch, H); return i, f, o, g, (T, batch, H), and c, h."""
    return None


def vector_backward(w, x, i, f, o, g, c, h, h_bar_direct):
    """Do as `backward` does: the bars have the shapes of what they are the bars of, sums over the batch for weights."""
    return None


# Problem 2


def mdrnn_forward(w, x):
    """Return h, (rows, columns, H), of x, (rows, columns, D), with tanh for φ.

    w.w_in, (D, H), multiplies x[i, j]; w.w_w, (H, H), multiplies h[i - 1, j]; w.w_n, (H, H), multiplies h[i, j - 1].
    """
    return None


def mdrnn_steps(G):
    """Return in how many steps a G × G grid can be computed, if all that is ready is computed at once."""
    return None


def mdrnn_weights(D, H):
    """Return the number of weights for D inputs and H units."""
    return None


def mdrnn_operations(G, D, H, n_a):
    """Return the number of additions and multiplications for a G × G grid, if φ takes n_a of them for each element.

    Neighbours outside the grid are zeros, and are multiplied like the others.
    """
    return None


# Problem 3: theta and p are (D,), hessian is (D, D), gradient(theta) is the gradient of J there


def step(theta, p, gradient, alpha, beta):
    """Return theta(k + 1) and p(k + 1) of theta(k) and p(k)."""
    return None


def unstep(theta, p, gradient, alpha, beta):
    """Return theta(k) and p(k) of theta(k + 1) and p(k + 1)."""
    return None


def jacobian(hessian, alpha, beta):
    """Return the Jacobian of a step, (2D, 2D): theta's rows and columns first, then p's."""
    return None


def determinant(hessian, alpha, beta):
    """Return the determinant of the Jacobian; beta is not 0."""
    return None


def rank(hessian, alpha, beta):
    """Return the rank of the Jacobian; beta is not 0."""
    return None
