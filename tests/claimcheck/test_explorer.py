import json
import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from claimcheck import Explorer
from claimcheck.explorer import COLOURS, paint, path
from whole_message import refused


def small(sliders=None, **changed):
    arguments = {"alt": "A line.", "caption": "x < y", "says": ["no", "1e-10", "yes"], "start": [1]}
    return Explorer("small", {"x": ["0", "1", "2"]} if sliders is None else sliders, **(arguments | changed))


def parsed(explorer):
    """Return the figure as a tree, and what its script says."""
    tree = ET.fromstring(explorer._repr_html_())  # noqa: S314  our own
    return tree, json.loads(tree.find("script").text)


def by_id(tree, element_id):
    return next(element for element in tree.iter() if element.get("id") == element_id)


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]


def test_it_stands_at_its_start_and_carries_every_frame():
    explorer = small()
    panel = explorer.panel(xlim=(0, 1), ylim=(0, 10), xticks=[0, 1], yticks=[0, 10], title="t", xlabel="x", ylabel="y")
    panel.curve([0, 1], [[0, 0], [0, 5], [0, 10]], "orange", dash="3 2")
    panel.text(0, 5, ["low", "middle", "high"])
    tree, changes = parsed(explorer)
    curve, text, says = changes
    assert [change["set"] for change in changes] == ["d", "text", "text"]
    middle = (panel.bottom + panel.top) / 2
    assert [numbers(path) for path in curve["to"]] == [
        [panel.left, panel.bottom, panel.right, end] for end in (panel.bottom, middle, panel.top)
    ]
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
    assert (low, middle, high) == (panel.bottom, (panel.bottom + panel.top) / 2, panel.top)
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
    assert cells["set"] == "cells"
    assert [square.get("class") for square in squares] == [cells["names"][k] for k in states[1].ravel()]
    assert cells["to"][1] == "".join(map(str, states[1].ravel()))
    assert [square.get("data-at") for square in squares] == (["0,0", "0,1", "1,0", "1,1"] if pick else [None] * 4)
    assert float(squares[0].get("y")) < float(squares[1].get("y"))  # j grows downwards here


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sliders": {}}, "sliders: expected at least one, got none"),
        ({"sliders": {"x": ["0"]}}, "sliders['x']: expected at least two positions, got 1"),
        ({"alt": " "}, "alt: expected what the figure shows, got nothing"),
        ({"says": ["one"]}, "says: expected 3 sentences, one a frame, got 1"),
        ({"start": [3]}, "start: expected one of [3] positions for each slider, got [3]"),
        ({"start": [-1]}, "start: expected one of [3] positions for each slider, got [-1]"),
        ({"start": [0, 0]}, "start: expected one of [3] positions for each slider, got [0, 0]"),
        ({"start": []}, "start: expected one of [3] positions for each slider, got []"),
    ],
)
def test_refused_explorers(changed, message):
    with refused(ValueError, message):
        small(**changed)


def test_refused_drawings():
    explorer = small()
    panel = explorer.panel(xlim=(0, 1), ylim=(0, 1))
    with refused(ValueError, "y: expected shape (3, 4) or (4,), got (2, 4)"):
        panel.curve(np.zeros(4), np.zeros((2, 4)))
    with refused(ValueError, "x: expected shape (4,) or (4,), got (3,)"):
        panel.curve(np.zeros(3), np.zeros(4))
    with refused(ValueError, "x: expected shape (4,) or (4,), got ()"):
        panel.curve(0.0, np.zeros(4))
    with refused(ValueError, "values: expected 3, one a frame, got 2"):
        panel.text(0, 0, ["a", "b"])
    for states in (np.zeros((2, 2, 2)), np.zeros((3, 2))):
        with refused(ValueError, f"states: expected shape (3, columns, rows), got {states.shape}"):
            panel.cells(states, ["off"])
    with refused(ValueError, f"colour: expected one of {list(COLOURS)}, got 'pink'"):
        paint("pink", "fill")


def everything():
    """Return an explorer in which every kind of thing is drawn, and its panel."""
    explorer = small()
    panel = explorer.panel(
        xlim=(0, 2), ylim=(0, 4), xticks=[0, 1, 2], yticks=[0, 2], title="over", xlabel="under", ylabel="beside"
    )
    panel.curve([0, 1, 2], [0, 2, 4], dash="3 2")
    panel.curve([0, 1], [0, 1])
    panel.area([0, 1, 1], [0, 0, 2], "green")
    panel.points([0, 1, 2], [0, 2, 0], "purple")
    panel.text(1, 2, "here", "orange", "end")
    panel.text(1, 2, ["a", "b", "c"])
    panel.cells(np.arange(12).reshape(3, 2, 2) % 2, ["off", "on"])
    explorer.panel(xlim=(0, 1), ylim=(0, 1))
    return explorer, panel


