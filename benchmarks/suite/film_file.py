"""Reading films: the frames as a player shows them, and strips of them to look at."""

from pathlib import Path

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from benchmarks.stereo import read_picture
from benchmarks.suite.task import Film

Frames = NDArray[np.uint8]
UNKNOWN_MATRIX = 2  # of ITU-T H.273: the file does not say
HD_HEIGHT_PX = 720  # players take films without a tag for BT.709 from this height on
MAX_FRAMES = 600  # of a longer film, evenly spread ones are read no further than that


def read_frames(film: Film, *, lossless: bool = False) -> Frames:
    """uint8 (F, H, W, 3) sRGB, the frames of a film.

    Args:
        film: Where they are.
        lossless: Prefer the pictures beside the film, if there are any.

    Raises:
        ValueError: There are none, or they cannot be read.
    """
    if lossless and film.frames_dir is not None:
        files = sorted(film.frames_dir.glob("*.png"))
        pictures = [read_picture(file) for file in files]
    else:
        pictures = _decode(film.file)
    if not pictures:
        raise ValueError(f"{film.file}: expected a film, got no frames")
    return np.stack(pictures)


def film_rate(file: Path) -> float:
    """Frames a second, as the file says."""
    with av.open(str(file)) as container:
        rate = container.streams.video[0].average_rate
    if rate is None:
        raise ValueError(f"{file}: expected a rate, got none")
    return float(rate)


def fit_frames(frames: Frames, size_wh: tuple[int, int]) -> Frames:
    """Frames of another size, cropped to the wanted shape about their middle and resampled.

    Systems that only know certain sizes can so be scored against the same truth.
    """
    width, height = size_wh
    if frames.shape[1:3] == (height, width):
        return frames
    scale = max(width / frames.shape[2], height / frames.shape[1])
    inner_w, inner_h = round(width / scale), round(height / scale)
    left, top = (frames.shape[2] - inner_w) // 2, (frames.shape[1] - inner_h) // 2
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    crops = (frame[top : top + inner_h, left : left + inner_w] for frame in frames)
    return np.stack([np.asarray(cv2.resize(c, size_wh, interpolation=how)) for c in crops])


def write_strip(frames: Frames, path: Path, *, num: int = 4, height_px: int = 120) -> None:
    """Writes evenly spaced frames side by side as a JPEG."""
    picked = np.unique(np.linspace(0, len(frames) - 1, num).round().astype(int))
    scale = height_px / frames.shape[1]
    small = [cv2.resize(frames[i], None, fx=scale, fy=scale) for i in picked]
    path.parent.mkdir(parents=True, exist_ok=True)
    strip = np.hstack(small)[..., ::-1]
    cv2.imwrite(str(path), np.ascontiguousarray(strip), (cv2.IMWRITE_JPEG_QUALITY, 75))


def _decode(file: Path) -> list[Frames]:
    """Each frame by the file's own colour tags, or by what players assume without."""
    try:
        with av.open(str(file)) as container:
            stream = container.streams.video[0]
            every = max(1, -(-stream.frames // MAX_FRAMES))
            return [
                _srgb8(frame)
                for index, frame in enumerate(container.decode(stream))
                if index % every == 0
            ]
    except (av.FFmpegError, OSError, IndexError) as error:
        raise ValueError(f"{file}: expected a film, got {error}") from error


def _srgb8(frame: av.VideoFrame) -> Frames:
    """(H, W, 3) of a decoded frame."""
    if frame.format.is_rgb:
        return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    said = int(frame.colorspace)
    hd = said == Colorspace.ITU709 or (said == UNKNOWN_MATRIX and frame.height >= HD_HEIGHT_PX)
    shown = frame.reformat(
        format="rgb24",
        src_colorspace=Colorspace.ITU709 if hd else Colorspace.ITU601,
        src_color_range=int(frame.color_range) or ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    )
    return np.asarray(shown.to_ndarray(), np.uint8)
