"""Plant each fault in a copy of the files, run the pages and the tests that check its file, and see what notices."""

import ast
import gc
import json
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import tomllib
import warnings
from collections import deque
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from multiprocessing.connection import wait
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from claimcheck.claims import CLAIMS_VARIABLE
from claimcheck.faults.results import (
    file_of,
    folders,
    keys,
    name_of,
    pages_of,
    plan_in,
    recorded,
    survived,
    test_of,
    text_of,
)
from claimcheck.pages import FACT, cells_of, outcomes, published

FIELDS = ["name", "before", "after"]
OPTIONS = ["before_too", "after_too", "test", "no_page", "no_test"]
SECONDS = 60  # that a page or a test may run; without a fault none takes a fifth of it
MEMORY = 4 * 2**30  # bytes that it may have


class Job(NamedTuple):
    """A page or a test to run on a copy of the files, with a fault planted or, to compare, with none."""

    fault: dict[str, str] | None
    check: str


def main(root, planted, seconds=SECONDS):
    """Measure the faults of the list that have no valid result yet, write all results, and return the exit status."""
    try:
        plan = checked_plan(root, planted)
        file = plan.get("results", "faults.json")
        with tempfile.TemporaryDirectory() as folder:
            results = all_results(plan, snapshot(plan, root, Path(folder)), root / file, seconds)
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        print("Stopped; the results are as they were.", file=sys.stderr)  # noqa: T201
        return 130
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"planted": planted, "results": results}, indent=1, ensure_ascii=False)
    (root / file).write_text(text + "\n", encoding="utf-8")
    survivors = sum(bool(survived(fault, results[name_of(fault)])) for fault in plan["fault"])
    show(f"{len(results)} faults planted, {survivors} survived; the results are in {file}")
    return int(survivors > 0)


def all_results(plan, root, file, seconds):
    """Return the result of each fault by its name: as recorded, if it was measured on what is here now."""
    now, old = keys(plan, root), recorded(file).get("results", {})
    results = {name: old[name] for name, key in now.items() if old.get(name, {}).get("key") == key}
    new = [fault for fault in plan["fault"] if name_of(fault) not in results]
    show(f"{len(results)} of {len(now)} results are kept: nothing that they depend on has changed")
    start = monotonic()
    for n, (fault, found) in enumerate(measure(new, plan, root, seconds), start=1):
        results[name_of(fault)] = {"key": now[name_of(fault)]} | found
        show(f"{n}/{len(new)}, {monotonic() - start:.0f} s: {sentence(fault, **found)}")
    return {name: results[name] for name in now}


def snapshot(plan, root, folder):
    """Copy the files into the folder, where nobody edits them meanwhile; return the folder."""
    for name in plan["copied"]:
        copy = shutil.copy if (root / name).is_file() else copy_folder
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy(root / name, folder / name)
    return folder


def copy_folder(source, target):
    """Copy a folder, but for what Python compiled."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def sentence(fault, **found):
    """Return a fault's result in words."""
    reasons = "".join(f"; {check} {reason}" for check, reason in found.get("stopped", {}).items())
    lost = f"; SURVIVED: {words}" if (words := survived(fault, found)) else ""
    return f"{name_of(fault)}: {', '.join(found['claims'] + found['tests']) or 'nothing'}{reasons}{lost}"


def show(line):
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


# The list of faults


