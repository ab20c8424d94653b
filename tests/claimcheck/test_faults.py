import gc
import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from claimcheck.claims import listed_claims
from claimcheck.faults.planting import (
    Job,
    catchers,
    checked_plan,
    import_from,
    main,
    measure,
    run_all,
    sentence,
)
from claimcheck.faults.results import SOLUTIONS, group_of, name_of, results, survived
from claimcheck.pages import FACT

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="faults are measured in forked processes")
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

ROOT = Path(__file__).parents[2]
PLANTED = "tests/planted.toml"
RESULTS = "docs/faults.json"
MODULE = '"""Sums."""\n\n\ndef total(numbers):\n    """Return the sum."""\n    return sum(numbers)  # of all\n'
CLAIMS = '[two]\nproblem = 1\npart = "a"\ncases = ["pair"]\n\n[three]\nproblem = 1\npart = "b"\ncases = ["triple"]\n'
PAGE = """---
file_format: mystnb
---

# Sums

One and one make two.

:::{claim} two
:verdict: holds

1 + 1 = 2
:::

```{code-cell} python
from arithmetic.sums import total
from claimcheck import agree, verdict

verdict("two", {"pair": agree(total([1, 1]), 2, 0)})
```

:::{claim} three
:verdict: wrong

1 + 1 + 1 = 2
:::

```{code-cell} python
verdict("three", {"triple": agree(total([1, 1, 1]), 2, 0)}, {"3": agree(total([1, 1, 1]), 3, 0)})
```

```{code-cell} python
raise SystemExit  # past all checks
```
"""
TEST = """from arithmetic.sums import total


def test_pair():
    \"\"\"One and one.\"\"\"
    assert total([1, 1]) == 2


def test_triple():
    assert total([1, 1, 1]) == 3  # of ones
"""
MACHINE = 'def shown(number):\n    return f"{number}"\n'
TEST_OF_MACHINE = """from machine.report import shown


def test_report():
    assert shown(1) == "1"
"""
PLAN = """package = "arithmetic"
claims = "claims.toml"
copied = ["arithmetic", "machine", "docs", "tests", "claims.toml"]

[pages]
sums = ["docs/sums.md"]

[tests]
"arithmetic/sums.py" = "tests/test_sums.py"
"machine/report.py" = "tests/test_report.py"

[groups]
machine = "the machine"
"""
BEFORE = "return sum(numbers)"
OFF_BY_ONE = "return sum(numbers) - 1"


def entry(name="off by one", before=BEFORE, after=OFF_BY_ONE, **more):
    places = {} if "file" in more else {"module": "sums"}
    texts = {"name": name, "before": before, "after": after} | places | more
    return "\n[[fault]]\n" + "".join(f"{key} = {json.dumps(text)}\n" for key, text in texts.items())


def machine(after='f"<{number}>"'):
    return entry("other words", 'f"{number}"', after, file="machine/report.py")


