"""The words in which shape stubs are written. No program imports them: stubs are read as text.

Names in the texts, ``n`` and ``*s`` of shapes and ``d`` of dtypes, are the function's own: what the arguments of a call
say they are, they are in its result.
"""


class _Word:
    def __class_getitem__(cls, text: object) -> object:
        return cls


class Shape(_Word):
    """``shape: Shape["*s"]``: a size, or a tuple or list of sizes, that is a shape."""


class Dim(_Word):
    """``n: Dim["n"]``: an int that is a size."""


class DType(_Word):
    """``dtype: DType["d"]``: a dtype, given as a class, a name or a NumPy dtype."""


class Scalar(_Word):
    """``value: Scalar["d"]``: a number; d is the dtype that NumPy gives to it."""


class Nested(_Word):
    """``data: Nested["d", "*s"]``: nested lists of numbers of a shape, or an array."""


class Array(_Word):
    """``Array["d", "*s"]``: an array of a dtype that has a name; with a fixed one it is ``Float64[ndarray, "*s"]``."""