def checked_plan(root, planted):
    """Return the list of faults; raise ValueError that says all that is wrong with it."""
    if not (root / planted).is_file():
        raise ValueError(f"{planted}: there is no such file in {root}")
    text = text_of(root / planted)
    try:
        plan = plan_in(text, root)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{planted}: {error}") from error
    expected = ["package", "claims", "copied", "pages", "fault"]
    if missing := [key for key in expected if key not in plan]:
        raise ValueError(f"{planted}: expected {', '.join(expected)}; missing {', '.join(missing)}")
    if "slips" in plan and not (root / plan["slips"]).is_file():
        raise ValueError(f"{planted}: slips: there is no {plan['slips']}")
    if missing := [name for name in plan["copied"] if not (root / name).exists()]:
        raise ValueError(f"{planted}: copied: there is no {', '.join(missing)}")
    if wrong := [name for name, pages in plan["pages"].items() if not isinstance(pages, list)]:
        raise ValueError(f"{planted}: [pages]: expected a list of pages for {', '.join(wrong)}")
    if not plan["fault"]:
        raise ValueError(f"{planted}: expected at least one [[fault]], got none")
    if plan.get("tests") and not find_spec("pytest"):
        raise ValueError(f"{planted}: [tests] are run by pytest, which is not installed")
    heads = [n for n, line in enumerate(text.splitlines(), start=1) if re.match(r"\s*\[\[\s*fault\s*\]\]", line)]
    places = [f"{planted}:{line}" for line in heads] + [plan.get("slips")] * (len(plan["fault"]) - len(heads))
    wrong = [
        f"{place}: {fault.get('name')}: {words}"
        for n, (place, fault) in enumerate(zip(places, plan["fault"], strict=True))
        for words in wrong_with(fault, plan["fault"][:n], plan, root)
    ]
    if wrong:
        raise ValueError("\n".join(wrong))
    return plan


def wrong_with(fault, earlier, plan, root):
    """Return what is wrong with an entry of the list, a sentence each."""
    places = [key for key in ("module", "file") if key in fault]
    known = {*FIELDS, *OPTIONS, *places}
    halves = ("before_too" in fault) != ("after_too" in fault)
    texts = all(isinstance(value, str) for value in fault.values())
    if len(places) != 1 or halves or not texts or not {*FIELDS} <= {*fault} <= known:
        return [f"expected texts: {', '.join(FIELDS)}, module or file, and maybe {', '.join(OPTIONS)}; got {fault}"]
    pages, test, file = pages_of(fault, plan), test_of(fault, plan), file_of(fault, plan)
    pages_lack = "module" in fault and not pages and "no_page" not in fault
    reasons = {
        "an earlier fault in this file has this name: change `name`": name_of(fault) in map(name_of, earlier),
        "something must notice it: drop `no_page` or `no_test`": {"no_page", "no_test"} <= {*fault},
        "no test checks this file: name one under [tests]": "file" in fault and "no_test" in fault,
        f"no page checks {fault.get('module')}: name one under [pages], or say why in `no_page`": pages_lack,
        f"no test checks {file}: name one, or say why in `no_test`": test is None and "no_test" not in fault,
    }
    lost = [check for check in [*pages, test and test.partition("::")[0]] if check and not (root / check).is_file()]
    return [
        *(words for words, wrong in reasons.items() if wrong),
        *(f"there is no {check}: change the entry, [pages] or [tests]" for check in lost),
        *wrong_with_code(fault, root, file),
    ]


def wrong_with_code(fault, root, file):
    """Return why the fault can't be planted in its file, if it can't."""
    if not (root / file).is_file():
        return [f"there is no {file}: change `{'module' if 'module' in fault else 'file'}`"]
    source = text_of(root / file)
    for key in ["before", *({"before_too"} & {*fault})]:
        if (count := source.count(fault[key])) != 1:
            advice = f"the code has moved; change `{key}`" if count == 0 else f"take more of the line into `{key}`"
            return [f"`{fault[key]}` stands {count} times in {file}: {advice}"]
    try:
        ast.parse(planted(fault, source))
    except SyntaxError as error:
        return [f"{file} would be no Python with it, line {error.lineno}: {error.msg}; change `after`"]
    return []


def planted(fault, source):
    """Return the source with the fault in it, in one place or in two."""
    source = source.replace(fault["before"], fault["after"])
    return source.replace(fault["before_too"], fault["after_too"]) if "before_too" in fault else source


# What catches a fault


