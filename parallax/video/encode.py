"""Writing a film: convert, encode, check, and only then give the file its name."""

import errno
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from parallax.errors import OutputError, VideoError
from parallax.frame import Frame
from parallax.video.probe import VideoInfo, probe_video
from parallax.video.profiles import PROFILES, Profile, Quality, choose_profile

LOGGER = logging.getLogger("parallax.video")
FRAMES_WAITING = 4  # drawn and not yet encoded: evens out slow frames; 8 measured no gain
ENCODER_THREADS = 4  # fixed, because x264's bytes depend on it
SECONDS_BETWEEN_KEYFRAMES = 2.0  # platforms ask for 2…5
BT709 = 1  # matrix, primaries and transfer alike (ITU-T H.273)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoParams:
    """How a film is encoded."""

    encoder: str = "auto"
    """A profile's name, or "auto" for the usual one of the file's ending."""
    quality: Quality = "standard"
    """How much time the encoder may take."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What to write beside the pictures: title, comment, seed …"""


def write_video(
    frames: Iterable[Frame],
    out_path: Path,
    *,
    size_wh: tuple[int, int],
    fps: Fraction,
    params: VideoParams | None = None,
    on_frame: Callable[[int], None] | None = None,
) -> VideoInfo:
    """Write a film and check it; nothing but a whole film is ever seen under its name.

    Frames are converted and encoded on a thread of their own while the next are drawn; however long
    the film, only a few are in memory.

    Args:
        frames: All of `size_wh`.
        out_path: Its ending says which kind of film; overwritten.
        size_wh: In pixels.
        fps: Frames per second.
        params: How to encode.
        on_frame: Called with the number of frames taken so far.

    Returns:
        What the finished file says about itself.

    Raises:
        VideoError: The encoder is not there, refuses, or wrote something else than it was given.
        OutputError: The file cannot be written.
    """
    params = params or VideoParams()
    if fps <= 0:
        raise ValueError(f"write_video: expected fps above 0, got {fps}")
    if not out_path.parent.is_dir():
        raise OutputError(f"{out_path}: expected a folder {out_path.parent}, got none")
    if out_path.is_dir():
        raise OutputError(f"{out_path}: expected the name of a film, got a folder")
    profile, warnings = _usable_profile(choose_profile(out_path, params.encoder), size_wh, fps)
    partial_path = out_path.with_name(f"{out_path.stem}.part{out_path.suffix}")
    try:
        with _explained(out_path):
            film = _Film(partial_path, profile, size_wh=size_wh, fps=fps, params=params)
        num_frames = _write_frames(frames, film, out_path, on_frame or _ignore)
        with _explained(out_path):
            _sync(partial_path)
            info = probe_video(partial_path)
            _check_film(info, out_path, profile, size_wh=size_wh, fps=fps, num_frames=num_frames)
            os.replace(partial_path, out_path)
            _sync(out_path.parent)
    finally:
        partial_path.unlink(missing_ok=True)
    return replace(info, path=out_path, warnings=warnings)


def available_encoders() -> dict[str, bool]:
    """Which profiles this machine can write."""
    found = {}
    for profile in PROFILES.values():
        try:
            _open_encoder(profile, (256, 256), Fraction(30))
        except VideoError:
            found[profile.name] = False
        else:
            found[profile.name] = True
    return found


def _write_frames(
    frames: Iterable[Frame], film: "_Film", path: Path, on_frame: Callable[[int], None]
) -> int:
    """How many frames there were, once all are in the film and it is closed.

    Raises:
        VideoError: There were none, or the encoder refused one.
        OutputError: The disk refused.
    """
    num_frames = 0
    waiting: deque[Future[None]] = deque()
    worker = ThreadPoolExecutor(1, thread_name_prefix="parallax-encode")
    try:
        for frame in frames:
            if len(waiting) == FRAMES_WAITING:
                _await(waiting.popleft(), path)
            waiting.append(worker.submit(film.add, frame, num_frames))
            num_frames += 1
            on_frame(num_frames)
        if num_frames == 0:
            raise VideoError(f"{path}: expected at least one frame, got none")
        waiting.append(worker.submit(film.finish))
        while waiting:
            _await(waiting.popleft(), path)
    finally:
        worker.shutdown(wait=True, cancel_futures=True)
        film.release()
    return num_frames


def _await(future: "Future[None]", path: Path) -> None:
    """Nothing, once it is done."""
    with _explained(path):
        future.result()


