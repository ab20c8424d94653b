import json
from dataclasses import replace

import numpy as np

from a_small_task import LIBRARY, TASK, by_hand, page_of
from claimcheck.grading import Here, Quantity, report_of, reports

TWO = replace(
    TASK,
    name="two",
    group="Two",
    quantities={"y": Quantity("ȳ", 1, 1), "z": Quantity("z̄", axes=1)},
    ways=(lambda of, v: {"y": of.colorsys.rgb_to_yiq(v["r"], v["g"], v["b"])[0], "z": np.outer(v["r"], v["g"])},),
)


def report(**functions):
    return report_of([TASK, TWO], Here(functions), LIBRARY, page_of)


def lines(found):
    return " ".join(found.text().split())


def exchanged(r, g, b):
    return by_hand(b, g, r)


def test_all_that_is_right():
    found = report(luma=by_hand, two=lambda r, g, b: {"y": by_hand(r, g, b), "z": np.outer(r, g)})
    assert repr(found) == found.text() == "3 right\n\nColours\n  ✓ luma\n\nTwo\n  ✓ two              ȳ, z̄"
    assert found.passed


def test_nothing_answered_has_not_passed():
    found = report()
    assert found.text() == "3 not answered\n\nNot answered: luma, two"
    assert not found.passed


def test_a_slip_with_its_page_and_the_smallest_instance():
    found = report(luma=exchanged)
    assert not found.passed
    assert "See colours.html#claim-luma y[0] is 0.11, yours 0.3, where n = 1: b = [1], the rest 0" in lines(found)
    assert "→ Red and blue are exchanged in y. See colours.html#claim-luma" in lines(found)


def test_parts_are_told_apart():
    found = report(two=lambda r, g, b: {"y": by_hand(r, g, b)})
    assert "✓ two right: ȳ; not answered: z̄" in lines(found)
    found = report(two=lambda r, g, b: {"y": 2 * by_hand(r, g, b), "z": np.outer(r, g)})
    assert "times 2. ȳ(1) is 0.11, yours 0.22, where n = 1: b = [1], the rest 0" in lines(found)
    assert "→ What you have for ȳ is right, but times 2." in lines(found)
    found = report(two=lambda r, g, b: {"y": -by_hand(r, g, b), "z": -np.outer(r, g)})
    assert "✗ two wrong: ȳ, z̄" in lines(found)
    assert "z̄(0)[0] is 1, yours -1, where n = 1: r = [1], g = [1], the rest 0" in found.html()
    assert "→ What you have for ȳ, z̄ is right, but times −1." in lines(found)


def test_the_whole_answer_changed_has_no_part():
    assert "→ What you answered is right, but times 2." in lines(report(luma=lambda *rgb: 2 * by_hand(*rgb)))


def test_equal_slips_are_told_together(monkeypatch):
    green = lambda r, g, b: 0.3 * r + 0.11 * b
    told = lines(report(luma=green))
    assert "→ Each of these gives your numbers: → Green is missing in y. See" in told
    assert "→ You take no green. See colours.html#claim-luma" in told
    monkeypatch.setattr(reports, "MOST", 1)
    assert "→ And 1 more." in lines(report(luma=green))


def test_two_slips_at_once():
    told = lines(report(luma=lambda r, g, b: 0.3 * r - 0.11 * b))
    assert (
        "→ Two slips at once. Green is missing in y. Blue has the other sign. See colours.html#claim-luma See" in told
    )
    assert "colours.html#claim-sign → Two slips at once. You take no green." in told


def test_what_has_no_name_says_so():
    assert "→ No slip that is known gives these numbers, alone or with a second." in lines(
        report(luma=lambda r, g, b: r * g)
    )
    assert "No slip" not in lines(report(luma=lambda r, g, b: np.zeros(7)))


def test_a_terminal_is_told_of_three_parts_where_no_slip_is_found():
    found = report(two=lambda r, g, b: {"y": r * g, "z": g * b})
    result = found["two"]
    result.parts *= 3
    assert "more, where larger instances fail: --html tells them." in lines(found)


def test_a_name_that_is_nearly_right_is_told():
    found = report(lumma=by_hand)
    assert found.misspelt == ("lumma is not asked for: is it luma?",)
    assert "lumma is not asked for" in found.text()
    assert "lumma is not asked for" in found.html()


def test_problems_prints_and_remarks():
    def function(r, g, b):
        print("hello" * 100)  # noqa: T201
        return {1: 2}

    told = lines(report(luma=function, two=lambda r, g, b: {"y": by_hand(r, g, b).tolist()}))
    assert "→ Expected numbers, got dict (first where n = 1)" in told
    assert "→ It printed: hellohello" in told
    assert "→ Also: a list is read as an array." in told


