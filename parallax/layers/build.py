"""From a photo and its depth to a scene."""

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import MIN_INV_DEPTH, Reach
from parallax.cores import both
from parallax.depth_map import DepthMap
from parallax.label_map import Label, LabelMap
from parallax.layers.assemble import assemble_layers
from parallax.layers.backdrop import MOST_TRIANGLES
from parallax.layers.cover import COARSE_EDGE_SQUARE_PX, Cover, cover_surfaces
from parallax.layers.dent import slope_dents
from parallax.layers.fill import FillParams, Sources
from parallax.layers.kind import find_kinds
from parallax.layers.matte import MatteParams
from parallax.layers.paint import Pictures, paint_surfaces
from parallax.layers.rank import rank_behind
from parallax.layers.refine import (
    RefineParams,
    measure_blur,
    refine_edges,
    snap_mixed,
    widen_near,
)
from parallax.layers.rigid import keep_rigid
from parallax.layers.rim import level_rims
from parallax.layers.scale import Scale, plan_scale, scaled_size
from parallax.layers.sides import look_at
from parallax.layers.skirt import (
    Canvas,
    drop_frame_line,
    extend_mirrored,
    mirrored_indices,
    plan_canvas,
)
from parallax.layers.split import Surfaces, find_tears, split_surfaces
from parallax.layers.straight import straighten_outlines
from parallax.layers.tips import rejoin_tips
from parallax.photo import Photo
from parallax.scene import Scene

EDGE_DOUBT = 1.0  # of the depth map's blur: how far a sharpened edge may be from the photo's
HAIR_REACH = 1.5  # of the blur: how far past it hair and leaves may stand out
MIXED_PX = 1.5  # photo pixels that an edge mixes even where depth is exact
GUARD_PX = 3.0  # between an edge's soft band and the next opaque square, for texture filtering
_IS_THAT = 0.5
SKY_CUT_PX = 4  # depth pixels beside the sky, in which edges are its cut
TAKEN_PX = 24.0  # a fill is taken from no farther outside the soft band


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildParams:
    """How a scene is built."""

    tear_gap_px: float = 2.0
    """Neighbours that part by more output pixels than this at the worst pose are torn apart."""
    misfit_px: float = 0.5
    """Largest error of the mesh at the worst pose, in output pixels."""
    max_triangles: int = 20_000
    """The mesh gets coarser rather than much larger than this."""
    structure_px: int = 1280
    """Long side at which structure is found; colours keep the photo's size."""
    spare_uv: float = 0.03
    """Border built past what the path needs."""
    refine: RefineParams = field(default_factory=RefineParams)
    fill: FillParams = field(default_factory=FillParams)
    depth_guessed: bool = True
    """Whether a network guessed the depth: it sees thin things unevenly, each value twice."""
    matte: MatteParams | None = None
    """Softness of silhouettes, in pixels of the structure map. None: as soft as the depth map."""

    def __post_init__(self) -> None:
        if not (self.tear_gap_px > 0 and self.misfit_px > 0 and self.spare_uv >= 0):
            raise ValueError(f"BuildParams: expected thresholds above 0, got {self}")
        if self.structure_px < 64:
            raise ValueError(f"structure_px: expected at least 64, got {self.structure_px}")


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
        Layers `backdrop`, `back` if anything is torn, `front`, and `rim` if anything is torn.
    """
    params = params or BuildParams()
    intrinsics = photo.intrinsics()
    canvas = plan_canvas(photo.size_wh, reach, spare_uv=params.spare_uv)
    scale = plan_scale(
        canvas, intrinsics, reach=reach, size_wh=size_wh, structure_px=params.structure_px
    )
    blur_px = _blur_on_map(depth, labels, canvas, scale, params.refine)
    matte = params.matte or MatteParams(
        inside_px=MIXED_PX + EDGE_DOUBT * blur_px, outside_px=HAIR_REACH * blur_px
    )

    inner_wh = scaled_size(photo.size_wh, 1 / scale.photo_px_of_map_px)
    sky = None if labels is None else _find(labels, "sky", inner_wh)
    inv_depth, srgb8 = both(
        lambda: _sharpen(photo, depth, labels, sky, scale, blur_px=blur_px, params=params),
        lambda: np.asarray(extend_mirrored(drop_frame_line(photo.srgb8), canvas), np.uint8),
    )
    to_canvas = np.ix_(*mirrored_indices(canvas, scale.map_wh, inner_wh))
    inv_depth = inv_depth[to_canvas]
    (surfaces, rank), kind = both(
        lambda: _part(
            inv_depth,
            None if sky is None else sky[to_canvas],
            scale,
            blur_px=blur_px,
            matte=matte,
            tear_gap_px=params.tear_gap_px,
        ),
        lambda: find_kinds(labels, sky, inner_wh)[to_canvas],
    )
    pictures, cover = both(
        lambda: _paint(srgb8, surfaces, rank, kind, scale, fill=params.fill, matte=matte),
        lambda: _cover(inv_depth, surfaces, scale, matte=matte, params=params),
    )
    layers = assemble_layers(
        srgb8,
        pictures,
        inv_depth,
        surfaces,
        cover,
        canvas,
        intrinsics,
        inv_of_px=1 / max(scale.gap_px_of_inv * scale.map_px_of_output_px, 1e-9),
        depth_guessed=params.depth_guessed,
    )
    origin = {
        "photo": photo.name,
        "film_wh": list(size_wh),
        "depth_blur_px": round(blur_px, 2),
        "misfit_px": round(cover.misfit_px, 2),
    }
    focus_su = 1 / max(_focus_inv_depth(depth, labels), MIN_INV_DEPTH)
    return Scene(layers, intrinsics, reach, focus_su, origin=origin)


def _blur_on_map(
    depth: DepthMap, labels: LabelMap | None, canvas: Canvas, scale: Scale, params: RefineParams
) -> float:
    """The sigma of the blur of the depth map's edges, in pixels of the structure map."""
    inner_px = max(canvas.photo_wh) / scale.photo_px_of_map_px
    if params.depth_blur_uv is not None:
        return params.depth_blur_uv * inner_px
    by_sky = None
    if labels is not None:
        # The sky is cut out by its label; how soft the network's own edges are is seen elsewhere
        sky = labels.mask("sky", depth.size_wh) > _IS_THAT
        around = np.ones((2 * SKY_CUT_PX + 1,) * 2, np.uint8)
        by_sky = cv2.dilate(sky.astype(np.uint8), around) > 0
    blur_px = measure_blur(depth.inv_depth, ignored=by_sky)
    return blur_px * inner_px / max(depth.size_wh)


