"""What mypy with the plugin says of programs: many files in one run, nothing executed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

CONFIG = Path(__file__).with_name("mypy.ini")
LOST = "shape-unknown"


@dataclass(frozen=True)
class Report:
    """One error of mypy's."""

    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.line}: {self.message}  [{self.code}]"


def check(texts: Mapping[str, str]) -> dict[str, list[Report]]:
    """What mypy reports of each module, in one run."""
    found: dict[str, list[Report]] = defaultdict(list)
    with TemporaryDirectory() as folder:
        for name, text in texts.items():
            Path(folder, f"{name}.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "mypy", f"--config-file={CONFIG}", "--output=json", "--cache-dir=cache", "."]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    for line in done.stdout.splitlines():
        if not line.startswith("{"):
            continue
        said = json.loads(line)
        if said["severity"] == "error":
            report = Report(said["line"], said["code"], said["message"])
            if report not in found[Path(said["file"]).stem]:
                found[Path(said["file"]).stem].append(report)
    return found
