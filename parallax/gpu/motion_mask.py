"""Which triangles of which layer show something that moves, and how much of it."""

from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.gpu.motion_mesh import cut_long_edges
from parallax.motion_plan import Motion
from parallax.scene import Layer, Mesh, Scene

SWAY, FLOW, SKY, FOAM, GLINT, EDGE, SMOOTH = (1 << bit for bit in range(7))
PLANES = (FLOW, SKY, FOAM)  # of `Motion.mask8`
SEEN = 0.02  # covered by less than this, a texel is what the photo shows there
# Of the field, 48 px of 1080p: on triangles with such edges a veil is 60 dB from itself, and they
# take 8 to 10 ms less where a third of the frame is sky; with edges half as long they take more
VEIL_TEXELS = 10.0
CERTAIN_ALPHA = 250  # of 255: a softer texel is a mixture, whose motion its neighbours tell


@dataclass(frozen=True, slots=True, eq=False)
class LayerMotion:
    """What moves in one layer.

    Attributes:
        weight8: uint8 (H, W, 3), of the whole photo: flow, sky and foam in this layer.
        mesh: The layer's, its triangles cut where a veil is to be told at their corners.
        kinds: uint8 (T,): for each triangle, the sum of what it shows of `SWAY` … `GLINT`, `EDGE`
            where a weight of that is not 1 throughout, and `SMOOTH` where its corners tell all.
    """

    weight8: NDArray[np.uint8]
    mesh: Mesh
    kinds: NDArray[np.uint8]


def find_layer_motion(scene: Scene, motion: Motion) -> list[LayerMotion]:
    """What moves in each layer of a scene.

    A motion says what moves in the photo. A layer that goes on behind another shows there what
    is beside it: sky behind a tower drifts with the sky. So a layer takes the photo's weights
    where the photo shows the layer, and elsewhere those of the nearest such place.
    """
    weights8 = spread_over_layers(scene, motion.mask8)
    return [
        _layer_motion(layer, weight8, motion)
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
    u0, v0, u1, v1 = layer.window_uv
    high, wide = layer.srgb8.shape[:2]
    # Texels of the layer's window from pixels of the photo, both with centres at +0.5
    scale = np.array([wide / (u1 - u0) / size_wh[0], high / (v1 - v0) / size_wh[1]])
    shift = np.array([-u0 / (u1 - u0) * wide, -v0 / (v1 - v0) * high]) + 0.5 * scale - 0.5
    texture_from_photo = np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])
    alpha = cv2.warpAffine(
        np.ascontiguousarray(layer.srgb8[..., 3]),
        texture_from_photo,
        size_wh,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return alpha.astype(np.float32) / 255, reach > 0


def _spread(mask8: NDArray[np.uint8], certain: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The mask where it is certain, and the value of the nearest such place elsewhere."""
    if certain.all():
        return mask8
    if not certain.any():
        return np.zeros_like(mask8)
    _, nearest = cv2.distanceTransformWithLabels(
        (~certain).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    value = np.zeros((int(nearest.max()) + 1, 3), np.uint8)
    value[nearest[certain]] = mask8[certain]
    return np.asarray(value[nearest], np.uint8)


def _layer_motion(layer: Layer, weight8: NDArray[np.uint8], motion: Motion) -> LayerMotion:
    """What moves in one layer; triangles of sky alone are cut until their corners tell the veil."""
    kinds = _kinds(layer, weight8, motion)
    is_opaque = np.arange(len(kinds)) < layer.mesh.num_opaque
    smooth = (kinds == SKY) & is_opaque & (motion.veil is not None)
    if not smooth.any():
        return LayerMotion(weight8, layer.mesh, kinds)
    window = np.array(layer.window_uv).reshape(2, 2)
    mesh, part_of = cut_long_edges(
        layer.mesh,
        smooth,
        scale=(window[1] - window[0]) * motion.shade.shape[1::-1],
        longest=VEIL_TEXELS,
    )
    kinds = _kinds(replace(layer, mesh=mesh), weight8, motion)
    kinds |= np.where(smooth[part_of], SMOOTH, 0).astype(np.uint8)
    return LayerMotion(weight8, mesh, kinds)


def _kinds(layer: Layer, weight8: NDArray[np.uint8], motion: Motion) -> NDArray[np.uint8]:
    """(T,): what each triangle shows, by the box around it, one texel wider."""
    uv = np.clip(_photo_uv(layer)[layer.mesh.triangles], 0, 1)
    low, high = uv.min(1), uv.max(1)
    flags = [(SWAY, motion.sways)]
    flags += [(flag, weight8[..., plane] > 0) for plane, flag in enumerate(PLANES)]
    if motion.glint:
        flags.append((GLINT, (motion.glint.swing8 != 128).any(-1)))
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
