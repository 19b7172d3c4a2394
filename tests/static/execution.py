"""Executing the static cases: what the checker rejects must raise in its words, what it accepts must be as revealed."""

from __future__ import annotations

import ast
import re
import sys
from types import ModuleType
from typing import Any

from harness import CASES, Case, Finding, statements

import torchlean_typed as tl
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import parse_shape
from torchlean_typed.shapes.unify import Unifier, flexible

ARRAY = re.compile(r'(\w+)\[(?:Tensor|np\.ndarray), "([^"]*)"\]')
KINDS = {"Float": "f", "Int": "i", "UInt": "u", "Integer": "iu", "Num": "fiu", "Shaped": "fiub"}
OURS = ("shape", "shape-broadcast")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def execute(case: Case) -> list[str]:
    """Execute the file statement by statement; gives what does not agree with what the checker says of it."""
    wrong: list[str] = []
    module = ModuleType(case.name)
    module.__file__ = str(case.path)
    sys.modules[case.name] = module
    sys.path.insert(0, str(CASES))
    module.__dict__["reveal_type"] = _Reveal(case, wrong)
    try:
        for statement in statements(case):
            wrong += _run(case, module, statement)
    finally:
        sys.path.remove(str(CASES))
        del sys.modules[case.name]
    return wrong


def _run(case: Case, module: ModuleType, statement: ast.stmt) -> list[str]:
    expected = _errors(case, statement)
    ours = [text.partition(": ")[2] for text in expected if text.partition(":")[0] in OURS]
    try:
        exec(compile(ast.Module([statement], []), str(case.path), "exec"), module.__dict__)
    except ShapeError as error:
        if str(error) in ours or (expected and not ours):
            return []
        return [f"{case.name}:{statement.lineno}: raised {error}; the checker says {ours or 'nothing'}"]
    except Exception as error:
        if expected and not ours:
            return []
        return [f"{case.name}:{statement.lineno}: raised {type(error).__name__}: {error}"]
    return [f"{case.name}:{statement.lineno}: did not raise {ours[0]}"] if ours else []


def _errors(case: Case, statement: ast.stmt) -> list[str]:
    """The errors that are expected of a statement; those in the body of a definition are not of its execution."""
    if isinstance(statement, DEFINITIONS):
        return []
    numbers = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    return [finding.text for number in numbers for finding in case.expected.get(number, []) if finding.kind == "E"]


class _Reveal:
    """``reveal_type`` at run time: compares the value with what is expected on the line."""

    def __init__(self, case: Case, wrong: list[str]) -> None:
        self.case, self.wrong = case, wrong

    def __call__(self, value: Any) -> Any:
        number = sys._getframe(1).f_lineno
        for finding in self.case.expected.get(number, []):
            if finding.kind == "R":
                self.compare(value, finding, number)
        return value

    def compare(self, value: Any, finding: Finding, number: int) -> None:
        if isinstance(value, (tl.TensorPack, tl.Seq, tl.Rows)):
            said = _said(value)
            if said is not None and not _fits(said, finding.text):
                self.wrong.append(f"{self.case.name}:{number}: is {said}, revealed {finding.text}")
            return
        match = ARRAY.fullmatch(finding.text)
        if match is None or not hasattr(value, "shape"):
            return
        name, text = match.groups()
        dtype = value.dtype.name
        fits = value.dtype.kind in KINDS[name] if name in KINDS else dtype == name.lower()
        unifier = Unifier("reveal_type")
        try:
            unifier.match(flexible(parse_shape(text)), tuple(value.shape), "the value")
            unifier.solve()
        except ShapeError as error:
            self.wrong.append(f"{self.case.name}:{number}: is {list(value.shape)}, revealed {finding.text}: {error}")
        if not fits:
            self.wrong.append(f"{self.case.name}:{number}: has dtype {dtype}, revealed {finding.text}")


def _said(value: tl.TensorPack | tl.Seq | tl.Rows) -> str | None:
    """What a pack, a model or rows are, as it is revealed."""
    if isinstance(value, tl.Seq):
        return repr(value)
    if isinstance(value, tl.TensorPack):
        return f'TensorPack["{value.kind}"]'
    row = value[0] if len(value) else None
    if isinstance(row, tl.TensorPack):
        return f'Rows["{len(value)}", {_said(row)}]'
    if row is None:
        return None
    dtype = row.dtype.name
    return f'Rows["{len(value)}", {dtype[:1].upper()}{dtype[1:]}[Tensor, "{" ".join(map(str, row.shape))}"]]'


def _fits(said: str, revealed: str) -> bool:
    """Whether what is revealed, in which a name and ``_`` are any size and ``...`` any number of them, is what is."""
    known = re.escape(revealed).replace(re.escape("..."), ".*").replace("Shaped", r"\\w+")
    known = re.sub(r"(?<![\w*\\])[a-z_](?:\\?[-+*/]\w+)*(?![\w\[])", r"\\d+", known)
    return (
        re.fullmatch(known, said) is not None
        or re.fullmatch(r"TensorPack(\[\w+\])?|Seq(\[.*\])?", revealed) is not None
    )


assert tl.__file__
