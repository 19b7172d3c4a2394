"""A convolutional classifier from operations: padded and strided convolutions, pooling, a linear head."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def stem(x: Float64[Tensor, "b c h w"], kernel: Float64[Tensor, "m c 3 3"]) -> Float64[Tensor, "b m h w"]:
    """A convolution that keeps the size of the image."""
    return tl.relu(tl.conv2d(x, kernel, padding=1))


def down(x: Float64[Tensor, "b m h w"], kernel: Float64[Tensor, "o m 3 3"]) -> Float64[Tensor, "b o h//2 w//2"]:
    """A convolution and a pooling that halves the size."""
    features: Float64[Tensor, "b o h w"] = tl.gelu(tl.conv2d(x, kernel, padding=1))
    return tl.max_pool2d(features, 2)


def pooled(x: Float64[Tensor, "b o h w"]) -> Float64[Tensor, "b o"]:
    """The mean over the image."""
    return tl.mean(x, axis=(2, 3))


def normalised(x: Float64[Tensor, "b o h w"], scale: Float64[Tensor, "o"]) -> Float64[Tensor, "b o h w"]:
    """Each channel with mean 0 and deviation 1 over batch and image, scaled."""
    centred: Float64[Tensor, "b o h w"] = x - tl.mean(x, axis=(0, 2, 3), keepdims=True)
    deviation: Float64[Tensor, "1 o 1 1"] = tl.sqrt(tl.mean(centred**2, axis=(0, 2, 3), keepdims=True) + 1e-5)
    return centred / deviation * scale[None, :, None, None]


def logits(
    x: Float64[Tensor, "b c h w"],
    first: Float64[Tensor, "m c 3 3"],
    second: Float64[Tensor, "o m 3 3"],
    head: Float64[Tensor, "k o"],
) -> Float64[Tensor, "b k"]:
    """The network."""
    features: Float64[Tensor, "b o h//2 w//2"] = down(stem(x, first), second)
    return pooled(normalised(features, tl.ones(head.shape[1]))) @ head.T


def main(
    b: Dim["b"], c: Dim["c"], h: Dim["h"], w: Dim["w"], m: Dim["m"], o: Dim["o"], k: Dim["k"]
) -> tuple[Float64[Tensor, "b k"], Float64[Tensor, "o m 3 3"]]:
    x: Float64[Tensor, "b c h w"] = tl.random.normal((b, c, h, w), seed=0)
    first: Float64[Tensor, "m c 3 3"] = 0.3 * tl.random.normal((m, c, 3, 3), seed=1)
    second: Float64[Tensor, "o m 3 3"] = 0.3 * tl.random.normal((o, m, 3, 3), seed=2)
    head: Float64[Tensor, "k o"] = tl.random.normal((k, o), seed=3)
    y: Float64[Tensor, "b k"] = tl.softmax(tl.random.normal((b, k), seed=4), axis=1)
    gradient: Float64[Tensor, "o m 3 3"] = autograd.fn.grad(
        lambda kernel: -tl.mean(tl.sum(tl.log_softmax(logits(x, first, kernel, head), axis=1) * y, axis=1)), second
    )
    return logits(x, first, second - 0.1 * gradient, head), gradient


if __name__ == "__main__":
    print(main(b=2, c=3, h=13, w=11, m=5, o=7, k=17)[0].shape)
