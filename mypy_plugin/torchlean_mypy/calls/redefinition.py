"""A variable may be bound again to another shape, ``h = h @ w``: mypy's ``allow_redefinition``, where there are shapes.

The option is one for the whole program, or for modules that are named in advance, and would change what mypy says of
every other package. So it is switched on for the checker of a file that has shapes, at the first expression that we are
asked about, and at the latest where a function begins that binds its own arguments again.
"""

from __future__ import annotations

from typing import Any

from mypy.nodes import FuncDef, NameExpr
from mypy.options import Options

from torchlean_mypy.types.dependencies import may_have_shapes


class Redefinition:
    """Whether redefinition is to be allowed: set from the configuration when the plugin is made."""

    wanted = False

    @classmethod
    def configure(cls, wanted: bool, options: Options) -> None:
        """Note what the plugin's configuration and mypy's say."""
        cls.wanted = wanted and options.local_partial_types and not options.allow_redefinition_old

    @classmethod
    def allow(cls, checker: Any) -> None:
        """Switch redefinition on for the file that is being checked, where it has shapes."""
        if not cls.wanted or checker.options.allow_redefinition or not may_have_shapes(checker.tree, checker.modules):
            return
        checker.options = checker.options.apply_changes({"allow_redefinition": True})
        function = checker.scope.stack[-1]
        for argument in function.arguments if isinstance(function, FuncDef) else ():
            name = NameExpr(argument.variable.name)
            name.node = argument.variable
            if argument.variable.type is not None and checker.binder.get(name) is None:
                checker.binder.assign_type(name, argument.variable.type, argument.variable.type)
