"""What kinds of film can be written: codecs, containers, their settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from parallax.errors import OutputError, VideoError

Quality = Literal["standard", "high", "maximum"]
Options = Mapping[str, str]

BT709 = 1  # matrix, primaries and transfer alike (ITU-T H.273)
SRGB_TRANSFER = 13  # IEC 61966-2-1 (ITU-T H.273)
LIMITED, FULL = 1, 2  # FFmpeg's numbers of ranges

MP4_FILES = (".mp4", ".mov", ".m4v")
# YouTube and Instagram refuse edit lists, which B-frames cause unless their offsets may be
# negative; the index goes to the front so that a film starts before it has been loaded
MP4_OPTIONS = {
    "movflags": "+faststart+negative_cts_offsets+use_metadata_tags",
    "use_editlist": "0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
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
        alpha_format: As `pixel_format`, for films that are transparent in places; None where the
            codec knows none.
        is_rgb: Red, green and blue are stored, not YUV.
        keeps_tags: The file says how its colours are meant.
        merges_frames: Frames that are alike become one that is shown longer.
        rate_error: How far the frame rate in the file may be off, where times are rounded.
        fallback: The profile that takes over where this machine cannot run this one.
    """

    name: str
    suffixes: tuple[str, ...]
    codec: str
    pixel_format: str
    options: Mapping[Quality, Options]
    container_options: Options = field(default_factory=dict)
    tag: str | None = None
    alpha_format: str | None = None
    is_rgb: bool = False
    keeps_tags: bool = True
    merges_frames: bool = False
    rate_error: float = 0.0
    fallback: str | None = None

    @property
    def halves_chroma(self) -> bool:
        """Whether two pixels a side share their colour, so that sides must be even."""
        return self.pixel_format.startswith(("yuv420", "yuva420", "p010"))

    @property
    def keeps_alpha(self) -> bool:
        """Whether a film can be transparent in places."""
        return self.alpha_format is not None

    def with_alpha(self) -> "Profile":
        """The same for films that are transparent in places.

        Raises:
            VideoError: The codec knows no transparency.
        """
        if self.alpha_format is None:
            raise VideoError(f"{self.name}: expected opaque frames, got transparent ones")
        return replace(self, pixel_format=self.alpha_format)

    @property
    def colour_tags(self) -> tuple[int, int, int, int]:
        """Range, matrix, primaries and transfer that the file is to say."""
        return (FULL, 0, BT709, SRGB_TRANSFER) if self.is_rgb else (LIMITED, BT709, BT709, BT709)


def _each(
    common: Options, standard: Options, high: Options, maximum: Options
) -> Mapping[Quality, Options]:
    """Settings of every quality: the common ones and its own."""
    return {
        "standard": {**common, **standard},
        "high": {**common, **high},
        "maximum": {**common, **maximum},
    }


def _same(options: Options) -> Mapping[Quality, Options]:
    """The same settings whatever the quality."""
    return _each(options, {}, {}, {})


