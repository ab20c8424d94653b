"""Every builder takes the site, without a warning, and what it writes leads somewhere."""

import gc
import os
import re
import shutil
import warnings
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx.util.inventory import InventoryFile

from links import dead_links, dead_references
from small_sites import CLAIM_LIST, ERRATUM, FLAWED, ROOT
from sphinx_build import sphinx_build

CONF = """extensions = ["claimcheck.sphinx"]
claimcheck_claims = "claims.toml"
project = "A site"
"""
HOLDS_IF = FLAWED.replace(":verdict: holds", ":verdict: holds if large") + ERRATUM
PAGE = f"""{HOLDS_IF}
## Again

See {{claim}}`sum`, {{eq}}`energy` and [](other.md#again).

| a | b | c |
|---|---|---|
| 1 | 2 | 3 |

```{{math}}
:label: energy
E = m c^2
```

```{{code-cell}} python
from claimcheck import Explorer

explorer = Explorer("it", {{"x": ["0", "1"]}}, alt="A point.", caption="Words.", says=["0.", "1."], start=[0])
explorer.panel(xlim=(0, 1), ylim=(0, 1)).points([[0], [1]], [[0], [1]])
explorer
```

```{{toctree}}
other
```
"""
OTHER = """# Another page

## Again

{claim}`sum` and {claimcheck:claim}`the sum <sum>`.

```{tally}
```

```{ledger} 1
```

```{errata} 1
```

```{nb-exec-table}
```
"""
EVERY = ["html", "dirhtml", "singlehtml", "booklet", "latex", "epub", "text"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name, text in {"conf.py": CONF, "claims.toml": CLAIM_LIST, "index.md": PAGE, "other.md": OTHER}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def built(site, builder, **options):
    """Build the site by Sphinx's test application, which knows what it warned of; return that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries will drop is no concern of this test
        app = SphinxTestApp(builder, srcdir=site, builddir=site / "_build", **options)
        try:
            app.build(force_all=bool(options.get("freshenv")))
        finally:
            app.cleanup()
    assert app.statuscode == 0
    return app


@pytest.mark.parametrize("builder", EVERY)
def test_a_site_is_built_without_a_warning_and_its_links_lead_somewhere(site, builder):
    assert built(site, builder).warning.getvalue() == ""
    assert wrong_in(site / "_build" / builder) == []


def wrong_in(folder):
    """Return what is wrong with what a builder wrote."""
    for page in folder.glob("*.xhtml"):
        ET.parse(page)  # noqa: S314  it was just written
    [*latex] = folder.glob("*.tex")
    return dead_links(folder) + [label for file in latex for label in dead_references(file.read_text("utf-8"))]


def test_a_book_holds_its_font_and_says_what_its_pages_hold(site):
    built(site, "epub")
    listed = (site / "_build" / "epub" / "content.opf").read_text("utf-8")
    assert 'href="_static/stix-two-math.woff2"' in listed
    assert 'properties="mathml svg"' in listed


def test_text_has_the_verdict_as_a_table_and_the_figure_in_words(site):
    built(site, "text")
    text = (site / "_build" / "text" / "index.txt").read_text("utf-8")
    assert "| small" in text
    assert "✗ fails" in text
    assert "A point. 0." in text


def test_a_booklet_of_a_site_that_names_no_pages_holds_all_of_them(site):
    built(site, "booklet")
    html = (site / "_build" / "booklet" / "index.html").read_text("utf-8")
    assert 'id="document-other"' in html
    assert "Not in this booklet" not in html


def test_the_claims_stand_in_the_contents_however_often_a_page_is_written(site):
    contents = []
    for fresh in (True, False, True):
        built(site, "html", freshenv=fresh)
        page = (site / "_build" / "html" / "index.html").read_text("utf-8")
        contents.append(page.count("claim-entry"))
    assert contents == [1, 1, 1]


def test_claims_are_found_by_the_search_and_by_other_sites(site):
    built(site, "html")
    index = (site / "_build" / "html" / "searchindex.js").read_text("utf-8")
    assert re.search(r'"Claim 1":\[\[0,\d+,1,"claim-sum","1: sum"\]\]', index)

    with (site / "_build" / "html" / "objects.inv").open("rb") as file:
        found = InventoryFile.load(file, "", lambda base, path: path)
    assert "sum" in found["claimcheck:statement"]


@pytest.mark.parametrize("builder", ["singlehtml", "booklet", "latex", "epub", "text"])
def test_this_site_is_built_by_every_builder(tmp_path_factory, builder):
    folder = Path(os.environ.get("BUILD", ROOT / "_build")).resolve()
    doctrees = tmp_path_factory.getbasetemp() / "doctrees"
    outputs = folder / "doctrees" / "executed"  # those of make html, if it ran
    target = tmp_path_factory.mktemp(builder)
    options = ["-c", ROOT, "-d", doctrees, "-D", f"nb_execution_cache_path={outputs}"]
    status, printed = sphinx_build(*options, "-b", builder, ROOT / "docs", target)
    assert status == 0, printed
    assert wrong_in(target) == []
    shutil.rmtree(target)


def test_a_container_of_a_reader_is_no_claim(site, tmp_path):
    shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("_build"))
    page = tmp_path / "site" / "index.md"
    page.write_text(page.read_text("utf-8") + "\n:::{container} claim\nWords.\n:::\n", encoding="utf-8")
    assert built(tmp_path / "site", "html").warning.getvalue() == ""


def test_what_libraries_drop_next_is_not_used(site):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", module=r"claimcheck\.")
        app = SphinxTestApp("html", srcdir=site, builddir=site / "_build", freshenv=True)
        app.build(force_all=True)
        app.cleanup()
    assert app.warning.getvalue() == ""


def test_what_a_conf_says_is_taken_and_what_it_leaves_open_is_set(site, tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns("_build"))
    (folder / "_static" / "more").mkdir(parents=True)
    (folder / "_static" / "more" / "own.css").write_text("/* mine */", encoding="utf-8")
    settled = 'nitpicky = False\nnb_execution_timeout = 30\nhtml_static_path = ["_static"]\nversion = "7"\n'
    (folder / "conf.py").write_text(CONF + settled, encoding="utf-8")
    built(folder, "html")
    app = built(folder, "html")
    assert app.warning.getvalue() == ""
    config = app.config
    assert (config.nitpicky, config.nb_execution_timeout, config.version) == (False, 30, "7")
    assert (config.pygments_style, config.nb_merge_streams) == ("a11y-high-contrast-light", True)
    assert (folder / "_build" / "html" / "_static" / "more" / "own.css").exists()
    assert (folder / "_build" / "html" / "_static" / "site.css").exists()


def test_the_code_of_a_dark_page_has_its_style(site):
    assert built(site, "html").config.pygments_dark_style == "github-dark"


def test_cells_that_ran_leave_nothing_open(site, tmp_path):
    shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("_build"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", ResourceWarning)
        app = SphinxTestApp("html", srcdir=tmp_path / "site", builddir=tmp_path / "site" / "_build")
        app.build()
        app.cleanup()
        gc.collect()
    assert not [str(warning.message) for warning in caught if "event loop" in str(warning.message)]