def measure(faults, plan, root, seconds=SECONDS):
    """Yield each fault with its result, as it comes; raise ValueError if something is noticed with no fault."""
    checks = {name_of(fault): [*pages_of(fault, plan), *filter(None, [test_of(fault, plan)])] for fault in faults}
    controls = dict.fromkeys(check for of_fault in checks.values() for check in of_fault)
    jobs = [*(Job(None, check) for check in controls), *(Job(f, check) for f in faults for check in checks[name_of(f)])]
    found = {name: {} for name in checks}
    for job, decided, reason in run_all(jobs, plan, root, seconds):
        noticed = catchers(published(root / job.check), decided, reason) if is_page(job) else sorted(decided)
        noticed = noticed or [job.check] * (reason is not None)  # a test that stopped before any had failed
        if job.fault is None:
            refuse(job, noticed, reason)
            continue
        of_checks = found[name_of(job.fault)]
        of_checks[job.check] = is_page(job), noticed, reason
        if of_checks.keys() == set(checks[name_of(job.fault)]):
            yield job.fault, joined(of_checks)


def is_page(job):
    """Return whether a job runs a page; if not, it runs a test."""
    return job.check.endswith(".md")


def catchers(due, decided, reason):
    """Return the claims whose verdict is not the published one; those not decided, if the page stopped for a reason."""
    texts = decided if reason is None else dict.fromkeys([*due, FACT], reason) | decided
    return sorted(claim for claim in {*due, *texts} if texts.get(claim) != due.get(claim))


def refuse(job, noticed, reason):
    """Raise ValueError if a page or a test notices something where there is no fault: it would catch every fault."""
    if noticed:
        due, got = ("the published verdicts", "others") if is_page(job) else ("no failure", "one")
        why = f": it {reason}" if reason else ""
        raise ValueError(f"{job.check}: expected {due} with no fault planted, got {got} for {', '.join(noticed)}{why}")


def joined(of_checks):
    """Return what caught a fault on any page and in any test, and what did not come to its end, and why."""
    found = {
        kind: sorted({name for of_page, noticed, _ in of_checks.values() if of_page == page for name in noticed})
        for kind, page in (("claims", True), ("tests", False))
    }
    stopped = {check: reason for check, (_, _, reason) in sorted(of_checks.items()) if reason}
    return found | ({"stopped": stopped} if stopped else {})


# Pages and tests in processes of their own


def run_all(jobs, plan, root, seconds):
    """Yield each job with what its page or test decided and, if that did not come to its end, why; as they come.

    What the clock stopped runs once more: the machine may have been busy with something else.
    """
    with ctrl_c_later():
        import_libraries({job.check for job in jobs}, plan, root)
    gc.freeze()  # so that no child looks through what all share
    waiting, running = deque((job, True) for job in jobs), {}
    with tempfile.TemporaryDirectory() as copies:
        try:
            while waiting or running:
                while waiting and len(running) < os.cpu_count():
                    job, again = waiting.popleft()
                    folder = Path(tempfile.mkdtemp(dir=copies), "files").resolve()
                    with ctrl_c_later():
                        reader, process = start(job, folder, plan, root, seconds)
                        running[reader] = job, again, process, []
                for reader in wait(running):
                    job, again, process, messages = running[reader]
                    try:
                        messages.append(reader.recv())
                    except EOFError:
                        del running[reader]
                        found = end_of(messages, process, seconds)
                        if again and process.exitcode == -signal.SIGALRM:
                            waiting.append((job, False))
                        else:
                            yield job, *found
        finally:
            for _, _, process, _ in running.values():
                end(process)
            gc.unfreeze()


@contextmanager
def ctrl_c_later():
    """Hold a Ctrl-C back: what Python runs in an import or after a fork may swallow it, and leave a child alone."""
    came = []
    handler = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if came:
        raise KeyboardInterrupt


def start(job, folder, plan, root, seconds):
    """Fork a process that runs the job; return what it sends its verdicts through, and the process."""
    copy_folder(root, folder)
    if job.fault:
        file = folder / file_of(job.fault, plan)
        file.write_text(planted(job.fault, text_of(file)), encoding="utf-8")
    fork = multiprocessing.get_context("fork")  # the libraries are there already
    reader, writer = fork.Pipe(duplex=False)
    process = fork.Process(target=run, args=(writer, job, folder, plan, seconds))
    process.start()
    writer.close()
    return reader, process


