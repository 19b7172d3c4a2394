"""The mutation operators: each finds in a site the mistakes of its kind that could be made there.

All are applied mechanically, wherever their pattern occurs; whether a mutant is a bug, execution decides.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

from benchmarks.static.sites import Edit, Site

REDUCTIONS = {"sum", "mean", "max", "min", "prod", "var", "std", "logsumexp", "argmax", "argmin"}
JOINS = {"concat", "stack"}
AXES = {"axis", "axes", "source", "destination"}
TRANSPOSES = {"T", "mT"}
SEEDED = {"vjp", "jvp", "hvp", "vjp_params", "vjp_inputs", "vjp_input", "jvp_params", "hvp_params"}
GRADIENTS = {"grad_params": "grad_x", "grad_x": "grad_params", "grad_target": "grad_x", "vjp_params": "vjp_input",
             "vjp_input": "vjp_params"}  # fmt: skip
RECORDS = {"dparams": "dx", "dx": "dtarget", "dtarget": "dx"}
FUNCTIONS = {"grad", "value_and_grad", "value_and_grad_scalar", "jacrev", "jacfwd", "hessian", "vjp", "jvp", "hvp"}
LOSSES = {"value_and_grads", "grad_params", "grad_inputs", "grad_x", "grad_target", "value_and_grad_params",
          "value_and_grad_params_scalar", "value_and_grad_x", "value_and_grad_target", "jvp_params",
          "hvp_params"}  # fmt: skip
Operator = Callable[[Site], Iterator[Edit]]


def transpose(site: Site) -> Iterator[Edit]:
    """Drop a transpose, move it to the other operand, or change a permutation."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr in TRANSPOSES:
        yield from site.edit("transpose", (node, site.of(node.value)))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        for turned, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(turned, ast.Attribute) and turned.attr in TRANSPOSES and isinstance(other, ast.Name):
                moved = (other, f"{site.of(other)}.{turned.attr}")
                yield from site.edit("transpose", (turned, site.of(turned.value)), moved)
    if isinstance(node, ast.Call) and node.args:
        name = called(node)
        if name in ("swapaxes", "matrix_transpose", "moveaxis", "transpose", "permute_dims"):
            subject = node.args[0] if is_module(node) else node.func.value  # type: ignore[attr-defined]
            yield from site.edit("transpose", (node, site.of(subject)))
        if name == "permute_dims":
            order = node.args[-1]
            if isinstance(order, ast.Tuple):
                for left, right in combinations(order.elts, 2):
                    yield from site.edit("transpose", (left, site.of(right)), (right, site.of(left)))


