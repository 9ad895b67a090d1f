"""`Frame` and `PlanarFrame`: one picture of the film."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parallax.array import check_array


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of the film, encoded for a screen.

    Attributes:
        index: Counted from 0.
        time_s: Since the start of the film.
        srgb8: uint8 (H, W, 4): red, green, blue and straight alpha, which is 255 but where the
            photo is transparent, top row first.
    """

    index: int
    time_s: float
    srgb8: NDArray[np.uint8]

    def __post_init__(self) -> None:
        srgb8 = check_array("Frame.srgb8", self.srgb8, np.uint8, ("H", "W", 4))
        object.__setattr__(self, "srgb8", srgb8)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.srgb8.shape[1], self.srgb8.shape[0]


@dataclass(frozen=True, slots=True, eq=False)
class PlanarFrame:
    """One picture of the film as most encoders take it: opaque, BT.709, limited range, 4:2:0.

    Attributes:
        index: Counted from 0.
        time_s: Since the start of the film.
        yuv8: uint8 (3 H / 2, W): H rows of luma, then the planes Cb and Cr of H / 2 rows of W / 2,
            row after row ("I420"). A sample of chroma lies on every second column, between rows.
    """

    index: int
    time_s: float
    yuv8: NDArray[np.uint8]

    def __post_init__(self) -> None:
        yuv8 = check_array("PlanarFrame.yuv8", self.yuv8, np.uint8, ("3 H / 2", "W"))
        if yuv8.shape[0] % 3 or yuv8.shape[1] % 2:
            raise ValueError(
                f"PlanarFrame.yuv8: expected three rows for every two of an even width, "
                f"got {yuv8.shape}"
            )
        object.__setattr__(self, "yuv8", yuv8)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.yuv8.shape[1], self.yuv8.shape[0] * 2 // 3
