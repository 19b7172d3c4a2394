"""The heat equation: mypy follows second derivatives, what is wrong is found, and the network finds the solution."""

import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import torchlean_typed as tl
from tests.programs import EXAMPLES, check_changed, loaded

PROGRAM = EXAMPLES / "heat" / "fit_heat.py"


@pytest.fixture(scope="module")
def fit() -> ModuleType:
    return loaded(PROGRAM)


def test_what_is_left_of_the_equation_is_that_of_finite_differences(fit: ModuleType) -> None:
    params, step = fit.model.init(seed=0), 1e-3
    points = fit.inside.numpy()

    def u(t: float, x: float) -> np.ndarray:
        return fit.temperature(params, tl.from_numpy(points + np.array([[t, x]]))).numpy()

    in_time = (u(step, 0) - u(-step, 0)) / (2 * step)
    in_place = (u(0, step) - 2 * u(0, 0) + u(0, -step)) / step**2
    found = fit.left_over(params, fit.inside).numpy()
    np.testing.assert_allclose(found, in_time - in_place / np.pi**2, atol=1e-6)
    assert np.abs(found).max() > 0.1


def test_mypy_finds_nothing_in_it_and_what_is_wrong_where_it_is_changed(tmp_path: Path) -> None:
    changes = {
        ("[:, 0]\n\n\ndef along", "\n\n\ndef along"): "expected [n]",
        ("tl.eye(2)[axis][None, :]", "tl.eye(2)[axis][:, None]"): "broadcast_to: ",
        ("autograd.fn.jvp(u, points, along(points, 1))", "autograd.fn.jvp(u, points, points[:, 1])"): (
            "jvp: v does not have the shape of x (x: [n, 2], v: [n])"
        ),
        ('Tensor, "337"', 'Tensor, "336"'): "unflatten: ",
        ("jacobian.T @ value", "jacobian @ value"): "matmul: inner dimensions differ: 337 (left: [124, 337]) and 124",
    }
    check_changed(PROGRAM, changes, tmp_path, strict_shapes=True)


@pytest.mark.slow
def test_it_finds_the_solution(fit: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    fit.main()
    error = re.search(r"largest error: (\S+) of", capsys.readouterr().out)
    assert error is not None
    assert float(error[1]) < 2e-4
