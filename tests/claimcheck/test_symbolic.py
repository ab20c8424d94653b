from fractions import Fraction
from math import tanh

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import claimcheck
from claimcheck import agree, derivative, fifty_digits, identical, rationals, symbols
from claimcheck.symbolic import Converted, FiftyDigits, Rational, Symbolic
from hw3 import lstm, momentum
from whole_message import refused

fractions = st.fractions(max_denominator=50)


@given(a=fractions, b=fractions.filter(bool))
def test_rationals_compute_as_fractions_do(a, b):
    x, y = Rational(a), Rational(b)
    assert [(x + y).value, (x - y).value, (x * y).value, (x / y).value] == [a + b, a - b, a * b, a / b]
    assert [(1 + x).value, (1 - x).value, (2 * x).value, (1 / y).value] == [1 + a, 1 - a, 2 * a, 1 / b]
    assert [(x**2).value, (-x).value, abs(x)] == [a**2, -a, abs(a)]
    assert x == a
    assert hash(x) == hash(a)


def test_a_float_is_the_binary_fraction_that_it_is():
    (x,) = rationals(np.array([0.1]))
    assert x.value == Fraction(0.1) != Fraction(1, 10)
    assert (0.5 * x).value == Fraction(0.1) / 2
    assert np.tanh(rationals(np.array([0.5])))[0].value == Fraction(tanh(0.5))
    assert repr(Rational(0.5)) == "1/2"


def test_an_lstm_runs_on_rationals():
    rng = np.random.default_rng(0)
    weights = lstm.Weights(*(rng.normal(size=(1, 1)) for _ in range(8)))
    x = rng.normal(size=(2, 1))
    exact = lstm.forward(lstm.Weights(*map(rationals, weights)), rationals(x))
    assert agree(exact.h[1:].astype(float), lstm.forward(weights, x).h[1:], 1e-14)


def test_symbols_are_named_by_their_indices():
    assert [str(s) for s in symbols("w", (1, 2)).flat] == ["w_0_0", "w_0_1"]
    assert repr(symbols("b", 1)[0]) == "b_0"


def test_sympy_takes_symbols_for_the_expressions_that_they_are():
    x, y = symbols("x", 2)
    matrix = sympy.Matrix([[x, 1], [x * y, y]])
    assert matrix == sympy.Matrix([[x.value, 1], [x.value * y.value, y.value]])
    assert matrix.to_DM().rank() == 1


def test_numbers_of_fifty_digits_are_taken_as_they_are():
    third = fifty_digits(np.ones(1))[0] / 3
    assert FiftyDigits(third.value).value is third.value


def test_derivatives_known_in_closed_form():
    x, y = symbols("x", 2)
    assert identical(derivative(x**3 * y, x), 3 * x**2 * y)
    inner = (x * y).tanh()
    outer = (inner * x).tanh()
    assert identical(derivative(outer, y), (1 - outer**2) * x * (1 - inner**2) * x)
    assert identical(derivative(1 / y, y), -1 / y**2)


def test_quotients_are_compared_by_their_numerators():
    x, y = symbols("x", 2)
    assert identical((x**2 - y**2) / (x - y), x + y)
    assert not identical(x / y, y / x)


def test_the_same_argument_gives_the_same_tanh():
    x, y = symbols("x", 2)
    assert (2 * x + 2 * y).tanh() == ((x + y) * 2).tanh()
    assert (2 * x).tanh() != (2 * y).tanh()


def test_what_differs_is_said():
    x, y = symbols("x", 2)
    assert identical([x, y], [y, x]).evidence.startswith("2 of 2 differ: first by ")
    assert not identical(x, x + 0.5)
    assert identical(np.array([1, 2]), [1, 2]).evidence == "2 identities proved: the difference is 0 as a formula"


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        ([1, 2], [1], "actual: expected shape (1,), got (2,)"),
        ([], [], "actual: expected at least one expression to compare, got none"),
    ],
)
def test_identical_refuses(actual, expected, message):
    with refused(ValueError, message):
        identical(actual, expected)


@pytest.mark.parametrize(
    ("what", "kind"), [(None, "NoneType"), ("x_0", "str"), ("1", "str"), ({}, "dict"), ([[1], [2, 3]], "list")]
)
def test_identical_refuses_what_is_no_expression(what, kind):
    with refused(TypeError, f"actual: expected numbers or expressions, got {kind}"):
        identical(what, what)
    with refused(TypeError, f"expected: expected numbers or expressions, got {kind}"):
        identical(1, what)


def test_one_difference_among_many_is_enough():
    x = symbols("x", 40)
    for at in (0, 17, 39):
        assert identical([*x[:at], x[at] + x[0], *x[at + 1 :]], x).evidence == "1 of 40 differ: first by x_0"


