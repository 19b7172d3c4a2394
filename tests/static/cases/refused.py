"""What the types of operands and of Python's own functions allow, and the run time refuses."""

import numpy as np

import torchlean_typed as tl

x, scalar, a = tl.ones((5, 3)), tl.tensor(2.0), np.ones((5, 3))

# an array is no operand, on either side
x + a  # E: shape: add: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
a + x  # E: shape: add: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
a @ x  # E: shape: matmul: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
x @ a  # E: shape: matmul: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
x**a  # E: shape: pow: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
a / x  # E: shape: divide: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
x < a  # E: shape: less: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
a <= x  # E: shape: greater_equal: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
x == a  # E: shape: equal: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
a != x  # E: shape: not_equal: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
tl.sum(x * a)  # E: shape: multiply: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy
reveal_type(x * tl.from_numpy(a))  # R: Float64[Tensor, "5 3"]
reveal_type(x == a)  # E: shape: equal: needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy

# nor is what can only be compared
x == "a"  # E: shape: equal: needs tensors or Python numbers, got str; wrap it with tl.tensor
x != None  # E: shape: not_equal: needs tensors or Python numbers, got NoneType; wrap it with tl.tensor
x == (1.0, 2.0)  # E: shape: equal: needs tensors or Python numbers, got tuple; wrap it with tl.tensor
reveal_type(x == 1)  # R: Bool[Tensor, "5 3"]
reveal_type(x == np.float64(1.0))  # R: Bool[Tensor, "5 3"]

# an index is of constants
x[x > 0.0]  # E: shape: getitem: key takes plain Python values, got Tensor; use take for positions, where for a mask
x[tl.arange(3)]  # E: shape: getitem: key takes plain Python values, got Tensor; use take for positions, where for a mask
x[0, tl.arange(3)]  # E: shape: getitem: key takes plain Python values, got Tensor; use take for positions, where for a mask
x[a]  # E: shape: getitem: key takes plain Python values, got ndarray; use take for positions, where for a mask
reveal_type(tl.take(x, tl.arange(2), axis=0))  # R: Float64[Tensor, "2 3"]

# one element
float(x)  # E: shape: item: needs one element, got 15 (operand: [5, 3])
int(x)  # E: shape: item: needs one element, got 15 (operand: [5, 3])
bool(x)  # E: shape: bool: the truth of 15 elements is ambiguous (operand: [5, 3]); reduce it first, or use tl.allclose
reveal_type(float(scalar))  # R: float
reveal_type(bool(tl.ones((1, 1))))  # R: bool

# rows
[row for row in scalar]  # E: shape: len: a scalar has no length (operand: [])
reveal_type([row for row in x])  # R: list[Float64[Tensor, "3"]]

# tensors are no data for another
tl.tensor(x)  # E: shape: tensor: needs numbers, got Tensor at the top; it is a tensor already
tl.tensor([tl.sum(x), tl.sum(x)])  # E: shape: tensor: needs numbers, got Tensor at index [0]; join tensors with tl.stack
tl.tensor([[1.0, 2.0], [0.5, scalar]])  # E: shape: tensor: needs numbers, got Tensor at index [1, 1]; join tensors with tl.stack
tl.tensor([row[0] for row in x])  # E: shape: tensor: needs numbers, got Tensor at index [0]; join tensors with tl.stack
tl.tensor([tl.ones(2), tl.ones(3)])  # E: shape: tensor: needs numbers, got Tensor at index [0]; join tensors with tl.stack
reveal_type(tl.tensor([float(tl.sum(x)), scalar.item()]))  # R: Float64[Tensor, "2"]
reveal_type(tl.tensor(a))  # R: Float64[Tensor, "5 3"]
reveal_type(tl.tensor(x.numpy()))  # R: Float64[Tensor, "5 3"]

# nor are they arguments of NumPy's functions, but of those that copy the values
np.sin(x)  # E: shape: np.sin: needs arrays, got Tensor; use tl.sin, or .numpy() for its values
np.sqrt(x) + x  # E: shape: np.sqrt: needs arrays, got Tensor; use tl.sqrt, or .numpy() for its values
tl.sum(np.abs(x))  # E: shape: np.absolute: needs arrays, got Tensor; use tl.abs, or .numpy() for its values
np.maximum(x, 0.0)  # E: shape: np.maximum: needs arrays, got Tensor; use tl.maximum, or .numpy() for its values
np.maximum(0.0, x)  # E: shape: np.maximum: needs arrays, got Tensor; use tl.maximum, or .numpy() for its values
np.add(x, x)  # E: shape: np.add: needs arrays, got Tensor; use tl.add, or .numpy() for its values
np.isfinite(x)  # E: shape: np.isfinite: needs arrays, got Tensor; use .numpy() for its values
np.sum(x)  # E: shape: np.sum: needs arrays, got Tensor; use tl.sum, or .numpy() for its values
np.sum(x, axis=0)  # E: shape: np.sum: needs arrays, got Tensor; use tl.sum, or .numpy() for its values
np.mean(a=x, axis=0)  # E: shape: np.mean: needs arrays, got Tensor; use tl.mean, or .numpy() for its values
np.max(x)  # E: shape: np.max: needs arrays, got Tensor; use tl.max, or .numpy() for its values
np.any(x > 0.0)  # E: shape: np.any: needs arrays, got Tensor; use .numpy() for its values
np.std(x)  # E: shape: np.std: needs arrays, got Tensor; use tl.std, or .numpy() for its values
a += x  # E: shape: np.add: needs arrays, got Tensor; use tl.add, or .numpy() for its values
np.sin(x.numpy())
reveal_type(np.allclose(x, x))  # R: bool
np.testing.assert_allclose(x, x)
np.dot(x, x.T)
np.concatenate([x, x])
np.linalg.norm(x)
reveal_type(np.asarray(x))  # R: Float64[np.ndarray, "5 3"]
reveal_type(np.float64(2.0) * x)  # R: Float64[Tensor, "5 3"]
