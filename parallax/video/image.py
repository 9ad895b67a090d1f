"""Writing every frame as a picture of its own, without loss."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np

from parallax.color import linear_from_srgb8
from parallax.errors import OutputError, VideoError
from parallax.frame import Frame

# A quarter of the time of OpenCV's usual settings, and no larger
PNG_FAST = (
    cv2.IMWRITE_PNG_COMPRESSION, 1,
    cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE,
)  # fmt: skip
ImageFormat = Literal["png", "exr"]
Writer = Callable[[Frame, Path], None]
NUM_WRITERS = 2  # a frame takes twice as long to write as to draw


def save_frames(
    frames: Iterable[Frame],
    folder: Path,
    image_format: ImageFormat = "png",
    *,
    has_alpha: bool = False,
) -> Iterator[Frame]:
    """The same frames, each written on its way as `00000.png`, `00001.png` … by its index.

    Other files in the folder stay. A frame may be passed on before its file is whole; when the last
    has been taken and the iterator has ended, all are.

    Args:
        frames: Of any size.
        folder: Made where it is missing.
        image_format: "png" holds the frame's bytes, "exr" the LINEAR light that they stand for, as
            halves; one as exactly as the other.
        has_alpha: Whether frames are transparent in places and the files are to be, too: straight
            alpha in "png", light that is premultiplied by it in "exr", as each format has it.

    Raises:
        OutputError: The folder or a file cannot be written.
        VideoError: The library for the format is missing.
    """
    write: Writer = partial(_save_png, has_alpha=has_alpha)
    if image_format == "exr":
        write = _exr_writer(has_alpha=has_alpha)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: expected a folder for frames, got {error.strerror}"
        ) from error
    return _save_on_the_way(frames, folder / f"frame.{image_format}", write)


def _save_on_the_way(frames: Iterable[Frame], named: Path, write: Writer) -> Iterator[Frame]:
    """The same frames; each is written beside where `named` would be, by its index."""
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(NUM_WRITERS, thread_name_prefix="parallax-png") as writers:
        for frame in frames:
            if len(waiting) == 2 * NUM_WRITERS:
                waiting.popleft().result()
            path = named.with_stem(f"{frame.index:05d}")
            waiting.append(writers.submit(write, frame, path))
            yield frame
        while waiting:
            waiting.popleft().result()


def _save_png(frame: Frame, path: Path, *, has_alpha: bool) -> None:
    """Write one frame."""
    picture = cv2.cvtColor(frame.srgb8, cv2.COLOR_RGBA2BGRA if has_alpha else cv2.COLOR_RGBA2BGR)
    encoded, png = cv2.imencode(".png", picture, PNG_FAST)
    if not encoded:
        raise OutputError(f"{path}: expected to make a PNG of {picture.shape}, got nothing")
    try:
        path.write_bytes(np.asarray(png).tobytes())
    except OSError as error:
        raise OutputError(f"{path}: expected to write it, got {error.strerror}") from error


def _exr_writer(*, has_alpha: bool) -> Writer:
    """Writes a frame as OpenEXR.

    Raises:
        VideoError: The library is missing.
    """
    try:
        exr: Any = import_module("OpenEXR")  # one of the extras: OpenCV's wheels lack the format
    except ImportError as error:
        raise VideoError(
            "frames: expected the library OpenEXR for .exr, got none; "
            "install it with: pip install OpenEXR"
        ) from error

    def save_exr(frame: Frame, path: Path) -> None:
        linear = linear_from_srgb8(frame.srgb8[..., :3])
        if has_alpha:
            alpha = frame.srgb8[..., 3:] / np.float32(255)
            linear = np.concatenate([linear * alpha, alpha], -1)
        channels = {"RGBA" if has_alpha else "RGB": linear.astype(np.float16)}
        header = {"compression": exr.ZIP_COMPRESSION, "type": exr.scanlineimage}
        try:
            with exr.File(header, channels) as file:
                file.write(str(path))
        except (OSError, RuntimeError) as error:
            raise OutputError(f"{path}: expected to write it, got {error}") from error

    return save_exr
