"""Plant each fault in a copy of the package, run the pages that check its module, and see which verdicts notice.

As a script it measures the faults of planted.toml, prints a line for each as it comes, and writes docs/faults.json,
from which the ledger takes its counts. A result in that file is kept if nothing that it depends on has changed: delete
the file to measure all. The exit status is 1 if a fault survived, 2 if they could not be measured.
"""

import ast
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
from contextlib import redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import wait
from pathlib import Path
from time import monotonic
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "extensions"))

from measured import CELL, keys, name_of, published, recorded, text_of
from pages import FACT, outcomes

ROOT = Path(__file__).parents[2]
PLANTED = "tests/faults/planted.toml"
RESULTS = "docs/faults.json"
FIELDS = ["name", "module", "before", "after"]
SECONDS = 60  # that a page may run; without a fault none takes a tenth of it
MEMORY = 4 * 2**30  # bytes that a page may have


class Job(NamedTuple):
    """A page to run on a copy of the package, with a fault planted or, to compare, with none."""

    fault: dict | None
    page: str


def main(root=ROOT, planted=PLANTED, file=RESULTS, seconds=SECONDS):
    """Measure the faults that have no valid result yet, write all results, and return the exit status."""
    try:
        plan = checked_plan(root, planted)
        with tempfile.TemporaryDirectory() as folder:
            results = all_results(plan, snapshot(plan, root, Path(folder)), root / file, seconds)
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        print(f"Stopped; {file} is as it was.", file=sys.stderr)  # noqa: T201
        return 130
    text = json.dumps({"planted": planted, "results": results}, indent=1, ensure_ascii=False)
    (root / file).write_text(text + "\n", encoding="utf-8")
    survivors = sum(not result["caught_by"] for result in results.values())
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
        show(f"{n}/{len(new)}, {monotonic() - start:.0f} s: {sentence(name_of(fault), **found)}")
    return {name: results[name] for name in now}


def snapshot(plan, root, folder):
    """Copy what the results depend on into the folder, where nobody edits it meanwhile; return the folder."""
    shutil.copytree(root / plan["package"], folder / plan["package"], ignore=shutil.ignore_patterns("__pycache__"))
    for name in {plan["claims"], *(page for pages in plan["pages"].values() for page in pages)}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, folder / name)
    return folder


def sentence(name, caught_by, stopped=None):
    """Return a fault's result in words."""
    reasons = "".join(f"; {page} {reason}" for page, reason in (stopped or {}).items())
    return f"{name}: {', '.join(caught_by) or 'SURVIVED'}{reasons}"


def show(line):
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


# The list of faults


def checked_plan(root, planted):
    """Return the list of faults; raise ValueError that says all that is wrong with it."""
    text = text_of(root / planted)
    try:
        plan = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{planted}: {error}") from error
    if missing := [key for key in ("package", "claims", "pages", "fault") if key not in plan]:
        raise ValueError(f"{planted}: expected package, claims, [pages] and [[fault]], missing {', '.join(missing)}")
    heads = [n for n, line in enumerate(text.splitlines(), start=1) if re.match(r"\s*\[\[\s*fault\s*\]\]", line)]
    wrong = [
        f"{planted}:{line}: {fault.get('name')}: {words}"
        for n, (line, fault) in enumerate(zip(heads, plan["fault"], strict=True))
        for words in wrong_with(fault, plan["fault"][:n], plan, root)
    ]
    if wrong:
        raise ValueError("\n".join(wrong))
    return plan


def wrong_with(fault, earlier, plan, root):
    """Return what is wrong with an entry of the list, a sentence each."""
    if sorted(fault) != sorted(FIELDS) or not all(isinstance(text, str) for text in fault.values()):
        return [f"expected a text for each of {', '.join(FIELDS)}, got {fault}"]
    pages = plan["pages"].get(fault["module"], [])
    repeated = name_of(fault) in map(name_of, earlier)
    return [
        *([f"an earlier fault in {fault['module']} has this name: change `name`"] if repeated else []),
        *([] if pages else [f"no page checks {fault['module']}: name one under [pages]"]),
        *(f"there is no {page}: change [pages]" for page in pages if not (root / page).is_file()),
        *wrong_with_code(fault, root, f"{plan['package']}/{fault['module']}.py"),
    ]


def wrong_with_code(fault, root, module):
    """Return why the fault can't be planted in its module, if it can't."""
    if not (root / module).is_file():
        return [f"there is no {module}: change `module`"]
    source, before = text_of(root / module), fault["before"]
    if (count := source.count(before)) != 1:
        advice = "the code has moved; change `before`" if count == 0 else "take more of the line into `before`"
        return [f"`{before}` stands {count} times in {module}: {advice}"]
    try:
        ast.parse(source.replace(before, fault["after"]))
    except SyntaxError as error:
        return [f"{module} would be no Python with it, line {error.lineno}: {error.msg}; change `after`"]
    return []


# What catches a fault


