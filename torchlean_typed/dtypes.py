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


class signed_integer(integer):
    """Any signed integer dtype."""


class unsigned_integer(integer):
    """Any unsigned integer dtype."""


class float16(floating):
    """Half precision."""


class float32(floating):
    """Single precision."""


class float64(floating):
    """Double precision."""


class int8(signed_integer):
    """Signed, 8 bits."""


class int16(signed_integer):
    """Signed, 16 bits."""


class int32(signed_integer):
    """Signed, 32 bits."""


class int64(signed_integer):
    """Signed, 64 bits."""


class uint8(unsigned_integer):
    """Unsigned, 8 bits."""


class uint16(unsigned_integer):
    """Unsigned, 16 bits."""


class uint32(unsigned_integer):
    """Unsigned, 32 bits."""


class uint64(unsigned_integer):
    """Unsigned, 64 bits."""


class bool(generic):
    """True or False."""
