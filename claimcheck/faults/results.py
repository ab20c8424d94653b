"""What caught each planted fault, and whether that was measured on what is here now.

The file with the results names the list of faults. For each fault it holds which claims and which test caught it, and a
key: a hash of all that this depends on. A word of prose, a comment or a docstring may change, and the result stands; if
a cell, a published verdict, a case, the code of the package, of the instruments, of the fault's own folder or of the
test, or the fault changes, it does not.
"""

import ast
import json
import tomllib
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from claimcheck import __file__ as package
from claimcheck.grading.slips import entries
from claimcheck.pages import cells_of, published

INSTRUMENTS = Path(package).parent
"""The folder of the instruments, which every verdict depends on."""

SOLUTIONS = "the solutions"
"""The group of the faults that are planted in a module of the package; the list names the groups of the others."""

PLANTED = {"module", "before", "after", "before_too", "after_too"}
"""What a fault takes of a slip: not the words for who made it."""

OTHERS = "other files"
"""The group of a file that the list puts into none."""


def results(path: Path, root: Path) -> list[dict[str, Any]] | None:
    """Return each fault with its group and what caught it; None if the file is not of what is under `root`."""
    record = recorded(path)
    listed = root / record.get("planted", "")
    if not listed.is_file():
        return None
    plan, found = plan_in(text_of(listed), root), record["results"]
    if keys(plan, root) != {name: result["key"] for name, result in found.items()}:
        return None
    return [fault | found[name_of(fault)] | {"group": group_of(fault, plan)} for fault in plan["fault"]]


def plan_in(text: str, root: Path) -> dict[str, Any]:
    """Return a list of faults as it stands in TOML, with the slips of the file that it names.

    Where it names no test, none must notice a fault.
    """
    plan = tomllib.loads(text)
    if "slips" in plan:
        slips = entries(text_of(root / plan["slips"]))
        planted = [{"name": name} | {key: entry[key] for key in entry.keys() & PLANTED} for name, entry in slips]
        plan["fault"] = plan.get("fault", []) + planted
    if "tests" not in plan:
        plan["fault"] = [{"no_test": "the list names no test"} | fault for fault in plan.get("fault", [])]
    return plan


def survived(fault: dict[str, Any], found: dict[str, Any]) -> str:
    """Return in words what should have noticed a fault and did not, or did and should not be able to; maybe nothing."""
    due = {"claims": "module" in fault and "no_page" not in fault, "tests": "no_test" not in fault}
    wrong = [kind for kind in due if bool(found[kind]) != due[kind]]
    return " and ".join(f"{'no' if due[kind] else 'some'} {kind}" for kind in wrong)


def recorded(path: Path) -> dict[str, Any]:
    """Return what the file with the results holds; nothing, if it is not there."""
    try:
        return dict(json.loads(text_of(path) or "{}"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: expected JSON, {error}; delete it, and measure all faults") from error


def keys(plan: dict[str, Any], root: Path) -> dict[str, str]:
    """Return for each fault of the list, by its name, the hash of all that its result depends on."""
    claims = tomllib.loads(text_of(root / plan["claims"]))
    instruments = digest(code_in(sorted(INSTRUMENTS.glob("*.py"))))
    code = {folder: digest(code_in(sorted((root / folder).rglob("*.py")))) for folder in folders(plan)}

    @cache
    def of_page(page: str) -> str:
        return digest(on_page(root / page, claims))

    @cache
    def of_test(file: str) -> str:
        return digest(code_of(text_of(root / file)))

    def all_of(fault: dict[str, str]) -> list[Any]:
        test = test_of(fault, plan)
        of_files = [code[folder] for folder in sorted({plan["package"], folder_of(fault, plan)})]
        checks = [*map(of_page, pages_of(fault, plan)), test, of_test(test.partition("::")[0]) if test else None]
        return [fault, instruments, of_files, checks]

    return {name_of(fault): digest(all_of(fault)) for fault in plan["fault"]}


def name_of(fault: dict[str, str]) -> str:
    """Return the name of a fault among those of all files."""
    return f"{fault.get('module') or fault.get('file')}: {fault.get('name')}"


def code_in(files: list[Path]) -> list[Any]:
    """Return the code of files, each with its name."""
    return [[path.name, code_of(text_of(path))] for path in files]


def group_of(fault: dict[str, str], plan: dict[str, Any]) -> str:
    """Return what a fault is planted in, in words: a solution, or what the list calls the folder of the file."""
    if "module" in fault:
        return SOLUTIONS
    return str(plan.get("groups", {}).get(fault["file"].rpartition("/")[0], OTHERS))


def file_of(fault: dict[str, str], plan: dict[str, Any]) -> str:
    """Return the file in which a fault is planted."""
    return fault.get("file") or f"{plan['package']}/{fault.get('module')}.py"


def folder_of(fault: dict[str, str], plan: dict[str, Any]) -> str:
    """Return the folder at the top of which a fault's file stands, or below which."""
    return file_of(fault, plan).partition("/")[0]


def folders(plan: dict[str, Any]) -> set[str]:
    """Return the folders, the package among them, that faults are planted in."""
    return {plan["package"], *(folder_of(fault, plan) for fault in plan["fault"])}


def pages_of(fault: dict[str, str], plan: dict[str, Any]) -> list[str]:
    """Return the pages that check the solution in which a fault is planted; none, if it is no solution's."""
    return list(plan["pages"].get(fault.get("module"), []))


def test_of(fault: dict[str, str], plan: dict[str, Any]) -> str | None:
    """Return the test, or the file of them, that must notice a fault."""
    return fault.get("test") or plan.get("tests", {}).get(file_of(fault, plan))


def on_page(page: Path, claims: dict[str, Any]) -> list[Any]:
    """Return what decides a page's verdicts: its cells, and for each of its claims what is published and asked for."""
    return [cells_of(page), [[claim, text, claims.get(claim)] for claim, text in published(page).items()]]


def code_of(source: str) -> Any:
    """Return the code of a module without places, comments and docstrings, the same in every version of Python."""
    return plain(ast.parse(source))


def plain(node: Any) -> Any:
    """Return a node of a syntax tree as lists of its fields; those that hold nothing differ between versions."""
    if isinstance(node, list):
        return [plain(entry) for entry in node if not is_docstring(entry)]
    if isinstance(node, ast.AST):
        fields = [[name, plain(value)] for name, value in ast.iter_fields(node)]
        return [type(node).__name__, *(field for field in fields if field[1] not in (None, []))]
    return None if node is None else ascii(node)


def is_docstring(node: Any) -> bool:
    """Return whether a statement is a bare string, which does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def digest(data: Any) -> str:
    """Return a hash of data as JSON."""
    return sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def text_of(path: Path) -> str:
    """Return the text of a file; nothing, if it is not there."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""