@pytest.fixture
def homework(tmp_path):
    files = {
        "arithmetic/__init__.py": "",
        "arithmetic/sums.py": MODULE,
        "claims.toml": CLAIMS,
        "docs/sums.md": PAGE,
        "machine/report.py": MACHINE,
        "tests/test_report.py": TEST_OF_MACHINE,
        "tests/test_sums.py": TEST,
        "faults.toml": PLAN + entry(),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def edit(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def list_faults(homework, *entries):
    (homework / "faults.toml").write_text(PLAN + "".join(entries), encoding="utf-8")


def plan_of(homework):
    return tomllib.loads((homework / "faults.toml").read_text(encoding="utf-8"))


def found(homework, *entries):
    """Return what is found of the faults when they are planted in the homework, by name."""
    list_faults(homework, *entries)
    return {fault["name"]: found for fault, found in measure(plan_of(homework)["fault"], plan_of(homework), homework)}


def caught(homework, after):
    """Return which claims catch a fault, which tests, and what stopped."""
    [(_, result)] = found(homework, entry(after=after)).items()
    return result["claims"], result["tests"], result.get("stopped", {})


def run_main(homework):
    return main(homework, "faults.toml")


# This homework's own faults


def test_the_faults_can_be_planted():
    plan = checked_plan(ROOT, PLANTED)
    faults = [tuple(value for key, value in fault.items() if key != "name") for fault in plan["fault"]]
    assert len(set(faults)) == len(faults) >= 140
    assert {group_of(fault, plan) for fault in plan["fault"]} == {
        SOLUTIONS,
        "the instruments",
        "the machinery of the site",
    }


def test_the_results_are_of_this_version_and_no_fault_survives_and_every_claim_catches_one():
    found = results(ROOT / RESULTS, ROOT)
    assert found, "run make faults, and commit docs/faults.json"
    assert not {name_of(fault): words for fault in found if (words := survived(fault, fault))}
    assert set(listed_claims()) <= {claim for fault in found for claim in fault["claims"]}


# Measuring


PAIR, TRIPLE = "tests/test_sums.py::test_pair", "tests/test_sums.py::test_triple"


@forks
def test_a_fault_is_caught_by_the_verdicts_that_change_and_the_first_test_that_fails(homework):
    assert caught(homework, OFF_BY_ONE) == (["three", "two"], [PAIR], {})
    assert caught(homework, "return sum(numbers[:2])") == (["three"], [TRIPLE], {})


@forks
def test_a_fault_of_the_machinery_is_caught_by_tests_alone(homework):
    assert found(homework, machine()) == {"other words": {"claims": [], "tests": ["tests/test_report.py::test_report"]}}


@forks
def test_a_fault_may_name_its_test(homework):
    assert found(homework, entry(test=TRIPLE)) == {"off by one": {"claims": ["three", "two"], "tests": [TRIPLE]}}


@forks
def test_a_fault_may_stand_in_two_places(homework):
    two = {"before_too": "def total(numbers)", "after_too": "def total(all_numbers)"}
    assert found(homework, entry(after="return sum(all_numbers) - 1", **two))["off by one"]["tests"] == [PAIR]


@forks
def test_a_file_of_tests_that_cannot_be_read_is_caught(homework):
    assert caught(homework, "raise ValueError\n\n\nraise ValueError") == (["three", "two"], ["tests/test_sums.py"], {})


@forks
@pytest.mark.parametrize("after", ["raise ValueError", "raise SystemExit", "return numbers"])
def test_a_cell_that_stops_is_caught_and_the_next_one_runs(homework, after):
    edit(homework / "docs" / "sums.md", "total([1, 1, 1])", "3")
    assert caught(homework, after) == (["two"], [PAIR], {})


@forks
def test_a_fact_that_fails_is_caught(homework):
    edit(homework / "docs" / "sums.md", "raise SystemExit  # past all checks", "assert total([]) == 0")
    assert caught(homework, "return sum(numbers) if numbers else 1") == ([FACT], [], {})


@forks
@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("import os; os._exit(0)", "exited with 0"),
        ("import os; os._exit(3)", "exited with 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by SIGKILL"),
        ("raise KeyboardInterrupt", "exited with 1"),
    ],
)
def test_a_page_whose_process_ends_is_caught_by_what_it_had_not_decided(homework, after, reason):
    claims, tests, stopped = caught(homework, f"if len(numbers) == 3: {after}\n    {BEFORE}")
    assert (claims, tests) == ([FACT, "three"], ["tests/test_sums.py"])
    assert stopped["docs/sums.md"] == reason
    assert stopped["tests/test_sums.py"] == reason.replace("with 1", "with 2")  # pytest's own, when interrupted


@forks
@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is Linux's")
def test_a_page_gets_no_more_memory_than_is_allowed(homework):
    after = "hog = [bytes(2**28) for _ in range(2**10)]"
    assert caught(homework, after) == (["three", "two"], [PAIR], {})


@forks
def test_a_page_that_does_not_end_is_stopped_and_the_run_goes_on(homework):
    list_faults(homework, entry("loop", before='"""Sums."""', after="while True: pass"), entry())
    plan = plan_of(homework)
    jobs = [Job(fault, "docs/sums.md") for fault in plan["fault"]]
    ends = {job.fault["name"]: (decided, reason) for job, decided, reason in run_all(jobs, plan, homework, seconds=1)}
    assert list(ends) in (["loop", "off by one"], ["off by one", "loop"])
    assert ends["loop"] == ({}, "stopped after 1 s")
    assert catchers({"two": "holds"}, *ends["loop"]) == [FACT, "two"]
    assert gc.get_freeze_count() == 0  # what else runs in this process is collected as ever


