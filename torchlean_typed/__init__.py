"""torchlean_typed: shape-verified differentiation in Python."""

from __future__ import annotations

from torchlean_typed.ops import random
from torchlean_typed.ops.creation import arange, eye, full, linspace, ones, zeros
from torchlean_typed.ops.elementwise import *
from torchlean_typed.ops.linalg import matmul
from torchlean_typed.ops.neural import layer_norm, log_softmax, softmax
from torchlean_typed.ops.reduce import logsumexp, max, mean, min, sum
from torchlean_typed.ops.structure import *
from torchlean_typed.shapes.errors import DomainError, ShapeError, TracingError
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import allclose, from_numpy, tensor
