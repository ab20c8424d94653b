"""The pages made from all claims: the tally, the ledger and the errata."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

import measured
from claims import BEYOND, ERRATUM_PARTS, all_records, badge, claim_report, css_name, whereabouts, without_condition
from hw3.verify.checks import unbroken
from hw3.verify.claims import KINDS

FAULTS = "faults.json"
"""What planting faults found, beside the pages: see tests/faults. A site without it says nothing of faults."""

OUTCOMES = {
    "holds": "hold",
    "holds if": "hold on a condition",
    "slip": "are slips of notation or index",
    "wrong": "are wrong",
}


class Report(SphinxDirective):
    """`{tally}`, `{faults}` or `{seeds}`, or `{ledger} N` or `{errata} N` for Problem N or B, made from all claims."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Leave the place."""
        if (self.env.srcdir / FAULTS).exists():
            self.env.note_dependency(FAULTS)
        return [claim_report(report=self.name, problem=self.arguments[0] if self.arguments else None)]


class FillReports(SphinxPostTransform):
    """Put what the pages say in the places that were left for it, before references are resolved."""

    default_priority = 5

    def run(self, **_options: Any) -> None:
        """Fill the places of one page."""
        for place in list(self.document.findall(claim_report)):
            claims = [c for c in decided_claims(self.env) if place["problem"] in (None, str(c["problem"]), c["id"])]
            place.replace_self(REPORTS[place["report"]](self.app, claims))


def decided_claims(env: BuildEnvironment) -> list[dict[str, Any]]:
    """Return the claims, each with what the run decided of it."""
    verdicts = {verdict["id"]: verdict for verdict in all_records(env, "verdicts")}
    return [
        claim | {"verdict": verdicts[claim["id"]]} for claim in all_records(env, "claims") if claim["id"] in verdicts
    ]


def tally(app: Sphinx, claims: list[dict[str, Any]]) -> list[nodes.Node]:
    """Return how many of the solution's claims hold, hold on a condition, and so on."""
    claims = [claim for claim in claims if claim["problem"] != BEYOND]
    counts = Counter(without_condition(claim["verdict"]["text"]) for claim in claims)
    items = nodes.bullet_list(classes=["tally"])
    for outcome, words in OUTCOMES.items():
        paragraph = nodes.paragraph("", "", nodes.strong("", str(counts[outcome])), nodes.Text(f" {words}"))
        items += nodes.list_item("", paragraph, classes=[f"tally-{css_name(outcome)}"])
    return [nodes.paragraph("", f"Of the solution's {len(claims)} claims:"), items]


def ledger(app: Sphinx, claims: list[dict[str, Any]]) -> list[nodes.Node]:
    """Return for each claim its number, its verdict and the evidence of each case."""
    return [nodes.container("", *ledger_entry(app, claim), classes=["ledger-entry"]) for claim in claims]


def ledger_entry(app: Sphinx, claim: dict[str, Any]) -> list[nodes.Node]:
    """Return one claim's line and its cases."""
    head = claim_line(app, claim)
    head += link(app, claim, f"verdict-{claim['id']}", "the deciding cell")
    listed = nodes.bullet_list(classes=["cases"])
    for kind in KINDS:
        listed += [check_line(check, f"{KINDS[kind]}: " * (kind != "cases")) for check in claim["verdict"][kind]]
    if (app.srcdir / FAULTS).exists():
        return [head, listed, nodes.paragraph("", caught(app, claim["id"]), classes=["caught"])]
    return [head, listed]


def check_line(check: dict[str, Any], introduced: str = "") -> nodes.list_item:
    """Return a check of a verdict: its mark, its name, whether it passes, and the figure."""
    mark, result, word = ("✓", "passes", "passed") if check["passed"] else ("✗", "fails", "failed")
    line = nodes.paragraph("", "", nodes.inline("", f"{mark} ", classes=["case-mark"]), nodes.Text(introduced))
    line += [nodes.strong("", check["name"]), nodes.Text(f" {result}: {unbroken(check['evidence'])}")]
    return nodes.list_item("", line, classes=[f"case-{word}"])


def caught(app: Sphinx, claim_id: str) -> str:
    """Return how many faults of the solutions changed the claim's verdict, if measured on what is here now."""
    results = fault_results(app.srcdir / FAULTS, Path(app.confdir))
    if results is None:
        return "Planted faults: not measured on this version; run make faults."
    of_solutions = [fault for fault in results if fault["group"] == "solutions"]
    count = sum(claim_id in fault["claims"] for fault in of_solutions)
    return f"Its check caught {count} of the {len(of_solutions)} faults planted in the solutions."


@cache
def fault_results(path: Path, root: Path) -> list[dict[str, Any]] | None:
    """Return each planted fault with what caught it; None if what was measured is not what is here now."""
    return measured.results(path, root)


