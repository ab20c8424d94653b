import numpy as np
import pytest

from claimcheck.grading.comparing import beside, error, fitted, floats, like
from claimcheck.grading.tasks import Quantity

STATE, GATE = Quantity("c", 0, 1), Quantity("i", 1, 1)


@pytest.mark.parametrize("shape", [(4, 2), (4, 2, 1), (1, 4, 2), (3, 2)])
def test_a_state_may_have_axes_more_and_lack_the_time_0(shape):
    due = np.arange(8.0).reshape(4, 2)
    value = np.resize(due[-shape[0] :] if shape[0] == 3 else due, shape)
    fit = fitted(value, due, STATE)
    assert error(fit, beside(fit, due, STATE)) == 0


@pytest.mark.parametrize(("shape", "quantity"), [((3, 2), GATE), ((2, 4), STATE), ((2, 2), STATE), ((8,), STATE)])
def test_another_shape_does_not_fit(shape, quantity):
    assert fitted(np.zeros(shape), np.zeros((4, 2)), quantity) is None


def test_numbers_that_are_no_state_are_not_shortened():
    due = np.zeros((4, 2))
    assert beside(np.zeros((3, 2)), due, GATE) is due
    assert beside(np.zeros((3, 4)), due, STATE) is due


def test_like_changes_axes_of_length_1_alone():
    assert like(np.zeros((2, 1)), np.zeros((1, 2))).shape == (2, 1)
    assert like(np.zeros((2, 3)), np.zeros((3, 2))).shape == (3, 2)


@pytest.mark.parametrize(
    ("value", "due", "scale", "expected"),
    [
        ([], [], 0, 0),
        ([0.5], [0.0], 0, 0.5),
        ([1.0], [2.0], 0, 0.5),
        ([1.0], [2.0], 10, 0.1),
        ([np.nan], [1.0], 0, np.inf),
        ([np.inf], [1.0], 0, np.inf),
        ([1j], [0.0], 0, 1),
    ],
)
def test_the_error_is_relative_to_what_is_due(value, due, scale, expected):
    assert error(np.array(value), np.array(due), scale) == expected


def test_complex_numbers_stay_what_they_are_unless_they_are_real():
    assert floats(np.array([1 + 0j])).dtype == float
    assert floats(np.array([1 + 1j])).dtype == complex
