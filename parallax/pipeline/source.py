"""Photo in, and what is known about it: how far everything is, and what it is."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap, load_depth
from parallax.errors import DepthError
from parallax.label_map import LabelMap
from parallax.moves import Glance
from parallax.phone_depth import read_phone_depth
from parallax.photo import Photo, load_photo
from parallax.pipeline.clock import StageClock
from parallax.pipeline.cutout import fill_colours, fill_depth
from parallax.pipeline.params import Quality, SourceParams
from parallax.scene import Scene

MAX_ASPECT_ERROR = 0.01  # a depth map this much wider than the photo was made from another picture
MAX_PHONE_ASPECT_ERROR = 0.03  # theirs are small: a pixel of 100 is a percent


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A photo that has been understood.

    Attributes:
        photo: As large as its file.
        depth: Of the photo, at the size it was found.
        labels: Of the photo; None where no network was asked.
        depth_from: Name of the network, of the file, or of what a phone wrote into the photo.
        depth_guessed: Whether that is a network.
    """

    photo: Photo
    depth: DepthMap
    labels: LabelMap | None
    depth_from: str
    depth_guessed: bool = True


def read_photo(path: Path, *, fov_deg: float | None) -> Photo:
    """The photo, with its field of view as told.

    Raises:
        PhotoError: It cannot be read.
    """
    photo = load_photo(path)
    if fov_deg is None:
        return photo
    return replace(photo, focal_px=photo.intrinsics(fov_deg=fov_deg).focal_px)


def read_source(
    path: Path,
    *,
    params: SourceParams,
    quality: Quality = "standard",
    needs_labels: bool = True,
    clock: StageClock,
) -> Source:
    """A photo with its depth, from a file, the photo's own file or a network, and its labels.

    Depth that a phone measured is better than any network's guess; it is used unless a network is
    asked for by name.

    Args:
        path: Of the photo.
        params: How to understand it.
        quality: How much effort the network may make.
        needs_labels: False lets a depth file do without a network.
        clock: Counts the stages "load" and "perceive".

    Raises:
        PhotoError: The photo cannot be read.
        DepthError: The depth file cannot be used with it.
        ModelError: The network cannot be used.
    """
    with clock.stage("load"):
        photo = fill_colours(read_photo(path, fov_deg=params.fov_deg))
        depth, depth_from = None, ""
        if params.depth_file is not None:
            depth = _load_matching_depth(params.depth_file, photo)
            depth_from = params.depth_file.name
        elif params.depth_model == "auto":
            photo, depth, depth_from = _use_phone_depth(path, photo)
    if depth is not None and not needs_labels:
        return Source(photo, depth, None, depth_from, depth_guessed=False)

    # Imported here and not above: a depth file or a built scene never pays for it
    with clock.stage("perceive"):
        from parallax.perceive import PerceiveParams, perceive_photo

        perception = perceive_photo(
            photo, params=PerceiveParams(model=params.depth_model, quality=quality)
        )
    if depth is None:
        depth = fill_depth(perception.depth, photo)
        return Source(photo, depth, perception.labels, perception.model)
    return Source(photo, depth, perception.labels, depth_from, depth_guessed=False)


def glance_at(source: Source) -> Glance:
    """The small copy that camera moves are planned on."""
    return Glance.of(source.depth, source.labels, source.photo.srgb8)


def maps_of_source(source: Source) -> dict[str, NDArray[Any]]:
    """What a scene keeps of a source, so that cameras and motion can be planned for it later."""
    maps: dict[str, NDArray[Any]] = {"inv_depth": source.depth.inv_depth}
    if source.labels is not None:
        maps["label_probability"] = source.labels.probability
    if source.photo.alpha8 is not None:
        maps["alpha8"] = source.photo.alpha8
    return maps


def source_of_scene(scene: Scene) -> Source | None:
    """The source that a scene was built from, at the size of its textures; None if not kept."""
    front = next((layer for layer in scene.layers if layer.name == "front"), None)
    if front is None or not {"inv_depth", "label_probability"} <= scene.maps.keys():
        return None
    height, width = front.srgb8.shape[:2]
    u0, v0, u1, v1 = front.window_uv
    left, right = (round((u - u0) / (u1 - u0) * width) for u in (0.0, 1.0))
    top, bottom = (round((v - v0) / (v1 - v0) * height) for v in (0.0, 1.0))
    srgb8 = np.ascontiguousarray(front.srgb8[top:bottom, left:right, :3])
    focal_px = scene.intrinsics.focal_px * (bottom - top) / scene.intrinsics.size_wh[1]
    return Source(
        Photo(srgb8, focal_px, str(scene.origin.get("photo", "photo"))),
        DepthMap(scene.maps["inv_depth"]),
        LabelMap(scene.maps["label_probability"]),
        str(scene.origin.get("depth", "scene")),
    )


def _load_matching_depth(path: Path, photo: Photo) -> DepthMap:
    """The depth file, if it has the photo's shape."""
    depth = load_depth(path)
    if _aspect_error(depth, photo) > MAX_ASPECT_ERROR:
        raise DepthError(
            f"{path}: expected the shape of the photo ({photo.size_wh[0]}×{photo.size_wh[1]}), "
            f"got {depth.size_wh[0]}×{depth.size_wh[1]}; crop it to the same picture"
        )
    return depth


def _use_phone_depth(path: Path, photo: Photo) -> tuple[Photo, DepthMap | None, str]:
    """The photo, the depth in its file, and the name of that depth.

    What cannot be used is a warning on the photo: there is a network for that.
    """
    try:
        found = read_phone_depth(path)
    except DepthError as error:
        return replace(photo, warnings=(*photo.warnings, f"{error}; a network reads it")), None, ""
    if found is None:
        return photo, None, ""
    depth = DepthMap(found.inv_depth)
    if _aspect_error(depth, photo) > MAX_PHONE_ASPECT_ERROR:
        note = (
            f"{path}: the phone's depth has another shape than the photo "
            f"({depth.size_wh[0]}×{depth.size_wh[1]}); a network reads it"
        )
        return replace(photo, warnings=(*photo.warnings, note)), None, ""
    return photo, depth, f"the photo's {found.kind}"


def _aspect_error(depth: DepthMap, photo: Photo) -> float:
    """How much wider or narrower than the photo the depth map is, as a share."""
    ratio = (depth.size_wh[0] / depth.size_wh[1]) / (photo.size_wh[0] / photo.size_wh[1])
    return abs(ratio - 1)
