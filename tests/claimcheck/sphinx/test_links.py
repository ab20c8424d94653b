"""Names in code lead to the reference; what a link leads to can be shown at the link; pages can be found."""

import re

import pytest

from links import previews
from small_sites import CONTENTS, GOOD, NOTEBOOK, build

REFERENCE = """# Another page

```{py:function} tool.forward(x)
:no-typesetting:
```

```{py:function} tool.backward(x)
Goes **back**.

And more.
```

```{py:module} tool
```

$$E = m c^2$$ (energy)

$$F = m a$$
"""
CODE = """
```python
import tool.x
import tool as t, tool
from tool import backward, forward as onwards
```

```python
t.backward(onwards(1)).tool.backward
t.backward(onwards(2))
def shown(forward):
    return forward("tool.backward")
```

```text
tool.backward
```
"""


def links(folder, page="index"):
    """Return the words and the targets of the links in a page's code."""
    html = (folder / "html" / f"{page}.html").read_text(encoding="utf-8")
    found = re.findall(r'<a class="code-link" href="([^"]*)">(.*?)</a>', html)
    return [(re.sub("<[^>]*>", "", text), target) for target, text in found]


def test_names_lead_to_their_entries_once_in_a_block(tmp_path):
    page = f"# A page\n{CODE}{CONTENTS}"
    status, printed = build(tmp_path, page, "", other=REFERENCE)
    assert status == 0, printed
    module, back, on = (f"other.html#{anchor}" for anchor in ("module-tool", "tool.backward", "tool.forward"))
    assert links(tmp_path) == [
        *[("tool", module), ("backward", back), ("onwards", on)],
        *[("t.backward", back), ("onwards", on)],
    ]


@pytest.mark.parametrize(
    "code",
    [
        "for t in []:\n    onwards = t",
        "class t: ...\ndef onwards(): ...",
        "from elsewhere import t, onwards",
    ],
)
def test_a_name_that_is_bound_to_something_else_too_leads_nowhere(tmp_path, code):
    page = f"# A page\n{CODE}\n```python\n{code}\n```\n{CONTENTS}"
    status, printed = build(tmp_path, page, "", other=REFERENCE)
    assert status == 0, printed
    assert [text for text, _ in links(tmp_path)] == ["tool", "backward"]


def test_an_entry_that_goes_takes_its_links_along(tmp_path):
    front = f"# A page\n{CONTENTS}".replace("other\n", "other\nthird\n")
    third = f"# Third\n{CODE}"
    build(tmp_path, front, "", other=REFERENCE, third=third)
    build(tmp_path, front, "", options=(), other=REFERENCE.replace("tool.forward", "tool.onwards"), third=third)
    assert [text for text, _ in links(tmp_path, "third")] == ["tool", "backward", "t.backward"]


def test_a_claim_that_an_output_names_is_linked_if_there_is_one(tmp_path):
    cell = """
```{code-cell} python
from IPython.display import HTML
HTML("".join(f'<p>See <span data-claim="{name}">{name}</span>.</p>' for name in ("sum", "elsewhere")))
```
"""
    other = f"{NOTEBOOK}# Another page\n{cell}"
    status, printed = build(tmp_path, GOOD + CONTENTS, other=other)
    assert status == 0, printed
    html = (tmp_path / "html" / "other.html").read_text(encoding="utf-8")
    assert 'See <a class="reference internal" href="index.html#claim-sum">sum</a>.' in html
    assert "See elsewhere." in html


def test_claims_formulas_and_entries_can_be_shown_at_a_link(tmp_path):
    status, printed = build(tmp_path, GOOD + CONTENTS, other=REFERENCE)
    assert status == 0, printed
    assert previews(tmp_path, "index") == {
        "claim-sum": "Claim 1.1 sum ✓ holds Problem 1, part a One and one is two.",
    }
    assert previews(tmp_path, "other") == {
        "tool.backward": "tool. backward ( x ) Goes back .",
        "equation-energy": "E = m c 2 (1)",
    }
    assert 'id="' not in (tmp_path / "html" / "_static" / "previews" / "other.js").read_text("utf-8")
