"""Claims proved for every size: their theorems, folded, beside their verdicts, and the files of proofs as pages.

`claimcheck_proofs` in conf.py names the record that claimcheck.proofs writes. Its theorems are shown only while it is
of the proofs and the code that are here.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from claimcheck.claims import KINDS
from claimcheck.proofs.record import proved
from claimcheck.proofs.theorems import Theorem
from claimcheck.sphinx.definitions import Definition, definitions_in, in_scope, linked
from claimcheck.sphinx.domain import domain_of
from claimcheck.sphinx.previews import save

logger = logging.getLogger(__name__)

HAVE_PAGES = {"html", "dirhtml"}
"""The builders whose pages are files of their own, the files of proofs among them."""

NOTATION = "notation-of-proofs"
"""The label of the section, if a page has one, that explains how statements are read: each fold leads there."""

GREEK = {"alpha": "α", "beta": "β", "theta": "θ", "phi": "φ", "sigma": "σ"}
"""How letters are written that the comments of a file of Coq spell out."""


def theorems(config: Config) -> list[Theorem]:
    """Return what is proved of what is here now; nothing if conf.py names no record, or it is of something else."""
    root, record = Path(config.claimcheck_root), config.claimcheck_proofs
    return (proved_now(root / record, root) or []) if record else []


@cache
def proved_now(path: Path, root: Path) -> list[Theorem] | None:
    """Return the theorems of a record; None if what was proved is not what is here now."""
    with suppress(ValueError, SyntaxError, OSError, LookupError, TypeError):  # a file that can't be read, or no record
        return proved(path, root)
    return None


def theorems_of(config: Config, claim_id: str) -> list[Theorem]:
    """Return the theorems about a claim, in order."""
    return [one for one in theorems(config) if one.claim == claim_id]


def named_after_claim(found: list[Theorem]) -> Theorem:
    """Return of the theorems about a claim the one that bears its name; the first, if none does."""
    return min(found, key=lambda one: one.name != str(one.claim).replace("-", "_"))


def in_short(found: list[Theorem], verdict: str) -> str:
    """Return for what a claim is proved, up to the first comma or semicolon; and what of it, if not all."""
    proved = f"proved for {in_letters(re.split('[,;]', named_after_claim(found).covers)[0])}"
    return "".join(f"{words}, " for of, words in PROVED_OF.items() if verdict.startswith(of)) + proved


def in_letters(words: str) -> str:
    """Return words with the letters that they spell out.

    >>> in_letters("every alpha, and beta' too; alphabet")
    "every α, and β' too; alphabet"
    """
    return re.sub(rf"\b({'|'.join(GREEK)})\b", lambda name: GREEK[name[0]], words)


PROVED_OF = {"holds if": "on its condition", "slip": "as meant", "wrong": KINDS["instead"]}
"""What is proved of a claim that does not hold as it is, by how its verdict begins."""


class link(nodes.General, nodes.Inline, nodes.TextElement):  # type: ignore[misc]  # noqa: N801  nodes are named so
    """Words that lead to a line of a file of proofs, where that has a page."""


def link_to(theorem: Theorem, words: str) -> link:
    """Return words that lead to the line of a theorem."""
    return link("", words, page=page_of(theorem.file), line=theorem.line)


def link_in_short(found: list[Theorem], verdict: str) -> link:
    """Return for what a claim is proved, which leads to the theorem that bears its name."""
    return link_to(named_after_claim(found), in_short(found, verdict))


def link_to_file(file: str) -> link:
    """Return the name of a file of proofs, which leads there."""
    return link("", file, page=page_of(file), line=1)


def page_of(file: str) -> str:
    """Return the name of the page of a file of proofs."""
    return file.removesuffix(".v")


def show(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the theorems about each claim of a page beside its verdict, and have links lead to theorems."""
    has_pages = app.builder.name in HAVE_PAGES
    for block in list(doctree.findall(nodes.container)):
        found = theorems_of(app.config, block["decided"].id) if "decided" in block else []
        if not found:
            continue
        proved = in_short(found, block["decided"].text)
        if has_pages:
            block[0] = nodes.container("", block[0], *fold(app, page, found, proved), classes=["verdict-top"])
        else:
            block[0] += [nodes.Text(" "), nodes.inline("", f"({proved}: {found[0].file})")]
    for place in list(doctree.findall(link)):
        place.replace_self(reference(app, page, place) if has_pages else place.children)


def reference(app: Sphinx, page: str, place: link) -> nodes.reference:
    """Return the link from a page to a line of a file."""
    address = f"{app.builder.get_relative_uri(page, place['page'])}#line-{place['line']}"
    return nodes.reference("", "", *place.children, internal=True, refuri=address)


