"""mypy's own messages about shaped types, in our words.

What a function returns, what is assigned, yielded or appended is compared by mypy itself, and said in types. Where the
types are Tensors, arrays or packs, the message is said anew in shapes; other messages keep their words, with types as
users write them. mypy asks a filter about each error that it is about to report, and ours changes the text.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from mypy.errorcodes import RETURN_VALUE
from mypy.errors import ErrorInfo, Errors, ErrorWatcher
from mypy.nodes import FuncDef, LambdaExpr

from torchlean_mypy.calls.guard import RAISES, Checker
from torchlean_mypy.reports.codes import WRONG, code_of, comes_of_error, is_told_behind, lost_by_error, reported
from torchlean_mypy.reports.told import Told
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.types.dependencies import may_have_shapes
from torchlean_mypy.types.facts import Facts
from torchlean_mypy.words.comparisons import is_of_shape
from torchlean_mypy.words.explained import PYTHONS_OWN, explained
from torchlean_mypy.words.miscounted import follows
from torchlean_mypy.words.misplaced import misplaced
from torchlean_mypy.words.type_text import SHAPED, TypeText, goes_with, may_be_same, readable_signature
from torchlean_mypy.words.unnamed import PREFIX
from torchlean_typed.shapes.errors import ShapeError, show

QUOTED = re.compile(r'"([^"]*)"')
INFERRED = re.compile(r'Cannot infer value of type parameter "(?P<dim>[a-z0-9][^"]*)" of "(?P<op>[^"]*)"')
APART = re.compile(r"@dim:[^\s,\]'\"]+")  # by which mypy tells a class's name from a method's of the same text
VARIANCE = re.compile(r'\w+ type variable "[a-z*][^"]*" used in protocol where \w+ one is expected')
DEFAULT = re.compile(
    r'Incompatible default for parameter "\w+" '
    r'\(default has type "(?:int|Dim\[[^"]*\])", parameter has type "Dim\[[^"]*\](?: \| None)?"\)'
)
LAMBDA = re.compile(r'"[^"]*Callable\[.*"[^"]*Callable\[')
SIZE = re.compile(r"\*?[a-z0-9_(-][a-z0-9_+*/ ()-]*")
PLAIN = ("int", "float", "bool", "str", "bytes", "complex", "object", "None")
LIBRARY = ("Tensor", "ndarray", "TensorPack", "Seq", "Dim", "Rows", "OutputLoss", "Literal", "tuple")
RESULT = "the result"
# what mypy advises after an error about types, and does not help against one about shapes
ADVICE = re.compile(
    r"Perhaps you need a type annotation for .*|.* is invariant -- see: .*|Consider using .* covariant.*"
)
EACH = ("list", "set", "frozenset", "deque", "Sequence", "Iterable", "Iterator", "Collection", "Generator")
CALLED = r'"(?:__(?:call|init)__" of ")?(?P<op>\w+)"(?: of "\w+")?'
SHOWN = 3  # of the alternatives of a union

# What mypy says, and the name and the thing that a message of ours begins with; {} is the function's name.
# A pattern is compiled when there is a message to read, and kept by re.
KNOWN: dict[str, tuple[str, str]] = {
    r'Incompatible return value type \(got "(?P<got>.*)", expected "(?P<expected>.*)"\)': ("{}", RESULT),
    r'Incompatible types in "yield" \(actual type "(?P<got>.*)", expected type "(?P<expected>.*)"\)': (
        "{}",
        "what is yielded",
    ),
    r'Incompatible types in assignment \(expression has type "(?P<got>.*)", \w+ has type "(?P<expected>.*)"\)': (
        "assignment",
        "the value",
    ),
    r'Incompatible default for parameter "(?P<name>\w+)" '
    r'\(default has type "(?P<got>.*)", parameter has type "(?P<expected>.*)"\)': ("default", 'the value of "{name}"'),
    rf'Argument (?P<number>\d+) to {CALLED} has incompatible type "(?P<got>.*)"; '
    r'expected "(?P<expected>.*)"': ("{op}", "argument {number}"),
    r'Argument (?P<number>\d+) has incompatible type "(?P<got>.*)"; expected "(?P<expected>.*)"': (
        "call",
        "argument {number}",
    ),
    rf'Argument "(?P<name>\w+)" to {CALLED} has incompatible type "(?P<got>.*)"; '
    r'expected "(?P<expected>.*)"': ("{op}", 'argument "{name}"'),
    r"List comprehension has incompatible type List\[(?P<got>.*)\]; expected List\[(?P<expected>.*)\]": (
        "list",
        "each item",
    ),
    r"Set comprehension has incompatible type Set\[(?P<got>.*)\]; expected Set\[(?P<expected>.*)\]": (
        "set",
        "each item",
    ),
    r'Generator has incompatible item type "(?P<got>.*)"; expected "(?P<expected>.*)"': ("generator", "each item"),
    r'Value expression in dictionary comprehension has incompatible type "(?P<got>.*)"; '
    r'expected type "(?P<expected>.*)"': ("dict", "each value"),
    r'Value of "(?P<name>\w+)" has incompatible type "(?P<got>.*)"; expected "(?P<expected>.*)"': (
        "assignment",
        'item "{name}"',
    ),
    r'List item (?P<number>\d+) has incompatible type "(?P<got>.*)"; expected "(?P<expected>.*)"': (
        "list",
        "item {number}",
    ),
    r'Dict entry (?P<number>\d+) has incompatible type ".*": "(?P<got>.*)"; expected ".*": "(?P<expected>.*)"': (
        "dict",
        "the value of entry {number}",
    ),
    r'Incompatible types \(expression has type "(?P<got>.*)", '
    r'TypedDict item "(?P<name>\w+)" has type "(?P<expected>.*)"\)': ("dict", 'item "{name}"'),
}


def install(errors: Errors) -> None:
    """Have the errors of the file that is being analysed said in our words."""
    filters = (getattr(watcher._filter, "__self__", None) for watcher in errors._watchers)
    wording = next((found for found in filters if isinstance(found, Wording)), None)
    if wording is None:
        wording = Wording()
        errors._watchers.insert(0, ErrorWatcher(errors, filter_errors=wording.reword))
    Wording.said.begin(errors.file)


def _checked(checker: Any) -> None:
    """The daemon checks functions again without analysing their file again."""
    if may_have_shapes(checker.tree, checker.modules):
        install(checker.errors)


Checker.listeners.append(_checked)


class Wording:
    """Changes the texts of errors on their way."""

    # of the files with shapes, the messages of ours by line: nobody else's change
    said: ClassVar[Notes[int, str]] = Notes()

    def reword(self, file: str, info: ErrorInfo) -> bool:
        """Say an error about shapes in our words; hold it back where it only repeats one within it."""
        try:
            return file in self.said and self._reword(file, info)
        except Exception:
            if RAISES:
                raise
            return False

    def _reword(self, file: str, info: ErrorInfo) -> bool:
        Facts.at(file, info.line)
        if info.severity == "note" and info.line in self.said[file] and ADVICE.fullmatch(info.message):
            return True
        if VARIANCE.fullmatch(info.message) or f'"{PREFIX}' in info.message:
            return True  # a dimension in a protocol is what it is; and nobody wrote the name that we gave
        if DEFAULT.fullmatch(info.message):
            return True  # a call that does not say the size has this one
        if Told.covers(file, info, reported(Checker.latest)) or is_of_shape(file, info):
            return True
        if (behind := explained(file, info)) is not None:
            info.message = behind.message
            info.code = info.code if behind.op in PYTHONS_OWN else code_of(behind)
            return False
        if (wrong := misplaced(file, info)) is not False:
            if isinstance(wrong, ShapeError):
                info.message = wrong.message
            return wrong is True or follows(file, info)
        if (inferred := INFERRED.fullmatch(info.message)) is not None:
            problem = f'dimension "{inferred["dim"]}" is not the same in all arguments'
            info.message = ShapeError(inferred["op"], problem).message
        if info.message.startswith("Revealed type"):
            return False
        if not SHAPED.search(info.message):
            other = mismatch(info.message, info.local_ctx[1] or "the function") if "[" in info.message else None
            info.message = other.message if other is not None else info.message
            return False
        if is_only_unknown(info.message) or follows(file, info):
            return True
        error = mismatch(info.message, _function(file, info))
        if error is not None:
            if comes_of_error(Checker.latest, info, str(error.got)):
                return True  # it is made of what is wrong
            lost_by_error(Checker.latest, info)
            info.message = error.message
            self.said[file][info.line] = error.message
        elif info.code is not None and info.code not in WRONG:
            if LAMBDA.search(info.message) and is_told_behind(Checker.latest, info, (*WRONG, RETURN_VALUE)):
                return True  # a lambda in which something is wrong
            info.message = readable(info.message)
        return False


def readable(message: str) -> str:
    """A message with its types, and its functions, as they are written in annotations."""

    def written(found: re.Match[str]) -> str:
        return readable_signature(found[1]) if found[1].startswith("def ") else TypeText(found[1]).readable

    return QUOTED.sub(lambda found: f'"{written(found)}"', readable_signature(APART.sub("", message)))


def _function(file: str, info: ErrorInfo) -> str:
    """The function that an error stands in; of what a lambda gives, the lambda."""
    here = (info.line, info.column)
    for found in nodes(Checker.latest.tree, LambdaExpr) if Checker.path == file else ():
        end = found.expr()  # mypy before 2.4 does not know where a lambda ends
        if (found.line, found.column) <= here < (end.end_line or 0, end.end_column or 0):
            return "<lambda>"
    within = Checker.latest.scope.current_function() if Checker.path == file else None
    if isinstance(within, FuncDef):
        return within.info.name if within.name == "__call__" else within.name
    return info.local_ctx[1] or "the function"


def is_only_unknown(message: str) -> bool:
    """Whether a message is about shapes of which nothing is known but that they are not known.

    What is not known goes with everything; mypy before 2.4 takes a tensor of any rank to be none of rank 2.
    """
    found = next((found for pattern in KNOWN if (found := re.fullmatch(pattern, message)) is not None), None)
    return found is not None and goes_with(TypeText(found["got"]), TypeText(found["expected"]))


def mismatch(message: str, function: str) -> ShapeError | None:
    """A message of mypy's as an error about shapes; None where it is about something else."""
    for pattern, (op, place) in KNOWN.items():
        found = re.fullmatch(pattern, message)
        if found is not None:
            fields = found.groupdict()
            got, expected = TypeText(fields["got"]), TypeText(fields["expected"])
            return _compared(op.format(function, **fields), place.format(**fields), got, expected)
    return None


