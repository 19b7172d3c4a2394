"""What mypy says of a program against what the program did: the disagreements, and the counts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.numpy_ways import LABEL as NUMPY
from tests.fuzz.program import NAME, Claim, Outcome, Program
from tests.fuzz.truth import compared
from tests.fuzz.ways import OPEN
from tests.static.harness import Finding, Findings
from tests.static.revealed import split

OURS = ("shape", "shape-broadcast")
LOST = "shape-unknown: "  # what strict_shapes says
# of a dict, into which nobody looks when the program runs; and what mypy says of Any, with the plugin or without
OTHERS = ("typeddict-item: ", "no-any-return: ", "var-annotated: ")


@dataclass
class Counts:
    """What became of the statements of many programs."""

    programs: int = 0
    accepted: int = 0
    rejected: int = 0
    known: int = 0
    too_small: int = 0
    other: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    revealed: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def add(self, other: Counts) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def disagree(self, kind: str, where: str, problem: str) -> None:
        self.kinds[kind] += 1
        self.disagreements.append(f"{where}: {kind}: {problem}")


@dataclass
class Doubts:
    """Names, with the scope each stands in: what mypy does not know whole, and what may be other things to it.

    After a loop that changes a shape, and after ``except``, mypy has a variable be one of several things, some of which
    it never is; nor does it follow which of a pack's entries an item is, nor that a flag which says what a variable is
    is asked again. What is made of such a variable, and what is in a branch that is never taken since more is known
    than mypy knows, it may refuse.
    """

    unknown: set[tuple[str, str]] = field(default_factory=set)
    other: set[tuple[str, str]] = field(default_factory=set)
    several: set[tuple[str, str]] = field(default_factory=set)
    merged: set[tuple[str, str]] = field(default_factory=set)  # of a shape without a known size and one of unknown rank
    told: set[tuple[str, str]] = field(default_factory=set)  # texts: of two values in a function it is said once

    def excuse(self, claim: Claim) -> bool:
        """Whether mypy may refuse what runs."""
        asks_flag = (claim.owner, "flag") in claim.reads
        return bool(claim.reads & (self.other | self.merged | (self.several if asks_flag else set())))


NAMED = re.compile(r"[\w+*/()-]+=(?=\d)")  # a size of an object's class whose names no field tells is a number to mypy
UNKNOWN = re.compile(r"(?<!\w)_(?!\w)")
MERGING = ("condition", "several shapes")  # where mypy makes one type of two
NO_SIZE = re.compile(r'"_( _)*"')
Problem = tuple[str, str]  # its kind, for the counts, and what it is


def judge(program: Program, found: Findings, counts: Counts) -> None:
    """Compare each line of a program with what mypy found on it."""
    counts.programs += 1
    for text in program.scope.strange:
        counts.disagree("another exception", f"{program.name} ({program.kind})", text)
    lines, claims, doubts = program.lines, program.claims, Doubts()
    within = {number - before for number, claim in claims.items() if claim.fails for before in range(1, claim.lines)}
    belongs = {number - before: claim for number, claim in claims.items() for before in range(1, claim.lines)}
    for number, line in enumerate(lines, 1):
        if number in within:
            continue
        claim = claims.get(number)
        first = number - claim.lines + 1 if claim is not None and claim.fails else number
        said = [finding for place in range(first, number + 1) for finding in found.get(place, [])]
        said = [finding for finding in said if not finding.text.startswith(LOST)]
        if claim is not None:
            of_claim = [
                finding for place in range(number - claim.lines + 1, number + 1) for finding in found.get(place, [])
            ]
            is_lost = claim.label in (OPEN, "record") or any(finding.kind == "E" for finding in of_claim)
            problem = _judged(claim, said, is_lost, counts, doubts)
        else:
            problem = _unclaimed(line.text, said, belongs.get(number), doubts)
        if problem is not None:
            before = lines[number - 2].text.strip() if claim is not None else ""
            kind, text = problem
            where = f"{program.name}:{number} ({program.kind})"
            counts.disagree(kind, where, f"{before}\n    {line.text.strip()}\n    {text}")


def _unclaimed(line: str, said: list[Finding], claim: Claim | None, doubts: Doubts) -> Problem | None:
    errors = [finding.text for finding in said if finding.kind == "E" and not finding.text.startswith(OTHERS)]
    if claim is not None and (doubts.excuse(claim) or (claim.lines > 2 and claim.reads & doubts.unknown)):
        return None
    doubtful = {name for _, name in doubts.other | doubts.merged}
    if not errors or doubtful & set(NAME.findall(line)):
        return None
    return "false alarm", errors[0]


def _judged(claim: Claim, said: list[Finding], is_lost: bool, counts: Counts, doubts: Doubts) -> Problem | None:
    errors = [finding.text for finding in said if finding.kind == "E"]
    revealed = [finding.text for finding in said if finding.kind == "R"]
    if errors:
        counts.rejected += 1
        doubts.told.add((claim.owner, claim.text))
        return _rejected(claim, errors, doubts)
    if claim.fails and (claim.owner, claim.text) in doubts.told:
        return None
    if not revealed and not is_lost:
        return "silence", "mypy says nothing of the line"
    counts.accepted += 1
    counts.revealed[claim.label] += 1
    return _accepted(claim, revealed[0] if revealed else "Any", is_lost, counts, doubts)


def _rejected(claim: Claim, errors: list[str], doubts: Doubts) -> Problem | None:
    if not claim.fails:
        return None if doubts.excuse(claim) else ("false alarm", errors[0])
    if len(claim.outcomes) > 1 or claim.lines > 1 or claim.reads & doubts.unknown or claim.label == NUMPY:
        return None
    ours = [text.partition(": ")[2] for text in errors if text.partition(":")[0] in OURS]
    raised = str(claim.outcomes[0].value)
    if any("?" in text or "..." in text for text in ours):  # of an object whose sizes are not known
        return None
    if claim.called and not raised.startswith(f"{claim.called}: "):  # in the body, which mypy does not enter at a call
        return None
    same = raised in ours or (claim.called and NAMED.sub("", raised) in [NAMED.sub("", text) for text in ours])
    return ("other words", f"{ours[0]}\n    when it runs: {raised}") if ours and not same else None


def _accepted(claim: Claim, revealed: str, is_lost: bool, counts: Counts, doubts: Doubts) -> Problem | None:
    """A known type must be the real one wherever it runs; where sizes are large enough it must run."""
    known = not _is_unknown(revealed)
    # beside what is unknown a size with a name does not stretch: what goes only where that is 1 has no type
    is_untyped = claim.fails and (is_lost or claim.reads & doubts.unknown)
    for outcome in claim.outcomes:
        if outcome.raised or (is_untyped and not outcome.world.is_generic):
            continue
        fits, whole = compared(revealed, outcome.value, outcome.world.sizes)
        known = known and whole
        if fits or (claim.called and ("", claim.called) in doubts.unknown):
            continue  # of what is unknown in a body its annotation is believed
        is_merged = NO_SIZE.search(revealed) is not None and claim.label in MERGING
        if not is_merged and not claim.reads & doubts.merged:
            return "wrong type", f"revealed {revealed}, is {_shown(outcome)}"
        doubts.merged.add((claim.owner, claim.binds))
    if " | " in revealed:
        doubts.several.add((claim.owner, claim.binds))
    if _has_other(claim, revealed):
        doubts.other.add((claim.owner, claim.binds))
    counts.other += (claim.owner, claim.binds) in doubts.other
    counts.known += known
    if not known:
        counts.unknown[claim.label] += 1
        is_silent = claim.is_of_tensors and _is_unknown(revealed) and not is_lost and not claim.reads & doubts.unknown
        is_silent = is_silent and not (claim.fails and claim.label == NUMPY)  # what only reveal_type gets is not told
        doubts.unknown |= {(claim.owner, claim.binds), ("", claim.owner)}
        return ("unknown in silence", f"revealed {revealed}, is {_shown(claim.outcomes[0])}") if is_silent else None
    from_unknown = is_lost or claim.reads & doubts.unknown
    if is_lost:
        doubts.unknown.add(("", claim.owner))
    if from_unknown and claim.label == "class":  # its methods are as unknown as the class's
        doubts.unknown.add((claim.owner, claim.binds))
    for outcome in claim.outcomes:
        if outcome.raised and claim.is_excused(outcome):
            counts.too_small += 1
        elif outcome.raised and not from_unknown:
            return "accepted what raises", f"as {revealed}, raises {_shown(outcome)}"
    return None


def _has_other(claim: Claim, revealed: str) -> bool:
    """Whether one of the types that mypy says is none that the value had: of it mypy may say what never happens."""
    there = [outcome for outcome in claim.outcomes if outcome.world.is_generic and not outcome.raised]
    alternatives = split(revealed, " | ")
    return len(alternatives) > 1 and not all(
        any(compared(text, outcome.value, outcome.world.sizes)[0] for outcome in there) for text in alternatives
    )


def _is_unknown(revealed: str) -> bool:
    return (
        UNKNOWN.search(revealed) is not None
        or "..." in revealed
        or "Any" in revealed
        or revealed in ("Seq", "TensorPack", "Rows")
    )


def _shown(outcome: Outcome) -> str:
    value = outcome.value
    text = f"{value.dtype.name}{list(value.shape)}" if hasattr(value, "shape") else f"{value}"
    return f"{text} with {outcome.world.sizes}" if outcome.world.sizes else text
