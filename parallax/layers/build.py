"""From a photo and its depth to a scene."""

from dataclasses import dataclass, field
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import MIN_INV_DEPTH, Intrinsics, Reach, fov_to_cover
from parallax.depth_map import DepthMap
from parallax.label_map import LabelMap
from parallax.layers.backdrop import make_backdrop
from parallax.layers.fill import FillParams
from parallax.layers.matte import MatteParams
from parallax.layers.paint import Pictures, paint_surfaces
from parallax.layers.quadtree import (
    Squares,
    grow_squares,
    measure_misfit,
    pool_squares,
)
from parallax.layers.refine import RefineParams, measure_blur, refine_edges, snap_mixed, widen_near
from parallax.layers.skirt import Canvas, extend_mirrored, plan_canvas
from parallax.layers.split import Surfaces, find_tears, split_surfaces
from parallax.layers.triangulate import triangulate
from parallax.photo import Photo
from parallax.scene import Layer, Scene

HIDDEN_SQUARE_PX = 16  # squares behind the foreground: few, and the depth there is a guess
EDGE_SQUARE_PX = 8  # squares at tears: the near surface has to be continued across them
EDGE_DOUBT = 1.2  # of the blur: how far a sharpened edge may be from the photo's
HAIR_REACH = 2.5  # of the blur: how far past it hair and leaves may stand out
MAX_MISFIT_PX = 16.0  # past it larger squares save no triangles, edges do not get fewer
GUARD_PX = 2.0  # between an edge's soft band and the next opaque square, for texture filtering


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildParams:
    """How a scene is built."""

    tear_gap_px: float = 2.0
    """Neighbours that part by more output pixels than this at the worst pose are torn apart."""
    misfit_px: float = 0.5
    """Largest error of the mesh at the worst pose, in output pixels."""
    max_triangles: int = 20_000
    """The mesh gets coarser rather than larger than this."""
    structure_px: int = 1280
    """Long side at which structure is found; colours keep the photo's size."""
    spare_uv: float = 0.03
    """Border built past what the path needs."""
    refine: RefineParams = field(default_factory=RefineParams)
    fill: FillParams = field(default_factory=FillParams)
    matte: MatteParams | None = None
    """Softness of silhouettes in pixels of the structure map; None: as the depth map's blur
    asks for."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """How structure-map pixels, inverse depth and output pixels relate."""

    blur_px: float  # sigma of the depth map's edges, in structure-map px
    gap_px_of_inv: float  # output px of shift per 1/su at the worst pose
    px_of_output_px: float  # structure-map px per output px


def build_scene(
    photo: Photo,
    depth: DepthMap,
    labels: LabelMap | None,
    *,
    reach: Reach,
    size_wh: tuple[int, int],
    params: BuildParams | None = None,
) -> Scene:
    """A scene that looks right from everywhere within a reach.

    Args:
        photo: As large as the film can show; resize it first if it is larger.
        depth: Of the photo, of any size.
        labels: Of the photo, of any size; without them only colours guide edges.
        reach: How far the camera path strays.
        size_wh: Of the film.
        params: Thresholds.

    Returns:
        Layers `backdrop`, `back`, `front` and, where anything is torn, `rim`.
    """
    params = params or BuildParams()
    intrinsics = photo.intrinsics()
    canvas = plan_canvas(photo.size_wh, reach, spare_uv=params.spare_uv)
    srgb8 = np.asarray(extend_mirrored(photo.srgb8, canvas), np.uint8)
    map_wh = _map_size(canvas.size_wh, params.structure_px)
    blur_uv = params.refine.depth_blur_uv
    if blur_uv is None:
        blur_uv = measure_blur(depth.inv_depth) / max(depth.size_wh)
    scale = _measure_scale(
        intrinsics, canvas, map_wh, reach=reach, size_wh=size_wh, blur_uv=blur_uv
    )
    matte = params.matte or MatteParams(
        inside_px=1.5 + EDGE_DOUBT * scale.blur_px, outside_px=HAIR_REACH * scale.blur_px
    )

    inv_depth = _prepare_depth(photo, depth, labels, canvas, map_wh, scale, params)
    tears = find_tears(inv_depth, gap_px_of_inv=scale.gap_px_of_inv, tear_gap_px=params.tear_gap_px)
    surfaces = split_surfaces(
        inv_depth,
        tears,
        gap_px_of_inv=scale.gap_px_of_inv,
        px_of_output_px=scale.px_of_output_px,
        extension_px=EDGE_SQUARE_PX * 1.5 + matte.outside_px + GUARD_PX,
    )
    edge_band = (surfaces.edge_px <= matte.inside_px + GUARD_PX + 1) & (
        surfaces.edge_px >= -matte.outside_px - GUARD_PX - 1
    )
    squares = _grow(inv_depth, surfaces, edge_band, scale=scale, params=params)
    pictures = _paint(srgb8, surfaces, params.fill, matte)
    layers = _assemble(
        srgb8, pictures, inv_depth, surfaces, edge_band, squares, canvas.window_uv, intrinsics
    )
    origin = {
        "photo": photo.name,
        "photo_wh": list(photo.size_wh),
        "film_wh": list(size_wh),
        "triangles": sum(len(layer.mesh.triangles) for layer in layers),
    }
    focus_su = 1 / max(_focus_inv_depth(depth, labels), MIN_INV_DEPTH)
    return Scene(layers, intrinsics, reach, focus_su, origin=origin)


def _map_size(canvas_wh: tuple[int, int], structure_px: int) -> tuple[int, int]:
    """The canvas's size, shrunk to a long side of at most `structure_px`."""
    shrink = min(1.0, structure_px / max(canvas_wh))
    return _scaled(canvas_wh, shrink)


