"""Whether a scene stretches or has holes on its way (test T5).

An empty pixel is one that no opaque triangle covers. A stretched one is drawn by a triangle that a
view magnifies more than three times, as sheets do that should have torn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, ResolvedCamera
from parallax.gpu.renderer import Renderer, RenderParams
from parallax.scene import Layer, Mesh, Scene

STRETCHED = 3.0  # times as long as in the photo


@dataclass(frozen=True, slots=True)
class Faults:
    """The worst of some views.

    Attributes:
        num_empty: Pixels that nothing opaque covers.
        largest_blob_px: The largest connected part of stretched pixels.
    """

    num_empty: int
    largest_blob_px: int


def find_faults(
    scene: Scene, cameras: Iterable[ResolvedCamera], *, size_wh: tuple[int, int]
) -> Faults:
    """The worst that some cameras see of a scene."""
    num_empty = largest_blob_px = 0
    for camera in cameras:
        with Renderer(scene, size_wh=size_wh, params=RenderParams()) as renderer:
            num_empty = max(num_empty, renderer.count_uncovered(camera))
        layers = tuple(
            part
            for layer in scene.layers
            for part in _in_two_colours(layer, scene, camera, size_wh)
        )
        with Renderer(
            replace(scene, layers=layers), size_wh=size_wh, params=RenderParams()
        ) as renderer:
            stretched = renderer.render(camera).srgb8[..., 0] > 127
        _, _, stats, _ = cv2.connectedComponentsWithStats(stretched.astype(np.uint8))
        largest_blob_px = max(largest_blob_px, int(stats[1:, cv2.CC_STAT_AREA].max(initial=0)))
    return Faults(num_empty, largest_blob_px)


def _in_two_colours(
    layer: Layer, scene: Scene, camera: ResolvedCamera, size_wh: tuple[int, int]
) -> list[Layer]:
    """The layer in black, and in white what the camera sees stretched of it."""
    white = _magnification(layer.mesh, scene.intrinsics, camera, size_wh) > STRETCHED
    parts = []
    for chosen, level in ((~white, 0), (white, 255)):
        if chosen.any():
            srgb8 = np.dstack([np.full((*layer.srgb8.shape[:2], 3), level), layer.srgb8[..., 3]])
            mesh = layer.mesh
            num_opaque = int(chosen[: mesh.num_opaque].sum())
            part = Mesh(mesh.positions_su, mesh.uv, mesh.triangles[chosen], num_opaque)
            parts.append(replace(layer, mesh=part, srgb8=srgb8.astype(np.uint8)))
    return parts


def _magnification(
    mesh: Mesh, photo: Intrinsics, camera: ResolvedCamera, size_wh: tuple[int, int]
) -> NDArray[np.float64]:
    """(T,), how many times longer each triangle is seen than in the photo, where it is most."""
    film = Intrinsics.from_fov(size_wh, camera.fov_deg)
    positions = np.c_[mesh.positions_su, np.ones(len(mesh.positions_su))]
    seen = (positions @ camera.pose.camera_from_world.T)[:, :3]
    at_rest = mesh.positions_su[:, :2] / -mesh.positions_su[:, 2:] * film.focal_px
    now = seen[:, :2] / np.maximum(-seen[:, 2:], 1e-6) * film.focal_px
    edges = mesh.triangles[:, [1, 2]], mesh.triangles[:, [0, 0]]
    before = at_rest[edges[0]] - at_rest[edges[1]]
    after = now[edges[0]] - now[edges[1]]
    area = np.abs(np.linalg.det(before))
    flat = area < 1e-9
    before[flat] = np.eye(2)
    after[flat] = 0
    stretch = np.linalg.solve(before, after)
    return np.asarray(np.linalg.norm(stretch, ord=2, axis=(1, 2)))
