"""An MLP-Mixer block: patches of an image, mixed over tokens, then over channels."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


def patches(x: Float64[Tensor, "b r*p s*p"], p: Dim["p"]) -> Float64[Tensor, "b r*s p*p"]:
    """The image as a sequence of patches."""
    b, rows, columns = x.shape
    r = rows // p
    s = columns // p
    grid: Float64[Tensor, "b r p s p"] = x.reshape((b, r, p, s, p))
    return tl.permute_dims(grid, (0, 1, 3, 2, 4)).reshape((b, r * s, p * p))


def normalised(
    x: Float64[Tensor, "b t c"], scale: Float64[Tensor, "c"], shift: Float64[Tensor, "c"]
) -> Float64[Tensor, "b t c"]:
    """Layer normalisation."""
    centred: Float64[Tensor, "b t c"] = x - tl.mean(x, axis=-1, keepdims=True)
    variance: Float64[Tensor, "b t 1"] = tl.var(x, axis=-1, keepdims=True)
    return centred / tl.sqrt(variance + 1e-6) * scale[None, None, :] + shift[None, None, :]


def feed_forward(
    x: Float64[Tensor, "b t n"], up: Float64[Tensor, "f n"], down: Float64[Tensor, "n f"]
) -> Float64[Tensor, "b t n"]:
    """Two layers along the last axis."""
    return tl.gelu(x @ up.T) @ down.T


def block(
    x: Float64[Tensor, "b t c"],
    tokens: tuple[Float64[Tensor, "f t"], Float64[Tensor, "t f"]],
    channels: tuple[Float64[Tensor, "g c"], Float64[Tensor, "c g"]],
) -> Float64[Tensor, "b t c"]:
    """Mix over tokens, then over channels, with residual connections."""
    scale: Float64[Tensor, "c"] = tl.ones(x.shape[2])
    shift: Float64[Tensor, "c"] = tl.zeros(x.shape[2])
    turned: Float64[Tensor, "b c t"] = tl.swapaxes(normalised(x, scale, shift), 1, 2)
    x = x + tl.swapaxes(feed_forward(turned, tokens[0], tokens[1]), 1, 2)
    return x + feed_forward(normalised(x, scale, shift), channels[0], channels[1])


def main(
    b: Dim["b"], r: Dim["r"], s: Dim["s"], p: Dim["p"], c: Dim["c"], f: Dim["f"], g: Dim["g"]
) -> Float64[Tensor, "b c"]:
    image: Float64[Tensor, "b p*r p*s"] = tl.random.normal((b, r * p, s * p), seed=0)
    embed: Float64[Tensor, "c p*p"] = tl.random.normal((c, p * p), seed=1)
    x: Float64[Tensor, "b r*s c"] = patches(image, p) @ embed.T
    tokens: tuple[Float64[Tensor, "f r*s"], Float64[Tensor, "r*s f"]] = (
        tl.random.normal((f, r * s), seed=2),
        tl.random.normal((r * s, f), seed=3),
    )
    channels: tuple[Float64[Tensor, "g c"], Float64[Tensor, "c g"]] = (
        tl.random.normal((g, c), seed=4),
        tl.random.normal((c, g), seed=5),
    )
    return tl.mean(block(x, tokens, channels), axis=1)


if __name__ == "__main__":
    print(main(b=2, r=3, s=5, p=7, c=11, f=13, g=17).shape)
