"""A long program for the checker: 2,000 lines of ordinary code on tensors, four calls of shaped functions a line.

    python -m benchmarks.checker.program > program.py

It is annotated throughout, has no error, and runs. Every block is a feature of its own: operators, reductions,
reshapes, matrix products, calls of the user's own functions and methods, derivatives.
"""

from __future__ import annotations

import ast
from itertools import count, cycle

HEAD = """\
import torchlean_typed as tl
from jaxtyping import Float64 as F
from torchlean_typed import Tensor, autograd, loss, nn

class Affine:
    w: F[Tensor, "o i"]
    b: F[Tensor, "o"]

    def __init__(self, w: F[Tensor, "o i"], b: F[Tensor, "o"]) -> None:
        self.w, self.b = w, b

    def apply(self, x: F[Tensor, "n i"]) -> F[Tensor, "n o"]:
        return x @ self.w.mT + self.b[None, :]

def mix(x: F[Tensor, "b d"], w: F[Tensor, "d e"]) -> F[Tensor, "b e"]:
    return tl.tanh(x @ w)

def centred(x: F[Tensor, "*batch n"]) -> F[Tensor, "*batch n"]:
    return x - tl.mean(x, axis=-1, keepdims=True)

def energy(x: F[Tensor, "n"]) -> F[Tensor, ""]:
    return tl.sum(tl.square(x) * 0.5 + tl.cos(x))
"""

# Bodies of functions; {n}, {m}, {k} are sizes that differ from function to function, {i} is the function's number.
BLOCKS = (
    """\
def elementwise_{i}(x: F[Tensor, "b {n}"], y: F[Tensor, "b {n}"]) -> F[Tensor, "b {n}"]:
    h = tl.exp(-x) + tl.tanh(y) * x
    h = tl.where(h > 0.0, h - y, tl.abs(h) + x)
    h = tl.maximum(h, x) / (tl.square(y) + 1.0)
    return (h * x + y) / tl.sqrt(tl.square(h) + 1.0)
""",
    """\
def reductions_{i}(x: F[Tensor, "b {n}"], w: F[Tensor, "{n} {m}"]) -> F[Tensor, "{m}"]:
    s = tl.sum(tl.tanh(x), axis=1, keepdims=True) * tl.exp(x)
    p = tl.softmax(s - tl.max(s, axis=1, keepdims=True), axis=1) + x
    q = tl.log_softmax(p @ w, axis=-1) - tl.mean(x @ w, axis=0, keepdims=True)
    return tl.sum(q * q, axis=0) + tl.mean(tl.abs(q), axis=0)
""",
    """\
def attention_{i}(q: F[Tensor, "b {n} {k}"], v: F[Tensor, "b {n} {k}"]) -> F[Tensor, "b {n} {k}"]:
    s = tl.softmax((q @ v.mT) / tl.sqrt(tl.ones(()) * {k}.0), axis=-1)
    o = tl.einsum("bij,bjk->bik", s, v) + tl.swapaxes(tl.swapaxes(q, 1, 2), 1, 2)
    f = tl.reshape(o, (o.shape[0], {n}, {k})) * (o + q)
    return centred(f + v) - tl.concat([f[:, :1], o[:, 1:]], axis=1)
""",
    """\
def calls_{i}(x: F[Tensor, "b {n}"], w: F[Tensor, "{n} {m}"], v: F[Tensor, "{m} {k}"]) -> F[Tensor, "b {k}"]:
    h = centred(mix(x, w)) + tl.relu(mix(x, w))
    g = centred(mix(h, v) - mix(mix(x, w), v))
    g = g + mix(centred(x) @ w, v * 2.0)
    return mix(centred(h) + h, v) + g * 2.0
""",
    """\
def layers_{i}(x: F[Tensor, "b {n}"]) -> F[Tensor, "b {k}"]:
    first, second = Affine(tl.ones(({m}, {n})), tl.zeros({m})), Affine(tl.ones(({k}, {m})), tl.zeros({k}))
    h = tl.gelu(first.apply(x)) + tl.sigmoid(first.apply(centred(x)))
    h = h[:, :] * tl.expand_dims(h[:, 0], 1) + h.mT.mT
    return second.apply(h) + second.apply(tl.flip(h, axis=1))
""",
    """\
def model_{i}(x: F[Tensor, "b {n}"], y: F[Tensor, "b {k}"]) -> F[Tensor, "b {k}"]:
    net = nn.Seq(nn.linear({n}, {m}), nn.gelu(), nn.linear({m}, {k}))
    params = net.init(seed={i}) * 0.5
    slope = autograd.model.grad_params(net, loss.mse(), params, x, y) * 0.1
    e = autograd.fn.grad(energy, tl.ones({n})) + autograd.fn.grad(energy, tl.zeros({n}))
    return net(params - slope, x + e[None, :]) - y * 2.0
""",
)
SIZES = (64, 128, 256, 512, 784, 32, 48, 96, 100, 300)


def program(lines: int = 2000) -> str:
    """The text of the program."""
    parts, size = [HEAD], cycle(SIZES)
    for number, block in zip(count(), cycle(BLOCKS)):
        if sum(part.count("\n") for part in parts) >= lines:
            return "".join(parts)
        parts.append(block.format(i=number, n=next(size), m=next(size), k=next(size)))
    raise AssertionError


def shaped_calls(text: str) -> int:
    """How many calls, operators and indices are in the bodies of a program: what the checker gives a shape."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    parts = [part for function in functions for statement in function.body for part in ast.walk(statement)]
    return sum(isinstance(part, (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript)) for part in parts)


if __name__ == "__main__":
    print(program(), end="")
