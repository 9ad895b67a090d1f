"""Which squares each surface is drawn on, few enough for the budget."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from parallax.cores import both
from parallax.layers.quadtree import (
    Pyramid,
    Squares,
    grow_squares,
    measure_misfit,
    pool_squares,
)
from parallax.layers.split import Surfaces

EDGE_SQUARE_PX = 8  # squares at tears: the near surface has to be continued across them
COARSE_EDGE_SQUARE_PX = 16  # the same where the budget does not hold otherwise
_HIDDEN_SQUARE_PX = 16  # squares behind the foreground
_EDGE_SHARE = 0.25  # of a misfit counts at tears and behind: the eye has nothing to compare with
_COARSER = 1.5  # tolerance grows by this until the budget holds
_HALVINGS = 3  # of the last of these steps, to come close to what the budget allows
_MAX_MISFIT_PX = 16.0  # past it edges do not get fewer


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Squares that tile the map, and what is drawn on them.

    Attributes:
        squares: Of the whole map.
        torn: bool (N,), those at tears, where the near surface has a soft edge.
        deep: bool (N,), those with a far surface: at tears and behind the foreground.
        misfit_px: The tolerance that the budget allowed, in output pixels.
    """

    squares: Squares
    torn: NDArray[np.bool_]
    deep: NDArray[np.bool_]
    misfit_px: float


def cover_surfaces(
    inv_depth: NDArray[np.float32],
    surfaces: Surfaces,
    soft_band: NDArray[np.bool_],
    may_show_near: NDArray[np.bool_],
    *,
    gap_px_of_inv: float,
    misfit_px: float,
    max_triangles: int,
) -> Cover:
    """The largest squares on which every surface is flat enough.

    Args:
        inv_depth: (H, W), 1/su.
        surfaces: The two of each pixel.
        soft_band: (H, W), pixels at tears that must not be in an opaque square.
        may_show_near: (H, W), pixels where the near surface may be seen.
        gap_px_of_inv: Output pixels of relative shift per 1/su at the worst pose.
        misfit_px: Tolerance in output pixels.
        max_triangles: If there would be more the tolerance grows.
    """
    torn, hidden = pool_squares(soft_band), pool_squares(surfaces.hidden)
    near = pool_squares(may_show_near)
    misfit = _worst_misfit(inv_depth, surfaces, soft_band, torn)
    map_wh = (inv_depth.shape[1], inv_depth.shape[0])

    def cover(tolerance_px: float, edge_square_px: int) -> tuple[Cover, bool]:
        """The cover of a tolerance, and whether it is within the budget."""
        squares = grow_squares(
            misfit,
            {edge_square_px: torn, _HIDDEN_SQUARE_PX: hidden},
            size_wh=map_wh,
            tolerance=tolerance_px / max(gap_px_of_inv, 1e-6),
        )
        is_torn = squares.any_of(torn)
        is_deep = is_torn | squares.any_of(hidden)
        single = ~is_torn | squares.any_of(near)
        num_triangles = int((squares.num_triangles * (single.astype(int) + is_deep)).sum())
        return Cover(squares, is_torn, is_deep, tolerance_px), num_triangles <= max_triangles

    found, fits = _find_finest(partial(cover, edge_square_px=EDGE_SQUARE_PX), misfit_px)
    if not fits:
        found, _ = _find_finest(partial(cover, edge_square_px=COARSE_EDGE_SQUARE_PX), misfit_px)
    return found


def _find_finest(
    cover: Callable[[float], tuple[Cover, bool]], misfit_px: float
) -> tuple[Cover, bool]:
    """The cover with the smallest tolerance that fits, or else with the largest there is."""
    fine_px, coarse_px = misfit_px, misfit_px
    found, fits = cover(coarse_px)
    while not fits and coarse_px < _MAX_MISFIT_PX:
        fine_px, coarse_px = coarse_px, coarse_px * _COARSER
        found, fits = cover(coarse_px)
    for _ in range(_HALVINGS if fits and coarse_px > misfit_px else 0):
        middle_px = float(np.sqrt(fine_px * coarse_px))
        better, fits_too = cover(middle_px)
        if fits_too:
            found, coarse_px = better, middle_px
        else:
            fine_px = middle_px
    return found, fits


def _worst_misfit(
    inv_depth: NDArray[np.float32],
    surfaces: Surfaces,
    soft_band: NDArray[np.bool_],
    torn: Pyramid,
) -> Pyramid:
    """The largest misfit of the surfaces that are drawn on each square."""
    is_near = surfaces.edge_px > 0
    beside = partial(measure_misfit, largest_px=COARSE_EDGE_SQUARE_PX)
    single, (near, far) = both(
        lambda: measure_misfit(inv_depth, np.ones_like(soft_band)),
        lambda: (
            beside(surfaces.near_inv, is_near & soft_band),
            beside(surfaces.far_inv, (~is_near & soft_band) | surfaces.hidden),
        ),
    )
    worst = {}
    for side, misfit in single.items():
        at_edge = np.where(torn[side] > 0, near[side] * np.float32(_EDGE_SHARE), misfit)
        worst[side] = np.maximum(at_edge, far[side] * np.float32(_EDGE_SHARE))
    return worst
