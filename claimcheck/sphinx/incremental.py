"""A build reads the pages that changed, and writes all of them when what they share has changed.

Every page shows titles of others and links to their sections, claims and entries; three show all claims. So a title,
a label, a verdict or a style sheet that changed is written into every page; a sentence into one.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from claimcheck.sphinx.domain import FAULTS, domain_of
from claimcheck.sphinx.palette import style_sheet
from claimcheck.sphinx.proofs import theorems


def shared(env: BuildEnvironment, static: list[Path]) -> str:
    """Return a hash of all that pages show of each other."""
    labels = env.domains.standard_domain
    said = domain_of(env)
    found = [
        sorted((page, title.astext()) for page, title in env.titles.items()),
        sorted(env.toctree_includes.items()),
        sorted((page, sorted(env.metadata[page])) for page in env.found_docs),  # which pages have notebooks
        getattr(env, "wheel", None),
        sorted(labels.labels.items()),
        sorted(labels.anonlabels.items()),
        sorted(env.domains.python_domain.objects.items()),
        sorted(env.domains["math"].equations.items()),
        [record._replace(line=0) for kind in said.initial_data for record in said.all(kind)],
        [statements(env, page) for page in sorted(said.data["claims"])],
        [(path.name, sha256(path.read_bytes()).hexdigest()) for path in files_in([*static, env.srcdir / FAULTS])],
        style_sheet(),
        theorems(env.config),
    ]
    return sha256(repr(found).encode()).hexdigest()


def files_in(paths: list[Path]) -> list[Path]:
    """Return the files that the paths name, or that stand in folders that they name."""
    found = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return [file for file in found if file.is_file()]


def statements(env: BuildEnvironment, page: str) -> list[str]:
    """Return what a page's claims and errata say, without their places."""
    blocks = env.get_doctree(page).findall(nodes.container)
    return [block.pformat() for block in blocks if "states" in block or "corrects" in block]


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all pages if what they share has changed since the last build, no more than are read if not."""
    data = domain_of(env).data
    before = data.get("shared_by_pages")
    data["shared_by_pages"] = shared(env, [Path(app.confdir, folder) for folder in app.config.html_static_path])
    return [] if before == data["shared_by_pages"] else sorted(env.found_docs)


def drop_gone_pages(app: Sphinx, error: Exception | None) -> None:
    """Drop from the site the pages whose source is gone."""
    for doctree in app.doctreedir.rglob("*.doctree"):
        page = doctree.relative_to(app.doctreedir).with_suffix("").as_posix()
        if not error and page not in app.env.found_docs:
            doctree.unlink()
            (app.outdir / f"{page}.html").unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the choice of pages, and the dropping."""
    app.connect("env-updated", pages_to_write)
    app.connect("build-finished", drop_gone_pages)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
