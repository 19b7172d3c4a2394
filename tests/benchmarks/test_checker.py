"""The benchmark of the checker, as far as it takes no time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.checker import __main__ as benchmark


def test_what_is_not_installed_is_told_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def rows(*given: Any) -> Iterator[str]:
        raise AssertionError("something was measured")

    monkeypatch.setattr(benchmark, "rows", rows)
    monkeypatch.setattr(sys, "argv", ["benchmarks.checker", "--packages", "json", "nowhere", "json/nowhere"])
    with pytest.raises(SystemExit):
        benchmark.main()
    assert "not installed: nowhere, json/nowhere" in capsys.readouterr().err
