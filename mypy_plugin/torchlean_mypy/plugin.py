"""The plugin: which hook answers for which name, and nothing else.

A feature is a module with some of the tables named in ``TABLES``.
A key is a full name, or, with a dot at its end, what full names begin with; the hook gets the context and the last
part of the name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.plugin import (
    AnalyzeTypeContext,
    AttributeContext,
    ClassDefContext,
    DynamicClassDefContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
    ReportConfigContext,
)
from mypy.types import FunctionLike, Type

import torchlean_mypy.annotations
from torchlean_mypy import (
    aliases,
    any_operands,
    arrays,
    assertions,
    classes,
    codes,
    config,
    constructors,
    dependencies,
    derivatives,
    dims,
    functions,
    kind_annotations,
    losses,
    methods,
    models,
    operations,
    packs,
    params,
    patches,
    redefinition,
    refused,
    rows,
    shape_stubs,
)
from torchlean_mypy.convert import Types
from torchlean_mypy.digest import digest
from torchlean_mypy.guard import Guarded
from torchlean_mypy.names import PACKAGE
from torchlean_mypy.user_code import UserCode
from torchlean_typed.shapes.shape import ANY_SHAPE

FEATURES: tuple[Any, ...] = (
    torchlean_mypy.annotations,
    aliases,
    any_operands,
    arrays,
    assertions,
    operations,
    refused,
    methods,
    classes,
    dims,
    constructors,
    kind_annotations,
    params,
    models,
    losses,
    packs,
    rows,
    derivatives,
)

TABLES = ("TYPES", "BASES", "CLASSES", "SIGNATURES", "FUNCTIONS", "METHOD_SIGNATURES", "METHODS", "ATTRIBUTES")
STUBBED = ("FUNCTIONS", "METHODS")
Table = dict[str, Callable[..., Any]]


def _gathered(kind: str) -> Table:
    return {name: hook for feature in FEATURES for name, hook in getattr(feature, kind, {}).items()}


class TorchleanPlugin(Plugin):
    """Shape checking for torchlean_typed."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.tables = {kind: _gathered(kind) for kind in TABLES}
        self.found: dict[str, dict[str, Guarded | None]] = {kind: {} for kind in TABLES}
        # names that no hook of ours is for: most of a program's, asked for at every call and every annotation
        self.foreign: dict[str, set[str]] = {kind: set() for kind in TABLES}
        self.signatures = functions.Signatures()
        self.user_code = UserCode(options, self.lookup_fully_qualified)
        self.config = _configured(options)
        self.stubs = _stubs(self.config)

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        folders = tuple(map(str, shape_stubs.folders(self.config.shape_stubs)))
        return [digest(folders), self.config.strict_shapes, self.config.redefinition]

    def set_modules(self, modules: dict[str, MypyFile]) -> None:
        super().set_modules(modules)
        self.user_code.modules = modules

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        for names in self.foreign.values():
            names.clear()
        return dependencies.needed_by(file)

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        if fullname in self.foreign["TYPES"] or aliases.Declined.take(fullname):
            return None
        found = self._look_up("TYPES", fullname)
        if found is None and self.user_code.is_foreign(fullname):
            self.foreign["TYPES"].add(fullname)
            return None
        return found or self._of_alias(fullname)

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return self._hook("CLASSES", fullname, self.user_code.is_class_of_ours, classes.bind)

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return self._look_up("BASES", fullname)

    def get_dynamic_class_hook(self, fullname: str) -> Callable[[DynamicClassDefContext], None] | None:
        return _named(patches.assigned, fullname) if fullname.startswith(f"{PACKAGE}.") else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return self._hook("ATTRIBUTES", fullname, self.user_code.is_attribute_of_ours, classes.attribute)

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return self._hook("FUNCTIONS", fullname, self.user_code.is_function_of_ours, functions.call)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return self._hook("METHODS", fullname, self.user_code.is_method_of_ours, functions.call)

    def get_function_signature_hook(self, fullname: str) -> Callable[[FunctionSigContext], FunctionLike] | None:
        return self._hook("SIGNATURES", fullname, self.user_code.is_function_of_ours, self.signatures.hook)

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        return self._hook("METHOD_SIGNATURES", fullname, self.user_code.is_method_of_ours, self.signatures.hook)

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
        if kind in STUBBED and self.stubs.cover(fullname):
            return Guarded(self._call_of_library, fullname)
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
            found[fullname] = _named(hook, fullname) if hook is not None else None
        return found[fullname]

    def _call_of_library(self, ctx: FunctionContext | MethodContext, name: str) -> Type:
        if not arrays.may_be_shaped(ctx, ctx.default_return_type):
            return ctx.default_return_type
        if name in refused.ARRAY_OPERATORS and refused.array_operator(ctx, name):
            return Types(ctx.api).tensor(None, ANY_SHAPE)
        result = self.stubs.call(ctx, name)
        return arrays.refined(result, ctx) if result is ctx.default_return_type else result

    def _of_alias(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        symbol = self.lookup_fully_qualified(fullname)
        if symbol is None or not aliases.is_shaped(symbol.node):
            return None
        return lambda ctx: aliases.use(ctx, fullname)


def _named(hook: Callable[..., Any], fullname: str) -> Guarded:
    return Guarded(hook, fullname.rpartition(".")[2])


def _stubs(given: config.Config) -> shape_stubs.Library:
    """Read the shape stubs."""
    try:
        return shape_stubs.Library(given.shape_stubs)
    except ValueError as error:
        sys.exit(str(error))


def _configured(options: Options) -> config.Config:
    """Read the plugin's configuration, and put it into effect."""
    try:
        given = config.read(options.config_file)
    except ValueError as error:
        sys.exit(str(error))
    codes.Strictness.reports_unknown = given.strict_shapes
    redefinition.Redefinition.configure(given.redefinition, options)
    return given
