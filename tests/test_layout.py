"""The one rule of the layout: solutions and instruments never import each other."""

import ast
from pathlib import Path

import pytest

HW3 = Path(__file__).parent.parent / "hw3"
INSTRUMENTS = sorted((HW3 / "verify").glob("*.py"))
SOLUTIONS = sorted(HW3.glob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name)
def test_a_solution_imports_no_instrument(path):
    assert not [name for name in imported(path) if name.startswith("hw3.verify")]


@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.name)
def test_an_instrument_imports_no_solution(path):
    assert not [name for name in imported(path) if name.startswith("hw3") and not name.startswith("hw3.verify")]