def test_nothing_is_written_but_what_was_given():
    tree, _ = parsed(everything()[0])
    shown = tree.find("div")
    assert "".join(shown.itertext()) == "012" + "02" + "over" + "under" + "beside" + "here" + "b"
    assert {element.tag for element in shown.iter()} == {"div", "svg", "g", "path", "text", "rect"}
    assert {text.get("text-anchor") for text in shown.iter("text")} == {"start", "middle", "end"}
    assert not [
        value for element in tree.iter() for value in element.attrib.values() if re.search("XX|None|nan", value)
    ]
    assert "".join(tree.find("div[2]").itertext()).split() == ["x", "1"]


def test_what_is_drawn_has_its_colour_and_its_stroke():
    _, panel = everything()
    dashed, plain, area, dots, here, varying, *_ = (ET.fromstring(drawn) for drawn in panel.inside)  # noqa: S314  our own
    assert dashed.attrib == {"d": dashed.get("d"), "stroke-dasharray": "3 2"} | (
        {"stroke-width": "2", "style": "fill:none;stroke:var(--blue,#0072b2)"}
    )
    assert set(plain.attrib) == {"d", "stroke-width", "style"}
    assert set(area.attrib) == {"d", "stroke-width", "stroke-linejoin", "style"}
    assert area.get("style") == "fill:var(--green,#007a5a);fill-opacity:0.25;stroke:var(--green,#007a5a)"
    assert dots.attrib == {"d": dots.get("d"), "style": "fill:var(--purple,#9b4a86)"}
    assert (here.get("style"), here.get("text-anchor")) == ("fill:var(--orange,#d55e00)", "end")
    assert (varying.get("style"), varying.get("text-anchor")) == ("fill:var(--ink,#000000)", "start")
    assert (here.get("id"), varying.get("id")) == (None, "small-0")
    lines = [ET.fromstring(drawn) for drawn in panel.around if drawn.startswith("<path")]  # noqa: S314  our own
    assert {line.get("style") for line in lines} == {"fill:none;stroke:var(--grey,#808080)"}
    assert len(lines) == 3 + 2 + 2


def test_numbers_of_any_kind_lie_between_the_ends():
    for log, low, high in ((False, 2, 4), (True, 1, 100)):
        panel = small().panel(xlim=(-1, 3), ylim=(low, high), log=log)
        corners = [panel.left, panel.bottom, panel.right, panel.top]
        panel.curve([-1, 3], [low, high])
        panel.curve([Fraction(-1), Fraction(3)], [Fraction(low), Fraction(high)])
        assert [numbers(re.search(' d="(.*?)"', curve)[1]) for curve in panel.inside] == [corners, corners]
        panel.text(Fraction(1), Fraction(low), "middle")
        assert f'x="{(panel.left + panel.right) / 2}" y="{panel.bottom}.0"' in panel.inside[2]


def test_two_frames_are_frames():
    explorer = small({"x": ["0", "1"]}, says=["a", "b"])
    explorer.panel(xlim=(0, 1), ylim=(0, 1)).curve([0, 1], [[0, 0], [0, 1]])
    assert [change["set"] for change in parsed(explorer)[1]] == ["d", "text"]


def test_a_line_needs_as_many_heights_as_places():
    with pytest.raises(ValueError, match="shorter"):
        path(np.zeros(3), np.zeros(2))


def test_ticks_stand_where_their_values_lie():
    panel = small().panel(xlim=(0, 2), ylim=(1e-4, 1), xticks=[0, 1, 2], yticks=[1e-4, 1e-2, 1], log=True)
    panel.points([0, 1, 2], [1e-4, 1e-2, 1])
    dots = [numbers(dot)[:2] for dot in re.findall(r"M[\d.]+ [\d.]+", panel.inside[0])]
    texts = [ET.fromstring(text) for text in panel.around if text.startswith("<text")]  # noqa: S314  our own
    ticks = {text.text: (float(text.get("x")), float(text.get("y"))) for text in texts}
    for (x, y), across, up in zip(dots, ["0", "1", "2"], ["10⁻⁴", "10⁻²", "10⁰"], strict=True):
        assert ticks[across] == (x, panel.bottom + 17)
        assert ticks[up] == (panel.left - 7, pytest.approx(y + 4))  # the middle of a digit stands at the value
        assert f'd="M{x} {panel.bottom}v4"' in "".join(panel.around)
        assert f'd="M{panel.left} {y}h-4"' in "".join(panel.around)


