"""The plugin's options: ``[tool.torchlean_typed]`` in pyproject.toml, ``[torchlean_typed]`` in mypy.ini or setup.cfg.

They stand in the file that mypy's own configuration was read from.
"""

from __future__ import annotations

import configparser
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

SECTION = "torchlean_typed"
SHAPE_STUBS = "torchlean_shape_stubs"  # our own


@dataclass(frozen=True)
class Config:
    """What a project may set.

    ``strict_shapes`` reports where a shape is lost. ``shape_stubs`` are folders of shape stubs, next to the file.
    ``redefinition`` lets a variable be bound again to a tensor of another shape (mypy's ``allow_redefinition``).
    """

    strict_shapes: bool = False
    redefinition: bool = True
    shape_stubs: tuple[str, ...] = ()

    @property
    def stub_folders(self) -> list[Path]:
        """Where shape stubs are: the project's own folders come first, then ours."""
        spec = find_spec(SHAPE_STUBS)
        ours = list(spec.submodule_search_locations or ()) if spec is not None else []
        return [Path(folder) for folder in (*self.shape_stubs, *ours)]


def read(config_file: str | None) -> Config:
    """The options in mypy's configuration file.

    Raises:
        ValueError: for an option that does not exist or has a value of the wrong kind.
    """
    if not config_file or not Path(config_file).is_file():
        return Config()
    path = Path(config_file)
    if path.suffix == ".toml":
        given = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get(SECTION, {})
    else:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(path, encoding="utf-8")
        given = dict(parser[SECTION]) if parser.has_section(SECTION) else {}
    options: dict[str, object] = {}
    for name, value in given.items():
        if name in ("strict_shapes", "redefinition"):
            options[name] = value if isinstance(value, bool) else _flag(name, value, path)
        elif name == "shape_stubs":
            folders = value.replace(",", " ").split() if isinstance(value, str) else value
            options[name] = tuple(str(path.parent / folder) for folder in folders)
            for folder in folders:
                if not (path.parent / folder).is_dir():
                    raise ValueError(f"{config_file}: [{SECTION}] shape_stubs: there is no folder {folder!r}")
        else:
            raise ValueError(f"{config_file}: [{SECTION}] has no option {name!r}")
    return Config(**options)  # type: ignore[arg-type]


def _flag(name: str, value: object, path: Path) -> bool:
    """A flag of an ini file, whose values are texts; TOML has flags."""
    flag = configparser.ConfigParser.BOOLEAN_STATES.get(str(value).lower()) if path.suffix != ".toml" else None
    if flag is None:
        raise ValueError(f"{path}: [{SECTION}] {name} must be true or false, got {value!r}")
    return flag
