import colorsys

import pytest

from a_small_task import LIBRARY, RIGHT, SLIPS
from claimcheck.grading.slips import Library, apart

EXCHANGED, LOST, NONE, TURNED = LIBRARY.slips


def test_nothing_planted_is_the_module_itself():
    assert LIBRARY.planted([]) == RIGHT


def test_two_slips_in_one_line_are_planted_at_once():
    assert not apart(EXCHANGED, LOST)
    assert not apart(EXCHANGED, EXCHANGED)
    assert apart(LOST, TURNED)
    assert LIBRARY.planted([LOST, TURNED]).colorsys.rgb_to_yiq(1, 1, 1)[0] == pytest.approx(0.19)
    assert colorsys.rgb_to_yiq(1, 1, 1)[0] == pytest.approx(1)


def test_slips_in_two_modules_are_apart():
    assert apart(LOST, LOST._replace(module="other"))


def test_a_slip_with_two_places_changes_both():
    text = SLIPS.partition('["green lost"]')[0] + 'before_too = "i = 0.74*(r-y)"\nafter_too = "i = 0*(r-y)"\n'
    library = Library({"colorsys": colorsys}, text)
    y, i, _ = library.planted(library.slips).colorsys.rgb_to_yiq(1, 0, 0)
    assert (y, i) == (0.11, -0.27 * (0 - 0.11))


def test_an_entry_with_others_is_one_slip_for_each():
    text = SLIPS.partition('["green lost"]')[0].replace('"]', ' {other}"]', 1).replace("0.30*b", "{other}*b")
    library = Library({"colorsys": colorsys}, text + 'others = ["0.5", "0.25"]\n')
    assert [slip.name for slip in library.slips] == ["red and blue exchanged 0.5", "red and blue exchanged 0.25"]
    assert [library.planted([slip]).colorsys.rgb_to_yiq(0, 0, 1)[0] for slip in library.slips] == [0.5, 0.25]


@pytest.mark.parametrize("before", ["no such line", "y = 0.30*r\\n", "return"])
def test_a_line_that_does_not_stand_there_once_is_refused(before):
    text = f"""["a"]\nmodule = "colorsys"\nbefore = "{before}"\nafter = ""\nsays = ""\nclaim = "" """
    with pytest.raises(ValueError, match=r"^a: expected `[^`]*` in colorsys just once, got it \d+ times$"):
        Library({"colorsys": colorsys}, text)
