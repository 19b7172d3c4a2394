"""What mypy says of a program against what the program did: the disagreements, and the counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.program import Claim, Outcome, Program
from tests.fuzz.truth import compared
from tests.static.harness import Finding, Findings

OURS = ("shape", "shape-broadcast")
APPLIED = ("call", "fn.", "model")  # what they are applied to may be unknown, and their own result known all the same


@dataclass
class Counts:
    """What became of the statements of many programs."""

    programs: int = 0
    accepted: int = 0
    rejected: int = 0
    known: int = 0
    too_small: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    revealed: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)
    unknown_here: int = 0  # in the program that is being judged

    def add(self, other: Counts) -> None:
        self.programs += other.programs
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.known += other.known
        self.too_small += other.too_small
        self.unknown += other.unknown
        self.revealed += other.revealed
        self.disagreements += other.disagreements


def judge(program: Program, found: Findings, counts: Counts) -> None:
    """Compare each line of a program with what mypy found on it."""
    counts.programs += 1
    counts.unknown_here = 0
    counts.disagreements += [f"{program.name} ({program.kind}): {text}" for text in program.scope.strange]
    lines = program.lines
    claims = program.claims
    for number, line in enumerate(lines, 1):
        said = found.get(number, [])
        claim = claims.get(number)
        problem = _judged(claim, said, counts) if claim is not None else _unclaimed(said)
        if problem is not None:
            before = lines[number - 2].text.strip() if claim is not None else ""
            where = f"{program.name}:{number} ({program.kind})"
            counts.disagreements.append(f"{where}: {before}\n    {line.text.strip()}\n    {problem}")


def _unclaimed(said: list[Finding]) -> str | None:
    errors = [finding.text for finding in said if finding.kind == "E"]
    return f"false alarm: {errors[0]}" if errors else None


def _judged(claim: Claim, said: list[Finding], counts: Counts) -> str | None:
    errors = [finding.text for finding in said if finding.kind == "E"]
    revealed = [finding.text for finding in said if finding.kind == "R"]
    if errors:
        counts.rejected += 1
        return _rejected(claim, errors)
    if not revealed:
        return "mypy says nothing of the line"
    counts.accepted += 1
    counts.revealed[claim.label] += 1
    return _accepted(claim, revealed[0], counts)


def _rejected(claim: Claim, errors: list[str]) -> str | None:
    if not claim.fails:
        return f"false alarm: {errors[0]}"
    if len(claim.outcomes) > 1:
        return None
    ours = [text.partition(": ")[2] for text in errors if text.partition(":")[0] in OURS]
    raised = str(claim.outcomes[0].value)
    if any("?" in text for text in ours):  # of an object whose sizes are not known
        return None
    return f"other words: {ours[0]}\n    when it runs: {raised}" if ours and raised not in ours else None


def _accepted(claim: Claim, revealed: str, counts: Counts) -> str | None:
    """A known type must be the real one wherever it runs; where sizes are large enough it must run."""
    known = True
    for outcome in claim.outcomes:
        if outcome.raised:
            continue
        fits, whole = compared(revealed, outcome.value, outcome.world.sizes)
        known = known and whole
        if not fits and claim.label == "condition" and _is_unknown(revealed):
            continue  # of two types of which one is unknown mypy may keep either
        if not fits:
            return f"revealed {revealed}, is {_shown(outcome)}"
    known = known and not _is_unknown(revealed)
    counts.known += known
    if not known:
        counts.unknown[claim.label] += 1
        counts.unknown_here += 1
        return None
    for outcome in claim.outcomes:
        if outcome.raised and claim.is_excused(outcome):
            counts.too_small += 1
        elif outcome.raised and not (counts.unknown_here and claim.label.startswith(APPLIED)):
            return f"accepted as {revealed}, raises {_shown(outcome)}"
    return None


def _is_unknown(revealed: str) -> bool:
    return "_" in revealed or "..." in revealed or "Any" in revealed or revealed in ("Seq", "TensorPack", "Rows")


def _shown(outcome: Outcome) -> str:
    value = outcome.value
    text = f"{value.dtype.name}{list(value.shape)}" if hasattr(value, "shape") else f"{value}"
    return f"{text} with {outcome.world.sizes}" if outcome.world.sizes else text
