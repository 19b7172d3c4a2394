"""The plugin's entry: it waits for a program with shapes, and costs next to nothing until there is one.

What answers for the names is in ``dispatch``. It is imported when mypy has read the library's dtypes, as it must for
every file that imports the library or jaxtyping; a program in which that does not happen has no shapes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

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

import torchlean_mypy.reports.error_codes  # noqa: F401  (mypy looks for them once plugins are loaded)
from torchlean_mypy import config
from torchlean_mypy.digest import digest
from torchlean_mypy.syntax.imports import DTYPES, needed_by
from torchlean_mypy.without_numpy import without_numpy

if TYPE_CHECKING:
    from torchlean_mypy.dispatch import Dispatch


class TorchleanPlugin(Plugin):
    """Shape checking for torchlean_typed."""

    latest: ClassVar[TorchleanPlugin | None] = None

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.config = _configured(options)
        TorchleanPlugin.latest = self
        self.modules: dict[str, MypyFile] = {}
        self._dispatch: Dispatch | None = None

    @property
    def dispatch(self) -> Dispatch | None:
        """What answers for the names; None as long as there are no shapes in the program."""
        if self._dispatch is None and DTYPES in self.modules:
            self._dispatch = self._loaded()
            self._dispatch.begin(self.modules)
            # mypy asks at every expression: from now on the tables answer, in place of the methods below
            vars(self).update({name: hooks.__getitem__ for name, hooks in self._dispatch.getters.items()})
        return self._dispatch

    def _loaded(self) -> Dispatch:
        with without_numpy():
            from torchlean_mypy.dispatch import Dispatch
            from torchlean_mypy.library.ways import table

            table()
        try:
            return Dispatch(self.config, self.options, self.lookup_fully_qualified)
        except ValueError as error:  # of a shape stub
            sys.exit(str(error))

    @cached_property
    def state(self) -> list[Any]:
        """What the results depend on beside the program."""
        return [digest(self.config.stub_folders), self.config.strict_shapes, self.config.redefinition]

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        return self.state

    def set_modules(self, modules: dict[str, MypyFile]) -> None:
        super().set_modules(modules)
        self.modules = modules
        if self._dispatch is not None:
            self._dispatch.begin(modules)

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        if self._dispatch is not None:
            self._dispatch.read(file)
        return needed_by(file)

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        found = self.dispatch
        return found.types[fullname] if found is not None else None

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        found = self.dispatch
        return found.classes[fullname] if found is not None else None

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        found = self.dispatch
        return found.bases[fullname] if found is not None else None

    def get_dynamic_class_hook(self, fullname: str) -> Callable[[DynamicClassDefContext], None] | None:
        found = self.dispatch
        return found.of_assignment(fullname) if found is not None else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        found = self.dispatch
        return found.attributes[fullname] if found is not None else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        found = self.dispatch
        return found.functions[fullname] if found is not None else None

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        found = self.dispatch
        return found.methods[fullname] if found is not None else None

    def get_function_signature_hook(self, fullname: str) -> Callable[[FunctionSigContext], FunctionLike] | None:
        found = self.dispatch
        return found.function_signatures[fullname] if found is not None else None

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        found = self.dispatch
        return found.method_signatures[fullname] if found is not None else None


def _configured(options: Options) -> config.Config:
    """The plugin's configuration."""
    try:
        return config.read(options.config_file)
    except ValueError as error:
        sys.exit(str(error))
