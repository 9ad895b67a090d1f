"""What a film's file says about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av

from parallax.errors import VideoError


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
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise VideoError(f"{path}: expected a film, got no pictures in it")
            stream = container.streams.video[0]
            codec = stream.codec_context
            shown_at = [p.pts for p in container.demux(stream) if p.pts is not None]
            if not shown_at or stream.time_base is None:
                raise VideoError(f"{path}: expected a film, got no pictures in it")
            fps = Fraction(stream.average_rate or stream.guessed_rate or 0)
            start_s = float(min(shown_at) * stream.time_base)
            end_s = float(max(shown_at) * stream.time_base) + (1 / float(fps) if fps else 0.0)
            return VideoInfo(
                path=path,
                size_wh=(codec.width, codec.height),
                fps=fps,
                num_frames=len(set(shown_at)),
                start_s=start_s,
                duration_s=end_s - start_s,
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
    except (av.FFmpegError, OSError) as error:
        raise VideoError(f"{path}: expected a film, got {error}") from error
