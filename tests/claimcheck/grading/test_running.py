import os
import signal
from pathlib import Path

import numpy as np
import pytest

from claimcheck.grading.running import Apart, Here, Outcome

HARMLESS = "\ndef double(x):\n    return 2 * x\n"


@pytest.fixture
def apart(tmp_path):
    """Return a function that runs a file with a function `bad` and one that is right, and closes it in the end."""
    opened = []

    def run(text, seconds=5.0):
        file = tmp_path / "my_homework.py"
        file.write_text(text + HARMLESS, encoding="utf-8")
        opened.append(Apart(file, {"layout": "plain", "biases": False}, seconds, 2 * 2**30))
        return opened[-1]

    yield run
    for student in opened:
        student.close()


def bad(student):
    return student.call("bad", {"x": np.ones(2)}, [])


def still_right(student):
    return student.call("double", {"x": 1.5}, []).values[""] == 3


def test_functions_are_called_and_settings_read(apart):
    student = apart("layout = 'other'\nbiases = [1]\nconstant = 3\n")
    assert {"double"} == set(student.functions)
    assert student.settings == {"layout": "other", "biases": "[1]"}
    assert still_right(student)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("while True: pass", "it takes more than 2 s: a loop without an end?"),
        ("import os; os._exit(0)", "it ends the process, exit status 0"),
        ("import sys; sys.exit(2)", "it leaves the program: SystemExit: 2, line 2: import sys; sys.exit(2)"),
        ("raise KeyboardInterrupt", "it ends the process, killed by SIGINT"),
        ("input()", "EOFError: EOF when reading a line, line 2: input()"),
        ("return bad(x)", "RecursionError: maximum recursion depth exceeded"),
        ("import os, time; os.closerange(0, 50); time.sleep(60)", "it closes the way to the grader"),
        ("import os; os.killpg(0, 9)", "it ends the process, killed by SIGKILL"),
        ("return bytearray(3 * 2**30)", "MemoryError, line 2: return bytearray(3 * 2**30)"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="its processes end in other words, and have no such limits")
def test_what_a_function_does_is_told_and_the_rest_goes_on(apart, body, problem):
    student = apart(f"def bad(x):\n    {body}\n", seconds=2.0)
    outcome = bad(student)
    assert outcome.problem.startswith(problem)
    assert not outcome.values
    assert still_right(student)


@pytest.mark.parametrize(
    "told",
    [r"junk\n", r"{\"values\": {\"\": {\"array\": [\"<i8\", [], \"AQAAAAAAAAA=\"]}}}\n", r"[]\n", r"{\"values\": 3}\n"],
)
def test_nothing_but_the_grader_s_own_words_are_answers(apart, told):
    student = apart(f"""
import os
def bad(x):
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"{told}")
        except OSError:
            pass
    return x
""")
    assert bad(student) == Outcome({}, "it answers in the grader's place")
    assert still_right(student)


def test_an_answer_of_another_kind_is_refused(apart):
    student = apart("""
import claimcheck.grading.answering as own
own.pack = lambda array: {"code": "1"}
def bad(x):
    return x
""")
    assert bad(student) == Outcome({}, "it answers in the grader's place")


def test_what_is_printed_past_python_reaches_nobody(apart, capfd):
    student = apart(
        "import os\ndef bad(x):\n    os.write(1, b'out'); os.write(2, b'err')\n    print('kept')\n    return x\n"
    )
    assert bad(student).printed == "kept\n"
    assert capfd.readouterr() == ("", "")


def test_a_thread_without_an_end_does_not_hold_the_grader(apart):
    student = apart("""
import threading, time
def bad(x):
    threading.Thread(target=time.sleep, args=(600,)).start()
    return x
""")
    assert bad(student).values[""].tolist() == [1, 1]
    student.close()
    student.close()  # once more does no harm


def test_calls_of_a_function_share_its_time(apart):
    student = apart("import time\ndef bad(x):\n    time.sleep(x[0])\n    return x\n")
    assert not student.call("bad", {"x": np.array([0.2])}, []).problem
    assert student._left["bad"] <= 5 - 0.2
    student._left["bad"] = 0.0
    assert student.call("bad", {"x": np.array([60.0])}, []).problem == "it takes more than 5 s: a loop without an end?"


@pytest.mark.skipif(os.name == "nt", reason="it has no such limit")
def test_nothing_is_written(apart, tmp_path):
    student = apart(
        f"def bad(x):\n    with open({str(tmp_path / 'out')!r}, 'w') as out:\n        out.write('x')\n    return x\n"
    )
    assert bad(student).problem.startswith("OSError: [Errno 27] File too large")
    assert not (tmp_path / "out").read_text()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("import os; os._exit(0)", "it ends the process, exit status 0"),
        ("while True: pass", "it takes more than 2 s: a loop without an end?"),
        ("def f(:", "SyntaxError: invalid syntax, line 1: def f(:"),
        (
            "import os\nfor fd in range(3, 9):\n    try: os.write(fd, b'{}\\n')\n    except OSError: pass\n",
            "it answers in the grader's place",
        ),
    ],
)
def test_a_file_that_can_t_be_loaded_has_no_functions(apart, text, problem):
    student = apart(text, seconds=2.0)
    assert (student.problem, student.functions) == (problem, [])
    assert student.settings == {"layout": "plain", "biases": False}


def test_what_stands_before_an_error_is_there(apart):
    student = apart(f"{HARMLESS}\n1 / 0\n")
    assert student.problem == "ZeroDivisionError: division by zero, line 5: 1 / 0"
    assert still_right(student)


def test_a_file_in_another_encoding_is_told(tmp_path):
    file = Path(tmp_path / "latin.py")
    file.write_bytes(b"x = '\xe4'\n")
    with Apart(file, {}) as student:
        assert student.problem.startswith("SyntaxError: invalid or missing encoding declaration")


def test_a_notebook_s_functions_run_here():
    student = Here({"double": lambda x: 2 * x, "total": sum})
    assert still_right(student)
    assert student.call("total", {"x": np.ones(2)}, []).values[""] == 2
    student.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on Windows")
def test_what_a_process_leaves_behind_keeps_nobody_waiting(apart):
    child = "    os.setsid()\n    time.sleep(600)\n    os._exit(0)\n"
    left = f"import os, time\nlayout = os.fork()\nif not layout:\n{child}"
    student = apart(left + "def bad(x):\n    os._exit(3)\n", seconds=30.0)
    assert bad(student).problem == "it ends the process, exit status 3"
    student.close()
    os.kill(student.settings["layout"], signal.SIGKILL)  # it is there still
