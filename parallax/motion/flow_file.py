"""Flow that a user brings: `.flo`, `.npy`, or a PNG with the velocity in red and green."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.errors import MotionError

FLO_MAGIC = 202021.25  # Middlebury's check word
PNG_RANGE = 0.5  # short sides a second that a full red or green stands for
MAX_SIDE_PX = 16384


def load_velocity(path: Path, size_wh: tuple[int, int], *, where: str) -> NDArray[np.float32]:
    """(h, w, 2), short sides a second, y down, of a file of any size.

    `.flo` and `.npy` hold pixels of their own size a second; a PNG holds 0.5 for standing still
    and ±0.5 for `PNG_RANGE`, red to the right, green down.

    Raises:
        MotionError: Missing, or not such a file.
    """
    kind = path.suffix.lower()
    if not path.is_file():
        raise MotionError(f"{where}.file: expected a flow file, got nothing at {path}")
    if kind in (".flo", ".npy"):
        pixels = _read_flo(path, where) if kind == ".flo" else _read_npy(path, where)
        velocity = pixels / np.float32(min(pixels.shape[:2]))
    elif kind == ".png":
        raw = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
        if raw is None or raw.ndim != 3 or raw.dtype not in (np.uint8, np.uint16):
            raise MotionError(f"{where}.file: expected a colour PNG of 8 or 16 bits, got {path}")
        middle = 128.0 if raw.dtype == np.uint8 else 32768.0
        velocity = (raw[..., [2, 1]].astype(np.float32) - middle) / middle * PNG_RANGE
    else:
        raise MotionError(f"{where}.file: expected .flo, .npy or .png, got {path.name!r}")
    if not np.isfinite(velocity).all():
        raise MotionError(f"{where}.file: expected finite velocities, got others in {path}")
    resized = cv2.resize(velocity.astype(np.float32), size_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(resized, np.float32)


def _read_flo(path: Path, where: str) -> NDArray[np.float32]:
    """(H, W, 2) of a Middlebury file."""
    data = path.read_bytes()
    if len(data) >= 12 and np.frombuffer(data, "<f4", 1)[0] == np.float32(FLO_MAGIC):
        width, height = (int(n) for n in np.frombuffer(data, "<i4", 2, 4))
        whole = 0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX
        if whole and len(data) == 12 + 8 * width * height:
            return np.frombuffer(data, "<f4", offset=12).reshape(height, width, 2).copy()
    raise MotionError(f"{where}.file: expected a whole .flo file, got something else in {path}")


def _read_npy(path: Path, where: str) -> NDArray[np.float32]:
    """(H, W, 2) of an array file; pickles are refused."""
    try:
        array = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise MotionError(f"{where}.file: expected a .npy array, got {error}") from error
    if not (isinstance(array, np.ndarray) and array.ndim == 3 and array.shape[2] == 2):
        raise MotionError(f"{where}.file: expected (height, width, 2) numbers in {path}")
    return array.astype(np.float32)
