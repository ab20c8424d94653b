import os
import sys

import pytest

from another_course import follow, shown
from claimcheck.starter import write
from claimcheck.starter.__main__ import main
from small_sites import ROOT, small_wheel


@pytest.mark.skipif(os.name == "nt", reason="the page is for a POSIX shell")
def test_the_page_for_a_teacher_is_true(tmp_path):
    small_wheel(tmp_path / "wheels")
    follow(tmp_path, sys.executable, os.environ | {"NO_COLOR": "1"}, skipped=["venv .venv", "pip install"])
    words = shown(tmp_path)
    assert "2 claims: 1 hold" in words
    assert "2 faults were planted, 0 survived." in words
    assert "As it should read" in words
    for word in ("lstm", "momentum", "make faults"):  # what belongs to this homework alone
        assert word not in words.lower()


def test_the_machinery_names_nothing_of_this_homework():
    solutions = {path.stem for path in (ROOT / "hw3").glob("*.py")} - {"__init__"}
    for path in sorted((ROOT / "claimcheck").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in solutions if f"hw3.{name}" in text or f"from hw3 import {name}" in text]


def test_no_file_is_overwritten(tmp_path, capsys):
    (tmp_path / "conf.py").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match=r"folder: expected one without the starter's files, got .*conf\.py$"):
        write(tmp_path)
    assert main([str(tmp_path)]) == 1
    assert "conf.py" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["conf.py"]


@pytest.mark.parametrize(
    ("arguments", "status"), [([], 1), (["--help"], 0), (["-h"], 0), (["--all"], 1), (["a", "b"], 1)]
)
def test_a_wrong_call_says_how_it_is_meant(capsys, arguments, status):
    assert main(arguments) == status
    assert capsys.readouterr().out.startswith("python -m claimcheck.starter FOLDER")
