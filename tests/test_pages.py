import re
from collections import Counter
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

from claimcheck.claims import listed_claims
from claimcheck.pages import cells_of, claims_decided_in, outcomes, published

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [page for page in sorted(DOCS.glob("*.md")) if published(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_published_claim_is_decided_by_a_cell(page):
    decided = [claim for cell in cells_of(page) for claim in claims_decided_in(cell)]
    assert sorted(decided) == sorted(published(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_cell_is_a_test(page):
    found = list(Sybil(parsers=[PythonCodeBlockParser()]).parse(page))
    assert len(found) == len(cells_of(page)) > 0


def up_to_the_definition_of(name, page):
    """Return the cells of a page as far as the one that defines a function."""
    cells = cells_of(page)
    [place] = [n for n, cell in enumerate(cells) if f"def {name}(" in cell]
    return cells[: place + 1]


def test_the_inner_bars_are_proved_with_two_steps_after_them_too():
    names = {}
    for _ in outcomes(up_to_the_definition_of("proof_of_inner_bars", DOCS / "lstm-gradient.md"), names):
        pass
    checks = names["proof_of_inner_bars"](later=2)
    assert len(checks) == 3
    assert all(checks)


def test_every_listed_claim_is_on_a_page():
    on_pages = [claim for page in PAGES for claim in published(page)]
    assert sorted(on_pages) == sorted(listed_claims())


def test_the_readme_has_the_tally_of_the_verdicts():
    solution = {claim for claim, listed in listed_claims().items() if listed.problem != "B"}
    texts = [text for page in PAGES for claim, text in published(page).items() if claim in solution]
    counts = Counter(re.sub(r"^holds if .*", "holds if", text) for text in texts)
    sentence = re.search(
        r"(\d+) hold, (\d+) hold on a condition, (\d+) are slips of\s+notation or index, (\d+) are wrong",
        (ROOT / "README.md").read_text(encoding="utf-8"),
    )
    assert [int(n) for n in sentence.groups()] == [counts[k] for k in ("holds", "holds if", "slip", "wrong")]
    assert f"each of the solution's {counts.total()} claims" in (ROOT / "README.md").read_text(encoding="utf-8")