_H264 = Profile(
    name="h264",
    suffixes=MP4_FILES,
    codec="libx264",
    pixel_format="yuv420p",
    options=_each(
        {"profile": "high", "bf": "2"},
        # superfast with veryfast's lookahead: as small and as close in 56 % of the time. A photo
        # that moves has no cuts, no fades and no small blocks with ways of their own, so they are
        # not looked for. Two threads leave the caches of few cores to the drawing
        {
            "preset": "superfast",
            "crf": "17",
            "threads": "2",
            "x264-params": "mbtree=1:rc-lookahead=10:scenecut=0:b-adapt=0:weightp=0:"
            "partitions=none",
        },
        {"preset": "medium", "crf": "17"},
        {"preset": "slow", "crf": "15"},
    ),
    container_options=MP4_OPTIONS,
)
_H264_NVENC = Profile(
    name="h264-nvenc",
    suffixes=MP4_FILES,
    codec="h264_nvenc",
    pixel_format="yuv420p",
    options=_each(
        {"profile": "high", "rc": "vbr"},
        {"preset": "p4", "cq": "21"},
        {"preset": "p6", "cq": "19"},
        {"preset": "p7", "cq": "17"},
    ),
    container_options=MP4_OPTIONS,
    fallback="h264",
)
_NVENC10 = _each(
    {"rc": "vbr"},
    {"preset": "p4", "cq": "24"},
    {"preset": "p6", "cq": "21"},
    {"preset": "p7", "cq": "19"},
)
_HEVC_NVENC = Profile(
    name="hevc-nvenc",
    suffixes=MP4_FILES,
    codec="hevc_nvenc",
    pixel_format="p010le",
    options=_NVENC10,
    container_options=MP4_OPTIONS,
    tag="hvc1",
    fallback="hevc10",
)
_AV1_NVENC = Profile(
    name="av1-nvenc",
    suffixes=MP4_FILES,
    codec="av1_nvenc",
    pixel_format="p010le",
    options=_NVENC10,
    container_options=MP4_OPTIONS,
    rate_error=1e-3,
    fallback="av1",
)
_HEVC10 = Profile(
    name="hevc10",
    suffixes=MP4_FILES,
    codec="libx265",
    pixel_format="yuv420p10le",
    options=_each(
        {"x265-params": "log-level=none:pools=4"},
        {"preset": "superfast", "crf": "20"},
        {"preset": "fast", "crf": "18"},
        {"preset": "medium", "crf": "16"},
    ),
    container_options=MP4_OPTIONS,
    tag="hvc1",  # Apple's players refuse hev1
)
_AV1 = Profile(
    name="av1",
    suffixes=(*MP4_FILES, ".webm", ".mkv"),
    codec="libsvtav1",
    pixel_format="yuv420p10le",
    options=_each(
        {},
        {"preset": "10", "crf": "28"},
        {"preset": "8", "crf": "24"},
        {"preset": "6", "crf": "20"},
    ),
    container_options=MP4_OPTIONS,
    rate_error=1e-3,
)
_PRORES = Profile(
    name="prores4444",
    suffixes=(".mov",),
    codec="prores_ks",
    pixel_format="yuv444p10le",
    alpha_format="yuva444p10le",
    options=_same({"profile": "4444", "vendor": "apl0"}),  # Final Cut looks for Apple's name
    container_options=MP4_OPTIONS,
)
_VP9 = Profile(
    name="vp9",
    suffixes=(".webm",),
    codec="libvpx-vp9",
    pixel_format="yuv420p",
    alpha_format="yuva420p",
    options=_each(
        {"b": "0", "row-mt": "1"},
        {"deadline": "realtime", "cpu-used": "6", "crf": "28"},
        {"deadline": "good", "cpu-used": "4", "crf": "24"},
        {"deadline": "good", "cpu-used": "2", "crf": "20"},
    ),
    rate_error=1e-3,  # WebM counts milliseconds
)
_FFV1 = Profile(
    name="ffv1",
    suffixes=(".mkv",),
    codec="ffv1",
    pixel_format="bgr0",
    alpha_format="bgra",
    options=_same({"level": "3", "slicecrc": "1"}),
    is_rgb=True,
    rate_error=1e-3,  # Matroska counts milliseconds
)
_GIF = Profile(
    name="gif",
    suffixes=(".gif",),
    codec="gif",
    pixel_format="pal8",
    alpha_format="pal8",  # all of a pixel or nothing
    options=_same({}),
    container_options={"loop": "0"},
    is_rgb=True,
    keeps_tags=False,
    rate_error=0.15,  # GIF counts hundredths: 30 frames a second are shown 3, 3 and 4 long
)
_WEBP = Profile(
    name="webp",
    suffixes=(".webp",),
    codec="libwebp_anim",
    pixel_format="bgra",
    alpha_format="bgra",
    options=_each({}, {"quality": "80"}, {"quality": "90"}, {"lossless": "1", "quality": "60"}),
    container_options={"loop": "0"},
    is_rgb=True,
    keeps_tags=False,
    merges_frames=True,
    rate_error=0.05,  # WebP counts milliseconds
)

# The first profile of an ending is the one taken where none is named
PROFILES = {
    profile.name: profile
    for profile in (
        _H264, _H264_NVENC, _HEVC10, _HEVC_NVENC, _VP9, _FFV1, _AV1, _AV1_NVENC, _PRORES, _GIF,
        _WEBP,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _EndsOfLoop:
    """How finely a loop's first frame and its last ones are quantised.

    Attributes:
        option: That takes an encoder's own settings.
        first: Step of quantisation of the first frame.
        last: Of the last ones.
        past_end: What a range of one frame ends at, counted from that frame.
    """

    option: str
    first: int
    last: tuple[int, ...]
    past_end: int


# Where both ends are close to what was drawn, the noise of one does not jump to that of the other.
# At 720p the decoded film's end jumps 1.0 to 1.5 times its usual step (1.5 to 3.8 without); adds
# 0.3 to 0.9 MB and no time. x265 takes longer to become as fine as that
_ENDS_OF_LOOP = {
    "libx264": _EndsOfLoop("x264-params", 8, (14, 12, 10, 8), past_end=0),
    "libx265": _EndsOfLoop("x265-params", 7, (20, 19, 18, 17, 15, 13, 11, 9, 7, 7), past_end=1),
}


def encoder_options(profile: Profile, quality: Quality, *, loop_frames: int = 0) -> dict[str, str]:
    """What the encoder is told.

    Args:
        profile: Whose.
        quality: How much time it may take.
        loop_frames: How many frames a loop has; 0 of a film that does not loop.
    """
    options = dict(profile.options[quality])
    if loop_frames and profile.codec == "libsvtav1":
        # Frames near a key frame are averaged into it, and no others: the end jumps a quarter more
        options["svtav1-params"] = "enable-tf=0"
    ends = _ENDS_OF_LOOP.get(profile.codec)
    if ends and loop_frames > len(ends.last):
        steps = {0: ends.first, **dict(enumerate(ends.last, loop_frames - len(ends.last)))}
        zones = [f"{k},{k + ends.past_end},q={step}" for k, step in steps.items()]
        known = options.get(ends.option)
        zone_option = "zones=" + "/".join(zones)
        options[ends.option] = f"{known}:{zone_option}" if known else zone_option
    return options


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
