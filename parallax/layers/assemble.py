"""From surfaces, their pictures and their squares to the layers of a scene."""

from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics
from parallax.cores import both, by_rows
from parallax.layers.backdrop import make_backdrop
from parallax.layers.cover import Cover
from parallax.layers.paint import Pictures
from parallax.layers.quadtree import mask_of, pool_squares
from parallax.layers.skirt import Canvas
from parallax.layers.split import Surfaces
from parallax.layers.triangulate import triangulate
from parallax.scene import Layer

_USED_PX = 8  # map pixels kept around a mesh, for filters that look past it
_OUTLINE_STRETCH = 1.5  # times its own length by which a piece of it may grow at the worst pose
_GUESSED_STRETCH = 6.0  # the same where the depth is a guess: torn off, it would leave dots
_BACK_STRETCH = 2.0  # the same of what is behind: nobody knows how long it is


def assemble_layers(
    srgb8: NDArray[np.uint8],
    pictures: Pictures,
    inv_depth: NDArray[np.float32],
    surfaces: Surfaces,
    cover: Cover,
    canvas: Canvas,
    intrinsics: Intrinsics,
    *,
    inv_of_px: float,
    depth_guessed: bool,
) -> tuple[Layer, ...]:
    """The layers, from far to near: `backdrop`, `back`, `front` and `rim`, those that there are.

    Args:
        srgb8: (H, W, 3), the canvas.
        pictures: What the surfaces look like.
        inv_depth: (h, w), of the canvas on the structure map, 1/su.
        surfaces: The two of each pixel of the map.
        cover: Squares of the map, and what is drawn on them.
        canvas: The photo and its border.
        intrinsics: Of the photo.
        inv_of_px: The relief, in 1/su, that the worst pose shifts by one pixel of the map.
        depth_guessed: Whether outlines may have steps that are not there.
    """
    window_uv = canvas.window_uv
    mesh_over = partial(triangulate, cover.squares, window_uv=window_uv, intrinsics=intrinsics)

    def lay_far() -> list[Layer]:
        backdrop = make_backdrop(
            pictures.back_srgb8, surfaces.far_inv, window_uv=window_uv, intrinsics=intrinsics
        )
        back = mesh_over(
            cover.deep,
            surfaces.far_inv,
            steepest_inv_of_px=_BACK_STRETCH * inv_of_px,
            closed=True,
        )
        if back is None:
            return [backdrop]
        picture = _keep_used(_opaque(pictures.back_srgb8), cover, cover.deep, (128, 128, 128, 255))
        return [backdrop, Layer("back", back, picture, window_uv)]

    def lay_near() -> list[Layer]:
        layers = []
        clear, solid = _find_one_sided(pictures.rim_srgb8, surfaces, cover)
        front = mesh_over(~cover.torn | solid, inv_depth)
        if front is not None:
            layers.append(Layer("front", front, _opaque(srgb8), window_uv))
        soft = cover.torn & ~clear & ~solid
        steepest = (_GUESSED_STRETCH if depth_guessed else _OUTLINE_STRETCH) * inv_of_px
        rim = mesh_over(soft, surfaces.near_inv, blended=True, steepest_inv_of_px=steepest)
        if rim is not None:
            picture = _keep_used(pictures.rim_srgb8, cover, soft, (128, 128, 128, 128))
            layers.append(Layer("rim", rim, picture, window_uv))
        return layers

    far, near = both(lay_far, lay_near)
    return (*far, *near)


def _opaque(srgb8: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 4), with an alpha of 255."""
    return np.asarray(cv2.cvtColor(srgb8, cv2.COLOR_RGB2RGBA), np.uint8)


def _keep_used(
    srgb8: NDArray[np.uint8],
    cover: Cover,
    chosen: NDArray[np.bool_],
    grey: tuple[int, int, int, int],
) -> NDArray[np.uint8]:
    """The picture, made grey where its mesh is not, and away from it: it packs small in a file."""
    around = np.ones((2 * _USED_PX + 1,) * 2, np.uint8)
    unused = cv2.dilate(mask_of(cover.squares, chosen).view(np.uint8), around) == 0
    texels = srgb8.view(np.uint32)[..., 0]  # in place: another picture of this size takes longer
    # As wide as the picture; and of each of its rows, which one of the map it is
    height, width = texels.shape
    wide = cv2.resize(unused.view(np.uint8), (width, len(unused)), interpolation=cv2.INTER_NEAREST)
    wide = wide.view(np.bool_)
    row = np.arange(len(unused), dtype=np.int16)[:, None]
    row = cv2.resize(row, (1, height), interpolation=cv2.INTER_NEAREST)[:, 0]
    word = np.array(grey, np.uint8).view(np.uint32)[0]
    by_rows(lambda rows: np.putmask(texels[rows], wide[row[rows]], word), texels.shape)
    return srgb8


def _find_one_sided(
    rim_srgb8: NDArray[np.uint8], surfaces: Surfaces, cover: Cover
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(N,) squares at tears that show nothing of the near surface, and those that show only it."""
    alpha8 = cv2.resize(
        cv2.extractChannel(rim_srgb8, 3), cover.squares.size_wh, interpolation=cv2.INTER_AREA
    )
    around = np.ones((5, 5), np.uint8)  # a texture filter looks past the square
    some = pool_squares(cv2.dilate(alpha8, around) > 0)
    less = (cv2.erode(alpha8, around) < 255) | (cv2.erode(surfaces.edge_px, around) <= 0)
    return ~cover.squares.any_of(some), cover.torn & ~cover.squares.any_of(pool_squares(less))