def faults(app: Sphinx, claims: list[dict[str, Any]]) -> list[nodes.Node]:
    """Return how many faults were planted and how many survived, and the list of each group, folded."""
    results = fault_results(app.srcdir / FAULTS, Path(app.confdir))
    if results is None:
        return [nodes.paragraph("", "Not measured on this version of the pages and the package; run make faults.")]
    survivors = sum(bool(measured.survived(fault, fault)) for fault in results)
    summary = nodes.paragraph("", "", nodes.strong("", f"{len(results)} faults were planted, {survivors} survived."))
    found = [summary]
    for group, words in measured.GROUPS.items():
        if lines := [fault_line(fault) for fault in results if fault["group"] == group]:
            title = nodes.title("", f"{len(lines)} faults in {words}")
            listed = nodes.bullet_list("", *lines, classes=["cases"])
            found.append(nodes.admonition("", title, listed, collapsible="closed"))
    return found


def fault_line(fault: dict[str, Any]) -> nodes.list_item:
    """Return a planted fault: its file, its name, what caught it, and why no page or no test can."""
    caught_by = [nodes.Text(", ".join(fault["claims"]) or "no claim"), nodes.Text("; ")] if "module" in fault else []
    caught_by += [nodes.literal("", test.rpartition("/")[2]) for test in fault["tests"]] or [nodes.Text("no test")]
    reasons = "".join(f" ({fault[reason]})" for reason in ("no_page", "no_test") if reason in fault)
    name, words = nodes.strong("", measured.name_of(fault)), nodes.Text(": caught by ")
    return nodes.list_item("", nodes.paragraph("", "", name, words, *caught_by, nodes.Text(reasons)))


def errata(app: Sphinx, claims: list[dict[str, Any]]) -> list[nodes.Node]:
    """Return for each claim that does not simply hold what is wrong with it, and what is right."""
    flawed = [claim for claim in claims if without_condition(claim["verdict"]["text"]) != "holds"]
    return [nodes.container("", *erratum(app, claim), classes=["ledger-entry"]) for claim in flawed]


def erratum(app: Sphinx, claim: dict[str, Any]) -> list[nodes.Node]:
    """Return one claim as printed, its counterexample, its correction, and why the slip is natural."""
    parts = {part["part"]: part["content"] for part in all_records(app.env, "errata") if part["id"] == claim["id"]}
    found: list[nodes.Node] = [claim_line(app, claim)]
    contents = {"As printed": claim["statement"]}
    contents |= {words: parts.get(part, []) for part, words in ERRATUM_PARTS.items()}
    contents[ERRATUM_PARTS["corrected"]] = [*contents[ERRATUM_PARTS["corrected"]], checked_instead(claim)]
    for words, content in contents.items():
        copies = [node.deepcopy() for node in content]
        for copy in copies:
            for reference in copy.findall(addnodes.pending_xref):
                reference["refdoc"] = app.env.docname
        title = nodes.paragraph("", "", nodes.strong("", words), classes=["erratum-title"])
        found.append(nodes.container("", title, *copies, classes=["erratum"]))
    return found


def checked_instead(claim: dict[str, Any]) -> nodes.bullet_list:
    """Return the checks of what is true instead of a claim."""
    return nodes.bullet_list("", *map(check_line, claim["verdict"]["instead"]), classes=["cases"])


def corrected(app: Sphinx, claims: list[dict[str, Any]]) -> list[nodes.Node]:
    """Return the checks of what is true instead of the one claim, under its correction on its page."""
    return [checked_instead(claim) for claim in claims]


def claim_line(app: Sphinx, claim: dict[str, Any]) -> nodes.paragraph:
    """Return a claim's number, with a link to it, its part, its id and its verdict."""
    line = nodes.paragraph(classes=["claim-head"])
    line += link(app, claim, f"claim-{claim['id']}", f"Claim {claim['number']}")
    line += nodes.inline("", whereabouts(claim["problem"], claim["part"]), classes=["claim-part"])
    line += nodes.literal("", claim["id"], classes=["claim-id"])
    line += badge(claim["verdict"]["text"])
    return line


def link(app: Sphinx, claim: dict[str, Any], anchor: str, text: str) -> nodes.reference:
    """Return a link from the page that is written to an anchor on the claim's page."""
    uri = app.builder.get_relative_uri(app.env.docname, claim["page"]) + f"#{anchor}"
    return nodes.reference("", text, internal=True, refuri=uri)


def seeds(app: Sphinx, claims: list[dict[str, Any]]) -> list[nodes.Node]:
    """Return which seeds the generators of random numbers have on each page."""
    items = nodes.bullet_list()
    for page in sorted(app.env.found_docs):
        source = app.env.doc2path(page).read_text(encoding="utf-8")
        found = [nodes.literal("", seed) for seed in sorted(set(re.findall(r"default_rng\(([^)]*)\)", source)))]
        if found:
            listed = [node for seed in found for node in (seed, nodes.Text(", "))][:-1]
            items += nodes.list_item("", nodes.paragraph("", "", nodes.Text(f"{page}: "), *listed))
    return [items]


REPORTS = {
    "checked-instead": corrected,
    "tally": tally,
    "ledger": ledger,
    "errata": errata,
    "faults": faults,
    "seeds": seeds,
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the reports."""
    for name in REPORTS.keys() - {"checked-instead"}:
        app.add_directive(name, Report)
    app.add_post_transform(FillReports)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
