"""What mypy would say of an argument is said once, in the words of the run time."""

import numpy as np

import torchlean_typed as tl
from torchlean_typed import TensorPack

x = tl.ones((3, 4))
pack = TensorPack.of(x, tl.ones(3))
x @ 2.0  # E: shape: matmul: the right operand is a scalar (left: [3, 4], right: []); use * to scale
2.0 @ x  # E: shape: matmul: the left operand is a scalar (left: [], right: [3, 4]); use * to scale
tl.concat([x, 1.0])  # E: shape: concat: item 1 has another rank than item 0 (item 0: [3, 4], item 1: [])
tl.stack((x, 1.0))  # E: shape: stack: item 1 has another rank than item 0 (item 0: [3, 4], item 1: [])
pack + np.ones(3)  # E: shape: add: a pack goes with packs and scalars, got ndarray
np.ones(3) + pack  # E: shape: add: a pack goes with packs and scalars, got ndarray
pack * tl.ones(3)  # E: shape: multiply: a pack goes with packs and scalars (tensor: [3])
pack - True  # E: shape: subtract: a pack goes with packs and scalars, got bool
x.sum(0, 1)  # E: shape: sum: keepdims must be True or False, got 1; did you mean axis=(0, 1)?
x.sum(axis="a")  # E: shape: sum: axis must be an int, got 'a'
tl.zeros(3, 4)  # E: shape: zeros: dtype must be a dtype, got 4; did you mean shape=(3, 4)?
x + "a"  # E: shape: add: needs tensors or Python numbers, got str; wrap it with tl.tensor
x**None  # E: shape: pow: needs tensors or Python numbers, got NoneType; wrap it with tl.tensor
x < "a"  # E: shape: less: needs tensors or Python numbers, got str; wrap it with tl.tensor
