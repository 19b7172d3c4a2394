"""``python -m benchmarks``: every case in processes of their own, with one thread and with all; tables in the terminal.

``--write`` rewrites RESULTS.md and the plots beside this file. Numbers of threads are read when a library is loaded,
hence the processes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks import peers, report


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--case", default="", help="only cases whose group and name contain this")
    options.add_argument("--dtype", default="", choices=["", "float64", "float32"])
    options.add_argument("--threads", default=f"1,{os.cpu_count()}", help="numbers of threads, with commas between")
    options.add_argument("--peers", default=",".join(peers.MODULES), help="of %(default)s")
    options.add_argument("--quick", action="store_true", help="float64, one thread, few rounds, no torch.compile")
    given = options.parse_args()
    names = [name for name in given.peers.split(",") if not (given.quick and name == "torch_compile")]
    passed = ["--peers", ",".join(names), "--case", given.case, "--dtype", given.dtype]
    if given.quick:
        passed += ["--rounds", "7", "--slice", "0.005"]
        given.dtype, given.threads = "float64", "1"
    for threads in sorted({int(count) for count in given.threads.split(",")}):
        for dtype in [given.dtype] if given.dtype else ["float64", "float32"]:
            lines = list(worker("worker", threads, *passed, "--dtype", dtype))
            report.show_cases(lines, names)


def worker(module: str, threads: int, *arguments: str) -> Iterator[dict[str, Any]]:
    """The lines that a process of so many threads prints, as they come."""
    command = [sys.executable, "-m", f"benchmarks.{module}", "--threads", str(threads), *arguments]
    with subprocess.Popen(command, env=os.environ | environment(threads), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            found = json.loads(line)
            print(f"  {report.progress(found)}", file=sys.stderr)
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
