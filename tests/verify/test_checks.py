from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw3.verify import Check, agree, every

finite = st.floats(-1e100, 1e100, allow_subnormal=False)


@given(values=st.lists(finite, min_size=1, max_size=5))
def test_equal_numbers_agree_whatever_the_tolerance(values):
    assert agree(np.array(values), np.array(values), 0)
    assert agree(values, values, 1e-300)


@given(value=finite.filter(lambda v: abs(v) > 1e-100), others=st.lists(finite, max_size=4))
def test_one_wrong_number_fails_however_small_beside_the_others(value, others):
    assert not agree(np.array([*others, 1.01 * value]), np.array([*others, value]), 1e-3)


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance", "passed"),
    [
        (1e-300, 2e-300, 1e-6, False),
        (1e-300, 0.0, 1e-6, False),
        (0.0, 0.0, 0, True),
        (np.nan, 1.0, 1e-6, False),
        (1.0, np.nan, 1e-6, False),
        (np.nan, np.nan, 1e-6, False),
        (np.inf, np.inf, 0, True),
        (np.inf, 1.0, 1e6, False),
        (1.0, 1.5, 0.4, True),
        (1 + 1j, 1 + 1.1j, 0.1, True),
        (10**30 + 1, 10**30, 0, False),
        (Fraction(1, 3), Fraction(1, 3), 0, True),
        (Fraction(1, 3), 1 / 3, 0, False),
        (True, True, 0, True),
        (np.uint8(1), np.uint8(2), 0.6, True),
    ],
)
def test_agree(actual, expected, tolerance, passed):
    assert agree(actual, expected, tolerance).passed is passed


def test_evidence_has_the_figure():
    assert agree([1.0, 2.0], [1.0, 2.5], 1e-9).evidence == (
        "largest relative error 2.0e-01 over 2 instances, tolerance 1e-09"
    )
    assert agree([np.ones(3)], [np.ones(3)], 0).evidence == "3 numbers in 1 instance, all equal"
    assert agree(np.array([1, 3]), np.array([1, 2]), 0).evidence == "1 of 2 numbers differ: first 3, expected 2"
    assert agree(4, 4, 0).evidence == "1 number, equal"


@pytest.mark.parametrize(
    ("actual", "expected", "error", "message"),
    [
        (np.ones(2), np.ones(3), ValueError, r"actual: expected shape \(3,\), got \(2,\)"),
        (np.ones((1, 3)), np.ones(3), ValueError, r"actual: expected shape \(3,\), got \(1, 3\)"),
        ([1, [2, np.ones(1)]], [1, [2, 3]], ValueError, r"actual\[1\]\[1\]: expected shape \(\), got \(1,\)"),
        ([1, 2], [1], ValueError, r"actual: expected 1 entries, got 2"),
        ([], [], ValueError, r"actual: expected at least one number"),
        (np.ones((0, 2)), np.ones((0, 2)), ValueError, r"actual: expected at least one number"),
        ("a", "a", TypeError, r"actual: expected numbers, got an array of <U1"),
    ],
)
def test_agree_refuses(actual, expected, error, message):
    with pytest.raises(error, match=message):
        agree(actual, expected, 1e-6)


@pytest.mark.parametrize(
    ("tolerance", "error"),
    [(-1, ValueError), (np.inf, ValueError), (np.nan, ValueError), ("1", TypeError), (True, TypeError)],
)
def test_tolerance_is_a_finite_number(tolerance, error):
    with pytest.raises(error, match="tolerance: expected a"):
        agree(1, 1, tolerance)


def test_every():
    assert every({1: True, 2: np.True_}) == Check(passed=True, evidence="true in all 2 instances")
    assert every({"a": True, "b": False}).evidence == "true in 1 of 2 instances, not for b"


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        ([True], TypeError, "answers: expected a mapping of instances to bools, got list"),
        ({}, ValueError, "answers: expected at least one instance, got none"),
        ({"a": 1}, TypeError, r"answers\['a'\]: expected a bool, got int"),
    ],
)
def test_every_refuses(answers, error, message):
    with pytest.raises(error, match=message):
        every(answers)


def test_a_check_is_true_if_it_passed_and_shows_itself():
    check = Check(passed=np.False_, evidence="1e-10 < 2")
    assert not check
    assert check.passed is False
    assert repr(check) == "failed: 1e-10 < 2"
    assert "✗" in check._repr_html_()
    assert "1e\N{NON-BREAKING HYPHEN}10 &lt; 2" in check._repr_html_()
    assert "✓" in Check(passed=True, evidence="")._repr_html_()


@pytest.mark.parametrize(("passed", "evidence"), [(1, "yes"), (True, 3)])
def test_a_check_refuses_what_is_no_outcome(passed, evidence):
    with pytest.raises(TypeError, match="expected a"):
        Check(passed, evidence)
