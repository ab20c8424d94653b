"""The pages made from all claims: the tally, the ledger and the errata."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import groupby
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from claimcheck.checks import unbroken
from claimcheck.claims import KINDS
from claimcheck.faults import results as measured
from claimcheck.proofs.theorems import Theorem
from claimcheck.sphinx.domain import (
    BEYOND,
    ERRATUM_PARTS,
    FAULTS,
    Claim,
    Decided,
    badge,
    checks_table,
    claim_report,
    css_name,
    domain_of,
    row,
    table,
    whereabouts,
    without_condition,
)
from claimcheck.sphinx.proofs import in_letters, link_in_short, link_to, link_to_file, theorems, theorems_of

logger = logging.getLogger(__name__)

OUTCOMES = {
    "holds": "hold",
    "holds if": "hold on a condition",
    "slip": "are slips of notation or index",
    "wrong": "are wrong",
}


class Entry(NamedTuple):
    """A claim with what the run decided of it."""

    claim: Claim
    verdict: Decided


class Site(NamedTuple):
    """What a report is made from, the page that it stands on, and the problem or the claim that it is of, if any."""

    env: BuildEnvironment
    page: str
    of: str | None = None


class Report(SphinxDirective):
    """A report of all claims: `{tally}`, `{faults}`, `{seeds}`, `{theorems}`; `{verdicts}`, `{ledger}`, `{errata}`.

    The last three take a problem's number, or B, and are of all problems without it (`{verdicts}` of the solution's).
    """

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Leave the place."""
        of = self.arguments[0] if self.arguments else None
        return [claim_report(report=self.name, of=of, page=self.env.docname)]


class FillReports(SphinxPostTransform):
    """Put what the pages say in the places that were left for it, before references are resolved."""

    default_priority = 5

    def run(self, **_options: Any) -> None:
        """Fill the places of one page."""
        domain = domain_of(self.env)
        verdicts = {verdict.id: verdict for verdict in domain.all("verdicts")}
        stated = [claim for claim in domain.all("claims") if claim.id in domain.listed]
        known = {claim.id: str(domain.listed[claim.id].problem) for claim in stated}
        decided = [Entry(claim, verdicts[claim.id]) for claim in stated if claim.id in verdicts]
        while place := next(self.document.findall(claim_report), None):  # a report may repeat one that holds another
            of = place["of"]
            asked_for = [entry for entry in decided if of in {None, entry.claim.id, known[entry.claim.id]}]
            if of is not None and of not in {*known, *known.values()}:
                logger.warning("no page states a claim of %r", of, location=place["page"], type="claims")
            place.replace_self(REPORTS[place["report"]](Site(self.env, place["page"], of), asked_for))


def of_the_solution(site: Site, entries: list[Entry]) -> list[Entry]:
    """Return the entries without the claims that are ours."""
    listed = domain_of(site.env).listed
    return [entry for entry in entries if listed[entry.claim.id].problem != BEYOND]


def tally(site: Site, entries: list[Entry]) -> list[nodes.Node]:
    """Return how many of the solution's claims hold, hold on a condition, and so on."""
    of_solution = of_the_solution(site, entries)
    counts = Counter(without_condition(entry.verdict.text) for entry in of_solution)
    items = nodes.bullet_list(classes=["tally"])
    for outcome, words in OUTCOMES.items():
        paragraph = nodes.paragraph("", "", nodes.strong("", str(counts[outcome])), nodes.Text(f" {words}"))
        items += nodes.list_item("", paragraph, classes=[f"tally-{css_name(outcome)}"])
    return [nodes.paragraph("", f"Of the solution's {len(of_solution)} claims:"), items]


def verdicts(site: Site, entries: list[Entry]) -> list[nodes.Node]:
    """Return a table of claims in words, each with its verdict; of one problem with the reason, else with the proof."""
    shown, widths, name = of_the_solution(site, entries), {"no.": 5, "claim": 52, "verdict": 35}, "verdicts"
    if site.of:
        shown, widths = entries, {"no.": 5, "claim": 29, "verdict": 24, "why": 34}
    elif theorems(site.env.config):
        widths, name = {"no.": 5, "claim": 38, "verdict": 27, "for every size": 22}, "verdicts with-proofs"
    rows = [row(map(verdict_cells(site, entry).__getitem__, widths)) for entry in shown]
    return [table(widths, rows, stub="claim", name=name)]


