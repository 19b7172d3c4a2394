"""What a user's function, be it a layer or a loss, must take: at run time and in the checker alike."""

from __future__ import annotations

from inspect import Parameter, Signature

from torchlean_typed.shapes.arguments import match_pack
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.unify import Unifier, flexible


class _Default:
    def __repr__(self) -> str:
        return "..."


_DEFAULT = _Default()


def require_arguments(op: str, name: str, signature: Signature, arguments: str, count: int) -> None:
    """That ``count`` arguments, which ``arguments`` describes, can be given to the function of this name.

    Raises:
        ShapeError: for a function that takes others.
    """
    try:
        signature.bind(*(None,) * count)
    except TypeError:
        shown = signature.replace(
            parameters=[_bare(parameter) for parameter in signature.parameters.values()],
            return_annotation=Signature.empty,
        )
        problem = f"the function must take {arguments}; {name} takes {shown}"
        raise ShapeError(op, problem, expected=arguments, got=str(shown)) from None


def _bare(parameter: Parameter) -> Parameter:
    """The parameter without its annotation, and without the value of its default."""
    default = parameter.default if parameter.default is Parameter.empty else _DEFAULT
    return parameter.replace(annotation=Parameter.empty, default=default)


def layer_arguments(has_params: bool) -> tuple[str, int]:
    """What the function of a layer is given, and how many arguments that are."""
    if has_params:
        return "(params, x), a TensorPack and a Tensor", 2
    return "x alone, as it has no parameters", 1


def refuse_tensor(op: str, name: str, text: str | None) -> None:
    """That the first parameter, which gets the pack of the parameters, is not annotated as a tensor of this shape.

    Raises:
        ShapeError: where it is.
    """
    if text is not None:
        expected, _ = layer_arguments(has_params=True)
        problem = f'the function must take {expected}; {name} annotates its first parameter as a Tensor, "{text}"'
        raise ShapeError(op, problem, expected=expected, got=text, hint=f'annotate it TensorPack["{text}"]')


def require_pack(op: str, taken: PackKind | None, params: PackKind) -> None:
    """That the parameters which are declared have the shapes that the function's annotation asks for, if it does.

    Raises:
        ShapeError: for parameters that the function does not take.
    """
    if taken is not None:
        unifier = Unifier(op)
        names = tuple(name.partition(".")[2] for name in params.names)
        named = PackKind(params.shapes, () if all(map(str.isdecimal, names)) else names)
        match_pack(unifier, PackKind(tuple(flexible(shape) for shape in taken.shapes)), named, "params")
        unifier.solve()