class _Film:
    """A film being written."""

    def __init__(
        self,
        path: Path,
        profile: Profile,
        *,
        size_wh: tuple[int, int],
        fps: Fraction,
        params: VideoParams,
    ) -> None:
        self._is_broken = False
        self._size_wh = size_wh
        self._time_base = 1 / fps
        self._pixel_format = profile.pixel_format
        self._reformatter = VideoReformatter()
        self._container = av.open(str(path), "w", options=dict(profile.container_options))
        self._container.metadata.update(params.metadata)
        stream = self._container.add_stream(
            profile.codec, rate=fps, options=dict(profile.options[params.quality])
        )
        self._stream = cast(av.VideoStream, stream)
        _configure(self._stream.codec_context, profile, size_wh=size_wh, fps=fps)

    def add(self, frame: Frame, index: int) -> None:
        """Encode one frame as the film's `index`-th.

        Tagging a film as BT.709 does not convert it as such: FFmpeg would convert by BT.601 and
        every colour would be off (PyAV #2034). So the matrix is named here.
        """
        height, width = frame.srgb8.shape[:2]
        if (width, height) != self._size_wh:
            raise ValueError(
                f"write_video: expected frames of {self._size_wh}, got {(width, height)}"
            )
        rgba = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(frame.srgb8), "rgba")
        picture = self._reformatter.reformat(
            rgba,
            format=self._pixel_format,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
        picture.pts = index
        picture.time_base = self._time_base
        with self._unless_broken():
            self._container.mux(self._stream.encode(picture))

    def finish(self) -> None:
        """Write what the encoder still holds, and the index."""
        with self._unless_broken():
            self._container.mux(self._stream.encode())
            self._container.close()

    def release(self) -> None:
        """Close the file, whatever state it is in."""
        with suppress(av.FFmpegError, OSError):  # of a film that was not finished
            self._container.close()

    @contextmanager
    def _unless_broken(self) -> Iterator[None]:
        """Remember an error: FFmpeg crashes when a file that failed is written to again."""
        if self._is_broken:
            raise OSError(errno.EIO, "an error before")
        try:
            yield
        except BaseException:
            self._is_broken = True
            raise


def _configure(
    codec: av.VideoCodecContext, profile: Profile, *, size_wh: tuple[int, int], fps: Fraction
) -> None:
    """Tell an encoder everything but its options."""
    codec.width, codec.height = size_wh
    codec.pix_fmt = profile.pixel_format
    codec.framerate = fps
    codec.time_base = 1 / fps
    codec.gop_size = max(1, round(fps * SECONDS_BETWEEN_KEYFRAMES))
    codec.thread_count = ENCODER_THREADS
    codec.color_range = ColorRange.MPEG
    codec.colorspace = codec.color_primaries = codec.color_trc = BT709
    if profile.tag is not None:
        codec.codec_tag = profile.tag


def _usable_profile(
    profile: Profile, size_wh: tuple[int, int], fps: Fraction
) -> tuple[Profile, tuple[str, ...]]:
    """The profile, or the one to fall back on where this machine cannot run it, and what to say.

    Raises:
        VideoError: The encoder is missing or refuses films of this size, and nothing replaces it.
    """
    try:
        _open_encoder(profile, size_wh, fps)
    except VideoError as error:
        if profile.fallback is None:
            raise
        warning = f"{error}; {profile.fallback} instead"
        LOGGER.warning(warning)
        return _usable_profile(PROFILES[profile.fallback], size_wh, fps)[0], (warning,)
    return profile, ()


def _open_encoder(profile: Profile, size_wh: tuple[int, int], fps: Fraction) -> None:
    """Nothing, if the encoder can be opened for such a film.

    Raises:
        VideoError: It is missing, finds no device, or refuses the size.
    """
    if profile.pixel_format.startswith("yuv42") and (size_wh[0] % 2 or size_wh[1] % 2):
        raise VideoError(
            f"{profile.name}: expected an even width and height, got {size_wh[0]}×{size_wh[1]}"
        )
    try:
        codec = cast(av.VideoCodecContext, av.CodecContext.create(profile.codec, "w"))
        _configure(codec, profile, size_wh=size_wh, fps=fps)
        codec.options = dict(profile.options["standard"])
        codec.open()
    except (av.FFmpegError, ValueError) as error:  # ValueError: no such codec in this build
        raise VideoError(
            f"{profile.name}: expected to encode {size_wh[0]}×{size_wh[1]}, got {error}"
        ) from error


def _check_film(
    info: VideoInfo,
    path: Path,
    profile: Profile,
    *,
    size_wh: tuple[int, int],
    fps: Fraction,
    num_frames: int,
) -> None:
    """Nothing, if the film is what was asked for.

    Raises:
        VideoError: It is not.
    """
    tags = (int(ColorRange.MPEG), BT709, BT709, BT709)
    for what, wanted, got in (
        ("frames", num_frames, info.num_frames),
        ("size", size_wh, info.size_wh),
        ("frames per second", fps, info.fps),
        ("colour tags", tags, info.colour_tags),
        ("start in seconds", 0.0, info.start_s),
    ):
        if wanted != got:
            raise VideoError(f"{path}: expected {what} {wanted} of {profile.name}, got {got}")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Errors of FFmpeg and of the disk as ours."""
    try:
        yield
    except OSError as error:  # some of FFmpeg's errors are these, too
        raise OutputError(f"{path}: expected to write the film, got {error.strerror}") from error
    except av.FFmpegError as error:
        raise VideoError(f"{path}: expected to encode the film, got {error}") from error


def _sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ignore(num_frames: int) -> None:
    """Nothing: nobody wants to know."""
