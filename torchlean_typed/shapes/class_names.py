"""Which size names of the classes in a signature are names of that signature: at run time and in the checker alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.shapes.shape import Shape, Variadic, parse_shape, shape_names
from torchlean_typed.shapes.unify import Unifier, plain

# What a constructor takes may be kept, and is the size of a field then; what is selected has other sizes.
UNLINKED = ("__init__", "__new__", "__post_init__", "__getitem__")
LAYER_METHODS = ("__call__", "forward")
Names = frozenset[str]


@dataclass(frozen=True)
class Mention:
    """A class with sizes where a signature mentions it without saying them: ``s: State``, ``-> State``.

    ``lineage`` are the class and its bases with sizes. A layer is composed with others, the output
    of one being the input of the next. One that ``is_repeated`` stands for several objects, as in ``*states: State``.
    """

    names: Names
    lineage: frozenset[object]
    is_layer: bool
    is_repeated: bool = False

    def is_rival(self, other: Mention) -> bool:
        """Whether a name that both have may stand for two sizes: of one class, of two layers, or the same by chance."""
        both = self.names & other.names
        by_chance = len(both) == 1 and both not in (self.names, other.names)
        return bool(self.lineage & other.lineage) or (self.is_layer and other.is_layer) or by_chance


def shared_names(
    parameters: Sequence[Mention], results: Sequence[Mention], taken: Names, given: Names, counted: bool = False
) -> tuple[list[Names], list[Names]]:
    """Of each mention, among the parameters and in the result, the names that are names of the signature.

    A class's names are the signature's where it mentions one of them a second time: in an annotation that says sizes
    (those of the parameters say ``taken``, that of the result ``given``), in another class, or in that of the result.
    What rivals share is no name of the signature, and neither is what only the result's class has. Where nothing but
    the class itself tells its names, the result may have other sizes: those of another array, or what is ``counted``
    by an int or a slice among the parameters.
    """
    results = [one if _keeps_sizes(one, parameters, taken, counted) else replace(one, names=Names()) for one in results]
    unclear = frozenset(name for index in range(len(parameters)) for name in _contested(parameters, index))
    unclear_results = frozenset(name for index in range(len(results)) for name in _contested(results, index))
    own = [mention.names - _contested(parameters, index) for index, mention in enumerate(parameters)]
    asked = [mention.names - unclear - unclear_results for mention in results]
    found: list[Names] = []
    for index, (mention, names) in enumerate(zip(parameters, own, strict=True)):
        others = [other for number, other in enumerate(own) if number != index]
        others += [name for name, result in zip(asked, results, strict=True) if _goes_into(mention, result)]
        found.append(names if names & taken.union(given, *others) else frozenset())
    known = [
        taken.union(*(names for names, one in zip(found, parameters, strict=True) if _goes_into(one, result)))
        for result in results
    ]
    return found, [names & some for names, some in zip(asked, known, strict=True)]


def _keeps_sizes(result: Mention, parameters: Sequence[Mention], taken: Names, counted: bool) -> bool:
    """Whether the class of the result has the sizes of a parameter of that class."""
    others = [one.names for one in parameters if not one.lineage & result.lineage]
    return bool(result.names & taken.union(*others)) or not (taken or counted)


def _contested(mentions: Sequence[Mention], index: int) -> Names:
    """The names that a mention has in common with its rivals."""
    mention = mentions[index]
    if mention.is_repeated:
        return mention.names
    rivals = [other for number, other in enumerate(mentions) if number != index and mention.is_rival(other)]
    return mention.names & frozenset[str]().union(*(rival.names for rival in rivals))


def _goes_into(parameter: Mention, result: Mention) -> bool:
    """Whether the names that both have are the same sizes."""
    return bool(parameter.lineage & result.lineage) or not parameter.is_rival(result)


def sizes_of(cls: str, names: Sequence[str], text: str) -> list[Shape]:
    """The sizes that ``Annotated[cls, text]`` gives to the names of the class, in order; one a name but of a variadic.

    Raises:
        ShapeError: for another number of sizes.
    """
    shape = parse_shape(text, cls)
    spread = next((index for index, name in enumerate(names) if name.startswith("*")), None)
    extra = len(shape) - len(names)
    open_ended = any(isinstance(axis, Variadic) for axis in shape)
    if (extra and spread is None) or extra < -1 or (open_ended and (spread is None or extra < 0)):
        wanted = f"{len(names)} size{'s' * (len(names) != 1)}, " + " ".join(f'"{name}"' for name in names)
        raise ShapeError(cls, f"has {wanted}, in this order; got {show(shape)}", expected=" ".join(names), got=text)
    sizes: list[Shape] = []
    for index in range(len(names)):
        count = extra + 1 if index == spread else 1
        sizes.append(shape[:count])
        shape = shape[count:]
    return sizes


def sorted_names(shape: Shape) -> list[str]:
    """The names of a shape in the order in which they are written."""
    return [name for axis in shape for name in sorted(shape_names((axis,)))]


def match_sizes(
    unifier: Unifier, names: Sequence[str], formal: Sequence[Shape], actual: Sequence[Shape], place: str
) -> None:
    """State that an object of a class with these names, found at ``place``, has the sizes that are asked for.

    Raises:
        ShapeError: for another number of sizes where a name stands for several.
    """
    for name, size, got in zip(names, formal, actual, strict=True):
        expected = unifier.with_given(size)
        (first, *_) = (*expected, None)
        where = place if plain(first) == name else f'"{name}" of {place}'
        if len(expected) == len(got) == 1 and not isinstance(first, Variadic) and not isinstance(got[0], Variadic):
            assert first is not None
            unifier.dimension(first, got[0], where)
        else:
            unifier.match(expected, got, where)