def operands(site: Site) -> Iterator[Edit]:
    """Swap the operands of a product, or the arguments of a call."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield from site.edit("swap operands", (node.left, site.of(node.right)), (node.right, site.of(node.left)))
    if isinstance(node, ast.Call):
        plain = [one for one in node.args if not isinstance(one, (ast.Starred, ast.Lambda, ast.Constant))]
        if called(node) != "of":
            for left, right in pairwise(plain):
                yield from site.edit("swap operands", (left, site.of(right)), (right, site.of(left)))


def wrong_variable(site: Site) -> Iterator[Edit]:
    """Use another variable of the same kind."""
    node = site.node
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and site.kind_of(node.id) in ("tensor", "int"):
        for other in site.others(node.id):
            yield from site.edit("wrong variable", (node, other))


def axis(site: Site) -> Iterator[Edit]:
    """One axis beside the right one."""
    node, parent = site.node, site.parent
    if isinstance(parent, ast.keyword) and parent.arg in AXES and isinstance(node, ast.expr):
        number = integer(node)
        if number is not None:
            for wrong in (number - 1, number + 1):
                yield from site.edit("axis ±1", (node, str(wrong)))


def keepdims(site: Site) -> Iterator[Edit]:
    """Drop or add ``keepdims=True``."""
    node = site.node
    if not isinstance(node, ast.Call) or called(node) not in REDUCTIONS:
        return
    words = {word.arg: word.value for word in node.keywords}
    if "keepdims" in words:
        yield from site.edit("keepdims", (words["keepdims"], "False"))
    elif "axis" in words:
        yield from site.edit("keepdims", (words["axis"], f"{site.of(words['axis'])}, keepdims=True"))


def new_axis(site: Site) -> Iterator[Edit]:
    """Insert ``[:, None]``, or put a new axis at the wrong end."""
    node, parent = site.node, site.parent
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and site.kind_of(node.id) == "tensor":
        if isinstance(parent, (ast.BinOp, ast.Call, ast.Return)):
            yield from site.edit("insert [:, None]", (node, f"{node.id}[:, None]"))
    if isinstance(node, ast.Subscript) and site.of(node.slice) in (":, None", "None, :"):
        turned = "None, :" if site.of(node.slice) == ":, None" else ":, None"
        yield from site.edit("insert [:, None]", (node, f"{site.of(node.value)}[{turned}]"))


def reshape(site: Site) -> Iterator[Edit]:
    """Drop a factor of a new shape, or exchange two."""
    node = site.node
    if not isinstance(node, ast.Call) or called(node) not in ("reshape", "broadcast_to"):
        return
    sizes = next((one for one in node.args if isinstance(one, ast.Tuple)), None)
    for size in sizes.elts if sizes else []:
        if isinstance(size, ast.BinOp) and isinstance(size.op, ast.Mult):
            yield from site.edit("reshape factor", (size, site.of(size.left)))
            yield from site.edit("reshape factor", (size, site.of(size.right)))
    if sizes and len(sizes.elts) > 1:
        for index in range(len(sizes.elts)):
            kept = [site.of(one) for place, one in enumerate(sizes.elts) if place != index]
            yield from site.edit("reshape factor", (sizes, f"({', '.join(kept)},)"))
        for left, right in zip(sizes.elts, sizes.elts[1:], strict=False):
            yield from site.edit("reshape factor", (left, site.of(right)), (right, site.of(left)))


def concat_axis(site: Site) -> Iterator[Edit]:
    """Join along another axis."""
    node = site.node
    if isinstance(node, ast.Call) and called(node) in JOINS:
        words = {word.arg: word.value for word in node.keywords}
        number = integer(words["axis"]) if "axis" in words else 0
        if number is None:
            return
        for wrong in {0, 1, -1} - {number}:
            if "axis" in words:
                yield from site.edit("concat axis", (words["axis"], str(wrong)))
            else:
                yield from site.edit("concat axis", (node.args[0], f"{site.of(node.args[0])}, axis={wrong}"))


def einsum(site: Site) -> Iterator[Edit]:
    """Wrong letters: two of an operand exchanged, one taken for another."""
    node = site.node
    if not isinstance(node, ast.Call) or called(node) != "einsum" or not isinstance(node.args[0], ast.Constant):
        return
    subscripts = str(node.args[0].value)
    left, _, right = subscripts.partition("->")
    terms = [*left.split(","), right]
    for index, term in enumerate(terms):
        for i, j in zip(range(len(term)), range(1, len(term)), strict=False):
            wrong = term[:i] + term[j] + term[i] + term[j + 1 :]
            changed = [*terms[:index], wrong, *terms[index + 1 :]]
            text = f'"{",".join(changed[:-1])}->{changed[-1]}"'
            yield from site.edit("einsum letters", (node.args[0], text))
        for letter in sorted({*left} - {",", *term})[:1]:
            changed = [*terms[:index], letter + term[1:], *terms[index + 1 :]]
            if term:
                text = f'"{",".join(changed[:-1])}->{changed[-1]}"'
                yield from site.edit("einsum letters", (node.args[0], text))


def window(site: Site) -> Iterator[Edit]:
    """Another padding, stride or kernel of a convolution or a pooling."""
    node = site.node
    if not isinstance(node, ast.Call) or ("conv" not in called(node) and "pool" not in called(node)):
        return
    for word in node.keywords:
        number = integer(word.value)
        if word.arg in ("padding", "stride") and number is not None:
            for wrong in {number - 1, number + 1} - {-1, 0 if word.arg == "stride" else -1}:
                yield from site.edit("padding or stride", (word.value, str(wrong)))
    if (node.args or node.keywords) and not any(word.arg == "padding" for word in node.keywords):
        last = node.keywords[-1].value if node.keywords else node.args[-1]
        yield from site.edit("padding or stride", (last, f"{site.of(last)}, padding=1"))


def intermediate(site: Site) -> Iterator[Edit]:
    """Return something that was computed on the way."""
    node, parent = site.node, site.parent
    if isinstance(parent, ast.Return) and isinstance(node, ast.expr):
        for name in reversed(site.assigned):
            if site.kind_of(name) in ("tensor", "pack"):
                yield from site.edit("return an intermediate", (node, name))
        if isinstance(node, ast.BinOp):
            yield from site.edit("return an intermediate", (node, site.of(node.left)))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], (ast.Name, ast.BinOp)):
            yield from site.edit("return an intermediate", (node, site.of(node.args[0])))


def seed(site: Site) -> Iterator[Edit]:
    """A cotangent or a tangent of another space."""
    node = site.node
    if isinstance(node, ast.Call) and called(node) in SEEDED and is_autograd(node):
        given = node.args[-1]
        kind = "pack" if called(node) in ("jvp_params", "hvp_params") else "tensor"
        for name in site.of_kind(kind):
            yield from site.edit("seed or tangent", (given, name))


def differentiated(site: Site) -> Iterator[Edit]:
    """Differentiate with respect to the wrong argument."""
    node = site.node
    if isinstance(node, ast.Call) and is_autograd(node):
        if called(node) in FUNCTIONS and len(node.args) > 1:
            for name in site.of_kind("tensor"):
                yield from site.edit("wrong argument", (node.args[1], name))
        if called(node) in GRADIENTS and isinstance(node.func, ast.Attribute):
            yield from site.edit("wrong argument", (node.func, f"{site.of(node.func.value)}.{GRADIENTS[called(node)]}"))
    if isinstance(node, ast.Attribute) and node.attr in RECORDS:
        yield from site.edit("wrong argument", (node, f"{site.of(node.value)}.{RECORDS[node.attr]}"))


def jacobian_row(site: Site) -> Iterator[Edit]:
    """Lose a row of a Jacobian, or take one for all."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr in ("tensor", "stacked") and site.of(node.value) != "tl":
        yield from site.edit("jacobian row", (node, f"{site.of(node)}[1:]"))
        yield from site.edit("jacobian row", (node, f"{site.of(node)}[0]"))


