"""Masks of regions: from labels, polygons, pictures and depth to weights that end softly inside."""

from pathlib import Path
from typing import get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap
from parallax.errors import MotionError
from parallax.label_map import LABELS, Label, LabelMap
from parallax.motion_plan import MaskSpec
from parallax.photo import Photo

EDGE_RADIUS = 0.008  # of the short side: how far a label's edge may move to meet the photo's
EDGE_EPSILON = 4e-4  # variance of luminance, 0…1, below which the guided filter smooths
Mask = NDArray[np.float32]


def mask_from_spec(
    spec: MaskSpec, photo: Photo, depth: DepthMap, labels: LabelMap, *, where: str
) -> Mask:
    """(H, W) of `photo`, 0…1: where all holds that the spec says.

    Args:
        spec: What was written down.
        photo: At the size the mask is wanted in.
        depth: Of any size.
        labels: Of any size.
        where: Address of the mask in the plan, for messages.

    Raises:
        MotionError: The label is none, or the file cannot be read.
    """
    mask = np.ones(photo.srgb8.shape[:2], np.float32)
    if spec.label is not None:
        mask = np.minimum(mask, label_mask(photo, labels, _known_label(spec.label, where)))
    if spec.polygons:
        inside = np.zeros(mask.shape, np.uint8)
        for polygon in spec.polygons:
            points = np.rint(np.array(polygon) * (16 * np.array(photo.size_wh)) - 8)
            cv2.fillPoly(inside, [points.astype(np.int32)], (255,), cv2.LINE_AA, shift=4)
        mask = np.minimum(mask, inside.astype(np.float32) / 255)
    if spec.file is not None:
        mask = np.minimum(mask, _mask_picture(Path(spec.file), photo.size_wh, where))
    if spec.inv_depth is not None:
        inv_depth = depth.resized(photo.size_wh).inv_depth
        low, high = spec.inv_depth
        mask = np.minimum(mask, ((inv_depth >= low) & (inv_depth <= high)).astype(np.float32))
    return np.asarray(mask, np.float32)


def disc(radius_px: int) -> NDArray[np.uint8]:
    """(2 r + 1, 2 r + 1): the neighbourhood for growing and shrinking masks by a radius."""
    side = 2 * radius_px + 1
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(element, np.uint8)


def label_mask(photo: Photo, labels: LabelMap, label: Label) -> Mask:
    """(H, W) of `photo`, 0…1: where a label is likely, with its edge drawn to the photo's edges."""
    likely = resize_mask(likelihood(labels, label), photo.size_wh)
    guide = cv2.cvtColor(photo.srgb8, cv2.COLOR_RGB2GRAY) / np.float32(255)
    radius_px = max(2, round(EDGE_RADIUS * min(photo.size_wh)))
    drawn = guided_filter(guide, likely, radius_px=radius_px, epsilon=EDGE_EPSILON)
    return smoothstep(0.3, 0.6, drawn)  # half sure, as inside a pale cloud, is sure enough


def likelihood(labels: LabelMap, label: Label) -> Mask:
    """(H, W) of the labels, 0…1: how a label stands against the best other, ½ where they are even.

    Networks differ in how sure they are of the same thing; which label leads is what counts.
    """
    index = LABELS.index(label)
    own = labels.probability[..., index].astype(np.float32)
    best = np.zeros_like(own)
    for other in range(len(LABELS)):
        if other != index:
            best = np.maximum(best, labels.probability[..., other])
    return np.asarray(own / np.maximum(own + best, 1), np.float32)


def guided_filter(
    guide: NDArray[np.float32], values: NDArray[np.float32], *, radius_px: int, epsilon: float
) -> NDArray[np.float32]:
    """(H, W): the values with the edges of the guide (He, Sun, Tang 2010, equations 5 to 8)."""
    side = (2 * radius_px + 1, 2 * radius_px + 1)

    def mean(field: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(field, side, borderType=cv2.BORDER_REFLECT), np.float32)

    mean_guide, mean_values = mean(guide), mean(values)
    variance = mean(guide * guide) - mean_guide * mean_guide
    covariance = mean(guide * values) - mean_guide * mean_values
    slope = np.asarray(covariance / (variance + epsilon), np.float32)
    offset = np.asarray(mean_values - slope * mean_guide, np.float32)
    filtered = mean(slope) * guide + mean(offset)
    return np.asarray(np.clip(filtered, 0, 1), np.float32)


def mean_inside(
    values: NDArray[np.float32], mask: Mask, *, sigma_px: float, least: float = 1e-4
) -> NDArray[np.float32]:
    """(H, W): values blurred over what is inside a mask alone; towards 0 far from it.

    Args:
        values: (H, W).
        mask: (H, W), 0…1.
        sigma_px: Of the Gaussian.
        least: Share of the mask around, with less of which the mean fades out.
    """
    weight = np.maximum(cv2.GaussianBlur(mask, (0, 0), sigma_px), least)
    return np.asarray(cv2.GaussianBlur(values * mask, (0, 0), sigma_px) / weight, np.float32)


def smoothstep(low: float, high: float, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """0 up to `low`, 1 from `high` on, a smooth cubic between."""
    p = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(p * p * (3 - 2 * p), np.float32)


def distance_inside(mask: Mask) -> NDArray[np.float32]:
    """(H, W), px: how deep inside the mask each pixel lies; 0 outside.

    The border of the picture is no edge: what moves there may move out of the picture.
    """
    inside = cv2.copyMakeBorder((mask > 0.5).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    if inside.all():
        return np.full(mask.shape, float(max(mask.shape)), np.float32)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance[1:-1, 1:-1], np.float32)


def resize_mask(mask: NDArray[np.float32], size_wh: tuple[int, int]) -> NDArray[np.float32]:
    """The mask at another size: averaged where it shrinks, bilinear where it grows."""
    if (mask.shape[1], mask.shape[0]) == size_wh:
        return mask
    flag = cv2.INTER_AREA if size_wh[0] < mask.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(mask, size_wh, interpolation=flag), np.float32)


def _known_label(name: str, where: str) -> Label:
    """The label of that name."""
    for label in get_args(Label):
        if label == name:
            return label  # type: ignore[no-any-return]
    raise MotionError(f"{where}.label: expected one of {', '.join(LABELS)}, got {name!r}")


def _mask_picture(path: Path, size_wh: tuple[int, int], where: str) -> Mask:
    """(H, W), 0…1, of a grey or colour picture of 8 or 16 bits."""
    data = np.fromfile(path, np.uint8) if path.is_file() else np.empty(0, np.uint8)
    raw = cv2.imdecode(data, cv2.IMREAD_ANYDEPTH | cv2.IMREAD_GRAYSCALE) if data.size else None
    if raw is None or raw.dtype not in (np.uint8, np.uint16):
        raise MotionError(f"{where}.file: expected a picture of 8 or 16 bits, got {path}")
    return resize_mask((raw / np.iinfo(raw.dtype).max).astype(np.float32), size_wh)
