"""Small scenes whose pictures can be worked out."""

import numpy as np

from parallax.camera import Intrinsics, Pose, Reach, ResolvedCamera, positions_from_uv
from parallax.color import linear_from_srgb8, srgb8_from_linear
from parallax.scene import WHOLE_PHOTO_UV, Layer, Mesh, Scene

SIZE_WH = (96, 64)
FOV_DEG = 45.0
INTRINSICS = Intrinsics.from_fov(SIZE_WH, FOV_DEG)
BACK_INV_DEPTH = 0.25
SQUARE_INV_DEPTH = 0.8
SQUARE_UV = (0.25, 0.25, 0.625, 0.75)  # on pixel borders: 24…60 by 16…48
RIM_PX = 4
SKIRT_UV = 0.25  # of the photo beyond each of its borders


def camera_at_rest(fov_deg=FOV_DEG):
    return ResolvedCamera(0.0, Pose.identity(), fov_deg)


def camera_shifted(right_su, up_su=0.0, back_su=0.0, *, fov_deg=FOV_DEG):
    return ResolvedCamera(0.0, Pose.from_rotation((right_su, up_su, back_su), np.eye(3)), fov_deg)


def smooth_photo(rng, size_wh=SIZE_WH, num_waves=12):
    """uint8 (H, W, 3), a sum of waves longer than 24 px: what a sampler hardly blurs."""
    width, height = size_wh
    y, x = np.mgrid[:height, :width]
    waves = np.zeros((height, width, 3))
    for _ in range(num_waves):
        direction = rng.normal(size=2)
        direction *= rng.uniform(0.1, 2 * np.pi / 24) / np.linalg.norm(direction)
        phase = rng.uniform(0, 2 * np.pi)
        wave = np.cos(x * direction[0] + y * direction[1] + phase)
        waves += wave[..., None] * rng.normal(size=3)
    waves = (waves - waves.min()) / np.ptp(waves)
    return np.rint(30 + 195 * waves).astype(np.uint8)


def with_alpha(srgb8, alpha=255):
    return np.dstack([srgb8, np.broadcast_to(np.uint8(alpha), srgb8.shape[:2])])


def plane(inv_depth, *, area_uv=WHOLE_PHOTO_UV, window_uv=WHOLE_PHOTO_UV, opaque=True, num=(4, 3)):
    """A mesh over an area of the photo's uv plane; inv_depth a number or a function of uv."""
    u, v = np.meshgrid(
        np.linspace(area_uv[0], area_uv[2], num[0] + 1),
        np.linspace(area_uv[1], area_uv[3], num[1] + 1),
    )
    photo_uv = np.stack([u, v], -1).reshape(-1, 2)
    low, high = np.array(window_uv[:2]), np.array(window_uv[2:])
    inverse = inv_depth(photo_uv) if callable(inv_depth) else np.full(len(photo_uv), inv_depth)
    first = (np.arange(num[1])[:, None] * (num[0] + 1) + np.arange(num[0])).ravel()
    below = first + num[0] + 1
    triangles = np.stack([first, below, first + 1, first + 1, below, below + 1], -1).reshape(-1, 3)
    return Mesh(
        positions_from_uv(photo_uv, inverse, INTRINSICS),
        ((photo_uv - low) / (high - low)).astype(np.float32),
        triangles.astype(np.uint32),
        len(triangles) if opaque else 0,
    )


def scene_of(*layers):
    return Scene(tuple(layers), INTRINSICS, Reach(0.1), focus_su=1.0)


def photo_plane(srgb8, inv_depth=BACK_INV_DEPTH, **mesh):
    """The photo on a plane, as far as its borders."""
    return scene_of(Layer("back", plane(inv_depth, **mesh), with_alpha(srgb8)))


def framed_back(srgb8, inv_depth=BACK_INV_DEPTH):
    """A layer with the photo mirrored beyond its borders."""
    height, width = srgb8.shape[:2]
    x_px, y_px = round(width * SKIRT_UV), round(height * SKIRT_UV)
    padded = np.pad(srgb8, ((y_px, y_px), (x_px, x_px), (0, 0)), mode="symmetric")
    window_uv = (-SKIRT_UV, -SKIRT_UV, 1 + SKIRT_UV, 1 + SKIRT_UV)
    mesh = plane(inv_depth, area_uv=window_uv, window_uv=window_uv)
    return Layer("back", mesh, with_alpha(padded), window_uv)


def square_before_photo(back_srgb8, front_srgb8):
    """A plane, and nearer a square that fades at its border; and the photo that they make.

    Returns:
        The scene, and uint8 (H, W, 3): what the photo's camera sees.
    """
    width, height = SIZE_WH
    u0, v0, u1, v1 = SQUARE_UV
    y, x = np.mgrid[:height, :width] + 0.5
    inside_px = np.minimum.reduce(
        [x - u0 * width, u1 * width - x, y - v0 * height, v1 * height - y]
    )
    alpha8 = np.rint(255 * np.clip(inside_px / RIM_PX, 0, 1)).astype(np.uint8)

    whole = plane(SQUARE_INV_DEPTH, area_uv=SQUARE_UV, num=(9, 8))  # squares of RIM_PX
    middle_uv = whole.uv[whole.triangles].mean(1)
    rim_uv = np.array(RIM_PX) / SIZE_WH
    is_inner = ((middle_uv > np.array((u0, v0)) + rim_uv) & (middle_uv < (u1, v1) - rim_uv)).all(-1)
    triangles = np.concatenate([whole.triangles[is_inner], whole.triangles[~is_inner]])
    mesh = Mesh(whole.positions_su, whole.uv, triangles, int(is_inner.sum()))
    scene = scene_of(framed_back(back_srgb8), Layer("front", mesh, with_alpha(front_srgb8, alpha8)))
    alpha = (alpha8 / 255)[..., None]
    mixed = alpha * linear_from_srgb8(front_srgb8) + (1 - alpha) * linear_from_srgb8(back_srgb8)
    return scene, srgb8_from_linear(mixed)


def psnr_db(one, other):
    error = np.mean((one.astype(float) - other.astype(float)) ** 2)
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)
