"""Variables of several shapes in one expression: ``x * tl.tanh(x)`` has to go for each shape of ``x``.

Variables that one loop binds together, ``for p, g in zip(params, grads)``, have at each step what stands in one place;
so do those that its body makes of them.
"""

from __future__ import annotations

from typing import Any

from mypy.nodes import Context, Expression, GeneratorExpr, NameExpr, SymbolNode, Var
from mypy.types import Type, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.spread import Step, steps_of
from torchlean_mypy.calls.supposed import type_where
from torchlean_mypy.reports.codes import WRONG, report_again
from torchlean_mypy.syntax.expressions import within
from torchlean_mypy.syntax.lookups import are_bound_in, loops_around, nodes
from torchlean_mypy.syntax.loop_bodies import Given, before
from torchlean_mypy.types.contained import alternatives_in

Names = dict[SymbolNode | None, NameExpr]


def for_each_shape(api: Any, expression: Context) -> Type | None:
    """What an expression is for each shape of the one variable in it that has several; what is wrong is reported.

    None where there are more such variables that no loop binds together, or none, and where something else in it has
    several shapes, as ``xs[0]`` may: then it is not seen which of them come together.
    """
    return for_each_step(api, expression, also_one=True)


def for_each_step(api: Any, expression: Context, *, also_one: bool = False) -> Type | None:
    """As ``for_each_shape``, but only of variables that one loop binds together, or ``also_one`` that none binds."""
    if not isinstance(expression, Expression) or not (several := _several(api, expression)):
        return None
    names = _names(expression)
    steps = _steps(api, expression, names, several)
    if steps is None and also_one and len(several) == 1:
        steps = [{node: item} for node in several for item in _items(api, names[node])]
    return None if steps is None else _at_each(api, expression, names, steps)


def _names(expression: Expression) -> Names:
    """The variables in an expression."""
    parts = within(expression)
    return {part.node: part for part in parts if isinstance(part, NameExpr) and isinstance(part.node, Var)}


def _several(api: Any, expression: Expression) -> set[SymbolNode | None]:
    """The variables in an expression that have several shapes; none where something without them has.

    What a comprehension in it binds is not one: it is bound anew.
    """
    expressions = [part for part in within(expression) if isinstance(part, Expression)]
    bound = {name.node for part in expressions if isinstance(part, GeneratorExpr) for name in _targets(part)}
    parts = [part for part in expressions if alternatives_in(type_of(api, part))]
    variables = [part.node for part in parts if isinstance(part, NameExpr)]
    found: set[SymbolNode | None] = {node for node in variables if isinstance(node, Var) and node not in bound}
    return found if all(_names(part).keys() & found for part in parts) else set()


def _targets(comprehension: GeneratorExpr) -> list[NameExpr]:
    return [name for target in comprehension.indices for name in nodes(target, NameExpr)]


def _items(api: Any, name: NameExpr) -> list[Type]:
    """What a variable may be."""
    typ = get_proper_type(type_of(api, name))
    return [*typ.items] if isinstance(typ, UnionType) else [typ] if typ is not None else []


def _at_each(api: Any, expression: Expression, names: Names, steps: list[Step]) -> Type | None:
    """What an expression is where its variables are these, at one step after the other."""
    results: list[Type] = []
    for step in steps:
        result, error = type_where(api, expression, [(names[node], item) for node, item in step.items()])
        if result is None or (error is not None and error.code not in WRONG):
            return None
        if error is not None:
            report_again(api, error, expression)
        results.append(result)
    return UnionType.make_union([*dict.fromkeys(results)])


def _steps(api: Any, expression: Expression, names: Names, several: set[SymbolNode | None]) -> list[Step] | None:
    """What the variables are at each step of the loop that binds several of them, and all that have several shapes."""
    for loop in loops_around(api.tree, expression) if len(names) > 1 else ():
        past = before(loop.node, expression)
        made = _made_of(names, past.given)
        used = names.keys() | {node for given in made for node in _names(given.value)}
        bound = {name.node: name for name in (*nodes(loop.target, NameExpr), *(given.name for given in made))}
        mine = [node for node in names if node in bound]
        if len(mine) > 1 and several <= {*mine}:
            understood = [loop.target, *past.instead, *(given.name for given in made)]
            if not are_bound_in(api.tree, loop, expression, bound.keys() & used, understood):
                return None
            steps = [_with_made(api, step, bound, made) for step in steps_of(api, loop.target, loop.over) or ()]
            steps = [{node: step[node] for node in mine if node in step} for step in steps]
            return _possible(api, steps, names) if all(several <= step.keys() for step in steps) else None
    return None


def _possible(api: Any, steps: list[Step], names: Names) -> list[Step] | None:
    """The steps at which the variables are what they are known to be here; None where they are something else too."""
    known = {node: _items(api, names[node]) for step in steps[:1] for node in step}
    if any(item not in [step.get(node) for step in steps] for node, items in known.items() for item in items):
        return None
    found = [step for step in steps if all(item in known.get(node, ()) for node, item in step.items())]
    return [step for k, step in enumerate(found) if step not in found[:k]] or None


def _made_of(names: Names, given: list[Given]) -> list[Given]:
    """Of what a loop gives its variables, that on which these depend."""
    wanted, found = {*names}, []
    for one in reversed(given):
        if one.name.node in wanted:
            wanted |= _names(one.value).keys()
            found.append(one)
    return found[::-1]


def _with_made(api: Any, step: Step, names: Names, made: list[Given]) -> Step:
    """A step, with what the loop's body makes there, as far as it is right and the same under all conditions."""
    known = {**step}
    for one in made:
        node, pairs = one.name.node, [(names[node], item) for node, item in known.items() if node in names]
        typ, error = type_where(api, one.value, pairs)
        if one.is_certain and typ is not None and error is None:
            known[node] = typ
        elif one.is_certain or (error is None and typ != known.get(node)):
            known.pop(node, None)
    return known
