"""Logistic regression: mypy knows the Hessian's shape, and Newton's steps end where another library's end."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import torchlean_typed as tl
from tests.programs import EXAMPLES, check_changed, loaded
from torchlean_typed import autograd

PROGRAM = EXAMPLES / "logistic" / "fit_logistic.py"


@pytest.fixture(scope="module")
def fit() -> ModuleType:
    return loaded(PROGRAM)


def test_the_hessian_is_the_closed_form(fit: ModuleType) -> None:
    x, y = fit.measurements()
    w = tl.random.normal(31, seed=0)
    found = autograd.fn.hessian(lambda w: fit.penalised(w, x, y), w).tensor.numpy()
    columns = np.column_stack([x.numpy(), np.ones(569)])
    chances = 1 / (1 + np.exp(-columns @ w.numpy()))
    expected = (columns.T * (chances * (1 - chances))) @ columns / 569
    np.testing.assert_allclose(found, expected + fit.PENALTY * np.diag(np.arange(31) < 30), rtol=1e-9, atol=1e-12)


def test_newtons_steps_end_where_the_gradient_is_0(fit: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    x, y = fit.measurements()
    w, norms = fit.newton(x, y)
    assert len(norms) <= 10
    assert norms[-2] < 1e-6, "the steps converge quadratically"
    assert norms[-1] < fit.TOLERANCE
    chances = 1 / (1 + np.exp(y.numpy() * (x.numpy() @ w.numpy()[:-1] + w.numpy()[-1])))
    gradient = -(chances * y.numpy()) @ np.column_stack([x.numpy(), np.ones(569)]) / 569
    np.testing.assert_allclose(gradient + fit.PENALTY * w.numpy() * (np.arange(31) < 30), 0, atol=1e-9)
    other = LogisticRegression(C=1 / (569 * fit.PENALTY), tol=1e-10, max_iter=10_000).fit(x.numpy(), y.numpy())
    np.testing.assert_allclose(w.numpy(), np.append(other.coef_, other.intercept_), atol=1e-5)
    fit.main()
    assert "right: 98.6% of 569" in capsys.readouterr().out


def test_mypy_finds_nothing_in_it_and_what_is_wrong_where_it_is_changed(tmp_path: Path) -> None:
    changes = {
        ("x @ w[:-1] + w[-1]", "x @ w + w[-1]"): "matmul: inner dimensions differ: 30 (left: [n, 30]) and 31",
        ("tl.mean(tl.softplus(-y * scores(w, x)))", "tl.softplus(-y * scores(w, x))"): "has shape [n], expected []",
        ("hessian(objective, w).tensor, gradient)", "hessian(objective, w).tensor, x)"): (
            "solve: the sizes of the matrix and of the right operand differ: 31 and n"
        ),
        ("w = tl.zeros(31)", "w = tl.zeros(30)"): 'objective: argument 1 ("w") has shape [30], expected [31]',
    }
    check_changed(PROGRAM, changes, tmp_path)