@forks
def test_what_the_clock_stopped_runs_once_more(homework, tmp_path):
    begun = tmp_path / "begun"
    first = f"import pathlib; begun = pathlib.Path({str(begun)!r}); first = not begun.exists(); begun.touch()"
    list_faults(homework, entry(before='"""Sums."""', after=f"{first}\nwhile first: pass"))
    plan = plan_of(homework)
    [(_, decided, reason)] = run_all([Job(plan["fault"][0], "docs/sums.md")], plan, homework, seconds=1)
    assert begun.exists()
    assert (decided.keys(), reason) == ({"two", "three"}, None)


@forks
def test_what_a_test_has_started_ends_with_it(homework):
    started = "import subprocess; subprocess.Popen(['sleep', '600']); import time; time.sleep(600)"
    edit(homework / "tests" / "test_report.py", "def test_report():", f"def test_report():\n    {started}")
    list_faults(homework, machine())
    jobs = [Job(fault, "tests/test_report.py") for fault in plan_of(homework)["fault"]]
    [(_, decided, reason)] = run_all(jobs, plan_of(homework), homework, seconds=1)
    assert (decided, reason) == ({}, "stopped after 1 s")


@forks
def test_a_page_that_says_something_else_without_a_fault_is_refused(homework, capsys):
    edit(homework / "docs" / "sums.md", ":verdict: wrong", ":verdict: holds")
    assert run_main(homework) == 2
    assert "docs/sums.md: expected the published verdicts with no fault planted, got others for three" in (
        capsys.readouterr().err
    )
    assert not (homework / "faults.json").exists()


@forks
@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("tests/test_sums.py", "got one for tests/test_sums.py::test_pair"),
        ("tests/test_sums.py::test_no", "it exited with 4"),
    ],
)
def test_a_test_that_fails_without_a_fault_is_refused(homework, capsys, test, words):
    edit(homework / "tests" / "test_sums.py", "== 2", "== 3")
    list_faults(homework, entry(test=test))
    assert run_main(homework) == 2
    told = capsys.readouterr().err
    assert f"{test}: expected no failure with no fault planted, got" in told
    assert words in told


def test_another_package_than_the_copy_is_not_taken(homework, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    import_from(homework, "arithmetic")
    (homework / "elsewhere").mkdir()
    with pytest.raises(ImportError, match=r"arithmetic: expected the one in .*elsewhere, got .*__init__\.py"):
        import_from(homework / "elsewhere", "arithmetic")


# What was measured, and whether it stands


@forks
def test_the_run_prints_a_line_for_each_and_says_what_survived(homework, capsys):
    list_faults(homework, entry(), entry("nothing", after=f"{BEFORE} + 0"), machine(after='f"{number:d}"'))
    assert run_main(homework) == 1
    first, *lines, last = capsys.readouterr().out.splitlines()
    assert first == "0 of 3 results are kept: nothing that they depend on has changed"
    assert sorted(line.partition(" s: ")[2] for line in lines) == [
        "machine/report.py: other words: nothing; SURVIVED: no tests",
        "sums: nothing: nothing; SURVIVED: no claims and no tests",
        f"sums: off by one: three, two, {PAIR}",
    ]
    assert [line.partition(",")[0] for line in lines] == ["1/3", "2/3", "3/3"]
    assert last == "3 faults planted, 2 survived; the results are in faults.json"
    found = results(homework / "faults.json", homework)
    assert [(fault["group"], fault["claims"], fault["tests"]) for fault in found] == [
        (SOLUTIONS, ["three", "two"], [PAIR]),
        (SOLUTIONS, [], []),
        ("the machine", [], []),
    ]


@pytest.mark.parametrize(
    ("fault", "claims", "tests", "words"),
    [
        ({"module": "sums"}, ["two"], [PAIR], ""),
        ({"module": "sums"}, [], [PAIR], "no claims"),
        ({"module": "sums"}, ["two"], [], "no tests"),
        ({"module": "sums", "no_page": "why"}, [], [PAIR], ""),
        ({"module": "sums", "no_test": "why"}, ["two"], [], ""),
        ({"module": "sums", "no_page": "why"}, ["two"], [PAIR], "some claims"),
        ({"module": "sums", "no_test": "why"}, ["two"], [PAIR], "some tests"),
        ({"file": "machine/report.py"}, [], [PAIR], ""),
        ({"file": "machine/report.py"}, [], [], "no tests"),
    ],
)
def test_a_fault_survives_unless_all_that_must_notice_it_did(fault, claims, tests, words):
    assert survived(fault, {"claims": claims, "tests": tests}) == words
    assert ("SURVIVED" in sentence(fault, claims=claims, tests=tests)) == bool(words)


@forks
@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("docs/sums.md", "One and one make two.", "One and one are two."),
        ("docs/sums.md", "1 + 1 = 2", "$1 + 1 = 2$"),
        ("docs/sums.md", "{code-cell} python\nfrom", "{code-cell} python\n:tags: [hide-input]\nfrom"),
        ("arithmetic/sums.py", "Return the sum.", "Return a sum."),
        ("arithmetic/sums.py", "  # of all", ""),
        ("claims.toml", "[two]", "# the first\n[two]"),
        ("tests/test_sums.py", '"""One and one."""', '"""1 + 1."""'),
        ("tests/test_sums.py", "  # of ones", ""),
        ("machine/report.py", "def shown", "# words\ndef shown"),
        ("faults.toml", "[[fault]]", "# a slip\n[[fault]]"),
    ],
)
def test_words_may_change(homework, capsys, file, before, after):
    list_faults(homework, entry(), machine())
    run_main(homework)
    edit(homework / file, before, after)
    assert [fault["claims"] for fault in results(homework / "faults.json", homework)] == [["three", "two"], []]
    assert run_main(homework) == 0
    assert "2 of 2 results are kept" in capsys.readouterr().out


