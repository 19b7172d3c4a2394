"""Rotations, poses and their composition: fixed sizes, class and static methods, properties, inheritance."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def skew(v: Float64[Tensor, "3"]) -> Float64[Tensor, "3 3"]:
    """The matrix of the cross product with v."""
    zero = tl.zeros(())
    return tl.stack(
        [tl.stack([zero, -v[2], v[1]]), tl.stack([v[2], zero, -v[0]]), tl.stack([-v[1], v[0], zero])], axis=0
    )


@dataclass(frozen=True)
class Pose:
    """A rotation and a translation."""

    rotation: Float64[Tensor, "3 3"]
    translation: Float64[Tensor, "3"]

    @classmethod
    def identity(cls) -> Pose:
        """That leaves all where it is."""
        return cls(tl.eye(3), tl.zeros(3))

    @staticmethod
    def exponential(twist: Float64[Tensor, "6"]) -> Pose:
        """To second order in the angles."""
        turn: Float64[Tensor, "3 3"] = skew(twist[:3])
        rotation: Float64[Tensor, "3 3"] = tl.eye(3) + turn + 0.5 * turn @ turn
        return Pose(rotation, twist[3:])

    def __matmul__(self, other: Pose) -> Pose:
        """First the other, then this."""
        moved: Float64[Tensor, "3"] = self.rotation @ other.translation
        return Pose(self.rotation @ other.rotation, moved + self.translation)

    def __call__(self, points: Float64[Tensor, "n 3"]) -> Float64[Tensor, "n 3"]:
        return points @ self.rotation.T + self.translation[None, :]

    @property
    def inverse(self) -> Pose:
        """Back again."""
        return Pose(self.rotation.T, -self.rotation.T @ self.translation)

    @property
    def matrix(self) -> Float64[Tensor, "4 4"]:
        """In homogeneous coordinates."""
        top: Float64[Tensor, "3 4"] = tl.concat([self.rotation, self.translation[:, None]], axis=1)
        return tl.concat([top, tl.eye(4)[3:]], axis=0)


@dataclass(frozen=True)
class Camera(Pose):
    """A pose that sees: pinhole projection."""

    focal: Float64[Tensor, "2"]

    def pixels(self, points: Float64[Tensor, "n 3"]) -> Float64[Tensor, "n 2"]:
        """Where points are seen."""
        seen: Float64[Tensor, "n 3"] = self(points)
        depth: Float64[Tensor, "n 1"] = tl.exp(seen[:, 2:] * 0.1)
        return seen[:, :2] / depth * self.focal[None, :]


def reprojection(
    twist: Float64[Tensor, "6"], points: Float64[Tensor, "n 3"], seen: Float64[Tensor, "n 2"]
) -> Float64[Tensor, "2*n"]:
    """The errors of all points, as a vector."""
    pose = Pose.exponential(twist)
    camera = Camera(pose.rotation, pose.translation, tl.ones(2))
    return (camera.pixels(points) - seen).reshape((-1,))


def main(n: Dim["n"]) -> tuple[Float64[Tensor, "6"], Float64[Tensor, "n 3"], Float64[Tensor, "4 4"]]:
    points: Float64[Tensor, "n 3"] = tl.random.normal((n, 3), seed=0)
    truth: Float64[Tensor, "6"] = 0.1 * tl.random.normal((6,), seed=1)
    still = Pose.identity()
    seen: Float64[Tensor, "n 2"] = Camera(still.rotation, still.translation, focal=tl.ones(2)).pixels(points)
    rows: Float64[Tensor, "2*n 6"] = autograd.fn.jacrev(lambda t: reprojection(t, points, seen), truth).stacked
    error: Float64[Tensor, "2*n"] = reprojection(truth, points, seen)
    normal: Float64[Tensor, "6 6"] = rows.T @ rows + 1e-3 * tl.eye(6)
    update: Float64[Tensor, "6"] = tl.solve(normal, rows.T @ error)
    pose = Pose.exponential(truth - update) @ Pose.exponential(truth).inverse
    placed: Float64[Tensor, "4 4"] = pose.matrix @ still.matrix
    back: Float64[Tensor, "n 3"] = pose.inverse(pose(points)) - points
    return update, back, placed


if __name__ == "__main__":
    print(main(n=7)[0])
