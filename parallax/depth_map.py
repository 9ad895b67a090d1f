"""`DepthMap`: how far each pixel of a photo is, and its files."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.array import check_array
from parallax.errors import DepthError
from parallax.nearest import nearest_of

MAX_INVALID = 0.5  # more holes than this and a depth file is not worth filling


@dataclass(frozen=True, slots=True, eq=False)
class DepthMap:
    """How far each pixel of a photo is, as inverse depth.

    Attributes:
        inv_depth: float32 (H, W), in 1/su, from 0 (infinitely far) up. A network's map is scaled
            so that 1 is the nearest point; a file's is kept as it is.
    """

    inv_depth: NDArray[np.float32]

    def __post_init__(self) -> None:
        inv_depth = check_array("DepthMap.inv_depth", self.inv_depth, np.float32, ("H", "W"))
        if float(inv_depth.min()) < 0:
            raise ValueError(f"DepthMap.inv_depth: expected 0 or more, got {inv_depth.min()}")
        object.__setattr__(self, "inv_depth", inv_depth)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height."""
        return self.inv_depth.shape[1], self.inv_depth.shape[0]

    def resized(self, size_wh: tuple[int, int]) -> "DepthMap":
        """The map at another size: averaged where it shrinks, bilinear where it grows."""
        if size_wh == self.size_wh:
            return self
        shrinks = size_wh[0] < self.size_wh[0]
        flag = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        return DepthMap(cv2.resize(self.inv_depth, size_wh, interpolation=flag))


def load_depth(path: Path) -> DepthMap:
    """The depth map of a file.

    A `.npy` holds float32 inverse depth in 1/su and is used as it is. A picture holds near as
    white, 8 or 16 bits, and is read as 0…1. Single missing values (NaN, infinity, below zero) are
    filled from their neighbours.

    Raises:
        DepthError: Missing, not a depth map, or mostly holes.
    """
    if not path.is_file():
        raise DepthError(f"{path}: expected a depth file, got nothing there")
    raw = _read_npy(path) if path.suffix.lower() == ".npy" else _read_picture(path)
    valid = np.isfinite(raw) & (raw >= 0)
    if valid.mean() < 1 - MAX_INVALID:
        raise DepthError(
            f"{path}: expected finite inverse depths from 0 up, got {1 - valid.mean():.0%} others"
        )
    return DepthMap(_fill_invalid(raw, valid))


def save_depth(path: Path, depth: DepthMap) -> None:
    """Writes a map: `.npy` as float32 inverse depth, `.png` as 16 bits with near = white.

    The picture is scaled so that the nearest point is white and an infinite distance black.

    Raises:
        DepthError: Another kind of file is asked for.
    """
    kind = path.suffix.lower()
    if kind == ".npy":
        with path.open("wb") as file:
            np.save(file, np.ascontiguousarray(depth.inv_depth))
    elif kind == ".png":
        near = max(float(depth.inv_depth.max()), 1e-12)
        levels = np.rint(depth.inv_depth * (65535 / near)).astype(np.uint16)
        done, encoded = cv2.imencode(".png", levels)
        if not done:
            raise DepthError(f"{path}: expected to encode a 16-bit PNG, OpenCV refused")
        path.write_bytes(encoded.tobytes())
    else:
        raise DepthError(f"{path}: expected a name ending in .png or .npy, got {path.suffix!r}")


def _read_npy(path: Path) -> NDArray[np.float32]:
    """(H, W) inverse depth of a .npy file; pickles are refused."""
    try:
        raw = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise DepthError(f"{path}: expected a .npy array, got {error}") from error
    if not isinstance(raw, np.ndarray) or raw.ndim != 2 or raw.dtype.kind not in "fiu":
        shape = getattr(raw, "shape", "several arrays")
        raise DepthError(f"{path}: expected one (height, width) array of numbers, got {shape}")
    return raw.astype(np.float32)


def _read_picture(path: Path) -> NDArray[np.float32]:
    """(H, W), 0…1, of a grey picture of 8 or 16 bits."""
    raw = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    if raw is None:
        raise DepthError(f"{path}: expected a .npy array or a grey picture, got neither")
    if raw.ndim == 3:
        color = raw[..., :3].astype(np.int64)
        if int((color.max(-1) - color.min(-1)).max()) > 0:
            raise DepthError(
                f"{path}: expected a grey picture with near = white, got colours; "
                "a colour-mapped depth cannot be turned back, export it as 16-bit grey"
            )
        raw = raw[..., 0]
    if raw.dtype == np.float32:
        return np.asarray(raw, np.float32)
    return np.asarray(raw / np.iinfo(raw.dtype).max, np.float32)


def _fill_invalid(raw: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The map with each hole given the value of its nearest valid pixel."""
    if valid.all():
        return np.ascontiguousarray(raw)
    _, nearest = nearest_of(valid)
    return raw.ravel()[nearest].astype(np.float32)
