"""Contenders that do the same work, timed in turn in one process, and the machine they ran on."""

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from operator import truediv
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

RESULTS = Path(__file__).parent / "results"


def contest(
    contenders: Mapping[str, Callable[[], Any]],
    rounds: int = 7,
    before: Mapping[str, Callable[[], Any]] | None = None,
) -> dict[str, Any]:
    """Time each contender once a round, all of them in turn; the first is what the others are measured against.

    What runs untimed before each is named in `before`; where that is missing, the contender itself: caches
    are its own then, and no thread of the one before it still spins. A ratio is taken within a round, so that
    a machine that slows down for a while slows both.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            (before or contenders)[name]()
            start = perf_counter()
            run()
            times[name].append(perf_counter() - start)
    first = times[next(iter(times))]
    return {
        name: {
            "seconds": median(found),
            "spread": spread(found),
            "ratio": median(ratios := list(map(truediv, found, first))),
            "ratio_spread": spread(ratios),
        }
        for name, found in times.items()
    }


def spread(values: list[float]) -> list[float]:
    """Return the lower and the upper quartile."""
    low, _, high = quantiles(values, n=4)
    return [low, high]


def prepare(threads: int) -> None:
    """Let every library use so many threads, and make the process one that has worked before; call it after imports.

    The C library gives freed memory back to the system at once, and takes it anew at the next call, until it has
    seen a large array come and go. In a process that has been at work for a while it has.
    """
    np.empty(30 * 2**20, dtype=np.uint8)
    threadpool_limits(threads)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(threads)


def machine(*packages: str) -> dict[str, Any]:
    """Return when and where this runs, and with which versions and how many threads."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {package: version(package) for package in ("numpy", *packages)},
        "threads": {pool["internal_api"]: pool["num_threads"] for pool in threadpool_info()},
    }


def processor() -> str:
    """Return the processor's name, as the system gives it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()}, {platform.machine()}"
    return platform.processor() or platform.machine()


def report(name: str, results: dict[str, Any]) -> None:
    """Print the results, and write them to results/NAME.json."""
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for case, found in results["contests"].items():
        print(case)
        for contender, times in found.items():
            low, high = times["ratio_spread"]
            print(
                f"  {contender:44} {times['seconds'] * 1e3:10.2f} ms   {times['ratio']:7.2f} ({low:.2f} to {high:.2f})"
            )
    print(f"{results['machine']}\nThe results are in {path}")
