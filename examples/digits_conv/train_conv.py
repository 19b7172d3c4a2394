"""Handwritten digits by a convolutional net: every shape, from the windows to the gradients, is checked by mypy.

    torchlean-typed check examples/digits_conv/train_conv.py -- --strict
    python examples/digits_conv/train_conv.py

Prints the model's summary and the part of the held-out images that it reads right.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float32
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from tqdm import tqdm

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, autograd, loss, nn

SEED = 2026
EPOCHS = 16
RATE, MOMENTUM = 0.05, 0.9

model = nn.Seq(
    nn.input("1 8 8"),
    nn.conv2d(1, 16, 3, padding=1),
    nn.relu(),
    nn.residual(nn.conv2d(16, 16, 3, padding=1) >> nn.relu() >> nn.conv2d(16, 16, 3, padding=1)),
    nn.max_pool2d(2),
    nn.conv2d(16, 32, 3, padding=1),
    nn.relu(),
    nn.max_pool2d(2),
    nn.flatten(3),
    nn.linear(128, 10),
)
cross_entropy = loss.cross_entropy_one_hot()


def step(
    params: Params[model],
    velocity: Params[model],
    x: Float32[Tensor, "b 1 8 8"],
    y: Float32[Tensor, "b 10"],
    rate: float,
) -> tuple[Params[model], Params[model], Float32[Tensor, ""]]:
    """One step of gradient descent with momentum: the new parameters, the new velocity, the loss before the step."""
    value, gradient = autograd.model.value_and_grad_params(model, cross_entropy, params, x, y)
    velocity = MOMENTUM * velocity - rate * gradient
    return params + velocity, velocity, value


def accuracy(params: Params[model], x: Float32[Tensor, "n 1 8 8"], y: Float32[Tensor, "n 10"]) -> float:
    """The part of the images whose highest score is that of the right digit."""
    right = tl.argmax(model(params, x), axis=1) == tl.argmax(y, axis=1)
    return float(tl.mean(right.astype(np.float64)))


def digits() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The 1,797 images of one channel, 8 by 8 pixels from 0 to 1, and their digits as one-hot rows, shuffled."""
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(SEED).permutation(len(images))
    pixels = (images[order] / 16.0).reshape(-1, 1, 8, 8).astype(np.float32)
    return pixels, np.eye(10, dtype=np.float32)[labels[order]]


def batches(
    images: NDArray[np.float32], labels: NDArray[np.float32], epoch: int
) -> Iterator[tuple[Float32[Tensor, "50 1 8 8"], Float32[Tensor, "50 10"]]]:
    """The images in an order of this epoch's own, 50 at a time; `tl.ensure` gives arrays of any shape a known one."""
    order = np.random.default_rng([SEED, epoch]).permutation(len(images))
    for start in range(0, len(images) - 49, 50):
        rows = order[start : start + 50]
        yield tl.ensure(tl.from_numpy(images[rows]), "50 1 8 8"), tl.ensure(tl.from_numpy(labels[rows]), "50 10")


def train() -> float:
    """Train on 1,400 images, ever more slowly; the accuracy on the 397 held out."""
    images, labels = digits()
    held_out_x = tl.ensure(tl.from_numpy(images[1400:]), "397 1 8 8")
    held_out_y = tl.ensure(tl.from_numpy(labels[1400:]), "397 10")
    params = model.init(seed=SEED, dtype=np.float32)
    velocity = params.zeros_like()
    with tqdm(range(EPOCHS), unit="epoch", ncols=80) as progress:
        for epoch in progress:
            rate = RATE * (1 + np.cos(np.pi * epoch / EPOCHS)) / 2
            value = 0.0
            for x, y in batches(images[:1400], labels[:1400], epoch):
                params, velocity, each = step(params, velocity, x, y, rate)
                value += float(each) * 50 / 1400
            progress.set_postfix_str(f"loss {value:.4f}", refresh=False)
    return accuracy(params, held_out_x, held_out_y)


def main() -> None:
    """Train, print the summary and the result."""
    print(model.summary())
    print(f"held-out accuracy: {train():.1%}")


if __name__ == "__main__":
    main()
