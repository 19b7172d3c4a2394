"""``python -m benchmarks``: the parts of the benchmark, each in processes of its own; tables in the terminal.

``cases`` are measured with one thread and with all, the other parts with one. Numbers of threads are read when a
library is loaded, hence the processes. What was measured is kept in ``benchmarks/out``; ``--write`` makes RESULTS.md
and the plots beside this file of it, of parts that were measured earlier too (``--parts= --write``: of those alone).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks import peers, plots, report, results
from benchmarks.memory import PEERS as MEASURED_MEMORY
from benchmarks.startup import STARTED

PARTS = ("cases", "curves", "startup", "memory", "costs", "anatomy")


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--parts", default=",".join(PARTS), help="of %(default)s")
    options.add_argument("--case", default="", help="only cases whose group and name contain this")
    options.add_argument("--dtype", default="", choices=["", "float64", "float32"])
    options.add_argument("--threads", default=f"1,{os.cpu_count()}", help="numbers of threads, with commas between")
    options.add_argument("--peers", default=",".join(peers.MODULES), help="of %(default)s")
    options.add_argument(
        "--quick", action="store_true", help="cases, float64, one thread, few rounds, no torch.compile"
    )
    options.add_argument("--write", action="store_true", help="rewrite RESULTS.md and the plots")
    given = options.parse_args()
    if given.quick:
        given.parts, given.dtype, given.threads = "cases", "float64", "1"
        given.peers = given.peers.replace("torch_compile,", "")
    for part in given.parts.split(","):
        if part:
            globals()[part](given)
    if given.write:
        results.write()
        plots.write()


def cases(given: argparse.Namespace) -> None:
    rounds = ["--rounds", "7", "--slice", "0.005"] if given.quick else []
    for threads in sorted({int(count) for count in given.threads.split(",")}):
        for dtype in [given.dtype] if given.dtype else ["float64", "float32"]:
            names = given.peers.split(",")
            everything = not (given.case or given.quick) and names == list(peers.MODULES)
            if (threads, dtype) != (1, "float64") and names == list(peers.MODULES):
                names.remove("torch_compile")  # which compiles for minutes
            arguments = ["--peers", ",".join(names), "--case", given.case, "--dtype", dtype, *rounds]
            lines = list(worker("worker", threads, *arguments))
            report.show_cases(lines, names)
            if everything:
                results.keep(f"cases-{threads}-{dtype}", lines)


def curves(given: argparse.Namespace) -> None:
    lines = list(worker("worker", 1, "--cases", "curves", "--peers", "ours,jax,torch,hips", "--rounds", "15"))
    results.keep("curves", lines)


def startup(given: argparse.Namespace) -> None:
    results.keep(
        "startup", [line for _ in range(3) for peer in STARTED for line in worker("startup", 1, "--peer", peer)]
    )


def memory(given: argparse.Namespace) -> None:
    runs = [("--peer", peer, "--dtype", dtype) for dtype in ("float64", "float32") for peer in MEASURED_MEMORY]
    results.keep("memory", [line for arguments in runs for line in worker("memory", 1, *arguments)])


def costs(given: argparse.Namespace) -> None:
    results.keep("costs", list(worker("costs", 1)))


def anatomy(given: argparse.Namespace) -> None:
    results.keep("anatomy", list(worker("anatomy", 1, "--case", given.case)))


def worker(module: str, threads: int, *arguments: str) -> Iterator[dict[str, Any]]:
    """The lines that a process of so many threads prints, as they come."""
    command = [sys.executable, "-m", f"benchmarks.{module}", "--threads", str(threads), *arguments]
    with subprocess.Popen(command, env=os.environ | environment(threads), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            found = json.loads(line)
            print(f"  {report.progress(module, found)}", file=sys.stderr)
            yield found
    if process.returncode:
        raise SystemExit(f"{' '.join(command[1:])}: failed with {process.returncode}")


def environment(threads: int) -> dict[str, str]:
    """What tells NumPy's BLAS, PyTorch and XLA how many threads to use."""
    counts = {name: str(threads) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    single = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return {**counts, "JAX_PLATFORMS": "cpu", "XLA_FLAGS": single if threads == 1 else ""}


if __name__ == "__main__":
    main()