def reorder_pack(site: Site) -> Iterator[Edit]:
    """Put two entries of a pack, or two names it is unpacked into, in the wrong order."""
    node = site.node
    items: list[ast.expr] = []
    if isinstance(node, ast.Call) and called(node) == "of":
        items = node.args
    if isinstance(node, ast.Call) and called(node) == "named" and node.args and isinstance(node.args[0], ast.Dict):
        items = node.args[0].values
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Name):
        if site.kind_of(node.value.id) == "pack":
            items = node.targets[0].elts
    for left, right in pairwise(items):
        yield from site.edit("reorder a pack", (left, site.of(right)), (right, site.of(left)))


def pack_index(site: Site) -> Iterator[Edit]:
    """The entry beside the right one."""
    node = site.node
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
        if site.kind_of(node.value.id) != "pack" or not isinstance(node.slice, ast.Constant):
            return
        index = node.slice.value
        wrong: list[str] = []
        if isinstance(index, int):
            wrong = [str(index + step) for step in (-1, 1, 2) if index + step >= 0]
        elif isinstance(index, str):
            other = index.replace("weight", "bias") if "weight" in index else index.replace("bias", "weight")
            wrong = [f'"{other}"']
        for one in wrong:
            yield from site.edit("wrong pack index", (node.slice, one))


def other_model(site: Site) -> Iterator[Edit]:
    """Another model, or the parameters of another model."""
    node = site.node
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and site.kind_of(node.id) in ("pack", "model"):
        for other in site.others(node.id):
            yield from site.edit("other model's parameters", (node, other))


def loss_target(site: Site) -> Iterator[Edit]:
    """A loss against the wrong target."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    target: ast.expr | None = None
    if called(node) in LOSSES and is_autograd(node) and len(node.args) >= 5:
        target = node.args[4]
    elif len(node.args) == 2 and (site.kind_of(site.of(node.func)) == "loss" or "loss." in site.of(node.func)):
        target = node.args[1]
    if target is not None:
        for name in site.of_kind("tensor"):
            yield from site.edit("wrong loss target", (target, name))


OPERATORS: tuple[Operator, ...] = (
    transpose, operands, wrong_variable, axis, keepdims, new_axis, reshape, concat_axis, einsum, window, intermediate,
    seed, differentiated, jacobian_row, reorder_pack, pack_index, other_model, loss_target,
)  # fmt: skip


def called(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_module(node: ast.Call) -> bool:
    """Whether the call is of a function of ``tl``."""
    return isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "tl"


def is_autograd(node: ast.Call) -> bool:
    """Whether the call is of a function of ``autograd.model`` or ``autograd.fn``."""
    return ast.unparse(node.func).startswith(("autograd.", "tl.autograd."))


def integer(node: ast.expr) -> int | None:
    """The value of an integer that is written out."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
