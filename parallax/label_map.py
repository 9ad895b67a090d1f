"""`LabelMap`: what each pixel of a photo shows."""

from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.array import check_array

Label = Literal["other", "sky", "water", "vegetation", "person", "building", "ground"]
LABELS: tuple[Label, ...] = get_args(Label)


@dataclass(frozen=True, slots=True, eq=False)
class LabelMap:
    """How likely each pixel of a photo shows each kind of thing.

    Attributes:
        probability: uint8 (H, W, 7), one plane a label in the order of `LABELS`; 255 is certain.
            The planes of a pixel sum to about 255.
    """

    probability: NDArray[np.uint8]

    def __post_init__(self) -> None:
        shape = ("H", "W", len(LABELS))
        probability = check_array("LabelMap.probability", self.probability, np.uint8, shape)
        object.__setattr__(self, "probability", probability)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height."""
        return self.probability.shape[1], self.probability.shape[0]

    def mask(self, label: Label, size_wh: tuple[int, int] | None = None) -> NDArray[np.float32]:
        """(H, W), 0…1: how likely each pixel shows this; at another size as `resized` has it."""
        plane = self.probability[..., LABELS.index(label)]
        plane = plane if size_wh is None else _resized(plane, size_wh)
        return plane.astype(np.float32) / np.float32(255)

    def likeliest(self) -> NDArray[np.uint8]:
        """(H, W): the index in `LABELS` of the likeliest label."""
        return np.asarray(self.probability.argmax(-1), np.uint8)

    def resized(self, size_wh: tuple[int, int]) -> "LabelMap":
        """The map at another size: averaged where it shrinks, bilinear where it grows."""
        if size_wh == self.size_wh:
            return self
        planes = cv2.split(self.probability)  # OpenCV averages four channels at most
        return LabelMap(np.asarray(cv2.merge([_resized(p, size_wh) for p in planes]), np.uint8))


def _resized(plane: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """One label's plane at another size: averaged where it shrinks, bilinear where it grows."""
    flag = cv2.INTER_AREA if size_wh[0] < plane.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, size_wh, interpolation=flag), np.uint8)
