"""Code that knows nothing of us: switched on over it, the plugin changes nothing that mypy says."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.checker.packages import measured

pytestmark = pytest.mark.slow


def test_mypy_says_the_same_of_a_package_that_uses_numpy(tmp_path: Path) -> None:
    found = measured("scipy/interpolate", tmp_path, rounds=1)
    assert len(found.without[0].lines) > 100
    assert found.differences == []
