from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from a_small_task import LIBRARY, RIGHT, TASK, by_hand, luma
from claimcheck.grading import Here, Quantity, check
from claimcheck.grading.checking import GraderError, fractions

PARTS = replace(
    TASK,
    quantities={"y": Quantity("y"), "z": Quantity("z", 0, 1)},
    ways=(lambda of, values: {"y": luma(of, values)[""], "z": np.append(7.0, values["r"])},),
)


def found(function, task=TASK):
    return check(task, Here({"luma": function}), LIBRARY)


def both(r, g, b):
    return {"y": by_hand(r, g, b), "z": np.append(7.0, r)}


def test_what_is_right_is_right():
    result = found(by_hand)
    assert (result.status, [part.words for part in result.parts]) == ("right", [""])
    assert found(both, PARTS).status == "right"


@pytest.mark.parametrize("task", [TASK, PARTS])
def test_what_is_left_out_is_not_answered(task):
    assert found(lambda *_: None, task).status == "not answered"
    assert check(task, Here({}), LIBRARY).status == "not answered"


def test_a_part_that_is_left_out_is_not_answered():
    result = found(lambda r, g, b: {"y": by_hand(r, g, b)}, PARTS)
    assert [part.status for part in result.parts] == ["right", "not answered"]
    assert result.status == "right"


def test_a_part_that_is_left_out_at_times_is_wrong():
    result = found(lambda r, g, b: {"y": by_hand(r, g, b)} | ({"z": np.append(7, r)} if len(r) == 1 else {}), PARTS)
    assert [part.status for part in result.parts] == ["right", "wrong"]
    assert result.parts[1].words == "left out where n = 4"
    assert result.parts[1].failure.value is None


def test_a_function_that_stops_is_told_with_the_first_instance():
    result = found(lambda r, g, b: by_hand(r, g, b)[1:] / (len(r) == 1 or "a"))
    assert result.status == "stopped"
    assert result.problem.startswith("TypeError: ")
    assert result.problem.endswith("(first where n = 4)")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda r, g, b: by_hand(r, g, b)[:, None] * np.ones(2), "shape (1, 2), expected (1,), where n = 1"),
        (lambda r, g, b: by_hand(r, g, b) + 1j, "complex numbers, where n = 1"),
        (lambda r, g, b: by_hand(r, g, b) * np.nan, "nan among the numbers, where n = 1"),
        (lambda r, g, b: by_hand(r, g, b) + np.inf, "inf among the numbers, where n = 1"),
        (lambda r, g, b: by_hand(r, g, b) + 1, ""),
    ],
)
def test_what_is_odd_about_numbers_is_told(function, words):
    result = found(function)
    assert [(part.status, part.words) for part in result.parts] == [("wrong", words)]
    assert not result.explanations


def test_less_precision_is_right_and_told():
    single = found(lambda *rgb: by_hand(*(band.astype(np.float32) for band in rgb)).astype(np.float32))
    assert single.status == "right"
    assert single.parts[0].words.endswith("in single precision")
    coarse = found(lambda *rgb: by_hand(*rgb) * (1 + 1e-7))
    assert coarse.status == "right"
    assert coarse.parts[0].words == "up to 1e-07: as of single precision, or of differences for derivatives"


def test_half_precision_is_not_enough():
    half = found(lambda *rgb: by_hand(*rgb).astype(np.float16))
    assert half.status == "wrong"


def test_fractions_are_compared_exactly():
    task = replace(TASK, exact=True, ways=(lambda _, values: {"": values["r"] / 4 + values["g"] - values["b"]},))
    assert found(lambda r, g, b: r / 4 + g - b, task).parts[0].words == "exactly, in fractions"
    assert found(lambda r, g, b: 0.25 * r + g - b, task).parts[0].words == ""
    nearly = found(lambda r, g, b: r / 4 + g - b + (Fraction(1, 10**20) if r.dtype == object else 0), task)
    assert (nearly.status, nearly.parts[0].words) == ("right", "not exactly: it rounds fractions")
    assert nearly.parts[0].failure is None
    column = found(lambda r, g, b: (r / 4 + g - b)[:, None], task)
    assert column.parts[0].words == "exactly, in fractions"
    assert fractions(np.array([0.5])).tolist() == [Fraction(1, 2)]


def test_the_smallest_instance_has_few_numbers_and_small_ones():
    failure = found(lambda r, g, b: by_hand(r, g, b) + r * g).parts[0].failure
    assert failure.instance.sizes == {"n": 1}
    assert {name: value.tolist() for name, value in failure.instance.values.items()} == {"r": [1], "g": [1], "b": [0]}
    assert (failure.value, failure.right) == pytest.approx((1.89, 0.89))


def test_the_place_of_a_state_is_counted_from_0_though_the_student_left_it_out():
    result = found(lambda r, g, b: {"z": r * np.arange(1, len(r) + 1)}, PARTS)
    failure = result.parts[1].failure
    assert failure.instance.sizes == {"n": 4}
    assert failure.place[0] >= 2


def test_an_instrument_that_contradicts_ends_it():
    assert found(by_hand, replace(TASK, truth=lambda values: luma(RIGHT, values))).status == "right"
    with pytest.raises(GraderError, match=r"^luma, : \[.*\] by the instrument, \[.*\] by the formula$"):
        found(by_hand, replace(TASK, truth=lambda values: {"": 2 * luma(RIGHT, values)[""] + 1}))


def test_remarks_and_prints_are_told_once():
    def function(r, g, b):
        print("hello")  # noqa: T201
        r += 0
        return r if r is None else by_hand(r, g, b).tolist()

    result = found(function)
    assert (result.remarks, result.printed) == (("a list is read as an array",), "hello\n")
