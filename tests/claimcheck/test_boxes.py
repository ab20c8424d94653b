"""What every kind of box does alike; what each does besides is tested with its module."""

import copy

import numpy as np
import pytest

from claimcheck import Counted, FiftyDigits, Rational, Symbolic, Traced, agree, tally
from claimcheck.boxes import Box
from whole_message import refused

BOXES = {
    "counted": Counted,
    "traced": lambda value: Traced(value, frozenset({(0,)}), 0),
    "rational": Rational,
    "fifty digits": FiftyDigits,
    "symbolic": Symbolic,
}
OPERATIONS = {
    "z + 3": lambda z: z + 3,
    "3 + z": lambda z: 3 + z,
    "z - 3": lambda z: z - 3,
    "3 - z": lambda z: 3 - z,
    "z * 3": lambda z: z * 3,
    "3 * z": lambda z: 3 * z,
    "z / 4": lambda z: z / 4,
    "4 / z": lambda z: 4 / z,
    "z**3": lambda z: z**3,
    "3**z": lambda z: 3**z,
    "-z": lambda z: -z,
    "z + z * z - z / z": lambda z: z + z * z - z / z,
}
boxes = pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
operations = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


@boxes
@operations
def test_it_computes_as_the_number_in_it(box, operation):
    result = operation(box(2))
    assert type(result) is type(box(2))
    assert result == operation(2.0)
    assert float(result.value) == operation(2.0)


@boxes
@operations
def test_an_array_beside_it_is_computed_with_element_by_element(box, operation):
    two, values = box(2), np.array([1.0, 2.0, 4.0])
    for result in (two * values, values * two, two + values, values - two, two / values, two**values, values**two):
        assert isinstance(result, np.ndarray)
        assert [type(element) for element in result] == [type(two)] * 3
    assert (two * values).tolist() == [2, 4, 8]
    assert (two == values).tolist() == [False, True, False]
    assert operation(np.array([two]))[0] == operation(2.0)


@boxes
def test_it_is_true_as_the_number_in_it_is(box):
    assert bool(box(2)) is True
    assert bool(box(0)) is False


@boxes
@pytest.mark.parametrize("other", [None, "2", [2], (2,), {}, object()], ids=lambda other: type(other).__name__)
def test_what_is_no_number_is_neither_taken_nor_equal(box, other):
    two = box(2)
    assert two != other
    assert other != two
    for operation in (lambda: two + other, lambda: other - two, lambda: two * other, lambda: other / two):
        with pytest.raises(TypeError, match=r"unsupported operand|multiply sequence|concatenate"):
            operation()
    with refused(TypeError, f"value: expected a number for {type(two).__name__}, got {type(other).__name__}"):
        type(two)(other, *[frozenset(), 0] * (type(two) is Traced))


@boxes
@pytest.mark.parametrize("other", [np.inf, -np.inf, np.nan, 2j, 3, 2.5])
def test_it_is_equal_to_its_own_number_only(box, other):
    two = box(2)
    assert two == 2 == two
    assert two == box(2)
    assert hash(two) == hash(2)
    assert two != other
    assert other != two


@boxes
def test_it_is_a_number_for_the_checks(box):
    assert agree(box(2), box(2), 0)
    assert not agree(box(2), box(3), 0)


@boxes
def test_it_can_be_copied(box):
    again = copy.deepcopy(box(2))
    assert again == box(2)
    assert type(again) is type(box(2))


def test_a_box_may_hold_a_box():
    with tally() as t:
        z = Counted(Rational(2)) * 3
    assert (type(z.value), z.value, t["mul"]) == (Rational, 6, 1)


def test_a_plain_box_only_computes():
    assert (Box(2) + 3).value == 5
