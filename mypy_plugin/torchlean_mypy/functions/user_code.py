"""Which names of users' code our hooks answer for.

mypy asks one plugin only for a name, the first that has a hook: we may have none where mypy itself or another plugin
has one, and so have one only for what has shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mypy.nodes import Decorator, FuncDef, MypyFile, OverloadedFuncDef, SymbolNode, SymbolTableNode, TypeInfo, Var
from mypy.options import Options
from mypy.plugins.default import DefaultPlugin
from mypy.types import Type

from torchlean_mypy.functions.higher_order import takes_functions
from torchlean_mypy.functions.signatures import has_shapes
from torchlean_mypy.library.callables import is_library_function, may_be_library_function
from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.types.dependencies import may_have_shapes
from torchlean_mypy.types.generalise import class_names
from torchlean_mypy.types.walk import mentions_dimensions

# Nothing in these has a shape in its signature that a call would have to be checked against.
SKIPPED = ("builtins.", "typing.", "typing_extensions.", "numpy.", "collections.", f"{PACKAGE}.")


class UserCode:
    """Answers by full name, and remembers."""

    def __init__(self, options: Options, look_up: Callable[[str], SymbolTableNode | None]) -> None:
        self._default = DefaultPlugin(options)
        self._look_up = look_up
        self.modules: Mapping[str, MypyFile] = {}
        self._known: dict[str, tuple[Type, bool]] = {}

    def is_foreign(self, fullname: str) -> bool:
        """Whether the name is of a file in which there can be no shapes, or of a library that we have tables for."""
        if fullname.startswith(SKIPPED):
            return True
        file = self._file_of(fullname)
        return file is not None and not file.is_cache_skeleton and not may_have_shapes(file, self.modules)

    def is_function_of_ours(self, fullname: str) -> bool:
        """Whether calls of the function or class are ours to check."""
        default = self._default
        taken = default.get_function_hook(fullname) or default.get_function_signature_hook(fullname)
        return taken is None and self._has_shapes(fullname)

    def is_method_of_ours(self, fullname: str) -> bool:
        """Whether calls of the method are ours to check."""
        default = self._default
        taken = default.get_method_hook(fullname) or default.get_method_signature_hook(fullname)
        return taken is None and self._has_shapes(fullname)

    def is_attribute_of_ours(self, fullname: str) -> bool:
        """Whether the attribute's type is ours to refine."""
        return self._default.get_attribute_hook(fullname) is None and self._has_shapes(fullname)

    def _file_of(self, fullname: str) -> MypyFile | None:
        module = fullname
        while "." in module:
            module = module.rpartition(".")[0]
            if module in self.modules:
                return self.modules[module]
        return None

    def _has_shapes(self, fullname: str) -> bool:
        symbol = self._look_up(fullname) if "." in fullname else None
        if symbol is None or symbol.node is None:
            return True  # a local function, an inherited method: the hook finds out
        if isinstance(symbol.node, TypeInfo):
            constructors = [symbol.node.get(name) for name in ("__init__", "__new__")]  # a NamedTuple has the second
            made = [constructor.node for constructor in constructors if constructor is not None]
            return bool(class_names(symbol.node)) or any(self._is_shaped(node) for node in made if node is not None)
        return self._is_shaped(symbol.node)

    def _is_shaped(self, node: SymbolNode) -> bool:
        declared = _declared(node)
        if declared is None:
            return not isinstance(node, TypeInfo | FuncDef)  # a type that is yet to be inferred
        known = self._known.get(node.fullname)
        if known is None or known[0] is not declared:
            shaped = mentions_dimensions(declared) if isinstance(node, Var) else has_shapes(declared)
            shaped = shaped or is_library_function(declared) or takes_functions(declared)
            shaped = shaped or (isinstance(node, Var) and may_be_library_function(declared))
            shaped = shaped or _may_make_object_with_sizes(node)
            known = self._known[node.fullname] = (declared, shaped)
        return known[1]


def _may_make_object_with_sizes(node: SymbolNode) -> bool:
    """Whether a method is a class method: called on an object, its Self has not the sizes of that."""
    return isinstance(node, Decorator) and node.func.is_class and bool(class_names(node.func.info))


def _declared(node: SymbolNode) -> Type | None:
    """The declared type of a function, a variable or a field."""
    if isinstance(node, Decorator):
        return node.var.type
    return node.type if isinstance(node, FuncDef | OverloadedFuncDef | Var) else None