def test_the_drawing_fills_its_frame_beside_the_words_around_it():
    explorer, panel = everything()
    outer, inner = list(parsed(explorer)[0].iter("svg"))[:2]
    assert numbers(outer.get("viewBox")) == [0, 0, panel.width, panel.height] == [0, 0, 350, 270]
    box = [float(inner.get(name)) for name in ("x", "y", "width", "height")]
    assert numbers(inner.get("viewBox")) == box
    assert box == [panel.left, panel.top, panel.right - panel.left, panel.bottom - panel.top]
    bare = explorer.panels[1]
    assert (bare.left, bare.top, bare.width - bare.right, bare.height - bare.bottom) == (8, 8, 14, 8)
    assert (panel.left, panel.top, panel.width - panel.right, panel.height - panel.bottom) == (52, 26, 14, 38)
    words = {text.text: text for text in outer.iter("text")}
    middle = (panel.left + panel.right) / 2
    assert numbers(words["over"].get("x")) == numbers(words["under"].get("x")) == [middle]
    assert 0 < float(words["over"].get("y")) == 16 < panel.top
    assert panel.bottom + 17 < float(words["under"].get("y")) == panel.height - 5
    assert numbers(words["beside"].get("x") + " " + words["beside"].get("y")) == [0, 0]
    across, up, turned = numbers(next(g.get("transform") for g in outer.iter("g") if g.get("transform")))
    assert (0 < across < panel.left, up, turned) == (True, (panel.top + panel.bottom) / 2, -90)


@pytest.mark.parametrize(("given", "radius"), [({}, 4), ({"radius": 3}, 3)])
def test_a_dot_is_a_circle_about_its_point(given, radius):
    panel = small().panel(xlim=(0, 1), ylim=(0, 1))
    panel.points([0.5], [0.5], **given)
    x, y, left, _, *arcs = numbers(re.search(' d="(.*?)"', panel.inside[0])[1])
    assert (x, y) == ((panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2)
    assert left == -radius
    half = [radius, radius, 0, 1, 0]
    assert arcs == [*half, 2 * radius, 0, *half, -2 * radius, 0]


def test_each_cell_lies_in_its_square():
    explorer = small()
    panel = explorer.panel(xlim=(0, 2), ylim=(2, 0), width=214 + 8, height=200 + 16)  # 100 pixels a square
    panel.cells(np.zeros((3, 2, 2)), ["off"])
    for (i, j), rect in zip(np.ndindex(2, 2), parsed(explorer)[0].iter("rect"), strict=True):
        x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        assert (x, y) == (8 + 100 * i + 6, 8 + 100 * j + 6)
        assert (width, height) == (88, 88)
        assert set(rect.attrib) == {"class", "x", "y", "width", "height"}


def test_a_slider_says_its_positions_in_words():
    explorer = small({"β <": ["α", "β", '"']})
    html = explorer._repr_html_()
    slider = next(parsed(explorer)[0].iter("input"))
    assert json.loads(slider.get("data-positions")) == ["α", "β", '"']
    assert "α" in html.split("data-positions")[1]  # as it is, and not as an escape
    assert slider.get("aria-valuetext") == "β"
    two = small({"i": ["0", "1"], "j": ["0", "1"]}, says=list("abcd"), start=[0, 1])
    assert "".join(parsed(two)[0].find("div[2]").itertext()).replace(" ", "") == "i0j1"


def test_what_the_script_reads_is_short_and_ends_no_script():
    explorer = small(says=["</script>", "1 < 2", "β"])
    explorer.panel(xlim=(0, 1), ylim=(0, 1)).text(0, 0, ["a", "b", "c"])
    html = explorer._repr_html_()
    data = html.split('<script type="application/json">')[1].removesuffix("</script></figure>")
    assert "</" not in data
    assert "β" in data
    assert ": " not in data
    assert ", " not in data
    assert json.loads(data)[-1]["to"] == explorer.says == ["</script>", "1 < 2", "β"]


def test_where_nothing_is_drawn_it_says_what_the_figure_shows():
    explorer = Explorer("e", {"x": ["0", "1"]}, alt="A point.", caption="", says=["At 0.", "At 1."], start=[1])
    assert repr(explorer) == "A point. At 1."
