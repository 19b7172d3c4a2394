"""``match`` with classes: what is matched, and the attributes that a pattern names, keep their sizes."""

from dataclasses import dataclass
from typing import NamedTuple

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
@dataclass(frozen=True)
class Shift:
    by: Float64[Tensor, "*s"]


@tl.checked
@dataclass(frozen=True)
class Linear:
    w: Float64[Tensor, "i o"]
    scale: float = 1.0


@tl.checked
class Pair(NamedTuple):
    left: Float64[Tensor, "*s"]
    right: Float64[Tensor, "*s"]


x, v = tl.ones((2, 3)), tl.ones(4)
flag = bool(v[0] > 0.0)

match x:
    case Tensor():
        reveal_type(x)  # R: Float64[Tensor, "2 3"]
match x * 2.0:
    case Tensor() as y:
        reveal_type(y)  # R: Float64[Tensor, "2 3"]
match Shift(x):
    case Shift(by=y):
        reveal_type(y)  # R: Float64[Tensor, "2 3"]
match Pair(x, x * 2.0):
    case Pair(left, right=right):
        reveal_type(left)  # R: Float64[Tensor, "2 3"]
        left @ right  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 3]); did you mean .mT on the right operand?
match Linear(x):
    case Linear(w, scale):
        reveal_type(w)  # R: Float64[Tensor, "2 3"]
        reveal_type(scale)  # R: float

either = Shift(v) if flag else Linear(x)
match either:
    case Shift(by):
        reveal_type(either)  # R: Shift[4]
        reveal_type(by)  # R: Float64[Tensor, "4"]
    case Linear(w=by):
        reveal_type(by)  # R: Float64[Tensor, "2 3"]
tensor = x if flag else v
match tensor:
    case Tensor() as y if tensor.ndim == 2:
        reveal_type(y)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "4"]
    case Tensor():
        reveal_type(tensor)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "4"]
something = 1 if flag else Shift(x)
match something:
    case int():
        pass
    case Shift(y):
        reveal_type(y)  # R: Float64[Tensor, "2 3"]


@tl.checked
def turned(x: Shift | Linear) -> Tensor:
    match x:
        case Shift(by=by):
            return by
        case Linear(w=w):
            return w.mT


@tl.checked
def squared(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n n"]:
    match Shift(x):
        case Shift(by=by) as shift:
            return by @ shift.by.mT


reveal_type(squared(x))  # R: Float64[Tensor, "2 2"]
match Shift(x):
    case Shift(by=y) as shift:
        y @ shift.by  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 3]); did you mean .mT on the right operand?


def any_number_of_axes(x: Float64[Tensor, "*b 2 n"], y: Float64[Tensor, "*b"]) -> None:
    shift = Shift(x)
    match shift:
        case Shift(by=by):
            reveal_type(by)  # R: Float64[Tensor, "*b 2 n"]
            reveal_type(shift)  # R: Shift[*b, 2, n]
    match Shift(y):
        case Shift(first):
            pass
    reveal_type(first)  # R: Float64[Tensor, "*b"]
    second = Shift(y) if y.size == 0 else Linear(tl.ones((2, 3)))
    match second:
        case Shift(by=part):
            reveal_type(part)  # R: Float64[Tensor, "*b"]
        case Linear(w=part):
            reveal_type(part)  # R: Float64[Tensor, "2 3"]
    match second:
        case Shift() as whole:
            reveal_type(whole)  # R: Shift[*b]
        case Linear() as whole:
            pass
    reveal_type(whole)  # R: Shift[*b] | Linear[2, 3]
    reveal_type(part)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "*b"]


match either:
    case Shift(by=of_either):
        pass
    case Linear(w=of_either):
        pass
reveal_type(of_either)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "4"]