def _scaled(size_wh: tuple[int, int], scale: float) -> tuple[int, int]:
    """A size times a number, at least 1×1."""
    return max(1, round(size_wh[0] * scale)), max(1, round(size_wh[1] * scale))


def _measure_scale(
    intrinsics: Intrinsics,
    canvas: Canvas,
    map_wh: tuple[int, int],
    *,
    reach: Reach,
    size_wh: tuple[int, int],
    blur_uv: float,
) -> _Scale:
    """How much things shift at the worst pose, in pixels of the film and of the map."""
    film = Intrinsics.from_fov(size_wh, fov_to_cover(intrinsics, size_wh))
    photo_px_of_output_px = intrinsics.focal_px / film.focal_px
    map_px_of_photo_px = map_wh[0] / canvas.size_wh[0]
    return _Scale(
        blur_px=blur_uv * max(canvas.photo_wh) * map_px_of_photo_px,
        gap_px_of_inv=film.focal_px * reach.parallax_su,
        px_of_output_px=photo_px_of_output_px * map_px_of_photo_px,
    )


def _prepare_depth(
    photo: Photo,
    depth: DepthMap,
    labels: LabelMap | None,
    canvas: Canvas,
    map_wh: tuple[int, int],
    scale: _Scale,
    params: BuildParams,
) -> NDArray[np.float32]:
    """(h, w), inverse depth of the canvas, edges sharp and as wide as the photo's."""
    shrink = map_wh[0] / canvas.size_wh[0]
    inner_wh = _scaled(photo.size_wh, shrink)
    small = cv2.resize(photo.srgb8, inner_wh, interpolation=cv2.INTER_AREA)
    features = [small.astype(np.float32) / 128]
    if labels is not None:
        features += [labels.resized(inner_wh).probability.astype(np.float32) / 255]
    inner = refine_edges(
        depth.resized(inner_wh).inv_depth,
        np.dstack(features),
        gap_px_of_inv=scale.gap_px_of_inv,
        sigma_px=scale.blur_px,
        params=params.refine,
    )
    inner = snap_mixed(inner, gap_px_of_inv=scale.gap_px_of_inv, tear_gap_px=params.tear_gap_px)
    inner = widen_near(inner, gap_px_of_inv=scale.gap_px_of_inv, tear_gap_px=params.tear_gap_px)
    whole = cv2.resize(inner, photo.size_wh, interpolation=cv2.INTER_NEAREST)
    extended = np.asarray(extend_mirrored(whole, canvas), np.float32)
    return np.asarray(cv2.resize(extended, map_wh, interpolation=cv2.INTER_NEAREST), np.float32)