def verdict_cells(site: Site, entry: Entry) -> dict[str, nodes.Node]:
    """Return a claim's number, the claim with a link to it, its verdict, what was checked or is true, and its proof."""
    domain, claim = domain_of(site.env), entry.claim
    kind, words = ("cases", "checked") if entry.verdict.text == "holds" else ("instead", KINDS["instead"])
    found = theorems_of(site.env.config, claim.id)
    return {
        "no.": nodes.Text(domain.number(claim.id)),
        "claim": link(site, claim, "claim", domain.title(claim.id)),
        "verdict": badge(entry.verdict.text),
        "why": nodes.Text(f"{words}: {'; '.join(check['name'] for check in entry.verdict.checks[kind])}"),
        "for every size": link_in_short(found, entry.verdict.text) if found else nodes.Text(""),
    }


def ledger(site: Site, entries: list[Entry]) -> list[nodes.Node]:
    """Return for each claim its number, its verdict, what it says, and the evidence of each case."""
    return boxes(site, entries, ledger_entry)


def boxes(site: Site, entries: list[Entry], content: Callable[..., list[nodes.Node]]) -> list[nodes.Node]:
    """Return a box for each claim, with what `content` makes of it and of the page that states it."""
    doctrees = {page: site.env.get_doctree(page) for page in {entry.claim.page for entry in entries}}
    return [
        nodes.container("", *content(site, entry, doctrees[entry.claim.page]), classes=["ledger-entry"])
        for entry in entries
    ]


def ledger_entry(site: Site, entry: Entry, page: nodes.document) -> list[nodes.Node]:
    """Return one claim's line, its statement and its checks."""
    head = claim_line(site, entry)
    head += link(site, entry.claim, "verdict", "the deciding cell")
    evidence = nodes.container("", checks_table(entry.verdict), classes=["verdict"])
    found = [head, *copied(site, said(entry.claim.id, page)["As printed"]), evidence]
    if theorems(site.env.config):
        found.append(nodes.paragraph("", "", *sizes(site, entry), classes=["caught"]))
    if (site.env.srcdir / FAULTS).exists():
        found.append(nodes.paragraph("", caught(site, entry.claim.id), classes=["caught"]))
    return found


def sizes(site: Site, entry: Entry) -> Iterator[nodes.Node]:
    """Yield in words on how many instances a claim's cases ran, and for which sizes it is proved."""
    ran = sum(instances(case["evidence"]) for case in entry.verdict.checks["cases"])
    yield nodes.Text(f"Its cases ran on {ran:,} instance{'s' * (ran != 1)} in all; ")
    if found := theorems_of(site.env.config, entry.claim.id):
        yield link_in_short(found, entry.verdict.text)
        yield nodes.Text(f" ({len(found)} theorem{'s' * (len(found) != 1)}).")
    else:
        yield nodes.Text("not proved for every size.")


def instances(evidence: str) -> int:
    """Return of how many instances the evidence of a check is; what is compared but not in a list is one.

    >>> [instances(words) for words in ("900 of 1,800 numbers in 1,200 instances differ", "33 numbers, all equal")]
    [1200, 1]
    """
    counted = re.search(r"([\d,]+) instance", evidence)
    return int(counted[1].replace(",", "")) if counted else 1


def theorem_tables(site: Site, entries: list[Entry]) -> list[nodes.Node]:
    """Return how many theorems are proved, and a table of those of each file."""
    found = theorems(site.env.config)
    if not found:
        return [nodes.paragraph("", "What was proved is not of this version, so it is not shown.")]
    claims = {entry.claim.id: entry.claim for entry in entries}
    about = [one.claim for one in found if one.claim in claims]
    record = measured.recorded(Path(site.env.config.claimcheck_root, site.env.config.claimcheck_proofs))
    goals = record.get("goals", [])
    words = f"{len(found)} theorems are proved, {len(about)} of them about {len({*about})} claims."
    summary = nodes.strong("", words)
    shown: list[nodes.Node] = [nodes.paragraph("", "", summary)]
    for file, of_file in groupby(found, lambda one: one.file):
        shown += [nodes.rubric("", "", link_to_file(file)), theorem_table(site, list(of_file), claims)]
    return [*shown, folded_list(f"{len(goals)} goals written from the code", map(goal_line, goals))]


