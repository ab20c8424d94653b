"""What a reader meets on the first screen of a desk, and how many screens follow; what folds is closed."""

import re

import pytest

SCREEN = 900
"""Pixels from top to bottom of the window, 1440 wide, that `open_page` opens."""

PROBLEMS = ["lstm-gradient", "multidimensional-rnn", "reversibility"]

CLOSE_FOLDS = "document.querySelectorAll('details').forEach(fold => fold.open = false)"
HEIGHT = "document.documentElement.scrollHeight"
FIRST_VERDICT = """
Math.min(...[...document.querySelectorAll("article :is(.badge, table.verdicts, table.checks)")]
  .filter(e => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .map(e => e.getBoundingClientRect().top + scrollY))
"""
WORDS_IN_VIEW = r"""() => {
  // Each character of the article that can be seen now, without spaces; a block begins a line, and "^" an exponent
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let words = "", block, exponent;
  while (texts.nextNode()) {
    const node = texts.currentNode, parent = node.parentElement;
    if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    for (let n = 0; n < node.length; n++) {
      if (/[\s\u2061-\u2064]/.test(node.data[n])) continue;
      range.setStart(node, n);
      range.setEnd(node, n + 1);
      const box = range.getBoundingClientRect();
      if (!box.width || box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth) continue;
      const there = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
      if (!there || !(parent.contains(there) || there.contains(parent))) continue;
      if (block !== (block = parent.closest("p, li, dd, dt, td, th, pre, h1, h2, h3, svg, .math-block"))) words += "\n";
      const raised = parent.closest("sup, msup > :nth-child(2)");
      if (exponent !== (exponent = raised) && raised) words += "^";
      words += node.data[n];
    }
  }
  return words;
}"""
RANK = re.compile("rank(is|of|=)?2D", re.IGNORECASE)
DETERMINANT = re.compile(r"det[^\n.]{0,40}β\^D", re.IGNORECASE)


def measured(page, what):
    """Return a measure of a page, what folds being closed."""
    page.evaluate(CLOSE_FOLDS)
    page.evaluate("document.fonts.ready")
    return page.evaluate(what)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_is_told_in_twelve_screens(open_page, name):
    screens = measured(open_page(f"{name}.html"), HEIGHT) / SCREEN
    assert screens <= 12, f"{name} is {screens:.1f} screens high"


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_first_verdict_stands_within_two_screens(open_page, name):
    screens = measured(open_page(f"{name}.html"), FIRST_VERDICT) / SCREEN
    assert screens <= 2, f"the first verdict of {name} stands {screens:.1f} screens down"


@pytest.mark.parametrize("name", ["index", "reversibility"])
def test_the_first_screen_says_what_is_true_of_the_jacobian(open_page, name):
    words = measured(open_page(f"{name}.html"), WORDS_IN_VIEW)
    assert RANK.search(words), words
    assert DETERMINANT.search(words), words


def test_a_fold_that_is_open_is_closed_before_a_page_is_measured(open_page):
    page = open_page("reversibility.html")
    closed = measured(page, HEIGHT)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert page.evaluate(HEIGHT) > closed == measured(page, HEIGHT)


PARAGRAPHS = """<h1>Problem</h1>
<p id="said">Its rank is 2<em>D</em>, its determinant <math><msup><mi>β</mi><mi>D</mi></msup></math>.</p>
<p>As written, det = β<sup>D</sup>.</p>"""


def article(page, html):
    """Put an article onto an empty page."""
    page.set_content(f"<article>{html}</article>")
    return page


def test_words_in_view_are_read_as_they_stand(open_page):
    page = article(open_page("search.html"), PARAGRAPHS)
    assert page.evaluate(WORDS_IN_VIEW) == "\nProblem\nItsrankis2D,itsdeterminantβ^D.\nAswritten,det=β^D."


@pytest.mark.parametrize(
    "style",
    [
        "display: none",
        "opacity: 0",
        "visibility: hidden",
        "position: absolute; top: 895px",
        "position: absolute; left: -9999px",
        "margin-top: 901px",
        "font-size: 0",
    ],
)
def test_words_out_of_view_do_not_count(open_page, style):
    page = article(open_page("search.html"), PARAGRAPHS.replace('id="said"', f'style="{style}"'))
    assert not RANK.search(page.evaluate(WORDS_IN_VIEW))


def test_words_that_something_covers_do_not_count(open_page):
    cover = '<div style="position: fixed; inset: 0; background: white"></div>'
    page = article(open_page("search.html"), PARAGRAPHS)
    page.evaluate("cover => document.body.insertAdjacentHTML('beforeend', cover)", cover)
    assert page.evaluate(WORDS_IN_VIEW) == ""


@pytest.mark.parametrize("words", ["det=β^D", "Thedeterminantisβ^D", "rank2D,determinantβ^D"])
def test_the_determinant_is_found_in_words_and_in_signs(words):
    assert DETERMINANT.search(words)


@pytest.mark.parametrize("words", ["determinantβD", "determinant0.Andβ^D", "determinant0\nβ^D", "rank2D"])
def test_a_product_is_no_power_and_another_sentence_is_not_of_the_determinant(words):
    assert not DETERMINANT.search(words)
