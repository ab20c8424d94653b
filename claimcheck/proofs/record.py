"""What was proved, and whether that is of what is here now.

The file with the record names the plan, the theorems and the goals that were written from the code, and holds a key: a
hash of the proofs, of the code, of what writes the goals, of these and of the instruments. A comment or a docstring of
the code may change, and the record stands; if a proof, a line of the code or what it runs on changes, it does not.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from claimcheck.faults.results import INSTRUMENTS, code_in, digest, recorded, text_of
from claimcheck.proofs.theorems import Theorem, theorems_in


def proved(path: Path, root: Path) -> list[Theorem] | None:
    """Return the theorems that were proved of what is under `root`; None if the record is of something else.

    They are those of the files that are here: the record tells that Coq has taken them.
    """
    record = recorded(path)
    plan = root / record.get("plan", "")
    if not plan.is_file() or record.get("key") != key(plan, root, record.get("goals", [])):
        return None
    return theorems_of(plan, root, files_of_proofs(plan))


def key(plan: Path, root: Path, goals: list[dict[str, str]]) -> str:
    """Return the hash of all that what is proved depends on, and of the goals that were written from the code."""
    said = tomllib.loads(text_of(plan))
    proofs = [[file.name, text_of(file)] for file in files_of_proofs(plan)]
    code = code_in([root / said["goals"], *sorted((root / said["package"]).rglob("*.py"))])
    instruments = code_in([*sorted(INSTRUMENTS.glob("*.py")), *sorted((INSTRUMENTS / "proofs").glob("*.py"))])
    return digest([said, proofs, code, instruments, goals])


def files_of_proofs(plan: Path) -> list[Path]:
    """Return the files of Coq beside the plan, in order of their names."""
    return sorted(plan.parent.glob("*.v"))


def theorems_of(plan: Path, root: Path, files: list[Path]) -> list[Theorem]:
    """Return the theorems of the files, each with its claim."""
    claims = tomllib.loads(text_of(root / tomllib.loads(text_of(plan))["claims"]))
    return [one for file in files for one in theorems_in(file, file.parent.parent, claims)]


def record_of(plan: Path, root: Path, goals: list[Theorem]) -> dict[str, Any]:
    """Return what is recorded where all is proved: of a goal, which is written from the code, the words alone."""
    words = [{"name": one.name, "says": one.says, "covers": one.covers} for one in goals]
    theorems = [one.name for one in theorems_of(plan, root, files_of_proofs(plan))]
    path = plan.relative_to(root).as_posix()
    return {"plan": path, "key": key(plan, root, words), "theorems": theorems, "goals": words}


def write(path: Path, record: dict[str, Any]) -> None:
    """Write a record."""
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
