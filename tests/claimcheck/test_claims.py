from importlib.metadata import EntryPoint

import pytest

from claimcheck import Verdict, agree, every, verdict
from claimcheck.claims import CLAIMS_VARIABLE, VERDICT_TYPE, list_path, listed_claims, text_of
from whole_message import refused

YES, NO = agree(1, 1, 0), every({"a < b": False})
SMALL_LIST = """
# [two] is not here
[one]
problem = 1
part = "a"
cases = ["this", "that"]

[two]
problem = 1
part = "b"
cases = ["as printed", "as meant"]

[three]
problem = 2
part = "a"
given = "n > 0"
cases = ["this"]
instead = ["the other"]
readings = ["a third"]
"""


@pytest.fixture
def list_claims(tmp_path, monkeypatch):
    """Return a function that makes this text the list of claims."""

    def listed(text, name="claims.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv(CLAIMS_VARIABLE, str(path))

    listed(SMALL_LIST)
    return listed


@pytest.mark.usefixtures("list_claims")
class TestTheRule:
    @pytest.mark.parametrize(
        ("claim_id", "cases", "text"),
        [
            ("one", {"this": YES, "that": YES}, "holds"),
            ("one", {"this": YES, "that": NO}, "holds if this"),
            ("one", {"this": YES, "that": NO, "more": YES}, "holds if this; or more"),
            ("one", {"this": NO, "that": NO}, "wrong"),
            ("one", {"this": YES, "that": YES, "more": NO}, "holds if this; or that"),
            ("one", [("this", YES), ("that", NO)], "holds if this"),
            ("two", {"as printed": NO, "as meant": YES}, "slip"),
            ("two", {"as printed": YES, "as meant": YES}, "holds"),
            ("two", {"as printed": NO, "as meant": NO}, "wrong"),
            ("two", {"as printed": YES, "as meant": NO}, "holds if as printed"),
            ("two", {"as printed": NO, "as meant": YES, "more": NO}, "holds if as meant"),
        ],
    )
    def test_decides(self, claim_id, cases, text):
        assert verdict(claim_id, cases, instead={"true": YES}).text == text

    def test_readings_count_for_nothing(self):
        assert verdict("three", {"this": NO}, {"the other": YES}, {"a third": YES}).text == "wrong"
        assert verdict("three", {"this": YES}, {"the other": YES}, {"a third": YES}).text == "holds"

    @pytest.mark.parametrize(
        ("given", "error", "message"),
        [
            (("none", {}), ValueError, r"claim_id: expected one of the list of claims, .*claims\.toml, got 'none'"),
            (("one", {"this": YES}), ValueError, r"cases: one asks for \['that'\], which is missing"),
            (("one", {}), ValueError, r"cases: one asks for \['this', 'that'\]"),
            (("one", {"this": True, "that": YES}), TypeError, r"cases\['this'\]: expected a Check, got bool"),
            (("one", [("this", YES), ("this", NO), ("that", YES)]), ValueError, "cases: 'this' stands there twice"),
            (("one", {"this": YES, "that": NO}), ValueError, r"does not simply hold \(holds if this\); say what is"),
            (("two", {"as printed": NO, "as meant": YES}), ValueError, r"instead: two does not simply hold \(slip\)"),
            (
                ("one", {"this": NO, "that": NO}, {"so": NO, "thus": NO, "yes": YES}),
                ValueError,
                f"instead: one: all of it must pass, failed 'so': {NO.evidence}; 'thus': {NO.evidence}$",
            ),
            (("three", {"this": NO}, {}, {"a third": YES}), ValueError, r"instead: three asks for \['the other'\]"),
            (("three", {"this": NO}, {"the other": YES}), ValueError, r"readings: three asks for \['a third'\]"),
            (
                ("three", {"this": NO}, {"the other": YES}, {"a third": NO}),
                ValueError,
                "readings: three: all of it must",
            ),
        ],
    )
    def test_refuses(self, given, error, message):
        with pytest.raises(error, match=message):
            verdict(*given)

    def test_what_came_of_it_cannot_be_changed_or_made_by_hand(self):
        decided = verdict("one", {"this": YES, "that": NO}, {"so": YES})
        for checks in (decided.cases, decided.instead, decided.readings):
            with pytest.raises(TypeError, match="does not support item assignment"):
                checks["that"] = YES
        with pytest.raises(AttributeError):
            decided.cases = {}
        for forged in (("one", {}), ()):
            with refused(TypeError, "Verdict: made by verdict(claim_id, cases), never by hand"):
                Verdict(*forged)

    def test_a_change_of_what_was_given_changes_nothing(self):
        cases = {"this": YES, "that": NO}
        decided = verdict("one", cases, {"so": YES})
        cases["that"] = YES
        assert decided.text == "holds if this"

    def test_it_shows_itself(self):
        decided = verdict("three", {"this": NO}, {"the other": YES}, {"a third": YES})
        shown = decided._repr_mimebundle_()
        assert shown[VERDICT_TYPE] == {
            "id": "three",
            "cases": [{"name": "this", "passed": False, "evidence": NO.evidence}],
            "instead": [{"name": "the other", "passed": True, "evidence": YES.evidence}],
            "readings": [{"name": "a third", "passed": True, "evidence": YES.evidence}],
        }
        assert (
            shown["text/plain"]
            == repr(decided)
            == (
                "three: wrong\n  decides: failed: this: true in 0 of 1 instance, not for a < b\n"
                "  true instead: passed: the other: 1 number, equal\n  true as well: passed: a third: 1 number, equal"
            )
        )
        assert "not for a &lt; b</td>" in shown["text/html"]
        assert "<td>true instead</td><th>the other</th><td>✓ passes</td>" in shown["text/html"]


def test_the_list_of_this_homework_is_the_default():
    claims = listed_claims()
    assert sum(claim.problem != "B" for claim in claims.values()) == 22
    assert {claim.problem for claim in claims.values()} == {1, 2, 3, "B"}
    assert all(claim.cases for claim in claims.values())


def test_the_list_cannot_be_changed(list_claims):
    with pytest.raises(TypeError):
        listed_claims()["one"] = None
    with pytest.raises(AttributeError):
        listed_claims()["one"].cases = ()
    with pytest.raises(AttributeError):
        listed_claims()["one"].cases.clear()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[one]\nproblem = 1\ncases = ['a']\n", r"claims\.toml:1: \[one\]: missing part"),
        ("\n[one]\npart = 'a'\n", r"claims\.toml:2: \[one\]: missing problem, cases"),
        ("[one]\nproblem = 1\npart = 'a'\ncases = []\n", r":1: \[one\]: cases: expected a list of names, got \[\]"),
        ("[one]\nproblem = 1\npart = 'a'\ncases = 'a'\n", r":1: \[one\]: cases: expected a list of names, got 'a'"),
        ("[one]\nproblem = 1\npart = 'a'\ncases = ['']\n", r"cases: expected a list of names, got \[''\]"),
        ("[one]\nproblem = 1\npart = 'a'\ncases = ['b', 'b']\n", r"cases: \['b'\] stands there twice"),
        (
            "[one]\nproblem = 1\npart = 'a'\ncases = ['b']\nelse = ['c']\n",
            r"\[one\]: else: expected one of problem, part, cases, title, given, .*, a text, got \['c'\]$",
        ),
        (
            "[one]\nproblem = 1\npart = ['a']\ncases = ['b']\n",
            r"\[one\]: part: expected one of .*, a text, got \['a'\]",
        ),
        ("[one]\nproblem = 1\n\npart = \n", r"claims\.toml:4: Invalid value"),
        ("[one]\nproblem =", r"claims\.toml:2: Invalid value \(at end of document\)$"),
        ("one = 1\n", r"claims\.toml:1: \[one\]: expected a table, got 1"),
    ],
)
def test_a_wrong_list_is_named_with_file_line_and_key(list_claims, text, message):
    list_claims(text, "wrong.claims.toml")
    with pytest.raises(ValueError, match=message):
        listed_claims()


