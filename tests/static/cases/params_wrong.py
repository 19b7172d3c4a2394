# symbolic
"""Params of what cannot be seen to be a model."""

import zoo
from torchlean_typed import Params, Seq, nn

number = 3
layers = [nn.linear(3, 3), nn.linear(3, 3)]
layers.append(nn.linear(3, 3))
deep = nn.Seq(*layers)
model: Seq["*b 3", "*b 2"] = nn.linear(3, 2)


class Net:
    def __init__(self, width: int) -> None:
        self.layer = nn.linear(3, width)

    def step(self, params: Params[self.layer]) -> None: ...  # E: shape: Params: which model "self.layer" is cannot be seen here; write the shapes, TensorPack["32 64, 32"], or assign the model to a variable of the module


def of_number(params: Params[number]) -> None: ...  # E: shape: Params: which model "number" is cannot be seen here; write the shapes, TensorPack["32 64, 32"], or assign the model to a variable of the module


def of_list(params: Params[deep]) -> None: ...  # E: shape: Params: which model "deep" is cannot be seen here; write the shapes, TensorPack["32 64, 32"], or assign the model to a variable of the module


def of_half(params: Params[model]) -> None: ...  # E: shape: Params: the type of "model" does not tell its parameters; write the shapes, TensorPack["32 64, 32"]


def of_nothing(params: Params[nonsense]) -> None: ...  # E: name-defined: Name "nonsense" is not defined


def of_text(params: Params[3]) -> None: ...  # E: shape: Params: takes a variable that is a model, as in Params[model]


def of_two(params: Params[zoo.classifier, zoo.made]) -> None: ...  # E: shape: Params: takes a variable that is a model, as in Params[model]


def wrong(params: Params[zoo.classifier]) -> Params[zoo.made]:
    return params  # E: return-value: wrong: the result has 4 entries, expected 2


variable: Params[zoo.classifier] = zoo.made.init(seed=0)  # E: assignment: assignment: the value has 2 entries, expected 4
