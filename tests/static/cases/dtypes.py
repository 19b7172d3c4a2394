"""dtypes are never promoted."""

import numpy as np
from jaxtyping import Bool, Float, Float32, Float64, Int, Int64, Shaped

import torchlean_typed as tl
from torchlean_typed import Tensor

x64 = tl.zeros((2, 3))
x32 = tl.zeros((2, 3), dtype=np.float32)
i64 = tl.ones((2, 3), dtype=np.int64)
flags = x64 > 0

reveal_type(x64 + 1)  # R: Float64[Tensor, "2 3"]
reveal_type(x32 * 2.5)  # R: Float32[Tensor, "2 3"]
reveal_type(i64 + 1)  # R: Int64[Tensor, "2 3"]
reveal_type(x32.astype("float64") + x64)  # R: Float64[Tensor, "2 3"]
reveal_type(x64.astype(np.float32))  # R: Float32[Tensor, "2 3"]
reveal_type(i64 == 1)  # R: Bool[Tensor, "2 3"]
reveal_type(flags & flags)  # R: Bool[Tensor, "2 3"]
reveal_type(x64.dtype)  # R: dtype[float64]
reveal_type(tl.zeros(2, dtype=x32.dtype))  # R: Float32[Tensor, "2"]

x64 + x32  # E: shape: add: dtypes differ: float64 and float32; dtypes are not promoted: convert one with astype
x64 @ x32.T  # E: shape: matmul: dtypes differ: float64 and float32; dtypes are not promoted: convert one with astype
x64 + i64  # E: shape: add: dtypes differ: float64 and int64; dtypes are not promoted: convert one with astype
i64 + 0.5  # E: shape: add: a Python float does not go with int64; dtypes are not promoted: convert the tensor with astype
i64 / 2  # E: shape: divide: needs a floating dtype, got int64; convert with astype
flags + flags  # E: shape: add: needs a numeric dtype, got bool; convert with astype
x64 & flags  # E: shape: logical_and: dtypes differ: float64 and bool; dtypes are not promoted: convert one with astype
~x64  # E: shape: logical_not: needs bool, got float64; convert with astype
tl.exp(i64)  # E: shape: exp: needs a floating dtype, got int64; convert with astype
tl.where(x64, x64, 0.0)  # E: shape: where: needs a bool tensor as condition, got float64; compare: x > 0
tl.where(flags, x64, x32)  # E: shape: where: dtypes differ: float64 and float32; dtypes are not promoted: convert one with astype
x64 == x32  # E: shape: equal: dtypes differ: float64 and float32; dtypes are not promoted: convert one with astype


@tl.checked
def double(x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    return x * 2


@tl.checked
def any_float(x: Float[Tensor, "*s"]) -> Float[Tensor, "*s"]:
    reveal_type(x * x)  # R: Float[Tensor, "*s"]
    reveal_type(x > 0)  # R: Bool[Tensor, "*s"]
    return x + 1.0


@tl.checked
def anything(x: Shaped[Tensor, "n"]) -> Shaped[Tensor, "n"]:
    return x


@tl.checked
def whole(x: Int[Tensor, "n"], choose: Bool[Tensor, "n"]) -> Int64[Tensor, "n"]:
    return tl.where(choose, x.astype(np.int64), 0)


reveal_type(double(x64))  # R: Float64[Tensor, "2 3"]
reveal_type(any_float(x32))  # R: Float[Tensor, "2 3"]
reveal_type(anything(tl.arange(3)))  # R: Shaped[Tensor, "3"]
reveal_type(whole(tl.arange(3), tl.arange(3) > 1))  # R: Int64[Tensor, "3"]
double(x32)  # E: shape: double: argument 1 ("x") has dtype float32, expected float64
double(i64)  # E: shape: double: argument 1 ("x") has dtype int64, expected float64
any_float(i64)  # E: shape: any_float: argument 1 ("x") has dtype int64, expected floating
whole(tl.zeros(3), tl.zeros(3) > 1)  # E: shape: whole: argument 1 ("x") has dtype float64, expected signed integer
whole(tl.arange(3), tl.arange(3))  # E: shape: whole: argument 2 ("choose") has dtype int64, expected bool
widened: Float[Tensor, "2 3"] = x64
narrowed: Float32[Tensor, "2 3"] = x64  # E: assignment: assignment: the value has dtype float64, expected float32