def _sharpen(
    photo: Photo,
    depth: DepthMap,
    labels: LabelMap | None,
    sky: NDArray[np.bool_] | None,
    scale: Scale,
    *,
    blur_px: float,
    params: BuildParams,
) -> NDArray[np.float32]:
    """(h, w), inverse depth of the photo on the structure map, with edges as sharp as steps."""
    inner_wh = scaled_size(photo.size_wh, 1 / scale.photo_px_of_map_px)
    small = cv2.resize(photo.srgb8, inner_wh, interpolation=cv2.INTER_AREA)
    look = look_at(np.asarray(small, np.uint8), labels)
    gap_px_of_inv = scale.gap_px_of_inv
    inner = refine_edges(
        depth.resized(inner_wh).inv_depth,
        look,
        gap_px_of_inv=gap_px_of_inv,
        sigma_px=blur_px,
        stair_px=2 * math.ceil(inner_wh[0] / depth.size_wh[0]) + 1 if params.depth_guessed else 1,
        params=params.refine,
    )
    inner = snap_mixed(inner, gap_px_of_inv=gap_px_of_inv, tear_gap_px=params.tear_gap_px)
    if sky is not None:
        inner = level_rims(
            inner,
            sky,
            sigma_px=blur_px,
            gap_px_of_inv=gap_px_of_inv,
            tear_gap_px=params.tear_gap_px,
        )
        inner = rejoin_tips(inner, sky, look.colours, sigma_px=blur_px)
    if params.depth_guessed:
        inner = straighten_outlines(
            inner,
            gap_px_of_inv=gap_px_of_inv,
            sigma_px=blur_px,
            tear_gap_px=params.tear_gap_px,
        )
    if labels is not None:
        inner = keep_rigid(
            inner,
            _find(labels, "person", inner_wh),
            _find(labels, "other", inner_wh) & params.depth_guessed,
            gap_px_of_inv=gap_px_of_inv,
            sigma_px=blur_px,
            tear_gap_px=params.tear_gap_px,
        )
    if params.depth_guessed:
        inner = slope_dents(inner, gap_px_of_inv=gap_px_of_inv, tear_gap_px=params.tear_gap_px)
    return widen_near(inner, gap_px_of_inv=gap_px_of_inv, tear_gap_px=params.tear_gap_px)


