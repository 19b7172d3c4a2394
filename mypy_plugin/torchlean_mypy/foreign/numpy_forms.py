"""NumPy's functions and operators by name: their parameters, and the rules for what they give."""

from __future__ import annotations

from typing import NamedTuple

from torchlean_mypy.foreign import numpy_rules
from torchlean_mypy.foreign.numpy_rules import Rule


class Form(NamedTuple):
    """The parameters of a function, its operands first, and what it gives; for ``dtype`` see ``numpy_dtypes``."""

    rule: Rule
    parameters: str
    dtype: str = "same"
    operands: int = 1
    is_of_list: bool = False


# Parameters that have no part in the shape; others that the rule does not have, ``out``, leave it unknown.
IGNORED = {"dtype", "initial", "ddof", "correction", "order", "copy", "kind", "stable", "decimals", "fill_value"}
# ufuncs: those that give bools, those whose results have the dtype of the operands, and those that give floats
COMPARED = (
    *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "isnan", "isfinite", "isinf", "signbit"),
    *("logical_and", "logical_or", "logical_not", "logical_xor"),
)
SAME = (
    *("add", "subtract", "multiply", "power", "maximum", "minimum", "fmax", "fmin", "square", "negative", "positive"),
    *("absolute", "abs", "mod", "remainder", "floor_divide", "sign", "conj", "conjugate"),
)
FLOATING = (
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "sin", "cos", "tan", "arcsin", "arccos"),
    *("arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "arctan2", "hypot", "divide", "true_divide"),
    *("deg2rad", "rad2deg", "degrees", "radians", "logaddexp", "logaddexp2"),
)
UFUNCS = {
    **dict.fromkeys(COMPARED, "bool"),
    **dict.fromkeys((*SAME, "matmul"), "same"),
    **dict.fromkeys(FLOATING, "float"),
    **dict.fromkeys(("bitwise_and", "bitwise_or", "bitwise_xor"), "own"),
}
_REDUCED = "a axis dtype out keepdims"
_EXTREME = Form(numpy_rules.reduction, "a axis out keepdims initial where", "own")
_CHOSEN = Form(numpy_rules.index_reduction, "a axis out keepdims", "index")
_TRUTH = Form(numpy_rules.reduction, "a axis out keepdims where", "bool")
_SPREAD = Form(numpy_rules.reduction, "a axis dtype out ddof keepdims where mean correction", "float")
_LIKE = Form(numpy_rules.unchanged, "a dtype order subok shape", "own")
_CUMULATIVE = Form(numpy_rules.cumulative, "a axis dtype out", "total")
_FLAT = Form(numpy_rules.flatten, "a order", "own")
_MATRIX = Form(numpy_rules.square, "a", "float")
FORMS = {
    "sum": Form(numpy_rules.reduction, f"{_REDUCED} initial where", "total"),
    "prod": Form(numpy_rules.reduction, f"{_REDUCED} initial where", "total"),
    "mean": Form(numpy_rules.reduction, f"{_REDUCED} where", "float"),
    **dict.fromkeys(("max", "min", "amax", "amin"), _EXTREME),
    **dict.fromkeys(("argmax", "argmin"), _CHOSEN),
    **dict.fromkeys(("any", "all"), _TRUTH),
    **dict.fromkeys(("std", "var"), _SPREAD),
    **dict.fromkeys(("cumsum", "cumprod"), _CUMULATIVE),
    **dict.fromkeys(("zeros_like", "ones_like", "empty_like"), _LIKE),
    "full_like": Form(numpy_rules.unchanged, "a fill_value dtype order subok shape", "own"),
    "median": Form(numpy_rules.reduction, "a axis out overwrite_input keepdims", "float"),
    "norm": Form(numpy_rules.norm, "x ord axis keepdims", "float"),
    "copy": Form(numpy_rules.unchanged, "a order", "own"),
    "astype": Form(numpy_rules.unchanged, "a dtype order casting subok copy", "given"),
    "reshape": Form(numpy_rules.reshape, "a shape order copy", "own"),
    **dict.fromkeys(("ravel", "flatten"), _FLAT),
    "transpose": Form(numpy_rules.transpose, "a axes", "own"),
    "swapaxes": Form(numpy_rules.swapaxes, "a axis1 axis2", "own"),
    "moveaxis": Form(numpy_rules.moveaxis, "a source destination", "own"),
    "expand_dims": Form(numpy_rules.expand_dims, "a axis", "own"),
    "squeeze": Form(numpy_rules.squeeze, "a axis", "own"),
    "round": Form(numpy_rules.unchanged, "a decimals out", "own"),
    "sort": Form(numpy_rules.along, "a axis kind order stable", "own"),
    "argsort": Form(numpy_rules.along, "a axis kind order stable", "index"),
    "diff": Form(numpy_rules.diff, "a n axis", "own"),
    "broadcast_to": Form(numpy_rules.broadcast_to, "array shape", "own"),
    "clip": Form(numpy_rules.broadcast, "a a_min a_max out", "same", 3),
    "where": Form(numpy_rules.broadcast, "condition x y", "chosen", 3),
    "dot": Form(numpy_rules.dot, "a b out", operands=2),
    "matmul": Form(numpy_rules.matmul, "a b out", operands=2),
    "outer": Form(numpy_rules.outer, "a b out", operands=2),
    "concatenate": Form(numpy_rules.concat, "arrays axis out dtype", "own", is_of_list=True),
    "stack": Form(numpy_rules.stack, "arrays axis out dtype", "own", is_of_list=True),
    "vstack": Form(numpy_rules.vstack, "tup dtype", "own", is_of_list=True),
    "hstack": Form(numpy_rules.hstack, "tup dtype", "own", is_of_list=True),
    "column_stack": Form(numpy_rules.column_stack, "tup", "own", is_of_list=True),
    **dict.fromkeys(("inv", "cholesky"), _MATRIX),
    "pinv": Form(numpy_rules.matrix_transpose, "a", "float"),
    "solve": Form(numpy_rules.solve, "a b", "float", 2),
}
# Operators, by the names of their methods: the ufunc that each is.
OPERATORS = {
    **{"add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power", "mod": "remainder"},
    **{"floordiv": "floor_divide", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "matmul": "matmul"},
    **{"lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal"},
}