def measure(faults, plan, root, seconds=SECONDS):
    """Yield each fault with its result, as it comes; raise ValueError if a page says something else with no fault."""
    pages = {name_of(fault): plan["pages"][fault["module"]] for fault in faults}
    controls = dict.fromkeys(page for of_fault in pages.values() for page in of_fault)
    jobs = [*(Job(None, page) for page in controls), *(Job(f, page) for f in faults for page in pages[name_of(f)])]
    found = {name: {} for name in pages}
    for job, decided, reason in run_all(jobs, plan, root, seconds):
        caught = catchers(published(root / job.page), decided, reason)
        if job.fault is None:
            refuse(job.page, caught, reason)
            continue
        of_pages = found[name_of(job.fault)]
        of_pages[job.page] = caught, reason
        if of_pages.keys() == set(pages[name_of(job.fault)]):
            yield job.fault, joined(of_pages)


def catchers(published, decided, reason):
    """Return the claims whose verdict is not the published one; those not decided, if the page stopped for a reason."""
    texts = decided if reason is None else dict.fromkeys([*published, FACT], reason) | decided
    return sorted(claim for claim in {*published, *texts} if texts.get(claim) != published.get(claim))


def refuse(page, caught, reason):
    """Raise ValueError if a page without a fault does not give the published verdicts: it would catch every fault."""
    if caught:
        raise ValueError(
            f"{page}: expected the published verdicts with no fault planted, got others for {', '.join(caught)}"
            + (f": the page {reason}" if reason else "")
        )


def joined(of_pages):
    """Return what caught a fault on any of its pages, and which pages did not come to their end, and why."""
    stopped = {page: reason for page, (_, reason) in sorted(of_pages.items()) if reason}
    caught = sorted({claim for claims, _ in of_pages.values() for claim in claims})
    return {"caught_by": caught} | ({"stopped": stopped} if stopped else {})


# Pages in processes of their own


def run_all(jobs, plan, root, seconds):
    """Yield each job with what its page decided and, if the page did not come to its end, why; as they come."""
    import_libraries([root / job.page for job in jobs if job.fault is None], root / plan["package"])
    waiting, running = deque(enumerate(jobs)), {}
    with tempfile.TemporaryDirectory() as copies:
        try:
            while waiting or running:
                while waiting and len(running) < os.cpu_count():
                    n, job = waiting.popleft()
                    reader, process = start(job, Path(copies, str(n)).resolve(), plan, root, seconds)
                    running[reader] = job, process, []
                for reader in wait(running):
                    job, process, messages = running[reader]
                    try:
                        messages.append(reader.recv())
                    except EOFError:
                        del running[reader]
                        yield job, *end_of(messages, process, seconds)
        finally:
            for _, process, _ in running.values():
                process.kill()
                process.join()


def start(job, folder, plan, root, seconds):
    """Fork a process that runs the job; return what it sends its verdicts through, and the process."""
    plant(job.fault, root / plan["package"], folder)
    fork = multiprocessing.get_context("fork")  # the libraries are there already
    reader, writer = fork.Pipe(duplex=False)
    given = (writer, root / job.page, folder, Path(plan["package"]).name, root / plan["claims"], seconds)
    process = fork.Process(target=run_page, args=given, daemon=True)
    process.start()
    writer.close()
    return reader, process


def plant(fault, package, folder):
    """Copy the package into the folder, with the fault planted if there is one."""
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    if fault:
        module = folder / package.name / f"{fault['module']}.py"
        module.write_text(text_of(module).replace(fault["before"], fault["after"]), encoding="utf-8")


def run_page(writer, page, folder, package, claims, seconds):
    """Run a page, in this process, on the package in the folder; send what each cell decides, and None at the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # at Ctrl-C the parent ends its children
    limit(seconds)
    os.environ["HW3_CLAIMS"] = str(claims)
    import_from(folder, package)
    warnings.simplefilter("ignore")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        for decided in outcomes(up_to_the_last_check(CELL.findall(text_of(page))), {}):
            writer.send(decided)
    writer.send(None)


def limit(seconds):
    """Have this process end after so many seconds, whatever it is doing, and get no more memory than is allowed."""
    import resource  # noqa: PLC0415  Windows, which has no such module, may import this one

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def end_of(messages, process, seconds):
    """Return what a page decided, and why it did not come to its end; None if it did."""
    process.join()
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


def import_libraries(pages, package):
    """Import what pages and package do, so that no child must; all but the package: a child takes its own copy."""
    sources = [*map(text_of, package.rglob("*.py")), *(cell for page in pages for cell in CELL.findall(text_of(page)))]
    for name in sorted({name for source in sources for name in imported(source)}):
        if name.partition(".")[0] != package.name:
            with suppress(ImportError):  # an optional library, or one that the page will miss
                import_module(name)


def imported(source):
    """Yield the names of the modules that Python's source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


def import_from(folder, package):
    """Have the package imported from the folder."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    found = find_spec(package).origin
    if not Path(found).is_relative_to(folder):
        raise ImportError(f"{package}: expected the one in {folder}, got {found}")


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each page has one core
    sys.exit(main())
