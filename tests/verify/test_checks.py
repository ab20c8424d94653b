import copy
import pickle
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw3.verify import Check, agree, every, fifty_digits, identical, rationals

finite = st.floats(-1e100, 1e100, allow_subnormal=False)
away_from_0 = finite.filter(lambda v: abs(v) > 1e-100)
tolerances = st.floats(0, 1, exclude_max=True)
YES, NO = agree(1, 1, 0), agree(1, 2, 0)


@given(values=st.lists(finite, min_size=1, max_size=5), tolerance=tolerances)
def test_equal_numbers_agree_whatever_the_tolerance(values, tolerance):
    assert agree(np.array(values), np.array(values), tolerance)
    assert agree(values, values, tolerance)


@given(value=away_from_0, count=st.integers(0, 200), at=st.integers(0, 200), tolerance=st.sampled_from([0, 1e-3]))
def test_one_wrong_number_fails_among_however_many_and_however_large_ones(value, count, at, tolerance):
    due = np.insert(np.full(count, 1e150), min(at, count), value)
    came = np.where(due == value, 1.01 * value, due)
    assert not agree(came, due, tolerance)
    assert not agree(list(came), list(due), tolerance)
    assert not agree([due, came, due], [due, due, due], tolerance)


@given(real=away_from_0, by=st.floats(0.1, 10), tolerance=st.sampled_from([0, 1e-3]))
def test_complex_numbers_are_compared_whole(real, by, tolerance):
    assert agree(complex(real, real), complex(real, real), tolerance)
    assert not agree(complex(real, real), complex(real, real * (1 + by)), tolerance)
    assert not agree(complex(real, real), complex(real * (1 + by), real), tolerance)
    assert not agree(complex(0, real), 0j, tolerance)