def test_a_list_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv(CLAIMS_VARIABLE, str(tmp_path / "nowhere.toml"))
    with pytest.raises(ValueError, match=r"nowhere\.toml: .* can't be read .*CLAIMCHECK_CLAIMS names another"):
        listed_claims()


def test_a_verdict_follows_from_all_cases_and_from_nothing_less():
    names = ["a", "b", "c"]
    for passing in range(8):
        cases = {name: bool(passing >> place & 1) for place, name in enumerate(names)}
        expected = {0: "wrong", 7: "holds"}.get(passing, "holds if " + "; or ".join(n for n in names if cases[n]))
        assert text_of(cases) == expected


@pytest.mark.usefixtures("list_claims")
def test_the_claims_keep_the_order_of_the_list():
    assert list(listed_claims()) == ["one", "two", "three"]


@pytest.mark.usefixtures("list_claims")
def test_a_notebook_shows_which_cases_pass_and_which_fail():
    html = verdict("one", {"this": YES, "that": NO}, {"so": YES})._repr_mimebundle_()["text/html"]
    assert html == (
        "<p><code>one</code> <strong>~ holds if this</strong></p>"
        "<table><tr><th></th><th>case</th><th>result</th><th>evidence</th></tr>"
        f"<tr><td>decides</td><th>this</th><td>✓ passes</td><td>{YES.evidence}</td></tr>"
        "<tr><td>decides</td><th>that</th><td>✗ fails</td><td>true in 0 of 1 instance, not for a &lt; b</td></tr>"
        f"<tr><td>true instead</td><th>so</th><td>✓ passes</td><td>{YES.evidence}</td></tr></table>"
    )


def test_the_list_of_the_folder_comes_before_that_of_a_package(monkeypatch, tmp_path):
    (tmp_path / "claims.toml").touch()
    (tmp_path / "pages").mkdir()
    monkeypatch.delenv(CLAIMS_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path / "pages")
    assert list_path() == str(tmp_path / "claims.toml")


@pytest.mark.parametrize(
    ("packages", "words"),
    [
        ([], r"there is no list of claims; looked for .*claims\.toml and above, and in the installed packages: none"),
        (["claimcheck", "hw3"], r"there are several lists of claims; .* in the installed packages: claimcheck, hw3"),
    ],
)
def test_where_no_list_is_found_or_several_it_is_said_how_to_name_one(monkeypatch, tmp_path, packages, words):
    monkeypatch.delenv(CLAIMS_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    points = [EntryPoint(name, name, "claimcheck.claims") for name in packages]
    monkeypatch.setattr("claimcheck.claims.entry_points", lambda group: points)
    with pytest.raises(ValueError, match=f"{words}; name one by the environment variable {CLAIMS_VARIABLE}$"):
        listed_claims()


def test_a_list_in_another_encoding_is_named(monkeypatch, tmp_path):
    (tmp_path / "list.toml").write_bytes(b"# \xe9\n")
    monkeypatch.setenv(CLAIMS_VARIABLE, str(tmp_path / "list.toml"))
    with pytest.raises(ValueError, match=r"list\.toml: the list of claims can't be read as UTF-8: "):
        listed_claims()


def test_the_claims_of_the_solutions_are_listed_in_words():
    titles = [claim.title for claim in listed_claims().values()]
    assert all(titles)
    assert len({*titles}) == len(titles)
