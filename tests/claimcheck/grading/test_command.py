import json
import sys
from importlib.resources import files
from io import BytesIO, TextIOWrapper

import pytest

from a_small_task import LIBRARY, TASK, page_of
from claimcheck.grading import command, reports

RIGHT = "def luma(r, g, b):\n    return 0.3 * r + 0.59 * g + 0.11 * b\n"


def tasks(shade="light"):
    if shade not in ("light", "dark"):
        raise ValueError(f'shade: expected "light" or "dark", got {shade!r}')
    return [TASK]


@pytest.fixture
def graded(tmp_path, monkeypatch):
    """Return a function that grades a text as a file, and returns the exit status."""
    monkeypatch.chdir(tmp_path)

    def run(text, *options):
        if text is not None:
            (tmp_path / "homework.py").write_text(text, encoding="utf-8")
        starter = files("claimcheck") / "__init__.py"
        return command(
            ["homework.py", *options], tasks, LIBRARY, settings={"shade": "light"}, page_of=page_of, starter=starter
        )

    return run


def test_right_answers_pass(graded, capsys):
    assert graded(RIGHT) == 0
    assert capsys.readouterr().out == "homework.py: 1 right\n\nColours\n  ✓ luma\n"


@pytest.mark.parametrize("text", [RIGHT.replace("+ 0.11", "- 0.11"), "", "1 / 0\n" + RIGHT, RIGHT + "1 / 0\n"])
def test_others_do_not(graded, text):
    assert graded(text) == 1


def test_the_functions_that_count_can_be_chosen(graded, capsys):
    assert graded("", "--ask", "luma") == 1
    assert graded(RIGHT, "--ask", "luma") == 0
    assert graded(RIGHT, "--ask", "luma,red") == 2
    assert "--ask: expected some of luma, got red" in capsys.readouterr().err


def test_the_pages_are_where_they_are_said_to_be(graded, capsys):
    assert graded(RIGHT.replace("+ 0.11", "- 0.11"), "--site", "https://example.org/") == 1
    assert "https://example.org/colours.html#claim-sign" in capsys.readouterr().out


def test_gradescope_gets_a_form_of_what_can_t_be_graded_too(graded, tmp_path, capsys):
    assert graded("shade = 'green'\n", "--json", "results.json") == 2
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert (results["score"], results["tests"]) == (0, [])
    assert results["output"] == 'homework.py: shade: expected "light" or "dark", got \'green\''
    assert graded(None, "--json") == 2
    assert json.loads(capsys.readouterr().out)["score"] == 0


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_need_not_know_all_letters(graded, monkeypatch, encoding):
    written = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(written, encoding))
    assert graded(RIGHT) == 0
    sys.stdout.flush()
    assert b"? luma" in written.getvalue()


def test_what_no_file_can_hold_is_written_out(graded, tmp_path):
    said = RIGHT + "print('\\ud800\\x1b[2J')\nraise ValueError('\\ud800')\n"
    assert graded(said, "--json", "results.json") == 1
    assert "ValueError: \\ud800" in json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["output"]


def test_gradescope_s_form_is_printed_or_written(graded, capsys, tmp_path):
    assert graded(RIGHT, "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert [test["score"] for test in printed["tests"]] == [1]
    assert graded(RIGHT, "--json", "results.json", "--html", "report.html") == 0
    assert capsys.readouterr().out.startswith("homework.py: 1 right")
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8")) == printed
    assert "1 right" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"homework.py", "results.json", "report.html"}


def test_what_can_t_be_graded_is_told(graded, capsys):
    assert graded(None) == 2
    assert "homework.py: [Errno 2] No such file" in capsys.readouterr().err
    assert graded("shade = 'grey'\n") == 2
    assert 'homework.py: shade: expected "light" or "dark", got \'grey\'' in capsys.readouterr().err


def test_a_starter_is_written_once(graded, tmp_path, capsys):
    assert graded(None, "--starter") == 0
    assert '"""The instruments' in (tmp_path / "homework.py").read_text(encoding="utf-8")
    assert graded(None, "--starter") == 2
    assert "it exists already, and is left as it is" in capsys.readouterr().err


def test_progress_goes_beside_the_report(graded, capsys, monkeypatch):
    clock = iter(range(0, 100, 2))
    monkeypatch.setattr(reports, "monotonic", lambda: next(clock))
    assert graded(RIGHT, "--json") == 0
    printed = capsys.readouterr()
    assert printed.err == "1 of 1: luma\n"
    json.loads(printed.out)
