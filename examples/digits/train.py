"""Handwritten digits: a model whose gradients have their shapes checked by mypy before anything runs.

    torchlean-typed check examples/digits/train.py -- --strict
    python examples/digits/train.py

Writes a learning curve and the model's summary into `out/` beside this file.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float64
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from tqdm import tqdm

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, autograd, loss, nn

SEED = 2026
EPOCHS = 30
RATE, MOMENTUM = 0.1, 0.9
OUT = Path(__file__).parent / "out"

model = nn.Seq(nn.linear(64, 96), nn.gelu(), nn.linear(96, 10))
cross_entropy = loss.cross_entropy_one_hot()


def step(
    params: Params[model], velocity: Params[model], x: Float64[Tensor, "b 64"], y: Float64[Tensor, "b 10"]
) -> tuple[Params[model], Params[model], Float64[Tensor, ""]]:
    """One step of gradient descent with momentum: the new parameters, the new velocity, the loss before the step."""
    out = autograd.model.value_and_grads(model, cross_entropy, params, x, y)
    velocity = MOMENTUM * velocity - RATE * out.dparams
    return params + velocity, velocity, out.value


def accuracy(params: Params[model], x: Float64[Tensor, "n 64"], y: Float64[Tensor, "n 10"]) -> float:
    """The part of the images whose highest score is that of the right digit."""
    scores = model(params, x)
    highest = tl.max(scores, axis=1, keepdims=True)
    return float(tl.mean(tl.sum(tl.where(scores == highest, y, 0.0), axis=1)))


def digits() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 1,797 images, 8 by 8 pixels from 0 to 1, and their digits as one-hot rows, shuffled."""
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(SEED).permutation(len(images))
    return images[order] / 16.0, np.eye(10)[labels[order]]


def batches(
    images: NDArray[np.float64], labels: NDArray[np.float64], epoch: int
) -> Iterator[tuple[Float64[Tensor, "50 64"], Float64[Tensor, "50 10"]]]:
    """The images in an order of this epoch's own, 50 at a time; `tl.ensure` gives arrays of any shape a known one."""
    order = np.random.default_rng([SEED, epoch]).permutation(len(images))
    for start in range(0, len(images) - 49, 50):
        rows = order[start : start + 50]
        yield tl.ensure(tl.from_numpy(images[rows]), "50 64"), tl.ensure(tl.from_numpy(labels[rows]), "50 10")


def train() -> tuple[list[float], list[float]]:
    """Train on 1,400 images; the mean loss and the accuracy on the 397 held out, epoch by epoch."""
    images, labels = digits()
    held_out_x = tl.ensure(tl.from_numpy(images[1400:]), "397 64")
    held_out_y = tl.ensure(tl.from_numpy(labels[1400:]), "397 10")
    params = model.init(seed=SEED)
    velocity = params.zeros_like()
    losses, accuracies = [], []
    with tqdm(range(EPOCHS), unit="epoch", ncols=80) as progress:
        for epoch in progress:
            values = []
            for x, y in batches(images[:1400], labels[:1400], epoch):
                params, velocity, value = step(params, velocity, x, y)
                values.append(float(value))
            losses.append(sum(values) / len(values))
            accuracies.append(accuracy(params, held_out_x, held_out_y))
            progress.set_postfix_str(f"loss {losses[-1]:.4f}, held out {accuracies[-1]:.1%}", refresh=False)
    return losses, accuracies


def draw(losses: list[float], accuracies: list[float], file: Path) -> None:
    """The learning curve: the loss at the left, the accuracy at the right."""
    figure = Figure(figsize=(8, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    epochs = range(1, len(losses) + 1)
    left.semilogy(epochs, losses, color="tab:blue")
    left.set(title="cross-entropy, 1,400 training images", xlabel="epoch")
    right.plot(epochs, [100 * part for part in accuracies], color="tab:green")
    right.set(title="accuracy in %, 397 images held out", xlabel="epoch")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    figure.savefig(file, dpi=150)


def main() -> None:
    """Train, write the curve and the summary, print the result."""
    losses, accuracies = train()
    OUT.mkdir(exist_ok=True)
    draw(losses, accuracies, OUT / "learning_curve.png")
    (OUT / "summary.txt").write_text(model.summary() + "\n", encoding="utf-8")
    print(f"held-out accuracy: {accuracies[-1]:.1%}")


if __name__ == "__main__":
    main()
