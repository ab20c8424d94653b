"""Sites of a page or two, for the tests of the machinery."""

from pathlib import Path
from zipfile import ZipFile

from sphinx_build import sphinx_build

ROOT = Path(__file__).parents[1]
NOTEBOOK = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n"
CLAIM_LIST = """
[sum]
problem = 1
part = "a"
cases = ["small", "large"]
"""
CLAIM = """
:::{claim} sum
:verdict: holds

One and one is two.
:::
"""
VERDICT = """
```{code-cell} python
from claimcheck import agree, verdict

verdict("sum", {"small": agree(1 + 1, 2, 0), "large": agree(10 + 10, 20, 0)})
```
"""
GOOD = f"{NOTEBOOK}# A page\n{CLAIM}{VERDICT}"
FLAWED = GOOD.replace("agree(1 + 1, 2, 0)", "agree(1 + 1, 3, 0)").replace(
    "20, 0)})", '20, 0)}, {"true": agree(1, 1, 0)})'
)
ERRATUM = "".join(f"\n:::{{{part}}} sum\nWords.\n:::\n" for part in ("counterexample", "corrected", "natural"))
CONTENTS = "\n```{toctree}\nother\n```\n"
OTHER = "# Another page\n\n```{ledger} 1\n```\n"


def small_wheel(folder):
    """Write a wheel that holds nothing, but says what it is."""
    folder.mkdir(parents=True)
    with ZipFile(folder / "hw3-0.1.0-py3-none-any.whl", "w") as wheel:
        says = "Metadata-Version: 2.4\nName: hw3\nVersion: 0.1.0\nRequires-Python: >=3.11\n"
        wheel.writestr("hw3-0.1.0.dist-info/METADATA", says)


def build(folder, page, claims=CLAIM_LIST, options=("-E",), *, strict=True, **others):
    """Build a site of one page and the others by name; return the exit status and what was printed."""
    docs = folder / "docs"
    docs.mkdir(exist_ok=True)
    texts = {docs / f"{name}.md": text for name, text in {"index": page, **others}.items()}
    for path, text in (texts | {folder / "claims.toml": claims}).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    outputs = folder.parent / "executed"  # of all tests here: the same cells need not run twice
    values = {"nb_execution_cache_path": outputs, "claimcheck_claims": folder / "claims.toml", "claimcheck_proofs": ""}
    ours = ["-c", ROOT, "-d", folder / "doctrees", *(f"-D{name}={value}" for name, value in values.items())]
    return sphinx_build(*ours, *options, docs, folder / "html", strict=strict)


def build_together(folder, pages):
    """Build one site of all these pages, each with a claim of its own; return what was printed of each, by its name.

    What was printed is given as if the page had been alone: its file is index.md, and its claim `sum`.
    """
    numbers = {name: f"{n:02}" for n, name in enumerate(pages)}
    texts = {
        f"page{n}": pages[name].replace("} sum", f"}} sum{n}").replace('"sum"', f'"sum{n}"')
        for name, n in numbers.items()
    }
    listed = [n for n in numbers.values() if f"sum{n}" in texts[f"page{n}"]]
    claims = "".join(CLAIM_LIST.replace("[sum]", f"[sum{n}]") for n in listed)
    front = "# Front\n\n```{toctree}\n" + "\n".join(texts) + "\n```\n"
    status, printed = build(folder, front, claims, options=(), strict=False, **texts)
    assert status != 0
    lines = {n: [line for line in printed.splitlines() if f"page{n}.md:" in line] for n in numbers.values()}
    return {
        name: "".join(f"{line}\n" for line in lines[n]).replace(f"page{n}.md", "index.md").replace(f"sum{n}", "sum")
        for name, n in numbers.items()
    }
