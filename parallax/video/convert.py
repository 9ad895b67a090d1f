"""From a frame's bytes to the pixels that an encoder takes."""

from fractions import Fraction
from typing import Protocol

import av
import numpy as np
from av.filter import Graph
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from parallax.frame import Frame
from parallax.video.profiles import Profile

# Every frame its own 256 colours; error diffusion by Sierra, which leaves flat areas calm
PALETTE_OF_FRAME = "stats_mode=single:reserve_transparent="
PALETTE_USE = "new=1:dither=sierra2_4a"


class Converter(Protocol):
    """Makes pictures for an encoder."""

    def convert(self, frame: Frame) -> av.VideoFrame:
        """The picture of a frame, without a time."""


def make_converter(profile: Profile, size_wh: tuple[int, int], *, has_alpha: bool) -> Converter:
    """What a profile's encoder needs."""
    if profile.pixel_format == "pal8":
        return PaletteConverter(size_wh, has_alpha=has_alpha)
    return PixelConverter(profile.pixel_format, is_rgb=profile.is_rgb)


class PixelConverter:
    """To YUV by BT.709, or to another order of red, green and blue.

    Tagging a film as BT.709 does not convert it as such: FFmpeg would convert by BT.601 and every
    colour would be off (PyAV #2034). So the matrix is named here.
    """

    def __init__(self, pixel_format: str, *, is_rgb: bool = False) -> None:
        self._reformatter = VideoReformatter()
        self._pixel_format = pixel_format
        self._is_rgb = is_rgb

    def convert(self, frame: Frame) -> av.VideoFrame:
        """The picture of a frame, without a time."""
        if self._is_rgb:
            return self._reformatter.reformat(_as_picture(frame), format=self._pixel_format)
        return self._reformatter.reformat(
            _as_picture(frame),
            format=self._pixel_format,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )


class PaletteConverter:
    """To 256 colours, chosen for each frame; one of them is none where frames are transparent."""

    def __init__(self, size_wh: tuple[int, int], *, has_alpha: bool) -> None:
        graph = Graph()
        width, height = size_wh
        # Frames pass one by one and get their times later
        source = graph.add_buffer(
            width=width, height=height, format=av.VideoFormat("rgba"), time_base=Fraction(1, 100)
        )
        split = graph.add("split")
        choose = graph.add("palettegen", f"{PALETTE_OF_FRAME}{int(has_alpha)}")
        use = graph.add("paletteuse", PALETTE_USE)
        sink = graph.add("buffersink")
        source.link_to(split)
        split.link_to(choose, 0, 0)
        split.link_to(use, 1, 0)
        choose.link_to(use, 0, 1)
        use.link_to(sink)
        graph.configure()
        self._graph = graph
        self._num_frames = 0

    def convert(self, frame: Frame) -> av.VideoFrame:
        """The picture of a frame, without a time."""
        picture = _as_picture(frame)
        picture.pts = self._num_frames
        self._num_frames += 1
        self._graph.push(picture)
        palettized = self._graph.pull()
        assert isinstance(palettized, av.VideoFrame)
        return palettized


def _as_picture(frame: Frame) -> av.VideoFrame:
    """The frame's own bytes, not copied."""
    return av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(frame.srgb8), "rgba")
