"""Which triangles of which layer show something that moves, and how much of it."""

from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.gpu.motion_mesh import cut_long_edges
from parallax.motion_plan import Motion
from parallax.nearest import nearest_of
from parallax.scene import Layer, Scene
from parallax.texel import take_pixels

SWAY, FLOW, SKY, FOAM, GLINT, EDGE, SMOOTH, RIPPLE = (1 << bit for bit in range(8))
PLANES = (FLOW, SKY, FOAM)  # of `Motion.mask8`
SEEN = 0.02  # covered by less than this, a texel is what the photo shows there
# Of the field, 48 px of 1080p: on triangles with such edges a veil is 60 dB from itself, and they
# take 8 to 10 ms less where a third of the frame is sky; with edges half as long they take more
VEIL_TEXELS = 10.0
# What corners tell is off by less: half a pixel of 1080p, or two levels of brightness
TOLD_TEXELS, TOLD_GAIN = 0.1, 0.008
SOFT_TEXELS = 6.0  # 29 px of 1080p: the edges of soft triangles of a built scene have 19
CERTAIN_ALPHA = 250  # of 255: a softer texel is a mixture, whose motion its neighbours tell


@dataclass(frozen=True, slots=True, eq=False)
class LayerMotion:
    """What moves in one layer.

    Attributes:
        layer: The layer, its triangles cut where a veil is to be told at their corners; where
            something sparkles, its alpha is 1 less the strength of that, since no opaque triangle
            needs an alpha.
        weight8: uint8 (H, W, 3), of the whole photo: flow, sky and foam in this layer.
        kinds: uint8 (T,): for each triangle, the sum of what it shows of `SWAY` … `GLINT` and
            `RIPPLE`, `EDGE` where a weight of that is not 1 throughout, and `SMOOTH` where its
            corners tell all displacement and light.
    """

    layer: Layer
    weight8: NDArray[np.uint8]
    kinds: NDArray[np.uint8]


def find_layer_motion(scene: Scene, motion: Motion) -> list[LayerMotion]:
    """What moves in each layer of a scene.

    A motion says what moves in the photo. A layer that goes on behind another shows there what
    is beside it: sky behind a tower drifts with the sky. So a layer takes the photo's weights
    where the photo shows the layer, and elsewhere those of the nearest such place.
    """
    weights8 = spread_over_layers(scene, motion.mask8)
    bend = _bend(motion)
    return [
        _layer_motion(layer, weight8, motion, bend)
        for layer, weight8 in zip(scene.layers, weights8, strict=True)
    ]


