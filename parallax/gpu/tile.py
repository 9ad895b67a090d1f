"""Frames drawn piece by piece, where all samples at once would be too many."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

WHOLE_UV = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a frame.

    Attributes:
        origin_px: Its left and upper edge.
        size_wh: In pixels; the same for all tiles of a frame.
        frame_wh: Of the frame.
        overlap_px: Columns and rows at the left and the top that the tile before has, too.
    """

    origin_px: tuple[int, int]
    size_wh: tuple[int, int]
    frame_wh: tuple[int, int]
    overlap_px: tuple[int, int]

    @property
    def box_px(self) -> tuple[int, int, int, int]:
        """Left, top, width and height."""
        return (*self.origin_px, *self.size_wh)

    @property
    def part_uv(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom edge, 0…1 of the frame."""
        (x, y), (wide, high), (width, height) = self.origin_px, self.size_wh, self.frame_wh
        return x / width, y / height, (x + wide) / width, (y + high) / height

    def own_samples(self, samples: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(h, w, C): of the tile's samples (H, W, C), those that no tile before has."""
        per_px = samples.shape[0] // self.size_wh[1]
        return samples[self.overlap_px[1] * per_px :, self.overlap_px[0] * per_px :]


def plan_tiles(frame_wh: tuple[int, int], side_px: int) -> list[Tile]:
    """Equally large tiles that cover a frame, the last of a row or column laid over the one before.

    Args:
        frame_wh: In pixels.
        side_px: Of a tile, at most.
    """
    counts = [-(-side // side_px) for side in frame_wh]
    wide, high = (-(-side // count) for side, count in zip(frame_wh, counts, strict=True))
    tiles = []
    for row, column in product(range(counts[1]), range(counts[0])):
        x, y = min(column * wide, frame_wh[0] - wide), min(row * high, frame_wh[1] - high)
        overlap_px = column * wide - x, row * high - y
        tiles.append(Tile((x, y), (wide, high), frame_wh, overlap_px))
    return tiles
