"""How the time grows: with the batch, the width and the depth of a network, and with the rows of a Jacobian."""

from benchmarks.case import Case
from benchmarks.problems import Net

GRADIENT, ROWS = "value_and_grad", "jacrev"
CURVES: dict[str, list[Case]] = {
    "batch (64-64-64-10)": [
        Case(str(size), GRADIENT, Net((64, 64, 64, 10), size)) for size in (1, 4, 16, 64, 256, 1024, 4096)
    ],
    "width (3 layers, batch 32)": [
        Case(str(size), GRADIENT, Net((size, size, size, size), 32)) for size in (8, 32, 128, 512, 2048)
    ],
    "depth (width 32, batch 32)": [
        Case(str(size), GRADIENT, Net((32,) * (size + 1), 32)) for size in (1, 2, 4, 8, 16, 32, 64)
    ],
    "rows of a Jacobian (32-64-rows)": [
        Case(str(size), ROWS, Net((32, 64, size), None)) for size in (1, 10, 100, 1000)
    ],
}
CASES = [Case(case.name, case.kind, case.problem, group=curve) for curve, cases in CURVES.items() for case in cases]
