"""``tl.compile``: a function that is traced once for each signature of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

from torchlean_typed.checks.boundary import refusal
from torchlean_typed.checks.words import advice
from torchlean_typed.engine.closures import observe
from torchlean_typed.engine.codegen import Program
from torchlean_typed.engine.mode import use
from torchlean_typed.engine.run import Inspected, execute
from torchlean_typed.functions import require_tensor
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.tensor import Tensor

Function = TypeVar("Function", bound=Callable[..., Any])


class CompiledFunction:
    """A function of tensors to a tensor, which runs as a flat program."""

    def __init__(self, function: Callable[..., Tensor]) -> None:
        if not callable(function):
            raise refusal("compile", function, Callable, place_of(1, "function"))
        self.function = function
        update_wrapper(self, function)

    def __call__(self, *tensors: Tensor) -> Tensor:
        """The function's result, by the program for arguments of this signature."""
        for number, x in enumerate(tensors):
            if not isinstance(x, Tensor):
                raise refusal("compile", x, Tensor, place_of(number + 1, None), advice(x, Tensor))

        def recorded(*leaves: Tensor) -> list[Tensor]:
            observe(self.function)
            return [require_tensor("compile", self.function, self.function(*leaves))]

        return execute(recorded, tensors, ("call", self))[0]


if TYPE_CHECKING:

    def compile(function: Function) -> Function:
        """Typed as the identity: the compiled function takes and gives what the function does."""
        return function

else:

    def compile(function: Callable[..., Tensor]) -> CompiledFunction:
        """The function, traced once for each signature of its arguments (all tensors) and run as a flat program.

        Derivatives of it are compiled too. It is traced again when what it closes over is not what it was: where an
        outer name stands for something else, or a list, a dict or an object of one's own holds something else.

        Raises:
            TracingError: for a function that closes over an array, which can change unseen.

        >>> f = tl.compile(lambda x: tl.sum(tl.sin(x)))
        >>> autograd.fn.grad(f, tl.zeros(2))
        Tensor([1., 1.], float64[2])
        """
        return CompiledFunction(function)


def program(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Program:
    """The program that ``function(*args, **kwargs)`` runs, to be looked at; nothing is computed.

    ``program.source()`` is its text, ``program.graph()`` what it computes, ``program.graph("mermaid")`` a diagram.

    Raises:
        TypeError: for a call that runs no program, such as one of an operation.

    >>> print(tl.program(autograd.fn.grad, lambda x: tl.sum(x**3), tl.zeros(4)).graph())
    x0: float64[4]
    n0: float64[4] = square(x0)
    n1: float64[4] = multiply(n0, 3)
    return n1
    """
    with use("inspected"):
        try:
            function(*args, **kwargs)
        except Inspected as found:
            return found.program
    name = getattr(function, "__name__", repr(function))
    raise TypeError(f"program: the call of {name} runs no program; give it a function of autograd, or a compiled one")
