"""Formulas in a browser: copied as TeX, by selection and by button; numbered; level; and light enough."""

import pytest
from axe_playwright_python.sync_playwright import Axe

COPIED = """() => {
  const held = { "text/plain": "", "text/html": "" };
  const data = { setData: (kind, text) => (held[kind] = text), getData: kind => held[kind] };
  const event = new Event("copy", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "clipboardData", { value: data });
  document.body.dispatchEvent(event);
  return { ...held, prevented: event.defaultPrevented };
}"""
SELECT = """([first, last]) => {
  const range = document.createRange();
  range.setStartBefore(document.querySelector(first));
  range.setEndAfter(document.querySelector(last));
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}"""
WITHIN = """selector => {
  const formula = document.querySelector(selector);
  const letter = formula.querySelector("mi").firstChild;
  document.getSelection().setBaseAndExtent(letter, 0, letter, 1);
}"""
FORMULA = "#equation-bar-c"
BAR_C = r"\bar{c}^{(t)} = \bar{c}^{(t+1)} f^{(t+1)} + \bar{h}^{(t)} o^{(t)} \bigl(1 - \tanh^2(c^{(t)})\bigr)"


@pytest.fixture
def page(open_page):
    return open_page("lstm-gradient.html")


def put(page, body):
    """Put a body onto a page, with the styles and scripts that the site has; return the page."""
    page.evaluate("body => { document.querySelector('article').innerHTML = body; }", body)
    return page


def formula(tex, mathml, display=""):
    """Return a formula as the site has it."""
    annotation = f'<annotation encoding="application/x-tex">{tex}</annotation>'
    return f"<math{display}><semantics><mrow>{mathml}</mrow>{annotation}</semantics></math>"


INLINE = formula("x^2", "<msup><mi>x</mi><mn>2</mn></msup>")
DISPLAYED = formula("y", "<mi>y</mi>", ' display="block"')
TEXT = f"<p id='one'>Take {INLINE} first.</p><div class='equation'><div class='math-block'>{DISPLAYED}</div></div>"


def test_a_selection_is_copied_with_tex_within_its_words(page):
    put(page, f"{TEXT}<p id='two'>Then the rest.</p>").evaluate(SELECT, ["#one", "#two"])
    copied = page.evaluate(COPIED)
    lines = [line.strip() for line in copied["text/plain"].splitlines() if line.strip()]
    assert lines == ["Take $x^2$ first.", "$$y$$", "Then the rest."]
    assert "$x^2$" in copied["text/html"]
    assert "<math" not in copied["text/html"]
    assert page.locator("body > div[style*='-9999px']").count() == 0


def test_a_part_of_a_formula_is_copied_as_the_whole_of_it(page):
    put(page, TEXT).evaluate(WITHIN, "#one math")
    assert page.evaluate(COPIED)["text/plain"].strip() == "$x^2$"


def test_words_without_a_formula_are_copied_as_ever(page):
    put(page, "<p id='one'>Words.</p>").evaluate(SELECT, ["#one", "#one"])
    assert not page.evaluate(COPIED)["prevented"]


def test_numbers_and_buttons_are_not_copied(page):
    page.evaluate(SELECT, [f"{FORMULA} math", f"{FORMULA} .eqno"])
    assert page.evaluate(COPIED)["text/plain"].split() == f"$${BAR_C}$$ (1.5)".split()


def test_a_button_copies_the_tex_of_a_formula(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator(f"{FORMULA} button")
    assert button.get_attribute("aria-live") == "polite"
    button.click()
    assert button.inner_text() == "Copied"
    assert page.evaluate("navigator.clipboard.readText()") == BAR_C


def test_the_button_is_shown_when_it_is_pointed_at_or_reached_by_keyboard(page):
    shown = f"getComputedStyle(document.querySelector('{FORMULA} button')).opacity"
    page.mouse.move(0, 0)
    assert page.evaluate(shown) == "0"
    page.locator(f"{FORMULA} .math-block").hover()
    assert page.evaluate(shown) == "1"
    page.mouse.move(0, 0)
    page.locator(f"{FORMULA} .headerlink").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Copy TeX"
    assert page.evaluate(shown) == "1"
    page.keyboard.press("Enter")
    assert page.locator(f"{FORMULA} button").inner_text() == "Copied"


def test_a_finger_selects_a_formula_and_finds_no_button_in_its_way(browser, address):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/lstm-gradient.html")
    under = "([x, y]) => document.elementFromPoint(x, y).className"
    page.locator(FORMULA).scroll_into_view_if_needed()
    box = page.locator(f"{FORMULA} button").bounding_box()
    assert page.evaluate(under, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]) != "copy"
    page.evaluate(SELECT, [f"{FORMULA} math", f"{FORMULA} math"])
    assert page.evaluate(COPIED)["text/plain"].strip() == f"$${BAR_C}$$"
    context.close()