@forks
@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("docs/sums.md", "total([1, 1])", "total([2, 0])"),
        ("docs/sums.md", ":verdict: wrong", ":verdict: holds"),
        ("docs/sums.md", "{claim} two", "{claim} three"),
        ("arithmetic/sums.py", BEFORE, f"{BEFORE} + 0"),
        ("arithmetic/__init__.py", "", "one = 1"),
        ("claims.toml", "pair", "pairs"),
        ("faults.toml", OFF_BY_ONE, f"{OFF_BY_ONE} - 0"),
        ("faults.toml", "off by one", "one off"),
        ("tests/test_sums.py", "== 3", "< 4"),
        ("tests/test_report.py", "shown(1)", "shown(+1)"),
        ("machine/report.py", "number)", "number, /)"),
    ],
)
def test_what_decides_may_not(homework, file, before, after):
    list_faults(homework, entry(), machine())
    run_main(homework)
    edit(homework / file, before, after)
    assert results(homework / "faults.json", homework) is None


@forks
def test_only_what_changed_is_measured_again(homework, capsys):
    list_faults(homework, entry(), entry("first two", after="return sum(numbers[:2])"))
    run_main(homework)
    edit(homework / "faults.toml", "- 1", "+ 1 - 2")
    capsys.readouterr()
    assert run_main(homework) == 0
    printed = capsys.readouterr().out
    assert "1 of 2 results are kept" in printed
    assert "1/1" in printed
    assert "first two" not in printed
    found = results(homework / "faults.json", homework)
    assert [name_of(fault) for fault in found] == ["sums: off by one", "sums: first two"]


@forks
def test_the_machinery_is_what_only_its_own_faults_depend_on(homework, capsys):
    list_faults(homework, entry(), machine())
    run_main(homework)
    edit(homework / "machine" / "report.py", "number)", "number, /)")
    capsys.readouterr()
    assert run_main(homework) == 0
    printed = capsys.readouterr().out
    assert "1 of 2 results are kept" in printed
    assert "machine/report.py: other words: tests/test_report.py::test_report" in printed


def test_there_are_no_results_without_a_file_or_with_an_older_one(homework):
    assert results(homework / "faults.json", homework) is None
    (homework / "faults.json").write_text('{"sources": {}, "caught_by": {}}', encoding="utf-8")
    assert results(homework / "faults.json", homework) is None


def test_a_file_that_is_no_json_is_named(homework, capsys):
    (homework / "faults.json").write_text("<<<<<<< HEAD", encoding="utf-8")
    with pytest.raises(ValueError, match=r"faults.json: expected JSON, .*; delete it, and measure all faults"):
        results(homework / "faults.json", homework)
    assert run_main(homework) == 2
    assert "faults.json: expected JSON" in capsys.readouterr().err


