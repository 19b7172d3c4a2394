"""A character-level transformer that learns to write like Python's own help pages; every shape is checked by mypy.

    torchlean-typed check examples/characters/train_characters.py -- --strict
    python examples/characters/train_characters.py

Prints the model's summary, the loss on text that was held out, in nats a character, and a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from pydoc_data.topics import topics
from typing import Final

import numpy as np
from jaxtyping import Float32, Int64
from numpy.typing import NDArray
from tqdm import tqdm

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, autograd, loss, nn

SEED = 2026
STEPS = 700
BATCH: Final = 16
LENGTH: Final = 64  # how many characters the model looks back
CHARACTERS: Final = 96  # those of ASCII that print, and the end of a line
WIDTH: Final = 64

block = nn.transformer_block(WIDTH, heads=4, hidden=4 * WIDTH, causal=True)
model = nn.Seq(
    nn.embedding(CHARACTERS, WIDTH),
    nn.positional_embedding(LENGTH, WIDTH),
    block,
    block,
    nn.layer_norm(WIDTH),
    nn.linear(WIDTH, CHARACTERS),
)
next_character = loss.cross_entropy()


@dataclass(frozen=True)
class Adam:
    """Parameters, and running means of their gradient and of its square (Kingma and Ba 2015, arXiv:1412.6980)."""

    params: Params[model]
    mean: Params[model]
    square: Params[model]
    steps: int = 0

    def step(self, gradient: Params[model], rate: float) -> Adam:
        """One step against the gradient."""
        steps = self.steps + 1
        mean = 0.9 * self.mean + 0.1 * gradient
        square = 0.99 * self.square + 0.01 * (gradient * gradient)
        scale = (square / (1 - 0.99**steps)).map(tl.sqrt) + 1e-8
        return Adam(self.params - rate / (1 - 0.9**steps) * (mean / scale), mean, square, steps)


def step(
    state: Adam, x: Int64[Tensor, "b 64"], y: Int64[Tensor, "b 64"], rate: float
) -> tuple[Adam, Float32[Tensor, ""]]:
    """One step of training: the new state, and the loss before it."""
    value, gradient = autograd.model.value_and_grad_params(model, next_character, state.params, x, y)
    return state.step(gradient, rate), value


def numbers(text: str) -> NDArray[np.int64]:
    """The number of each character: 0 for the end of a line, 1 to 95 for what prints; others are left out."""
    codes = np.frombuffer(text.encode("ascii", "ignore"), np.uint8).astype(np.int64)
    kept = codes[(codes == 10) | ((codes >= 32) & (codes < 127))]
    return np.where(kept == 10, 0, kept - 31)


def characters(numbers: list[int]) -> str:
    """The text of these numbers."""
    return "".join("\n" if number == 0 else chr(number + 31) for number in numbers)


def windows(
    text: NDArray[np.int64], generator: np.random.Generator
) -> tuple[Int64[Tensor, "16 64"], Int64[Tensor, "16 64"]]:
    """Pieces of the text from places drawn anew, and each piece one character later."""
    starts = generator.integers(0, len(text) - LENGTH, BATCH)
    pieces = text[starts[:, None] + np.arange(LENGTH + 1)]
    return tl.ensure(tl.from_numpy(pieces[:, :-1]), "16 64"), tl.ensure(tl.from_numpy(pieces[:, 1:]), "16 64")


def mean_loss(params: Params[model], text: NDArray[np.int64], batches: int) -> float:
    """The loss on pieces of a text, in nats a character."""
    generator = np.random.default_rng(SEED)
    values = [next_character(model(params, x), y) for x, y in (windows(text, generator) for _ in range(batches))]
    return float(tl.mean(tl.stack(values)))


def sample(params: Params[model], start: str, length: int, temperature: float = 0.7) -> str:
    """A text that goes on from ``start``, each character drawn by what the model gives for those before it."""
    generator = np.random.default_rng(SEED)
    text = [int(number) for number in numbers(start)]
    for _ in range(length):
        seen = text[-LENGTH:]
        context = tl.ensure(tl.tensor(seen + [0] * (LENGTH - len(seen)), np.int64), "64")
        logits = model(params, context)[len(seen) - 1]
        chances = tl.softmax(logits / temperature).numpy().astype(np.float64)
        text.append(int(generator.choice(CHARACTERS, p=chances / chances.sum())))
    return characters(text)


def train(text: NDArray[np.int64]) -> Params[model]:
    """Train on pieces of the text, first ever faster and then ever more slowly."""
    params = model.init(seed=SEED, dtype=np.float32)
    state = Adam(params, params.zeros_like(), params.zeros_like())
    generator = np.random.default_rng(SEED)
    with tqdm(range(STEPS), unit="step", ncols=80) as progress:
        for number in progress:
            rate = 5e-3 * min((number + 1) / 100, (STEPS - number) / (STEPS - 100))
            x, y = windows(text, generator)
            state, value = step(state, x, y, rate)
            if number % 20 == 0:
                progress.set_postfix_str(f"loss {float(value):.3f}", refresh=False)
    return state.params


def main() -> None:
    """Train on nine tenths of the help pages; print how well the model does on the rest, and what it writes."""
    print(model.summary())
    text = numbers("\n".join(topics.values()))
    params = train(text[: len(text) * 9 // 10])
    print(f"held-out loss: {mean_loss(params, text[len(text) * 9 // 10 :], batches=20):.3f} nats a character")
    print(sample(params, "The ", length=300))


if __name__ == "__main__":
    main()
