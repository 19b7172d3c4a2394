"""Networks: loss and gradient, Jacobian of the outputs, Hessian-vector products."""

from dataclasses import replace

from benchmarks.case import Case, bars
from benchmarks.problems import ConvNet, Net

TINY = Net((2, 16, 1), batch=4)
SMALL = Net((10, 32, 32, 5), batch=32)
MEDIUM = Net((784, 256, 128, 10), batch=128, activation="relu", loss="cross_entropy")
LARGE = Net((1024, 1024, 1024, 10), batch=512, activation="relu", loss="cross_entropy")


def _value_and_grad(name: str, net: Net, **held: float) -> Case:
    return Case(name, "value_and_grad", net, bars(**held), "value and gradient of the parameters")


CASES = [
    case
    for dtype in ("float64", "float32")
    for case in (
        _value_and_grad("tiny MLP 2-16-1, tanh, batch 4", replace(TINY, dtype=dtype), jax=1.5, torch=7, hips=30),
        _value_and_grad(
            "small MLP 10-32-32-5, relu, batch 32",
            replace(SMALL, activation="relu", dtype=dtype),
            jax=1.3,
            torch=5,
            hips=15,
        ),
        _value_and_grad("small MLP, tanh", replace(SMALL, dtype=dtype)),
        _value_and_grad(
            "small MLP, gelu, cross-entropy",
            replace(SMALL, activation="gelu", loss="cross_entropy", dtype=dtype),
            jax=0.9,
            torch=4,
            hips=12,
        ),
        _value_and_grad(
            "medium MLP 784-256-128-10, batch 128", replace(MEDIUM, dtype=dtype), jax=1.0, torch=1.1, hips=1.5
        ),
        _value_and_grad(
            "large MLP 1024-1024-1024-10, batch 512", replace(LARGE, dtype=dtype), jax=1.0, torch=0.95, hips=1.1
        ),
        _value_and_grad(
            "conv 3x3x8, relu, pool, linear, 1x28x28, batch 32", ConvNet(dtype=dtype), jax=1.8, torch=1.5, hips=5
        ),
        Case(
            "small MLP, tanh: 5 rows",
            "jacrev",
            replace(SMALL, batch=None, dtype=dtype),
            bars(1.5, 30, 70),
            "Jacobian of the outputs by the parameters",
        ),
        Case(
            "medium MLP: 10 rows",
            "jacrev",
            replace(MEDIUM, batch=None, dtype=dtype),
            bars(0.6, 1.0, 18),
            "Jacobian of the outputs by the parameters",
        ),
        Case(
            "small MLP, tanh, batch 32",
            "hvp",
            replace(SMALL, dtype=dtype),
            bars(1.0, 8, 25),
            "Hessian-vector product",
        ),
        Case(
            "medium MLP, batch 128", "hvp", replace(MEDIUM, dtype=dtype), bars(1.0, 1.35, 3), "Hessian-vector product"
        ),
    )
]
