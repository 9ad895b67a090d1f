"""A picture that grows by what rays meet: the nearest surface of each gives colour and depth."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MIN_COSINE = 1e-4  # of a ray and a plane: what is seen from the side is not met
NEAREST_M = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class RayPicture:
    """What is met so far, by a ray for each pixel from an eye at the origin; y points down.

    Attributes:
        direction: (H, W, 3), where each pixel looks; z is 1.
        light: (3,), a unit vector towards it.
        depth_m: (H, W), of the nearest that is met.
        srgb: (H, W, 3), its colour, 0…1.
        rng: Of all that is random.
        textures: Photos, uint8 (h, w, 3), that things are dressed with.
    """

    direction: Floats
    light: Floats
    depth_m: Floats
    srgb: Floats
    rng: np.random.Generator
    textures: list[NDArray[np.uint8]]

    def cover(self, depth_m: NDArray[np.floating], hit: NDArray[np.bool_], srgb: Floats) -> None:
        """Put in what is nearer than all before it."""
        nearer = hit & (depth_m > NEAREST_M) & (depth_m < self.depth_m)
        self.depth_m[nearer] = depth_m[nearer]
        self.srgb[nearer] = srgb[nearer]

    def meet_plane(self, through: Floats, normal: Floats) -> Floats:
        """Depth (H, W) where the rays meet a plane; -1 where they do not."""
        slope = self.direction @ normal
        met = np.abs(slope) > MIN_COSINE
        z = float(through @ normal) / np.where(met, slope, 1)
        return np.where(met, z, -1).astype(np.float32)

    def dress(self, u: NDArray[np.floating], v: NDArray[np.floating]) -> Floats:
        """Colours (H, W, 3) of a piece of a photo, mirrored on and on; u and v of 1 its sides."""
        rng = self.rng
        texture = pick(rng, self.textures)
        share = rng.uniform(0.2, 0.9)
        height, width = (int(side * share) for side in texture.shape[:2])
        top, left = (
            int(rng.integers(side - part + 1))
            for side, part in zip(texture.shape[:2], (height, width), strict=True)
        )
        piece = texture[top : top + height, left : left + width]
        gain = np.float32(np.exp(rng.normal() * 0.3))
        x, y = (np.abs((w + 1) % 2 - 1) for w in (u, v))
        columns, rows = (x * (width - 1)).astype(np.float32), (y * (height - 1)).astype(np.float32)
        seen = cv2.remap(piece, columns, rows, cv2.INTER_LINEAR)
        lit: Floats = np.clip(seen.astype(np.float32) / 255 * gain, 0, 1)
        return lit

    def shade(self, normal: Floats) -> Floats:
        """(..., 1): a dull surface's light, with half of it from everywhere."""
        length = np.linalg.norm(normal, axis=-1, keepdims=True)
        cosine = (normal @ self.light)[..., None] / np.maximum(length, 1e-6)
        return np.asarray(0.5 + 0.5 * np.maximum(cosine, 0), np.float32)


def pick(rng: np.random.Generator, textures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """One of them."""
    return textures[int(rng.integers(len(textures)))]
