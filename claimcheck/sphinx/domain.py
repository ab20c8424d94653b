"""The claims of a site, as a domain of Sphinx: directives, references, and the check of all that was decided.

A page states a claim in a `claim` block, with the verdict that it publishes, and a cell below decides it. The verdict
travels among the cell's outputs as data of a type of its own, so it comes from the run or from the cache of the run.
From its cases the outcome follows anew; nothing else in it is believed. At every build, what is published must be what
was decided, for every claim of the list.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from claimcheck.checks import unbroken
from claimcheck.claims import CLAIMS_FILE, KINDS, MARKS, VERDICT_TYPE, ListedClaim, line_of, listed_claims, text_of

logger = logging.getLogger(__name__)

BEYOND = "B"
"""What stands for a problem's number in the claims that are ours and not the solution's."""

FAULTS = "faults.json"
"""What planting faults found, beside the pages: see claimcheck.faults. A site without it says nothing of faults."""

ERRATUM_PARTS = {
    "counterexample": "Smallest counterexample",
    "corrected": "As it should read",
    "natural": "Why the slip is natural",
}


class Claim(NamedTuple):
    """A claim that a page states, and the verdict that it publishes."""

    id: str
    page: str
    line: int
    published: str


class Decided(NamedTuple):
    """A verdict among a page's outputs: its checks of each kind, each with its name, whether it passed, and why."""

    id: str
    page: str
    line: int
    checks: dict[str, list[dict[str, Any]]]

    @property
    def text(self) -> str:
        """The verdict that follows from the cases."""
        return text_of({case["name"]: case["passed"] for case in self.checks["cases"]})


class ErratumPart(NamedTuple):
    """A part of a claim's erratum."""

    id: str
    page: str
    line: int
    part: str


Records = dict[str, list[Any]]


