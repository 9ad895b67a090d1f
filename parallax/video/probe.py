"""What a film's file says about itself."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av

from parallax.errors import VideoError

UNKNOWN_TAGS = (0, 2, 2, 2)  # range, matrix, primaries, transfer: nothing said


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A film on the disk.

    Attributes:
        path: Where it lies.
        size_wh: In pixels.
        fps: Frames per second.
        num_frames: As many as can be read from the file.
        start_s: When the first one is shown.
        duration_s: Until the last one has been shown.
        codec: "h264" …
        pixel_format: FFmpeg's name.
        colour_tags: Range, matrix, primaries and transfer, as numbers of ITU-T H.273 but for the
            range, where 1 is limited and 2 is full.
        num_bytes: Of the file.
        metadata: What was written beside the pictures.
        warnings: What went otherwise than asked, one sentence each.
    """

    path: Path
    size_wh: tuple[int, int]
    fps: Fraction
    num_frames: int
    start_s: float
    duration_s: float
    codec: str
    pixel_format: str
    colour_tags: tuple[int, int, int, int]
    num_bytes: int
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def probe_video(path: Path) -> VideoInfo:
    """What the file says; reads it to its end but decodes nothing.

    Raises:
        VideoError: Missing, or not a film.
    """
    try:
        with path.open("rb") as file:
            head = file.read(12)
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return _probe_webp(path)
        return _probe_container(path)
    except (av.FFmpegError, OSError) as error:
        raise VideoError(f"{path}: expected a film, got {error}") from error


def _probe_container(path: Path) -> VideoInfo:
    """A film that FFmpeg reads."""
    with av.open(str(path)) as container:
        if not container.streams.video:
            raise VideoError(f"{path}: expected a film, got no pictures in it")
        stream = container.streams.video[0]
        codec = stream.codec_context
        shown_at = sorted({p.pts for p in container.demux(stream) if p.pts is not None})
        if not shown_at or stream.time_base is None:
            raise VideoError(f"{path}: expected a film, got no pictures in it")
        fps = Fraction(stream.average_rate or stream.guessed_rate or 1)
        start_s = float(shown_at[0] * stream.time_base)
        return VideoInfo(
            path=path,
            size_wh=(codec.width, codec.height),
            fps=fps,
            num_frames=len(shown_at),
            start_s=start_s,
            duration_s=float(shown_at[-1] * stream.time_base) + 1 / float(fps) - start_s,
            codec=codec.name,
            pixel_format=codec.pix_fmt or "",
            colour_tags=(
                int(codec.color_range),
                int(codec.colorspace),
                int(codec.color_primaries),
                int(codec.color_trc),
            ),
            num_bytes=path.stat().st_size,
            metadata=dict(container.metadata),
        )


def _probe_webp(path: Path) -> VideoInfo:
    """An animated WebP, which FFmpeg writes and does not read.

    WebP Container Specification, sections "Extended File Format" and "Animation".
    """
    data = path.read_bytes()
    size_wh, durations_ms = (0, 0), []
    for name, content in _riff_chunks(data[12:]):
        if name == b"VP8X" and len(content) >= 10:
            size_wh = (1 + _uint24(content[4:7]), 1 + _uint24(content[7:10]))
        elif name == b"ANMF" and len(content) >= 16:
            durations_ms.append(_uint24(content[12:15]))
    duration_s = sum(durations_ms) / 1000
    if not duration_s:
        raise VideoError(f"{path}: expected a film, got a WebP that does not move")
    return VideoInfo(
        path=path,
        size_wh=size_wh,
        fps=Fraction(len(durations_ms) * 1000, sum(durations_ms)),
        num_frames=len(durations_ms),
        start_s=0.0,
        duration_s=duration_s,
        codec="webp",
        pixel_format="bgra",
        colour_tags=UNKNOWN_TAGS,
        num_bytes=len(data),
    )


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of the chunks, one after the other."""
    at = 0
    while at + 8 <= len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _uint24(three: bytes) -> int:
    """A number of three bytes, the least first."""
    return int.from_bytes(three, "little")
