"""Claims, the verdicts that the run gave them, and the errata, collected from all pages.

A page states a claim in a `claim` block, with the verdict that it publishes, and a cell below decides
it. The verdict travels in the cell's HTML output, so it comes from the run or from the cache of the
run, and reaches this process with the page, whichever process read that. When all pages are read, what
is published must be what was decided, for every claim of the list.
"""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from hw3.verify.claims import MARKS, list_path, listed_claims

logger = logging.getLogger(__name__)

BEYOND = "B"
"""What stands for a problem's number in the claims that are ours and not the solution's."""

ERRATUM_PARTS = {
    "counterexample": "Smallest counterexample",
    "corrected": "As it should read",
    "natural": "Why the slip is natural",
}


def outcome_of(text: str) -> str:
    """Return the verdict without its condition: "holds if β ≠ 0" is "holds if"."""
    return "holds if" if text.startswith("holds if ") else text


def css_name(text: str) -> str:
    """Return the verdict's outcome as it stands in the names of CSS classes: "holds if β ≠ 0" is "holds-if"."""
    return outcome_of(text).replace(" ", "-")


def claim_number(claim_id: str) -> str:
    """Return the claim's number: its problem, and its place among the problem's claims in the list."""
    claims = listed_claims()
    if claim_id not in claims:
        return "?"
    problem = claims[claim_id]["problem"]
    return f"{problem}.{[i for i, claim in claims.items() if claim['problem'] == problem].index(claim_id) + 1}"


def whereabouts(claim: dict[str, Any]) -> str:
    """Return where a claim of the list comes from: a part of a problem, or beyond the solution."""
    if claim["problem"] == BEYOND:
        return "Beyond the solution"
    return f"Problem {claim['problem']}, part {claim['part']}"


def badge(text: str) -> nodes.inline:
    """Return the verdict as a badge: a mark for the eye, and the words."""
    mark = nodes.inline("", MARKS.get(outcome_of(text), "?") + " ", classes=["verdict-mark"])
    return nodes.inline("", "", mark, nodes.Text(text), classes=["badge", f"badge-{css_name(text)}"])


class ClaimRole(SphinxRole):
    """{claim}`id`: a link to the claim, whose text is its number."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave a reference, to be resolved like any other."""
        reference = addnodes.pending_xref(
            self.rawtext,
            nodes.inline("", self.text, classes=["std", "std-ref"]),
            refdomain="std",
            reftype="ref",
            reftarget=f"claim-{self.text}",
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )
        self.set_source_info(reference)
        return [reference], []


class ClaimDirective(SphinxDirective):
    """`{claim} id` with the option `verdict`: what the written solution says, and what we publish of it."""

    required_arguments = 1
    has_content = True
    option_spec = {"verdict": str}  # noqa: RUF012  docutils' own protocol

    def run(self) -> list[nodes.Node]:
        """Record the claim and show it, with its number."""
        claim_id, published = self.arguments[0], self.options.get("verdict", "")
        claims = records(self.env, "claims").setdefault(self.env.docname, [])
        listed = listed_claims().get(claim_id)
        if listed is None:
            logger.warning("the list of claims has no %r", claim_id, location=self.get_location())
            listed = {"problem": "?", "part": "?"}
        number = claim_number(claim_id)
        node_id = f"claim-{claim_id}"
        domain = self.env.domains.standard_domain
        domain.note_hyperlink_target(node_id, self.env.docname, node_id, f"Claim {number}")

        title = nodes.inline("", f"Claim {number}", classes=["claim-number"])
        where = nodes.inline("", whereabouts(listed), classes=["claim-part"])
        name = nodes.literal("", claim_id, classes=["claim-id"])
        head = nodes.paragraph("", "", title, where, name, badge(published), classes=["claim-head"])
        block = nodes.container("", head, ids=[node_id], classes=["claim", f"claim-{css_name(published)}"])
        statement = self.parse_content_to_nodes()
        block += statement
        claims.append(
            {
                "id": claim_id,
                "number": number,
                "problem": listed["problem"],
                "part": listed["part"],
                "published": published,
                "statement": statement,
                "page": self.env.docname,
                "line": self.lineno,
            }
        )
        return [block]


