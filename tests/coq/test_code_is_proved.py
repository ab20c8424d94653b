"""Faults of planted.toml, planted in hw3: each makes a goal that Coq refuses. For make test-proofs, which needs Coq."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from claimcheck.faults.results import plan_in, text_of
from claimcheck.proofs.proving import QUIET

ROOT = Path(__file__).parents[2]
PLANTED = plan_in(text_of(ROOT / "tests/planted.toml"), ROOT)["fault"]  # those of hw3/slips.toml too
MODELS = {
    "lstm": "lstm_gradient",
    "mdrnn": "multidimensional_rnn",
    "momentum": "reversibility",
    "exact_momentum": "exact_reversal",
}
FAULTS = [
    ("lstm", "i gate's derivative without its (1 − i)"),
    ("lstm", "c(t) for c(t−1) in f̄"),
    ("lstm", "no external term"),
    ("lstm", "sum over t misses the last step"),
    ("lstm", "x̄ without the way through g"),
    ("lstm", "logistic function without the halving of its argument"),
    ("mdrnn", "W_W and W_N exchanged in raster order"),
    ("mdrnn", "recurrent matrices transposed"),
    ("mdrnn", "neighbours outside the grid are ones"),
    ("mdrnn", "two additions forgotten in the operation count"),
    ("momentum", "old velocity in the update"),
    ("momentum", "Nesterov's gradient"),
    ("momentum", "gradient at θ(k+1) in the step back"),
    ("momentum", "1/β forgotten in the step back"),
    ("momentum", "identity lost in the Jacobian"),
    ("exact_momentum", "remainder thrown away"),
    ("exact_momentum", "digit taken in base d instead of n"),
]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Return a folder with the models, compiled."""
    folder = tmp_path_factory.mktemp("models")
    for model in MODELS.values():
        shutil.copy(ROOT / f"proofs/{model}.v", folder)
        done = coqc(folder, model)
        assert done.returncode == 0, done.stderr
    return folder


def coqc(folder, name):
    command = ["coqc", *QUIET, "-R", str(folder), "hw3", f"{folder}/{name}.v"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def proved(folder, module, source):
    """Return what Coq says of the goals that are written from the code in a folder."""
    environment = os.environ | {"PYTHONPATH": f"{source}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    script = [sys.executable, str(ROOT / "tests/coq/goals_from_code.py"), str(folder), module]
    subprocess.run(script, check=True, env=environment)
    return coqc(folder, f"code_{module}")


def test_the_hypotheses_can_be_fulfilled(tmp_path):
    shutil.copy(ROOT / "tests/coq/hypotheses_hold.v", tmp_path)
    done = coqc(tmp_path, "hypotheses_hold")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", MODELS)
def test_the_code_as_it_is_is_proved(module, compiled):
    done = proved(compiled, module, ROOT)
    assert done.returncode == 0, done.stderr


def plant(folder, module, before, after):
    """Write into a folder the package with other text in a module."""
    shutil.copytree(ROOT / "hw3", folder / "hw3", ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / f"hw3/{module}.py"
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("condition", ["beta == 0", "beta"])
def test_code_that_looks_at_numbers_is_refused(condition, tmp_path, capfd):
    step = "p = beta * state.p - alpha * _gradient_at(state.theta, gradient)"
    plant(tmp_path, "momentum", step, f"{step}\n    p = p if {condition} else -p")
    with pytest.raises(subprocess.CalledProcessError):
        proved(tmp_path, "momentum", tmp_path)
    assert "TypeError: beta is compared with" in capfd.readouterr().err


@pytest.mark.parametrize(("module", "name"), FAULTS)
def test_a_planted_fault_is_refused(module, name, compiled, tmp_path):
    [fault] = [one for one in PLANTED if (one.get("module"), one["name"]) == (module, name)]
    plant(tmp_path, module, fault["before"], fault["after"])
    done = proved(compiled, module, tmp_path)
    assert done.returncode != 0
    assert f"code_{module}.v" in done.stderr
    assert "Error" in done.stderr
    assert "Syntax error" not in done.stderr
