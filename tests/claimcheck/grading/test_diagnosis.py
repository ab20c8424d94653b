import colorsys
from dataclasses import replace

import numpy as np
import pytest

from a_small_task import LIBRARY, TASK, by_hand
from claimcheck.grading import Here, Library, Quantity, check, diagnosis
from claimcheck.grading.tasks import Mistake

OVER_TIME = replace(TASK, quantities={"": Quantity("y", 1, 1)}, scales=lambda sizes: {"1/n": 1 / sizes["n"]})


def explained(function, task=TASK):
    result = check(task, Here({"luma": function}), LIBRARY)
    assert result.status == "wrong"
    return [(" + ".join(slip.name for slip in found.slips), found.change) for found in result.explanations]


def test_a_slip_is_named():
    assert explained(lambda r, g, b: by_hand(b, g, r)) == [("red and blue exchanged", "")]


def test_slips_with_equal_numbers_are_named_together():
    assert explained(lambda r, g, b: 0.3 * r + 0.11 * b) == [("green lost", ""), ("no green", "")]


@pytest.mark.parametrize("many", [1, 1_000])
def test_two_slips_are_named_whether_all_pairs_are_tried_or_those_that_may_be(many, monkeypatch):
    monkeypatch.setattr(diagnosis, "MANY", many)
    assert explained(lambda r, g, b: 0.3 * r - 0.11 * b) == [
        ("green lost + blue turned", ""),
        ("no green + blue turned", ""),
    ]


def test_what_no_slip_gives_has_no_name():
    assert explained(lambda r, g, b: by_hand(r, g, b) ** 2) == []
    assert explained(lambda r, g, b: 0 * r) == []


def test_zeros_have_no_name_unless_they_are_one_number():
    nothing = """
["nothing"]
module = "colorsys"
before = "y = 0.30*r + 0.59*g + 0.11*b"
after = "y = 0*r"
says = "y is 0."
claim = "luma"
"""
    library = Library({"colorsys": colorsys}, nothing)
    one = replace(TASK, ways=(lambda of, v: {"": of.colorsys.rgb_to_yiq(v["r"][0], v["g"][0], v["b"][0])[0]},))
    many = check(TASK, Here({"luma": lambda r, g, b: 0 * r}), library)
    single = check(one, Here({"luma": lambda r, g, b: 0.0}), library)
    assert not many.explanations
    assert [found.slips for found in single.explanations] == [tuple(library.slips)]


def test_a_slip_whose_numbers_were_changed_is_named():
    assert explained(lambda r, g, b: by_hand(b, g, r) / len(r), OVER_TIME) == [("red and blue exchanged", "times 1/n")]
    assert explained(lambda r, g, b: by_hand(b, g, r)[::-1], OVER_TIME) == [
        ("red and blue exchanged", "in the reverse order of time")
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda y: y / len(y), "times 1/n"),
        (lambda y: -3.5 * y, "times −3.5"),
        (lambda y: np.append(y[1:], 0), "one step early, nothing at the end"),
        (lambda y: np.append(0, y[:-1]), "one step late, nothing at the beginning"),
        (lambda y: np.roll(y, -1), "one step early, the first at the end"),
        (lambda y: np.roll(y, 1), "one step late, the last at the beginning"),
        (lambda y: np.append(y[1:], y[-1]), "one step early, the last twice"),
        (lambda y: np.append(y[0], y[:-1]), "one step late, the first twice"),
        (lambda y: y[::-1], "in the reverse order of time"),
    ],
)
def test_what_became_of_right_numbers_is_told(change, words):
    assert explained(lambda r, g, b: change(by_hand(r, g, b)), OVER_TIME) == [("", words)]


def test_a_factor_that_is_not_the_same_everywhere_is_no_explanation():
    assert explained(lambda r, g, b: by_hand(r, g, b) * (2 + len(r))) == []


def test_one_change_explains_all_parts_or_none():
    task = replace(
        TASK,
        quantities={"y": Quantity("y"), "z": Quantity("z")},
        ways=(lambda of, v: {"y": by_hand(v["r"], v["g"], v["b"]), "z": v["r"]},),
    )
    assert explained(lambda r, g, b: {"y": 2 * by_hand(r, g, b), "z": 2 * r}, task) == [("", "times 2")]
    assert explained(lambda r, g, b: {"y": 2 * by_hand(r, g, b), "z": r}, task) == [("", "times 2")]
    assert explained(lambda r, g, b: {"y": 2 * by_hand(r, g, b), "z": 3 * r}, task) == []


PARTS = replace(
    TASK,
    quantities={name: Quantity(name.upper()) for name in "rgb"},
    ways=(lambda of, v: {name: v[name] for name in "rgb"},),
)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda r, g, b: {"r": g, "g": r, "b": b}, "under other names: your R is G, your G is R"),
        (lambda r, g, b: {"r": g, "g": b, "b": r}, "under other names: your R is G, your G is B, your B is R"),
        (lambda r, g, b: {"r": g}, "under other names: your R is G"),
        (lambda r, g, b: {"g": r, "b": b}, "under other names: your G is R"),
    ],
)
def test_parts_under_the_names_of_others_are_told(function, words):
    assert explained(function, PARTS) == [("", words)]


@pytest.mark.parametrize(
    "function",
    [
        lambda r, g, b: {"r": g, "g": r, "b": b * b},
        lambda r, g, b: {"r": g if len(r) > 1 else b},
        lambda r, g, b: {"r": g} | ({"b": b * b} if len(r) > 1 else {}),
    ],
    ids=["one is wrong", "not on all instances", "one is left out at first"],
)
def test_parts_that_are_right_under_no_name_or_not_everywhere_are_not_told(function):
    assert explained(function, PARTS) == []


def test_parts_that_are_equal_are_told_together():
    twins = replace(PARTS, ways=(lambda of, v: {"r": v["r"], "g": v["g"], "b": v["g"]},))
    assert explained(lambda r, g, b: {"r": g}, twins) == [("", "under other names: your R is G or B")]


def test_a_mistake_that_the_task_knows_is_told():
    halved = Mistake("you took half.", "luma", lambda v: {"": by_hand(**v) / 2 - 1})
    task = replace(TASK, mistakes=(halved,))
    found = check(task, Here({"luma": lambda r, g, b: by_hand(r, g, b) / 2 - 1}), LIBRARY)
    assert [explanation.slips for explanation in found.explanations] == [(halved,)]
    assert explained(lambda r, g, b: by_hand(r, g, b) / 2 - (len(r) == 1), task) == []


def test_a_slip_that_breaks_the_code_is_no_explanation():
    broken = replace(
        TASK, ways=(lambda of, v: {"": by_hand(v["r"], v["g"], v["b"]) / (of.colorsys.rgb_to_yiq(0, 1, 0)[0] > 0)},)
    )
    assert explained(lambda r, g, b: by_hand(r, g, b) + 1, broken) == []
    nothing = replace(
        TASK, ways=(lambda of, v: {"": [by_hand(v["r"], v["g"], v["b"])][of.colorsys.rgb_to_yiq(0, 1, 0)[0] < 0.1]},)
    )
    assert explained(lambda r, g, b: by_hand(r, g, b) + 1, nothing) == []
