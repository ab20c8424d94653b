"""Claims, the verdicts that the run gave them, and the errata, collected from all pages.

A page states a claim in a `claim` block, with the verdict that it publishes, and a cell below decides
it. The verdict travels among the cell's outputs as data of a type of its own, so it comes from the run
or from the cache of the run. From its cases the outcome follows anew; nothing else in it is believed.
When all pages are read, what is published must be what was decided, for every claim of the list.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from hw3.verify.checks import unbroken
from hw3.verify.claims import KINDS, MARKS, VERDICT_TYPE, ListedClaim, line_of, list_path, listed_claims, text_of

logger = logging.getLogger(__name__)

BEYOND = "B"
"""What stands for a problem's number in the claims that are ours and not the solution's."""

ERRATUM_PARTS = {
    "counterexample": "Smallest counterexample",
    "corrected": "As it should read",
    "natural": "Why the slip is natural",
}


def without_condition(text: str) -> str:
    """Return the verdict without its condition: "holds if β ≠ 0" is "holds if"."""
    return "holds if" if text.startswith("holds if ") else text


def css_name(text: str) -> str:
    """Return the verdict's outcome as it stands in the names of CSS classes: "holds if β ≠ 0" is "holds-if"."""
    return without_condition(text).replace(" ", "-")


def claim_number(claim_id: str) -> str:
    """Return the claim's number: its problem, and its place among the problem's claims in the list."""
    claims = listed_claims()
    if claim_id not in claims:
        return "?"
    problem = claims[claim_id].problem
    return f"{problem}.{[i for i, claim in claims.items() if claim.problem == problem].index(claim_id) + 1}"


def whereabouts(problem: int | str, part: str) -> str:
    """Return where a claim comes from: a part of a problem, or beyond the solution."""
    return "Beyond the solution" if problem == BEYOND else f"Problem {problem}, part {part}"


def badge(text: str) -> nodes.inline:
    """Return the verdict as a badge: a mark for the eye, and the words."""
    mark = nodes.inline("", MARKS.get(without_condition(text), "?") + " ", classes=["verdict-mark"])
    return nodes.inline("", "", mark, nodes.Text(text), classes=["badge", f"badge-{css_name(text)}"])


class claim_report(nodes.General, nodes.Element):  # noqa: N801  nodes are named so
    """A place that is filled when all pages are read; the module ledger says with what."""


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
            listed = ListedClaim("?", "?", ())
        number = claim_number(claim_id)
        node_id = f"claim-{claim_id}"
        domain = self.env.domains.standard_domain
        domain.note_hyperlink_target(node_id, self.env.docname, node_id, f"Claim {number}")

        title = nodes.inline("", f"Claim {number}", classes=["claim-number"])
        where = nodes.inline("", whereabouts(listed.problem, listed.part), classes=["claim-part"])
        name = nodes.literal("", claim_id, classes=["claim-id"])
        head = nodes.paragraph("", "", title, where, name, badge(published), classes=["claim-head"])
        block = nodes.container("", head, ids=[node_id], classes=["claim", f"claim-{css_name(published)}"])
        statement = self.parse_content_to_nodes()
        block += statement
        if listed.given:
            given = nodes.inline("", "Given: ", classes=["claim-given"])
            block += nodes.paragraph("", "", given, nodes.Text(f"{listed.given}."))
        claims.append(
            {
                "id": claim_id,
                "number": number,
                "problem": listed.problem,
                "part": listed.part,
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
        part = {"id": self.arguments[0], "part": self.name, "content": [*content]}
        parts.append(part | {"page": self.env.docname, "line": self.lineno})
        words = ERRATUM_PARTS[self.name]
        of_claim = nodes.inline("", f" (Claim {claim_number(self.arguments[0])})", classes=["claim-part"])
        title = nodes.paragraph("", "", nodes.strong("", words), of_claim, classes=["erratum-title"])
        if self.name == "corrected":
            content.append(claim_report(report="checked-instead", problem=self.arguments[0]))
        return [nodes.container("", title, *content, classes=["erratum", f"erratum-{self.name}"])]


class VerdictRenderer:
    """What MyST-NB is to show a verdict with, for every builder."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int]]] = [("*", VERDICT_TYPE, 1)]

    @staticmethod
    def handle_mime(_renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Return the verdict as a table; nothing for other types of data."""
        if inline or data.mime_type != VERDICT_TYPE:
            return None
        decided: dict[str, Any] = dict(data.content)  # type: ignore[call-overload]
        name = nodes.literal("", decided["id"], classes=["claim-id"])
        head = nodes.paragraph("", "", name, nodes.Text(" "), badge(decided_text(decided)), classes=["verdict-head"])
        place = {"ids": [f"verdict-{decided['id']}"], "classes": ["verdict"], "page_line": data.line or 0}
        return [nodes.container("", head, checks_table(decided), decided=decided, **place)]


def decided_text(decided: dict[str, Any]) -> str:
    """Return the verdict that follows from the cases of what a cell returned."""
    return text_of({case["name"]: case["passed"] for case in decided["cases"]})


def checks_table(decided: dict[str, Any]) -> nodes.table:
    """Return all checks of a verdict, a row each: what it is for, its name, its result, and the figure."""
    kinds = [kind for kind in KINDS if decided[kind]]
    columns = ["for", "case", "result", "evidence"][len(kinds) == 1 :]
    group = nodes.tgroup(
        "", *(nodes.colspec(colwidth=1, stub=int(word == "case")) for word in columns), cols=len(columns)
    )
    group += nodes.thead("", row([nodes.Text(word) for word in columns]))
    group += (body := nodes.tbody())
    for kind in kinds:
        for check in decided[kind]:
            result = "✓ passes" if check["passed"] else "✗ fails"
            words = [KINDS[kind], check["name"], result, unbroken(check["evidence"])][len(kinds) == 1 :]
            body += row([nodes.Text(word) for word in words], f"case-{'passed' if check['passed'] else 'failed'}")
    return nodes.table("", group, classes=["checks"])


def row(cells: list[nodes.Text], *classes: str) -> nodes.row:
    """Return a row of a table."""
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells), classes=list(classes))


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
    """Record the verdicts among the page's outputs."""
    found = records(app.env, "verdicts").setdefault(app.env.docname, [])
    for shown in doctree.findall(lambda node: isinstance(node, nodes.container) and "decided" in node):
        decided = shown["decided"]
        found.append(decided | {"text": decided_text(decided), "page": app.env.docname, "line": shown["page_line"]})


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
    for verdict in verdicts:
        check_checks(verdict, listed_claims().get(verdict["id"]))
    check_errata(claims, all_records(env, "errata"))
    text = Path(list_path()).read_text(encoding="utf-8")
    for missing in sorted(set(listed_claims()) - {claim["id"] for claim in claims}):
        place = f"{list_path()}:{line_of(text, missing)}"
        logger.warning("the claim %r of the list appears on no page", missing, location=place, type="claims")


