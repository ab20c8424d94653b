"""Numbers of equations: those that have a label, by which a page cites them with `{eq}`.

Sphinx begins anew on every page, so that two equations of a site would be called (1). Here a number begins with the
problem whose claims the page states: (3.2). It stays when a page of another problem changes. Where a page states no
claim, the number is one of all such pages together.
"""

from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from claimcheck.sphinx.domain import domain_of


def number_of(env: BuildEnvironment, label: str) -> str:
    """Return the number of the equation with a label, without brackets; nothing if none has it."""
    _, number = env.domains["math"].equations.get(label, ("", ""))
    return str(number)


def problem_of(env: BuildEnvironment, page: str) -> str:
    """Return the problem of the first claim that a page states; nothing if it states none of the list."""
    domain = domain_of(env)
    stated = [claim.id for claim in domain.data["claims"].get(page, []) if claim.id in domain.listed]
    return str(domain.listed[stated[0]].problem) if stated else ""


def number(app: Sphinx, env: BuildEnvironment) -> None:
    """Give all equations their numbers, in the order of the contents."""
    equations: dict[str, tuple[str, Any]] = env.domains["math"].equations  # Sphinx's are whole numbers
    order = {page: n for n, page in enumerate(dict.fromkeys([*env.collect_relations(), *sorted(env.all_docs)]))}
    so_far: Counter[str] = Counter()
    for label in sorted(equations, key=lambda label: order[equations[label][0]]):
        page, _ = equations[label]
        problem = problem_of(env, page)
        so_far[problem] += 1
        equations[label] = (page, f"{problem}.{so_far[problem]}".removeprefix("."))


class WriteNumbers(SphinxPostTransform):
    """Write the numbers where they are not put beside the equation: in TeX, which would count anew, and in a text."""

    default_priority = 900
    formats = ("latex", "text")

    def run(self, **_options: Any) -> None:
        """Write the numbers of one page."""
        for equation in list(self.document.findall(nodes.math_block)):
            number = number_of(self.env, equation.get("label") or "")
            if number and self.app.builder.format == "latex":
                equation.children = [nodes.Text(tagged(equation, number))]
                equation.attributes |= {"nowrap": True, "no-wrap": True, "label": None}
            elif number:
                equation.append(nodes.Text(f"    ({number})"))


def tagged(equation: nodes.math_block, number: str) -> str:
    """Return an equation of a page as LaTeX has it, with its number, and its label, unless it is a copy."""
    label = rf"\label{{equation:{equation['docname']}:{equation['label']}}}" if equation["ids"] else ""
    body = rf"\begin{{split}}{equation.astext()}\end{{split}}"
    return rf"\begin{{equation}}{label}\tag{{{number}}}{body}\end{{equation}}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the numbering, before it is asked what pages show of each other."""
    app.connect("env-updated", number, priority=400)
    app.add_post_transform(WriteNumbers)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
