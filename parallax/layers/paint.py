"""The pictures of the layers: what is behind the foreground, and the foreground's edges."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.layers.fill import FillParams, Sources, fill_background
from parallax.layers.matte import MatteParams, cut_rim


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """What the surfaces look like, all of one size.

    Attributes:
        back_srgb8: uint8 (H, W, 3), the far surface.
        rim_srgb8: uint8 (H, W, 4), the near surface with its soft edge.
    """

    back_srgb8: NDArray[np.uint8]
    rim_srgb8: NDArray[np.uint8]


def paint_surfaces(
    srgb8: NDArray[np.uint8],
    edge_px: NDArray[np.float32],
    hidden: NDArray[np.bool_],
    sources: Sources,
    *,
    fill: FillParams,
    matte: MatteParams,
) -> Pictures:
    """The far and the near surface; drawn over one another they are the photo.

    Args:
        srgb8: (H, W, 3), the photo.
        edge_px: (H, W), distance to the edge of the nearest tear, positive on its near side.
        hidden: (H, W), where the far surface needs a fill.
        sources: What a fill may be taken from.
        fill: How hidden parts are painted.
        matte: How soft edges are, in pixels of the photo.
    """
    # Pixels of the soft band are mixed: no fill is taken from them
    mixed = cv2.inRange(edge_px, -matte.outside_px, matte.inside_px) > 0
    pure = replace(sources, background=sources.background & ~mixed)
    back_srgb8 = fill_background(srgb8, hidden | mixed, pure, params=fill)
    rim = cut_rim(srgb8, back_srgb8, edge_px, params=matte)
    # A pixel without any foreground in it is background after all
    cv2.copyTo(srgb8, (rim.pure_back & mixed).view(np.uint8), back_srgb8)
    return Pictures(back_srgb8, rim.srgb8)
