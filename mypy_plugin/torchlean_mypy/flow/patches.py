"""What is done to a file once: after its semantic analysis, before it is checked and before mypy's cache is written."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from mypy.nodes import ComparisonExpr, MatchStmt, MypyFile, Statement
from mypy.plugin import DynamicClassDefContext

from torchlean_mypy.calls import own_class
from torchlean_mypy.calls.guard import RAISES, report_failure
from torchlean_mypy.flow import (
    conditions,
    declared,
    dtypes,
    loops,
    narrowing,
    patterns,
    protocols,
    questions,
    ranks,
    rebinding,
    unpacking,
    variables,
)
from torchlean_mypy.library import iterables
from torchlean_mypy.syntax import expressions
from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.syntax.statements import every
from torchlean_mypy.types import class_links, generalise, model_variables
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.dependencies import may_have_shapes
from torchlean_mypy.types.facts import Facts
from torchlean_mypy.words import unnamed, wording

PRIORITY = 100


def schedule(semantic: Any) -> None:
    """Have the module that is being analysed patched, and its errors said in our words."""
    module = semantic.cur_mod_id
    if any(getattr(patch, "patches", None) == module for _, patch in reversed(semantic.patches)):
        return
    wording.install(semantic.errors)
    patch = _Patch(semantic)
    semantic.schedule_patch(PRIORITY, patch)


def assigned(ctx: DynamicClassDefContext, name: str) -> None:
    """``x = tl.zeros(3)`` and ``x = load()``: a file without annotations has variables too."""
    semantic: Any = ctx.api
    if may_have_shapes(semantic.modules[semantic.cur_mod_id], semantic.modules):
        schedule(semantic)


class _Patch:
    def __init__(self, semantic: Any) -> None:
        self.semantic, self.options, self.types = semantic, semantic.options, Types(semantic)
        self.patches: str = semantic.cur_mod_id
        self.tree: MypyFile = semantic.modules[self.patches]

    def __call__(self) -> None:
        try:
            self._apply()
        except Exception as error:
            if RAISES:
                raise
            with self.semantic.file_context(self.tree, self.options):
                report_failure(self.semantic, error, self.tree)

    def _apply(self) -> None:
        statements = every(self.tree.defs)
        model_variables.follow(statements, self.types)
        class_links.link(statements, self.types)
        generalise.definitions(self.tree.defs)
        # of the library, and of stubs, only the signatures matter
        if not self.tree.is_stub and not self.patches.startswith(f"{PACKAGE}."):
            self._follow(statements)

    def _follow(self, statements: list[Statement]) -> None:
        """Do what bodies need, by one walk over them: what is put in meanwhile has nothing in it."""
        questions.Questions.file = self.tree.path
        nodes = expressions.all_of(statements)
        rebinding.follow(nodes)
        own_class.follow(self.tree.path, statements)
        unnamed.follow(nodes)
        iterables.follow(self.tree.path, nodes)
        if nodes[ComparisonExpr] or nodes[MatchStmt]:
            ranks.follow(self.tree.path, nodes)
            dtypes.follow(self.tree.path, nodes)
        if self.tree.defs and not questions.is_question(self.tree.defs[0]):
            self._ask(nodes)
        asserted = conditions.follow(self.tree.defs, statements, nodes)
        narrowing.follow(statements)
        Facts.begin(self.tree.path, asserted)

    def _ask(self, nodes: expressions.Nodes) -> None:
        """Put in what mypy asks, for as long as it has this tree: the daemon may come to it more than once."""
        protocols.follow(nodes)
        asked: questions.Asked = defaultdict(list)
        unpacking.follow(nodes, asked)
        declared.follow(nodes, asked)
        questions.put_in(self.tree.defs, asked)
        questions.ask_for_unknowns(self.tree.defs)
        if nodes[MatchStmt]:
            patterns.follow(self.tree.defs)
        loops.follow(nodes)
        variables.follow(self.tree.defs, nodes)  # the file begins with a question now