def _find(labels: LabelMap, name: Label, size_wh: tuple[int, int]) -> NDArray[np.bool_]:
    """(h, w), where the photo shows something."""
    mask = cv2.resize(labels.mask(name), size_wh, interpolation=cv2.INTER_LINEAR)
    return np.asarray(mask > _IS_THAT)


def _part(
    inv_depth: NDArray[np.float32],
    sky: NDArray[np.bool_] | None,
    scale: Scale,
    *,
    blur_px: float,
    matte: MatteParams,
    tear_gap_px: float,
) -> tuple[Surfaces, NDArray[np.uint8]]:
    """The surfaces of each pixel of the map, and (h, w), the rank of what is behind it."""
    tears = find_tears(
        inv_depth,
        gap_px_of_inv=scale.gap_px_of_inv,
        tear_gap_px=tear_gap_px,
        ledge_px=round(blur_px),
    )
    surfaces = split_surfaces(
        inv_depth,
        tears,
        gap_px_of_inv=scale.gap_px_of_inv,
        px_of_output_px=scale.map_px_of_output_px,
        extension_px=COARSE_EDGE_SQUARE_PX * 1.5 + matte.outside_px + GUARD_PX,
        taken_px=matte.outside_px + TAKEN_PX,
    )
    return surfaces, rank_behind(inv_depth, tears, surfaces, sky)


def _cover(
    inv_depth: NDArray[np.float32],
    surfaces: Surfaces,
    scale: Scale,
    *,
    matte: MatteParams,
    params: BuildParams,
) -> Cover:
    """The squares that the surfaces are drawn on."""
    may_show_near = surfaces.edge_px >= -matte.outside_px - GUARD_PX
    return cover_surfaces(
        inv_depth,
        surfaces,
        may_show_near & (surfaces.edge_px <= matte.inside_px + GUARD_PX),
        may_show_near,
        gap_px_of_inv=scale.gap_px_of_inv,
        misfit_px=params.misfit_px,
        max_triangles=params.max_triangles - MOST_TRIANGLES,
    )


def _paint(
    srgb8: NDArray[np.uint8],
    surfaces: Surfaces,
    rank: NDArray[np.uint8],
    kind: NDArray[np.uint8],
    scale: Scale,
    *,
    fill: FillParams,
    matte: MatteParams,
) -> Pictures:
    """The pictures of the surfaces at the photo's size."""
    size_wh = (srgb8.shape[1], srgb8.shape[0])
    ratio = scale.photo_px_of_map_px

    def enlarged(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        soft = cv2.resize(mask.view(np.uint8) * 255, size_wh, interpolation=cv2.INTER_LINEAR)
        return np.asarray(np.greater(soft, 127, out=soft.view(np.bool_)))  # in place

    def repeated(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.asarray(cv2.resize(plane, size_wh, interpolation=cv2.INTER_NEAREST), np.uint8)

    edge_px = cv2.resize(
        surfaces.edge_px * np.float32(ratio), size_wh, interpolation=cv2.INTER_LINEAR
    )
    return paint_surfaces(
        srgb8,
        np.asarray(edge_px, np.float32),
        enlarged(surfaces.hidden),
        Sources(
            # As the ranks: a smoother mask would give pixels of the foreground a rank of background
            repeated(surfaces.background.view(np.uint8)).view(np.bool_),
            repeated(rank),
            kind,
        ),
        fill=fill,
        matte=MatteParams(inside_px=matte.inside_px * ratio, outside_px=matte.outside_px * ratio),
    )


def _focus_inv_depth(depth: DepthMap, labels: LabelMap | None) -> float:
    """Inverse depth of the subject: of the people, or else of what stands in the middle."""
    inv_depth = depth.inv_depth
    if labels is not None:
        person = labels.mask("person", depth.size_wh) > 0.5
        if person.mean() > 0.005:
            return float(np.median(inv_depth[person]))
    height, width = inv_depth.shape
    middle = inv_depth[height // 4 : -(-3 * height // 4), width // 4 : -(-3 * width // 4)]
    return float(np.percentile(middle, 75))
