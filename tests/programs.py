"""What tests of whole programs share: a program as a module, and what mypy finds in it and in it changed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from torchlean_typed.cli import run_mypy

EXAMPLES = Path(__file__).parents[1] / "examples"


def loaded(program: Path) -> ModuleType:
    """The program as a module, so that its functions can be called."""
    spec = spec_from_file_location(f"{program.parent.name}_{program.stem}", program)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def check_changed(
    program: Path, changes: Mapping[tuple[str, str], str], folder: Path, strict_shapes: bool = False
) -> None:
    """mypy finds nothing in the program; with each text exchanged for the other, an error with these words."""
    right = program.read_text(encoding="utf-8")
    programs = [program]
    for number, (before, after) in enumerate(changes):
        assert before in right, before
        programs.append(folder / f"wrong{number}.py")
        programs[-1].write_text(right.replace(before, after), encoding="utf-8")
    done = run_mypy(programs, ["--strict", "--no-pretty"], strict_shapes=strict_shapes, capture=True)
    lines = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert not [line for line in lines if program.name in line]
    for number, words in enumerate(changes.values()):
        assert [line for line in lines if f"wrong{number}.py" in line and words in line], (words, lines)