def notation(app: Sphinx, page: str) -> list[nodes.Node]:
    """Return a link to where it is explained how statements are read, if it is."""
    there, anchor, title = app.env.domains.standard_domain.labels.get(NOTATION, ("", "", ""))
    address = f"{app.builder.get_relative_uri(page, there)}#{anchor}" if there else ""
    return [nodes.paragraph("", "", nodes.reference("", title, internal=True, refuri=address))] if there else []


def fold(app: Sphinx, page: str, found: list[Theorem], proved: str) -> list[nodes.Node]:
    """Return the theorems under a line that says for what they are proved, and on paper where; a reader opens it."""
    on_paper = f'<span class="on-paper">: {escape(found[0].file)}</span>'
    start = f'<details class="proved"><summary>{escape(proved)}{on_paper}</summary>'
    inside = [node for one in found for node in statement(app, page, one)] + notation(app, page)
    return [nodes.raw("", start, format="html"), *inside, nodes.raw("", "</details>", format="html")]


def statement(app: Sphinx, page: str, theorem: Theorem) -> list[nodes.Node]:
    """Return what a theorem says in words, where it stands, and its statement, each name linked to its definition."""
    where = link_to(theorem, f"{theorem.file}, line {theorem.line}")
    file = app.builder.get_relative_uri(page, page_of(theorem.file))
    lines = text_of(app, theorem.file).splitlines(keepends=True)[: theorem.line - 1]
    addresses = {name: f"{file}#line-{one.line}" for name, one in in_scope("".join(lines)).items()}
    code = linked(lexed(app, stated(theorem)), stated(theorem), addresses)
    return [
        nodes.paragraph("", "", nodes.Text(f"{said(theorem)}: "), where),
        nodes.raw("", in_box(code), format="html"),
    ]


def said(theorem: Theorem) -> str:
    """Return what a theorem says in words, and for what."""
    return in_letters(f"{theorem.says} For {theorem.covers}")


def stated(theorem: Theorem) -> str:
    """Return the statement of a theorem under the hypotheses of its sections."""
    return "\n".join([*theorem.under, theorem.statement])


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each file of proofs, with the claims that its theorems are about; a link shows each theorem."""
    found = theorems(app.config) if app.builder.name in HAVE_PAGES else []
    for file in dict.fromkeys(one.file for one in found):
        its = [one for one in found if one.file == file]
        text = text_of(app, file)
        code = lexed(app, text, linespans="line")
        about = links_to_claims(app, page_of(file), {one.claim for one in its})
        shown = {f"line-{one.line}": preview(app, one) for one in its}
        shown |= {f"line-{one.line}": preview_of_definition(app, one) for one in definitions_in(text)}
        save(app, page_of(file), shown)
        body = f'<h1>{escape(file)}</h1>\n<p>{about}</p>\n<div class="highlight-coq notranslate proof">{code}</div>'
        yield page_of(file), {"title": file, "body": body}, "page.html"


def text_of(app: Sphinx, file: str) -> str:
    """Return the text of a file of proofs."""
    return Path(app.config.claimcheck_root, file).read_text(encoding="utf-8")


def lexed(app: Sphinx, text: str, **options: Any) -> str:
    """Return a text of Coq as HTML."""
    return str(app.builder.highlighter.highlight_block(text, "coq", **options))  # type: ignore[attr-defined]


def preview(app: Sphinx, theorem: Theorem) -> str:
    """Return what a theorem says, in words and as it is stated, as HTML."""
    return f"<p>{escape(said(theorem))}:</p>\n{in_box(lexed(app, stated(theorem)))}"


def preview_of_definition(app: Sphinx, definition: Definition) -> str:
    """Return a definition, with the comment above it, as HTML."""
    comment = f"<p>{escape(in_letters(definition.comment))}</p>\n" if definition.comment else ""
    return comment + in_box(lexed(app, definition.code))


def in_box(code: str) -> str:
    """Return code of Coq in the box that Sphinx puts around it."""
    return f'<div class="highlight-coq notranslate">{code}</div>'


def links_to_claims(app: Sphinx, page: str, claims: set[str | None]) -> str:
    """Return links to these claims, for a page that Sphinx does not read."""
    domain = domain_of(app.env)
    stated = [claim for claim in domain.all("claims") if claim.id in claims]
    links = [
        f'<a href="{app.builder.get_relative_uri(page, claim.page)}#claim-{claim.id}">'
        f"Claim {domain.number(claim.id)}</a>"
        for claim in stated
    ]
    return f"Theorems about {', '.join(links)}."


def say(app: Sphinx) -> None:
    """Say if there is a record, and it is of something else: then no page says that anything is proved."""
    if app.config.claimcheck_proofs and not theorems(app.config):
        logger.info("%s is not of this version: nothing is shown as proved", app.config.claimcheck_proofs)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the value, the theorems and the pages."""
    app.add_config_value("claimcheck_proofs", "", "env", [str])
    app.add_node(link)
    app.connect("builder-inited", say)
    app.connect("doctree-resolved", show)  # when reports are filled
    app.connect("html-collect-pages", pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
