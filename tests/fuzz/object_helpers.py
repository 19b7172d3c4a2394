"""Definitions that the ways of ``object_ways`` use: objects that change, generators, functions in attributes."""

OBJECT_HELPERS = {
    "State": """\
@tl.checked
class State:
    def __init__(self, h: Float64[Tensor, "*s"]) -> None:
        self.h = h
    def step(self, x: Float64[Tensor, "*s"]) -> None:
        self.h = self.h + x
    @property
    def now(self) -> Float64[Tensor, "*s"]:
        return self.h
    @now.setter
    def now(self, h: Float64[Tensor, "*s"]) -> None:
        self.h = h
    @staticmethod
    def zero(like: Float64[Tensor, "*t"]) -> Float64[Tensor, "*t"]:
        return tl.zeros(like.shape)
    @classmethod
    def at(cls, h: Float64[Tensor, "*s"]) -> Self:
        return cls(h)""",
    "Decayed": """\
@tl.checked
class Decayed(State):
    def step(self, x: Float64[Tensor, "*s"]) -> None:
        super().step(x)
        self.h *= 0.5""",
    "Activated": """\
@tl.checked
@dataclass(frozen=True)
class Activated:
    act: Elementwise
    def __call__(self, x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
        return self.act(x) * 2.0""",
    "contextmanager": "from contextlib import contextmanager",
    "Generator": "from collections.abc import Generator",
    "held": """\
@contextmanager
def held(x: Float64[Tensor, "*s"]) -> Iterator[Float64[Tensor, "*s"]]:
    try:
        yield x * 2.0
    finally:
        pass""",
    "rows_of": """\
def rows_of(x: Float64[Tensor, "n *s"]) -> Iterator[Float64[Tensor, "*s"]]:
    for row in x:
        yield row * 2.0""",
    "running": """\
def running(
    x: Float64[Tensor, "*s"],
) -> Generator[Float64[Tensor, "*s"], Float64[Tensor, "*s"] | None, None]:
    for _ in range(3):
        given = yield x
        if given is not None:
            x = x + given""",
}
