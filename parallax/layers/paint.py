"""The pictures of the layers: what is behind the foreground, and the foreground's edges."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parallax.cores import by_pieces, by_rows
from parallax.layers.fill import FillParams, Sources, fill_background
from parallax.layers.matte import MatteParams, cut_rim
from parallax.texel import put_pixels, take_pixels


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
    wanted, pure = np.empty_like(hidden), np.empty_like(hidden)

    def part(rows: slice) -> None:
        mixed = (edge_px[rows] >= -matte.outside_px) & (edge_px[rows] <= matte.inside_px)
        np.logical_or(hidden[rows], mixed, out=wanted[rows])
        np.greater(sources.background[rows], mixed, out=pure[rows])

    by_rows(part, hidden.shape)
    back_srgb8 = fill_background(srgb8, wanted, replace(sources, background=pure), params=fill)
    rim = cut_rim(srgb8, back_srgb8, edge_px, params=matte)
    # A pixel without any foreground in it is background after all
    by_pieces(
        lambda piece: put_pixels(
            back_srgb8, rim.pure_back[piece], take_pixels(srgb8, rim.pure_back[piece])
        ),
        len(rim.pure_back),
    )
    return Pictures(back_srgb8, rim.srgb8)