def test_names_are_not_taken_for_symbols():
    x, _ = symbols("x", 2)
    assert x != "x_0"
    assert x == sympy.Symbol("x_0")
    assert Symbolic(0.5) == 0.5


def test_expressions_are_equal_as_formulas_however_they_are_written():
    x, y = symbols("x", 2)
    for one, other in (
        ((x + y) ** 2, x**2 + 2 * x * y + y**2),
        ((x**2 - 1) / (x - 1), x + 1),
        (0.5 * (x + x), x),
    ):
        assert one == other
        assert (one != other) is False
        assert hash(one) == hash(other)
        assert one != other + y
        assert np.array_equal(np.array([one]), np.array([other]))
    assert x not in {y, 2 * x, 0, float("nan")}
    assert all(x != number for number in (float("nan"), float("inf")))


@pytest.mark.parametrize("compared", [lambda a, b: a == b, identical])
def test_roots_are_not_compared(compared):
    (x,) = symbols("x", 1)
    assert compared(x**0.5, x**0.5)
    with pytest.raises(TypeError, match=r"^expected sums, products, quotients and whole powers, got .*sqrt\(x_0\)"):
        compared((x**0.5 + 1) ** 2, x + 2 * x**0.5 + 1)
    with pytest.raises(TypeError, match=r"whole powers, got .*sqrt\(2\)"):
        compared((Symbolic(2) ** 0.5 + 1) ** 2, 3)
    with pytest.raises(TypeError, match=r"whole powers, got .*zoo"):
        compared(1 / (x - x), x)


@given(base=fractions.filter(bool), exponent=st.integers(-5, 5))
def test_powers_of_rationals_are_exact_and_roots_are_refused(base, exponent):
    assert Rational(base) ** exponent == Rational(base) ** Rational(exponent) == base**exponent
    for root in (0.5, Fraction(1, 3), Rational(Fraction(3, 2))):
        with pytest.raises(ValueError, match=f"exponent: expected an integer, got {root}: a root would be rounded"):
            Rational(base) ** root


def test_the_base_class_converts_nothing():
    with pytest.raises(NotImplementedError):
        Converted(1)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_every_gradient_of_the_lstm_is_the_derivative_of_the_loss(steps):
    weights = lstm.Weights(*(symbols(name, (1, 1)) for name in lstm.Weights._fields))
    x, k = symbols("x", (steps, 1)), symbols("k", (steps, 1))
    # With symbols for the initial state, the proof for three steps takes twenty times as long.
    h0, c0 = (symbols("h", 1), symbols("c", 1)) if steps < 3 else (None, None)
    trace = lstm.forward(weights, x, h0, c0)
    bars = lstm.backward(weights, trace, k)
    loss = np.sum(k * trace.h[1:])
    inputs = [*(w.item() for w in weights), *x.flat]
    claimed = [*(w.item() for w in bars.weights), *bars.x.flat]
    if steps < 3:
        inputs, claimed = [*inputs, h0[0], c0[0]], [*claimed, bars.h[0, 0], bars.c[0, 0]]
    assert identical(claimed, [derivative(loss, v) for v in inputs])


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_determinant_of_a_momentum_step_is_beta_to_the_d(d):
    alpha, beta = symbols("a", 2)
    upper = symbols("H", (d, d))
    hessian = np.array([[upper[min(i, j), max(i, j)] for j in range(d)] for i in range(d)])
    determinant = sympy.Matrix(momentum.jacobian(hessian, alpha, beta)).det(method="berkowitz")
    assert identical(determinant, beta**d)


def test_what_needs_sympy_is_imported_when_asked_for():
    assert claimcheck.Symbolic is Symbolic
    with pytest.raises(AttributeError, match=r"module 'claimcheck' has no attribute 'nothing'"):
        _ = claimcheck.nothing


def test_fifty_digits_are_kept_by_arithmetic_and_tanh():
    x, y = fifty_digits(np.array([1.0, 2.0**-140]))
    assert float(x + y - 1) == 2.0**-140
    third = x / 3
    assert abs(third * 3 - 1) < 1e-49
    doubled = 2 * third.tanh() / (1 + third.tanh() ** 2)  # tanh 2z, of tanh z
    assert abs((2 * third).tanh() - doubled) < 1e-49
    assert isinstance(np.tanh(fifty_digits(np.ones(1)))[0], FiftyDigits)


def test_an_lstm_runs_on_fifty_digits():
    rng = np.random.default_rng(0)
    weights = lstm.Weights(*(rng.normal(size=(1, 1)) for _ in range(8)))
    x = rng.normal(size=(2, 1))
    precise = lstm.forward(lstm.Weights(*map(fifty_digits, weights)), fifty_digits(x))
    assert agree(precise.h.astype(float), lstm.forward(weights, x).h, 1e-14)
