"""What stands in two files must be the same in both."""

import re
import tomllib
from pathlib import Path

import yaml

from hw3 import __file__ as package

ROOT = Path(package).parent.parent


def test_the_hooks_are_the_tools_of_the_lock_file():
    lock = (ROOT / "requirements" / "dev.lock").read_text("utf-8")
    locked = dict(re.findall(r"^([\w-]+)==(\S+)", lock, re.MULTILINE))
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    revisions = {repository["repo"].rpartition("/")[2]: repository["rev"] for repository in hooks}
    for hook, tool in {"ruff-pre-commit": "ruff", "mirrors-mypy": "mypy", "codespell": "codespell"}.items():
        assert revisions[hook] == f"v{locked[tool]}"


def test_the_citation_has_the_version_and_the_licence_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]


def test_the_addresses_of_this_project_are_those_of_one_setting():
    addresses = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    known = {"repository-code": addresses.get("Repository"), "url": addresses.get("Documentation")}
    assert {key: citation.get(key) for key in known} == known
    assert addresses_in("README.md") == set(addresses.values())
    assert addresses_in("docs/index.md") == {address for address in [addresses.get("Repository")] if address}


def addresses_in(name):
    """Return the addresses on the web that a file says."""
    return set(re.findall(r"https?://[^\s)>\"]+", (ROOT / name).read_text("utf-8")))


def test_every_command_that_is_told_of_is_a_target():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob(".github/workflows/*.yml"), ROOT / ".ci" / "run"]
    command = re.compile(r"(?:`|\$ |run: |^)make\s+([a-z-]+)", re.MULTILINE)
    told = {name: path.name for path in files for name in command.findall(path.read_text("utf-8"))}
    assert {"html", "test", "lint", "faults", "serve"} <= set(told)
    assert set(told) <= targets, {name: told[name] for name in set(told) - targets}


def test_every_group_of_dependencies_is_locked():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    locks = {path.stem for path in (ROOT / "requirements").glob("*.lock")} - {"lowest"}
    included = {entry["include-group"] for lock in locks for entry in groups[lock] if isinstance(entry, dict)}
    assert locks | included == set(groups)
