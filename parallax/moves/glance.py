"""`Glance`: a small copy of what is known of a photo, to plan a camera's move on."""

from dataclasses import dataclass, field
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap
from parallax.label_map import Label, LabelMap
from parallax.moves.saliency import measure_saliency

GLANCE_PX = 192  # long side: wide enough to find a subject, small enough to take a millisecond
LABELS_SEEN: tuple[Label, ...] = ("person", "sky", "water", "ground")

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """A small copy of what is known of a photo.

    Attributes:
        inv_depth: (h, w), 1/su.
        planes: Of labels, each (h, w), 0…1; empty where nothing is known.
        saliency: (h, w), 0…1, how much each place stands out by its colour; None where not known.
    """

    inv_depth: Plane
    planes: dict[Label, Plane] = field(default_factory=dict)
    saliency: Plane | None = None

    @classmethod
    def of(
        cls,
        depth: DepthMap,
        labels: LabelMap | None = None,
        srgb8: NDArray[np.uint8] | None = None,
    ) -> Self:
        """The copy of a photo's depth, labels and colours, each of any size."""
        width, height = depth.size_wh
        factor = min(1.0, GLANCE_PX / max(width, height))
        size_wh = max(8, round(width * factor)), max(8, round(height * factor))
        planes: dict[Label, Plane] = {}
        if labels is not None:
            small = labels.resized(size_wh)
            planes = {name: small.mask(name) for name in LABELS_SEEN}
        saliency = None
        if srgb8 is not None:
            colors = cv2.resize(srgb8[..., :3], size_wh, interpolation=cv2.INTER_AREA)
            saliency = measure_saliency(np.asarray(colors, np.uint8))
        return cls(depth.resized(size_wh).inv_depth, planes, saliency)
