"""What a condition says of the rank and the sizes of a tensor is known where it holds."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

x, row = tl.ones((2, 3)), tl.ones(3)


@tl.checked
def batched(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "_ n"]:
    if x.ndim == 1:
        reveal_type(x)  # R: Float64[Tensor, "n"]
        x = x[None, :]
    reveal_type(x)  # R: Float64[Tensor, "1 n"] | Float64[Tensor, "b n"]
    return x


@tl.checked
def either_way(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "_ n"]:
    if x.ndim == 2:
        reveal_type(x.shape)  # R: tuple[Dim["b"], Dim["n"]]
        return x
    else:
        reveal_type(x)  # R: Float64[Tensor, "n"]
        return x[None, :]


@tl.checked
def by_expression(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "_ n"]:
    y = x[None, :] if x.ndim == 1 else x * 2.0
    reveal_type(y)  # R: Float64[Tensor, "1 n"] | Float64[Tensor, "b n"]
    if x.ndim == 2 and x.shape[1] == 3:
        reveal_type(x)  # R: Float64[Tensor, "b n"]
    return y if x.ndim != 1 or x.shape[0] > 5 else x[None, :] + 1.0


@tl.checked
def by_length(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"] | Float64[Tensor, "a b n"]) -> Float64[Tensor, "_ n"]:
    if len(x.shape) == 3:
        return x[0]
    if len(x.shape) == 1:
        return x[None, :]
    reveal_type(x)  # R: Float64[Tensor, "b n"]
    return x


@tl.checked
def by_case(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "_ n"]:
    match x.shape:
        case (b, n):
            reveal_type(x)  # R: Float64[Tensor, "b n"]
            return x + tl.zeros((b, n))
        case [n]:
            return x[None, :] + tl.zeros((1, n))
        case _:
            return tl.zeros((1, 1))


@tl.checked
def by_rank(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "_ n"]:
    match x.ndim:
        case 1:
            return x[None, :]
        case _:
            return x


@tl.checked
def asserted(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"], y: Tensor) -> Float64[Tensor, "b n"]:
    assert x.ndim == 2
    assert y.ndim == 2
    reveal_type(x)  # R: Float64[Tensor, "b n"]
    reveal_type(y)  # R: Shaped[Tensor, "_ _"]
    assert y.shape[1] == x.shape[1]
    reveal_type(y)  # R: Shaped[Tensor, "_ n"]
    return x + x[:1] * x


@tl.checked
def refused(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"], y: Tensor) -> Float64[Tensor, "b n"]:
    if x.ndim != 2:
        raise ValueError(x.ndim)
    if y.ndim != 1 or y.shape[0] != x.shape[1]:
        raise ValueError(y.shape)
    reveal_type(y)  # R: Shaped[Tensor, "n"]
    return x + y[None, :]


@tl.checked
def given(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "3"]:
    if x.shape == (3, 4):
        reveal_type(x)  # R: Float64[Tensor, "b n"]
        return x @ tl.ones(4)
    return tl.zeros(3)


@tl.checked
def unknown(x: Tensor) -> Tensor:
    if x.ndim == 2:
        reveal_type(x)  # R: Shaped[Tensor, "_ _"]
        n, m = x.shape
        x = x.reshape((n * m,))
        reveal_type(x)  # R: Shaped[Tensor, "_"]
    elif len(x.shape) == 1:
        reveal_type(x)  # R: Shaped[Tensor, "_"]
        x = x[None, :].sum(axis=0)
    else:
        reveal_type(x)  # R: Shaped[Tensor, "..."]
        return x
    return x


@tl.checked
def matched(x: Tensor) -> Tensor:
    match x.shape:
        case (n,):
            reveal_type(x)  # R: Shaped[Tensor, "_"]
        case (3, m):
            reveal_type(x)  # R: Shaped[Tensor, "3 _"]
            x = x @ tl.ones((m, 3))
        case (n, 4, *rest):
            reveal_type(x)  # R: Shaped[Tensor, "..."]
    return x


@tl.checked
def by_kind(x: Float64[Tensor, "n"] | float) -> Float64[Tensor, "1"]:
    if isinstance(x, Tensor):
        reveal_type(x)  # R: Float64[Tensor, "n"]
        return x[:1]
    return tl.ones(1) * x


@tl.checked
def grown(x: Tensor) -> Tensor:
    while x.ndim < 2:
        x = x[None]
    return x


@tl.checked
def within(x: Tensor, go: bool) -> Tensor:
    v = tl.tanh(x)
    if v.ndim == 1:
        reveal_type(v)  # R: Shaped[Tensor, "_"]
    reveal_type(v)  # R: Shaped[Tensor, "..."]
    if len(v.shape) == 2:
        if v.shape[0] == 3:
            reveal_type(v)  # R: Shaped[Tensor, "3 _"]
        reveal_type(v)  # R: Shaped[Tensor, "_ _"]
    elif v.ndim == 1:
        reveal_type(v)  # R: Shaped[Tensor, "_"]
    reveal_type(v)  # R: Shaped[Tensor, "..."]
    match v.shape:
        case (n,):
            reveal_type(v)  # R: Shaped[Tensor, "_"]
    match v.ndim:
        case 2:
            reveal_type(v)  # R: Shaped[Tensor, "_ _"]
    reveal_type(v)  # R: Shaped[Tensor, "..."]
    if go:
        assert v.ndim == 2 and go
        print(v.sum(axis=1).shape)
    if go:
        if v.ndim != 2:
            raise ValueError(v.ndim)
        print(v.sum(axis=1).shape)
    return v.sum(axis=2) if v.ndim == 3 else v


@tl.checked
def left(x: Tensor) -> Tensor:
    v = tl.tanh(x)
    if v.ndim != 2:
        return v
    reveal_type(v)  # R: Shaped[Tensor, "_ _"]
    return v


@tl.checked
def in_loops(x: Tensor) -> Tensor:
    v = tl.tanh(x)
    for i in range(3):
        if v.ndim == 2:
            if i == 1:
                break
            continue
        if i == 2:
            assert v.ndim in (1, 3)
            break
    reveal_type(v)  # R: Shaped[Tensor, "..."]
    while v.ndim == 3:
        assert v.ndim == 3
        v = tl.tanh(v)
        break
    try:
        if v.ndim == 3:
            print(v.sum(axis=2).shape)
            raise KeyError(v.ndim)
    except KeyError:
        reveal_type(v)  # R: Shaped[Tensor, "..."]
    return v.sum(axis=2) if v.ndim == 3 else v


@tl.checked
def bound_again(x: Tensor, y: Tensor) -> Tensor:
    if x.ndim == 2:
        v = tl.tanh(x)
        assert v.ndim == 2
        v = v.sum(axis=1)
        reveal_type(v)  # R: Shaped[Tensor, "_"]
    else:
        v = tl.ones(3)
        assert v.ndim == 1
    print(v.sum(axis=0).shape)
    if (w := tl.tanh(y)).ndim == 2:
        print(w.sum(axis=1).shape)
    u = tl.tanh(y)
    if u.ndim == 1:
        u = u[None]
    if u.ndim == 3:
        print(u.sum(axis=2).shape)
    if y.ndim == 2:
        print((lambda: y.sum(axis=1).shape)())
    return w.sum(axis=2) if w.ndim == 3 else w


at_module_level = tl.tanh(unknown(x))
if at_module_level.ndim == 2:
    reveal_type(at_module_level)  # R: Shaped[Tensor, "_ _"]
reveal_type(at_module_level)  # R: Shaped[Tensor, "..."]


for narrow in (batched, either_way, by_expression, by_length, by_case, by_rank):
    reveal_type(narrow(x))  # R: Float64[Tensor, "_ 3"]
    narrow(row)
reveal_type(asserted(x, x))  # R: Float64[Tensor, "2 3"]
reveal_type(refused(x, row))  # R: Float64[Tensor, "2 3"]
reveal_type(given(tl.ones((3, 4))))  # R: Float64[Tensor, "3"]
within(x, True)
within(row, False)
bound_again(x, row)
bound_again(row, x)
for change in (unknown, matched, left, in_loops):
    change(x)
    change(row)
    change(tl.ones((1, 2, 3)))
    change(tl.eye(3))
by_kind(2.0)
grown(tl.ones(()))


def wrong(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"], y: Tensor) -> None:
    if x.ndim == 2:
        x @ tl.ones((3, 4))  # E: shape: matmul: inner dimensions differ: n (left: [b, n]) and 3 (right: [3, 4])
        x.permute_dims((0, 1, 2))  # E: shape: permute_dims: axis 2 is out of range (operand: [b, n])
    else:
        x.mT  # E: shape: matrix_transpose: needs at least two axes (operand: [n])
    if y.ndim == 2:
        y.permute_dims((0, 1, 2))  # E: shape: permute_dims: axis 2 is out of range (operand: [?, ?])
        y.sum(axis=2)  # E: shape: sum: axis 2 is out of range (operand: [?, ?])
    match y.shape:
        case (n, 4):
            y @ tl.ones(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [?, 4]) and 3 (right: [3])
        case (n, m, k):
            y.sum(axis=3)  # E: shape: sum: axis 3 is out of range (operand: [?, ?, ?])
            tl.zeros((n, m))
            y.permute_dims((1, 0))  # E: shape: permute_dims: 2 axes for a tensor of rank 3 (operand: [?, ?, ?]); name each axis once


def bound_in_each_branch(x: Tensor) -> Tensor:
    v = tl.tanh(x)
    if v.ndim == 1:
        a = tl.tanh(v)
    else:
        a = tl.softmax(v)
    reveal_type(v)  # R: Shaped[Tensor, "..."]
    match v.ndim:
        case 1:
            a = tl.tanh(v)
        case _:
            a = tl.softmax(v)
    reveal_type(v)  # R: Shaped[Tensor, "..."]
    return a


bound_in_each_branch(tl.ones((2, 3)))


def as_another(x: Float64[Tensor, "n n 3"], flag: bool) -> Float64[Tensor, "n n 3"]:
    y = x if flag else x.mT
    if y.shape == x.shape:
        y = y * 2.0
        reveal_type(y)  # R: Float64[Tensor, "n n 3"]
    else:
        y = x
    return y


def of_three_ranks(x: Float64[Tensor, "5 n 1"] | Float64[Tensor, "7 1"] | Float64[Tensor, "4"]) -> None:
    match x.ndim:
        case 1:
            reveal_type(x)  # R: Float64[Tensor, "4"]
        case 2:
            reveal_type(x)  # R: Float64[Tensor, "7 1"]
            print(x.T)
        case 3:
            reveal_type(x)  # R: Float64[Tensor, "5 n 1"]
    for _ in range(2):
        match x.ndim:
            case 1:
                x = x[None]
            case 2:
                x = x[0]
            case _:
                reveal_type(x)  # R: Float64[Tensor, "5 n 1"]
    match x.shape:
        case (_,):
            reveal_type(x)  # R: Float64[Tensor, "4"] | Float64[Tensor, "1"]
        case (7, _):
            reveal_type(x)  # R: Float64[Tensor, "7 1"] | Float64[Tensor, "1 4"] | Float64[Tensor, "1 1"]
        case (_, _, m):
            reveal_type(x)  # R: Float64[Tensor, "5 n 1"]
