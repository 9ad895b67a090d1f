"""`Scene`: what is there, as layers of textured mesh."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parallax.array import check_array
from parallax.camera import Intrinsics, Reach

WHOLE_PHOTO_UV = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles in the world, each with a place in a texture.

    Attributes:
        positions_su: float32 (V, 3), world frame (see `parallax.camera`).
        uv: float32 (V, 2), in the layer's texture, 0…1, origin top-left.
        triangles: uint32 (T, 3), counter-clockwise seen from the photo's camera.
        num_opaque: The first so many triangles show only texels of alpha 1 and need no blending;
            the others follow in order from far to near.
    """

    positions_su: NDArray[np.float32]
    uv: NDArray[np.float32]
    triangles: NDArray[np.uint32]
    num_opaque: int

    def __post_init__(self) -> None:
        positions = check_array("Mesh.positions_su", self.positions_su, np.float32, ("V", 3))
        uv = check_array("Mesh.uv", self.uv, np.float32, (len(positions), 2))
        triangles = check_array("Mesh.triangles", self.triangles, np.uint32, ("T", 3))
        if int(triangles.max()) >= len(positions):
            raise ValueError(
                f"Mesh.triangles: expected indices below {len(positions)}, got {triangles.max()}"
            )
        if not 0 <= self.num_opaque <= len(triangles):
            raise ValueError(f"Mesh.num_opaque: expected 0…{len(triangles)}, got {self.num_opaque}")
        object.__setattr__(self, "positions_su", positions)
        object.__setattr__(self, "uv", uv)
        object.__setattr__(self, "triangles", triangles)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One mesh with one texture.

    Attributes:
        name: "back", "front", "rim" …
        mesh: In the world.
        srgb8: uint8 (H, W, 4), sRGB with straight alpha; texels of alpha 0 carry the colour of
            their surroundings, so that filtering never fetches black.
        window_uv: The part (u0, v0, u1, v1) of the photo's uv plane that the texture covers; past
            0…1 where the layer continues the photo beyond its border.
    """

    name: str
    mesh: Mesh
    srgb8: NDArray[np.uint8]
    window_uv: tuple[float, float, float, float] = WHOLE_PHOTO_UV

    def __post_init__(self) -> None:
        srgb8 = check_array("Layer.srgb8", self.srgb8, np.uint8, ("H", "W", 4))
        u0, v0, u1, v1 = self.window_uv
        if not (u1 > u0 and v1 > v0):
            raise ValueError(f"Layer.window_uv: expected u0 < u1 and v0 < v1, got {self.window_uv}")
        object.__setattr__(self, "srgb8", srgb8)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is there: the photo taken apart into layers.

    Attributes:
        layers: From far to near, at least one.
        intrinsics: Of the photo's camera, which stands at the world's origin.
        reach: How far a camera may stray before it sees what was not built.
        focus_su: Distance of the subject: what orbits turn about and focus rests on.
        path: The camera path the scene was built for, as its file's JSON object; None where
            it was built for no path in particular.
        origin: Where the scene comes from (photo, networks, parameters), for people to read.
        maps: What was read from the photo, for motion to be planned by: "inv_depth" float32 (h, w)
            and "label_probability" uint8 (h, w, 7), each at its own size; empty where unknown.
            "alpha8" uint8 (h, w) where the photo is transparent in places.
    """

    layers: tuple[Layer, ...]
    intrinsics: Intrinsics
    reach: Reach
    focus_su: float
    path: Mapping[str, Any] | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    maps: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.layers:
            raise ValueError("Scene.layers: expected at least one layer, got none")
        if not self.focus_su > 0:
            raise ValueError(f"Scene.focus_su: expected above 0, got {self.focus_su}")

    @property
    def num_triangles(self) -> int:
        """Triangles of all layers."""
        return sum(len(layer.mesh.triangles) for layer in self.layers)
