"""concat and stack."""

import torchlean_typed as tl

a = tl.zeros((2, 3))
b = tl.zeros((4, 3))
c = tl.zeros((2, 5))

reveal_type(tl.concat([a, b]))  # R: Float64[Tensor, "6 3"]
reveal_type(tl.concat((a, c), axis=1))  # R: Float64[Tensor, "2 8"]
reveal_type(tl.concat([a, a, a], axis=-1))  # R: Float64[Tensor, "2 9"]
reveal_type(tl.stack([a, a]))  # R: Float64[Tensor, "2 2 3"]
reveal_type(tl.stack((a, a, a), axis=-1))  # R: Float64[Tensor, "2 3 3"]
reveal_type(tl.stack([a[0], b[0], c[0, :3]]))  # R: Float64[Tensor, "3 3"]
pair = (a, b)
reveal_type(tl.concat(pair))  # R: Float64[Tensor, "6 3"]
unknown_length = [a, a]
unknown_length.append(a)
reveal_type(tl.concat(unknown_length))  # R: Float64[Tensor, "_ 3"]

tl.concat([a, c])  # E: shape: concat: axis 1 differs: 3 and 5 (item 0: [2, 3], item 1: [2, 5]); did you mean axis=1?
tl.concat([a, b], axis=1)  # E: shape: concat: axis 0 differs: 2 and 4 (item 0: [2, 3], item 1: [4, 3]); did you mean axis=0?
tl.concat([a, a[0]])  # E: shape: concat: item 1 has another rank than item 0 (item 0: [2, 3], item 1: [3])
tl.concat([a, b], axis=2)  # E: shape: concat: axis 2 is out of range (operand: [2, 3])
tl.concat([])  # E: shape: concat: needs at least one tensor
tl.stack([a, b])  # E: shape: stack: axis 0 differs: 2 and 4 (item 0: [2, 3], item 1: [4, 3])
tl.stack([a, a], axis=3)  # E: shape: stack: axis 3 is out of range (operand: [2, 3])
tl.concat([a, tl.zeros((4, 3), dtype="float32")])  # E: shape: concat: dtypes differ: float64 and float32; dtypes are not promoted: convert one with astype
