import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from claimcheck.claims import listed_claims
from claimcheck.proofs.record import files_of_proofs, proved, record_of, theorems_of, write
from claimcheck.proofs.theorems import theorems_in

ROOT = Path(__file__).parents[3]
PLAN = 'package = "sums"\nclaims = "claims.toml"\ngoals = "proofs/goals.py"\n'
PROOF = "(* So it is.\n   For: all. *)\nTheorem two_is_even : True.\nProof. easy. Qed.\n"


@pytest.fixture
def site(tmp_path):
    """Return the root of a small project with a proof, and the path of its record, which is written."""
    files = {
        "claims.toml": "[two]\n",
        "proofs/plan.toml": PLAN,
        "proofs/even.v": PROOF,
        "proofs/goals.py": "print(1)\n",
        "sums/__init__.py": "def total(numbers):\n    return sum(numbers)\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    plan = tmp_path / "proofs/plan.toml"
    theorems = theorems_of(plan, tmp_path, files_of_proofs(plan))
    write(tmp_path / "proofs.json", record_of(plan, tmp_path, theorems))
    return tmp_path


def test_a_record_is_read_as_it_was_written(site):
    assert proved(site / "proofs.json", site) == theorems_in(site / "proofs/even.v", site, ["two"])


def test_no_record_is_none(site):
    assert proved(site / "nothing.json", site) is None


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("proofs/even.v", "So it is", "So be it"),
        ("proofs/goals.py", "print(1)", "print(2)"),
        ("proofs/plan.toml", "goals =", "other = 1\ngoals ="),
        ("sums/__init__.py", "sum(numbers)", "max(numbers)"),
    ],
)
def test_a_record_of_something_else_is_none(name, before, after, site):
    text = (site / name).read_text(encoding="utf-8")
    (site / name).write_text(text.replace(before, after), encoding="utf-8")
    assert proved(site / "proofs.json", site) is None


def test_a_new_file_makes_a_record_old(site):
    (site / "proofs/odd.v").write_text("", encoding="utf-8")
    assert proved(site / "proofs.json", site) is None


def test_a_comment_in_the_code_does_not(site):
    with (site / "sums/__init__.py").open("a", encoding="utf-8") as file:
        file.write("# of all\n")
    assert proved(site / "proofs.json", site) is not None


def test_the_record_is_the_same_every_time(site):
    plan = site / "proofs/plan.toml"
    assert record_of(plan, site, []) == record_of(plan, site, [])


@pytest.mark.parametrize(
    ("of", "before", "after"), [("goals", "So it is", "P = NP"), ("theorems", "two_is_even", "no")]
)
def test_what_is_written_into_a_record_by_hand_is_not_shown(of, before, after, site):
    record = json.loads((site / "proofs.json").read_text(encoding="utf-8"))
    record[of] = json.loads(json.dumps(record[of]).replace(before, after))
    write(site / "proofs.json", record)
    shown = proved(site / "proofs.json", site)
    assert shown == (None if of == "goals" else theorems_in(site / "proofs/even.v", site, ["two"]))


def test_the_record_is_of_this_version_and_its_claims_are_listed():
    theorems = proved(ROOT / "docs/proofs.json", ROOT)
    assert theorems, "run make prove"
    assert {one.claim for one in theorems} - {None} <= set(listed_claims(str(ROOT / "hw3/claims.toml")))


def test_without_coq_the_command_names_what_to_install():
    command = [sys.executable, "-m", "claimcheck.proofs", "proofs/plan.toml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={"PATH": ""})
    assert done.returncode == 1
    said = tomllib.loads((ROOT / "proofs/plan.toml").read_text(encoding="utf-8"))["install"]
    assert said in done.stderr
