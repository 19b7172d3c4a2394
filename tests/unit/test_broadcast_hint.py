"""The hint of a broadcast between ranks: where the shorter operand's axes stand in the longer one."""

import pytest

import torchlean_typed as tl
from torchlean_typed import ShapeError


@pytest.mark.parametrize(
    ("left", "right", "hint"),
    [
        ((5, 1), (5,), "[:, None] on [5]"),  # [None, :] would be the silent broadcast to [5, 5]
        ((5,), (5, 1), "[:, None] on [5]"),
        ((5, 3), (3,), "[None, :] on [3]"),
        ((5, 3), (5,), "[:, None] on [5], or keepdims=True where it was reduced"),
        ((3, 3), (3,), "[None, :] on [3]"),  # both fit: NumPy's own alignment
        ((5, 4, 3), (5, 4), "[:, :, None] on [5, 4], or keepdims=True where it was reduced"),
        ((5, 1), (4,), "[None, :] on [4]"),
    ],
)
def test_the_hint_prefers_axes_that_are_equal(left: tuple[int, ...], right: tuple[int, ...], hint: str) -> None:
    with pytest.raises(ShapeError) as caught:
        tl.subtract(tl.zeros(left), tl.zeros(right))
    assert str(caught.value).endswith(f"broadcasting is explicit: did you mean {hint}?")