def _grow(
    inv_depth: NDArray[np.float32],
    surfaces: Surfaces,
    edge_band: NDArray[np.bool_],
    *,
    scale: _Scale,
    params: BuildParams,
) -> Squares:
    """Squares on which every surface is flat enough, and few enough of them."""
    far_counts = surfaces.hidden | ((surfaces.edge_px < 0) & edge_band)
    whole = measure_misfit(inv_depth, np.ones_like(edge_band))
    near = measure_misfit(
        surfaces.near_inv, (surfaces.edge_px > 0) & edge_band, largest_px=EDGE_SQUARE_PX
    )
    far = measure_misfit(surfaces.far_inv, far_counts, largest_px=HIDDEN_SQUARE_PX)
    torn_squares, hidden_squares = pool_squares(edge_band), pool_squares(surfaces.hidden)
    misfit = {
        side: np.maximum(np.where(torn_squares[side] > 0, near[side], whole[side]), far[side])
        for side in whole
    }
    limits = {EDGE_SQUARE_PX: torn_squares, HIDDEN_SQUARE_PX: hidden_squares}
    map_wh = (inv_depth.shape[1], inv_depth.shape[0])
    tolerance_px = params.misfit_px
    while True:
        tolerance = tolerance_px / max(scale.gap_px_of_inv, 1e-6)
        squares = grow_squares(misfit, limits, size_wh=map_wh, tolerance=tolerance)
        torn = squares.any_of(torn_squares)
        deep = torn | squares.any_of(hidden_squares)
        num_surfaces = np.where(torn, 2, 1 + deep.astype(np.int64))
        num_triangles = int((squares.num_triangles * num_surfaces).sum())
        if num_triangles <= params.max_triangles or tolerance_px > MAX_MISFIT_PX:
            return squares
        tolerance_px *= 1.25


def _paint(
    srgb8: NDArray[np.uint8], surfaces: Surfaces, fill: FillParams, matte: MatteParams
) -> Pictures:
    """The pictures of the surfaces at the photo's size."""
    size_wh = (srgb8.shape[1], srgb8.shape[0])
    scale = size_wh[0] / surfaces.hidden.shape[1]

    def enlarged(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        soft = cv2.resize(mask.astype(np.float32), size_wh, interpolation=cv2.INTER_LINEAR)
        return np.asarray(soft > 0.5)

    return paint_surfaces(
        srgb8,
        cv2.resize(surfaces.edge_px, size_wh, interpolation=cv2.INTER_LINEAR) * np.float32(scale),
        enlarged(surfaces.hidden),
        enlarged(surfaces.background),
        fill=fill,
        matte=MatteParams(inside_px=matte.inside_px * scale, outside_px=matte.outside_px * scale),
    )


def _assemble(
    srgb8: NDArray[np.uint8],
    pictures: Pictures,
    inv_depth: NDArray[np.float32],
    surfaces: Surfaces,
    edge_band: NDArray[np.bool_],
    squares: Squares,
    window_uv: tuple[float, float, float, float],
    intrinsics: Intrinsics,
) -> tuple[Layer, ...]:
    """The layers, from far to near."""
    torn = squares.any_of(pool_squares(edge_band))
    mesh_over = partial(triangulate, squares, window_uv=window_uv, intrinsics=intrinsics)
    opaque = np.full((*srgb8.shape[:2], 1), 255, np.uint8)
    layers = [
        make_backdrop(
            pictures.back_srgb8, surfaces.far_inv, window_uv=window_uv, intrinsics=intrinsics
        )
    ]
    back = mesh_over(torn | squares.any_of(pool_squares(surfaces.hidden)), surfaces.far_inv)
    if back is not None:
        layers.append(Layer("back", back, np.dstack([pictures.back_srgb8, opaque]), window_uv))
    front = mesh_over(~torn, inv_depth)
    if front is not None:
        layers.append(Layer("front", front, np.dstack([srgb8, opaque]), window_uv))
    rim = mesh_over(torn, surfaces.near_inv, blended=True)
    if rim is not None:
        layers.append(Layer("rim", rim, pictures.rim_srgb8, window_uv))
    return tuple(layers)


def _focus_inv_depth(depth: DepthMap, labels: LabelMap | None) -> float:
    """Inverse depth of the subject: of the people, or else of what stands in the middle."""
    inv_depth = depth.inv_depth
    if labels is not None:
        person = labels.resized(depth.size_wh).mask("person") > 0.5
        if person.mean() > 0.005:
            return float(np.median(inv_depth[person]))
    height, width = inv_depth.shape
    middle = inv_depth[height // 4 : -(-3 * height // 4), width // 4 : -(-3 * width // 4)]
    return float(np.percentile(middle, 75))
