"""What a film shows of a photo of another shape: a part of it, all of it on a mat, or more of it.

- "crop": the largest part that has the film's shape, around the subject. What lies beside it is
  kept, for a moving camera to look at.
- "blur": the whole photo, on a blurred and darkened copy that fills the frame.
- "extend": the photo is continued by its mirror image, by so much as does not look like one, and
  cropped for the rest.

A cropped photo has a camera and coordinates of its own. Scripts speak of the whole photo's, so with
a path or a motion plan from a file the middle of the photo is shown.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap
from parallax.frame import Frame
from parallax.label_map import LabelMap
from parallax.layers.skirt import Canvas, extend_mirrored
from parallax.moves import choose_window, weigh_content
from parallax.moves.reframe import LEAST_CROP
from parallax.pipeline.params import FilmParams
from parallax.pipeline.source import Source, glance_at

MOST_EXTENSION = 0.10  # of a side, at each end: more of a mirror image is seen to be one
MAT_BLUR = 0.05  # of the film's short side: no shape is left to look at
MAT_LIGHT = 0.55  # of the encoded brightness: the photo on it stands out
Window = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Framing:
    """A photo as a film shows it.

    Attributes:
        source: The photo, or the part of it, with its depth and labels.
        params: With the focus in the part's own uv.
        size_wh: Of the moving picture; smaller than the film where there is a mat.
        mat: uint8 (H, W, 4), what the moving picture is laid on the middle of, or None.
        warnings: What is not as one might expect.
    """

    source: Source
    params: FilmParams
    size_wh: tuple[int, int]
    mat: NDArray[np.uint8] | None = None
    warnings: tuple[str, ...] = ()


def frame_source(source: Source, size_wh: tuple[int, int], *, params: FilmParams) -> Framing:
    """The photo as a film of this size shows it.

    Args:
        source: The whole photo.
        size_wh: Of the film.
        params: How it is fitted, and what it is about.
    """
    photo = source.photo
    if math.isclose(_log_aspect(photo.size_wh), _log_aspect(size_wh), abs_tol=LEAST_CROP):
        return Framing(source, params, size_wh)
    if params.fit == "blur":
        inner_wh = size_within(photo.size_wh, size_wh)
        return Framing(source, params, inner_wh, make_mat(photo.srgb8, size_wh))
    if params.shot.path_file is not None or isinstance(params.movement.motion, Path):
        note = (
            "the middle of the photo is shown, because --path and --motion files speak of the "
            "whole photo; crop the photo, or use --fit blur, for another framing"
        )
        return Framing(source, params, size_wh, warnings=(note,))
    margin_px = (0, 0)
    if params.fit == "extend":
        margin_px = _extension_px(photo.size_wh, size_wh)
    window = _choose_part(source, size_wh, margin_px, params)
    framed = _extended(_part(source, window), margin_px)
    shot = params.shot
    if isinstance(shot.focus, tuple):
        focus = _uv_within(shot.focus, photo.size_wh, window, margin_px)
        shot = replace(shot, focus=focus)
    return Framing(framed, replace(params, shot=shot), size_wh)


def size_within(photo_wh: tuple[int, int], film_wh: tuple[int, int]) -> tuple[int, int]:
    """The largest even size of the photo's shape within a film."""
    scale = min(film_wh[0] / photo_wh[0], film_wh[1] / photo_wh[1])
    width, height = (max(16, int(side * scale / 2 + 0.5) * 2) for side in photo_wh)
    return min(width, film_wh[0]), min(height, film_wh[1])


