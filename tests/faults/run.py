"""Plant each fault in a copy of hw3, run the page that checks the module, and see which verdicts notice.

As a script it prints a line a fault and writes docs/faults.json, from which the ledger takes its counts.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pages import DOCS, published

ROOT = DOCS.parent
RESULTS = DOCS / "faults.json"
PAGES = {
    "lstm": [DOCS / "lstm-gradient.md"],
    "mdrnn": [DOCS / "multidimensional-rnn.md"],
    "convnet": [DOCS / "multidimensional-rnn.md"],
    "momentum": [DOCS / "reversibility.md", DOCS / "exact-reversal.md"],
    "exact_momentum": [DOCS / "exact-reversal.md"],
}
FAULTS = tomllib.loads((Path(__file__).parent / "planted.toml").read_text(encoding="utf-8"))["fault"]


def verdicts_with(fault):
    """Return the verdicts of the module's pages when the fault is planted; of them as they are, if it names no text."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "hw3", Path(folder) / "hw3", ignore=shutil.ignore_patterns("__pycache__"))
        if "before" in fault:
            module = Path(folder) / "hw3" / f"{fault['module']}.py"
            source = module.read_text(encoding="utf-8")
            if source.count(fault["before"]) != 1:
                raise ValueError(f"{fault['name']}: {fault['before']!r} must stand once in {module.name}")
            module.write_text(source.replace(fault["before"], fault["after"]), encoding="utf-8")
        result = subprocess.run(
            [sys.executable, "-W", "ignore", ROOT / "tests" / "pages.py", *PAGES[fault["module"]]],
            env=os.environ | {"PYTHONPATH": folder, "OPENBLAS_NUM_THREADS": "1"},
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        )
    return json.loads(result.stdout)


def caught_by(fault):
    """Return the claims whose verdict is not the published one when the fault is planted."""
    expected = {claim: text for page in PAGES[fault["module"]] for claim, text in published(page).items()}
    return sorted(claim for claim, text in verdicts_with(fault).items() if text != expected.get(claim))


def sources():
    """Return the hash of each file that the results depend on, by its path."""
    paths = [
        *ROOT.glob("hw3/**/*.py"),
        ROOT / "hw3" / "claims.toml",
        *(page for pages in PAGES.values() for page in pages),
        Path(__file__).with_name("planted.toml"),
    ]
    return {path.relative_to(ROOT).as_posix(): sha256(path.read_bytes()).hexdigest() for path in sorted(set(paths))}


def run_all():
    """Return what caught each fault, by the fault's name, printing a line for each as it comes."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [(fault, pool.submit(caught_by, fault)) for fault in FAULTS]
        results = {}
        for fault, run in runs:
            results[f"{fault['module']}: {fault['name']}"] = run.result()
            print(f"{fault['module']:14} {fault['name']}: {', '.join(run.result()) or 'SURVIVED'}", flush=True)  # noqa: T201
    return results


if __name__ == "__main__":
    caught = run_all()
    RESULTS.write_text(
        json.dumps({"sources": sources(), "caught_by": caught}, indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    survivors = [name for name, claims in caught.items() if not claims]
    print(f"{len(caught)} faults planted, {len(survivors)} survived; the results are in {RESULTS}")  # noqa: T201
    sys.exit(bool(survivors))
