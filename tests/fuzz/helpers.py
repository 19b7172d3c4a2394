"""Definitions that programs of the language use: generic functions, decorators, classes, functions of any arguments."""

HELPERS = {
    "T": 'T = TypeVar("T")',
    "U": 'U = TypeVar("U")',
    "P": 'P = ParamSpec("P")',
    "same": "def same(x: T) -> T:\n    return x",
    "first": "def first(x: T, *rest: T) -> T:\n    return (x, *rest)[0]",
    "applied": "def applied(f: Callable[[T], U], x: T) -> U:\n    return f(x)",
    "doubled": """\
def doubled(f: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    return lambda x: f(x) * 2.0""",
    "split_heads": """\
@tl.checked
def split_heads(x: Float64[Tensor, "b d"], h: Dim["h"]) -> Float64[Tensor, "b h d//h"]:
    tl.divides(h, x.shape[1])
    return x.reshape((x.shape[0], h, -1))""",
    "joined_heads": """\
@tl.checked
def joined_heads(x: Float64[Tensor, "b h k"]) -> Float64[Tensor, "b h*k"]:
    b, h, k = x.shape
    assert h * k == k * h and x.ndim == 3
    return x.reshape((b, h * k))""",
    "logged": """\
def logged(f: Callable[P, T]) -> Callable[P, T]:
    @wraps(f)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        return f(*args, **kwargs)
    return wrapped""",
    "scaled": """\
@logged
def scaled(x: Float64[Tensor, "*s"], by: float = 1.0) -> Float64[Tensor, "*s"]:
    return x * by""",
    "traced": """\
@logged
@tl.checked
def traced(x: Float64[Tensor, "p q"]) -> Float64[Tensor, ""]:
    return tl.sum(tl.mean(x, axis=0))""",
    "total": """\
@tl.checked
def total(*xs: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    return reduce(operator.add, xs)""",
    "named_total": """\
@tl.checked
def named_total(**xs: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    return reduce(operator.add, xs.values())""",
    "either": """\
@overload
def either(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n n"]: ...
@overload
def either(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m"]: ...
@overload
def either(x: Float64[Tensor, "*b n m k"]) -> Float64[Tensor, "*b n m k"]: ...
def either(x: Tensor) -> Tensor:
    return tl.outer(x, x) if x.ndim == 1 else tl.sum(x, axis=0) if x.ndim == 2 else x""",
    "table": """\
@cache
def table() -> Float64[Tensor, "3 4"]:
    return tl.ones((3, 4))""",
    "sized": """\
@lru_cache(maxsize=None)
def sized(n: Dim["n"]) -> Float64[Tensor, "n"]:
    return tl.ones(n)""",
    "squared_norm": """\
def squared_norm(x: Float64[Tensor, "*s"]) -> Float64[Tensor, ""]:
    return tl.sum(x * x)""",
    "halves": """\
def halves(x: Float64[Tensor, "*s"]) -> Iterator[Float64[Tensor, "*s"]]:
    yield x * 0.5
    yield x * 0.25""",
    "Pair": """\
@tl.checked
class Pair(NamedTuple):
    left: Float64[Tensor, "*s"]
    right: Float64[Tensor, "*s"]""",
    "Box": """\
@dataclass(frozen=True)
class Box(Generic[T]):
    value: T
    def get(self) -> T:
        return self.value
    def map(self, f: Callable[[T], U]) -> "Box[U]":
        return Box(f(self.value))""",
    "Shift": """\
@tl.checked
@dataclass(frozen=True)
class Shift:
    w: Float64[Tensor, "*s"]
    def __call__(self, x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
        return x + self.w
    @classmethod
    def of(cls, w: Float64[Tensor, "*s"]) -> "Shift":
        return cls(w * 2.0)
    @staticmethod
    def shifted(x: Float64[Tensor, "*s"], w: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
        return x + w""",
    "Scaled": """\
@tl.checked
@dataclass(frozen=True)
class Scaled(Shift):
    by: float
    def __call__(self, x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
        return super().__call__(x) * self.by
    @property
    def doubled(self) -> Float64[Tensor, "*s"]:
        return self.w * 2.0""",
    "Options": """\
class Options(TypedDict):
    w: Float64[Tensor, "*s"]
    rate: float""",
    "stepped": """\
def stepped(options: Options, x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    return x - options["rate"] * x""",
    "joined": """\
@tl.checked
def joined(xs: Sequence[Float64[Tensor, "*s"]]) -> Float64[Tensor, "*s"]:
    return reduce(operator.add, xs)""",
    "paired": """\
@tl.checked
def paired(pair: tuple[Float64[Tensor, "*s"], Float64[Tensor, "*s"]]) -> Float64[Tensor, "*s"]:
    first, second = pair
    return first - second""",
    "last_row": """\
@tl.checked
def last_row(x: Float64[Tensor, "n"] | Float64[Tensor, "m n"]) -> Float64[Tensor, "n"]:
    return x if x.ndim == 1 else tl.sum(x, axis=0)""",
    "Elementwise": """\
@runtime_checkable
class Elementwise(Protocol):
    def __call__(self, x: Float64[Tensor, "*s"], /) -> Float64[Tensor, "*s"]: ...""",
    "through": """\
@tl.checked
def through(f: Elementwise, x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    return f(x) * 0.5""",
    "damped": """\
@tl.checked
def damped(
    x: Float64[Tensor, "*s"], *, by: float = 0.5, bias: Float64[Tensor, "*s"] | None = None
) -> Float64[Tensor, "*s"]:
    return x * by if bias is None else x * by + bias""",
    "halved": """\
@tl.checked
def halved(x: Float64[Tensor, "*s"], times: int) -> Float64[Tensor, "*s"]:
    return x if times == 0 else halved(x * 0.5, times - 1)""",
    "Matrix": 'Matrix = Float64[Tensor, "n n"]',
    "squared": """\
@tl.checked
def squared(x: Matrix) -> Matrix:
    return x @ x""",
    "Affine": """\
@tl.checked
class Affine:
    def __init__(self, w: Float64[Tensor, "i o"]) -> None:
        self.w = w
    def __call__(self, x: Float64[Tensor, "*b i"]) -> Float64[Tensor, "*b o"]:
        return x @ self.w""",
    "Biased": """\
@tl.checked
class Biased(Affine):
    def __init__(self, w: Float64[Tensor, "i o"], b: Float64[Tensor, "o"]) -> None:
        super().__init__(w)
        self.b = b
    def __call__(self, x: Float64[Tensor, "*b i"]) -> Float64[Tensor, "*b o"]:
        return super().__call__(x) * tl.sum(self.b)""",
    "longer": """\
@tl.checked
def longer(x: Float64[Tensor, "n"], by: Dim["k"] = 2) -> Float64[Tensor, "n+k"]:
    return tl.concat([x, tl.zeros(by)])""",
    "asyncio": "import asyncio",
    "later": """\
async def later(x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    return x * 2.0""",
    "batched": """\
@tl.checked
def batched(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "_ n"]:
    if x.ndim == 1:
        x = x[None, :]
    return x""",
    "narrowed": """\
@tl.checked
def narrowed(x: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*b n"]:
    if x.ndim > 2:
        return x + tl.zeros(x.shape)
    return x * 2.0""",
    "lined": """\
@tl.checked
def lined(x: Tensor) -> Tensor:
    return x.sum(axis=0) if x.ndim == 2 else x[None] if x.ndim < 2 else x""",
    "Linear": """\
@tl.checked
class Linear:
    def __init__(self, w: Float64[Tensor, "o i"]) -> None:
        self.w = w
    def __call__(self, x: Float64[Tensor, "i n"]) -> Float64[Tensor, "o n"]:
        return self.w @ x
    @classmethod
    def of(cls, w: Float64[Tensor, "a b"]) -> Self:
        return cls(w.mT)
    @classmethod
    def sized(cls, outputs: Dim["a"], inputs: Dim["b"]) -> Self:
        return cls(tl.ones((outputs, inputs)))
    def scaled(self, by: float) -> Self:
        return type(self)(self.w * by)
    def turned(self) -> 'Annotated[Linear, "i o"]':
        return self.__class__(self.w.mT)
    def after(self, x: Float64[Tensor, "k o"]) -> 'Annotated[Linear, "k i"]':
        return type(self)(x @ self.w)""",
    "Square": """\
class Square(Linear):
    @classmethod
    def unit(cls, size: Dim["k"]) -> Self:
        return cls.sized(size, size)""",
    "Point": """\
class Point(NamedTuple):
    values: Float64[Tensor, "n"]
    @classmethod
    @tl.checked
    def first(cls, x: Float64[Tensor, "rows columns"]) -> "Point":
        return cls(x[0])
    @tl.checked
    def moved(self, by: Float64[Tensor, "n"]) -> "Point":
        return type(self)(self.values + by)""",
}