def make_mat(srgb8: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """(H, W, 4): a picture (h, w, 3) that fills the film, blurred and darkened."""
    width, height = size_wh
    scale = max(width / srgb8.shape[1], height / srgb8.shape[0])
    grown_wh = math.ceil(srgb8.shape[1] * scale), math.ceil(srgb8.shape[0] * scale)
    small_wh = max(8, grown_wh[0] // 8), max(8, grown_wh[1] // 8)  # nothing fine is left anyway
    small = cv2.resize(srgb8, small_wh, interpolation=cv2.INTER_AREA).astype(np.float32)
    blurred = cv2.GaussianBlur(small, (0, 0), MAT_BLUR * min(size_wh) / 8)
    grown = cv2.resize(blurred, grown_wh, interpolation=cv2.INTER_CUBIC)
    left, top = (grown_wh[0] - width) // 2, (grown_wh[1] - height) // 2
    part = np.clip(grown[top : top + height, left : left + width] * MAT_LIGHT + 0.5, 0, 255)
    return np.dstack([part.astype(np.uint8), np.full((height, width), 255, np.uint8)])


def lay_on_mat(frame: Frame, mat: NDArray[np.uint8]) -> Frame:
    """The frame in the middle of a mat."""
    height, width = frame.srgb8.shape[:2]
    top, left = (mat.shape[0] - height) // 2, (mat.shape[1] - width) // 2
    whole = mat.copy()
    whole[top : top + height, left : left + width] = frame.srgb8
    return replace(frame, srgb8=whole)


def _log_aspect(size_wh: tuple[int, int]) -> float:
    """Of width / height."""
    return math.log(size_wh[0] / size_wh[1])


def _extension_px(photo_wh: tuple[int, int], film_wh: tuple[int, int]) -> tuple[int, int]:
    """Pixels to add on the left and right each, and at the top and bottom each."""
    aspect = film_wh[0] / film_wh[1]
    width, height = photo_wh
    wanted = (height * aspect - width) / 2, (width / aspect - height) / 2
    return (
        round(min(max(wanted[0], 0.0), MOST_EXTENSION * width)),
        round(min(max(wanted[1], 0.0), MOST_EXTENSION * height)),
    )


def _choose_part(
    source: Source, size_wh: tuple[int, int], margin_px: tuple[int, int], params: FilmParams
) -> Window:
    """Left, top, right, bottom: all of the photo that lies evenly around what the film shows."""
    photo, focus = source.photo, params.shot.focus
    # A film that will be widened by margins shows a part that is so much narrower
    width, height = photo.size_wh
    share = (1 + 2 * margin_px[0] / width, 1 + 2 * margin_px[1] / height)
    inner_wh = (
        max(1, round(1e4 * size_wh[0] / share[0])),
        max(1, round(1e4 * size_wh[1] / share[1])),
    )
    weight = weigh_content(glance_at(source), focus)
    window = choose_window(photo.size_wh, inner_wh, weight=weight)
    if window is None:
        return 0, 0, width, height
    left, top, right, bottom = window
    spare_x, spare_y = min(left, width - right), min(top, height - bottom)
    return left - spare_x, top - spare_y, right + spare_x, bottom + spare_y


def _part(source: Source, window: Window) -> Source:
    """A part of a photo, as a photo: taken by a camera that looked at its middle."""
    photo = source.photo
    width, height = photo.size_wh
    left, top, right, bottom = window
    if window == (0, 0, width, height):
        return replace(source, photo=replace(photo, focal_px=photo.intrinsics().focal_px))

    def cut(plane: NDArray[Any]) -> NDArray[Any]:
        """The window's part of a map of any size, to the nearest of its pixels."""
        x, y = plane.shape[1] / width, plane.shape[0] / height
        rows = slice(round(top * y), max(round(bottom * y), round(top * y) + 1))
        columns = slice(round(left * x), max(round(right * x), round(left * x) + 1))
        return np.ascontiguousarray(plane[rows, columns])

    part = replace(
        photo,
        srgb8=cut(photo.srgb8),
        focal_px=photo.intrinsics().focal_px,
        alpha8=None if photo.alpha8 is None else cut(photo.alpha8),
    )
    labels = None if source.labels is None else LabelMap(cut(source.labels.probability))
    return replace(source, photo=part, depth=DepthMap(cut(source.depth.inv_depth)), labels=labels)


def _extended(source: Source, margin_px: tuple[int, int]) -> Source:
    """The photo continued by its mirror image."""
    if margin_px == (0, 0):
        return source
    width, height = source.photo.size_wh

    def grow(plane: NDArray[Any]) -> NDArray[Any]:
        """A map of any size, continued alike."""
        x = round(margin_px[0] * plane.shape[1] / width)
        y = round(margin_px[1] * plane.shape[0] / height)
        canvas = Canvas((plane.shape[1], plane.shape[0]), (x, y, x, y))
        return np.ascontiguousarray(extend_mirrored(plane, canvas))

    labels = source.labels
    if labels is not None:
        planes = np.moveaxis(labels.probability, -1, 0)  # OpenCV takes four channels at most
        labels = LabelMap(np.stack([grow(np.ascontiguousarray(p)) for p in planes], -1))
    return replace(
        source,
        photo=replace(
            source.photo,
            srgb8=grow(source.photo.srgb8),
            alpha8=None if source.photo.alpha8 is None else grow(source.photo.alpha8),
        ),
        depth=DepthMap(grow(source.depth.inv_depth)),
        labels=labels,
    )


def _uv_within(
    uv: tuple[float, float], photo_wh: tuple[int, int], window: Window, margin_px: tuple[int, int]
) -> tuple[float, float]:
    """A point of the photo in the uv of its part; outside, the nearest point of the part."""
    left, top, right, bottom = window
    x = (uv[0] * photo_wh[0] - left + margin_px[0]) / (right - left + 2 * margin_px[0])
    y = (uv[1] * photo_wh[1] - top + margin_px[1]) / (bottom - top + 2 * margin_px[1])
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
