"""Bad input: the whole message of each, as a reader sees it, and that nothing is half done."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import DomainError, OutputLoss, ShapeError, Tensor, TensorPack, TracingError, autograd, loss, nn

MODEL = nn.Seq(nn.linear(3, 4), nn.tanh(), nn.linear(4, 2))
PARAMS = MODEL.init(seed=0)
X, Y = tl.ones((5, 3)), tl.ones((5, 2))
m, f = autograd.model, autograd.fn

Case = tuple[Callable[[], Any], str]


def refused(call: Callable[[], Any], kind: type[Exception] = ShapeError) -> str:
    with pytest.raises(kind) as raised:
        call()
    assert type(raised.value) is kind
    return str(raised.value)


def cases(*pairs: Case) -> Any:
    return pytest.mark.parametrize(("call", "message"), pairs, ids=[message.partition(";")[0] for _, message in pairs])


@cases(
    (
        lambda: tl.tensor([[1, 2], [3]]),
        "tensor: ragged data: the item at index [1] has shape [1], the first has [2]; make all rows equally long",
    ),
    (
        lambda: tl.tensor([[[1], [2]], [[3], [4]], [[5]]]),
        "tensor: ragged data: the item at index [2] has shape [1, 1], the first has [2, 1]; make all rows equally long",
    ),
    (
        lambda: tl.tensor([[1, 2], 3]),
        "tensor: ragged data: the item at index [1] has shape [], the first has [2]; make all rows equally long",
    ),
    (
        lambda: tl.tensor([np.ones(2), np.ones(3)]),
        "tensor: ragged data: the item at index [1] has shape [3], the first has [2]; make all rows equally long",
    ),
    (
        lambda: tl.from_numpy(np.array([[1], [1, 2]], dtype=object)),
        "from_numpy: needs a bool, integer or floating dtype, got object",
    ),
)
def test_ragged_lists(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


@cases(
    (lambda: tl.tensor("abc"), "tensor: needs numbers, got str 'abc' at the top"),
    (lambda: tl.tensor([[1.0, "a"]]), "tensor: needs numbers, got str 'a' at index [0, 1]"),
    (lambda: tl.tensor([1, None]), "tensor: needs numbers, got NoneType at index [1]"),
    (lambda: tl.tensor({"a": 1}), "tensor: needs numbers, got dict at the top"),
    (lambda: tl.from_numpy(np.array(["a"])), "from_numpy: needs a bool, integer or floating dtype, got str32"),
    (lambda: X + "a", "add: needs tensors or Python numbers, got str; wrap it with tl.tensor"),
    (lambda: tl.sum(X, axis="rows"), "sum: axis must be an int, got 'rows'"),
    (lambda: tl.zeros("3"), "zeros: a size must be an int, got '3'"),
    (lambda: tl.full(3, "a"), 'full: fill_value must be a number, got "a"'),
    (lambda: tl.clip(X, "a", 2.0), 'clip: min must be a number, got "a"'),
    (lambda: tl.zeros(3, dtype="nonsense"), "zeros: needs a bool, integer or floating dtype, got nonsense"),
    (lambda: nn.linear("3", 2), 'linear: argument 1 ("in_features") must be an int, got "3"'),
    (lambda: nn.Seq("relu"), "Seq: part 0 is no layer but str; wrap a function with nn.layer"),
    (lambda: m.grad_x(MODEL, "mse", PARAMS, X, Y), 'grad_x: argument 2 ("loss") must be an OutputLoss, got "mse"'),
    (lambda: loss.mse("median"), 'mse: reduction must be "mean", "sum" or "none", got \'median\''),
    (lambda: PARAMS + "a", "add: a pack goes with packs and scalars, got str"),
)
def test_strings(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


@cases(
    (
        lambda: tl.log(tl.tensor([1.0, np.nan])),
        "log: needs positive values, got nan at index 1; use safe_log, or clip first",
    ),
    (
        lambda: tl.log(tl.tensor([[1.0, 2.0], [0.0, -1.0]])),
        "log: needs positive values, got 0.0 at index (1, 0); use safe_log, or clip first",
    ),
    (lambda: tl.log(tl.tensor(-1.0)), "log: needs positive values, got -1.0; use safe_log, or clip first"),
    (lambda: tl.log1p(tl.tensor([0.0, -1.0])), "log1p: needs values above -1, got -1.0 at index 1; clip first"),
    (
        lambda: f.grad(lambda x: tl.sum(tl.log(x)), tl.tensor([1.0, np.nan])),
        "log: needs positive values, got nan at index 1; use safe_log, or clip first",
    ),
)
def test_values_that_a_logarithm_refuses(call: Callable[[], Any], message: str) -> None:
    assert refused(call, DomainError) == message
    with tl.compiled():
        assert refused(call, DomainError) == message


@cases(
    (lambda: tl.mean(tl.zeros((0, 3)), axis=0), "mean: axis 0 is empty (operand: [0, 3])"),
    (lambda: tl.max(tl.zeros((2, 0)), axis=-1), "max: axis 1 is empty (operand: [2, 0])"),
    (lambda: tl.min(tl.zeros(0)), "min: axis 0 is empty (operand: [0])"),
    (lambda: tl.logsumexp(tl.zeros((2, 0)), axis=1), "logsumexp: axis 1 is empty (operand: [2, 0])"),
    (
        lambda: m.grad_params(MODEL, loss.mse(), PARAMS, tl.zeros((0, 3)), tl.zeros((0, 2))),
        'grad_params: mse: there is no mean, axis 0 is empty (output: [0, 2]); use reduction="sum"',
    ),
    (lambda: tl.stack([]), "stack: needs at least one tensor"),
    (lambda: tl.concat([]), "concat: needs at least one tensor"),
    (lambda: tl.sum(X, axis=2), "sum: axis 2 is out of range (operand: [5, 3])"),
    (lambda: tl.sum(X, axis=(0, 0)), "sum: axis [0, 0] names one axis twice (operand: [5, 3])"),
)
def test_empty_and_absent_axes(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


@cases(
    (lambda: nn.linear(0, 3), "linear: in_features must be at least 1, got 0"),
    (lambda: nn.linear(3, -1), "linear: out_features must be at least 1, got -1"),
    (lambda: tl.zeros((2, -1)), "zeros: size -1 is negative (shape: [2, -1])"),
    (lambda: tl.zeros((2, 0))[0, 0], "getitem: index 0 is out of range for an axis of size 0 (operand: [2, 0])"),
    (lambda: tl.ensure(tl.zeros((0, 3)), "1 3"), "ensure: x has shape [0, 3], expected [1, 3]"),
    (
        lambda: tl.ones(3) + tl.zeros(0),
        "add: axis 0 differs: 3 and 0 (left: [3], right: [0]); "
        "broadcasting is explicit: only an axis of size 1 stretches",
    ),
)
def test_sizes_of_zero_and_less(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


def test_a_size_of_zero_is_a_size() -> None:
    for rows in (0, 2):
        none = tl.take_along_axis(tl.zeros((rows, 0)), tl.zeros((rows, 0), np.int64), axis=1)
        assert none.shape == (rows, 0)
    empty = tl.zeros((0, 3))
    assert tl.ensure(empty, "b 3") is empty
    assert MODEL(PARAMS, empty).shape == (0, 2)
    assert tl.sum(empty).item() == 0.0
    gradient = m.grad_params(MODEL, loss.mse("sum"), PARAMS, empty, tl.zeros((0, 2)))
    assert all(np.all(entry.numpy() == 0.0) for entry in gradient)
    assert len(m.jacrev_params(MODEL, PARAMS, empty)) == 0
    assert f.hessian(tl.sum, tl.zeros(0)).tensor.shape == (0, 0)


OTHER = nn.linear(3, 2).init(seed=0)
ORDER = TensorPack.of(PARAMS[2], PARAMS[3], PARAMS[0], PARAMS[1])
NAMES = TensorPack.named(dict(zip(["2.weight", "2.bias", "0.weight", "0.bias"], PARAMS, strict=True)))


@cases(
    (
        lambda: m.grad_params(MODEL, loss.mse(), OTHER, X, Y),
        "grad_params: params has 2 entries, the model has 4; shapes: the model [4 3, 4, 2 4, 2], params [2 3, 2]",
    ),
    (
        lambda: m.grad_params(MODEL, loss.mse(), ORDER, X, Y),
        'grad_params: params does not fit the model: entry 0 ("0.weight") is [4, 3] in the model, here [2, 4]; '
        "the same shapes in another order",
    ),
    (
        lambda: m.grad_params(MODEL, loss.mse(), NAMES, X, Y),
        'grad_params: params does not fit the model: entry 0 is "0.weight" in the model, here "2.weight"; '
        "the entries have the same shapes but other names: are they in the right order?",
    ),
    (
        lambda: MODEL(OTHER, X),
        "Seq: params has 2 entries, the model has 4; shapes: the model [4 3, 4, 2 4, 2], params [2 3, 2]",
    ),
    (
        lambda: PARAMS - OTHER,
        "subtract: the right pack has 2 entries, the left has 4; "
        "shapes: the left [4 3, 4, 2 4, 2], the right pack [2 3, 2]",
    ),
    (
        lambda: PARAMS + ORDER,
        'add: the right pack does not fit the left: entry 0 ("0.weight") is [4, 3] in the left, here [2, 4]; '
        "the same shapes in another order",
    ),
    (
        lambda: m.hvp_params(MODEL, loss.mse(), PARAMS, X, Y, OTHER),
        "hvp_params: vparams has 2 entries, the model has 4; shapes: the model [4 3, 4, 2 4, 2], vparams [2 3, 2]",
    ),
    (
        lambda: m.linear_params(tl.ones((2, 3)), tl.ones(3)),
        "linear_params: b does not have the shape of w's first axis (w's first axis: [2], b: [3])",
    ),
    (
        lambda: TensorPack.unflatten(tl.ones(3), like=OTHER),
        "unflatten: the vector does not fit (vector: [3], like.flatten(): [8])",
    ),
    (
        lambda: PARAMS["bias"],
        'TensorPack: has no entry "bias"; it has 4 entries: "0.weight", "0.bias", "2.weight", "2.bias"',
    ),
)
def test_wrong_packs_and_wrong_order(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


@cases(
    (
        lambda: m.grad_params(loss.mse(), MODEL, PARAMS, X, Y),
        'grad_params: argument 1 ("model") must be a Seq, got OutputLoss; '
        "the order is grad_params(model, loss, params, x, target)",
    ),
    (
        lambda: m.vjp_params(MODEL, X, PARAMS, Y),
        'vjp_params: argument 2 ("params") must be a TensorPack, got Tensor; '
        "the order is vjp_params(model, params, x, seed_out)",
    ),
    (lambda: f.grad(X, tl.sum), 'grad: argument 1 ("f") must be a function, got Tensor; the order is grad(f, x)'),
    (
        lambda: MODEL(X, PARAMS),
        'Seq: argument 1 ("params") must be a TensorPack, got Tensor; the order is Seq(params, x)',
    ),
)
def test_arguments_in_the_wrong_order(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


CONVERT = "dtypes are not promoted: convert one with astype"
FLOAT32 = tl.ones((5, 2), np.float32)


@cases(
    (lambda: Y + FLOAT32, f"add: dtypes differ: float64 and float32; {CONVERT}"),
    (
        lambda: m.grad_params(MODEL, loss.mse(), PARAMS, X, FLOAT32),
        f'grad_params: dtypes differ: params "0.weight" is float64, target is float32; {CONVERT}',
    ),
    (
        lambda: m.grad_params(MODEL, loss.mse(), PARAMS, X, Y.astype(np.int64)),
        f'grad_params: dtypes differ: params "0.weight" is float64, target is int64; {CONVERT}',
    ),
    (
        lambda: m.grad_params(MODEL, loss.mse(), PARAMS.map(lambda w: w.astype(np.float32)), X, Y),
        f'grad_params: dtypes differ: params "0.weight" is float32, x is float64; {CONVERT}',
    ),
    (
        lambda: m.vjp_params(MODEL, PARAMS, X, FLOAT32),
        f'vjp_params: dtypes differ: params "0.weight" is float64, seed_out is float32; {CONVERT}',
    ),
    (
        lambda: f.grad(tl.sum, tl.arange(3)),
        "grad: cannot differentiate with respect to x of dtype int64; convert it with astype",
    ),
    (lambda: tl.sin(tl.arange(3)), "sin: needs a floating dtype, got int64; convert with astype"),
    (lambda: tl.where(X, X, X), "where: needs a bool tensor as condition, got float64; compare: x > 0"),
    (lambda: X.astype("complex64"), "astype: needs a bool, integer or floating dtype, got complex64"),
    (lambda: X.astype(3), "astype: dtype must be a dtype, got 3; such as np.float32"),
    (lambda: tl.tensor([1.0], dtype="nope"), 'tensor: "nope" is not a dtype'),
    (lambda: MODEL.init(seed=0, dtype=int), "init: parameters have a floating dtype, got int64"),
    (lambda: tl.ensure(X, "b 3", np.float32), "ensure: x has dtype float64, expected float32"),
)
def test_wrong_dtypes(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


@cases(
    (
        lambda: X + tl.ones(3),
        "add: ranks differ (left: [5, 3], right: [3]); broadcasting is explicit: did you mean [None, :] on [3]?",
    ),
    (
        lambda: m.grad_params(MODEL, loss.mse(), PARAMS, X, tl.ones(5)),
        "grad_params: mse: the target does not have the shape of the model's output (output: [5, 2], target: [5]); "
        "did you mean target[:, None], or a one-hot target?",
    ),
    (lambda: m.grad_x(MODEL, loss.mse(), PARAMS, tl.ones(()), Y), "grad_x: x has shape [], the model takes [*b, 3]"),
    (
        lambda: m.vjp_input(MODEL, PARAMS, X, tl.ones(5)),
        "vjp_input: seed_out does not have the shape of the model's output (the model's output: [5, 2], seed_out: [5])",
    ),
    (
        lambda: f.grad(lambda x: x, X),
        "grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [5, 3]); "
        "sum it first, or use jacrev for a function with many outputs",
    ),
    (
        lambda: m.grad_params(MODEL, loss.mse("none"), PARAMS, X, Y),
        'grad_params: mse gives shape [5, 2], a scalar is needed; use reduction="mean" or "sum"',
    ),
    (
        lambda: m.linear_params(tl.ones((2, 3)), tl.ones(2, dtype=np.float32)),
        "linear_params: dtypes differ: w is float64, b is float32; dtypes are not promoted: convert one with astype",
    ),
    (
        lambda: m.linear_params(tl.ones(3), tl.ones(3)),
        "linear_params: w must have rank 2 and b rank 1 (w: [3], b: [3])",
    ),
    (lambda: X[0].T, "transpose: needs rank 2, got rank 1 (operand: [3]); use .mT or permute_dims"),
    (lambda: X[0, 0, 0], "getitem: 3 indices for a tensor of rank 2 (operand: [5, 3])"),
    (lambda: len(tl.ones(())), "len: a scalar has no length (operand: [])"),
    (lambda: tl.ensure(X, "b 3 1"), "ensure: x has shape [5, 3], expected [b, 3, 1]"),
)
def test_wrong_ranks(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


NOT_A_DIMENSION = "is not a dimension; a dimension is a size, a name, or names and sizes with + - * //"


@cases(
    (lambda: tl.ensure(X, "b 3x"), f'ensure: "3x" {NOT_A_DIMENSION}'),
    (lambda: tl.ensure(X, "b, 3"), f'ensure: "b," {NOT_A_DIMENSION}'),
    (lambda: tl.ensure(X, "b len(x)"), f'ensure: "len(x)" {NOT_A_DIMENSION}'),
    (lambda: tl.ensure(X, "b n/2"), f'ensure: "n/2" {NOT_A_DIMENSION}'),
    (lambda: TensorPack["4 3, 4;"], f'TensorPack: "4;" {NOT_A_DIMENSION}'),
    (
        lambda: tl.ensure(tl.ones(12), "h*w"),
        'ensure: what "h*w" is cannot be told; name each of its sizes alone somewhere in the text, or write the size',
    ),
    (lambda: nn.input("1 28 28)"), f'input: "28)" {NOT_A_DIMENSION}'),
    (lambda: nn.layer(lambda p, x: x, params="4 k)"), f'layer: "k)" {NOT_A_DIMENSION}'),
)
def test_unknown_names_and_other_texts_that_are_no_dimensions(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


TWO = "has two variadic parts; a shape may have at most one of *name and ..."


@cases(
    (lambda: tl.ensure(X, "*a *b"), f'ensure: "*a *b" {TWO}'),
    (lambda: tl.ensure(X, "... *b"), f'ensure: "... *b" {TWO}'),
    (lambda: TensorPack["3, *a 2 *b"], f'TensorPack: "*a 2 *b" {TWO}'),
    (lambda: nn.input("*a *b"), f'input: "*a *b" {TWO}'),
)
def test_two_variadics(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


@cases(
    (
        lambda: TensorPack.named([("w", X), ("b", Y), ("w", Y)]),
        'TensorPack.named: entries 0 and 2 are both named "w"; give each entry a name of its own',
    ),
    (
        lambda: TensorPack.named([("w",)]),
        'TensorPack.named: entry 0 must be a name and a tensor, got tuple; such as ("weight", w)',
    ),
    (lambda: TensorPack.named({"w": X, 1: Y}), "TensorPack.named: the name of entry 1 must be a str, got 1"),
    (
        lambda: TensorPack.named({"w": np.ones(3)}),
        "TensorPack.named: entry 0 must be a Tensor, got ndarray; wrap arrays with tl.from_numpy",
    ),
)
def test_names_in_a_pack(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


@cases(
    (
        lambda: nn.linear(3, 4) >> nn.relu() >> nn.linear(5, 2),
        "Seq: layer 2 (linear) expects input [*b, 5], got [*b, 4] from layer 1 (relu)",
    ),
    (
        lambda: nn.residual(nn.linear(3, 4)),
        "residual: the inner model's output does not fit its input (input: [*b, 3], output: [*b, 4])",
    ),
    (lambda: nn.Seq(nn.relu), "Seq: part 0 is no layer but relu; call it: nn.relu()"),
    (
        lambda: f.grad(lambda x: 1.0, X),
        "grad: <lambda> returns float, not a Tensor; return a Tensor, for example tl.sum(...)",
    ),
    (
        lambda: m.grad_params(MODEL, OutputLoss(lambda output, target: output - target), PARAMS, X, Y),
        "grad_params: the loss gives shape [5, 2], a scalar is needed; sum it, or average it",
    ),
)
def test_models_and_functions_that_do_not_fit(call: Callable[[], Any], message: str) -> None:
    assert refused(call) == message


def test_looking_at_a_value_while_being_traced() -> None:
    with tl.compiled():
        message = refused(lambda: f.grad(lambda x: tl.sum(x) if x[0] > 0.0 else x[0], tl.ones(2)), TracingError)
    assert "shape [] was asked for while" in message
    assert "`with tl.eager(): ...`" in message


def test_what_is_not_called() -> None:
    assert refused(lambda: Tensor([1.0]), TypeError) == (  # type: ignore[arg-type]
        "Tensor() is not called directly: use tl.tensor(nested_list) or tl.from_numpy(array)"
    )
    assert refused(lambda: TensorPack(X), TypeError) == (  # type: ignore[arg-type]
        "TensorPack() is not called directly: use TensorPack.of(w, b) or TensorPack.named({...})"
    )


def test_an_equal_value_of_another_type_is_not_taken_for_the_right_one() -> None:
    """1, 1.0 and True are equal and hash alike: what is remembered of one must not answer for another."""
    tl.sum(X, axis=1), tl.sum(X, axis=1, keepdims=True), tl.reshape(X, (3, 5)), tl.zeros(1), X[1]
    assert refused(lambda: tl.sum(X, axis=True)) == "sum: axis must be an int, got True"
    assert refused(lambda: tl.sum(X, axis=1.0)) == "sum: axis must be an int, got 1.0"
    assert refused(lambda: tl.sum(X, axis=1, keepdims=1)) == "sum: keepdims must be True or False, got 1"
    assert refused(lambda: tl.reshape(X, (3.0, 5))) == "reshape: a size must be an int, got 3.0"
    assert refused(lambda: tl.zeros(1.0)) == "zeros: a size must be an int, got 1.0"
    assert refused(lambda: X[True]) == "getitem: cannot index with True (operand: [5, 3])"


def test_nothing_is_half_done() -> None:
    """After a refusal everything is as it was: values, caches, modes, the sizes of calls around."""
    before = [entry.numpy().copy() for entry in PARAMS]
    right = m.grad_params(MODEL, loss.mse(), PARAMS, X, Y)
    ran: list[str] = []

    def recording(output: Tensor, target: Tensor) -> Tensor:
        ran.append("loss")
        return loss.mse()(output, target)

    own = OutputLoss(recording)
    for args in [(OTHER, X, Y), (ORDER, X, Y), (PARAMS, tl.ones((5, 4)), Y), (PARAMS, X, "y")]:
        with pytest.raises(ShapeError):
            m.grad_params(MODEL, own, *args)
        with tl.eager(), pytest.raises(ShapeError):
            m.value_and_grads(MODEL, own, *args)
    assert ran == []  # the arguments are refused before any work

    data = [[1.0, 2.0], [3.0]]
    array = np.array([1.0, -1.0])
    entries = {"w": X, "b": "no tensor"}
    with pytest.raises(ShapeError):
        tl.tensor(data)
    with pytest.raises(DomainError):
        tl.log(tl.from_numpy(array))
    with pytest.raises(ShapeError):
        TensorPack.named(entries)  # type: ignore[arg-type]
    assert (data, array.tolist(), list(entries)) == ([[1.0, 2.0], [3.0]], [1.0, -1.0], ["w", "b"])

    @tl.checked
    def checked(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
        with pytest.raises(ShapeError):
            checked(tl.ones(7), tl.ones(8))
        with pytest.raises(ShapeError):
            tl.ensure(y, "n+1")
        assert isinstance(x, Float64[Tensor, "n"])
        return tl.ensure(y, "n")

    checked(tl.ones(2), tl.ones(2))
    assert [np.array_equal(a, b.numpy()) for a, b in zip(before, PARAMS, strict=True)] == [True] * 4
    again = m.grad_params(MODEL, loss.mse(), PARAMS, X, Y)
    assert all(np.array_equal(a.numpy(), b.numpy()) for a, b in zip(right, again, strict=True))
