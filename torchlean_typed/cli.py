"""The command line: ``torchlean-typed check`` and ``torchlean-typed summary``."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from torchlean_typed.nn import Seq

FAILURE = 2  # as argparse and mypy: 1 says that something was found, 2 that the command could not do its work
INTERRUPTED = 130  # as every shell says it

# Whether other libraries ship types is not what is checked here; a module that is not there at all is still reported.
CONFIGURATION = """\
[mypy]
plugins = torchlean_typed.mypy
disable_error_code = import-untyped
cache_dir = .mypy_cache/torchlean-typed
"""
PRETTY = "pretty = True\n"
STRICT = """
[torchlean_typed]
strict_shapes = true
"""


class CommandError(Exception):
    """What the user can put right; the message is all that is shown."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; give its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    ours, flags = _split(given)
    parser = _parser()
    options = parser.parse_args(ours)
    if flags and options.command != "check":
        parser.error("only check takes flags after --")
    try:
        if options.command == "check":
            lowest = options.fail_under if options.fail_under is not None else 0.0 if options.coverage else None
            return run_mypy(options.files, flags, strict_shapes=options.strict_shapes, coverage=lowest).returncode
        if options.command == "summary":
            _print_summary(options.model, load_model(options.model))
            return 0
    except CommandError as error:
        print(f"torchlean-typed: {error}", file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        return INTERRUPTED
    parser.print_help()
    return FAILURE


# --- the arguments ----------------------------------------------------------------------------------------------------


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our arguments, and mypy's, which stand after ``--``."""
    if "--" not in arguments:
        return arguments, []
    middle = arguments.index("--")
    return arguments[:middle], arguments[middle + 1 :]


def _parser() -> argparse.ArgumentParser:
    from torchlean_typed import __version__

    parser = _new_parser(
        argparse.ArgumentParser,
        prog="torchlean-typed",
        description="Shape-verified autograd: check programs, look at models.",
        epilog="""\
            examples:
              torchlean-typed check train.py
              torchlean-typed check src tests -- --strict
              torchlean-typed summary train:model
            """,
    )
    parser.add_argument("--version", action="version", version=f"torchlean-typed {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    check = _new_parser(
        commands.add_parser,
        "check",
        help="check the shapes in programs with mypy; nothing is executed",
        usage="torchlean-typed check [--strict-shapes] [--coverage] [--fail-under PERCENT] FILE... [-- MYPY_FLAG...]",
        description="""\
            Run mypy with the torchlean_typed plugin and no configuration of yours.

            Prints what mypy prints, in a terminal with the lines themselves (--pretty).
            Exit status 0: nothing found, 1: errors found, 2: mypy could not run.""",
        epilog="""\
            Flags after -- go to mypy: torchlean-typed check train.py -- --strict

            To check a project under its own configuration, name the plugin there and run mypy:

              [tool.mypy]
              plugins = ["torchlean_typed.mypy"]
            """,
    )
    check.add_argument("--strict-shapes", action="store_true", help="also report where a shape is lost")
    check.add_argument("--coverage", action="store_true", help="show how many tensor expressions have known shapes")
    check.add_argument("--fail-under", type=float, metavar="PERCENT", help="as --coverage; status 1 where fewer have")
    check.add_argument("files", nargs="+", metavar="FILE", help="a Python file, or a folder of them")

    summary = _new_parser(
        commands.add_parser,
        "summary",
        help="print the layers of a model with their shapes and parameters",
        usage="torchlean-typed summary MODULE:MODEL",
        description="Print a table of a model's layers: input, output, parameters and their number.",
        epilog="""\
            The module is imported, from the working directory first.

            examples:
              torchlean-typed summary train:model
              torchlean-typed summary project.models:classifier
              torchlean-typed summary examples/digits/train.py:model
            """,
    )
    summary.add_argument(
        "model", metavar="MODULE:MODEL", help="where the model is: a module or a file, and a name in it"
    )
    return parser


def _new_parser(make: Any, *names: str, description: str, epilog: str, **settings: Any) -> argparse.ArgumentParser:
    """A parser that keeps the line breaks of its texts."""
    texts = {"description": textwrap.dedent(description), "epilog": textwrap.dedent(epilog)}
    parser: argparse.ArgumentParser = make(
        *names, **texts, **settings, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    return parser


# --- check ------------------------------------------------------------------------------------------------------------


def run_mypy(
    files: Sequence[str | Path],
    flags: Sequence[str] = (),
    *,
    strict_shapes: bool = False,
    coverage: float | None = None,
    capture: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run mypy with the plugin on these files; its output goes to ours, unless it is captured.

    With ``coverage``, the percentage of tensor expressions that have to have known shapes, these are counted.

    Raises:
        CommandError: where mypy is not installed, or the flags would switch the plugin off.
    """
    if find_spec("mypy") is None:
        raise CommandError("check needs mypy; install it with: pip install 'torchlean-typed[mypy]'")
    if coverage is not None and find_spec("rich") is None:
        raise CommandError("--coverage needs rich; install it with: pip install 'torchlean-typed[cli]'")
    if any(flag.partition("=")[0] == "--config-file" for flag in flags):
        hint = 'name the plugin in that file, plugins = ["torchlean_typed.mypy"], and run mypy itself'
        raise CommandError(f"--config-file would switch the plugin off: {hint}")
    with tempfile.TemporaryDirectory(prefix="torchlean-typed-") as folder:
        config = Path(folder, "mypy.ini")
        # for a person, mypy shows the lines themselves; a program gets a report a line
        pretty = PRETTY if is_terminal() and not capture else ""
        config.write_text(CONFIGURATION + pretty + STRICT * strict_shapes, encoding="utf-8")
        # -P: a file in the working directory must not stand in for one of mypy's own imports
        program = ["mypy"] if coverage is None else ["torchlean_mypy.strict.check", f"--fail-under={coverage}"]
        command = [sys.executable, "-P", "-m", *program, f"--config-file={config}", *flags, "--", *map(str, files)]
        return subprocess.run(command, capture_output=capture, text=True, check=False)


def is_terminal() -> bool:
    """Whether what is printed is for a person."""
    return sys.stdout.isatty()


# --- summary ----------------------------------------------------------------------------------------------------------


def load_model(target: str) -> Seq[Any, Any, Any, Any]:
    """The model that ``module:name`` or ``file.py:name`` names.

    Raises:
        CommandError: where there is no such module or name, the module fails, or what it names is no model.
    """
    from torchlean_typed.nn import Seq

    where, colon, name = target.rpartition(":")
    if not (colon and where and name):
        raise CommandError(f'"{target}" names no model: write MODULE:MODEL, as in train:model')
    module = _import(where)
    found: object = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise CommandError(f'{where} has no "{part}"{_models_in(module)}')
        found = getattr(found, part)
    if not isinstance(found, Seq):
        got = getattr(found, "__name__", type(found).__name__)
        raise CommandError(f'"{name}" in {where} is no model: a Seq is needed, got {got}{_models_in(module)}')
    return found


def _import(where: str) -> ModuleType:
    """A module by its name, or by its file; the working directory, or the file's folder, comes first."""
    if where.endswith(".py"):
        if not Path(where).is_file():
            raise CommandError(f"there is no file {where}")
        folder, module = str(Path(where).parent.resolve()), Path(where).stem
    else:
        folder, module = str(Path.cwd()), where
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and (module == error.name or module.startswith(f"{error.name}.")):
            raise CommandError(f'there is no module "{error.name}", looked for from {folder} on') from None
        raise CommandError(f"importing {where} failed: {error}") from error
    except Exception as error:
        raise CommandError(f"importing {where} failed: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(folder)


def _models_in(module: ModuleType) -> str:
    from torchlean_typed.nn import Seq

    names = [name for name, value in vars(module).items() if isinstance(value, Seq)]
    return f"; its models: {', '.join(names)}" if names else ""


def _print_summary(target: str, model: Seq[Any, Any, Any, Any]) -> None:
    try:
        from rich.box import SIMPLE
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ModuleNotFoundError:
        raise CommandError("summary needs rich; install it with: pip install 'torchlean-typed[cli]'") from None
    from torchlean_typed.nn.summary import COLUMNS, rows

    # texts, not markup: a shape in brackets is no style
    layers = [[Text(str(cell)) for cell in (*row[:-1], f"{row[-1]:,}")] for row in rows(model)]
    total = sum(row[-1] for row in rows(model))
    table = Table(title=Text(target, style="bold"), title_justify="left", box=SIMPLE, show_footer=True)
    footers = ("total", "", "", "", f"{total:,}")
    for heading, footer in zip(COLUMNS, footers, strict=True):
        right = heading == COLUMNS[-1]
        table.add_column(heading, footer=footer, justify="right" if right else "left", overflow="fold")
    for row in layers:
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