def _compared(op: str, place: str, got: TypeText, expected: TypeText) -> ShapeError | None:
    """What is wrong with a value of one type where another is expected, as far as it is a matter of shapes."""
    if got.name == expected.name == "tuple" and len(got.args) == len(expected.args):
        for index, pair in enumerate(zip(got.args, expected.args, strict=True)):
            inner, outer = map(TypeText, pair)
            if not goes_with(inner, outer):
                return _compared(op, f"item {index} of {place}", inner, outer)
        return None
    if (objects := _objects(op, place, got, expected)) is not None:
        return objects
    if got.name == expected.name and len(got.args) == len(expected.args):
        if got.name in EACH and not goes_with(inner := TypeText(got.args[0]), outer := TypeText(expected.args[0])):
            return _compared(op, f"each item of {place}", inner, outer)
        if got.name == "Rows" and not may_be_same(got.args[:1], expected.args[:1]):
            problem = f"the number of rows of {place} is {got.args[0]}, expected {expected.args[0]}"
            return ShapeError(op, problem, expected=expected.args[0], got=got.args[0])
        if got.name == "Rows":
            return _compared(op, f"a row of {place}", TypeText(got.args[1]), TypeText(expected.args[1]))
        if got.name in ("dict", "Mapping"):
            return _compared(op, f"each value of {place}", TypeText(got.args[1]), TypeText(expected.args[1]))
    if got.entries is not None and expected.entries is not None:
        return _packs(op, place, got.entries, expected.entries)
    wanted = [one for one in expected.alternatives if one.sizes is not None]
    given = [one for one in got.alternatives if one.sizes is not None]
    if not wanted or len(given) < len(got.alternatives) or {one.name for one in given} != {one.name for one in wanted}:
        return None
    wrong = [one for one in given if not any(may_be_same(one.sizes or (), other.sizes or ()) for other in wanted)]
    if wrong:
        return _sizes(op, place, given if len(given) > len(wrong) else wrong, wanted)
    got_dtype, wanted_dtype = given[0].dtype, wanted[0].dtype
    if len(given) == len(wanted) == 1 and got_dtype != wanted_dtype:
        problem = f"{place} has dtype {got_dtype}, expected {wanted_dtype}"
        return ShapeError(op, problem, expected=wanted_dtype, got=got_dtype)
    return None


