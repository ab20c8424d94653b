"""A build reads the pages that changed, and writes all of them when what they share has changed.

Every page shows titles of others and links to their sections and claims; three show all claims. So a title,
a label, a verdict or a style sheet that changed is written into every page; a sentence into one.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from claims import all_records


def shared(env: BuildEnvironment, static: list[Path]) -> str:
    """Return a hash of all that pages show of each other."""
    labels = env.domains.standard_domain
    found = [
        sorted((page, title.astext()) for page, title in env.titles.items()),
        sorted(env.toctree_includes.items()),
        sorted(labels.labels.items()),
        sorted(labels.anonlabels.items()),
        [plain(record) for kind in ("claims", "verdicts", "errata") for record in all_records(env, kind)],
        [(path.name, sha256(path.read_bytes()).hexdigest()) for folder in static for path in sorted(folder.iterdir())],
    ]
    return sha256(repr(found).encode()).hexdigest()


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of a claim without its place, and with its text for the nodes."""
    texts = {
        name: [part.pformat() if isinstance(part, nodes.Node) else part for part in value]
        for name, value in record.items()
        if isinstance(value, list)
    }
    return {name: value for name, value in (record | texts).items() if name != "line"}


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all pages if what they share has changed since the last build, no more than are read if not."""
    before = getattr(env, "shared_by_pages", None)
    env.shared_by_pages = shared(env, [Path(app.confdir, folder) for folder in app.config.html_static_path])
    return [] if before == env.shared_by_pages else sorted(env.found_docs)


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