def test_no_barrier_is_found_where_a_button_is_shown(page):
    page.locator(f"{FORMULA} .math-block").hover()
    assert Axe().run(page, context=FORMULA).response["violations"] == []


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_number_stands_at_the_right_beside_its_formula(open_page, width):
    page = open_page("lstm-gradient.html", width=width)
    number, box = (page.locator(f"{FORMULA} {what}").bounding_box() for what in (".eqno", ".math-block"))
    whole = page.locator(FORMULA).bounding_box()
    assert box["x"] + box["width"] <= number["x"]
    assert abs(number["x"] + number["width"] - whole["x"] - whole["width"]) < 1
    assert number["y"] >= whole["y"]
    assert whole["x"] + whole["width"] <= width


def test_a_number_is_a_link_to_its_formula_and_cited_in_the_text(page):
    page.locator(f"{FORMULA} .math-block").hover()
    page.locator(f"{FORMULA} .headerlink").click()
    assert page.url.endswith(FORMULA)
    cited = page.locator(f"a[href='{FORMULA}']:not(.headerlink)").first
    assert cited.inner_text() == "(1.5)"
    assert page.locator(f"[id='{FORMULA[1:]}']").count() == 1


def test_superscripts_stand_alike_over_letters_with_bars_and_without(page):
    tops = page.evaluate("""() => {
      const article = document.querySelector("article");
      const bar = [...article.querySelectorAll("p > math msup")].find(e => e.querySelector("mover"));
      const plain = [...article.querySelectorAll("p > math msup")].find(e => !e.querySelector("mover"));
      const line = document.createElement("p");
      line.append(...[bar, plain, bar, plain].map((e, n) => {
        const math = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
        math.append(e.cloneNode(true));
        if (n > 1) for (const mi of math.querySelectorAll("mi")) if (mi.textContent === "h") mi.textContent = "c";
        return math;
      }));
      article.prepend(line);
      const raised = [...line.querySelectorAll("msup")].map(e => e.lastElementChild.getBoundingClientRect().top);
      const words = document.createElement("p");
      words.textContent = "h c";
      article.prepend(words);
      return { raised, height: line.getBoundingClientRect().height, words: words.getBoundingClientRect().height };
    }""")
    assert max(tops["raised"]) - min(tops["raised"]) < 0.5
    assert tops["height"] <= tops["words"] + 1


def test_a_bar_is_drawn_once(page):
    drawn = page.evaluate("""(() => {
      const bar = document.querySelector("article .bar");
      const [line, said] = [bar.querySelector("mspace"), bar.lastElementChild];
      return [getComputedStyle(line).borderTopStyle, line.getBoundingClientRect().width > 4,
        said.getBoundingClientRect().width, said.textContent];
    })()""")
    assert drawn == ["solid", True, 0, "¯"]


def test_primes_and_other_scripts_have_their_own_forms(page):
    forms = page.evaluate("""(() => {
      const primes = [...document.querySelectorAll("article mo")].filter(e => e.textContent === "′");
      return primes.map(e => getComputedStyle(e).fontFeatureSettings);
    })()""")
    assert forms
    assert {*forms} == {'"ssty"'}


def test_the_search_shows_a_formula_once(open_page):
    page = open_page("search.html")
    text = page.evaluate("html => Search.htmlToText(html)", f"<div role='main'>{INLINE} and {DISPLAYED}</div>")
    assert "".join(text.split()) == "x2andy"