class ErratumPart(SphinxDirective):
    """A part of a claim's erratum, named by the directive; shown here and again among the errata."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Record the part."""
        content = self.parse_content_to_nodes()
        parts = records(self.env, "errata").setdefault(self.env.docname, [])
        part = {"id": self.arguments[0], "part": self.name, "content": content}
        parts.append(part | {"page": self.env.docname, "line": self.lineno})
        words = ERRATUM_PARTS[self.name]
        of_claim = nodes.inline("", f" (Claim {claim_number(self.arguments[0])})", classes=["claim-part"])
        title = nodes.paragraph("", "", nodes.strong("", words), of_claim, classes=["erratum-title"])
        return [nodes.container("", title, *content, classes=["erratum", f"erratum-{self.name}"])]


class VerdictParser(HTMLParser):
    """Finds the verdict that a piece of HTML carries."""

    def __init__(self) -> None:
        super().__init__()
        self.verdicts: list[dict[str, Any]] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a verdict's element says of itself."""
        if data := dict(attrs).get("data-verdict"):
            self.verdicts.append(json.loads(data))


def place_claims(app: Sphinx, doctree: nodes.document) -> None:
    """Record the section that each of the page's claims stands in, as the table of contents names it."""
    sections = {}
    for block in doctree.findall(lambda node: isinstance(node, nodes.container) and "claim" in node.get("classes", [])):
        section = block.parent
        while section.parent is not None and not isinstance(section, nodes.section):
            section = section.parent
        sections[block["ids"][0]] = "" if section.parent in (None, doctree) else f"#{section['ids'][0]}"
    for claim in records(app.env, "claims").get(app.env.docname, []):
        claim["section"] = sections[f"claim-{claim['id']}"]


def collect_verdicts(app: Sphinx, doctree: nodes.document) -> None:
    """Record the verdicts among the page's outputs, and give each an anchor to link to."""
    found = records(app.env, "verdicts").setdefault(app.env.docname, [])
    for raw in doctree.findall(nodes.raw):
        if raw.get("format") != "html" or "data-verdict" not in raw.astext():
            continue
        parser = VerdictParser()
        parser.feed(raw.astext())
        cell = raw
        while cell.parent is not None and "cell" not in cell.get("classes", []):
            cell = cell.parent
        for verdict in parser.verdicts:
            found.append(verdict | {"page": app.env.docname, "line": cell.line or raw.line or 0})


def records(env: BuildEnvironment, kind: str) -> dict[str, list[dict[str, Any]]]:
    """Return what was collected of that kind, by page."""
    if not hasattr(env, "claim_records"):
        env.claim_records = {"claims": {}, "verdicts": {}, "errata": {}}
    kinds: dict[str, dict[str, list[dict[str, Any]]]] = env.claim_records
    return kinds[kind]


def all_records(env: BuildEnvironment, kind: str) -> list[dict[str, Any]]:
    """Return what was collected of that kind on all pages, in the order of the list of claims."""
    order = list(listed_claims())
    flat = [record for page in sorted(records(env, kind)) for record in records(env, kind)[page]]
    return sorted(flat, key=lambda r: order.index(r["id"]) if r["id"] in order else len(order))


