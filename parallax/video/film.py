"""A film's file while it is being written."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.video.reformatter import ColorRange

from parallax.errors import VideoError
from parallax.frame import Frame, PlanarFrame
from parallax.video.convert import make_converter
from parallax.video.profiles import BT709, SRGB_TRANSFER, Profile, Quality, encoder_options

ENCODER_THREADS = 4  # where a profile says no other; fixed, because x264's bytes depend on it
SECONDS_BETWEEN_KEYFRAMES = 2.0  # platforms ask for 2…5
# Of a loop: the encoder's noise changes at every key frame, and most where the first of them ends
# what another began. With one for the whole film the end jumps 1.1 to 7 times less
SECONDS_BETWEEN_KEYFRAMES_OF_A_LOOP = 10.0


class FilmFile:
    """Takes frames one by one; `finish` makes it whole.

    Used from one thread at a time.
    """

    def __init__(
        self,
        path: Path,
        profile: Profile,
        *,
        size_wh: tuple[int, int],
        fps: Fraction,
        quality: Quality,
        loop_frames: int,
        has_alpha: bool,
        metadata: Mapping[str, str],
    ) -> None:
        """Open it.

        Raises:
            OSError: It cannot be written.
            av.FFmpegError: FFmpeg refuses.
        """
        self._is_broken = False
        self._size_wh = size_wh
        self._time_base = 1 / fps
        self._converter = make_converter(profile, size_wh, has_alpha=has_alpha)
        self._container = av.open(str(path), "w", options=dict(profile.container_options))
        self._container.metadata.update(metadata)
        options = encoder_options(profile, quality, loop_frames=loop_frames)
        stream = self._container.add_stream(profile.codec, rate=fps, options=options)
        self._stream = cast(av.VideoStream, stream)
        codec = self._stream.codec_context
        _configure(codec, profile, size_wh=size_wh, fps=fps)
        if loop_frames:
            codec.gop_size = max(1, round(fps * SECONDS_BETWEEN_KEYFRAMES_OF_A_LOOP))

    def add(self, frame: Frame | PlanarFrame, index: int) -> None:
        """Encode one frame as the film's `index`-th."""
        if frame.size_wh != self._size_wh:
            raise ValueError(
                f"write_video: expected frames of {self._size_wh}, got {frame.size_wh}"
            )
        with self._unless_broken():
            picture = self._converter.convert(frame)
            picture.pts = index
            picture.time_base = self._time_base
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


def open_encoder(profile: Profile, *, size_wh: tuple[int, int], fps: Fraction) -> None:
    """Nothing, if the encoder can be opened for such a film.

    Raises:
        VideoError: It is missing, finds no device, or refuses the size.
    """
    if profile.halves_chroma and (size_wh[0] % 2 or size_wh[1] % 2):
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
            f"{profile.name}: expected to encode {size_wh[0]}×{size_wh[1]}, "
            f"got {getattr(error, 'strerror', None) or error}"
        ) from error


def _configure(
    codec: av.VideoCodecContext, profile: Profile, *, size_wh: tuple[int, int], fps: Fraction
) -> None:
    """Tell an encoder everything but its options."""
    if profile.codec == "libsvtav1":
        os.environ.setdefault(
            "SVT_LOG", "1"
        )  # errors; it fills stderr otherwise, and reads no option
    codec.width, codec.height = size_wh
    codec.pix_fmt = profile.pixel_format
    codec.framerate = fps
    codec.time_base = 1 / fps
    codec.gop_size = max(1, round(fps * SECONDS_BETWEEN_KEYFRAMES))
    codec.thread_count = ENCODER_THREADS
    if profile.is_rgb:
        codec.color_range, codec.colorspace = ColorRange.JPEG, 0
        codec.color_primaries, codec.color_trc = BT709, SRGB_TRANSFER
    else:
        codec.color_range = ColorRange.MPEG
        codec.colorspace = codec.color_primaries = codec.color_trc = BT709
    if profile.tag is not None:
        codec.codec_tag = profile.tag
