from claimcheck.pages import FACT, cells_of, directives, outcomes, published, read

PAGE = """---
file_format: mystnb
---

# A page

:::{admonition} More
:class: dropdown

```{note}
Within.
```
:::

:::{claim} lstm-g-bar
:verdict: wrong

A claim.
:::

```{code-cell} python
:tags: [hide-input]

from claimcheck import agree, verdict

x = 1
```

```{code-cell} python
verdict("lstm-g-bar", {"univariate": agree(1, 1, 0), "vector with batch": agree(2, 2, 0)})
```

```{code-cell} python
verdict("mdrnn-order", {"as printed": agree(1, 1, 0)})
```

```{code-cell} python
raise SystemExit
```

```python
shown = "only"
```
"""


def page_of(folder, text=PAGE):
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_page_is_read_as_its_cells_and_its_directives(tmp_path):
    path = page_of(tmp_path)
    code = cells_of(path)
    assert code[0] == "from claimcheck import agree, verdict\n\nx = 1"
    assert len(code) == 4
    assert published(path) == {"lstm-g-bar": "wrong"}
    found = {(block.name, block.argument, block.nested) for block in directives(PAGE)}
    assert found >= {("{admonition}", "More", False), ("{note}", "", True), ("python", "", False)}


def test_a_directive_is_found_where_it_stands():
    lines = PAGE.splitlines()
    for block in directives(PAGE):
        assert lines[block.first - 1].lstrip(":`") == f"{block.name} {block.argument}".strip()
        assert set(lines[block.last - 1]) == set(block.fence)


def test_a_page_without_cells_is_no_notebook(tmp_path):
    path = page_of(tmp_path, "# Words\n")
    assert read(path) is None
    assert cells_of(path) == []


def test_the_cells_of_a_page_run_here_to_its_end(tmp_path):
    names = {}
    decided = list(outcomes(cells_of(page_of(tmp_path)), names))
    assert decided == [{}, {"lstm-g-bar": "holds"}, {"mdrnn-order": "raised"}, {FACT: "raised"}]
    assert names["x"] == 1
