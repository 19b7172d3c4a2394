"""Python text for values."""

from __future__ import annotations

from typing import Any

import numpy as np


def index_text(key: Any) -> str:
    """What stands in the brackets for a basic index: ``1:, None, ...``."""
    if not isinstance(key, tuple):
        return _item_text(key)
    return ", ".join(map(_item_text, key)) if len(key) > 1 else f"{_item_text(key[0])}," if key else "()"


def _item_text(item: Any) -> str:
    if item is Ellipsis:
        return "..."
    if not isinstance(item, slice):
        return repr(item)
    start, stop, step = ("" if bound is None else repr(bound) for bound in (item.start, item.stop, item.step))
    return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"


def is_literal(value: object) -> bool:
    """Whether the value's repr is Python text for it."""
    if isinstance(value, tuple):
        return all(is_literal(item) for item in value)
    if isinstance(value, slice):
        return is_literal((value.start, value.stop, value.step))
    return type(value) in (int, bool, str, type(None)) or (type(value) is float and bool(np.isfinite(value)))
