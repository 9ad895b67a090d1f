"""From a frame's bytes to the pixels that an encoder takes."""

from fractions import Fraction
from typing import Protocol

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext

from parallax.frame import Frame, PlanarFrame
from parallax.video.profiles import Profile

# Every frame its own 256 colours; error diffusion by Sierra, which leaves flat areas calm
PALETTE_OF_FRAME = "stats_mode=single:reserve_transparent="
PLANAR_FORMAT = "yuv420p"  # of a `PlanarFrame`
TO_YUV = "in_color_matrix=bt709:out_color_matrix=bt709:in_range=pc:out_range=tv:flags=area"
CHROMA_ON_COLUMNS = ":out_chroma_loc=left"
PALETTE_USE = "new=1:dither=sierra2_4a"


class Converter(Protocol):
    """Makes pictures for an encoder."""

    def convert(self, frame: Frame | PlanarFrame) -> av.VideoFrame:
        """The picture of a frame, without a time."""


def make_converter(profile: Profile, size_wh: tuple[int, int], *, has_alpha: bool) -> Converter:
    """What a profile's encoder needs."""
    if profile.pixel_format == "pal8":
        return PaletteConverter(size_wh, has_alpha=has_alpha)
    return PixelConverter(
        profile.pixel_format,
        size_wh,
        is_rgb=profile.is_rgb,
        halves_chroma=profile.halves_chroma,
    )


class PixelConverter:
    """To YUV by BT.709, or to another order of red, green and blue.

    Tagging a film as BT.709 does not convert it as such: FFmpeg would convert by BT.601 and every
    colour would be off (PyAV #2034). So the matrix is named here. So is the place of chroma that
    is halved: players expect it on columns of luma, where FFmpeg would put it between them.
    """

    def __init__(
        self,
        pixel_format: str,
        size_wh: tuple[int, int],
        *,
        is_rgb: bool = False,
        halves_chroma: bool = False,
    ) -> None:
        self._pixel_format = pixel_format
        self._chain = _Chain(size_wh)
        options = "" if is_rgb else TO_YUV + (CHROMA_ON_COLUMNS if halves_chroma else "")
        scale = self._chain.graph.add("scale", options)
        pixels = self._chain.graph.add("format", pixel_format)
        scale.link_to(pixels)
        self._chain.close(scale, pixels)

    def convert(self, frame: Frame | PlanarFrame) -> av.VideoFrame:
        """The picture of a frame, without a time; that of a `PlanarFrame` is its own bytes."""
        if isinstance(frame, Frame):
            return self._chain.pass_on(frame)
        if self._pixel_format != PLANAR_FORMAT:
            raise ValueError(
                f"write_video: expected frames in RGB for {self._pixel_format}, got planes"
            )
        return av.VideoFrame.from_numpy_buffer(frame.yuv8, PLANAR_FORMAT)


class PaletteConverter:
    """To 256 colours, chosen for each frame; one of them is none where frames are transparent."""

    def __init__(self, size_wh: tuple[int, int], *, has_alpha: bool) -> None:
        self._chain = _Chain(size_wh)
        split = self._chain.graph.add("split")
        choose = self._chain.graph.add("palettegen", f"{PALETTE_OF_FRAME}{int(has_alpha)}")
        use = self._chain.graph.add("paletteuse", PALETTE_USE)
        split.link_to(choose, 0, 0)
        split.link_to(use, 1, 0)
        choose.link_to(use, 0, 1)
        self._chain.close(split, use)

    def convert(self, frame: Frame | PlanarFrame) -> av.VideoFrame:
        """The picture of a frame, without a time."""
        if isinstance(frame, PlanarFrame):
            raise ValueError("write_video: expected frames in RGB for a palette, got planes")
        return self._chain.pass_on(frame)


class _Chain:
    """Filters of FFmpeg that frames pass through one by one, and get their times later."""

    def __init__(self, size_wh: tuple[int, int]) -> None:
        self.graph = Graph()
        width, height = size_wh
        self._source = self.graph.add_buffer(
            width=width, height=height, format=av.VideoFormat("rgba"), time_base=Fraction(1, 100)
        )
        self._num_frames = 0

    def close(self, first: FilterContext, last: FilterContext) -> None:
        """Let frames in at the first filter and out after the last."""
        self._source.link_to(first)
        last.link_to(self.graph.add("buffersink"))
        self.graph.configure()

    def pass_on(self, frame: Frame) -> av.VideoFrame:
        """What comes out of the last filter; the frame's own bytes go in, not copied."""
        picture = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(frame.srgb8), "rgba")
        picture.pts = self._num_frames
        self._num_frames += 1
        self.graph.push(picture)
        filtered = self.graph.pull()
        assert isinstance(filtered, av.VideoFrame)
        return filtered