def list_in_contents(app: Sphinx, env: BuildEnvironment) -> None:
    """Put each claim, with the mark of its verdict, under its section in the page's table of contents."""
    for page, claims in records(env, "claims").items():
        entries = {item[0][0].get("anchorname"): item for item in env.tocs[page].findall(nodes.list_item)}
        lists: dict[str, nodes.bullet_list] = {}
        for claim in claims:
            if claim["section"] not in entries:
                warn(claim, f"the claim {claim['id']!r} stands above the page's first heading")
                continue
            if claim["section"] not in lists:
                lists[claim["section"]] = nodes.bullet_list()
                entries[claim["section"]].insert(1, lists[claim["section"]])
            mark = MARKS.get(without_condition(claim["published"]), "?")
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


def check_checks(verdict: dict[str, Any], listed: ListedClaim | None) -> None:
    """Warn where a verdict lacks a check that the list asks for, or what is true instead, or one of these fails."""
    for kind in KINDS if listed else ():
        names = [check["name"] for check in verdict[kind]]
        for missing in sorted({*getattr(listed, kind)} - {*names}):
            warn(verdict, f"the verdict {verdict['id']!r} lacks {missing!r} among its {kind}")
        if len(names) != len({*names}):
            warn(verdict, f"the verdict {verdict['id']!r} has a name twice among its {kind}")
    for failed in [check for kind in ("instead", "readings") for check in verdict[kind] if not check["passed"]]:
        warn(verdict, f"the verdict {verdict['id']!r} says {failed['name']!r}, which fails: {failed['evidence']}")
    if verdict["text"] != "holds" and not verdict["instead"]:
        warn(verdict, f"the claim {verdict['id']!r} does not simply hold, and its verdict says nothing instead")


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


def refuse_unreadable_list(app: Sphinx) -> None:
    """Stop, with file, line and key, if the list of claims is not one: an exception would read like a bug of Sphinx."""
    try:
        listed_claims()
    except ValueError as error:
        sys.exit(str(error))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives, the role, the verdicts' table and the collection."""
    if VerdictRenderer not in load_mime_renders():
        load_mime_renders().append(VerdictRenderer)  # type: ignore[arg-type]
    app.connect("builder-inited", refuse_unreadable_list)
    app.add_directive("claim", ClaimDirective)
    for part in ERRATUM_PARTS:
        app.add_directive(part, ErratumPart)
    app.add_role("claim", ClaimRole())
    app.add_node(claim_report)
    app.connect("doctree-read", place_claims)
    app.connect("doctree-read", collect_verdicts)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-merge-info", merge_pages)
    app.connect("env-check-consistency", check_consistency)
    app.connect("env-check-consistency", list_in_contents)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