def forget_page(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what a page that is read again had said."""
    for kind in ("claims", "verdicts", "errata"):
        records(env, kind).pop(docname, None)


def merge_pages(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Take over what another process collected."""
    for kind in ("claims", "verdicts", "errata"):
        records(env, kind).update({page: r for page, r in records(other, kind).items() if page in docnames})


def check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn, and so fail the build, wherever pages, verdicts and the list of claims differ."""
    claims, verdicts = all_records(env, "claims"), all_records(env, "verdicts")
    check_unique("claim", claims)
    check_unique("verdict", verdicts)
    ran = [claim for claim in claims if claim["page"] not in env.failed_pages]
    check_verdicts({key(claim): claim for claim in ran}, {key(verdict): verdict for verdict in verdicts})
    check_errata(claims, all_records(env, "errata"))
    lines = Path(list_path()).read_text(encoding="utf-8").splitlines()
    for missing in sorted(set(listed_claims()) - {claim["id"] for claim in claims}):
        place = f"{list_path()}:{lines.index(f'[{missing}]') + 1}"
        logger.warning("the claim %r of the list appears on no page", missing, location=place, type="claims")


def list_in_contents(app: Sphinx, env: BuildEnvironment) -> None:
    """Put each claim, with the mark of its verdict, under its section in the page's table of contents."""
    for page, claims in records(env, "claims").items():
        entries = {item[0][0].get("anchorname"): item for item in env.tocs[page].findall(nodes.list_item)}
        lists: dict[str, nodes.bullet_list] = {}
        for claim in claims:
            if claim["section"] not in lists:
                lists[claim["section"]] = nodes.bullet_list()
                entries[claim["section"]].insert(1, lists[claim["section"]])
            mark = MARKS.get(outcome_of(claim["published"]), "?")
            words = [
                nodes.inline("", mark, classes=["badge", f"badge-{css_name(claim['published'])}"]),
                nodes.Text(f" {claim['number']} {claim['id']}"),
                nodes.inline("", f": {claim['published']}", classes=["visually-hidden"]),
            ]
            reference = nodes.reference(
                "", "", *words, internal=True, refuri=page, anchorname=f"#claim-{claim['id']}", classes=["claim-entry"]
            )
            lists[claim["section"]] += nodes.list_item("", addnodes.compact_paragraph("", "", reference))


def warn(record: dict[str, Any], message: str) -> None:
    """Warn, naming the page and the line of the record."""
    logger.warning("%s", message, location=(record["page"], record["line"]), type="claims")


def key(record: dict[str, Any]) -> tuple[str, str]:
    """Return what a claim and its verdict have in common."""
    return record["page"], record["id"]


def check_unique(kind: str, found: list[dict[str, Any]]) -> None:
    """Warn where an id is used again."""
    seen: set[str] = set()
    for record in found:
        if record["id"] in seen:
            warn(record, f"a second {kind} for {record['id']!r}")
        seen.add(record["id"])


def check_verdicts(
    stated: dict[tuple[str, str], dict[str, Any]], decided: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """Warn where a claim and its verdict are not on one page, or what is published is not what was decided."""
    for where, claim in stated.items():
        if where not in decided:
            warn(claim, f"the claim {claim['id']!r} has no verdict on this page")
        elif claim["published"] != (text := decided[where]["text"]):
            warn(claim, f"the claim {claim['id']!r} is published as {claim['published']!r}, but the run says {text!r}")
    for where, verdict in decided.items():
        if where not in stated:
            warn(verdict, f"the verdict {verdict['id']!r} has no claim on this page")


def check_errata(claims: list[dict[str, Any]], errata: list[dict[str, Any]]) -> None:
    """Warn where a claim that does not simply hold lacks a part of its erratum, or one that holds has one."""
    flawed = {claim["id"]: claim for claim in claims if claim["published"] != "holds"}
    parts = {(part["id"], part["part"]) for part in errata}
    for claim_id, claim in flawed.items():
        for part in ERRATUM_PARTS:
            if (claim_id, part) not in parts:
                warn(claim, f"the claim {claim_id!r} does not simply hold, and has no {part!r}")
    for part in errata:
        if part["id"] not in flawed:
            warn(part, f"{part['part']!r} stands for {part['id']!r}, which is no claim with an erratum")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives, the role and the collection."""
    app.add_directive("claim", ClaimDirective)
    for part in ERRATUM_PARTS:
        app.add_directive(part, ErratumPart)
    app.add_role("claim", ClaimRole())
    app.connect("doctree-read", place_claims)
    app.connect("doctree-read", collect_verdicts)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-merge-info", merge_pages)
    app.connect("env-check-consistency", check_consistency)
    app.connect("env-check-consistency", list_in_contents)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
