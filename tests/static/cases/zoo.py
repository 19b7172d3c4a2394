"""Models that other cases import."""

from typing import Final

import torchlean_typed as tl
from torchlean_typed import Dim, Seq, nn

WIDTH: Final = 7
classifier = nn.Seq(nn.linear(3, WIDTH), nn.relu(), nn.linear(WIDTH, 2))
stated: Seq["*b 3", "*b 2", "2 3, 2"] = nn.linear(3, 2)


@tl.checked
def square(n: Dim["n"]) -> Seq["*b n", "*b n", "n n, n"]:
    return nn.linear(n, n)


made = square(4)
