"""Writing every frame as a picture of its own, without loss."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from parallax.errors import OutputError
from parallax.frame import Frame

# A quarter of the time of OpenCV's usual settings, and no larger
PNG_FAST = (
    cv2.IMWRITE_PNG_COMPRESSION, 1,
    cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE,
)  # fmt: skip
NUM_WRITERS = 2  # a frame takes twice as long to write as to draw


def save_frames(frames: Iterable[Frame], folder: Path) -> Iterator[Frame]:
    """The same frames, each written on its way as `00000.png`, `00001.png` … by its index.

    Other files in the folder stay. A frame may be passed on before its file is whole; when the last
    has been taken and the iterator has ended, all are.

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
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(NUM_WRITERS, thread_name_prefix="parallax-png") as writers:
        for frame in frames:
            if len(waiting) == 2 * NUM_WRITERS:
                waiting.popleft().result()
            path = folder / f"{frame.index:05d}.png"
            waiting.append(writers.submit(_save_png, frame, path))
            yield frame
        while waiting:
            waiting.popleft().result()


def _save_png(frame: Frame, path: Path) -> None:
    """Write one frame."""
    bgr8 = cv2.cvtColor(frame.srgb8, cv2.COLOR_RGBA2BGR)
    encoded, png = cv2.imencode(".png", bgr8, PNG_FAST)
    if not encoded:
        raise OutputError(f"{path}: expected to make a PNG of {bgr8.shape}, got nothing")
    try:
        path.write_bytes(np.asarray(png).tobytes())
    except OSError as error:
        raise OutputError(f"{path}: expected to write it, got {error.strerror}") from error
