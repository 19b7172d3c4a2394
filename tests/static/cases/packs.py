"""TensorPack: made, taken apart, combined."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, nn

w, b = tl.ones((4, 3)), tl.zeros(4)
unnamed = TensorPack.of(w, b)
named = TensorPack.named({"weight": w, "bias": b})
pairs = TensorPack.named([("weight", w), ("bias", b)])
params = nn.Seq(nn.linear(3, 4), nn.tanh(), nn.linear(4, 2)).init(seed=0)

# made
reveal_type(unnamed)  # R: TensorPack["4 3, 4"]
reveal_type(named)  # R: TensorPack["4 3, 4"]
reveal_type(pairs)  # R: TensorPack["4 3, 4"]
reveal_type(params)  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(TensorPack.of())  # R: TensorPack[""]
TensorPack.named([("a", w), ("b", b), ("a", w)])  # E: shape: TensorPack.named: entries 0 and 2 are both named "a"; give each entry a name of its own
TensorPack.named({"weight": w, "bias": 0.0})  # E: dict-item: Dict entry 1 has incompatible type "str": "float"; expected "str": "Tensor"
TensorPack.of(w, 1.0)  # E: arg-type: TensorPack.of: argument 2 must be a Tensor, got float; make a tensor with tl.tensor

# taken apart
first, second = unnamed
reveal_type(first)  # R: Float64[Tensor, "4 3"]
reveal_type(second)  # R: Float64[Tensor, "4"]
head, *tail = params
reveal_type(head)  # R: Float64[Tensor, "4 3"]
reveal_type(params[2])  # R: Float64[Tensor, "2 4"]
reveal_type(params[-1])  # R: Float64[Tensor, "2"]
reveal_type(named["bias"])  # R: Float64[Tensor, "4"]
reveal_type(params["2.weight"])  # R: Float64[Tensor, "2 4"]
reveal_type(len(params))  # R: Dim["4"]
reveal_type(tl.zeros(params.shapes[2]))  # R: Float64[Tensor, "2 4"]
reveal_type(tl.zeros((len(params), 2)))  # R: Float64[Tensor, "4 2"]
for entry in params:
    reveal_type(entry)  # R: Float64[Tensor, "4 3"] | Float64[Tensor, "4"] | Float64[Tensor, "2 4"] | Float64[Tensor, "2"]
for name in params.names:
    reveal_type(tl.sum(params[name]))  # R: Float64[Tensor, ""]
named["wieght"]  # E: shape: TensorPack: has no entry "wieght"; it has 2 entries: "weight", "bias"
one, two, three = unnamed  # E: misc: unpack: the pack has 2 entries, expected 3
params["2.weight"] @ params["0.bias"]
params["0.weight"] @ params["2.weight"]  # E: shape: matmul: inner dimensions differ: 3 (left: [4, 3]) and 2 (right: [2, 4]); did you mean the operands the other way round?

# combined
reveal_type(named + named)  # R: TensorPack["4 3, 4"]
reveal_type(named - 0.1 * named)  # R: TensorPack["4 3, 4"]
reveal_type(-named / 2)  # R: TensorPack["4 3, 4"]
reveal_type(named * tl.sum(w))  # R: TensorPack["4 3, 4"]
reveal_type(tl.sum(w) * named)  # R: TensorPack["4 3, 4"]
reveal_type(named + unnamed)  # R: TensorPack["4 3, 4"]
named + TensorPack.of(w)  # E: shape: add: the right pack has 1 entry, the left has 2; shapes: the left [4 3, 4], the right pack [4 3]
named - TensorPack.of(b, w)  # E: shape: subtract: the right pack does not fit the left: entry 0 ("weight") is [4, 3] in the left, here [4]; the same shapes in another order
params * TensorPack.of(params[0], params[2], params[1], params[3])  # E: shape: multiply: the right pack does not fit the left: entry 1 ("0.bias") is [4] in the left, here [2, 4]; the same shapes in another order
named + TensorPack.named({"bias": w, "weight": b})  # E: shape: add: the right pack does not fit the left: entry 0 is "weight" in the left, here "bias"; the entries have the same shapes but other names: are they in the right order?
named * tl.ones(4)  # E: shape: multiply: a pack goes with packs and scalars (tensor: [4])
tl.ones(4) * named  # E: shape: multiply: a pack goes with packs and scalars (tensor: [4])
named + "a"  # E: shape: add: a pack goes with packs and scalars, got str
summed = named
summed += TensorPack.of(w, tl.zeros(3))  # E: shape: add: the right pack does not fit the left: entry 1 ("bias") is [4] in the left, here [3]; was it made by another model?
named.dot(TensorPack.of(b, w))  # E: shape: dot: the right pack does not fit the left: entry 0 ("weight") is [4, 3] in the left, here [4]; the same shapes in another order
unnamed.dot(TensorPack.of(w))  # E: shape: dot: the right pack has 1 entry, the left has 2; shapes: the left [4 3, 4], the right pack [4 3]

# as a whole
reveal_type(params.dot(params))  # R: Float64[Tensor, ""]
reveal_type(params.norm())  # R: Float64[Tensor, ""]
reveal_type(params.flatten())  # R: Float64[Tensor, "26"]
reveal_type(params.zeros_like())  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(TensorPack.unflatten(params.flatten() * 2.0, like=params))  # R: TensorPack["4 3, 4, 2 4, 2"]
TensorPack.unflatten(tl.zeros(25), like=params)  # E: shape: unflatten: the vector does not fit (vector: [25], like.flatten(): [26])
TensorPack.unflatten(params.flatten(), like=unnamed)  # E: shape: unflatten: the vector does not fit (vector: [26], like.flatten(): [16])

# mapped
reveal_type(params.map(tl.exp))  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(params.map(tl.sum))  # R: TensorPack["(), (), (), ()"]
reveal_type(params.map(lambda x: x / 2.0))  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(params.map(lambda x: tl.reshape(x, (-1,))))  # R: TensorPack["12, 4, 8, 2"]
unnamed.map(lambda x: x + w)  # E: shape-broadcast: add: ranks differ (left: [4], right: [4, 3]); broadcasting is explicit: did you mean [:, None] on [4], or keepdims=True where it was reduced?
unnamed.map(lambda x: tl.sum(x, axis=1))  # E: shape: sum: axis 1 is out of range (operand: [4])


# as an annotation
@tl.checked
def scaled(p: TensorPack["n m, n"], factor: float) -> TensorPack["n m, n"]:
    reveal_type(p)  # R: TensorPack["n m, n"]
    weight, bias = p
    reveal_type(weight)  # R: Shaped[Tensor, "n m"]
    return TensorPack.of(factor * weight, bias)


@tl.checked
def swapped(p: TensorPack["n, m"]) -> TensorPack["m, n"]:
    x, y = p
    return TensorPack.of(y, x)


@tl.checked
def applied(p: TensorPack["n m, n"], x: Float64[Tensor, "b m"]) -> Float64[Tensor, "b n"]:
    return x @ p[0].T + p[1][None, :]


reveal_type(scaled(unnamed, 2.0))  # R: TensorPack["4 3, 4"]
reveal_type(scaled(named, 2.0) + unnamed)  # R: TensorPack["4 3, 4"]
reveal_type(swapped(TensorPack.of(tl.zeros(2), tl.zeros(5))))  # R: TensorPack["5, 2"]
reveal_type(applied(named, tl.zeros((7, 3))))  # R: Float64[Tensor, "7 4"]
scaled(params, 2.0)  # E: shape: scaled: argument 1 ("p") has 4 entries, expected 2; shapes: expected [n m, n], got [4 3, 4, 2 4, 2]
scaled(TensorPack.of(w, tl.zeros(3)), 2.0)  # E: shape: scaled: dimension "n" is 4 in entry 0 of argument 1 ("p"), [n=4, m=3], but 3 in entry 1 of argument 1 ("p")
scaled(TensorPack.of(b, w), 2.0)  # E: shape: scaled: entry 0 of argument 1 ("p") has shape [4], expected [n, m]; are the entries in the right order?
applied(named, tl.zeros((7, 4)))  # E: shape: applied: dimension "m" is 3 in entry 0 ("weight") of argument 1 ("p"), [n=4, m=3], but 4 in argument 2 ("x"), [b=7, m=4]
applied(named, tl.zeros(3))  # E: shape: applied: argument 2 ("x") has shape [3], expected [b, m]
