"""Half-written and malformed programs: good ones with parts deleted, swapped, replaced and put in, or cut off."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz.kinds import program
from tests.fuzz.malformed import ANNOTATIONS, SNIPPETS, TEXTS

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r'"[^"\n]*"|\w+|[^\w\s]|\s+')
TEXT = re.compile(r'"[^"\n]*"')
ANNOTATION = re.compile(r"(?:\b\w+\[[^\[\]\n]*\])")

IMPORTS = (
    "from enum import Enum\nimport functools\n"
    "from typing import *\nfrom jaxtyping import *\nimport torchlean_typed as tl\nfrom torchlean_typed import *\n"
)


@cache
def sources() -> tuple[str, ...]:
    """Good programs: the static cases and the examples."""
    paths = [*(ROOT / "tests" / "static" / "cases").glob("*.py"), *(ROOT / "examples").rglob("*.py")]
    return tuple(path.read_text(encoding="utf-8") for path in sorted(paths))


def mutant(number: int) -> str:
    """The malformed program of a number: of a few drafts, most of the time, the first that parses."""
    rng = Random(number)
    text = _draft(rng)
    for _ in range(4):
        if parses(text) or rng.random() < 0.1:
            break
        text = _draft(rng)
    for mark, other in {"{0}": number + 1, "{1}": max(number - 1, 0)}.items():
        text = text.replace(mark, name_of(other))
    return text


def _draft(rng: Random) -> str:
    if rng.random() < 0.4:
        text = program(rng.randrange(10_000)).text
    else:
        lines = rng.choice(sources()).splitlines()
        start = rng.randrange(max(len(lines) - 60, 1))
        text = IMPORTS + "\n".join(lines[start:] if rng.random() < 0.3 else lines[: rng.randint(20, 120)])
    for _ in range(rng.randint(1, 4)):
        text = rng.choice(WAYS)(rng, text)
    return snippet(rng, text) if rng.random() < 0.25 else text


def parses(text: str) -> bool:
    """Whether Python reads the program."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<malformed>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def name_of(number: int) -> str:
    return f"m{number:08d}"


def tokens(rng: Random, text: str) -> str:
    """A token deleted, doubled, exchanged with another, or replaced by one of another program."""
    parts = TOKEN.findall(text)
    if len(parts) < 3:
        return text
    at, other = rng.randrange(len(parts)), rng.randrange(len(parts))
    way = rng.randrange(4)
    if way == 0:
        del parts[at]
    elif way == 1:
        parts.insert(at, parts[at])
    elif way == 2:
        parts[at], parts[other] = parts[other], parts[at]
    else:
        parts[at] = rng.choice(TOKEN.findall(rng.choice(sources())))
    return "".join(parts)


def lines(rng: Random, text: str) -> str:
    """A line deleted, doubled, moved, or indented."""
    parts = text.splitlines() or [""]
    at = rng.randrange(len(parts))
    way = rng.randrange(4)
    if way == 0:
        del parts[at]
    elif way == 1:
        parts.insert(rng.randrange(len(parts)), parts[at])
    elif way == 2:
        parts.insert(rng.randrange(len(parts)), parts.pop(at))
    else:
        parts[at] = f"    {parts[at]}" if rng.random() < 0.5 else parts[at].removeprefix("    ")
    return "\n".join(parts) + "\n"


def replaced(pattern: re.Pattern[str], by: tuple[str, ...]) -> Callable[[Random, str], str]:
    def replace(rng: Random, text: str) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        match = rng.choice(found)
        return text[: match.start()] + rng.choice(by) + text[match.end() :]

    return replace


def snippet(rng: Random, text: str) -> str:
    """A statement put in between, at the depth of the line there."""
    parts = text.splitlines() or [""]
    at = rng.randrange(len(parts))
    indent = re.match(r"\s*", parts[at])[0]  # type: ignore[index]
    parts[at:at] = [indent + line for line in rng.choice(SNIPPETS).splitlines()]
    return "\n".join(parts) + "\n"


def cut(rng: Random, text: str) -> str:
    """The program up to somewhere."""
    if rng.random() < 0.5:
        return text[: rng.randrange(len(text) + 1)]
    parts = text.splitlines()
    return "\n".join(parts[: rng.randrange(len(parts) + 1)]) + "\n"


WAYS = (tokens, tokens, lines, replaced(TEXT, TEXTS), replaced(ANNOTATION, ANNOTATIONS), snippet, cut)
