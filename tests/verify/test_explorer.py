import json
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hw3.verify import Explorer
from hw3.verify.explorer import paint


def small(sliders=None, **changed):
    arguments = {"alt": "A line.", "caption": "x < y", "says": ["no", "1e-10", "yes"], "start": [1]}
    return Explorer("small", {"x": ["0", "1", "2"]} if sliders is None else sliders, **(arguments | changed))


def parsed(explorer):
    """Return the figure as a tree, and what its script says."""
    tree = ET.fromstring(explorer._repr_html_())  # noqa: S314  our own
    return tree, json.loads(tree.find("script").text)


def by_id(tree, element_id):
    return next(element for element in tree.iter() if element.get("id") == element_id)


def test_it_stands_at_its_start_and_carries_every_frame():
    explorer = small()
    panel = explorer.panel(xlim=(0, 1), ylim=(0, 10), xticks=[0, 1], yticks=[0, 10], title="t", xlabel="x", ylabel="y")
    panel.curve([0, 1], [[0, 0], [0, 5], [0, 10]], "orange", dash="3 2")
    panel.text(0, 5, ["low", "middle", "high"])
    tree, changes = parsed(explorer)
    curve, text, says = changes
    assert [change["set"] for change in changes] == ["d", "text", "text"]
    ends = [float(path.split()[-1]) for path in curve["to"]]
    assert ends == [panel.bottom, (panel.bottom + panel.top) / 2, panel.top]
    assert by_id(tree, curve["id"]).get("d") == curve["to"][1]
    assert by_id(tree, text["id"]).text == "middle"
    assert by_id(tree, says["id"]).text == says["to"][1] == "1e\N{NON-BREAKING HYPHEN}10"
    assert explorer._repr_html_() == explorer._repr_html_()


def test_it_says_what_it_shows_and_can_be_reached():
    tree, _ = parsed(small())
    assert tree.find("div").attrib == {"class": "explorer-panels", "role": "img", "aria-label": "A line."}
    slider = next(tree.iter("input"))
    assert (slider.get("type"), slider.get("max"), slider.get("value")) == ("range", "2", "1")
    assert slider.get("aria-valuetext") == "1"
    assert next(tree.iter("label")).text.strip() == "x"
    assert tree.find("figcaption").text == "x < y"


def test_frames_run_fastest_along_the_last_slider():
    explorer = small({"i": ["0", "1"], "j": ["0", "1", "2"]}, says=list("abcdef"), start=[1, 0])
    assert (explorer.frames, explorer.says[explorer.start_frame]) == (6, "d")


def test_a_logarithmic_axis_is_even_in_powers_of_ten():
    explorer = small()
    panel = explorer.panel(xlim=(0, 2), ylim=(1e-4, 1), yticks=[1e-4, 1], log=True)
    panel.curve([0, 1, 2], [1e-4, 1e-2, 1])
    panel.points([1], [0])
    drawing = panel.svg()
    low, middle, high = (float(y) for y in re.findall(r"[ML]\d+\.\d (\d+\.\d)(?=[L\"])", panel.inside[0]))
    assert middle == (low + high) / 2
    assert "10⁻⁴" in drawing
    assert "nan" not in drawing
    assert "inf" not in drawing


def test_polygons_close_and_points_are_dots():
    explorer = small()
    panel = explorer.panel(xlim=(0, 1), ylim=(0, 1))
    panel.area([0, 1, 1], [0, 0, 1])
    panel.points([[0], [0.5], [1]], [0.5], radius=3)
    panel.text(0, 0, "fixed", "grey", "end")
    _, changes = parsed(explorer)
    assert 'Z"' in panel.inside[0]
    assert [path.count("a3 3") for path in changes[0]["to"]] == [2, 2, 2]


@pytest.mark.parametrize("pick", [True, False])
def test_cells_take_the_class_of_their_frame(pick):
    explorer = small({"i": ["0", "1"], "j": ["0", "1"]}, says=list("abcd"), start=[0, 1])
    panel = explorer.panel(xlim=(0, 2), ylim=(2, 0))
    states = np.arange(16).reshape(4, 2, 2) % 3
    panel.cells(states, ["off", "on", "now"], pick=pick)
    tree, (cells, _) = parsed(explorer)
    squares = list(by_id(tree, cells["id"]))
    assert [square.get("class") for square in squares] == [cells["names"][k] for k in states[1].ravel()]
    assert cells["to"][1] == "".join(map(str, states[1].ravel()))
    assert [square.get("data-at") for square in squares] == (["0,0", "0,1", "1,0", "1,1"] if pick else [None] * 4)
    assert float(squares[0].get("y")) < float(squares[1].get("y"))  # j grows downwards here


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sliders": {}}, "sliders: expected at least one, got none"),
        ({"sliders": {"x": ["0"]}}, r"sliders\['x'\]: expected at least two positions, got 1"),
        ({"alt": " "}, "alt: expected what the figure shows, got nothing"),
        ({"says": ["one"]}, "says: expected 3 sentences, one a frame, got 1"),
        ({"start": [3]}, r"start: expected one of \[3\] positions for each slider, got \[3\]"),
        ({"start": [0, 0]}, r"start: expected one of \[3\] positions for each slider, got \[0, 0\]"),
    ],
)
def test_refused_explorers(changed, message):
    with pytest.raises(ValueError, match=message):
        small(**changed)


def test_refused_drawings():
    explorer = small()
    panel = explorer.panel(xlim=(0, 1), ylim=(0, 1))
    with pytest.raises(ValueError, match=r"y: expected shape \(3, 4\) or \(4,\), got \(2, 4\)"):
        panel.curve(np.zeros(4), np.zeros((2, 4)))
    with pytest.raises(ValueError, match=r"x: expected shape \(4,\) or \(4,\), got \(3,\)"):
        panel.curve(np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match="values: expected 3, one a frame, got 2"):
        panel.text(0, 0, ["a", "b"])
    with pytest.raises(ValueError, match=r"states: expected shape \(3, columns, rows\), got \(2, 2, 2\)"):
        panel.cells(np.zeros((2, 2, 2)), ["off"])
    with pytest.raises(ValueError, match=r"colour: expected one of .*, got 'pink'"):
        paint("pink", "fill")
