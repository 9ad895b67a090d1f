"""How the pixels of the photo, of the structure map and of the film relate."""

from dataclasses import dataclass

from parallax.camera import Intrinsics, Reach, fov_to_cover
from parallax.layers.skirt import Canvas


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes that a scene is built in.

    Structure (edges, tears, meshes) is found on a map of the canvas that is no larger than it
    need be; colours keep the photo's pixels. Thresholds are in pixels of the film.

    Attributes:
        map_wh: Size of the structure map.
        photo_px_of_map_px: Photo pixels per map pixel, at least 1.
        map_px_of_output_px: Map pixels per output pixel.
        gap_px_of_inv: Output pixels by which things 1/su apart part at the worst pose.
    """

    map_wh: tuple[int, int]
    photo_px_of_map_px: float
    map_px_of_output_px: float
    gap_px_of_inv: float


def plan_scale(
    canvas: Canvas,
    intrinsics: Intrinsics,
    *,
    reach: Reach,
    size_wh: tuple[int, int],
    structure_px: int,
) -> Scale:
    """The sizes for a photo, a reach and a film.

    Args:
        canvas: The photo and its border.
        intrinsics: Of the photo.
        reach: How far the camera path strays.
        size_wh: Of the film.
        structure_px: Long side of the structure map, at most.
    """
    film = Intrinsics.from_fov(size_wh, fov_to_cover(intrinsics, size_wh))
    shrink = min(1.0, structure_px / max(canvas.size_wh))
    return Scale(
        map_wh=scaled_size(canvas.size_wh, shrink),
        photo_px_of_map_px=1 / shrink,
        map_px_of_output_px=intrinsics.focal_px / film.focal_px * shrink,
        gap_px_of_inv=film.focal_px * reach.parallax_su,
    )


def scaled_size(size_wh: tuple[int, int], scale: float) -> tuple[int, int]:
    """A size times a number, at least 1×1."""
    return max(1, round(size_wh[0] * scale)), max(1, round(size_wh[1] * scale))