def goal_line(goal: dict[str, str]) -> nodes.list_item:
    """Return what was proved of the code: what is computed, and for what."""
    return nodes.list_item("", nodes.paragraph("", f"{in_letters(goal['says'])} For {in_letters(goal['covers'])}."))


def theorem_table(site: Site, found: list[Theorem], claims: dict[str, Claim]) -> nodes.table:
    """Return a table of theorems: each with its claim, what it is for and what it says."""
    rows = []
    for one in found:
        claim = claims.get(one.claim or "")
        about = link(site, claim, "claim", domain_of(site.env).number(claim.id)) if claim else nodes.Text("")
        name = link_to(one, one.name.replace("_", "_\N{ZERO WIDTH SPACE}"))
        rows.append(row([name, about, *map(nodes.Text, map(in_letters, (one.covers, one.says)))]))
    return table({"theorem": 26, "claim": 7, "for": 25, "it says": 42}, rows, stub="theorem", name="theorems")


def check_line(check: dict[str, Any]) -> nodes.list_item:
    """Return a check of a verdict: its mark, its name, whether it passes, and the figure."""
    mark, result, word = ("✓", "passes", "passed") if check["passed"] else ("✗", "fails", "failed")
    line = nodes.paragraph("", "", nodes.inline("", f"{mark} ", classes=["case-mark"]), nodes.strong("", check["name"]))
    line += nodes.Text(f" {result}: {unbroken(check['evidence'])}")
    return nodes.list_item("", line, classes=[f"case-{word}"])


def caught(site: Site, claim_id: str) -> str:
    """Return how many faults of the solutions changed the claim's verdict, if measured on what is here now."""
    results = fault_results(site.env.srcdir / FAULTS, Path(site.env.config.claimcheck_root))
    if results is None:
        return f"Planted faults: not measured on this version; {advice(site)}."
    of_solutions = [fault for fault in results if fault["group"] == measured.SOLUTIONS]
    count = sum(claim_id in fault["claims"] for fault in of_solutions)
    return f"Its check caught {count} of the {len(of_solutions)} faults planted in the solutions."


def advice(site: Site) -> str:
    """Return what to run to measure the faults."""
    planted = ""
    with suppress(ValueError, TypeError, AttributeError):
        planted = str(measured.recorded(site.env.srcdir / FAULTS).get("planted", ""))
    return " ".join(["run python -m claimcheck.faults", *filter(None, [planted and quote(planted)])])


@cache
def fault_results(path: Path, root: Path) -> list[dict[str, Any]] | None:
    """Return each planted fault with what caught it; None if what was measured is not what is here now."""
    with suppress(ValueError, SyntaxError, OSError, LookupError, TypeError):  # a file that can't be read, or no results
        return measured.results(path, root)
    return None


def faults(site: Site, entries: list[Entry]) -> list[nodes.Node]:
    """Return how many faults were planted and how many survived, and the list of each group, folded."""
    results = fault_results(site.env.srcdir / FAULTS, Path(site.env.config.claimcheck_root))
    if results is None:
        return [nodes.paragraph("", f"Planted faults were not measured on this version; {advice(site)}.")]
    survivors = sum(bool(measured.survived(fault, fault)) for fault in results)
    summary = nodes.paragraph("", "", nodes.strong("", f"{len(results)} faults were planted, {survivors} survived."))
    found = [summary]
    for group in dict.fromkeys(fault["group"] for fault in results):
        lines = [fault_line(fault) for fault in results if fault["group"] == group]
        found.append(folded_list(f"{len(lines)} faults in {group}", lines))
    return found


def folded_list(title: str, lines: Iterable[nodes.list_item]) -> nodes.admonition:
    """Return a list that a reader opens by its title."""
    listed = nodes.bullet_list("", *lines, classes=["cases"])
    return nodes.admonition("", nodes.title("", title), listed, collapsible="closed")


def fault_line(fault: dict[str, Any]) -> nodes.list_item:
    """Return a planted fault: its file, its name, what caught it, and why no page or no test can."""
    caught_by = [nodes.Text(", ".join(fault["claims"]) or "no claim"), nodes.Text("; ")] if "module" in fault else []
    caught_by += [nodes.literal("", test.rpartition("/")[2]) for test in fault["tests"]] or [nodes.Text("no test")]
    reasons = "".join(f" ({fault[reason]})" for reason in ("no_page", "no_test") if reason in fault)
    name, words = nodes.strong("", measured.name_of(fault)), nodes.Text(": caught by ")
    return nodes.list_item("", nodes.paragraph("", "", name, words, *caught_by, nodes.Text(reasons)))


