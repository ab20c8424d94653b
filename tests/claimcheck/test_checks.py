import copy
import pickle
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck import Check, agree, every, fifty_digits, identical, rationals
from whole_message import refused

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
        (10**400 + 1, 10**400, 1e-9, True),
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


NO_NUMBERS = {
    "NoneType": None,
    "dict": {1: 2},
    "an array of <U1": "a",
    "an array of |S1": b"a",
    "set": set(),
    "object": object(),
    "Check": YES,
    "an array of datetime64[ns]": np.datetime64(0, "ns"),
    "builtin_function_or_method": len,
}


@pytest.mark.parametrize(("kind", "what"), NO_NUMBERS.items(), ids=NO_NUMBERS)
def test_what_is_no_number_is_refused_wherever_it_stands(kind, what):
    for case, at in ((what, ""), ([what], "[0]"), ([[1, what]], "[0][1]"), ((1, [what]), "[1][0]")):
        with refused(TypeError, f"actual{at}: expected numbers, got {kind}"):
            agree(case, case, 0)
    with refused(TypeError, f"expected: expected numbers, got {kind}"):
        agree(1, what, 0)
    held = np.empty(2, dtype=object)
    held[:] = [1, what]
    for case, at in ((held, ""), ([held], "[0]")):
        with refused(TypeError, f"actual{at}: expected numbers, got {type(what).__name__}"):
            agree(case, case, 0)


NONE_TO_COMPARE = "expected at least one number to compare, got none"


@pytest.mark.parametrize(
    ("actual", "expected", "error", "message"),
    [
        (np.ones(2), np.ones(3), ValueError, "actual: expected shape (3,), got (2,)"),
        (np.ones((1, 3)), np.ones(3), ValueError, "actual: expected shape (3,), got (1, 3)"),
        ([1, 2], 1, ValueError, "actual: expected shape (), got (2,)"),
        (1, (1, 2), ValueError, "actual: expected shape (2,), got ()"),
        ([1, [2, np.ones(1)]], [1, [2, 3]], ValueError, "actual[1][1]: expected shape (), got (1,)"),
        ([1, 2], [1], ValueError, "actual: expected 1 entries, got 2"),
        ([], [], ValueError, f"actual: {NONE_TO_COMPARE}"),
        ([[], [], 1], [[], [], 1], ValueError, f"actual[0]: {NONE_TO_COMPARE}"),
        ([1, (np.ones(0),)], [1, (np.ones(0),)], ValueError, f"actual[1][0]: {NONE_TO_COMPARE}"),
        (np.ones((0, 2)), np.ones((0, 2)), ValueError, f"actual: {NONE_TO_COMPARE}"),
        ([1.0, np.inf], [1.0, np.inf], ValueError, "expected[1]: expected finite numbers, got inf"),
        (np.array([1.0]), np.array([-np.inf]), ValueError, "expected: expected finite numbers, got -inf"),
        (1.0, np.nan, ValueError, "expected: expected finite numbers, got nan"),
        (1.0, complex(0, np.inf), ValueError, "expected: expected finite numbers, got infj"),
        (np.longdouble("inf"), np.longdouble("inf"), ValueError, "expected: expected finite numbers, got inf"),
        (
            np.timedelta64(1, "D"),
            np.timedelta64(1, "D"),
            TypeError,
            "actual: expected numbers, got an array of timedelta64[D]",
        ),
        ([1, True], [1, 1], TypeError, "actual[1]: expected int, got bool"),
        (np.ones(2), np.ones(2) == 1, TypeError, "actual: expected bool, got float"),
    ],
)
@pytest.mark.parametrize("tolerance", [0, 1e-6])
def test_agree_refuses(actual, expected, error, message, tolerance):
    with refused(error, message):
        agree(actual, expected, tolerance)


@pytest.mark.parametrize(
    "tolerance", [-1, -1e-300, 1, 1.0, np.float64(2), Fraction(3, 2), 1e300, np.inf, np.nan], ids=repr
)
def test_a_tolerance_lets_not_everything_pass(tolerance):
    with refused(ValueError, f"tolerance: expected a number from 0 to below 1, got {tolerance}"):
        agree(0.0, 5.0, tolerance)


@pytest.mark.parametrize("tolerance", ["1", True, None, 0j, np.zeros(1)], ids=repr)
def test_a_tolerance_is_a_real_number(tolerance):
    with refused(TypeError, f"tolerance: expected a real number, got {type(tolerance).__name__}"):
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
        (
            [("a", True, False)],
            TypeError,
            "answers: expected pairs of a label and a bool, got tuple ('a', True, False)",
        ),
        ({}, ValueError, "answers: expected at least one instance, got none"),
        (iter(()), ValueError, "answers: expected at least one instance, got none"),
        ({"a": 1}, TypeError, "answers['a']: expected a bool, got int"),
        ([("a", YES)], TypeError, "answers['a']: expected a bool, got Check"),
        ([("a", True), ("b", None)], TypeError, "answers['b']: expected a bool, got NoneType"),
        ([("a", True), ("b", True), ("a", True)], ValueError, "answers['a']: expected each label once, got it again"),
        ({1: True, "1": True}, ValueError, "answers['1']: expected each label once, got it again"),
    ],
)
def test_every_refuses(answers, error, message):
    with refused(error, message):
        every(answers)


def test_a_check_is_true_if_it_passed_and_shows_itself():
    check = agree(2.0, 1.0, 1e-10)
    assert not check
    assert check.passed is False
    assert repr(check) == "failed: largest relative error 1.0e+00 over 1 number, tolerance 1e-10"
    assert "tolerance 1e\N{NON-BREAKING HYPHEN}10" in check._repr_html_()


@pytest.mark.parametrize(
    ("check", "word", "mark", "evidence"),
    [
        (YES, "passed", "✓", "1 number, equal"),
        (every({"1 < 2": False}), "failed", "✗", "true in 0 of 1 instance, not for 1 &lt; 2"),
    ],
)
def test_a_check_shows_itself_on_a_page_to_the_eye_and_to_the_ear(check, word, mark, evidence):
    assert check._repr_html_() == (
        f'<p class="check check-{word}"><span class="check-mark" aria-hidden="true">{mark}</span> '
        f"<strong>{word}</strong> {evidence}</p>"
    )


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
    with refused(TypeError, "Check: expected to be made by agree, every or identical, got one made by hand"):
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
