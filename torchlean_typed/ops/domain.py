"""Values outside an operation's domain: an error that names the first offending index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops.op import operation
from torchlean_typed.shapes import dtypes, rules
from torchlean_typed.shapes.errors import DomainError

if TYPE_CHECKING:
    from torchlean_typed.ops.op import Operand
    from torchlean_typed.tensor import Tensor


def require_domain(inside: Any, x: Any, op: str, domain: str, hint: str) -> None:
    """Raise a DomainError unless all elements of the array ``x`` are inside."""
    if not np.all(inside):
        index = tuple(int(i) for i in np.argwhere(~np.asarray(inside))[0])
        where = f" at index {index if len(index) != 1 else index[0]}" if index else ""
        raise DomainError(f"{op}: needs {domain}, got {np.asarray(x)[index]}{where}; {hint}")


@operation(rules.unchanged, dtypes.floating, partials=(lambda out, x, **statics: 1.0,), public=False)
def above(x: Operand, bound: float, op: str, domain: str, hint: str) -> Tensor:
    """``x``, whose elements must be above a bound: an operation of its own, so that a derivative needs it too."""
    require_domain(np.greater(x, bound), x, op, domain, hint)
    return x
