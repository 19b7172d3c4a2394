"""One process with a number of threads: measures the cases and prints a line of JSON for each."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import traceback

from benchmarks import peers, timing
from benchmarks.case import Case
from benchmarks.cases import CASES, curves


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--threads", type=int, required=True)
    options.add_argument("--cases", default="cases", choices=["cases", "curves"])
    options.add_argument("--case", default="")
    options.add_argument("--dtype", default="")
    options.add_argument("--peers", default=",".join(peers.MODULES))
    options.add_argument("--rounds", type=int, default=25)
    options.add_argument("--slice", type=float, default=0.01)
    given = options.parse_args()
    _confine(given.threads)
    for case in {"cases": CASES, "curves": curves.CASES}[given.cases]:
        if given.case.lower() in f"{case.group}: {case.name}".lower() and given.dtype in case.dtype:
            line = measure(case, given.peers.split(","), given.threads, given.rounds, given.slice)
            print(json.dumps(line), flush=True)


def _confine(threads: int) -> None:
    """As many cores as threads: XLA's pool has a thread a core, whatever its flags say."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])


def measure(case: Case, names: list[str], threads: int, rounds: int, slice_seconds: float) -> dict[str, object]:
    """Seconds of ours and, for each peer, the median and quartiles of the rounds' ratios; or what went wrong."""
    if any(name.startswith("torch") for name in names):
        import torch

        torch.set_num_threads(threads)
    line: dict[str, object] = {"case": case.name, "group": case.group, "dtype": case.dtype, "threads": threads}
    runs, problems = {}, {}
    if "torch_compile" in names:
        import torch._dynamo

        torch._dynamo.reset()  # it gives up on a function after eight versions of it
    for name in names:
        try:
            built = peers.runs(case, [name])
            for run in built.values():
                run.call()
            runs.update(built)
        except Exception as problem:
            traceback.print_exc(file=sys.stderr)
            problems[name] = f"{type(problem).__name__}: {problem}".splitlines()[0][:200]
    try:
        timing.require_equal(runs, case.tolerance)
    except ValueError as problem:
        return {**line, "problems": {**problems, "agreement": str(problem)}}
    calls = {name: run.call for name, run in runs.items()}
    times = timing.seconds(calls, rounds, slice_seconds, between=timing.rest if threads > 1 else None)
    ours = times["ours"]
    found = {name: statistics.quantiles(timing.ratios(times[name], ours), n=4) for name in runs if name != "ours"}
    return {
        **line,
        "seconds": {name: statistics.median(values) for name, values in times.items()},
        "ratios": {name: quartiles[1] for name, quartiles in found.items()},
        "spread": {name: [quartiles[0], quartiles[2]] for name, quartiles in found.items()},
        "problems": problems,
    }


if __name__ == "__main__":
    main()