class ClaimDomain(Domain):
    """What all pages claim, what was decided, and the errata; by page."""

    name = "claimcheck"
    label = "Claims"
    object_types: ClassVar[dict[str, ObjType]] = {"statement": ObjType("claim", "claim", "verdict")}  # not "claim", or
    # the search would take claim-ID for short of the words that it shows, and link to an anchor that is not there
    initial_data: ClassVar[dict[str, Records]] = {"claims": {}, "verdicts": {}, "errata": {}}
    dangling_warnings: ClassVar[dict[str, str]] = {"claim": "no page states the claim %(target)r"}
    data_version = 1

    @property
    def list_path(self) -> str:
        """Where the list of claims stands."""
        return list_path_of(self.env.config)

    @property
    def listed(self) -> Mapping[str, ListedClaim]:
        """The list of claims."""
        return listed_claims(self.list_path)

    def note(self, kind: str, record: Claim | Decided | ErratumPart) -> None:
        """Record what a page says."""
        self.data[kind].setdefault(record.page, []).append(record)

    def all(self, kind: str) -> list[Any]:
        """Return what all pages say of that kind, in the order of the list of claims."""
        order = {claim: n for n, claim in enumerate(self.listed)}
        flat = [record for page in sorted(self.data[kind]) for record in self.data[kind][page]]
        return sorted(flat, key=lambda record: order.get(record.id, len(order)))

    def number(self, claim_id: str) -> str:
        """Return a claim's number: its problem, and its place among the problem's claims in the list."""
        if claim_id not in self.listed:
            return "?"
        problem = self.listed[claim_id].problem
        siblings = [name for name, claim in self.listed.items() if claim.problem == problem]
        return f"{problem}.{siblings.index(claim_id) + 1}"

    def title(self, claim_id: str) -> str:
        """Return a claim in a few words: its title in the list, or its id if it has none."""
        return (claim_id in self.listed and self.listed[claim_id].title) or claim_id

    def clear_doc(self, docname: str) -> None:
        """Drop what a page that is read again had said."""
        for records in self.data.values():
            if isinstance(records, dict):
                records.pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for kind in self.initial_data:
            self.data[kind] |= {page: records for page, records in otherdata[kind].items() if page in docnames}

    def resolve_xref(  # noqa: PLR0917  Sphinx's own protocol
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Return a link to a claim or to its verdict; the text is the claim's number if none was given."""
        for claim in self.all("claims"):
            if claim.id == target:
                if not node.get("refexplicit"):
                    contnode = nodes.inline("", f"Claim {self.number(target)}")
                return make_refnode(builder, fromdocname, claim.page, f"{typ}-{target}", contnode)
        return None

    def resolve_any_xref(  # noqa: PLR0917  the same
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Return a link to the claim of that id, if there is one."""
        found = self.resolve_xref(env, fromdocname, builder, "claim", target, node, contnode)
        return [("claimcheck:claim", found)] if found else []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield each claim for the search and for the inventory."""
        for claim in self.all("claims"):
            words = f"Claim {self.number(claim.id)}: {self.title(claim.id)}"
            yield claim.id, words, "statement", claim.page, f"claim-{claim.id}", 1


def domain_of(env: BuildEnvironment) -> ClaimDomain:
    """Return the site's claims."""
    domain = env.domains["claimcheck"]
    assert isinstance(domain, ClaimDomain)  # noqa: S101  for the type alone
    return domain


def list_path_of(config: Config) -> str:
    """Return where the list of claims stands that conf.py names: claims.toml beside it, if it names none."""
    return str(Path(config.claimcheck_root, config.claimcheck_claims))


# What a page shows


def without_condition(text: str) -> str:
    """Return the verdict without its condition: "holds if β ≠ 0" is "holds if"."""
    return "holds if" if text.startswith("holds if ") else text


def css_name(text: str) -> str:
    """Return the verdict's outcome as it stands in the names of CSS classes: "holds if β ≠ 0" is "holds-if"."""
    return without_condition(text).replace(" ", "-")


def whereabouts(listed: ListedClaim) -> str:
    """Return where a claim comes from: a part of a problem, or beyond the solution."""
    return "Beyond the solution" if listed.problem == BEYOND else f"Problem {listed.problem}, part {listed.part}"


def badge(text: str) -> nodes.inline:
    """Return the verdict as a badge: a mark for the eye, and the words."""
    mark = nodes.inline("", MARKS.get(without_condition(text), "?") + " ", classes=["verdict-mark"])
    words = re.sub(r" ([=≠<>≤≥]) ", "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", text)  # "β ≠ 0" stays on one line
    return nodes.inline("", "", mark, nodes.Text(words), classes=["badge", f"badge-{css_name(text)}"])


class claim_report(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801  nodes are named so
    """A place that is filled when all pages are read; the module ledger says with what."""


class ClaimDirective(SphinxDirective):
    """`{claim} id` with the option `verdict`: what the written solution says, and what we publish of it."""

    required_arguments = 1
    has_content = True
    option_spec = {"verdict": directives.unchanged}  # noqa: RUF012  docutils' own protocol

    def run(self) -> list[nodes.Node]:
        """Record the claim and show it, with its number."""
        claim_id, published = self.arguments[0], self.options.get("verdict", "")
        domain = domain_of(self.env)
        if not published:
            logger.warning("the claim %r publishes no verdict", claim_id, location=self.get_location())
        listed = domain.listed.get(claim_id)
        if listed is None:
            logger.warning("the list of claims has no %r", claim_id, location=self.get_location())
            listed = ListedClaim("?", "?", ())
        domain.note("claims", Claim(claim_id, self.env.docname, self.lineno, published))
        self.env.note_dependency(domain.list_path)

        number = nodes.inline("", f"Claim {domain.number(claim_id)}", classes=["claim-number"])
        title = nodes.inline("", domain.title(claim_id), classes=["claim-title"])
        where = nodes.inline("", whereabouts(listed), classes=["claim-part"])
        head = nodes.paragraph("", "", number, title, badge(published), where, classes=["claim-head"])
        block = nodes.container("", head, ids=[f"claim-{claim_id}"], classes=["claim", f"claim-{css_name(published)}"])
        block["states"] = claim_id
        block += self.parse_content_to_nodes()
        if listed.given:
            given = nodes.inline("", "Given: ", classes=["claim-given"])
            block += nodes.paragraph("", "", given, nodes.Text(f"{listed.given}."))
        return [block]


class ClaimRole(XRefRole):
    """{claim}`id`: a link to the claim, whose text is its number."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave a reference into the domain, under the role's short name too."""
        self.name = "claimcheck:claim"
        return super().run()


class ErratumDirective(SphinxDirective):
    """A part of a claim's erratum, named by the directive; shown here and again among the errata."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Record the part and show it."""
        claim_id, domain = self.arguments[0], domain_of(self.env)
        domain.note("errata", ErratumPart(claim_id, self.env.docname, self.lineno, self.name))
        of_claim = nodes.inline("", f" (Claim {domain.number(claim_id)})", classes=["claim-part"])
        title = nodes.paragraph("", "", nodes.strong("", ERRATUM_PARTS[self.name]), of_claim, classes=["erratum-title"])
        block = nodes.container("", title, classes=["erratum", f"erratum-{self.name}"], corrects=(claim_id, self.name))
        block += self.parse_content_to_nodes()
        if self.name == "corrected":
            block += claim_report(report="checked-instead", of=claim_id, page=self.env.docname)
        return [block]


class VerdictRenderer:
    """What MyST-NB is to show a verdict with, for every builder."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int]]] = [("*", VERDICT_TYPE, 1)]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Return the verdict as a table; nothing for other types of data."""
        if inline or data.mime_type != VERDICT_TYPE:
            return None
        content: dict[str, Any] = dict(data.content)
        decided = Decided(content["id"], "", data.line or 0, {kind: content[kind] for kind in KINDS})
        number = domain_of(renderer.renderer.sphinx_env).number(decided.id)
        name = nodes.strong("", f"Claim {number}")
        head = nodes.paragraph("", "", name, nodes.Text(" "), badge(decided.text), classes=["verdict-head"])
        place = {"ids": [f"verdict-{decided.id}"], "classes": ["verdict"]}
        return [nodes.container("", head, checks_table(decided), decided=decided, **place)]


def checks_table(decided: Decided) -> nodes.table:
    """Return all checks of a verdict, a row each: what it is for, its name, its result, and the figure."""
    kinds = [kind for kind in KINDS if decided.checks[kind]]
    columns = ["for", "case", "result", "evidence"][len(kinds) == 1 :]
    rows = []
    for kind in kinds:
        for check in decided.checks[kind]:
            result = "✓ passes" if check["passed"] else "✗ fails"
            words = [KINDS[kind], check["name"], result, unbroken(check["evidence"])][len(kinds) == 1 :]
            rows.append(row(map(nodes.Text, words), f"case-{'passed' if check['passed'] else 'failed'}"))
    return table({column: WIDTHS[column] for column in columns}, rows, stub="case", name="checks")


WIDTHS = {"for": 12, "case": 25, "result": 9, "evidence": 46}
"""Of a verdict's table, in characters, where a table is text."""


def table(widths: Mapping[str, int], rows: list[nodes.row], stub: str, name: str) -> nodes.table:
    """Return a table with these columns, of which one names the rows; its style goes by the table's name."""
    specs = [nodes.colspec(colwidth=width, stub=int(column == stub)) for column, width in widths.items()]
    head, body = nodes.thead("", row(map(nodes.Text, widths))), nodes.tbody("", *rows)
    return nodes.table("", nodes.tgroup("", *specs, head, body, cols=len(specs)), classes=[name])


def row(cells: Iterable[nodes.Node], *classes: str) -> nodes.row:
    """Return a row of a table."""
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells), classes=list(classes))


def note_verdicts(app: Sphinx, doctree: nodes.document) -> None:
    """Record the verdicts among the page's outputs."""
    for shown in doctree.findall(lambda node: isinstance(node, nodes.container) and "decided" in node):
        domain_of(app.env).note("verdicts", shown["decided"]._replace(page=app.env.docname))


def list_in_contents(app: Sphinx, doctree: nodes.document) -> None:
    """Put each claim, with the mark of its verdict, under its section in the page's table of contents."""
    page, domain = app.env.docname, domain_of(app.env)
    entries: dict[str | None, nodes.list_item] = {
        item[0][0].get("anchorname"): item for item in app.env.tocs[page].findall(nodes.list_item)
    }
    lists: dict[str | None, nodes.bullet_list] = {}
    blocks = {block["states"]: block for block in doctree.findall(nodes.container) if "states" in block}
    for claim in domain.data["claims"].get(page, []):
        if claim.id not in blocks:
            warn(claim, f"the claim {claim.id!r} stands where it is not shown")
            continue
        section = section_of(blocks[claim.id])
        if section not in entries:
            warn(claim, f"the claim {claim.id!r} stands above the page's first heading")
            continue
        if section not in lists:
            lists[section] = nodes.bullet_list()
            entries[section].insert(1, lists[section])
        words = [
            nodes.inline("", MARKS.get(without_condition(claim.published), "?"), classes=["badge", badge_class(claim)]),
            nodes.Text(f" {domain.number(claim.id)} {domain.title(claim.id)}"),
            nodes.inline("", f": {claim.published}", classes=["visually-hidden"]),
        ]
        reference = nodes.reference(
            "", "", *words, internal=True, refuri=page, anchorname=f"#claim-{claim.id}", classes=["claim-entry"]
        )
        lists[section] += nodes.list_item("", addnodes.compact_paragraph("", "", reference))


def badge_class(claim: Claim) -> str:
    """Return the class of a claim's badge."""
    return f"badge-{css_name(claim.published)}"


def section_of(block: nodes.Element) -> str | None:
    """Return the anchor of the section that a block stands in, as the table of contents names it."""
    section = block.parent
    while section is not None and not isinstance(section, nodes.section):
        section = section.parent
    if section is None:
        return None
    return "" if isinstance(section.parent, nodes.document) else f"#{section['ids'][0]}"


# What must agree


def check(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Warn, and so fail the build, wherever pages, verdicts and the list of claims differ; have no page written."""
    domain = domain_of(env)
    claims, verdicts = domain.all("claims"), domain.all("verdicts")
    check_unique("claim", claims)
    check_unique("verdict", verdicts)
    failed = env.failed_pages  # type: ignore[attr-defined]
    ran = [claim for claim in claims if claim.page not in failed and claim.published]
    check_verdicts({key(claim): claim for claim in ran}, {key(verdict): verdict for verdict in verdicts})
    for verdict in verdicts:
        check_checks(verdict, domain.listed.get(verdict.id))
    check_errata(claims, domain.all("errata"))
    text = Path(domain.list_path).read_text(encoding="utf-8")
    for missing in sorted(set(domain.listed) - {claim.id for claim in claims}):
        place = f"{domain.list_path}:{line_of(text, missing)}"
        logger.warning("the claim %r of the list appears on no page", missing, location=place, type="claims")
    return []


def warn(record: Claim | Decided | ErratumPart, message: str) -> None:
    """Warn, naming the page and the line of the record."""
    logger.warning("%s", message, location=(record.page, record.line), type="claims")


def key(record: Claim | Decided) -> tuple[str, str]:
    """Return what a claim and its verdict have in common."""
    return record.page, record.id


def check_unique(kind: str, found: list[Any]) -> None:
    """Warn where an id is used again."""
    seen: set[str] = set()
    for record in found:
        if record.id in seen:
            warn(record, f"a second {kind} for {record.id!r}")
        seen.add(record.id)


def check_verdicts(stated: dict[tuple[str, str], Claim], decided: dict[tuple[str, str], Decided]) -> None:
    """Warn where a claim and its verdict are not on one page, or what is published is not what was decided."""
    for where, claim in stated.items():
        if where not in decided:
            warn(claim, f"the claim {claim.id!r} has no verdict on this page")
        elif claim.published != (text := decided[where].text):
            warn(claim, f"the claim {claim.id!r} is published as {claim.published!r}, but the run says {text!r}")
    for where, verdict in decided.items():
        if where not in stated:
            warn(verdict, f"the verdict {verdict.id!r} has no claim on this page")


def check_checks(verdict: Decided, listed: ListedClaim | None) -> None:
    """Warn where a verdict lacks a check that the list asks for, or what is true instead, or one of these fails."""
    for kind in KINDS if listed else ():
        names = [check["name"] for check in verdict.checks[kind]]
        for missing in sorted({*getattr(listed, kind)} - {*names}):
            warn(verdict, f"the verdict {verdict.id!r} lacks {missing!r} among its {kind}")
        if len(names) != len({*names}):
            warn(verdict, f"the verdict {verdict.id!r} has a name twice among its {kind}")
    for failed in [check for kind in ("instead", "readings") for check in verdict.checks[kind] if not check["passed"]]:
        warn(verdict, f"the verdict {verdict.id!r} says {failed['name']!r}, which fails: {failed['evidence']}")
    if verdict.text != "holds" and not verdict.checks["instead"]:
        warn(verdict, f"the claim {verdict.id!r} does not simply hold, and its verdict says nothing instead")


def check_errata(claims: list[Claim], errata: list[ErratumPart]) -> None:
    """Warn where a claim that does not simply hold lacks a part of its erratum, or one that holds has one."""
    flawed = {claim.id: claim for claim in claims if claim.published not in {"holds", ""}}
    parts = {(part.id, part.part) for part in errata}
    for claim_id, claim in flawed.items():
        for part in ERRATUM_PARTS:
            if (claim_id, part) not in parts:
                warn(claim, f"the claim {claim_id!r} does not simply hold, and has no {part!r}")
    for found in errata:
        if found.id not in flawed:
            warn(found, f"{found.part!r} stands for {found.id!r}, which is no claim with an erratum")


def refuse_unreadable_list(app: Sphinx) -> None:
    """Stop, with file, line and key, if the list of claims is not one: an exception would read like a bug of Sphinx."""
    try:
        listed_claims(list_path_of(app.config))
    except ValueError as error:
        sys.exit(f"{error}; in conf.py, claimcheck_claims does")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the domain, the directives and the role under their short names too, and the checks."""
    app.add_config_value("claimcheck_claims", CLAIMS_FILE, "env", [str])
    app.add_config_value("claimcheck_root", str(app.confdir), "", [str])  # the folder of conf.py
    app.add_domain(ClaimDomain)
    app.add_role_to_domain("claimcheck", "claim", ClaimRole(warn_dangling=True, innernodeclass=nodes.inline))
    app.add_directive("claim", ClaimDirective)
    for part in ERRATUM_PARTS:
        app.add_directive(part, ErratumDirective)
    app.add_role("claim", ClaimRole(warn_dangling=True, innernodeclass=nodes.inline))
    app.add_node(claim_report)
    app.connect("builder-inited", refuse_unreadable_list)
    app.connect("doctree-read", note_verdicts)
    app.connect("doctree-read", list_in_contents, priority=600)  # when the contents are there
    app.connect("env-updated", check)
    return {"version": "2", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
