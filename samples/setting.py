"""What a sample picture is made of: camera, things, lamps. The nouns of the sample renderer.

Lengths are in metres, y is up, and a camera that is not turned looks along −z.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from samples.mesh import Mesh

FILM_DIAGONAL_MM = math.hypot(36, 24)  # "35 mm equivalent" compares the diagonals of pictures

MATERIALS = {
    **{"plain": 0, "rock": 1, "bark": 2, "needles": 3, "grass": 4, "plank": 5, "ground": 6},
    **{"terrain": 7, "far_tree": 8, "paint": 9, "spray": 10},
    **{"plaster": 20, "glaze": 21, "peel": 22, "apple": 23, "petal": 24, "leaf": 25},
    **{"linen": 26, "table": 27, "pollen": 28},
}


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Copies of one mesh that are drawn together.

    Attributes:
        mesh: In its own metres.
        material: A key of `MATERIALS`: which texture the shaders make.
        label: One of parallax's labels.
        instances: float32 (N, 8): x, y, z, size; cosine and sine of its turn about y, tint, seed.
        reach: "near" things stand in the near lamps' shadow maps, "far" ones in the far map.
        casts_sky_shadow: Whether it also hides the sky from others; costly for fine things.
    """

    mesh: Mesh
    material: str
    label: str
    instances: NDArray[np.float32] = field(
        default_factory=lambda: np.array([[0, 0, 0, 1, 1, 0, 1, 0.37]], np.float32)
    )
    reach: str = "near"
    casts_sky_shadow: bool = True


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole, or a thin lens where it has an aperture.

    Attributes:
        eye_m: Where it stands.
        yaw_deg: Turned to the left.
        pitch_deg: Turned up.
        focal_35mm: Focal length in mm on 35 mm film, diagonals compared.
        aperture_m: Diameter of the lens opening; 0 is a pinhole.
        focus_m: Distance along the axis that is sharp.
    """

    eye_m: tuple[float, float, float]
    yaw_deg: float
    pitch_deg: float
    focal_35mm: float
    aperture_m: float = 0.0
    focus_m: float = 10.0

    def focal_px(self, size_wh: tuple[int, int]) -> float:
        """In pixels of a picture of this size."""
        return self.focal_35mm * math.hypot(*size_wh) / FILM_DIAGONAL_MM

    def tan_half(self, size_wh: tuple[int, int]) -> tuple[float, float]:
        """Half the width and height of the picture plane at distance 1."""
        focal_px = self.focal_px(size_wh)
        return size_wh[0] / 2 / focal_px, size_wh[1] / 2 / focal_px

    @property
    def world_from_view(self) -> NDArray[np.float64]:
        """(3, 3), the camera's axes as columns."""
        yaw, pitch = math.radians(self.yaw_deg), math.radians(self.pitch_deg)
        cy, sy, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
        about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        return np.asarray(about_y @ np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]]))


@dataclass(frozen=True, slots=True)
class Lamp:
    """A light with a shadow map.

    Attributes:
        place: Direction to the lamp, or where it is.
        light: LINEAR rgb, what a white surface that faces it sends back.
        is_near: True where `place` is a place and not a direction.
        is_sun: True where thin things count too, and (first lamp only) far ones.
    """

    place: tuple[float, float, float]
    light: tuple[float, float, float]
    is_near: bool = False
    is_sun: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """One picture's world.

    Attributes:
        name: Of its files.
        size_wh: Of the finished picture.
        camera: Where it is seen from.
        batches: Everything with a surface.
        lamps: For each sample of the picture, at most 8; different ones soften the light.
        near_box: Centre and radius (m) of the sphere that near shadow maps cover.
        far_box: The same for the far map; radius 0 for none.
        sun: Direction to the sun, and its light.
        sun_light: LINEAR rgb.
        has_water: Whether a lake lies at y = 0.
        haze_m: Distance over which air takes two thirds of the light; 0 for clear air.
        ambient: LINEAR rgb of light that comes from everywhere.
        exposure: Factor before the tone curve.
        grain: Standard deviation of the film's grain, of 1.
    """

    name: str
    size_wh: tuple[int, int]
    camera: Camera
    batches: tuple[Batch, ...]
    lamps: tuple[tuple[Lamp, ...], ...]
    near_box: tuple[float, float, float, float]
    far_box: tuple[float, float, float, float]
    sun: tuple[float, float, float]
    sun_light: tuple[float, float, float]
    has_water: bool
    haze_m: float
    ambient: tuple[float, float, float]
    exposure: float
    grain: float
