"""tl.checked where a class's fields say more than a shape, under postponed annotations."""

from __future__ import annotations

from typing import ClassVar, Final

import pytest
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import ShapeError, Tensor


@tl.checked
class Layer:
    registry: ClassVar[dict[str, type[Layer]]] = {}
    rate: Final = 0.5
    bias: ClassVar[Float64[Tensor, "o"]] = tl.ones(3)
    w: Final[Float64[Tensor, "o i"]]

    def __init__(self, w: Float64[Tensor, "o i"]) -> None:
        self.w = w

    def apply(self, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
        return x @ self.w.T + self.bias[None, :]


def test_class_variables_and_final_fields_say_their_sizes() -> None:
    assert Layer(tl.ones((3, 2))).apply(tl.ones((4, 2))).shape == (4, 3)
    with pytest.raises(ShapeError, match=r'apply: argument 1 \("x"\) has shape \[4, 5\], expected \[b, 2\]'):
        Layer(tl.ones((3, 2))).apply(tl.ones((4, 5)))
    with pytest.raises(ShapeError, match="Layer: argument 1"):
        Layer(tl.ones((7, 2)))
