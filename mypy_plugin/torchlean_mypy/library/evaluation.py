"""Running an operation's rules on what is known of its arguments."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mypy.types import Instance, NoneType, Type, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import UNDECIDED, value_of_type
from torchlean_mypy.types import dtype_rules
from torchlean_mypy.types.convert import dtype_marker, shape_of, tensor_of
from torchlean_mypy.types.facts import Facts, applied
from torchlean_typed.ops.op import Op
from torchlean_typed.ops.statics import check_statics
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes.dim import UNKNOWN, Dimension, Unknown
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import ANY_SHAPE, Axis, Shape, Shapes, Variadic, is_known

COMBINATIONS = 16  # of alternatives that are looked at
REMEMBERED = 10_000
_known: dict[tuple[Op, tuple[Operand, ...], str], Outcome] = {}


@dataclass(frozen=True)
class Operand:
    """What is known of an operand: its shape, None for one that is left out, and its dtype; of a number, its value."""

    shape: Shape | None
    dtype: dtypes.Dtype = None
    value: object = None


@dataclass(frozen=True)
class Outcome:
    """What the rules give: the shape, or those of several results, and the dtype; and why the shape is not known."""

    shape: Shape | Shapes
    dtype: dtypes.Dtype
    reason: str | None = None
    is_doubtful: bool = False  # since the operands may be together what the rules do not accept


UNKNOWN_OPERAND = Operand(ANY_SHAPE)


def alternatives(typ: Type) -> list[Operand]:
    """What an operand of this type may be: several things for a union."""
    proper = get_proper_type(typ)
    if not isinstance(proper, UnionType):
        return [_operand(proper)]
    return list(dict.fromkeys(_operand(item) for item in proper.items))


def _operand(typ: Type) -> Operand:
    proper = get_proper_type(typ)
    tensor = tensor_of(proper)
    if tensor is not None:
        operand = _tensor_operand(tensor)
        return replace(operand, shape=applied(operand.shape)) if Facts.active else operand
    if isinstance(proper, NoneType):
        return Operand(None)
    scalar = dtype_rules.weak_dtype(proper)
    if scalar is not None:
        value = value_of_type(proper)
        return Operand((), scalar, value if isinstance(value, int | float) else None)
    return UNKNOWN_OPERAND


@lru_cache(maxsize=8192)
def _tensor_operand(tensor: Instance) -> Operand:
    return Operand(shape_of(tensor) or (), dtype_marker(tensor))


def evaluated(
    record: Op, operands: Sequence[Sequence[Operand]], statics: Sequence[object], same: Sequence[int] = ()
) -> list[Outcome]:
    """What the rules give for every combination of alternatives that they accept: not all need ever come together.

    Where they do not accept all, the outcomes are doubtful. ``same`` says of each operand which is the first that is
    the same value.

    Raises:
        ShapeError: where they accept none in which some alternative is; it is that of the first combination.
    """
    combinations = _combinations(operands, same or range(len(operands)))
    outcomes: dict[Outcome, None] = {}
    accepted: list[tuple[Operand, ...]] = []
    failures: list[tuple[tuple[Operand, ...], ShapeError]] = []
    text = repr(statics)
    for combination in combinations:
        try:
            outcomes[_outcome(record, combination, statics, text)] = None
        except ShapeError as error:
            failures.append((combination, error))
        else:
            accepted.append(combination)
    for combination, failure in failures:
        if not accepted or any(all(one[i] != part for one in accepted) for i, part in enumerate(combination)):
            raise failure
    are_known = all(is_known(operand.shape or ()) for some in operands for operand in some)
    if len(combinations) == 1 and any(len(some) > 1 for some in operands) and are_known:
        (outcome,) = outcomes
        reason = outcome.reason or f"{record.name}: the operands have too many shapes"
        return [replace(outcome, reason=reason, is_doubtful=True)]
    if failures:
        reason = f"some of the operands' shapes do not go together: {failures[0][1]}"
        return [replace(outcome, reason=reason, is_doubtful=True) for outcome in outcomes]
    return list(outcomes)


def _combinations(operands: Sequence[Sequence[Operand]], same: Sequence[int]) -> list[tuple[Operand, ...]]:
    """What the operands may be together; where that is too much, one combination of what each is in any case."""
    firsts = [number for number, first in enumerate(same) if number == first]
    chosen = list(itertools.islice(itertools.product(*(operands[number] for number in firsts)), COMBINATIONS + 1))
    if len(chosen) > COMBINATIONS:
        return [tuple(_one_of(some) for some in operands)]
    return [tuple(some[firsts.index(first)] for first in same) for some in chosen]


def _one_of(operands: Sequence[Operand]) -> Operand:
    """One operand for several that it may be: what all have in common."""
    if len(operands) == 1:
        return operands[0]
    one = joined([Outcome(operand.shape or (), operand.dtype) for operand in operands])
    return Operand(ANY_SHAPE if isinstance(one.shape, Shapes) else one.shape, one.dtype)


def for_number(record: Op, each: Sequence[Operand], count: Dimension, statics: Sequence[object]) -> Outcome:
    """What the rules give for a list of ``count`` tensors that are alike, where the count may be a name or not known.

    Every axis is the same for any number of tensors, or grows by as much with each.

    Raises:
        ShapeError: where they accept none.
    """
    outcome = _for_number(record, each, count, statics)
    if len(each) < 2 or outcome.reason is not None or isinstance(outcome.shape, Shapes) or is_known(outcome.shape):
        return outcome
    known = all(is_known(operand.shape or ()) for operand in each)
    return replace(outcome, reason=f"{record.name}: each of the tensors has one of several shapes" if known else None)


def _for_number(record: Op, each: Sequence[Operand], count: Dimension, statics: Sequence[object]) -> Outcome:
    if isinstance(count, int) and count < 2:
        return joined(evaluated(record, [each] * count, statics))
    two, three = (joined(evaluated(record, [each] * number, statics)) for number in (2, 3))
    first, second = two.shape, three.shape
    if isinstance(count, Unknown) or isinstance(first, Shapes) or isinstance(second, Shapes):
        return replace(joined([two, three]), reason=f"{record.name}: the number of tensors is not known")
    if len(first) != len(second):
        return joined([two, three])
    return replace(two, shape=tuple(_at(count, *axes) for axes in zip(first, second, strict=True)))


def _at(count: Dimension, two: Axis, three: Axis) -> Axis:
    """An axis for this many tensors, from what it is for two and for three."""
    if two == three:
        return two
    if isinstance(two, Variadic) or isinstance(three, Variadic):
        return UNKNOWN
    return two + (count - 2) * (three - two)


def joined(outcomes: list[Outcome]) -> Outcome:
    """One outcome for many: what all have in common."""
    first, *others = outcomes
    dtype = first.dtype if all(other.dtype == first.dtype for other in others) else None
    shapes = [outcome.shape for outcome in outcomes]
    if len({len(shape) for shape in shapes}) > 1 or any(isinstance(shape, Shapes) for shape in shapes):
        return Outcome(ANY_SHAPE, dtype)
    axes = [set(axes) for axes in zip(*shapes, strict=True)]
    if any(len(some) > 1 and any(isinstance(axis, Variadic) for axis in some) for some in axes):
        return Outcome(ANY_SHAPE, dtype)
    return Outcome(tuple(some.pop() if len(some) == 1 else UNKNOWN for some in axes), dtype)


def _outcome(record: Op, operands: tuple[Operand, ...], statics: Sequence[object], text: str) -> Outcome:
    """What the rules give; ``text`` tells statics apart, of which some have no hash, and 1, 1.0 and True have one."""
    key = (record, operands, text)
    outcome = _known.get(key)
    if outcome is None:
        if len(_known) >= REMEMBERED:
            _known.clear()
        outcome = _known[key] = _by_the_rules(record, operands, statics)
    return outcome


def _by_the_rules(record: Op, operands: Sequence[Operand], statics: Sequence[object]) -> Outcome:
    """What the rules give, in the order in which the run time applies them."""
    names = [operand.dtype for operand in operands]
    plain = any(operand.dtype in dtypes.WEAK or operand.shape is None for operand in operands)
    dtype = None
    if plain:
        dtype = dtype_rules.apply(record.dtype, record.name, names, statics)
        _check_values(record, operands, names)
    _check_parameters(record, statics)
    shape, reason = _shape(record, [operand.shape for operand in operands], statics)
    if not plain:
        dtype = dtype_rules.apply(record.dtype, record.name, names, statics)
    return Outcome(shape, dtype, reason)


def _check_values(record: Op, operands: Sequence[Operand], names: Sequence[dtypes.Dtype]) -> None:
    """A number that is written out must be one of the dtype that it takes."""
    common = dtypes.of_scalars(names)
    for operand in operands:
        if operand.value is not None:
            dtypes.require_fit(record.name, operand.value, common)


def _check_parameters(record: Op, statics: Sequence[object]) -> None:
    given = zip(record.statics, record.annotations, statics, strict=True)
    known = [one for one in given if one[2] is None or isinstance(one[2], bool | int | float | str | tuple)]
    if known:
        check_statics(record.name, *zip(*known, strict=True))


def _shape(record: Op, shapes: Sequence[Shape | None], statics: Sequence[object]) -> tuple[Shape | Shapes, str | None]:
    """The shape by the rule, and a reason where it is not known though the operands' are."""
    labels = record.tensors * len(shapes) if record.sequence else record.tensors
    if any(shape is None and label not in record.optional for label, shape in zip(labels, shapes, strict=False)):
        return ANY_SHAPE, None  # that it is no tensor is reported elsewhere
    operands_known = all(shape is None or is_known(shape) for shape in shapes)
    try:
        for name, value in zip(record.statics, statics, strict=True):
            if name in record.keys and _is_undecided(value):
                raise Undetermined(f"{record.name}: the index is not known")
        shape = record.rule(record.name, *record.arguments(shapes, tuple(statics)))
    except Undetermined as reason:
        return ANY_SHAPE, str(reason) if operands_known else None
    parts = shape if isinstance(shape, Shapes) else (shape,)
    lost = operands_known and not all(is_known(part) for part in parts)
    return shape, f"{record.name}: a size of the result is not known{_since(record, statics)}" if lost else None


def _since(record: Op, statics: Sequence[object]) -> str:
    """Which parameter is not known, where it is one's fault."""
    for name, value in zip(record.statics, statics, strict=True):
        if value is UNKNOWN or value is UNDECIDED:
            return f": {name} is not known"
        if isinstance(value, tuple) and UNKNOWN in value:
            return f": item {value.index(UNKNOWN)} of {name} is not known"
        for index, item in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(item, slice) and any(b in (UNKNOWN, UNDECIDED) for b in (item.start, item.stop, item.step)):
                return f": item {index} of {name}: the bounds of the slice are not known"
    return ""


def _is_undecided(value: object) -> bool:
    return value is UNDECIDED or (isinstance(value, tuple) and any(item is UNDECIDED for item in value))
