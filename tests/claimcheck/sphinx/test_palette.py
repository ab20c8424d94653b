import re

import matplotlib as mpl

from claimcheck.explorer import COLOURS
from claimcheck.sphinx.palette import CURVES, ON_DARK, matplotlib_settings, style_sheet
from small_sites import ROOT


def test_every_colour_is_there_in_light_and_in_dark_as_chosen_or_as_asked_for():
    assert ON_DARK.keys() == COLOURS.keys()
    for name in COLOURS:
        assert style_sheet().count(f"--{name}:{COLOURS[name]}") == 1
        assert style_sheet().count(f"--{name}:{ON_DARK[name]}") == 2


def test_a_figure_on_paper_is_light():
    light, _, dark = style_sheet().partition("@media not print")
    assert ON_DARK["ink"] not in light
    assert ON_DARK["ink"] in dark


def test_matplotlib_reads_its_settings_and_draws_curves_in_these_colours(tmp_path):
    path = tmp_path / "matplotlibrc"
    path.write_text(matplotlib_settings(ROOT / "claimcheck" / "sphinx" / "matplotlibrc"), encoding="utf-8")
    cycle = mpl.rc_params_from_file(path, use_default_template=False)["axes.prop_cycle"].by_key()["color"]
    assert cycle == [COLOURS[name] for name in CURVES]


def test_the_style_sheet_names_no_colour_of_a_figure():
    style = (ROOT / "claimcheck" / "sphinx" / "static" / "site.css").read_text("utf-8")
    assert not {*re.findall(r"#[0-9a-f]{6}", style)} & {*COLOURS.values(), *ON_DARK.values()}
