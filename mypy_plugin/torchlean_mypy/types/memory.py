"""Answers for equal questions: what a call gives, by the types of its arguments.

An answer is kept where it depends on nothing else and nothing was reported, while no facts are known of the sizes.
When mypy reads a file, which may change what a class is, all are forgotten but those about the library's classes.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from mypy.nodes import SymbolNode
from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeVarLikeType,
    UnpackType,
)

from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.types.convert import is_dimension
from torchlean_mypy.types.facts import Facts

Question = tuple[Hashable, ...]


class Memory:
    """The answers of this build."""

    answers: ClassVar[dict[Question, Type]] = {}
    lasting: ClassVar[dict[Question, Type]] = {}

    @classmethod
    def recall(cls, question: Question | None) -> Type | None:
        """The answer, where there is one."""
        return cls.answers.get(question) if question is not None and not Facts.active else None

    @classmethod
    def keep(cls, question: Question | None, answer: Type) -> Type:
        """Keep an answer to a question; of what depends on more than a question says, there is none."""
        if question is not None and not Facts.active:
            cls.answers[question] = answer
            if _lasts(question) and _lasts(answer):
                cls.lasting[question] = answer
        return answer

    @classmethod
    def begin(cls) -> None:
        """Forget all: another build has other classes."""
        cls.answers, cls.lasting = {}, {}

    @classmethod
    def read(cls, module: str) -> None:
        """Forget what may be another answer now that a module has been read."""
        if module.partition(".")[0] == PACKAGE:
            cls.lasting = {}
        cls.answers = {**cls.lasting}


def _lasts(part: object) -> bool:
    """Whether nothing in a question or an answer is of a class that may be another in the next edit."""
    match part:
        case tuple():
            return all(map(_lasts, part))
        case Instance():
            is_ours = part.type.fullname.startswith((f"{PACKAGE}.", "builtins."))
            return is_ours and all(map(_lasts, part.args))
        case TupleType():
            return _lasts(part.partial_fallback) and all(map(_lasts, part.items))
        case UnpackType():
            return _lasts(part.type)
        case TypeVarLikeType():
            return is_dimension(part)
        case Type():
            return isinstance(part, AnyType | LiteralType | NoneType)
    return not isinstance(part, SymbolNode)
