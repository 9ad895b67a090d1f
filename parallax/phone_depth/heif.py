"""The auxiliary depth picture of a HEIC photo."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNIFORM_INVERSE_Z, UNIFORM_DISPARITY, UNIFORM_Z, NONUNIFORM_DISPARITY = range(4)
"""Kinds of depth of H.265 (2021), table D.29; all but plain Z are white where they are near."""


def find_heif_depth(data: bytes) -> NDArray[np.float32] | None:
    """Inverse depth (h, w), any unit, of a HEIC photo; None without one or without pillow-heif."""
    try:
        import pillow_heif  # an extra
    except ImportError:
        return None
    if not pillow_heif.is_supported(io.BytesIO(data)):
        return None
    pictures = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False).info.get(
        "depth_images", []
    )
    if not pictures:
        return None
    image = pictures[0].to_pillow()
    deep = image.mode.startswith("I")
    levels = np.asarray(image if deep else image.convert("L"), np.float32)
    return inv_depth_from_levels(
        levels / np.float32(65535 if deep else 255), image.info.get("metadata") or {}
    )


def inv_depth_from_levels(
    levels: NDArray[np.float32], metadata: dict[str, Any]
) -> NDArray[np.float32]:
    """Inverse depth of levels 0…1, by the ends that the file names.

    Disparity is inverse depth but for a factor. Without ends, black is taken for infinitely far.
    """
    kind = metadata.get("representation_type", UNIFORM_DISPARITY)
    if kind in (UNIFORM_INVERSE_Z, UNIFORM_Z):
        near, far = metadata.get("z_near"), metadata.get("z_far")
        if near is None or far is None or not 0 < near < far:
            if kind == UNIFORM_Z:
                raise ValueError("distances without their ends")
            return levels
        if kind == UNIFORM_Z:
            return np.asarray(1 / (near + levels * (far - near)), np.float32)
        low, high = 1 / far, 1 / near
    else:
        low, high = metadata.get("d_min") or 0.0, metadata.get("d_max") or 1.0
    if not low < high:
        raise ValueError(f"disparities from {low} to {high}")
    return np.asarray(np.maximum(low + levels * (high - low), 0), np.float32)
