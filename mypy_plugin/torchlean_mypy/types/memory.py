"""Answers for equal questions: what a call gives, by the types of its arguments.

An answer is kept where it depends on nothing else and nothing was reported, while no facts are known of the sizes.
It is forgotten when mypy reads a file, which may change what a class is.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from mypy.types import Type

from torchlean_mypy.types.facts import Facts

Question = tuple[Hashable, ...]


class Memory:
    """The answers of this build."""

    answers: ClassVar[dict[Question, Type]] = {}

    @classmethod
    def recall(cls, question: Question | None) -> Type | None:
        """The answer, where there is one."""
        return cls.answers.get(question) if question is not None and not Facts.active else None

    @classmethod
    def keep(cls, question: Question | None, answer: Type) -> Type:
        """Keep an answer to a question; of what depends on more than a question says, there is none."""
        if question is not None and not Facts.active:
            cls.answers[question] = answer
        return answer