@given(error=st.floats(1e-6, 0.9), tolerance=st.floats(1e-6, 0.9))
def test_the_tolerance_bounds_the_relative_error(error, tolerance):
    for scale in (1e-200, -1, 1e200):
        came = scale * (1 + error)
        assert agree(came, scale, tolerance).passed is (abs(came - scale) / abs(scale) <= tolerance)


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance", "passed"),
    [
        (1e-300, 2e-300, 1e-6, False),
        (1e-300, 0.0, 1e-6, False),
        (0.0, 0.0, 0, True),
        (np.nan, 1.0, 1e-6, False),
        (np.nan, 1.0, 0, False),
        ([1.0, np.nan, 1.0], [1.0, 1.0, 1.0], 1e-6, False),
        (-1.0, 1.0, 0.999, False),
        (1j, 1.0, 0.999, False),
        (np.inf, 1.0, 0.999, False),
        (np.inf, 0.0, 0.999, False),
        (complex(1, np.inf), 1 + 1j, 0.999, False),
        (1.0, 1.5, 0.4, True),
        (1 + 1j, 1 + 1.1j, 0.1, True),
        (10**30 + 1, 10**30, 0, False),
        (Fraction(1, 3), Fraction(1, 3), 0, True),
        (Fraction(1, 3), 1 / 3, 0, False),
        (rationals(np.array([0.5, 3])), np.array([0.5, 3]), 0, True),
        (rationals(np.array([0.5, 3])), np.array([0.5, 4]), 0.2, False),
        (fifty_digits(np.array([0.5])) / 3, fifty_digits(np.array([0.5])) / 3 + 1e-40, 1e-39, True),
        (True, True, 0, True),
        (np.array([True, False]), np.array([True, True]), 0, False),
        (np.uint8(1), np.uint8(2), 0.6, True),
        (np.array([1, None, 2])[::2], [1, 2], 0, True),
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


NO_NUMBERS = [None, {1: 2}, "a", b"a", set(), object(), YES, np.datetime64(0, "ns"), len]


@pytest.mark.parametrize("what", NO_NUMBERS, ids=lambda what: type(what).__name__)
def test_what_is_no_number_is_refused_wherever_it_stands(what):
    held = np.empty(2, dtype=object)
    held[:] = [1, what]
    for case in (what, [what], [[1, what]], (1, [what]), held, [held]):
        with pytest.raises(TypeError, match=r"^actual(\[\d\])*: expected numbers, got"):
            agree(case, case, 0)
    with pytest.raises(TypeError, match=r"^expected: expected numbers, got"):
        agree(1, what, 0)


@pytest.mark.parametrize(
    ("actual", "expected", "error", "message"),
    [
        (np.ones(2), np.ones(3), ValueError, r"actual: expected shape \(3,\), got \(2,\)"),
        (np.ones((1, 3)), np.ones(3), ValueError, r"actual: expected shape \(3,\), got \(1, 3\)"),
        ([1, [2, np.ones(1)]], [1, [2, 3]], ValueError, r"actual\[1\]\[1\]: expected shape \(\), got \(1,\)"),
        ([1, 2], [1], ValueError, r"actual: expected 1 entries, got 2"),
        ([], [], ValueError, r"actual: expected at least one number"),
        ([[], [], 1], [[], [], 1], ValueError, r"actual\[0\]: expected at least one number"),
        ([1, (np.ones(0),)], [1, (np.ones(0),)], ValueError, r"actual\[1\]\[0\]: expected at least one number"),
        (np.ones((0, 2)), np.ones((0, 2)), ValueError, r"actual: expected at least one number"),
        ([1.0, np.inf], [1.0, np.inf], ValueError, r"expected\[1\]: expected finite numbers, got inf"),
        (np.array([1.0]), np.array([-np.inf]), ValueError, r"expected: expected finite numbers, got -inf"),
        (1.0, np.nan, ValueError, r"expected: expected finite numbers, got nan"),
        (1.0, complex(0, np.inf), ValueError, r"expected: expected finite numbers, got infj"),
        (np.longdouble("inf"), np.longdouble("inf"), ValueError, r"expected: expected finite numbers, got inf"),
        (
            np.timedelta64(1, "D"),
            np.timedelta64(1, "D"),
            TypeError,
            r"actual: expected numbers, got an array of timedelta64",
        ),
        ([1, True], [1, 1], TypeError, r"actual\[1\]: expected int, got bool"),
        (np.ones(2), np.ones(2) == 1, TypeError, r"actual: expected bool, got float"),
    ],
)
@pytest.mark.parametrize("tolerance", [0, 1e-6])
def test_agree_refuses(actual, expected, error, message, tolerance):
    with pytest.raises(error, match=message):
        agree(actual, expected, tolerance)


@pytest.mark.parametrize(
    ("tolerance", "error"),
    [
        *((bound, ValueError) for bound in (-1, -1e-300, 1, 1.0, np.float64(2), Fraction(3, 2), 1e300, np.inf, np.nan)),
        *((what, TypeError) for what in ("1", True, None, 0j, np.zeros(1))),
    ],
)
def test_a_tolerance_lets_not_everything_pass(tolerance, error):
    with pytest.raises(error, match="tolerance: expected a"):
        agree(0.0, 5.0, tolerance)


def test_every():
    assert every({1: True, 2: np.True_}).evidence == "true in all 2 instances"
    assert every({"a": True, "b": False}).evidence == "true in 1 of 2 instances, not for b"


@given(count=st.integers(1, 300), wrong=st.integers(0, 299))
def test_one_no_among_however_many_is_enough(count, wrong):
    answers = [(n, n != wrong % count) for n in range(count)]
    check = every(answers)
    assert not check
    assert check.evidence.endswith(f"not for {wrong % count}")
    assert check == every(dict(answers)) == every(iter(answers))
    assert every((n, True) for n in range(count))


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        (True, TypeError, "answers: expected labels with bools, got bool"),
        ([True], TypeError, "answers: expected pairs of a label and a bool, got bool True"),
        ("ab", TypeError, "answers: expected pairs of a label and a bool, got str 'a'"),
        ([("a", True, False)], TypeError, "answers: expected pairs of a label and a bool, got tuple"),
        ({}, ValueError, "answers: expected at least one instance, got none"),
        (iter(()), ValueError, "answers: expected at least one instance, got none"),
        ({"a": 1}, TypeError, r"answers\['a'\]: expected a bool, got int"),
        ([("a", YES)], TypeError, r"answers\['a'\]: expected a bool, got Check"),
        ([("a", True), ("b", None)], TypeError, r"answers\['b'\]: expected a bool, got NoneType"),
        (
            [("a", True), ("b", True), ("a", True)],
            ValueError,
            r"answers\['a'\]: expected each label once, got it again",
        ),
        ({1: True, "1": True}, ValueError, r"answers\['1'\]: expected each label once, got it again"),
    ],
)
def test_every_refuses(answers, error, message):
    with pytest.raises(error, match=message):
        every(answers)


def test_a_check_is_true_if_it_passed_and_shows_itself():
    check = agree(2.0, 1.0, 1e-10)
    assert not check
    assert check.passed is False
    assert repr(check) == "failed: largest relative error 1.0e+00 over 1 number, tolerance 1e-10"
    assert "✗" in check._repr_html_()
    assert "tolerance 1e\N{NON-BREAKING HYPHEN}10" in check._repr_html_()
    assert "not for 1 &lt; 2" in every({"1 < 2": False})._repr_html_()
    assert "✓" in YES._repr_html_()


@pytest.mark.parametrize(
    "forge",
    [
        lambda: Check(True, "it does"),
        lambda: Check(passed=False, evidence=""),
        lambda: replace(NO, passed=True),
    ],
    ids=["by position", "by name", "of another"],
)
def test_no_check_is_made_by_hand(forge):
    with pytest.raises(TypeError, match="expected to be made by agree, every or identical, got one made by hand"):
        forge()


def test_a_check_stays_as_it_is():
    with pytest.raises(FrozenInstanceError):
        NO.passed = True


@pytest.mark.parametrize("check", [YES, NO, identical(1, 1)])
def test_a_check_can_be_copied_sent_and_looked_up(check):
    copies = [copy.copy(check), copy.deepcopy(check), pickle.loads(pickle.dumps(check))]  # noqa: S301  our own
    assert [made.passed for made in copies] == [check.passed] * 3
    assert {check, *copies} == {check}
    assert len({YES, NO, identical(1, 1), *copies}) == 3
