"""autograd.fn, function by function, of every kind of function."""

import functools
from collections.abc import Callable

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd, nn

model = nn.Seq(nn.linear(3, 4), nn.tanh(), nn.linear(4, 2))
params = model.init(seed=0)
v, m = tl.ones(3), tl.ones((2, 3))


@tl.checked
def energy(z: Float64[Tensor, "*s"]) -> Float64[Tensor, ""]:
    return tl.sum(z * z)


@tl.checked
def padded(z: Float64[Tensor, "n"]) -> Float64[Tensor, "n+1"]:
    return tl.concat([z, tl.zeros(1)])


@tl.checked
def columns(z: Float64[Tensor, "n k"]) -> Float64[Tensor, "k"]:
    return tl.sum(z, axis=0)


# what they give
reveal_type(autograd.fn.grad(energy, m))  # R: Float64[Tensor, "2 3"]
reveal_type(autograd.fn.grad(lambda z: tl.sum(model(params, z)), v))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.value_and_grad(energy, v))  # R: tuple[Float64[Tensor, ""], Float64[Tensor, "3"]]
reveal_type(autograd.fn.value_and_grad_scalar(energy, v))  # R: tuple[float, Float64[Tensor, "3"]]
reveal_type(autograd.fn.vjp(padded, v, tl.ones(4)))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.jvp(padded, v, v))  # R: Float64[Tensor, "4"]
reveal_type(autograd.fn.hvp(energy, m, m))  # R: Float64[Tensor, "2 3"]
reveal_type(autograd.fn.jacrev(padded, v))  # R: Rows["4", Float64[Tensor, "3"]]
reveal_type(autograd.fn.jacrev(padded, v).tensor)  # R: Float64[Tensor, "4 3"]
reveal_type(autograd.fn.jacfwd(columns, m).tensor)  # R: Float64[Tensor, "3 2 3"]
reveal_type(autograd.fn.jacfwd(columns, m)[0])  # R: Float64[Tensor, "2 3"]
reveal_type(autograd.fn.jacrev(lambda z: model(params, z), v).stacked)  # R: Float64[Tensor, "2 3"]
reveal_type(autograd.fn.hessian(energy, m))  # R: Rows["6", Float64[Tensor, "2 3"]]
reveal_type(autograd.fn.hessian(energy, m).tensor)  # R: Float64[Tensor, "2 3 2 3"]
reveal_type(autograd.fn.grad(energy, tl.ones(3, dtype="float32")))  # E: shape: energy: argument 1 ("z") has dtype float32, expected float64

# what they refuse
autograd.fn.grad(padded, v)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [4]); sum it first, or use jacrev for a function with many outputs
autograd.fn.grad(lambda z: z * 2.0, v)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [3]); sum it first, or use jacrev for a function with many outputs
autograd.fn.value_and_grad(columns, m)  # E: shape: value_and_grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [3]); sum it first, or use jacrev for a function with many outputs
autograd.fn.value_and_grad_scalar(lambda z: model(params, z), v)  # E: shape: value_and_grad_scalar: f(x) does not have the shape of a scalar (a scalar: [], f(x): [2]); sum it first, or use jacrev for a function with many outputs
autograd.fn.hessian(padded, v)  # E: shape: hessian: f(x) does not have the shape of a scalar (a scalar: [], f(x): [4]); sum it first, or use jacrev for a function with many outputs
autograd.fn.vjp(padded, v, v)  # E: shape: vjp: seed_out does not have the shape of f(x) (f(x): [4], seed_out: [3]); a seed is like the output; it is a tangent that is like x
autograd.fn.vjp(lambda z: model(params, z), v, tl.ones((1, 2)))  # E: shape: vjp: seed_out does not have the shape of f(x) (f(x): [2], seed_out: [1, 2])
autograd.fn.jvp(padded, v, tl.ones(4))  # E: shape: jvp: v does not have the shape of x (x: [3], v: [4])
autograd.fn.hvp(energy, v, tl.ones(4))  # E: shape: hvp: v does not have the shape of x (x: [3], v: [4])
autograd.fn.hvp(padded, v, v)  # E: shape: hvp: f(x) does not have the shape of a scalar (a scalar: [], f(x): [4]); sum it first, or use jacrev for a function with many outputs
autograd.fn.jacrev(columns, v)  # E: shape: columns: argument 1 ("z") has shape [3], expected [n, k]
autograd.fn.jacrev(lambda z: model(params, z), tl.ones(4))  # E: shape: Seq: x has shape [4], the model takes [*b, 3]
autograd.fn.jacrev(padded, v)[4]  # E: shape: Rows: has no row 4; it has 4
autograd.fn.jacrev(padded, v).tensor @ tl.ones(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [4, 3]) and 4 (right: [4]); did you mean .mT on the left operand?
autograd.fn.grad(energy, tl.ones(3, dtype="int64"))  # E: shape: grad: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.vjp(padded, v, tl.ones(4, dtype="float32"))  # E: shape: vjp: dtypes differ: f(x) is float64, seed_out is float32; dtypes are not promoted: convert one with astype

