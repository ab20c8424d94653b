"""A task about one formula of the standard library, y = 0.30 r + 0.59 g + 0.11 b, for tests of the grader's parts."""

import colorsys
from types import SimpleNamespace

import numpy as np

from claimcheck.grading import Library, Quantity, Task

SLIPS = """
["red and blue exchanged"]
module = "colorsys"
before = "y = 0.30*r + 0.59*g + 0.11*b"
after = "y = 0.30*b + 0.59*g + 0.11*r"
says = "red and blue are exchanged in y."
claim = "luma"

["green lost"]
module = "colorsys"
before = "y = 0.30*r + 0.59*g + 0.11*b"
after = "y = 0.30*r + 0.11*b"
says = "green is missing in y."
claim = "luma"

["no green"]
module = "colorsys"
before = "0.30*r + 0.59*g"
after = "0.30*r + 0*g"
says = "you take no green."
claim = "luma"

["blue turned"]
module = "colorsys"
before = "0.11*b"
after = "-0.11*b"
says = "blue has the other sign."
claim = "sign"
"""
LIBRARY = Library({"colorsys": colorsys}, SLIPS)
RIGHT = SimpleNamespace(colorsys=colorsys)


def luma(of, values):
    return {"": of.colorsys.rgb_to_yiq(values["r"], values["g"], values["b"])[0]}


TASK = Task(
    name="luma",
    group="Colours",
    quantities={"": Quantity("y")},
    sizes=({"n": 1}, {"n": 4}),
    draw=lambda sizes, numbers: {name: numbers(sizes["n"]) for name in "rgb"},
    arguments=dict,
    ways=(luma,),
    module="colorsys",
)


def by_hand(r, g, b):
    return 0.3 * r + 0.59 * g + 0.11 * np.asarray(b)


def page_of(claim):
    return f"colours.html#claim-{claim}"
