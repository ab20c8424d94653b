import json
from html.parser import HTMLParser

import pytest

from hw3.verify import Check, verdict
from hw3.verify.claims import CLAIMS_VARIABLE, listed_claims

YES, NO = Check(passed=True, evidence="it does"), Check(passed=False, evidence="it < does not")


@pytest.fixture
def small_list(tmp_path, monkeypatch):
    path = tmp_path / "claims.toml"
    path.write_text(
        """
        [one]
        problem = 1
        part = "a"
        cases = ["this", "that"]

        [two]
        problem = 1
        part = "b"
        cases = ["as printed", "as meant"]
        """,
        encoding="utf-8",
    )
    monkeypatch.setenv(CLAIMS_VARIABLE, str(path))


@pytest.mark.parametrize(
    ("claim_id", "cases", "text"),
    [
        ("one", {"this": YES, "that": YES}, "holds"),
        ("one", {"this": YES, "that": NO}, "holds if this"),
        ("one", {"this": YES, "that": NO, "more": YES}, "holds if this; or more"),
        ("one", {"this": NO, "that": NO}, "wrong"),
        ("one", {"this": YES, "that": YES, "more": NO}, "holds if this; or that"),
        ("two", {"as printed": NO, "as meant": YES}, "slip"),
        ("two", {"as printed": YES, "as meant": YES}, "holds"),
        ("two", {"as printed": NO, "as meant": NO}, "wrong"),
        ("two", {"as printed": YES, "as meant": NO}, "holds if as printed"),
        ("two", {"as printed": NO, "as meant": YES, "more": NO}, "holds if as meant"),
    ],
)
def test_the_rule(small_list, claim_id, cases, text):
    assert verdict(claim_id, cases).text == text


@pytest.mark.parametrize(
    ("claim_id", "cases", "error", "message"),
    [
        ("none", {}, ValueError, "claim_id: expected one of the list of claims, got 'none'"),
        ("one", {"this": YES}, ValueError, r"one is decided by \['this', 'that'\], missing \['that'\]"),
        ("one", {"this": True, "that": YES}, TypeError, r"cases\['this'\]: expected a Check, got bool"),
        ("one", [YES, NO], TypeError, "cases: expected a mapping of names to checks, got list"),
    ],
)
def test_what_is_refused(small_list, claim_id, cases, error, message):
    with pytest.raises(error, match=message):
        verdict(claim_id, cases)


def test_it_shows_itself_as_text(small_list):
    assert repr(verdict("one", {"this": YES, "that": NO})) == (
        "one: holds if this\n  passed: this: it does\n  failed: that: it < does not"
    )


def test_it_carries_all_of_itself_in_html(small_list):
    found = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.extend(value for name, value in attrs if name == "data-verdict")

    html = verdict("one", {"this": YES, "that": NO})._repr_html_()
    Parser().feed(html)
    assert json.loads(found[0]) == {
        "id": "one",
        "text": "holds if this",
        "cases": [
            {"name": "this", "passed": True, "evidence": "it does"},
            {"name": "that", "passed": False, "evidence": "it < does not"},
        ],
    }
    assert "it &lt; does not</td>" in html


def test_the_list_of_this_homework_is_the_default():
    claims = listed_claims()
    assert sum(claim["problem"] != "B" for claim in claims.values()) == 23
    assert {claim["problem"] for claim in claims.values()} == {1, 2, 3, "B"}
    assert all(claim["cases"] for claim in claims.values())
