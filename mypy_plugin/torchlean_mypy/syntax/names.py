"""The full names by which the plugin knows the library's classes and functions."""

from __future__ import annotations

PACKAGE = "torchlean_typed"
TENSOR = f"{PACKAGE}.tensor.Tensor"
ANY_TENSOR = f"{PACKAGE}._checker.AnyTensor"
DIM = f"{PACKAGE}._checker.Dim"  # the class that Dim["n"] is to mypy
CALL = f"{PACKAGE}._checker.Call"
SHAPE = f"{PACKAGE}._checker.Shape"
OPERATIONS = f"{PACKAGE}.ops."
DTYPES = f"{PACKAGE}.dtypes."
NDARRAY = "numpy.ndarray"
ANY_ARRAY = "numpy._ArrayOrScalarCommon"  # a base of it
NUMPY_DTYPE = "numpy.dtype"
PACK = f"{PACKAGE}.pack.TensorPack"
SEQ = f"{PACKAGE}.nn.seq.Seq"
LOSS = f"{PACKAGE}.loss.OutputLoss"
ROWS = f"{PACKAGE}.rows.Rows"
LAYERS = f"{PACKAGE}.nn.layers."
TRAINING = f"{PACKAGE}.nn.statistics.training"
UPDATE_STATISTICS = f"{PACKAGE}.nn.statistics.update_statistics"
LOSSES = f"{PACKAGE}.loss."
PARAMS = f"{PACKAGE}.checks.Params"
MODEL_DERIVATIVES = f"{PACKAGE}.autograd.model."
FUNCTION_DERIVATIVES = f"{PACKAGE}.autograd.fn."
