# symbolic: what is wrong in an annotation is wrong where it stands
"""Messages about annotations, whole."""

from typing import TypeVar

from jaxtyping import Float64

from torchlean_typed import Dim, Params, Seq, Tensor, TensorPack, nn

P = TypeVar("P")
model = nn.linear(64, 10)


def broadcast(x: Float64[Tensor, "b #n"]) -> None: ...  # E: shape: Float64: "#n" marks a broadcast, which Tensor does not have; broadcasting is explicit here: write the sizes as they are


def variadics(x: Float64[Tensor, "*a *b"]) -> None: ...  # E: shape: Float64: "*a *b" has two variadic parts; a shape may have at most one of *name and ...


def character(x: Float64[Tensor, "b n!"]) -> None: ...  # E: shape: Float64: "n!" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //


def negative(x: Float64[Tensor, "b -3"]) -> None: ...  # E: shape: Float64: dimension "-3" is negative; a size is 0 or more


def unbound(x: Float64[Tensor, "b n"], sizes: Dim["n m"]) -> None: ...  # E: shape: Dim: "n m" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //


def no_text(x: Float64[Tensor, 3]) -> None: ...  # E: shape: Float64: the shape must be a text, as in "b 3"


def unknown(p: Params[later]) -> None: ...  # E: name-defined: Name "later" is not defined; did you mean "aiter"?


def no_model(p: Params[3]) -> None: ...  # E: shape: Params: takes a variable that is a model, as in Params[model]


def entries(p: TensorPack["32 64; 32"]) -> None: ...  # E: shape: TensorPack: "64;" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //


def three(m: Seq["*b 64"]) -> None: ...  # E: shape: Seq: takes 2 or 3 texts of shapes, got 1


def two(p: TensorPack["3", "4"]) -> None: ...  # E: shape: TensorPack: takes 1 text of shapes, got 2


def both(m: Seq["*b 12", "*b 4", P], p: TensorPack[P], x: Float64[Tensor, "b 12"]) -> None:  # E: shape: Seq: takes texts of shapes or type variables, not both
    reveal_type(m)  # R: Seq
    reveal_type(m(p, x))  # R: Float64[Tensor, "..."]


def swapped(x: Float64[Tensor, "n m"], y: Float64[Tensor, "m"]) -> Float64[Tensor, "n m"]:
    return x + y  # E: shape-broadcast: add: ranks differ (left: [n, m], right: [m]); broadcasting is explicit: did you mean [None, :] on [m]?


def rows(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m"]:
    return x.sum(axis=1)  # E: return-value: rows: the result has shape [n], expected [m]


def pair(x: Float64[Tensor, "n m"]) -> tuple[Float64[Tensor, "n"], Float64[Tensor, "m"]]:
    return x.sum(axis=0), x.sum(axis=1)  # E: return-value: pair: item 0 of the result has shape [m], expected [n]


def pack(w: Float64[Tensor, "m n"], b: Float64[Tensor, "m"]) -> TensorPack["m n, m"]:
    return TensorPack.of(b, w)  # E: return-value: pack: entry 0 of the result has shape [m], expected [m, n]


def size(x: Float64[Tensor, "n m"]) -> Dim["m"]:
    return x.shape[0]  # E: return-value: Incompatible return value type (got "Dim['n']", expected "Dim['m']")
