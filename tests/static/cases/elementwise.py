"""Elementwise operations: equal shapes, Python scalars, and what they give."""

import torchlean_typed as tl

a = tl.zeros((2, 3))
b = tl.ones((2, 3))
c = tl.ones((3, 2))
v = tl.ones(3)
scalar = tl.tensor(2.0)

reveal_type(a + b)  # R: Float64[Tensor, "2 3"]
reveal_type(a * 2.0)  # R: Float64[Tensor, "2 3"]
reveal_type(2 - a)  # R: Float64[Tensor, "2 3"]
reveal_type(a / scalar)  # R: Float64[Tensor, "2 3"]
reveal_type(scalar * a)  # R: Float64[Tensor, "2 3"]
reveal_type(-a)  # R: Float64[Tensor, "2 3"]
reveal_type(abs(a))  # R: Float64[Tensor, "2 3"]
reveal_type(a**2)  # R: Float64[Tensor, "2 3"]
reveal_type(tl.exp(a))  # R: Float64[Tensor, "2 3"]
reveal_type(a.exp().tanh().relu())  # R: Float64[Tensor, "2 3"]
reveal_type(tl.maximum(a, 0.0))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.where(a > b, a, 0.0))  # R: Float64[Tensor, "2 3"]
reveal_type(a == b)  # R: Bool[Tensor, "2 3"]
reveal_type((a > 0) & (b < 1))  # R: Bool[Tensor, "2 3"]
reveal_type(~(a > 0))  # R: Bool[Tensor, "2 3"]
reveal_type(a.clip(0.0, 1.0))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.add(a, b))  # R: Float64[Tensor, "2 3"]

a + c  # E: shape: add: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
a - c  # E: shape: subtract: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
tl.multiply(a, c)  # E: shape: multiply: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
a / c  # E: shape: divide: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
tl.maximum(a, c)  # E: shape: maximum: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
a == c  # E: shape: equal: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
a < c  # E: shape: less: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
tl.where(a > 0, a, c)  # E: shape: where: axis 0 differs: 2 and 3 (condition: [2, 3], x: [2, 3], y: [3, 2]); did you mean .T on one of them?
tl.where(c > 0, a, b)  # E: shape: where: axis 0 differs: 3 and 2 (condition: [3, 2], x: [2, 3], y: [2, 3]); did you mean .T on one of them?
tl.pow(a, c)  # E: shape: pow: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
a += c  # E: shape: add: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
