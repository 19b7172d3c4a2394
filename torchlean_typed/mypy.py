"""The mypy plugin's entry: ``plugins = ["torchlean_typed.mypy"]`` in mypy's configuration switches it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy.plugin import Plugin


def plugin(version: str) -> type[Plugin]:
    """The plugin class, for mypy."""
    from torchlean_mypy.plugin import TorchleanPlugin

    return TorchleanPlugin


def __getattr__(name: str) -> str:
    """``__version__``, of the plugin and its configuration: when it changes, mypy's daemon begins anew."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from torchlean_mypy.plugin import TorchleanPlugin

    return str(TorchleanPlugin.latest.state if TorchleanPlugin.latest is not None else None)
