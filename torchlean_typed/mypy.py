"""The mypy plugin's entry: ``plugins = ["torchlean_typed.mypy"]`` in mypy's configuration switches it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy.plugin import Plugin


def plugin(version: str) -> type[Plugin]:
    """The plugin class, for mypy."""
    from torchlean_mypy.plugin import TorchleanPlugin

    return TorchleanPlugin
