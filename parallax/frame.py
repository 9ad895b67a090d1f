"""`Frame`: one picture of the film."""

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
