"""The renderer's slow twin: triangle by triangle, in plain numpy, nothing shared with it.

One difference is meant: edges fall on either side of a pixel centre by other rounding, so compare
away from edges.
"""

import math

import numpy as np

from parallax.color import linear_from_srgb, srgb_from_linear


def warp_scene(scene, camera, size_wh):
    """uint8 (H, W, 3): the scene seen by a camera."""
    width, height = size_wh
    focal_px = height / 2 / math.tan(math.radians(camera.fov_deg) / 2)
    linear = np.zeros((height, width, 3))
    nearest_su = np.full((height, width), np.inf)
    for layer in reversed(scene.layers):
        for triangle in layer.mesh.triangles[: layer.mesh.num_opaque]:
            inside, z_su, uv = cross_triangle(scene, layer, triangle, camera, focal_px, size_wh)
            seen = inside & (z_su < nearest_su)
            nearest_su[seen] = z_su[seen]
            srgb = sample_texture(layer.srgb8, uv[seen])[:, :3]
            linear[seen] = linear_from_srgb(srgb)
    for layer in scene.layers:
        for triangle in layer.mesh.triangles[layer.mesh.num_opaque :]:
            inside, z_su, uv = cross_triangle(scene, layer, triangle, camera, focal_px, size_wh)
            seen = inside & (z_su < nearest_su)
            srgb = sample_texture(layer.srgb8, uv[seen])
            alpha = srgb[:, 3:]
            linear[seen] = alpha * linear_from_srgb(srgb[:, :3]) + (1 - alpha) * linear[seen]
    return np.rint(255 * srgb_from_linear(linear)).astype(np.uint8)


def cross_triangle(scene, layer, triangle, camera, focal_px, size_wh):
    """Where the ray of each pixel's centre meets a triangle.

    Returns:
        (H, W) whether it does, (H, W) how far along −z, and (H, W, 2) uv in the layer's texture.
    """
    width, height = size_wh
    y_px, x_px = np.mgrid[:height, :width] + 0.5
    ray_camera = np.stack(
        [(x_px - width / 2) / focal_px, (height / 2 - y_px) / focal_px, -np.ones_like(x_px)], -1
    )
    rotation, eye = camera.pose.world_from_camera[:3, :3], camera.pose.position_su
    ray = ray_camera @ rotation.T
    # Möller & Trumbore 1997, "Fast, Minimum Storage Ray-Triangle Intersection"
    a, b, c = layer.mesh.positions_su[triangle].astype(float)
    across = np.cross(ray, c - a)
    determinant = across @ (b - a)
    determinant[determinant == 0] = np.inf
    along_b = across @ (eye - a) / determinant
    turned = np.cross(eye - a, b - a)
    along_c = ray @ turned / determinant
    z_su = (c - a) @ turned / determinant
    inside = (along_b >= 0) & (along_c >= 0) & (along_b + along_c <= 1) & (z_su > 0)

    # The photo lies on the triangle as it was taken: from the point back to the photo
    point = eye + ray * z_su[..., None]
    photo_wh, photo_focal_px = scene.intrinsics.size_wh, scene.intrinsics.focal_px
    u = 0.5 + point[..., 0] / -point[..., 2] * photo_focal_px / photo_wh[0]
    v = 0.5 - point[..., 1] / -point[..., 2] * photo_focal_px / photo_wh[1]
    low, high = np.array(layer.window_uv[:2]), np.array(layer.window_uv[2:])
    return inside, z_su, (np.stack([u, v], -1) - low) / (high - low)


def sample_texture(srgb8, uv):
    """(N, 4), 0…1: the mean of the four texels around each point, weighted by nearness."""
    height, width = srgb8.shape[:2]
    x = np.clip(uv[:, 0] * width - 0.5, 0, width - 1)
    y = np.clip(uv[:, 1] * height - 0.5, 0, height - 1)
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    x1, y1 = np.minimum(x0 + 1, width - 1), np.minimum(y0 + 1, height - 1)
    fx, fy = (x - x0)[:, None], (y - y0)[:, None]
    above = srgb8[y0, x0] * (1 - fx) + srgb8[y0, x1] * fx
    below = srgb8[y1, x0] * (1 - fx) + srgb8[y1, x1] * fx
    return (above * (1 - fy) + below * fy) / 255
