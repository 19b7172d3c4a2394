"""Running mypy, with the plugin and without, and what that costs: the CPU time of the process, which a busy machine
disturbs less than the time that passes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONFIGURATIONS = {"without": "[mypy]\n", "with": "[mypy]\nplugins = torchlean_typed.mypy\n"}


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
        """The medians, without and with the plugin."""
        return tuple(statistics.median(run.seconds for run in runs) for runs in (self.without, self.switched_on))  # type: ignore[return-value]

    @property
    def ratio(self) -> float:
        """How much longer mypy takes with the plugin: the median over the rounds."""
        return statistics.median(b.seconds / a.seconds for a, b in zip(self.without, self.switched_on, strict=True))

    @property
    def differences(self) -> list[str]:
        """The lines that mypy says with the plugin or without it only."""
        before, after = set(self.without[0].lines), set(self.switched_on[0].lines)
        return sorted([f"- {line}" for line in before - after] + [f"+ {line}" for line in after - before])


def configure(folder: Path) -> None:
    """Put the two configurations into a folder."""
    for name, text in CONFIGURATIONS.items():
        Path(folder, f"{name}.ini").write_text(text, encoding="utf-8")


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
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(said)
    return Run(used.ru_utime + used.ru_stime, tuple(sorted(said.splitlines())))


def compared(folder: Path, rounds: int, *arguments: str) -> Comparison:
    """Runs without the plugin and with it, in turn, ``rounds`` of each."""
    configure(folder)
    pairs = [(run(folder, "without", *arguments), run(folder, "with", *arguments)) for _ in range(rounds)]
    return Comparison([pair[0] for pair in pairs], [pair[1] for pair in pairs])
