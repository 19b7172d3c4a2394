"""Which hook answers for which name, and nothing else.

A feature is a module with some of the tables named in ``TABLES``.
A key is a full name, or, with a dot at its end, what full names begin with; the hook gets the context and the last
part of the name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mypy.nodes import MypyFile, SymbolTableNode, TypeInfo
from mypy.options import Options
from mypy.plugin import AnalyzeTypeContext, FunctionContext, MethodContext
from mypy.types import AnyType, Type, TypeOfAny

import torchlean_mypy.annotations
from torchlean_mypy import (
    aliases,
    applications,
    arrays,
    assertions,
    cached,
    classes,
    codes,
    config,
    constructors,
    copies,
    dependencies,
    derivatives,
    dims,
    functions,
    getters,
    higher_order,
    iterables,
    kind_annotations,
    losses,
    methods,
    models,
    operations,
    operators,
    packs,
    params,
    partials,
    patches,
    questions,
    redefinition,
    refused,
    rows,
    scalar_operands,
    shape_stubs,
    values,
)
from torchlean_mypy.convert import Types
from torchlean_mypy.generalise import class_names
from torchlean_mypy.guard import Checker, Guarded
from torchlean_mypy.last_pass import LastPass
from torchlean_mypy.memory import Memory
from torchlean_mypy.names import PACKAGE
from torchlean_mypy.user_code import UserCode
from torchlean_mypy.written_out import written_out
from torchlean_typed.shapes.shape import ANY_SHAPE

FEATURES: tuple[Any, ...] = (
    torchlean_mypy.annotations,
    aliases,
    arrays,
    assertions,
    operations,
    operators,
    refused,
    methods,
    classes,
    cached,
    copies,
    dims,
    constructors,
    kind_annotations,
    params,
    models,
    losses,
    packs,
    rows,
    derivatives,
    iterables,
    applications,
    partials,
    getters,
    questions,
    scalar_operands,
)

TABLES = ("TYPES", "BASES", "CLASSES", "SIGNATURES", "FUNCTIONS", "METHOD_SIGNATURES", "METHODS", "ATTRIBUTES")
CALLS = ("FUNCTIONS", "METHODS")
Table = dict[str, Callable[..., Any]]


def _gathered(kind: str) -> Table:
    return {name: hook for feature in FEATURES for name, hook in getattr(feature, kind, {}).items()}


class Dispatch:
    """Finds the hooks, and remembers."""

    def __init__(
        self, given: config.Config, options: Options, look_up: Callable[[str], SymbolTableNode | None]
    ) -> None:
        self.tables = {kind: _gathered(kind) for kind in TABLES}
        self.found: dict[str, dict[str, Guarded | None]] = {kind: {} for kind in TABLES}
        # names that no hook of ours is for: most of a program's, asked for at every call and every annotation
        self.foreign: dict[str, set[str]] = {kind: set() for kind in TABLES}
        self.look_up = look_up
        self.signatures = functions.Signatures()
        self.user_code = UserCode(options, look_up)
        self.stubs = shape_stubs.Library(given.stub_folders)
        codes.Strictness.reports_unknown = given.strict_shapes
        codes.Strictness.is_asked_for |= given.strict_shapes
        Checker.ask_again = LastPass.ask if given.strict_shapes else None
        redefinition.Redefinition.configure(given.redefinition, options)

    def begin(self, modules: dict[str, MypyFile]) -> None:
        """Note the modules of the build."""
        self.forget()
        self.user_code.modules = modules

    def forget(self) -> None:
        """Forget what was found: a file has been read."""
        dependencies.forget()
        Memory.answers.clear()
        for names in self.foreign.values():
            names.clear()

    def of_type(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        """The hook for an annotation."""
        if fullname in self.foreign["TYPES"] or aliases.Declined.take(fullname):
            return None
        found = self._look_up("TYPES", fullname)
        if found is None and self.user_code.is_foreign(fullname):
            self.foreign["TYPES"].add(fullname)
            return None
        return found or self._of_definition(fullname)

    def of_class(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for a class whose bases are known."""
        return self._hook("CLASSES", fullname, self.user_code.is_class_of_ours, classes.bind)

    def of_base(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for the classes that have this base."""
        return self._look_up("BASES", fullname)

    def of_assignment(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for a variable that a call is assigned to."""
        return _named(patches.assigned, fullname) if fullname.startswith(f"{PACKAGE}.") else None

    def of_attribute(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for an attribute."""
        return self._hook("ATTRIBUTES", fullname, self.user_code.is_attribute_of_ours, classes.attribute)

    def of_function(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for the result of a function or a class."""
        return self._hook("FUNCTIONS", fullname, self.user_code.is_function_of_ours, self._call)

    def of_method(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for the result of a method."""
        if self._makes_copy(fullname):
            return _named(copies.method, fullname)
        return self._hook("METHODS", fullname, self.user_code.is_method_of_ours, self._call)

    def of_function_signature(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for the signature of a function or a class that is called."""
        return self._hook("SIGNATURES", fullname, self.user_code.is_function_of_ours, self.signatures.hook)

    def of_method_signature(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for the signature of a method that is called."""
        if self._makes_copy(fullname):
            return _named(copies.method_signature, fullname)
        return self._hook("METHOD_SIGNATURES", fullname, self.user_code.is_method_of_ours, self.signatures.hook)

    def _makes_copy(self, fullname: str) -> bool:
        """Whether this is the method of a NamedTuple that gives one with other fields."""
        owner = self.look_up(fullname.rpartition(".")[0]) if fullname.endswith("._replace") else None
        return owner is not None and isinstance(owner.node, TypeInfo) and owner.node.is_named_tuple

    def _hook(
        self, kind: str, fullname: str, is_ours: Callable[[str], bool], hook: Callable[..., Any]
    ) -> Callable[[Any], Any] | None:
        """The hook for a name: that of a table, for users' code the general one, for other libraries' their stub's."""
        if fullname in self.foreign[kind]:
            return None
        found = self._look_up(kind, fullname)
        if found is not None:
            return found
        is_foreign = self.user_code.is_foreign(fullname)
        if not is_foreign and is_ours(fullname):
            return _named(hook, fullname)
        if kind in CALLS and self.stubs.cover(fullname):
            return Guarded(written_out(self._call_of_library), fullname)
        if is_foreign:
            self.foreign[kind].add(fullname)
        return None

    def _look_up(self, kind: str, fullname: str) -> Callable[[Any], Any] | None:
        found = self.found[kind]
        if fullname not in found:
            table = self.tables[kind]
            hook, prefix = table.get(fullname), fullname
            while hook is None and "." in prefix:
                prefix = prefix.rpartition(".")[0]
                hook = table.get(prefix + ".")
            if hook is not None and kind in CALLS:
                hook = written_out(hook)
            found[fullname] = _named(hook, fullname) if hook is not None else None
        return found[fullname]

    def _call(self, ctx: FunctionContext | MethodContext, name: str) -> Type:
        """A call of what users have defined, which may be a variable that is one of the library's functions."""
        found = values.call(ctx)
        if found is None:
            found = higher_order.call(ctx)
        return functions.call(ctx, name) if found is None else found

    def _call_of_library(self, ctx: FunctionContext | MethodContext, name: str) -> Type:
        if not arrays.may_be_shaped(ctx, ctx.default_return_type):
            return ctx.default_return_type
        if name in refused.ARRAY_OPERATORS and refused.array_operator(ctx, name):
            return Types(ctx.api).tensor(None, ANY_SHAPE)
        if refused.numpy_call(ctx, name):
            return AnyType(TypeOfAny.from_error)
        result = self.stubs.call(ctx, name)
        return arrays.refined(result, ctx) if result is ctx.default_return_type else result

    def _of_definition(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        symbol = self.look_up(fullname)
        if symbol is not None and isinstance(symbol.node, TypeInfo) and class_names(symbol.node):
            return lambda ctx: aliases.of_class(ctx, fullname)
        if symbol is None or not aliases.is_shaped(symbol.node):
            return None
        return lambda ctx: aliases.use(ctx, fullname)


def _named(hook: Callable[..., Any], fullname: str) -> Guarded:
    return Guarded(hook, fullname.rpartition(".")[2])
