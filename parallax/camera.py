"""Coordinate frames, and the nouns that lead from one to another.

Every other module refers to this page.

```
photo px      origin top-left, x right, y down; pixel centres at +0.5
uv            photo px / (width, height): 0…1, origin top-left
camera        OpenGL: x right, y up, looking along −z, in scene units (su); right-handed
world         the camera frame of the photo itself: the photo was taken at the origin
clip, NDC     OpenGL: x right, y up, z −1 near … 1 far
output px     as photo px, but of the film's frame
```

*Scene unit*: the nearest point of the photo is at a distance of 1 su along −z, where
`inv_depth == 1`. A point at `uv` with inverse depth d lies at

    position = ((u − ½)·W/f, (½ − v)·H/f, −1) / d        f = focal_px, (W, H) = size_wh

and a camera shifted sideways by `t_su` sees it moved by `focal_px · t_su · d` pixels. Angles are in
degrees everywhere but inside one function. Matrices are named `a_from_b`.
"""

import math
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parallax.array import check_array

MIN_INV_DEPTH = 1e-3  # the sky stands at 1000 su: finite for a depth buffer, unmoved by any path
DEFAULT_FOV_DEG = 45.0  # vertical, where a photo does not say; about 29 mm on full frame, landscape


@dataclass(frozen=True, slots=True)
class Intrinsics:
    """A pinhole camera with square pixels that looks through the middle of its picture.

    Attributes:
        size_wh: Width and height of the picture in pixels.
        focal_px: Focal length in the same pixels.
    """

    size_wh: tuple[int, int]
    focal_px: float

    def __post_init__(self) -> None:
        if min(self.size_wh) < 1:
            raise ValueError(f"Intrinsics.size_wh: expected at least 1×1, got {self.size_wh}")
        if not (math.isfinite(self.focal_px) and self.focal_px > 0):
            raise ValueError(f"Intrinsics.focal_px: expected above 0, got {self.focal_px}")

    @classmethod
    def from_fov(cls, size_wh: tuple[int, int], fov_deg: float) -> Self:
        """The camera with this vertical field of view."""
        return cls(size_wh, size_wh[1] / 2 / math.tan(math.radians(fov_deg) / 2))

    @property
    def fov_deg(self) -> float:
        """Vertical field of view."""
        return math.degrees(2 * math.atan(self.size_wh[1] / 2 / self.focal_px))

    def scaled(self, size_wh: tuple[int, int]) -> "Intrinsics":
        """The same camera with its picture resampled to this height (and about this width)."""
        return Intrinsics(size_wh, self.focal_px * size_wh[1] / self.size_wh[1])


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where a camera is and where it looks.

    Attributes:
        world_from_camera: float64 (4, 4), a rigid motion.
    """

    world_from_camera: NDArray[np.float64]

    def __post_init__(self) -> None:
        matrix = check_array("Pose.world_from_camera", self.world_from_camera, np.float64, (4, 4))
        rotation = matrix[:3, :3]
        rigid = (
            np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-6)
            and np.linalg.det(rotation) > 0
            and np.allclose(matrix[3], (0, 0, 0, 1))
        )
        if not rigid:
            raise ValueError("Pose.world_from_camera: expected a rotation and a shift")
        object.__setattr__(self, "world_from_camera", matrix)

    @classmethod
    def identity(cls) -> Self:
        """The photo's own camera."""
        return cls(np.eye(4))

    @classmethod
    def from_rotation(cls, position_su: ArrayLike, rotation: NDArray[np.float64]) -> Self:
        """A camera at a place, with its axes as the columns of `rotation` (3, 3)."""
        world_from_camera = np.eye(4)
        world_from_camera[:3, :3] = rotation
        world_from_camera[:3, 3] = position_su
        return cls(world_from_camera)

    @classmethod
    def from_angles(
        cls, position_su: ArrayLike, *, yaw_deg: float, pitch_deg: float, roll_deg: float
    ) -> Self:
        """A camera turned left by yaw, then up by pitch, then counter-clockwise by roll."""
        return cls.from_rotation(position_su, rotation_from_angles(yaw_deg, pitch_deg, roll_deg))

    @classmethod
    def look_at(
        cls, position_su: ArrayLike, target_su: ArrayLike, *, roll_deg: float = 0.0
    ) -> Self:
        """A camera at a place that looks at a point, its x axis level before the roll.

        Raises:
            ValueError: The point is where the camera is.
        """
        eye = np.asarray(position_su, np.float64)
        away = np.asarray(target_su, np.float64) - eye
        distance_su = float(np.linalg.norm(away))
        if distance_su < 1e-9:
            raise ValueError("Pose.look_at: expected a target away from the camera")
        x, y, z = away / distance_su
        yaw_deg = math.degrees(math.atan2(-x, -z))
        pitch_deg = math.degrees(math.asin(max(-1.0, min(1.0, y))))
        return cls.from_angles(eye, yaw_deg=yaw_deg, pitch_deg=pitch_deg, roll_deg=roll_deg)

    @property
    def position_su(self) -> NDArray[np.float64]:
        """(3,), where the camera is in the world."""
        return self.world_from_camera[:3, 3]

    @property
    def camera_from_world(self) -> NDArray[np.float64]:
        """(4, 4), the inverse motion."""
        rotation = self.world_from_camera[:3, :3]
        inverse = np.eye(4)
        inverse[:3, :3] = rotation.T
        inverse[:3, 3] = -rotation.T @ self.world_from_camera[:3, 3]
        return inverse


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedCamera:
    """The camera of one moment.

    Attributes:
        time_s: Since the start of the film.
        pose: Where it is.
        fov_deg: Vertical field of view.
        focus_su: Distance at which the picture is sharp, None where nothing is said.
        aperture_su: Diameter of the lens, None where nothing is said.
    """

    time_s: float
    pose: Pose
    fov_deg: float
    focus_su: float | None = None
    aperture_su: float | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a camera path strays from the photo: what a scene has to be built for.

    Attributes:
        parallax_su: The sideways shift that moves two depths apart as far as the path's worst
            pose does: at most `focal_px · parallax_su · |d1 − d2|` pixels.
        margin_uv: How far the path looks past the photo's left, top, right and bottom border, as
            a fraction of its width and height.
        zoom: Largest magnification of any point against the photo at rest, at least 1.
    """

    parallax_su: float
    margin_uv: tuple[float, float, float, float] = field(default=(0.0, 0.0, 0.0, 0.0))
    zoom: float = 1.0

    def __post_init__(self) -> None:
        numbers = (self.parallax_su, *self.margin_uv, self.zoom)
        if not all(math.isfinite(n) and n >= 0 for n in numbers):
            raise ValueError(f"Reach: expected finite numbers from 0 up, got {numbers}")


def rotation_from_angles(yaw_deg: float, pitch_deg: float, roll_deg: float) -> NDArray[np.float64]:
    """(3, 3) world from camera: yaw about y (left), then pitch about x (up), then roll about z."""
    yaw, pitch, roll = (math.radians(a) for a in (yaw_deg, pitch_deg, roll_deg))
    cy, sy, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    cr, sr = math.cos(roll), math.sin(roll)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z, np.float64)


def clip_from_camera(
    fov_deg: float, aspect: float, *, near_su: float, far_su: float
) -> NDArray[np.float64]:
    """(4, 4) OpenGL perspective for a vertical field of view and width / height."""
    scale = 1 / math.tan(math.radians(fov_deg) / 2)
    span_su = near_su - far_su
    return np.array(
        [
            [scale / aspect, 0, 0, 0],
            [0, scale, 0, 0],
            [0, 0, (far_su + near_su) / span_su, 2 * far_su * near_su / span_su],
            [0, 0, -1, 0],
        ]
    )


def fov_to_cover(intrinsics: Intrinsics, size_wh: tuple[int, int]) -> float:
    """Vertical field of view of a film that shows the photo and nothing beside it.

    As tall as the photo where the film is narrower than it; otherwise as wide, and the top and
    bottom are cropped.

    Args:
        intrinsics: Of the photo.
        size_wh: Of the film.
    """
    photo_aspect = intrinsics.size_wh[0] / intrinsics.size_wh[1]
    film_aspect = size_wh[0] / size_wh[1]
    tan_half = intrinsics.size_wh[1] / 2 / intrinsics.focal_px
    return math.degrees(2 * math.atan(tan_half * min(1.0, photo_aspect / film_aspect)))


def positions_from_uv(
    uv: NDArray[np.floating], inv_depth: NDArray[np.floating], intrinsics: Intrinsics
) -> NDArray[np.float32]:
    """Where points of the photo lie in the world, in su.

    Args:
        uv: (…, 2), in the photo; beyond 0…1 for a border.
        inv_depth: (…), 1/su; below `MIN_INV_DEPTH` counts as that.
        intrinsics: Of the photo.

    Returns:
        (…, 3), float32.
    """
    width, height = intrinsics.size_wh
    z = 1 / np.maximum(np.asarray(inv_depth, np.float64), MIN_INV_DEPTH)
    x = (uv[..., 0] - 0.5) * (width / intrinsics.focal_px) * z
    y = (0.5 - uv[..., 1]) * (height / intrinsics.focal_px) * z
    return np.stack([x, y, -z], -1).astype(np.float32)
