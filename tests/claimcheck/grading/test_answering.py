import sys
import warnings
from collections import UserDict
from dataclasses import dataclass
from fractions import Fraction
from io import TextIOWrapper
from types import SimpleNamespace

import numpy as np
import pytest
import sympy

from claimcheck.grading.answering import answer, load
from claimcheck.grading.wire import pack, unpack


def asked(function, keys=(), **arguments):
    return answer(function, {name: pack(value) for name, value in arguments.items()}, list(keys), __file__)


def values(reply):
    return {key: unpack(value).tolist() for key, value in reply["values"].items()}


def test_weights_have_a_name_each():
    assert values(asked(lambda w: w.a + w.b, w={"a": 1.0, "b": 2.0})) == {"": 3}


@pytest.mark.parametrize("nothing", [None, ..., NotImplemented, {}, {"a": None}, {"a": ..., "b": None}])
def test_what_is_left_out_is_no_answer(nothing):
    assert values(asked(lambda: nothing, ["a", "b"])) == {}


def test_what_is_not_implemented_is_no_answer():
    def function():
        raise NotImplementedError

    assert values(asked(function)) == {}


@pytest.mark.parametrize("returned", [{"a": 1, "b": 2}, (1, 2), [1, 2]])
def test_parts_come_by_name_or_in_order(returned):
    assert values(asked(lambda: returned, ["a", "b"])) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("returned", "problem"),
    [
        ((1, 2, 3), "expected a dictionary with a, b, got tuple of 3"),
        (1.5, "expected a dictionary with a, b, got float"),
        ({"c": 2}, "expected a dictionary with a, b, got c in it"),
        ({"a": "one"}, "a: expected numbers, got str"),
        ({"a": True}, "a: expected numbers, got bool"),
        ({"a": [1, [2, 3]]}, "a: expected numbers, got list, of which no array can be made"),
        ({"a": (n for n in [1])}, "a: expected numbers, got generator"),
        ({"a": {1: 2}}, "a: expected numbers, got dict"),
        ({"a": np.array([1, None])}, "a: expected numbers, got NoneType"),
        ({"a": np.zeros(2_000_000)}, "a: expected fewer numbers, got an array of shape (2000000,)"),
        ({"a": np.zeros(600_000), "b": np.zeros(600_000)}, "expected fewer numbers, got 1200000"),
        ({"a": 10**5000}, "a: expected numbers that a float can hold"),
    ],
)
def test_what_is_no_answer_is_told(returned, problem):
    assert asked(lambda: returned, ["a", "b"])["problem"] == problem


def test_an_error_is_told_with_its_line():
    reply = asked(lambda: np.ones(2) + np.ones(3))
    assert reply["problem"].startswith("ValueError: operands could not be broadcast together")
    assert "reply = asked(lambda: np.ones(2) + np.ones(3))" in reply["problem"]


def test_an_error_that_can_t_say_what_it_is_is_told():
    class DumbError(Exception):
        def __str__(self):
            raise self

    def function():
        raise DumbError

    assert asked(function)["problem"].startswith("DumbError, line")


def test_leaving_the_program_is_told():
    def function():
        raise SystemExit(0)

    assert asked(function)["problem"].startswith("it leaves the program: SystemExit: 0, line")


def test_prints_and_warnings_are_kept_apart(capsys):
    def function():
        print("a" * 5_000)  # noqa: T201
        warnings.warn("careful", stacklevel=1)
        return 1

    reply = asked(function)
    assert values(reply) == {"": 1}
    assert reply["printed"] == "a" * 2_000
    assert reply["remarks"] == ["UserWarning: careful"]
    assert capsys.readouterr().out == ""


def test_a_changed_argument_and_one_returned_are_told():
    def function(x, w):
        x += 1
        return x, w.a[:1]

    reply = asked(function, ["one", "two"], x=np.zeros(2), w={"a": np.ones(2)})
    assert reply["remarks"] == [
        "it changes its argument x",
        "its one is its argument x itself, or a part of it",
        "its two is its argument w.a itself, or a part of it",
    ]


def test_what_nobody_asks_for_is_no_matter():
    reply = asked(lambda: {"a": 1, "loss": 2.5, "note": None}, ["a", "b"])
    assert values(reply) == {"a": 1}
    assert reply["remarks"] == ["nobody asks for loss, which it returns too"]


def test_parts_come_in_other_forms_too():
    @dataclass
    class Both:
        a: int
        b: int

    for returned in (Both(1, 2), SimpleNamespace(a=1, b=2), np.array([1, 2]), UserDict(a=1, b=2)):
        assert values(asked(lambda returned=returned: returned, ["a", "b"])) == {"a": 1, "b": 2}
    assert asked(lambda: np.array(1), ["a", "b"])["problem"] == "expected a dictionary with a, b, got int"


def test_the_streams_are_like_files():
    def function():
        print("\ud800", file=sys.stdout)  # noqa: T201
        sys.stdout.reconfigure(encoding="utf-8")
        stream = TextIOWrapper(sys.stdout.buffer)
        stream.write("hello")
        stream.close()
        return 1

    reply = asked(function)
    assert values(reply) == {"": 1}
    assert reply["printed"] == "\\ud800\nhello"


def test_what_is_raised_to_get_out_is_told():
    class OutError(BaseException):
        pass

    def function():
        raise OutError

    assert asked(function)["problem"].startswith("it leaves the program: OutError, line ")

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(interrupted)


def test_fractions_too_long_and_other_exact_numbers_are_read_as_floats():
    assert values(asked(lambda: Fraction(1, 10**5000))) == {"": 0.0}
    assert values(asked(lambda: sympy.Rational(1, 4))) == {"": 0.25}
    assert values(asked(lambda: Fraction(1, 4))) == {"": Fraction(1, 4)}


def test_kinds_of_arrays_are_read():
    assert values(asked(lambda: np.matrix([[1, 2]]))) == {"": [[1, 2]]}
    assert values(asked(lambda: np.array([1, 2.5], dtype=object))) == {"": [1, 2.5]}
    masked = asked(lambda: np.ma.masked_array([1, 2], mask=[True, False]))
    assert (values(masked), masked["remarks"]) == ({"": [1, 2]}, ["a masked array is read without its mask"])
    tensor = asked(lambda: SimpleNamespace(detach=lambda: np.ones(1)))
    assert values(tensor) == {"": [1]}


def test_a_file_is_run_and_its_error_told_with_its_line():
    module, reply = load("def f():\n    return 1\n\nx = 1 +\n", "homework.py")
    assert reply["problem"] == "SyntaxError: invalid syntax, line 4: x = 1 +"
    assert not hasattr(module, "f")
