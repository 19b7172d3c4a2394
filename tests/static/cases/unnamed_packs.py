"""Entries, by name, of packs that have no name themselves."""

from typing import TypedDict

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, TensorPack, autograd, loss, nn

model = nn.linear(3, 4)
pack = TensorPack.named({"w": tl.zeros((3, 4)), "b": tl.zeros(4)})


class Settings(TypedDict):
    size: int


def made() -> Params[model]:
    return model.init(seed=0)


def settings() -> Settings:
    return {"size": 3}


def options(given: dict[str, dict[str, int]]) -> int:
    return given.get("sizes", {})["rows"] + dict(columns=1)["columns"] + settings()["size"]


class Held:
    def packs(self) -> list[Params[model]]:
        return [made()]


reveal_type(made()["0.weight"].shape)  # R: tuple[Dim["4"], Dim["3"]]
reveal_type(model.init(seed=0)["0.bias"])  # R: Float64[Tensor, "4"]
reveal_type((pack + pack)["w"])  # R: Float64[Tensor, "3 4"]
reveal_type(pack.map(tl.exp)["b"])  # R: Float64[Tensor, "4"]
reveal_type(Held().packs()[0]["0.weight"].shape)  # R: tuple[Dim["4"], Dim["3"]]
reveal_type(autograd.model.grad_params(model, loss.mse(), made(), tl.zeros((2, 3)), tl.zeros((2, 4)))["0.bias"].shape)  # R: tuple[Dim["4"]]
reveal_type((lambda: made()["0.bias"].shape)())  # R: tuple[Dim["4"]]
made()["0.weight"] @ tl.zeros(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [4, 3]) and 4 (right: [4]); did you mean .mT on the left operand?
(pack * 2.0)["w"] @ tl.zeros(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3]); did you mean .mT on the left operand?
made()["1.weight"]  # E: shape: TensorPack: has no entry "1.weight"; it has 2 entries: "0.weight", "0.bias"
settings()["size"] + tl.zeros(3) @ tl.zeros(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [3]) and 4 (right: [4])


def wrong(x: Float64[Tensor, "n 3"]) -> Float64[Tensor, "n 4"]:
    return x @ made()["0.weight"] + made()["0.bias"][None, :]  # E: shape: matmul: inner dimensions differ: 3 (left: [n, 3]) and 4 (right: [4, 3]); did you mean .mT on the right operand?


def right(x: Float64[Tensor, "n 3"]) -> Tensor:
    return x @ made()["0.weight"].T + made()["0.bias"][None, :]
