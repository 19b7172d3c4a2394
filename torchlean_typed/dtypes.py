"""The dtypes as types: what the first parameter of ``Tensor[dtype, *shape]`` is. They exist for type checkers only."""

from __future__ import annotations


class generic:
    """Any dtype."""


class number(generic):
    """Any dtype with arithmetic."""


class floating(number):
    """Any floating dtype."""


class integer(number):
    """Any integer dtype."""


class float16(floating):
    """Half precision."""


class float32(floating):
    """Single precision."""


class float64(floating):
    """Double precision."""


class int8(integer):
    """Signed, 8 bits."""


class int16(integer):
    """Signed, 16 bits."""


class int32(integer):
    """Signed, 32 bits."""


class int64(integer):
    """Signed, 64 bits."""


class uint8(integer):
    """Unsigned, 8 bits."""


class uint16(integer):
    """Unsigned, 16 bits."""


class uint32(integer):
    """Unsigned, 32 bits."""


class uint64(integer):
    """Unsigned, 64 bits."""


class bool(generic):
    """True or False."""
