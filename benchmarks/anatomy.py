"""Where our time goes: each line of a case's compiled program, timed, and the call around it; the least of many calls.

python -m benchmarks.anatomy --threads 1 --case tiny --lines
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from collections.abc import Callable, Sequence
from itertools import pairwise
from time import perf_counter
from typing import Any

from benchmarks import peers
from benchmarks.case import Case
from benchmarks.cases import CASES
from torchlean_typed.engine import run as engine
from torchlean_typed.engine.codegen import Program

PRODUCTS = ("dot", "vdot", "matmul")
TRANSCENDENTAL = ("exp", "expm1", "log", "log1p", "tanh", "sin", "cos", "logaddexp")
CALLS = 1000


def anatomy(case: Case) -> dict[str, Any]:
    """Seconds in all, in the program's matrix products, exponentials and the like, other lines, and around it."""
    engine.clear_cache()
    call = peers.runs(case, ["ours"])["ours"].call
    call()
    (program,) = engine._programs.values()
    whole, lines = timed_lines(program, call)
    found: dict[str, list[float]] = {"matrix products": [], "exp, tanh and the like": [], "other lines": []}
    for text, seconds in lines:
        names = re.findall(r"\w+(?=\()", text)
        part = "other lines"
        if any(name in PRODUCTS for name in names):
            part = "matrix products"
        elif any(name in TRANSCENDENTAL or "logistic" in name for name in names):
            part = "exp, tanh and the like"
        found[part].append(seconds)
    parts = {name: [len(times), sum(times)] for name, times in found.items()}
    inside = sum(seconds for _, seconds in lines)
    return {
        "case": case.name,
        "group": case.group,
        "seconds": whole,
        "parts": parts,
        "around": whole - inside,
        "lines": lines,
    }


def timed_lines(program: Program, call: Callable[[], Any]) -> tuple[float, list[tuple[str, float]]]:
    """The least seconds of the call, and of each line of its program."""
    head, *body = program.source().partition("\n\ndef workspace")[0].strip("\n").split("\n")
    body = [line for line in body if not line.lstrip().startswith("#")]
    marked = [head]
    texts = []
    for line in body:
        indent = line[: len(line) - len(line.lstrip())]
        marked += [f"{indent}stamp()", line]
        texts.append(line.strip())
    stamps: list[float] = []
    names = program.run.__globals__
    scope = {**names, "stamp": lambda: stamps.append(perf_counter())}
    exec("\n".join(marked), scope)
    function, names["program"] = names["program"], scope["program"]
    rows, wholes = [], []
    started = perf_counter()
    while len(rows) < CALLS and (len(rows) < 5 or perf_counter() - started < 2):
        stamps.clear()
        start = perf_counter()
        call()
        wholes.append(perf_counter() - start)
        rows.append(differences(stamps))
    names["program"] = function
    stamps.clear()
    for _ in range(1000):
        scope["stamp"]()
    cost = statistics.median(differences(stamps))
    columns = zip(*rows, strict=True)  # the last line returns, which takes no time to speak of
    lines = [(text, max(0.0, min(column) - cost)) for text, column in zip(texts[:-1], columns, strict=True)]
    return min(wholes) - cost * len(texts), lines


def differences(stamps: Sequence[float]) -> list[float]:
    return [b - a for a, b in pairwise(stamps)]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--threads", type=int, required=True)
    options.add_argument("--case", default="")
    options.add_argument("--lines", action="store_true", help="print each line's time instead")
    given = options.parse_args()
    for case in CASES:
        if case.dtype != "float64" or not case.bars or case.kind.startswith("eager"):
            continue
        if given.case.lower() in f"{case.group}: {case.name}".lower():
            found = anatomy(case)
            lines = found.pop("lines")
            if given.lines:
                print(f"\n{case.group}: {case.name}: {1e6 * found['seconds']:.1f} µs")
                print(*(f"{1e6 * seconds:9.2f}  {text}" for text, seconds in lines), sep="\n")
                print(f"{1e6 * found['around']:9.2f}  around the program")
            else:
                print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
