"""Compiles the proofs, and the goals that are written from the code, and asks Coq what each theorem assumes."""

import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any

from claimcheck.proofs.record import files_of_proofs, record_of, theorems_of, write
from claimcheck.proofs.theorems import Theorem

CLOSED = "Closed under the global context"
"""What Coq says of a theorem that rests on no axiom."""

QUIET = ["-q", "-w", "-notation-overridden,-ambiguous-paths"]


SECONDS = 1_200
"""How long Coq may take for a file: ten times what the longest took."""


class RefusedError(Exception):
    """Coq does not take something for proved."""


def main(root: Path, plan: Path) -> int:
    """Prove everything, say so, and write the record; 1 if something is not proved, or Coq is missing."""
    said = tomllib.loads((root / plan).read_text(encoding="utf-8"))
    if not shutil.which("coqc"):
        print(f"Coq proves, and there is none here: on Debian and Ubuntu, run {said['install']}", file=sys.stderr)
        return 1
    try:
        theorems, goals = all_proved(root, root / plan, said)
    except (RefusedError, ValueError) as refused:
        print(refused, file=sys.stderr)
        return 1
    claims = {one.claim for one in theorems} - {None}
    print(f"{len(theorems)} theorems proved, no axioms: of {len(claims)} claims, and beyond them")
    print(
        f"{len(goals)} goals written from {said['package']} proved: what the code computes is what the theorems are of"
    )
    print(f"They are recorded in {said['record']}")
    return 0


def all_proved(root: Path, plan: Path, said: dict[str, str]) -> tuple[list[Theorem], list[Theorem]]:
    """Have Coq take the theorems and the goals, record and return them."""
    folder, proofs, before = root / said["build"], files_of_proofs(plan), record_of(plan, root, [])
    theorems, copied = theorems_of(plan, root, proofs), copy_of(proofs, folder)
    goals_in(root / said["goals"], folder / "goals", root)
    written = sorted((folder / "goals").glob("*.v"))
    goals = theorems_of(plan, root, written)
    if not theorems or not goals:
        raise RefusedError(f"expected theorems and goals, got {len(theorems)} and {len(goals)}")
    for files in copied, written:  # the goals need the proofs
        compile_all(files, folder, said["package"])
    assumptions(theorems + goals, folder, said["package"])
    if record_of(plan, root, []) != before:
        raise RefusedError("something that is proved has changed meanwhile: prove it again")
    write(root / said["record"], record_of(plan, root, goals))
    return theorems, goals


def copy_of(files: list[Path], folder: Path) -> list[Path]:
    """Copy the files into the folder, where Coq leaves what it makes of them, and leave nothing else there."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "goals").mkdir(parents=True)
    return [Path(shutil.copy(file, folder)) for file in files]


def goals_in(script: Path, folder: Path, root: Path) -> None:
    """Have the script write the goals into the folder, from the package under the root."""
    run([sys.executable, str(script), str(folder)], f"{script.name} could not write what the code computes", root)


def compile_all(files: list[Path], folder: Path, package: str) -> None:
    """Compile files that do not need each other, as many at once as there are processors, and the longest first."""
    longest_first = sorted(files, key=lambda file: file.stat().st_size, reverse=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda file: compile_file(file, folder, package), longest_first))


def compile_file(file: Path, folder: Path, package: str) -> None:
    """Compile a file of Coq, and say how long it took."""
    start = monotonic()
    run(["coqc", *QUIET, "-R", str(folder), package, str(file)], f"{file.name} is not proved")
    print(f"{file.name}: proved in {monotonic() - start:.0f} s", flush=True)


def assumptions(theorems: list[Theorem], folder: Path, package: str) -> None:
    """Print what each theorem assumes, by Coq itself; RefusedError unless it is nothing."""
    files = {file: [one.name for one in theorems if one.file == file] for file in {one.file for one in theorems}}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for said in pool.map(lambda file: assumed(file, files[file], folder, package), sorted(files)):
            print(said)


def assumed(file: str, names: list[str], folder: Path, package: str) -> str:
    """Return in words what the theorems of a file assume; RefusedError unless it is nothing.

    Coq is asked of all at once, as of their tuple: it looks through the libraries each time.
    """
    stem, every = Path(file).stem, ", ".join(f"@{name}" for name in names)
    asked = folder / f"assumed_{stem}.v"
    asked.write_text(
        f"From {package} Require Import {stem}.\nDefinition every := ({every}).\nPrint Assumptions every.\n",
        encoding="utf-8",
    )
    said = run(["coqc", *QUIET, "-R", str(folder), package, str(asked)], f"{file}: nothing is known of it").strip()
    if said != CLOSED:
        raise RefusedError(f"{file}: expected no assumptions, got\n{said}")
    return "\n".join(f"{name}: {said}" for name in names)


def run(command: list[str], otherwise: str, root: Path | None = None) -> str:
    """Return what a command prints; RefusedError, with what it says, if it fails or does not end.

    Python's modules are those under the root, whatever is installed.
    """
    environment = os.environ | ({"PYTHONPATH": str(root)} if root else {})
    options: dict[str, Any] = {"encoding": "utf-8", "errors": "replace", "env": environment, "timeout": SECONDS}
    try:
        done = subprocess.run(command, capture_output=True, check=False, **options)
    except subprocess.TimeoutExpired as stopped:
        raise RefusedError(f"{otherwise}: stopped after {SECONDS} s") from stopped
    if done.returncode:
        raise RefusedError(f"{otherwise}, exit status {done.returncode}:\n{done.stdout}{done.stderr}")
    return str(done.stdout)
