"""Running mypy, with the plugin and without, and what that costs: the CPU time of the process, the least of several
runs, which a busy machine disturbs less than the time that passes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIGURATIONS = {"without": "[mypy]\n", "with": "[mypy]\nplugins = torchlean_typed.mypy\n"}
# jaxtyping imports JAX where that is installed, which would cost more than the program, and flatter the ratio; mypy's
# daemon fails with modules that are skipped, but reads them before the first edit.
WITHOUT_JAX = "[mypy-jax.*]\nfollow_imports = skip\n"


@dataclass(frozen=True)
class Run:
    """One run of mypy: its CPU seconds, and what it said."""

    seconds: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Several runs without the plugin and with it, in turn."""

    without: Sequence[Run]
    switched_on: Sequence[Run]

    @property
    def seconds(self) -> tuple[float, float]:
        """The least, without and with the plugin."""
        without, switched_on = (min(run.seconds for run in runs) for runs in (self.without, self.switched_on))
        return without, switched_on

    @property
    def ratio(self) -> float:
        """How much longer mypy takes with the plugin."""
        without, switched_on = self.seconds
        return switched_on / without

    @property
    def differences(self) -> list[str]:
        """The lines that mypy says with the plugin or without it only."""
        before, after = set(self.without[0].lines), set(self.switched_on[0].lines)
        return sorted([f"- {line}" for line in before - after] + [f"+ {line}" for line in after - before])


def configure(folder: Path, also: str = "") -> None:
    """Put the two configurations into a folder, each with what they have in common."""
    for name, text in CONFIGURATIONS.items():
        Path(folder, f"{name}.ini").write_text(text + also, encoding="utf-8")


def run(folder: Path, configuration: str, *arguments: str) -> Run:
    """One run of mypy in the folder, without a cache."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        f"--config-file={configuration}.ini",
        "--cache-dir",
        os.devnull,
        *arguments,
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=folder, env=environment, **pipes) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(said)
    return Run(used.ru_utime + used.ru_stime, tuple(sorted(said.splitlines())))


def compared(folder: Path, rounds: int, *arguments: str) -> Comparison:
    """Runs without the plugin and with it, in turn, ``rounds`` of each.

    One that is not counted comes first: the others find the bytecode of mypy and the plugin, as where pip put it.
    """
    configure(folder, WITHOUT_JAX)
    run(folder, "with", "-c", "import torchlean_typed")
    pairs = [(run(folder, "without", *arguments), run(folder, "with", *arguments)) for _ in range(rounds)]
    return Comparison([pair[0] for pair in pairs], [pair[1] for pair in pairs])