# Wrong entries


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            entry(before="return add(numbers)"),
            "`return add(numbers)` stands 0 times in arithmetic/sums.py: the code has moved; change `before`",
        ),
        (
            entry(before="numbers"),
            "`numbers` stands 2 times in arithmetic/sums.py: take more of the line into `before`",
        ),
        (
            entry(after="return ("),
            "arithmetic/sums.py would be no Python with it, line 6: '(' was never closed; change",
        ),
        (entry(module="lost"), "there is no arithmetic/lost.py: change `module`"),
        (entry(module="free"), "no page checks free: name one under [pages], or say why in `no_page`"),
        (entry(module="free"), "no test checks arithmetic/free.py: name one, or say why in `no_test`"),
        (entry(module="lost"), "there is no docs/lost.md: change the entry, [pages] or [tests]"),
        (entry(test="tests/lost.py::test"), "there is no tests/lost.py: change the entry, [pages] or [tests]"),
        (entry(file="machine/lost.py"), "there is no machine/lost.py: change `file`"),
        (entry(no_page="a", no_test="b"), "something must notice it: drop `no_page` or `no_test`"),
        (entry(before_too="sum", after_too="max"), "`sum` stands 2 times in arithmetic/sums.py: take more of the line"),
        (entry(), "an earlier fault in this file has this name: change `name`"),
        (
            entry().replace("before", "text"),
            "expected texts: name, before, after, module or file, and maybe before_too,",
        ),
        (
            entry(before_too="def"),
            "expected texts: name, before, after, module or file, and maybe before_too, after_too",
        ),
        (
            entry(file="machine/report.py", module="sums"),
            "expected texts: name, before, after, module or file, and maybe",
        ),
        (
            entry().replace(f'"{BEFORE}"', "3"),
            "expected texts: name, before, after, module or file, and maybe before_too",
        ),
    ],
)
def test_a_wrong_entry_is_reported_with_its_line_and_with_the_others(homework, wrong, message):
    (homework / "arithmetic" / "free.py").write_text(MODULE, encoding="utf-8")
    edit(homework / "faults.toml", "[tests]", 'lost = ["docs/lost.md"]\n\n[tests]')
    plan = (homework / "faults.toml").read_text(encoding="utf-8").partition("\n[[fault]]")[0]
    text = plan + entry() + entry("other", before="nowhere") + wrong
    (homework / "faults.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="nowhere") as error:
        checked_plan(homework, "faults.toml")
    first, *others = str(error.value).splitlines()
    lines = [n for n, line in enumerate(text.splitlines(), start=1) if line == "[[fault]]"]
    assert first.startswith(f"faults.toml:{lines[1]}: other: `nowhere` stands 0 times")
    assert any(line.startswith(f"faults.toml:{lines[2]}: off by one: {message}") for line in others)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[fault]", "faults.toml: .*line 1"),
        (PLAN, "faults.toml: expected package, claims, copied, pages, fault; missing fault"),
    ],
)
def test_a_list_that_is_none_is_refused(homework, capsys, text, message):
    (homework / "faults.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        checked_plan(homework, "faults.toml")
    assert run_main(homework) == 2
    assert "faults.toml" in capsys.readouterr().err


# Ctrl-C


INTERRUPTED = """if True:
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[2])
    from claimcheck.faults.planting import main
    if sys.argv[3] == "at a fork":
        os.register_at_fork(after_in_parent=lambda: signal.raise_signal(signal.SIGINT))
    sys.exit(main(Path(sys.argv[1]), "faults.toml"))
"""


@forks
@pytest.mark.parametrize("when", ["at the beginning", "at a fork"])
def test_ctrl_c_ends_the_run_and_leaves_the_results(homework, when):
    list_faults(homework, entry("loop", before='"""Sums."""', after="while True: pass"))
    (homework / "faults.json").write_text("{}", encoding="utf-8")
    command = [sys.executable, "-c", INTERRUPTED, str(homework), str(ROOT), when]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True) as run:
        run.stdout.readline()  # it has begun
        if when == "at the beginning":
            run.send_signal(signal.SIGINT)
        _, error = run.communicate(timeout=60)
    assert error == "Stopped; the results are as they were.\n"
    assert run.returncode == 130
    assert (homework / "faults.json").read_text(encoding="utf-8") == "{}"