# of every kind of function
class Layer:
    def __init__(self, weight: Float64[Tensor, "o i"]) -> None:
        self.weight = weight

    @tl.checked
    def __call__(self, z: Float64[Tensor, "3"]) -> Float64[Tensor, "4"]:
        return tl.zeros((4, 3)) @ z

    @tl.checked
    def energy(self, z: Float64[Tensor, "3"]) -> Float64[Tensor, ""]:
        return tl.sum(self(z))

    @staticmethod
    @tl.checked
    def norm(z: Float64[Tensor, "k"]) -> Float64[Tensor, ""]:
        return tl.sqrt(tl.sum(z * z))


layer = Layer(tl.ones((4, 3)))
reveal_type(autograd.fn.jacrev(layer, v))  # R: Rows["4", Float64[Tensor, "3"]]
reveal_type(autograd.fn.grad(layer.energy, v))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.grad(Layer.norm, v))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.jacrev(tl.exp, v).tensor)  # R: Float64[Tensor, "3 3"]
reveal_type(autograd.fn.grad(tl.sum, m))  # R: Float64[Tensor, "2 3"]
reveal_type(autograd.fn.jacfwd(tl.compile(columns), m))  # R: Rows["3", Float64[Tensor, "2 3"]]
reveal_type(autograd.fn.grad(tl.compile(lambda z: tl.sum(z)), v))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.grad(functools.partial(tl.sum, axis=None), v))  # R: Float64[Tensor, "3"]
autograd.fn.grad(layer, v)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [4]); sum it first, or use jacrev for a function with many outputs
autograd.fn.grad(layer.energy, tl.ones(4))  # E: shape: energy: argument 1 ("z") has shape [4], expected [3]
autograd.fn.jacrev(Layer.norm, m)  # E: shape: norm: argument 1 ("z") has shape [2, 3], expected [k]
autograd.fn.grad(tl.exp, v)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [3]); sum it first, or use jacrev for a function with many outputs
autograd.fn.grad(tl.compile(padded), v)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [4]); sum it first, or use jacrev for a function with many outputs

# inside one another
reveal_type(autograd.fn.grad(lambda z: tl.sum(autograd.fn.grad(energy, z) * v), v))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.jacfwd(lambda z: autograd.fn.grad(energy, z), v).tensor)  # R: Float64[Tensor, "3 3"]
reveal_type(autograd.fn.grad(lambda z: tl.sum(autograd.fn.jacrev(padded, z).tensor), v))  # R: Float64[Tensor, "3"]
autograd.fn.grad(lambda z: autograd.fn.grad(energy, z), v)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [3]); sum it first, or use jacrev for a function with many outputs
autograd.fn.grad(lambda z: tl.sum(autograd.fn.vjp(padded, z, z)), v)  # E: shape: vjp: seed_out does not have the shape of f(x) (f(x): [4], seed_out: [3]); a seed is like the output; it is a tangent that is like x


@tl.checked
def at_zero(f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, ""]], z: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return autograd.fn.grad(f, tl.zeros(z.shape))


reveal_type(at_zero(lambda z: tl.sum(z), v))  # R: Float64[Tensor, "3"]
reveal_type(at_zero(energy, v))  # R: Float64[Tensor, "3"]


def unannotated(z):  # type: ignore[no-untyped-def]
    return z


reveal_type(autograd.fn.jacrev(unannotated, v))  # R: Rows["_", Float64[Tensor, "3"]]
reveal_type(autograd.fn.grad(lambda z: tl.sum(unannotated(z)), v))  # E: no-untyped-call: Call to untyped function "unannotated" in typed context # R: Float64[Tensor, "3"]

# some rows at a time
reveal_type(autograd.fn.jacrev(padded, v, chunk_size=2).tensor)  # R: Float64[Tensor, "4 3"]
reveal_type(autograd.fn.hessian(energy, v, 2).tensor)  # R: Float64[Tensor, "3 3"]
reveal_type(autograd.fn.jacfwd(padded, v, chunk_size=2).tensor)  # R: Float64[Tensor, "4 3"]

# of other dtypes
reveal_type(autograd.fn.value_and_grad(lambda z: tl.sum(z.astype("float32")), v))  # R: tuple[Float32[Tensor, ""], Float64[Tensor, "3"]]
reveal_type(autograd.fn.jacfwd(lambda z: z.astype("float32"), v).tensor)  # R: Float64[Tensor, "3 3"]
autograd.fn.jacrev(tl.argmax, v)  # E: shape: jacrev: cannot differentiate f(x) of dtype int64; only floating values have a derivative
autograd.fn.grad(lambda z: tl.argmax(z), v)  # E: shape: grad: cannot differentiate f(x) of dtype int64; only floating values have a derivative
autograd.fn.jvp(lambda z: z > 0.0, v, v)  # E: shape: jvp: cannot differentiate f(x) of dtype bool; only floating values have a derivative


# at what a function gives that has one of several shapes
def picked(long: bool) -> Float64[Tensor, "3"] | Float64[Tensor, "4"]:
    return tl.ones(4) if long else tl.ones(3)


def of_picked(long: bool) -> Float64[Tensor, "3"] | Float64[Tensor, "4"]:
    return autograd.fn.grad(lambda z: tl.sum(z**2), picked(long))


autograd.fn.grad(lambda z: tl.vecdot(z, tl.ones(4)), picked(False))  # E: shape: vecdot: the sizes of axis -1 differ: 3 and 4 (left: [3], right: [4])
