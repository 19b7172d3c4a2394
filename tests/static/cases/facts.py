"""What a function asserts about its sizes is known from there to the end of the block."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


@tl.checked
def heads(x: Float64[Tensor, "b d"], h: Dim["h"]) -> Float64[Tensor, "b h d//h"]:
    tl.divides(h, x.shape[1])
    reveal_type(x.reshape((x.shape[0], h, -1)))  # R: Float64[Tensor, "b h d//h"]
    return x.reshape((x.shape[0], h, x.shape[1] // h))


@tl.checked
def there_and_back(x: Float64[Tensor, "b d"], h: Dim["h"]) -> Float64[Tensor, "b d"]:
    b, d = x.shape
    assert d % h == 0
    y = x.reshape((b, h, d // h))
    reveal_type(y)  # R: Float64[Tensor, "b h d//h"]
    reveal_type(y.reshape((b, d)))  # R: Float64[Tensor, "b d"]
    reveal_type(tl.zeros((d, 3)))  # R: Float64[Tensor, "d 3"]
    return y.reshape((b, h * (d // h))) + x


@tl.checked
def guarded(x: Float64[Tensor, "b d"], h: Dim["h"]) -> Float64[Tensor, "b h d//h"]:
    if x.shape[1] % h != 0:
        raise ValueError(h)
    return x.reshape((x.shape[0], h, x.shape[1] // h))


@tl.checked
def by_eights(x: Float64[Tensor, "d"]) -> Float64[Tensor, "d//8 8"]:
    assert not x.shape[0] % 8
    return x.reshape((-1, 8))


def not_asserted(x: Float64[Tensor, "b d"], h: Dim["h"]) -> Tensor:
    return x.reshape((x.shape[0], h, x.shape[1] // h))  # E: shape: reshape: b*d elements do not fit b*h*(d//h) (operand: [b, d], shape: [b, h, d//h])


def only_within(x: Float64[Tensor, "b d"], h: Dim["h"]) -> Float64[Tensor, "b h d//h"]:
    if x.shape[1] % h == 0:
        return x.reshape((x.shape[0], h, x.shape[1] // h))
    return x.reshape((x.shape[0], h, x.shape[1] // h))  # E: shape: reshape: b*d elements do not fit b*h*(d//h) (operand: [b, d], shape: [b, h, d//h])


reveal_type(heads(tl.zeros((2, 12)), 3))  # R: Float64[Tensor, "2 3 4"]
reveal_type(there_and_back(tl.zeros((2, 12)), 4))  # R: Float64[Tensor, "2 12"]
reveal_type(guarded(tl.zeros((2, 12)), 4))  # R: Float64[Tensor, "2 4 3"]
reveal_type(by_eights(tl.zeros(16)))  # R: Float64[Tensor, "2 8"]
tl.divides(4, 64)
tl.divides(3, 64)  # E: shape: divides: 3 does not divide 64
tl.divides(0, 64)  # E: shape: divides: 0 does not divide 64


@tl.checked
def same_sizes(x: Float64[Tensor, "b n"], y: Float64[Tensor, "m"]) -> Float64[Tensor, "b n"]:
    assert x.shape[1] == y.shape[0]
    return x + y[None, :]


@tl.checked
def same_shapes(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Float64[Tensor, "c n"]:
    assert x.shape == y.shape
    return x * y


@tl.checked
def given(x: Float64[Tensor, "b n"], y: Float64[Tensor, "m"], k: Dim["k"]) -> Float64[Tensor, "b"]:
    assert x.shape[1] == k and y.shape == (k,)
    return x @ y


@tl.checked
def doubled(x: Float64[Tensor, "b n"], y: Float64[Tensor, "m"]) -> Float64[Tensor, "b"]:
    assert x.shape[1] == 2 * y.shape[0]
    return x @ tl.concat([y, y])


@tl.checked
def numbers(x: Float64[Tensor, "b n"]) -> Float64[Tensor, "3"]:
    assert x.shape == (3, 4)
    reveal_type(x @ tl.zeros((4, 5)))  # R: Float64[Tensor, "3 5"]
    return x @ tl.zeros(4)


@tl.checked
def returned(x: Float64[Tensor, "b n"], y: Float64[Tensor, "m"]) -> Float64[Tensor, "b n"]:
    if x.shape[1] != y.shape[0]:
        return x
    return x + y[None, :]


@tl.checked
def of_one_shape(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Float64[Tensor, "b n"]:
    if x.shape != y.shape:
        raise ValueError("x and y must have one shape")
    return x + y


@tl.checked
def where_they_fit(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Float64[Tensor, "b n"]:
    if x.shape == y.shape:
        return x + y
    elif x.shape[1:] == y.shape:
        return x
    if not (y.shape == (x.shape[0], x.shape[1])):
        return x
    return x * y


@tl.checked
def either_size(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"], h: Dim["h"]) -> Float64[Tensor, "b h m//h"]:
    if x.shape[0] != y.shape[0] or (y.shape[1] != x.shape[1] or y.shape[1] % h):
        raise ValueError(h)
    return (x + y).reshape((y.shape[0], h, y.shape[1] // h))


@tl.checked
def of_names(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"], w: Float64[Tensor, "k"]) -> Float64[Tensor, "b n"]:
    b, n = x.shape
    c, m = y.shape
    if b != c:
        raise ValueError(b, c)
    if n != m:
        return x
    assert w.shape == (n,)
    return x + y * w[None, :]


@tl.checked
def in_a_row(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"], w: Float64[Tensor, "k"]) -> Float64[Tensor, "b n"]:
    assert w.shape[0] == x.shape[1] == y.shape[1]
    if not x.shape == y.shape or x.ndim != 2:
        return x
    return x + y * w[None, :]


@tl.checked
def of_any_shape(x: Tensor, y: Tensor) -> Tensor:
    assert x.shape == (3, 4)
    reveal_type(x)  # R: Shaped[Tensor, "3 4"]
    if y.shape == (4, 5):
        reveal_type(x @ y)  # R: Shaped[Tensor, "3 5"]
        return x @ y
    reveal_type(y)  # R: Shaped[Tensor, "..."]
    return x


reveal_type(same_sizes(tl.zeros((2, 3)), tl.zeros(3)))  # R: Float64[Tensor, "2 3"]
reveal_type(same_shapes(tl.zeros((2, 3)), tl.zeros((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(given(tl.zeros((2, 3)), tl.zeros(3), 3))  # R: Float64[Tensor, "2"]
reveal_type(doubled(tl.zeros((2, 6)), tl.zeros(3)))  # R: Float64[Tensor, "2"]
reveal_type(numbers(tl.zeros((3, 4))))  # R: Float64[Tensor, "3"]
reveal_type(returned(tl.zeros((2, 3)), tl.zeros(3)))  # R: Float64[Tensor, "2 3"]
reveal_type(of_one_shape(tl.zeros((2, 3)), tl.zeros((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(where_they_fit(tl.zeros((2, 3)), tl.zeros((2, 4))))  # R: Float64[Tensor, "2 3"]
reveal_type(either_size(tl.zeros((2, 6)), tl.zeros((2, 6)), 3))  # R: Float64[Tensor, "2 3 2"]
reveal_type(of_names(tl.zeros((2, 3)), tl.zeros((2, 3)), tl.zeros(3)))  # R: Float64[Tensor, "2 3"]
reveal_type(in_a_row(tl.zeros((2, 3)), tl.zeros((2, 3)), tl.zeros(3)))  # R: Float64[Tensor, "2 3"]
reveal_type(of_any_shape(tl.zeros((3, 4)), tl.zeros((4, 5))))  # R: Shaped[Tensor, "..."]


def other_sizes(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Float64[Tensor, "b n"]:
    assert x.shape[0] == y.shape[0]
    return x + y  # E: shape-broadcast: add: axis 1 differs: n and m (left: [c, n], right: [c, m]); broadcasting is explicit: only an axis of size 1 stretches


def too_late(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"], flag: bool) -> Float64[Tensor, "b n"]:
    if flag:
        assert x.shape == y.shape
        return y
    return y  # E: return-value: too_late: the result has shape [c, m], expected [b, n]


def wrong_after(x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b"]:
    assert x.shape == (3, 4)
    return x @ tl.zeros(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3]); did you mean .mT on the left operand?


def wrong_in(x: Tensor) -> Tensor:
    if x.shape == (3, 4):
        return x @ tl.zeros(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3]); did you mean .mT on the left operand?
    return x @ tl.zeros(3)


def reached(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Tensor:
    if x.shape == y.shape:  # mypy alone takes what is in here for dead
        n = x.shape[0]
        return tl.zeros((n, 3)) @ tl.ones(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [c, 3]) and 4 (right: [4])
    if x.shape in [y.shape]:
        return tl.zeros((x.shape[0], 3)) @ tl.ones(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [b, 3]) and 4 (right: [4])
    sizes = x.shape
    while sizes != y.shape:
        sizes = y.shape
        return tl.zeros((sizes[0], 3)) @ tl.ones(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [c, 3]) and 4 (right: [4])
    return x


def ensured(x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
    z = tl.ensure(x, "b 6") @ tl.eye(6)
    return tl.ensure(z + x, "b n")


def ensured_twice(x: Float64[Tensor, "n n"]) -> Float64[Tensor, "n 6"]:
    tl.ensure(x, "6 6")
    return x @ tl.eye(6)


def ensured_too_late(x: Float64[Tensor, "b n"], flag: bool) -> Float64[Tensor, "b n"]:
    if flag:
        z = tl.ensure(x, "b 6")
        return z
    return x @ tl.eye(6)  # E: shape: matmul: inner dimensions differ: n (left: [b, n]) and 6 (right: [6, 6])


def ensured_perhaps(x: Float64[Tensor, "b n"], flag: bool) -> Float64[Tensor, "b n"]:
    later = [lambda: tl.ensure(x, "b 6")]
    y = tl.ensure(x, "b 6") if flag and later else x
    return y @ tl.eye(6)  # E: shape: matmul: inner dimensions differ: n (left: [b, n]) and 6 (right: [6, 6])


def ensured_wrong(x: Float64[Tensor, "b n"]) -> Float64[Tensor, "n b"]:
    return tl.ensure(x, "b 6")  # E: return-value: ensured_wrong: the result has shape [b, 6], expected [n, b]


def ensured_then_wrong(x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
    tl.ensure(x, "b 6")
    return x @ tl.eye(7)  # E: shape: matmul: inner dimensions differ: 6 (left: [b, 6]) and 7 (right: [7, 7])


def unequal(x: Float64[Tensor, "n"], y: Float64[Tensor, "m"], z: Tensor) -> Tensor:
    assert z.ndim >= 1 and z.shape != (3,)
    reveal_type(z)  # R: Shaped[Tensor, "..."]
    assert x.shape != y.shape and x.shape[0] != y.shape[0]
    return x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def never_equal(x: Float64[Tensor, "n+3"], y: Float64[Tensor, "1 n+1"]) -> Float64[Tensor, "1 n+1"]:
    if x.shape[0] == y.shape[0]:  # n would be -2
        y = y + tl.ones(y.shape)
    return y


@tl.checked
def all_of_one_size(
    x: Float64[Tensor, "m k"], y: Float64[Tensor, "n m"], z: Float64[Tensor, "k n"]
) -> Float64[Tensor, "m k"]:
    if x.shape == y.shape:
        x = y + x @ z
    return x


reveal_type(all_of_one_size(tl.ones((3, 3)), tl.ones((3, 3)), tl.ones((3, 3))))  # R: Float64[Tensor, "3 3"]
reveal_type(all_of_one_size(tl.ones((2, 3)), tl.ones((4, 2)), tl.ones((3, 4))))  # R: Float64[Tensor, "2 3"]


@tl.checked
def of_a_square(x: Float64[Tensor, "n+2"], y: Float64[Tensor, "n*n+2*n"]) -> Float64[Tensor, "n*n+2*n"]:
    if y.shape == x.shape:
        y = x + y
    return y


@tl.checked
def of_products(x: Float64[Tensor, "i*j 2*i"], y: Float64[Tensor, "k*l 3*k"]) -> Float64[Tensor, "i*j 2*i"]:
    if x.shape != y.shape:
        return x
    return (x + y).mT.mT - y


@tl.checked
def of_parts(x: Float64[Tensor, "n//2"], y: Float64[Tensor, "m//2"]) -> Float64[Tensor, "n//2"]:
    assert x.shape == y.shape
    return x * y


@tl.checked
def one_more(x: Float64[Tensor, "h*n+n"], y: Float64[Tensor, "h*m+m"], z: Float64[Tensor, "m"]) -> Float64[Tensor, "n"]:
    assert x.shape == y.shape
    return z


reveal_type(of_a_square(tl.ones(3), tl.ones(3)))  # R: Float64[Tensor, "3"]
reveal_type(of_a_square(tl.ones(5), tl.ones(15)))  # R: Float64[Tensor, "15"]


def perhaps_no_rows(
    x: Float64[Tensor, "n*m"], y: Float64[Tensor, "n*k"], a: Float64[Tensor, "m"], b: Float64[Tensor, "k"]
) -> Float64[Tensor, "m"]:
    assert x.shape == y.shape
    x = x + y
    return a + b  # E: shape-broadcast: add: axis 0 differs: m and k (left: [m], right: [k]); broadcasting is explicit: only an axis of size 1 stretches
