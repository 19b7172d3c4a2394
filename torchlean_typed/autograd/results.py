"""What ``value_and_grads`` gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Value = TypeVar("Value", default=Any, covariant=True)
    DParams = TypeVar("DParams", default=Any, covariant=True)
    Dx = TypeVar("Dx", default=Any, covariant=True)
    DTarget = TypeVar("DTarget", default=Any, covariant=True)
else:
    from typing import TypeVar

    Value, DParams, Dx, DTarget = (TypeVar(name) for name in ("Value", "DParams", "Dx", "DTarget"))


@dataclass(frozen=True, eq=False, init=False)
class ValueAndGrads(Generic[Value, DParams, Dx, DTarget]):
    """A loss, a scalar, and its gradients in the shapes of the parameters, the input and the target."""

    value: Value
    dparams: DParams
    dx: Dx
    dtarget: DTarget

    def __init__(self, value: Value, dparams: DParams, dx: Dx, dtarget: DTarget) -> None:
        fields = self.__dict__  # half the time of the constructor of a frozen dataclass, which calls setattr
        fields["value"], fields["dparams"], fields["dx"], fields["dtarget"] = value, dparams, dx, dtarget