def errata(site: Site, entries: list[Entry]) -> list[nodes.Node]:
    """Return for each claim that does not simply hold what is wrong with it, and what is right."""
    return boxes(site, [entry for entry in entries if entry.verdict.text != "holds"], erratum)


def erratum(site: Site, entry: Entry, page: nodes.document) -> list[nodes.Node]:
    """Return one claim as printed, its counterexample, its correction, and why the slip is natural."""
    found: list[nodes.Node] = [claim_line(site, entry)]
    for words, content in said(entry.claim.id, page).items():
        title = nodes.paragraph("", "", nodes.strong("", words), classes=["erratum-title"])
        found.append(nodes.container("", title, *copied(site, content), classes=["erratum"]))
    return found


def copied(site: Site, content: list[nodes.Node]) -> list[nodes.Node]:
    """Return copies of what another page says, whose references start from this page, and whose anchors stay there."""
    copies = [node.deepcopy() for node in content]
    for copy in copies:
        for reference in copy.findall(addnodes.pending_xref):
            reference["refdoc"] = site.page
        for equation in copy.findall(nodes.math_block):
            equation["ids"] = []
    return copies


def said(claim_id: str, page: nodes.document) -> dict[str, list[nodes.Node]]:
    """Return what a page says of a claim: the statement, and the parts of its erratum, below the words for each."""
    blocks = list(page.findall(nodes.container))
    claims = [block for block in blocks if block.get("states") == claim_id]
    parts = {block["corrects"]: block for block in blocks if "corrects" in block}
    contents = {"As printed": [node for block in claims for node in block[1:]]}
    for part, words in ERRATUM_PARTS.items():
        contents[words] = list(parts[claim_id, part][1:]) if (claim_id, part) in parts else []
    return contents


def checked_instead(site: Site, entries: list[Entry]) -> list[nodes.Node]:
    """Return the checks of what is true instead of a claim, under its correction."""
    return [
        nodes.bullet_list("", *map(check_line, entry.verdict.checks["instead"]), classes=["cases"]) for entry in entries
    ]


def claim_line(site: Site, entry: Entry) -> nodes.paragraph:
    """Return a claim's number, with a link to it, its title, its verdict and its part."""
    claim, domain = entry.claim, domain_of(site.env)
    line = nodes.paragraph(classes=["claim-head"])
    line += link(site, claim, "claim", f"Claim {domain.number(claim.id)}")
    line += nodes.inline("", domain.title(claim.id), classes=["claim-title"])
    line += badge(entry.verdict.text)
    line += nodes.inline("", whereabouts(domain.listed[claim.id]), classes=["claim-part"])
    return line


def link(site: Site, claim: Claim, kind: str, text: str) -> addnodes.pending_xref:
    """Return a link to a claim, or to its verdict."""
    into = {"refdomain": "claimcheck", "reftype": kind, "reftarget": claim.id, "refexplicit": True}
    return addnodes.pending_xref("", nodes.inline("", text), refdoc=site.page, refwarn=True, **into)


def seeds(site: Site, entries: list[Entry]) -> list[nodes.Node]:
    """Return which seeds the generators of random numbers have on each page."""
    items = nodes.bullet_list()
    for page in sorted(site.env.found_docs):
        source = site.env.doc2path(page).read_text(encoding="utf-8")
        found = [nodes.literal("", seed) for seed in sorted(set(re.findall(r"default_rng\(([^)]*)\)", source)))]
        if found:
            listed = [node for seed in found for node in (seed, nodes.Text(", "))][:-1]
            items += nodes.list_item("", nodes.paragraph("", "", nodes.Text(f"{page}: "), *listed))
    return [items]


REPORTS = {
    "checked-instead": checked_instead,
    "tally": tally,
    "verdicts": verdicts,
    "ledger": ledger,
    "errata": errata,
    "faults": faults,
    "theorems": theorem_tables,
    "seeds": seeds,
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the reports."""
    for name in REPORTS.keys() - {"checked-instead"}:
        app.add_directive(name, Report)
    app.add_post_transform(FillReports)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
