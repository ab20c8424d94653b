"""Change one thing in the package at a time, as mutmut does, and see whether a test of the modules notices.

A change that no test notices, a mutant that survives, must stand in mutants.toml, with the reason why no test can
notice it, or none should. The exit status is 1 if another survives, or if an entry there is no longer needed, 2 if
mutmut could not do it. What is changed, and the tests, are set in pyproject.toml. mutmut leaves alone what stands
outside functions, and functions with a decorator other than classmethod and staticmethod.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LIST = Path(__file__).with_suffix(".toml")
MUTMUT = Path(sys.executable).with_name("mutmut")
SPINNER = re.compile(r"\s*[\u2800-\u28ff]")  # before what mutmut writes over and over
SECONDS = 600  # that the tests may take in a process of their own; where nothing is changed it is a minute
EVERY = 30  # seconds between two lines of progress


class Mutant(NamedTuple):
    """A change of a function, by the lines that it changes: numbers of mutants move with every edit."""

    function: str
    before: str
    after: str


def main():
    """Try every mutant in a copy of the files; print what survives, and return the exit status."""
    reasons = explained(LIST)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        copy(root)
        if not run(root):
            return 2
        outcomes = dict(re.findall(r"^ *(\S+): (.+)$", asked(root, "results", "--all", "true"), re.MULTILINE))
        mutants = {name: mutant_of(name, asked(root, "show", name)) for name in outcomes if outcomes[name] != "killed"}
        outcomes |= outcomes_alone(root, [name for name, mutant in mutants.items() if mutant not in reasons])
    survivors = {mutant: outcomes[name] for name, mutant in mutants.items() if outcomes[name] != "killed"}
    remarks = wrong(survivors, reasons)
    show("\n".join([*tally(outcomes), *remarks, f"{len(survivors)} survived, {len(reasons)} are explained in {LIST}"]))
    return int(bool(remarks))


def copy(root):
    """Copy the files that git knows, as they are now, into the folder, where nobody edits them meanwhile."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout
    for name in listed.split("\0"):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)


def run(root):
    """Have mutmut try every mutant, and tell of its progress; return whether it could."""
    lines, start, told = [], monotonic(), monotonic()
    with subprocess.Popen(
        [MUTMUT, "run"],
        cwd=root,
        env=environment(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        for line in process.stdout:
            lines += [line] * (not SPINNER.match(line))
            if (tried := re.search(r"\d+/\d+", line)) and monotonic() >= told + EVERY:
                told = monotonic()
                show(f"{tried[0]} mutants, {told - start:.0f} s")
    if process.returncode:
        show("".join(lines))
    return process.returncode == 0


def outcomes_alone(root, names):
    """Return what comes of mutants whose process imports the package anew; mutmut's had run what runs at import."""
    outcomes = {}
    if names and not passes(root, ""):
        show("The tests fail where nothing is changed.")
        raise SystemExit(2)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, passed in zip(names, pool.map(partial(passes, root), names), strict=True):
            outcomes[name] = "survived" if passed else "killed"
            show(f"{len(outcomes)}/{len(names)} alone: {name} {outcomes[name]}")
    return outcomes


def passes(root, name):
    """Return whether the tests pass with this mutant; with no name, without any."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    tests = [*settings["pytest_add_cli_args"], *settings["pytest_add_cli_args_test_selection"]]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--exitfirst", *tests],
            cwd=root / "mutants",
            env=environment(root) | {"MUTANT_UNDER_TEST": name, "PYTHONPATH": str(root / "mutants")},
            check=False,
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return name != ""
    return done.returncode == 0


def environment(root):
    """Return the variables for tests that leave all that they write in the folder, and take the same examples."""
    return os.environ | {"BUILD": str(root / "_build"), "CI": "1"}


def asked(root, *words):
    """Return what mutmut answers of the mutants that it tried."""
    command = [MUTMUT, *words]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, encoding="utf-8").stdout


def mutant_of(name, shown):
    """Return the mutant that mutmut shows as a difference of two texts.

    >>> mutant_of("hw3.lstm.x_f__mutmut_1", "--- f\\n+++ f\\n@@ -1 @@\\n def f():\\n-    return 1\\n+    return 2\\n")
    Mutant(function='hw3.lstm.f', before='return 1', after='return 2')
    """
    before, after = (
        " ".join(line[1:].strip() for line in shown.splitlines() if re.match(rf"[{sign}](?![{sign}]{{2}} )", line))
        for sign in ("-", "+")
    )
    return Mutant(function_of(name), before, after)


def function_of(name):
    """Return the function that a mutant of this name changes.

    >>> function_of("hw3.lstm.x__over_time__mutmut_7"), function_of("claimcheck.boxes.xǁBoxǁtakes__mutmut_1")
    ('hw3.lstm._over_time', 'claimcheck.boxes.Box.takes')
    """
    return re.sub(r"\.x[_ǁ]", ".", name.partition("__mutmut_")[0]).replace("ǁ", ".")


def explained(path):
    """Return the mutants of the list that may survive, with the reason."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["survivors"]
    lines = [(entry["why"], *mutant) for entry in entries for mutant in entry["mutants"]]
    return {Mutant(function, before, after): why for why, function, before, *afters in lines for after in afters}


def tally(outcomes):
    """Return a line for each module: its mutants, and what came of them.

    >>> tally({"hw3.lstm.x_f__mutmut_1": "killed", "hw3.lstm.x_f__mutmut_2": "timeout"})
    ['hw3.lstm: 2 mutants: 1 killed, 1 timeout']
    """
    modules = {}
    for name, outcome in outcomes.items():
        modules.setdefault(re.split(r"\.x[_ǁ]", name)[0], []).append(outcome)
    counts = {module: Counter(found).most_common() for module, found in modules.items()}
    return [
        f"{module}: {len(modules[module])} mutants: {', '.join(f'{n} {outcome}' for outcome, n in found)}"
        for module, found in counts.items()
    ]


def wrong(survivors, reasons):
    """Return in words which mutants survived without a reason, and which reasons no mutant needs.

    >>> wrong({Mutant("f", "1", "2"): "survived"}, {Mutant("g", "1", "2"): "It can't be seen."})
    ['survived: f\\n  - 1\\n  + 2', 'no longer needed in mutants.toml: g\\n  - 1\\n  + 2']
    """
    return [
        *(in_words(outcome, mutant) for mutant, outcome in survivors.items() if mutant not in reasons),
        *(in_words(f"no longer needed in {LIST.name}", mutant) for mutant in reasons if mutant not in survivors),
    ]


def in_words(what, mutant):
    return f"{what}: {mutant.function}\n  - {mutant.before}\n  + {mutant.after}"


def show(line):
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