def spread_over_layers(scene: Scene, mask8: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """A mask of the photo, uint8 (H, W, 3), as it goes on in each layer.

    Where the photo does not show a layer, it is as in the nearest place where it does.
    """
    height, width = mask8.shape[:2]
    covered = np.zeros((height, width), np.float32)
    spread: list[NDArray[np.uint8]] = []
    for layer in reversed(scene.layers):
        alpha, reach = _alpha_on_photo(layer, (width, height))
        certain = (covered < SEEN) & (alpha >= CERTAIN_ALPHA / 255) & reach
        spread.append(_spread(mask8, certain))
        covered = np.maximum(covered, np.where(reach, alpha, 0))
    return spread[::-1]


def _alpha_on_photo(
    layer: Layer, size_wh: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """(H, W) of the photo: a layer's alpha, and where it has triangles at all."""
    uv = _photo_uv(layer)
    corners_px = np.rint((uv * size_wh - 0.5) * 16).astype(np.int32)[layer.mesh.triangles]
    reach = np.zeros(size_wh[::-1], np.uint8)
    for corners in corners_px:
        cv2.fillConvexPoly(reach, corners, (1,), cv2.LINE_8, shift=4)
    alpha = cv2.warpAffine(
        np.ascontiguousarray(layer.srgb8[..., 3]),
        _texture_from_photo(layer, size_wh),
        size_wh,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return alpha.astype(np.float32) / 255, reach > 0


def _texture_from_photo(layer: Layer, size_wh: tuple[int, int]) -> NDArray[np.float64]:
    """(2, 3): texels of a layer from pixels of the photo, both with centres at +0.5."""
    u0, v0, u1, v1 = layer.window_uv
    high, wide = layer.srgb8.shape[:2]
    scale = np.array([wide / (u1 - u0) / size_wh[0], high / (v1 - v0) / size_wh[1]])
    shift = np.array([-u0 / (u1 - u0) * wide, -v0 / (v1 - v0) * high]) + 0.5 * scale - 0.5
    return np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])


def _spread(mask8: NDArray[np.uint8], certain: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The mask where it is certain, and the value of the nearest such place elsewhere."""
    if certain.all():
        return mask8
    if not certain.any():
        return np.zeros_like(mask8)
    _, nearest = nearest_of(certain)
    return take_pixels(mask8, nearest.ravel()).reshape(mask8.shape)


def _layer_motion(
    layer: Layer, weight8: NDArray[np.uint8], motion: Motion, bend: NDArray[np.float64]
) -> LayerMotion:
    """What moves in one layer, and whether the corners of a triangle tell all of it.

    Triangles of sky alone are cut until their corners tell the veil; others stay as they are, and
    many are small enough.
    """
    if motion.glint and layer.mesh.num_opaque == len(layer.mesh.triangles):
        layer = _with_sparkle(layer, motion.glint.strength8)
    kinds = _kinds(layer, weight8, motion)
    is_opaque = np.arange(len(kinds)) < layer.mesh.num_opaque
    smooth = (kinds == SKY) & is_opaque & (motion.veil is not None)
    if smooth.any():
        window = np.array(layer.window_uv).reshape(2, 2)
        mesh, _ = cut_long_edges(
            layer.mesh,
            smooth,
            scale=(window[1] - window[0]) * motion.shade.shape[1::-1],
            longest=VEIL_TEXELS,
        )
        layer = replace(layer, mesh=mesh)
        kinds = _kinds(layer, weight8, motion)
    kinds |= np.where(_told_by_corners(layer, kinds, motion, bend), SMOOTH, 0).astype(np.uint8)
    if (kinds & GLINT).any():  # one kind less to draw, and where nothing sparkles nothing changes
        kinds |= np.where((kinds & (SWAY | SMOOTH)) == SWAY, GLINT, 0).astype(np.uint8)
    return LayerMotion(layer, weight8, kinds)


def _with_sparkle(layer: Layer, strength8: NDArray[np.uint8]) -> Layer:
    """A layer without soft triangles, its alpha 1 less what share of its light sparkles."""
    height, width = strength8.shape
    strength = cv2.warpAffine(
        strength8,
        _texture_from_photo(layer, (width, height)),
        layer.srgb8.shape[1::-1],
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return replace(layer, srgb8=np.dstack([layer.srgb8[..., :3], 255 - strength]))


def _told_by_corners(
    layer: Layer, kinds: NDArray[np.uint8], motion: Motion, bend: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(T,): whether what the field says in a triangle is what its corners say, always.

    A line between two points of a curve is off by an eighth of its second derivative times the
    square of their distance. A triangle that a mask ends in is never told so: what stands still in
    it would move with its corners. Soft triangles are drawn in their order and so told alike.
    """
    size = np.array(bend.shape[::-1]) - 1
    uv = np.clip(_photo_uv(layer)[layer.mesh.triangles], 0, 1)
    corners = uv * size  # (T, 3, 2), texels
    edges = np.linalg.norm(corners - np.roll(corners, 1, 1), axis=-1).max(1)
    low = np.minimum(np.floor(corners.min(1)), size - 1).astype(int)
    high = np.maximum(np.ceil(corners.max(1)).astype(int), low + 1)
    (x0, y0), (x1, y1) = low.T, high.T
    total = bend[y1, x1] - bend[y0, x1] - bend[y1, x0] + bend[y0, x0]
    mean = np.maximum(total, 0) / ((x1 - x0) * (y1 - y0))
    stands = ~(motion.sways | motion.shade[..., 2:].any(-1))
    moves = kinds & (SWAY | SKY) > 0
    ends = (kinds & (SWAY | EDGE) > 0) & _any_in_boxes(stands, uv.min(1), uv.max(1))
    whole = moves & ~ends
    told = whole & ((edges**2 / 8 * np.sqrt(mean) < 1) | (kinds & SWAY == 0))
    told &= (edges <= VEIL_TEXELS) & (kinds & GLINT == 0)
    soft = slice(layer.mesh.num_opaque, None)
    is_small = edges[soft].max(initial=0) < SOFT_TEXELS
    told[soft] = moves[soft].any() and is_small and whole[soft][moves[soft]].all()
    return np.asarray(told)


def _bend(motion: Motion) -> NDArray[np.float64]:
    """(h + 1, w + 1): sums of the square of the field's second derivative, mean over time.

    In what may be off, over the square of a texel.
    """
    height, width = motion.shade.shape[:2]
    may_be_off = np.array([TOLD_TEXELS / width, TOLD_TEXELS / height], np.float32)
    inner = np.zeros((height, width), np.float32)
    for mode in motion.modes_uv:
        for swing in (mode[..., :2], mode[..., 2:]):
            gain = (swing * motion.shade[..., :2]).sum(-1) / np.float32(TOLD_GAIN)
            for part in (*np.moveaxis(swing / may_be_off, -1, 0), gain):
                right, down = np.diff(part, axis=1), np.diff(part, axis=0)
                square = np.diff(right, axis=1)[1:-1] ** 2 + np.diff(down, axis=0)[:, 1:-1] ** 2
                square += 2 * np.diff(right, axis=0)[1:, 1:] ** 2
                inner[1:-1, 1:-1] += square / 2
    return np.asarray(cv2.integral(cv2.dilate(inner, np.ones((5, 5), np.uint8))), np.float64)


def _kinds(layer: Layer, weight8: NDArray[np.uint8], motion: Motion) -> NDArray[np.uint8]:
    """(T,): what each triangle shows, by the box around it, one texel wider."""
    uv = np.clip(_photo_uv(layer)[layer.mesh.triangles], 0, 1)
    low, high = uv.min(1), uv.max(1)
    flags = [(SWAY, motion.sways)]
    flags += [(flag, weight8[..., plane] > 0) for plane, flag in enumerate(PLANES)]
    if motion.glint and layer.mesh.num_opaque == len(layer.mesh.triangles):
        flags.append((GLINT, motion.glint.strength8 > 0))
    if motion.ripple:
        flags.append((RIPPLE, motion.ripple.runs))
    shown = [np.where(_any_in_boxes(mask, low, high), flag, 0) for flag, mask in flags]
    kinds = np.asarray(reduce(np.bitwise_or, shown), np.uint8)
    for plane, flag in enumerate(PLANES):
        partial = _any_in_boxes(weight8[..., plane] < 255, low, high) & (kinds & flag > 0)
        kinds |= np.where(partial, EDGE, 0).astype(np.uint8)
    return kinds


def _any_in_boxes(
    mask: NDArray[np.bool_], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(T,): whether the mask is set anywhere in a box of uv; by a table of sums."""
    sums = cv2.integral(mask.astype(np.uint8))
    size = np.array([mask.shape[1], mask.shape[0]])
    x0, y0 = np.clip(np.floor(low * size - 1.5), 0, size).astype(int).T
    x1, y1 = np.clip(np.ceil(high * size + 1.5), 0, size).astype(int).T
    return np.asarray(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0] > 0)


def _photo_uv(layer: Layer) -> NDArray[np.float64]:
    """(V, 2): where a layer's vertices lie in the photo."""
    low, high = np.array(layer.window_uv[:2]), np.array(layer.window_uv[2:])
    return np.asarray(low + layer.mesh.uv * (high - low), np.float64)
