"""Shape-verified differentiation in Python: NumPy-like code whose tensor shapes are checked by mypy and at run time.

>>> import torchlean_typed as tl
>>> tl.autograd.fn.grad(lambda x: tl.sum(x**2), tl.tensor([1.0, 2.0]))
Tensor([2., 4.], float64[2])
"""

import sys
from importlib import reload
from typing import TYPE_CHECKING

# Not in mypy's own process, which wants the plugin alone: there, all else is imported when something asks for it.
_main = getattr(sys.modules.get("__main__"), "__spec__", None)
_wanted = "_wanted" in globals() or not ("mypy.__main__" in sys.modules or (_main and _main.name.startswith("mypy.")))

if TYPE_CHECKING or _wanted:
    from torchlean_typed import autograd, loss, nn
    from torchlean_typed.checks import checked, ensure, set_checks
    from torchlean_typed.engine.compiled import compile, program
    from torchlean_typed.engine.mode import compiled, eager
    from torchlean_typed.engine.run import cache_info, clear_cache
    from torchlean_typed.forms import Dim, OutputLoss, Params, Rows, Seq, TensorPack
    from torchlean_typed.ops import random
    from torchlean_typed.ops.activation import gelu, relu, sigmoid, softplus
    from torchlean_typed.ops.arithmetic import (
        abs,
        add,
        divide,
        multiply,
        negative,
        pow,
        reciprocal,
        sign,
        sqrt,
        square,
        subtract,
    )
    from torchlean_typed.ops.attention import scaled_dot_product_attention
    from torchlean_typed.ops.choice import clip, maximum, minimum, where
    from torchlean_typed.ops.comparison import (
        equal,
        greater,
        greater_equal,
        less,
        less_equal,
        logical_and,
        logical_not,
        logical_or,
        not_equal,
    )
    from torchlean_typed.ops.conversion import astype, detach
    from torchlean_typed.ops.convolution import conv1d, conv2d, conv_transpose2d
    from torchlean_typed.ops.creation import arange, eye, full, full_like, linspace, ones, ones_like, zeros, zeros_like
    from torchlean_typed.ops.decomposition import cholesky, logdet, solve, triangular_solve
    from torchlean_typed.ops.einsum import einsum, outer, tensordot, vecdot
    from torchlean_typed.ops.exponential import cos, exp, expm1, log, log1p, safe_log, sin, tanh
    from torchlean_typed.ops.indexing import diagonal, one_hot, scatter_add, take, take_along_axis, trace
    from torchlean_typed.ops.linalg import matmul
    from torchlean_typed.ops.neural import layer_norm, log_softmax, softmax
    from torchlean_typed.ops.normalization import batch_norm, batch_norm_training
    from torchlean_typed.ops.pooling import avg_pool2d, max_pool2d
    from torchlean_typed.ops.rearrangement import flip, moveaxis, pad, roll, split, tril, triu
    from torchlean_typed.ops.reduce import logsumexp, max, mean, min, sum
    from torchlean_typed.ops.statistics import argmax, argmin, cumulative_sum, prod, std, var
    from torchlean_typed.ops.structure import (
        broadcast_to,
        concat,
        expand_dims,
        flatten,
        getitem,
        matrix_transpose,
        permute_dims,
        reshape,
        squeeze,
        stack,
        swapaxes,
        transpose,
    )
    from torchlean_typed.shapes.errors import DomainError, ShapeError, TracingError
    from torchlean_typed.sizes import divides
    from torchlean_typed.tensor import Tensor
    from torchlean_typed.trace import allclose, from_numpy, tensor
else:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        del globals()["__getattr__"]
        return getattr(reload(sys.modules[__name__]), name)


__version__ = "0.1.0"

__all__ = [
    "Dim",
    "DomainError",
    "OutputLoss",
    "Params",
    "Rows",
    "Seq",
    "ShapeError",
    "Tensor",
    "TensorPack",
    "TracingError",
    "abs",
    "add",
    "allclose",
    "arange",
    "argmax",
    "argmin",
    "astype",
    "autograd",
    "avg_pool2d",
    "batch_norm",
    "batch_norm_training",
    "broadcast_to",
    "cache_info",
    "checked",
    "cholesky",
    "clear_cache",
    "clip",
    "compile",
    "compiled",
    "concat",
    "conv1d",
    "conv2d",
    "conv_transpose2d",
    "cos",
    "cumulative_sum",
    "detach",
    "diagonal",
    "divide",
    "divides",
    "eager",
    "einsum",
    "ensure",
    "equal",
    "exp",
    "expand_dims",
    "expm1",
    "eye",
    "flatten",
    "flip",
    "from_numpy",
    "full",
    "full_like",
    "gelu",
    "getitem",
    "greater",
    "greater_equal",
    "layer_norm",
    "less",
    "less_equal",
    "linspace",
    "log",
    "log1p",
    "log_softmax",
    "logdet",
    "logical_and",
    "logical_not",
    "logical_or",
    "logsumexp",
    "loss",
    "matmul",
    "matrix_transpose",
    "max",
    "max_pool2d",
    "maximum",
    "mean",
    "min",
    "minimum",
    "moveaxis",
    "multiply",
    "negative",
    "nn",
    "not_equal",
    "one_hot",
    "ones",
    "ones_like",
    "outer",
    "pad",
    "permute_dims",
    "pow",
    "prod",
    "program",
    "random",
    "reciprocal",
    "relu",
    "reshape",
    "roll",
    "safe_log",
    "scaled_dot_product_attention",
    "scatter_add",
    "set_checks",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "softplus",
    "solve",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "subtract",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "tanh",
    "tensor",
    "tensordot",
    "trace",
    "transpose",
    "triangular_solve",
    "tril",
    "triu",
    "var",
    "vecdot",
    "where",
    "zeros",
    "zeros_like",
]
