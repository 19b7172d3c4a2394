"""Which hook answers for which name, and nothing else.

A feature is a module with some of the tables named in ``TABLES``.
A key is a full name, or, with a dot at its end, what full names begin with; the hook gets the context and the last
part of the name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from mypy.nodes import MypyFile, SymbolTableNode, TypeInfo
from mypy.options import Options
from mypy.plugin import AnalyzeTypeContext, FunctionContext, MethodContext
from mypy.types import AnyType, Type, TypeOfAny

from torchlean_mypy import config
from torchlean_mypy.annotations import aliases, jaxtyped, kind_annotations, params
from torchlean_mypy.calls import own_class, redefinition
from torchlean_mypy.calls.guard import Checker, Guarded
from torchlean_mypy.calls.written_out import written_out
from torchlean_mypy.classes import copies, dimensions, set_attributes
from torchlean_mypy.flow import assertions, dtypes, patches, questions, ranks
from torchlean_mypy.foreign import arrays, getters, numpy_operations, partials, shape_stubs
from torchlean_mypy.functions import applications, cached, higher_order, signatures, values
from torchlean_mypy.functions.user_code import UserCode
from torchlean_mypy.library import (
    constructors,
    derivatives,
    dims,
    iterables,
    losses,
    methods,
    models,
    operations,
    operators,
    packs,
    refused,
    rows,
    scalar_operands,
)
from torchlean_mypy.reports import codes
from torchlean_mypy.strict.last_pass import LastPass
from torchlean_mypy.syntax import notes
from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.types import dependencies
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.generalise import class_names
from torchlean_mypy.types.memory import Memory
from torchlean_typed.shapes.shape import ANY_SHAPE

FEATURES: tuple[Any, ...] = (
    jaxtyped,
    aliases,
    arrays,
    assertions,
    operations,
    operators,
    refused,
    methods,
    dimensions,
    cached,
    copies,
    set_attributes,
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
    numpy_operations,
    questions,
    dtypes,
    ranks,
    scalar_operands,
    values,
)

CALLS = ("FUNCTIONS", "METHODS")
Hook = Callable[[Any], Any]


class Hooks(dict[str, Hook | None]):
    """The hooks of one kind by full name, remembered until a file is read: mypy asks for them at every expression."""

    def __init__(self, kind: str, find: Callable[[Hooks, str], Hook | None]) -> None:
        super().__init__()
        self.table = {name: hook for feature in FEATURES for name, hook in getattr(feature, kind, {}).items()}
        self.are_of_calls, self.find = kind in CALLS, find
        self.in_table = cache(self._in_table)

    def __missing__(self, fullname: str) -> Hook | None:
        return self.find(self, fullname)

    def _in_table(self, fullname: str) -> Hook | None:
        """The hook that a feature has for a name, or for what it begins with."""
        hook, prefix = self.table.get(fullname), fullname
        while hook is None and "." in prefix:
            prefix = prefix.rpartition(".")[0]
            hook = self.table.get(prefix + ".")
        if hook is not None and self.are_of_calls:
            hook = written_out(hook)
        return _named(hook, fullname) if hook is not None else None


class Dispatch:
    """Finds the hooks."""

    def __init__(
        self, given: config.Config, options: Options, look_up: Callable[[str], SymbolTableNode | None]
    ) -> None:
        self.types = Hooks("TYPES", self._of_type)
        self.bases = Hooks("BASES", self._of_base)
        self.classes = Hooks("CLASSES", self._of_class)
        self.attributes = Hooks("ATTRIBUTES", self._of_attribute)
        self.functions = Hooks("FUNCTIONS", self._of_function)
        self.methods = Hooks("METHODS", self._of_method)
        self.function_signatures = Hooks("SIGNATURES", self._of_function_signature)
        self.method_signatures = Hooks("METHOD_SIGNATURES", self._of_method_signature)
        self.getters = {
            "get_type_analyze_hook": self.types,
            "get_base_class_hook": self.bases,
            "get_customize_class_mro_hook": self.classes,
            "get_attribute_hook": self.attributes,
            "get_function_hook": self.functions,
            "get_method_hook": self.methods,
            "get_function_signature_hook": self.function_signatures,
            "get_method_signature_hook": self.method_signatures,
        }
        self.look_up = look_up
        self.signatures = signatures.Signatures()
        self.user_code = UserCode(options, look_up)
        self.stubs = shape_stubs.Library(given.stub_folders)
        codes.Strictness.reports_unknown = given.strict_shapes
        codes.Strictness.is_asked_for |= given.strict_shapes
        Checker.ask_again = LastPass.ask if given.strict_shapes else None
        redefinition.Redefinition.configure(given.redefinition, options)

    def begin(self, modules: dict[str, MypyFile]) -> None:
        """Note the modules of the build."""
        self._forget()
        if modules is not self.user_code.modules:  # the daemon begins again with each edit
            Memory.begin()
        self.user_code.modules = modules

    def read(self, file: MypyFile) -> None:
        """Forget what was found: a file has been read, maybe not for the first time."""
        notes.forget(file.path)
        self._forget()
        Memory.read(file.fullname)

    def _forget(self) -> None:
        dependencies.forget()
        for hooks in self.getters.values():
            hooks.clear()

    def of_assignment(self, fullname: str) -> Callable[[Any], Any] | None:
        """The hook for a variable that a call is assigned to."""
        may_be_shaped = fullname.startswith(f"{PACKAGE}.") or not self.user_code.is_foreign(fullname)
        return _named(patches.assigned, fullname) if may_be_shaped else None

    def _makes_copy(self, fullname: str) -> bool:
        """Whether this is the method of a NamedTuple that gives one with other fields."""
        owner = self.look_up(fullname.rpartition(".")[0]) if fullname.endswith("._replace") else None
        return owner is not None and isinstance(owner.node, TypeInfo) and owner.node.is_named_tuple

    def _of_type(self, hooks: Hooks, fullname: str) -> Hook | None:
        """The hook for an annotation; what users define is asked for again, as it may yet get a shape."""
        found = hooks.in_table(fullname)
        if found is not None or self.user_code.is_foreign(fullname):
            hooks[fullname] = found
            return found
        return None if aliases.Declined.take(fullname) else self._of_definition(fullname)

    def _of_base(self, hooks: Hooks, fullname: str) -> Hook | None:
        """The hook for the classes that have this base."""
        return hooks.setdefault(fullname, hooks.in_table(fullname))

    def _of_class(self, hooks: Hooks, fullname: str) -> Hook | None:
        """The hook for a class whose bases are known."""
        return self._found(hooks, fullname, lambda _: True, dimensions.bind)

    def _of_attribute(self, hooks: Hooks, fullname: str) -> Hook | None:
        """The hook for an attribute."""
        return self._found(hooks, fullname, self.user_code.is_attribute_of_ours, dimensions.attribute)

    def _of_function(self, hooks: Hooks, fullname: str) -> Hook | None:
        """The hook for the result of a function or a class."""
        return self._found(hooks, fullname, self.user_code.is_function_of_ours, self._call)

    def _of_method(self, hooks: Hooks, fullname: str) -> Hook | None:
        """The hook for the result of a method."""
        if self._makes_copy(fullname):
            return _named(copies.method, fullname)
        return self._found(hooks, fullname, self.user_code.is_method_of_ours, self._call)

    def _of_function_signature(self, hooks: Hooks, fullname: str) -> Hook | None:
        """The hook for the signature of a function or a class that is called."""
        return self._found(hooks, fullname, self.user_code.is_function_of_ours, self.signatures.hook)

    def _of_method_signature(self, hooks: Hooks, fullname: str) -> Hook | None:
        """The hook for the signature of a method that is called."""
        if self._makes_copy(fullname):
            return _named(copies.method_signature, fullname)
        return self._found(hooks, fullname, self.user_code.is_method_of_ours, self.signatures.hook)

    def _found(
        self, hooks: Hooks, fullname: str, is_ours: Callable[[str], bool], hook: Callable[..., Any]
    ) -> Hook | None:
        """The hook for a name: that of a table, for users' code the general one, for other libraries' their stub's.

        A name of users' code that has no shapes is asked for again: it may yet get a type.
        """
        found = hooks.in_table(fullname)
        is_foreign = found is None and self.user_code.is_foreign(fullname)
        if found is None and not is_foreign and is_ours(fullname):
            found = _named(hook, fullname)
        if found is None and hooks.are_of_calls and self.stubs.cover(fullname):
            found = Guarded(written_out(self._call_of_library), fullname)
        if found is not None or is_foreign:
            hooks[fullname] = found
        return found

    def _call(self, ctx: FunctionContext | MethodContext, name: str) -> Type:
        """A call of what users have defined, which may be a variable that is one of the library's functions."""
        found = values.call(ctx)
        if found is None:
            found = higher_order.call(ctx)
        return own_class.made(ctx, signatures.call(ctx, name)) if found is None else found

    def _call_of_library(self, ctx: FunctionContext | MethodContext, name: str) -> Type:
        if not arrays.may_be_shaped(ctx, ctx.default_return_type):
            return ctx.default_return_type
        if name in refused.ARRAY_OPERATORS and refused.array_operator(ctx, name):
            return Types(ctx.api).tensor(None, ANY_SHAPE)
        if refused.numpy_call(ctx, name):
            return AnyType(TypeOfAny.from_error)
        result = self.stubs.call(ctx, name)
        if result is not ctx.default_return_type:
            return result
        return numpy_operations.result(ctx, name) or arrays.refined(result, ctx)

    def _of_definition(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        symbol = self.look_up(fullname)
        node = symbol.node if symbol is not None else None
        if isinstance(node, TypeInfo) and class_names(node):
            return lambda ctx: aliases.of_class(ctx, node)
        return (lambda ctx: aliases.use(ctx, fullname)) if aliases.is_shaped(node) else None


def _named(hook: Callable[..., Any], fullname: str) -> Guarded:
    return Guarded(hook, fullname.rpartition(".")[2])