def _objects(op: str, place: str, got: TypeText, expected: TypeText) -> ShapeError | None:
    """Of an object of a class with sizes, where one of other sizes is expected."""
    annotation = f'Annotated[{got.name}, "{" ".join("_" if size == "Any" else size for size in got.args)}"]'
    if place == RESULT and expected.text == "Self" and got.args and all(map(SIZE.fullmatch, got.args)):
        others = f"Self has the sizes of self: {annotation} says others"
        return ShapeError(op, f"{place} is {got.text}, expected Self", expected="Self", got=got.text, hint=others)
    wanted = next((one for one in expected.alternatives if one.name == got.name), None)
    if wanted is None or got.name in LIBRARY or len(got.args) != len(wanted.args) or len(got.alternatives) > 1:
        return None
    pairs = [pair for pair in zip(got.args, wanted.args, strict=True) if pair[0] != pair[1] and "Any" not in pair]
    if not pairs or not all(SIZE.fullmatch(size) and size not in PLAIN for pair in pairs for size in pair):
        return None
    hint = f"say its sizes where they are others: {annotation}" if place == RESULT else None
    shown, asked = got.text.rpartition(".")[2], wanted.text.rpartition(".")[2]
    return ShapeError(op, f"{place} is {shown}, expected {asked}", expected=asked, got=shown, hint=hint)


