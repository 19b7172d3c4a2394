"""Ranges of programs in several processes, with progress: what the commands of this folder share."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tqdm import tqdm

CONFIG = Path(__file__).with_name("mypy.ini")  # with strict_shapes


class Found(Protocol):
    """What became of some programs."""

    disagreements: list[str]

    def add(self, other: Any) -> None: ...


F = TypeVar("F", bound=Found)
Examine = Callable[[int, int, Path], F]


class Worker:
    """What a process of the pool keeps: a cache of mypy's, which no two runs may write at once."""

    cache: Path

    @classmethod
    def begin(cls, folder: str) -> None:
        cls.cache = Path(tempfile.mkdtemp(dir=folder))

    @classmethod
    def run(cls, examine: Examine[F], first: int, count: int) -> F:
        return examine(first, count, cls.cache)


def arguments(about: str | None, programs: int) -> argparse.Namespace:
    """The options of a command."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--programs", type=int, default=programs)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, help="print the program of this number")
    return parser.parse_args()


def in_batches(examine: Examine[F], total: F, options: argparse.Namespace, batch: int = 250) -> F:
    """Examine a range, so many programs at once; what disagrees is printed as it is found."""
    end = options.start + options.programs
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(options.jobs, initializer=Worker.begin, initargs=(folder,)) as pool,
        tqdm(total=options.programs, unit="program") as progress,
    ):
        sizes = {start: min(batch, end - start) for start in range(options.start, end, batch)}
        runs = {pool.submit(Worker.run, examine, start, count): count for start, count in sizes.items()}
        for run in as_completed(runs):
            found = run.result()
            total.add(found)
            for text in found.disagreements:
                tqdm.write(text)
            progress.update(runs[run])
    return total