def test_a_file_that_was_not_read_to_its_end():
    student = Here({"luma": by_hand})
    student.problem = "1 / 0"
    found = report_of([TASK], student, LIBRARY, page_of)
    assert found.text().startswith("1 right\nThe file could not be read to its end: 1 / 0\n")
    assert not found.passed
    assert "1 / 0" in found.html()
    assert found.gradescope()["output"] == "The file could not be read to its end: 1 / 0\n1 right"


def test_gradescope_gets_a_point_for_each_part():
    found = report(luma=exchanged, two=lambda r, g, b: {"y": by_hand(r, g, b)})
    told = json.loads(json.dumps(found.gradescope()))
    assert set(told) == {"output", "execution_time", "tests"}
    assert [(test["name"], test["score"], test["max_score"], test.get("status")) for test in told["tests"]] == [
        ("luma", 0, 1, "failed"),
        ("two: y", 1, 1, "passed"),
        ("two: z", 0, 1, None),
    ]
    assert "Red and blue are exchanged" in told["tests"][0]["output"]
    halves = report(two=lambda r, g, b: {"y": by_hand(r, g, b), "z": r * g}).gradescope()["tests"]
    assert [test["output"] == "right" for test in halves if test["name"] != "luma"] == [True, False]


def test_a_notebook_shows_it_and_escapes_what_students_write():
    def function(r, g, b):
        print("<script>")  # noqa: T201
        return by_hand(b, g, r).tolist()

    shown = report(luma=function, two=lambda r, g, b: "<b>")._repr_html_()
    assert "Red and blue are exchanged in y. See <span" in shown
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "Expected a dictionary with y, z, got str" in shown
    assert "a list is read as an array" in shown
    assert "right: ȳ; not answered: z̄" in report(two=lambda r, g, b: {"y": by_hand(r, g, b)})._repr_html_()


def test_a_claim_s_page_is_a_link_where_its_address_is_known():
    known = report_of(
        [TASK], Here({"luma": exchanged}), LIBRARY, lambda claim: f"https://example.org/a.html#claim-{claim}"
    )
    assert 'See <a href="https://example.org/a.html#claim-luma">luma</a></p>' in known.html()


def test_a_claim_is_marked_for_the_site_where_its_address_is_not_known():
    unknown = report_of([TASK], Here({"luma": exchanged}), LIBRARY, lambda claim: f"a.html#claim-{claim}")
    assert 'See <span data-claim="luma">luma</span></p>' in unknown.html()


def test_a_task_is_found_by_its_name():
    assert report(luma=by_hand)["luma"].status == "right"


def test_progress_is_told_past_a_second_for_what_is_answered(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(reports, "monotonic", lambda: next(clock))
    told = []
    functions = {"luma": by_hand, "two": lambda r, g, b: None}
    report_of([TASK, TWO, replace(TASK, name="third")], Here(functions), LIBRARY, page_of, told.append)
    assert told == ["2 of 3: two"]


def test_a_slip_after_which_numbers_were_changed():
    task = replace(TASK, scales=lambda sizes: {"1/n": 1 / sizes["n"]})
    found = report_of([task], Here({"luma": lambda r, g, b: by_hand(b, g, r) / len(r)}), LIBRARY, page_of)
    told = "→ Red and blue are exchanged in y. After that, what you answered is right, but times 1/n. See"
    assert told in lines(found)


def test_where_nothing_explains_it_all_parts_are_shown():
    told = lines(report(two=lambda r, g, b: {"y": r * g + 1, "z": np.outer(r, g) + 1j}))
    assert "→ No slip that is known gives these numbers, alone or with a second." in told
    assert "ȳ(1) is 0, yours 1, where n = 1: all 0" in told
    assert "z̄: complex numbers, where n = 1" in told


def test_how_right_an_answer_is_is_told():
    task = replace(TASK, exact=True, ways=(lambda _, values: {"": values["r"] / 4},))
    found = report_of([task], Here({"luma": lambda r, g, b: r / 4}), LIBRARY, page_of)
    assert "✓ luma right (exactly, in fractions)" in lines(found)
    both = lambda r, g, b: {"y": by_hand(r, g, b) * (1 + 1e-7), "z": np.outer(r, g)}
    assert "✓ two right (up to 1e-07: as of single precision, or of differences for derivatives): ȳ; right: z̄" in lines(
        report(two=both)
    )