def _sizes(op: str, place: str, given: list[TypeText], wanted: list[TypeText]) -> ShapeError:
    got, expected = _either(given), _either([*dict.fromkeys(wanted)])
    first, other = given[0].sizes or (), wanted[0].sizes or ()
    swapped = len(given) == len(wanted) == 1 and len(first) >= 2 and (*first[:-2], first[-1], first[-2]) == other
    hint = "did you mean .mT?" if swapped and given[0].name == "Tensor" else None
    return ShapeError(op, f"{place} has shape {got}, expected {expected}", expected=expected, got=got, hint=hint)


def _either(types: list[TypeText]) -> str:
    shapes = [show(one.sizes) for one in types]
    return " or ".join([*shapes[:SHOWN], *(["..."] if len(shapes) > SHOWN else [])])


def _packs(op: str, place: str, got: list[tuple[str, ...]], expected: list[tuple[str, ...]]) -> ShapeError | None:
    if len(got) != len(expected):
        count = f"{len(got)} {'entry' if len(got) == 1 else 'entries'}"
        problem = f"{place} has {count}, expected {len(expected)}"
        return ShapeError(op, problem, expected=len(expected), got=len(got))
    for index, (inner, outer) in enumerate(zip(got, expected, strict=True)):
        if inner != outer and "..." not in (*inner, *outer):
            problem = f"entry {index} of {place} has shape {show(inner)}, expected {show(outer)}"
            return ShapeError(op, problem, expected=show(outer), got=show(inner))
    return None
