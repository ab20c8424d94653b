"""Right answers by PyTorch and JAX, handed to the grader: by their own LSTM and their own derivatives."""

import numpy as np
import pytest

from hw3 import grader

torch = pytest.importorskip("torch")
jax = pytest.importorskip("jax")


def of_torch(w, x, h0, c0):
    """Return PyTorch's LSTM with the weights of the grader, and what it makes of the inputs."""
    cell = torch.nn.LSTM(x.shape[-1], h0.shape[-1]).double()
    with torch.no_grad():
        for name, value in vars(w).items():
            getattr(cell, f"{name}_l0").copy_(torch.from_numpy(value))
    x, h0, c0 = (torch.from_numpy(array).requires_grad_() for array in (x, h0, c0))
    h, (_, c) = cell(x, (h0[None], c0[None]))
    return cell, x, h, c


def test_pytorch_s_own_lstm_and_derivatives_are_right():
    def vector_forward(w, x, h0, c0):
        return {"h": of_torch(w, x, h0, c0)[2]}

    def vector_backward(w, x, i, f, o, g, c, h, h_bar_direct):
        cell, inputs, states, _ = of_torch(w, x, h[0], c[0])
        (states * torch.from_numpy(h_bar_direct)).sum().backward()
        return {name: getattr(cell, f"{name}_l0").grad for name in vars(w)} | {"x": inputs.grad}

    report = grader.grade("pytorch", biases=True, vector_forward=vector_forward, vector_backward=vector_backward)
    assert report.passed, report
    assert report.count("right") == 1 + 5


def test_the_mean_of_a_loss_is_named():
    def vector_backward(w, x, i, f, o, g, c, h, h_bar_direct):
        cell, _, states, _ = of_torch(w, x, h[0], c[0])
        (states * torch.from_numpy(h_bar_direct)).sum(-1).mean().backward()
        return {name: getattr(cell, f"{name}_l0").grad for name in vars(w)}

    (found,) = grader.grade("pytorch", biases=True, vector_backward=vector_backward)["vector_backward"].explanations
    assert found.change == "times 1/(T · batch), a mean for the sum"


def test_compiled_code_and_derivatives_of_jax_are_right():
    def mdrnn_forward(w, x):
        step = jax.jit(lambda x, west, north: jax.numpy.tanh(x @ w.w_in + west @ w.w_w + north @ w.w_n))
        h = np.zeros((x.shape[0] + 1, x.shape[1] + 1, w.w_in.shape[1]))
        for i, j in np.ndindex(x.shape[:2]):
            h[i + 1, j + 1] = step(x[i, j], h[i, j + 1], h[i + 1, j])
        return jax.numpy.asarray(h[1:, 1:])

    def jacobian(hessian, alpha, beta):
        d = len(hessian)

        def step(s):
            p = beta * s[d:] - alpha * hessian @ s[:d]
            return jax.numpy.concatenate([s[:d] + p, p])

        return jax.jacobian(step)(np.zeros(2 * d))

    report = grader.grade(mdrnn_forward=mdrnn_forward, jacobian=jacobian)
    assert report.passed, report
