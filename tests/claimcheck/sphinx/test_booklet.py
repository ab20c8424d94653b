"""A booklet has a title page, contents and solutions at the end; what a page folds, it leaves out and says so."""

import re
from html import unescape

import pytest

from links import dead_links
from small_sites import CLAIM_LIST, CONTENTS, GOOD, build

EXERCISE = """
## Exercises

### By hand

How many are two and two? See [the other page](other.md) and [a page](sums.md#exercises).

```{code-cell} python
:tags: [hide-input]
pairs = 2
print("two pairs, or", pairs)
```

```{admonition} Solution
:collapsible: closed

They are *four*.
```

```{code-cell} python
:tags: [hide-cell, solution]
assert pairs + pairs == 4
print("solved:", pairs + pairs)
```

### Without a solution

A question.
"""
DEEPER = """
## Deeper

:::{folded}
:::

Words that fold out.

:::{guess} How many?
- two
- three

It is two.
:::
"""
SITE = {
    "sums": GOOD + EXERCISE + DEEPER,
    "other": "# Another page\n\n## Exercises\n\nNone yet.\n",
    "unprinted": "# A page for screens\n",
}


def built(folder, pages="sums,other"):
    """Build the booklet of a small site; return its text without tags, and its HTML."""
    front = "# Front\n\nOf the site alone." + CONTENTS.replace("other", "sums\nother\nunprinted")
    values = {"claimcheck_booklet": pages, "claimcheck_booklet_about": "A course", "project": "A site", "release": "7"}
    options = ["-E", "-b", "booklet", *(f"-D{name}={value}" for name, value in values.items())]
    status, printed = build(folder, front, CLAIM_LIST, options, **SITE)
    assert status == 0, printed
    html = (folder / "html" / "index.html").read_text("utf-8")
    article = re.search(r"<article.*</article>", html, re.DOTALL)[0]
    return " ".join(unescape(re.sub(r"<[^>]*>|¶", " ", article)).split()), html


@pytest.fixture(scope="module")
def booklet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    return *built(folder), folder


def test_it_begins_with_what_conf_says_and_with_contents_that_lead_somewhere(booklet):
    text, html, folder = booklet
    assert text.startswith("A site A course Of the solution's 1 claims: 1 hold")
    assert "Version 7 Contents A page Exercises Deeper Another page Exercises Solutions of the exercises" in text
    assert "Of the site alone" not in text
    assert dead_links(folder / "html") == []
    entries = re.findall(r'href="#([^"]*)"', html[html.index('id="contents"') : html.index('id="document-sums"')])
    assert entries[:4] == ["contents", "a-page", "sums-exercises", "deeper"]


def test_what_a_page_folds_is_left_out_and_its_output_kept(booklet):
    text, _, _ = booklet
    assert "two pairs, or 2 Code folded on the page sums: 2 lines." in text
    assert "pairs = 2" not in text
    assert 'verdict ( "sum"' in text


def test_solutions_stand_at_the_end_with_their_code_and_lead_back(booklet):
    text, html, _ = booklet
    exercise, solved = text.split("Solutions of the exercises A page")[-2:]
    assert "How many are two and two? See the other page and a page . Solved at the end ." in exercise
    assert "four" not in exercise
    assert re.match(r" By hand They are four \. assert pairs .* solved: 4 On the site", solved)
    assert 'href="#solution-by-hand">Solved at the end' in html
    assert '<h3><a class="reference internal" href="#by-hand">By hand</a>' in html


def test_what_folds_out_is_shown(booklet):
    text, _, _ = booklet
    assert "Deeper Words that fold out. Guess first. How many? two three Compare It is two." in text


def test_pages_that_are_not_in_it_are_named_and_not_linked_to(booklet):
    text, _, _ = booklet
    assert text.endswith("On the site Not in this booklet: A page for screens.")


def test_a_link_to_a_page_that_is_not_in_it_is_words(tmp_path):
    text, html = built(tmp_path, pages="sums")
    assert "See the other page and" in text
    assert "document-other" not in html
    assert dead_links(tmp_path / "html") == []


def test_a_page_that_is_not_there_is_told_of(tmp_path):
    with pytest.raises(AssertionError, match="claimcheck_booklet: there is no page 'sum'") as told:
        built(tmp_path, pages="sums,sum")
    assert "Traceback" not in str(told.value)
