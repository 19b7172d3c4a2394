"""What an edit of one line costs in mypy's daemon: the time from asking to the answer."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.checker.running import configure


def edits(folder: Path, file: str, configuration: str, count: int = 5) -> list[float]:
    """The seconds that the daemon takes to check a file again after a change in one line; then another."""
    configure(folder)
    program = Path(folder, file)
    text = program.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    places = [number for number, line in enumerate(lines) if line.startswith("    return ")]
    seconds: list[float] = []
    try:
        _check(folder, file, configuration)
        for place in places[:: len(places) // count][:count]:
            changed = [*lines[:place], lines[place].replace("return ", "return 1.0 * "), *lines[place + 1 :]]
            time.sleep(1)  # all edits are of one size, and mypy sees no such change within the same second
            program.write_text("".join(changed), encoding="utf-8")
            start = time.perf_counter()
            _check(folder, file, configuration)
            seconds.append(time.perf_counter() - start)
    finally:
        program.write_text(text, encoding="utf-8")
        _daemon(folder, "stop")
    return seconds


def _check(folder: Path, file: str, configuration: str) -> None:
    said = _daemon(folder, "run", "--", f"--config-file={configuration}.ini", "--cache-dir=cache", file)
    if "Success" not in said:
        raise RuntimeError(said)


def _daemon(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "mypy.dmypy", "--status-file", "status.json", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
