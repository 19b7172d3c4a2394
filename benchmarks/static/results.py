"""What the benchmark found: each mutant with what mypy reports of its two versions, and the figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from benchmarks.static.checking import LOST, Report, check
from benchmarks.static.execution import Run
from benchmarks.static.mutation import Mutant, all_mutants
from benchmarks.static.program import Program, numbered

# Bugs that no checker of shapes can see in the signatures, by what the results call them.
UNCATCHABLE: dict[str, str] = {
    "attention:59: swap operands: h -> k; k -> h": "a right call: five heads of 3 features are as many as three of 5",
    "bilinear_fusion:53: swap operands: x -> y; y -> x": "a right call: i*j+i+j features, whichever comes first",
}


@dataclass(frozen=True)
class Result:
    """A mutant, and what is reported of it with names and with numbers for sizes."""

    mutant: Mutant
    versions: tuple[list[Report], list[Report]]

    @cached_property
    def is_caught(self) -> bool:
        """Whether both versions are refused."""
        return all(self.versions)

    @cached_property
    def is_caught_in_place(self) -> bool:
        """Whether both are refused on the line of the mistake."""
        return all(any(report.line in self.mutant.lines for report in reports) for reports in self.versions)

    @property
    def is_lost(self) -> bool:
        """Whether a version is refused by ``strict_shapes`` alone, which says where a shape is lost."""
        return self.is_caught and not all(self.errors(reports) for reports in self.versions)

    @property
    def is_flagged(self) -> bool:
        """Whether either version is refused."""
        return any(self.errors(reports) for reports in self.versions)

    @property
    def count(self) -> int:
        """How many errors the one mistake leads to, at most."""
        return max(len(reports) for reports in self.versions)

    @staticmethod
    def errors(reports: Iterable[Report]) -> list[Report]:
        """The reports that refuse something; that a shape was lost does not."""
        return [report for report in reports if report.code != LOST]


@dataclass(frozen=True)
class Figures:
    """The figures of some results."""

    bugs: int
    caught: int
    in_place: int
    false_alarms: int
    unknowns: int

    @classmethod
    def of(cls, results: Iterable[Result], clean: Iterable[Report] = ()) -> Figures:
        """Of mutants, and of what is reported of programs without a mistake."""
        results, clean = list(results), list(clean)
        bugs = [one for one in results if one.mutant.is_bug and one.mutant.name not in UNCATCHABLE]
        sound = [one for one in results if not one.mutant.is_bug and not one.mutant.breaks_annotation]
        alarms = sum(one.is_flagged for one in sound) + sum(report.code != LOST for report in clean)
        return cls(
            len(bugs),
            sum(one.is_caught for one in bugs),
            sum(one.is_caught_in_place for one in bugs),
            alarms,
            sum(report.code == LOST for report in clean),
        )

    @property
    def recall(self) -> float:
        """The part of the bugs that is reported."""
        return self.caught / self.bugs if self.bugs else 1.0

    @property
    def recall_in_place(self) -> float:
        """The part of the bugs that is reported on the line of the mistake."""
        return self.in_place / self.bugs if self.bugs else 1.0


@dataclass(frozen=True)
class Results:
    """Everything that was found."""

    programs: list[Program]
    clean: dict[str, list[Report]]
    results: list[Result]
    runs: dict[str, Run]

    @cached_property
    def figures(self) -> Figures:
        """Those of all."""
        return Figures.of(self.results, [report for reports in self.clean.values() for report in reports])

    @cached_property
    def missed(self) -> list[Result]:
        """The bugs that are not reported, those aside that cannot be."""
        return [
            one
            for one in self.results
            if one.mutant.is_bug and not one.is_caught and one.mutant.name not in UNCATCHABLE
        ]

    @cached_property
    def alarms(self) -> list[Result]:
        """The mutants that are no bugs and are reported."""
        return [
            one for one in self.results if not one.mutant.is_bug and not one.mutant.breaks_annotation and one.is_flagged
        ]

    @cached_property
    def by_operator(self) -> dict[str, Figures]:
        """The figures of each operator."""
        names = sorted({one.mutant.operator for one in self.results})
        return {name: Figures.of(one for one in self.results if one.mutant.operator == name) for name in names}

    @cached_property
    def by_program(self) -> dict[str, Figures]:
        """The figures of each program."""
        return {
            one.name: Figures.of((r for r in self.results if r.mutant.program == one.name), self.clean[one.name])
            for one in self.programs
        }


def measure(programs: list[Program], each: int, limit: int | None = None) -> Results:
    """Mutate, execute and check; of the mutants that are bugs at most ``limit``, spread over all."""
    runs, mutants = all_mutants(programs, each)
    if limit is not None and len(mutants) > limit:
        mutants = [mutants[index * len(mutants) // limit] for index in range(limit)]
    texts = {}
    for program in programs:
        texts[program.name] = program.text
        texts[f"{program.name}_numbers"] = numbered(program.text, program.sizes)
    for mutant in mutants:
        texts[mutant.module], texts[f"{mutant.module}_numbers"] = mutant.text, mutant.numbers
    found = check(texts)
    clean = {one.name: [*found[one.name], *found[f"{one.name}_numbers"]] for one in programs}
    results = [Result(one, (found[one.module], found[f"{one.module}_numbers"])) for one in mutants]
    return Results(programs, clean, results, runs)
