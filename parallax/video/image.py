"""Writing every frame as a picture of its own, without loss."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from parallax.errors import OutputError
from parallax.frame import Frame

PNG_FAST = (cv2.IMWRITE_PNG_COMPRESSION, 1)  # a third of the time of 6, files a tenth larger


def save_frames(frames: Iterable[Frame], folder: Path) -> Iterator[Frame]:
    """The same frames, each written on its way as `00000.png`, `00001.png` … by its index.

    Other files in the folder stay.

    Args:
        frames: Of any size.
        folder: Made where it is missing.

    Raises:
        OutputError: The folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: expected a folder for frames, got {error.strerror}"
        ) from error
    for frame in frames:
        path = folder / f"{frame.index:05d}.png"
        bgr8 = cv2.cvtColor(frame.srgb8, cv2.COLOR_RGBA2BGR)
        encoded, png = cv2.imencode(".png", bgr8, PNG_FAST)
        if not encoded:
            raise OutputError(f"{path}: expected to make a PNG of {bgr8.shape}, got nothing")
        try:
            path.write_bytes(np.asarray(png).tobytes())
        except OSError as error:
            raise OutputError(f"{path}: expected to write it, got {error.strerror}") from error
        yield frame
