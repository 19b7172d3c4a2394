"""The public functions that make layers: what they check, and how what they made is pickled."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from torchlean_typed.checks.boundary import boundary
from torchlean_typed.nn.seq import Seq

Function = TypeVar("Function", bound=Callable[..., Seq])


def maker(function: Function) -> Function:
    """Make the function check its arguments, as every public one does, and be named by the layer that it makes.

    What a layer computes is a closure, which cannot be pickled; the call that made it can.
    """
    checked = boundary(function)

    @functools.wraps(checked)
    def make(*args: Any, **kwargs: Any) -> Seq:
        __tracebackhide__ = True
        model = checked(*args, **kwargs)
        if len(model.layers) != 1:
            return model  # a chain of others' layers
        return Seq.of_layer(replace(model.layers[0], made=functools.partial(make, *args, **kwargs)))

    return make  # type: ignore[return-value]