def run(writer, job, folder, plan, seconds):
    """Run a job, in this process, on the files in the folder; send what is decided as it comes, and None at the end."""
    os.setpgid(0, 0)  # at Ctrl-C the parent ends its children, with what they have started
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.register_at_fork(after_in_child=writer.close)
    limit(seconds)
    import_from(folder, plan["package"])
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        (run_page if is_page(job) else run_test)(writer.send, job.check, folder, plan)
    writer.send(None)


def run_page(send, page, folder, plan):
    """Run the cells of a page, as far as the last check; send what each decides."""
    os.environ[CLAIMS_VARIABLE] = str(folder / plan["claims"])
    os.chdir((folder / page).parent)  # as the site runs it
    warnings.simplefilter("ignore")
    for decided in outcomes(up_to_the_last_check(cells_of(folder / page)), {}):
        send(decided)


def run_test(send, test, folder, plan):
    """Run tests by pytest up to the first that fails, and send which; fail if pytest could not run them."""
    import pytest  # noqa: PLC0415  a list of faults need name no test

    os.chdir(folder)
    os.environ.update({"PYTHONPATH": str(folder)} | plan.get("environment", {}))
    os.register_at_fork(after_in_child=warnings.resetwarnings)  # pytest makes errors of them
    failed = []

    class Watch:
        @staticmethod
        def pytest_runtest_logreport(report):
            if report.failed:
                failed.append(report.nodeid)
                send({report.nodeid: "failed"})

        pytest_collectreport = pytest_runtest_logreport

    options = ["-x", "-q", "--assert=plain", f"--basetemp={folder / 'tmp'}", *plan.get("pytest", [])]
    if (status := pytest.main([test, *options], plugins=[Watch()])) and not failed:
        sys.exit(int(status))


def limit(seconds):
    """Have this process end after so many seconds, whatever it is doing, and get no more memory than is allowed."""
    import resource  # noqa: PLC0415  Windows, which has no such module, may import this one

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def end(process):
    """End a process and all that it has started."""
    with suppress(ProcessLookupError):  # nothing of it is left
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def end_of(messages, process, seconds):
    """Return what a job decided, and why it did not come to its end; None if it did."""
    process.join()
    end(process)
    decided = {claim: text for found in messages if found for claim, text in found.items()}
    if messages and messages[-1] is None:
        return decided, None
    if process.exitcode == -signal.SIGALRM:
        return decided, f"stopped after {seconds:g} s"
    if process.exitcode < 0:
        return decided, f"killed by {signal.Signals(-process.exitcode).name}"
    return decided, f"exited with {process.exitcode}"


def up_to_the_last_check(cells):
    """Return the cells without those after the last that decides or asserts something: they can't change a verdict."""
    checks = [n for n, cell in enumerate(cells, start=1) if re.search(r"\bverdict\(|\bassert\b", cell)]
    return cells[: max(checks, default=0)]


# Imports


def import_libraries(checks, plan, root):
    """Import what children will, so that none must; each takes what is ours anew, from its own copy."""
    files = [root / "conftest.py", *(root / check.partition("::")[0] for check in checks)]
    files += [file for folder in folders(plan) for file in (root / folder).rglob("*.py")]
    sources = [source for file in files for source in (cells_of(file) if file.suffix == ".md" else [text_of(file)])]
    names = sorted({name for source in sources for name in imported(source)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in [*names, *plan.get("libraries", [])]:
            if name.partition(".")[0] not in {plan["package"], *folders(plan)}:
                with suppress(ImportError):  # an optional library, or one that the page will miss
                    import_module(name)
        for plugin in entry_points(group="pytest11") if plan.get("tests") else ():
            plugin.load()


def imported(source):
    """Yield the names of the modules that Python's source imports."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # that whoever runs it is told of
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


def import_from(folder, package):
    """Have the package, and all else that is there, imported from the folder."""
    copied = {path.stem for path in [*folder.glob("*.py"), *(init.parent for init in folder.glob("*/__init__.py"))]}
    for name in [*sys.modules]:
        if name.partition(".")[0] in {package, *copied}:
            del sys.modules[name]
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    found = find_spec(package).origin
    if not Path(found).is_relative_to(folder):
        raise ImportError(f"{package}: expected the one in {folder}, got {found}")
