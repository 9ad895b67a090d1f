"""Photos that are transparent in places: colours under the transparency, a ground for films."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np

from parallax.depth_map import DepthMap
from parallax.frame import Frame
from parallax.layers.spread import spread_known
from parallax.photo import Photo, PhotoParams

GROUND_SRGB = np.array(PhotoParams().background_srgb8, np.float32)
CERTAIN_ALPHA8 = 128  # with less of it, a colour is more rounding than colour
UNSURE_EDGE = 0.01  # of the long side: how far into the picture depth is mixed with the ground's


def fill_colours(photo: Photo) -> Photo:
    """The photo with the colours of what is there, continued to where nothing is.

    Nothing of the ground is then left at soft edges, wherever a film lays them, and a network sees
    no outline against it.
    """
    if photo.alpha8 is None or photo.alpha8.max() < CERTAIN_ALPHA8:
        return photo
    alpha = photo.alpha8[..., None] / np.float32(255)
    own = (photo.srgb8 - (1 - alpha) * GROUND_SRGB) / np.maximum(alpha, np.float32(1 / 255))
    known = (photo.alpha8 >= CERTAIN_ALPHA8).astype(np.float32)
    filled = np.clip(spread_known(own.astype(np.float32), known), 0, 255)
    return replace(photo, srgb8=np.rint(filled).astype(np.uint8))


def fill_depth(depth: DepthMap, photo: Photo) -> DepthMap:
    """The depth of what is there, continued to where the photo is transparent.

    What was cut out is then not torn along its outline, where a network's depth is a guess about
    an edge that no photo has.
    """
    if photo.alpha8 is None:
        return depth
    known = (photo.alpha8 >= CERTAIN_ALPHA8).astype(np.float32)
    known = np.floor(cv2.resize(known, depth.size_wh, interpolation=cv2.INTER_AREA))
    side_px = 2 * round(UNSURE_EDGE * max(depth.size_wh)) + 1
    inside = cv2.erode(known, np.ones((side_px, side_px), np.uint8))
    known = inside if inside.any() else known
    if not known.any():
        return depth
    return DepthMap(np.clip(spread_known(depth.inv_depth, known), 0, 1))


def lay_on_ground(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Opaque frames: the ground shows through where they were transparent."""
    for frame in frames:
        srgb8 = frame.srgb8.copy()
        here = srgb8[..., 3] < 255
        alpha = srgb8[here][:, 3:] / np.float32(255)
        srgb8[here, :3] = np.rint(srgb8[here][:, :3] * alpha + (1 - alpha) * GROUND_SRGB)
        srgb8[..., 3] = 255
        yield replace(frame, srgb8=srgb8)
