"""Operators that are called without their operand: mypy says what is missing, and the result is unknown."""

import torchlean_typed as tl
from torchlean_typed import Dim, TensorPack, nn

x = tl.ones(3)
x.__add__()  # E: call-arg: Too few arguments
x.__getitem__()  # E: call-arg: Too few arguments
x.__eq__()  # E: call-arg: Too few arguments for "__eq__" of "Tensor"
x.__radd__()  # E: call-arg: Too few arguments for "__radd__" of "Tensor"
abs()  # E: call-arg: Too few arguments for "abs"
params = TensorPack.of(x)
params.__add__()  # E: call-arg: Too few arguments for "__add__" of "TensorPack"
params.__getitem__()  # E: call-arg: Too few arguments for "__getitem__" of "TensorPack"
model = nn.linear(3, 4)
model.__rshift__()  # E: call-arg: Too few arguments for "__rshift__" of "Seq"
model.__call__()  # E: call-arg: Missing positional arguments "params", "x" in call to "__call__" of "Seq"
x.shape.__getitem__()  # E: call-overload: All overload variants of "__getitem__" of "tuple" require at least one argument


def sizes(n: Dim["n"]) -> None:
    n.__add__()  # E: call-arg: Too few arguments for "__add__" of "Dim"
    n.__rmul__()  # E: call-arg: Too few arguments for "__rmul__" of "Dim"
    n.__floordiv__()  # E: call-arg: Too few arguments for "__floordiv__" of "Dim"
    (2.0).__mul__()  # E: call-arg: Too few arguments for "__mul__" of "float"
