"""Proving, with a stand-in for Coq that takes what it is told to; tests/coq asks Coq itself."""

import json
import os
import sys

import pytest

from claimcheck.proofs import proving
from claimcheck.proofs.proving import CLOSED, main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a program of POSIX")

PLAN = """package = "sums"
claims = "claims.toml"
goals = "scripts/goals.py"
build = "_build"
record = "proofs.json"
install = "apt-get install coq"
"""
PROOF = "(* So it is. For: all. *)\nTheorem two_is_even : True.\nProof. easy. Qed.\n"
GOALS = r"""import sys
from pathlib import Path

import sums

words = "(* The code does. For: this size. *)\nTheorem code_two : True.\nProof. easy. Qed.\n"
Path(sys.argv[1], "code_sums.v").write_text(words)
"""
COQC = f"""#!{sys.executable}
import sys
from pathlib import Path

file = Path(sys.argv[-1])
if not file.is_file():
    sys.exit("no such file")
if "refuse" in file.read_text():
    sys.exit("Error: it is not so.")
if file.name.startswith("assumed_"):
    print(Path(__file__).with_name("assumes").read_text())
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return the root of a small project, where coqc is a stand-in."""
    files = {
        "claims.toml": "[two]\n",
        "proofs/plan.toml": PLAN,
        "proofs/even.v": PROOF,
        "scripts/goals.py": GOALS,
        "sums/__init__.py": "",
        "bin/coqc": COQC,
        "bin/assumes": f"{CLOSED}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "bin" / "coqc").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def prove(project):
    return main(project, project / "proofs/plan.toml")


def test_what_coq_takes_is_said_and_recorded(project, capsys):
    assert prove(project) == 0
    printed = capsys.readouterr().out
    assert f"two_is_even: {CLOSED}\n" in printed
    assert f"code_two: {CLOSED}\n" in printed
    assert printed.endswith(
        "1 theorems proved, no axioms: of 1 claims, and beyond them\n"
        "1 goals written from sums proved: what the code computes is what the theorems are of\n"
        "They are recorded in proofs.json\n"
    )
    record = json.loads((project / "proofs.json").read_text(encoding="utf-8"))
    assert record["theorems"] == ["two_is_even"]
    assert [one["name"] for one in record["goals"]] == ["code_two"]


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("proofs/even.v", "easy", "refuse", "even.v is not proved, exit status 1:\nError: it is not so.\n"),
        ("proofs/even.v", "Proof. easy", "Admitted", "even.v: expected proofs, got Admitted\n"),
        ("scripts/goals.py", "easy", "refuse", "code_sums.v is not proved, exit status 1:\nError: it is not so.\n"),
        (
            "scripts/goals.py",
            "import sys",
            "import nothing",
            "goals.py could not write what the code computes, exit status 1:",
        ),
        ("scripts/goals.py", "Theorem", "Lemma", "expected theorems and goals, got 1 and 0\n"),
        ("scripts/goals.py", "import Path", "import Path\nimport sums.more", "No module named 'sums.more'"),
        ("bin/coqc", "import sys", "import sys, time; time.sleep(60)", "even.v is not proved: stopped after 1 s\n"),
        ("bin/assumes", CLOSED, "Axioms: no : False", "expected no assumptions, got\nAxioms: no : False\n"),
    ],
)
def test_what_coq_refuses_is_not_recorded(project, capsys, monkeypatch, file, before, after, said):
    monkeypatch.setattr(proving, "SECONDS", 1 if "sleep" in after else 60)
    text = (project / file).read_text(encoding="utf-8")
    (project / file).write_text(text.replace(before, after), encoding="utf-8")
    assert prove(project) == 1
    assert said in capsys.readouterr().err
    assert not (project / "proofs.json").exists()


def test_what_changes_meanwhile_is_not_recorded(project, capsys):
    with (project / "scripts/goals.py").open("a", encoding="utf-8") as file:
        file.write("Path(__file__).parents[1].joinpath('proofs/even.v').write_text('')\n")
    assert prove(project) == 1
    assert capsys.readouterr().err == "something that is proved has changed meanwhile: prove it again\n"
    assert not (project / "proofs.json").exists()


def test_without_coq_it_is_said_what_to_install(project, capsys):
    (project / "bin/coqc").unlink()
    assert prove(project) == 1
    assert "apt-get install coq" in capsys.readouterr().err
