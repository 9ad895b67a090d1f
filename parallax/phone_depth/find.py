"""`read_phone_depth`: whichever kind of depth lies in a photo's file."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from parallax.array import check_array
from parallax.errors import DepthError
from parallax.phone_depth.google import find_dynamic_depth, find_gdepth
from parallax.phone_depth.heif import find_heif_depth
from parallax.phone_depth.xmp import read_packets

NEAREST_PERCENTILE = 99.5  # robust against a few wild pixels, as a network's depth is


@dataclass(frozen=True, slots=True, eq=False)
class PhoneDepth:
    """A depth map from a photo's own file.

    Attributes:
        inv_depth: float32 (h, w), upright as the photo, 1 at the nearest point, 0 at infinity.
        kind: GDepth, Dynamic Depth or HEIC.
    """

    inv_depth: NDArray[np.float32]
    kind: str

    def __post_init__(self) -> None:
        inv_depth = check_array("PhoneDepth.inv_depth", self.inv_depth, np.float32, ("H", "W"))
        object.__setattr__(self, "inv_depth", inv_depth)


def read_phone_depth(path: Path) -> PhoneDepth | None:
    """The depth in a photo's file, None where there is none.

    JPEG with Google's GDepth (inside the XMP) or Dynamic Depth (a picture behind the photo, named
    by the XMP), and HEIC with an auxiliary depth picture, where pillow-heif is installed.

    Raises:
        DepthError: There is one, but it is damaged.
    """
    data = path.read_bytes()
    try:
        if data[:2] == b"\xff\xd8":
            return _read_jpeg(data)
        inv_depth = find_heif_depth(data)
    except (OSError, ValueError, SyntaxError) as error:
        raise DepthError(f"{path}: expected a whole depth map in the photo, got {error}") from error
    return None if inv_depth is None else PhoneDepth(_from_nearest(inv_depth), "HEIC")


def _read_jpeg(data: bytes) -> PhoneDepth | None:
    packets = read_packets(data)
    for kind, find in (("Dynamic Depth", find_dynamic_depth), ("GDepth", find_gdepth)):
        inv_depth = find(packets, data)
        if inv_depth is not None:
            return PhoneDepth(_from_nearest(_upright(inv_depth, data)), kind)
    return None


def _upright(inv_depth: NDArray[np.float32], data: bytes) -> NDArray[np.float32]:
    """Turned as the photo's EXIF says: both lie as the sensor does."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as photo:
        turned = Image.fromarray(inv_depth)
        turned.getexif()[ExifTags.Base.Orientation] = photo.getexif().get(
            ExifTags.Base.Orientation, 1
        )
    return np.asarray(ImageOps.exif_transpose(turned), np.float32)


def _from_nearest(inv_depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same with 1 at the nearest point."""
    nearest = float(np.percentile(inv_depth, NEAREST_PERCENTILE))
    if not (np.isfinite(inv_depth).all() and nearest > 0):
        raise ValueError("no finite distances")
    return np.asarray(np.clip(inv_depth / nearest, 0, 1), np.float32)
