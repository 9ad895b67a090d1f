"""What the photo shows, as far as a fill has to know: leaves give nothing to water or sky."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS, Label, LabelMap

UNKNOWN, SKY, WATER, VEGETATION = range(4)
# People, houses and ground look like anything
_KIND_OF: dict[Label, int] = {"sky": SKY, "water": WATER, "vegetation": VEGETATION}
_CERTAIN = 0.5


def find_kinds(
    labels: LabelMap | None, sky: NDArray[np.bool_] | None, size_wh: tuple[int, int]
) -> NDArray[np.uint8]:
    """(h, w): `SKY`, `WATER`, `VEGETATION`, or `UNKNOWN` for everything else and what is doubtful.

    Args:
        labels: Of the photo, of any size; None says nothing.
        sky: (h, w), where the sky is, with sharper edges than a label has.
        size_wh: Width and height of the map.
    """
    if labels is None:
        return np.full(size_wh[::-1], UNKNOWN, np.uint8)
    kind = np.full(labels.probability.shape[:2], UNKNOWN, np.uint8)
    for name, value in _KIND_OF.items():
        kind[labels.probability[..., LABELS.index(name)] > 255 * _CERTAIN] = value
    kind = cv2.resize(kind, size_wh, interpolation=cv2.INTER_NEAREST)
    if sky is not None:
        kind[kind == SKY] = UNKNOWN
        kind[sky] = SKY
    return np.asarray(kind, np.uint8)
