"""What caught each planted fault, and whether that was measured on what is here now.

A list of faults, in TOML, names a package, the list of its claims, and for each module the pages that check it. The
file with the results names that list. For each fault it holds which claims caught it, and a key: a hash of all that
this depends on. A word of prose, a comment or a docstring may change, and the result stands; if a cell, a published
verdict, a case, the package's code or the fault changes, it does not.
"""

import ast
import json
import re
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

CELL = re.compile(
    r"^```\{code-cell\} python\n(?:---\n.*?^---\n|(?::[\w-]+:[^\n]*\n)*)(.*?)^```$", re.DOTALL | re.MULTILINE
)
CLAIM = re.compile(r"^:::\{claim\} (\S+)\n:verdict: (.*)$", re.MULTILINE)


def published(page: Path) -> dict[str, str]:
    """Return the verdicts that a page publishes, by claim."""
    return dict(CLAIM.findall(text_of(page)))


def results(path: Path, root: Path) -> dict[str, list[str]] | None:
    """Return which claims caught each fault, by its name; None if the file at `path` is not of what is under `root`."""
    record = recorded(path)
    listed = root / record.get("planted", "")
    if not listed.is_file():
        return None
    found = record["results"]
    if keys(tomllib.loads(text_of(listed)), root) != {name: result["key"] for name, result in found.items()}:
        return None
    return {name: result["caught_by"] for name, result in found.items()}


def recorded(path: Path) -> dict[str, Any]:
    """Return what the file with the results holds; nothing, if it is not there."""
    try:
        return dict(json.loads(text_of(path) or "{}"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: expected JSON, {error}; delete it, and measure all faults") from error


def keys(plan: dict[str, Any], root: Path) -> dict[str, str]:
    """Return for each fault of the list, by its name, the hash of all that its result depends on."""
    package = root / plan["package"]
    code = {path.relative_to(root).as_posix(): code_of(text_of(path)) for path in package.rglob("*.py")}
    claims = tomllib.loads(text_of(root / plan["claims"]))
    of_package = digest(code)
    of_modules = {
        module: digest([on_page(root / page, claims) for page in pages]) for module, pages in plan["pages"].items()
    }
    return {name_of(fault): digest([fault, of_package, of_modules.get(fault.get("module"))]) for fault in plan["fault"]}


def name_of(fault: dict[str, str]) -> str:
    """Return the name of a fault among those of all modules."""
    return f"{fault.get('module')}: {fault.get('name')}"


def on_page(page: Path, claims: dict[str, Any]) -> list[Any]:
    """Return what decides a page's verdicts: its cells, and for each of its claims what is published and asked for."""
    return [CELL.findall(text_of(page)), [[claim, text, claims.get(claim)] for claim, text in published(page).items()]]


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
