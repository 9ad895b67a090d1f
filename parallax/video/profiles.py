"""What kinds of film can be written: codecs, containers, their settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from parallax.errors import OutputError, VideoError

Quality = Literal["standard", "high", "maximum"]

# YouTube and Instagram refuse edit lists, which B-frames cause unless their offsets may be
# negative; the index goes to the front so that a film starts before it has been loaded
MP4_OPTIONS = {
    "movflags": "+faststart+negative_cts_offsets+use_metadata_tags",
    "use_editlist": "0",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of film.

    Attributes:
        name: What `--encoder` calls it.
        suffixes: The file names it goes into, the usual one first.
        codec: FFmpeg's name of the encoder.
        pixel_format: FFmpeg's name of the pixels handed to it.
        options: The encoder's settings at each quality.
        container_options: The container's settings.
        tag: The codec's four letters where the container's usual ones are not understood.
        fallback: The profile that takes over where this machine cannot run this one.
    """

    name: str
    suffixes: tuple[str, ...]
    codec: str
    pixel_format: str
    options: Mapping[Quality, Mapping[str, str]]
    container_options: Mapping[str, str] = field(default_factory=dict)
    tag: str | None = None
    fallback: str | None = None


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="h264",
            suffixes=(".mp4", ".mov", ".m4v"),
            codec="libx264",
            pixel_format="yuv420p",
            options={
                "standard": {"preset": "veryfast", "crf": "18", "profile": "high", "bf": "2"},
                "high": {"preset": "medium", "crf": "17", "profile": "high", "bf": "2"},
                "maximum": {"preset": "slow", "crf": "15", "profile": "high", "bf": "2"},
            },
            container_options=MP4_OPTIONS,
        ),
        Profile(
            name="h264-nvenc",
            suffixes=(".mp4", ".mov", ".m4v"),
            codec="h264_nvenc",
            pixel_format="yuv420p",
            options={
                "standard": {"preset": "p4", "rc": "vbr", "cq": "21", "profile": "high"},
                "high": {"preset": "p6", "rc": "vbr", "cq": "19", "profile": "high"},
                "maximum": {"preset": "p7", "rc": "vbr", "cq": "17", "profile": "high"},
            },
            container_options=MP4_OPTIONS,
            fallback="h264",
        ),
    )
}


def choose_profile(out_path: Path, encoder: str = "auto") -> Profile:
    """The profile for a file name.

    Args:
        out_path: Its ending says which container.
        encoder: A profile's name, or "auto" for the one that goes everywhere.

    Raises:
        VideoError: There is no such encoder, or it does not go into such a file.
        OutputError: No film has such an ending.
    """
    suffix = out_path.suffix.lower()
    fitting = [profile for profile in PROFILES.values() if suffix in profile.suffixes]
    if encoder == "auto":
        if fitting:
            return fitting[0]
        known = sorted({suffix for profile in PROFILES.values() for suffix in profile.suffixes})
        raise OutputError(
            f"{out_path.name}: expected a name that ends in {', '.join(known)}, "
            f"got {suffix or 'no ending'}"
        )
    if encoder not in PROFILES:
        raise VideoError(f"encoder: expected one of {', '.join(PROFILES)}, got {encoder}")
    if suffix not in PROFILES[encoder].suffixes:
        raise VideoError(
            f"{out_path.name}: expected a name that ends in "
            f"{', '.join(PROFILES[encoder].suffixes)} for {encoder}, got {suffix or 'no ending'}"
        )
    return PROFILES[encoder]
