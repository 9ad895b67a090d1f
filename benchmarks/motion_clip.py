"""The engine's motion beside real films of the same things, both measured by the same flow.

The first frame of a film is the photo; where and what moves is given by hand, so that no network's
doubts are in the numbers. Depth is that of a level plane or of a wall.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.motion_metric import Liveliness, liveliness
from parallax.camera import Pose, Reach, ResolvedCamera, fov_to_cover
from parallax.depth_map import DepthMap
from parallax.gpu import Renderer, RenderParams
from parallax.label_map import LABELS, LabelMap
from parallax.layers.build import build_scene
from parallax.motion import bake_motion
from parallax.motion_plan import MaskSpec, MotionPlan, Point, Region, RegionType
from parallax.photo import Photo

LONG_SIDE_PX = 640
SECONDS = 4.0
SKIP_S = 1.0  # films fade in
EVERYWHERE: tuple[Point, ...] = ((0, 0), (1, 0), (1, 1), (0, 1))


@dataclass(frozen=True, slots=True)
class Clip:
    """A real film and what moves in it.

    Attributes:
        file: Its name.
        kind: What the engine is told that it is.
        outline: Where, uv.
        is_level: Whether it lies like water or stands like a wall.
    """

    file: str
    kind: RegionType
    outline: tuple[Point, ...] = EVERYWHERE
    is_level: bool = False


CLIPS = (
    Clip("sea_cc0.mp4", "water.sea", ((0.0, 0.0), (1.0, 0.0), (1.0, 0.2), (0.55, 0.42),
                                      (0.33, 0.42), (0.28, 0.25), (0.0, 0.22)), True),
    Clip("river_measure_only.mp4", "water.calm", ((0, 0.42), (1, 0.42), (1, 1), (0, 1)), True),
    Clip("waterfall_cc0.mp4", "water.fall", ((0.2, 0.05), (0.6, 0.05), (0.68, 0.3), (0.6, 0.6),
                                             (0.3, 0.75), (0.25, 0.45))),
    Clip("trees_measure_only.mp4", "foliage"),
    Clip("grass_measure_only.mp4", "grass", is_level=True),
)  # fmt: skip


def compare_clips(folder: Path) -> dict[str, dict[str, object]]:
    """A row for each film: the film's numbers, and the engine's on its first frame."""
    rows: dict[str, dict[str, object]] = {}
    for clip in CLIPS:
        if not (folder / clip.file).is_file():
            continue
        frames, fps = _read(folder / clip.file)
        moving = _inside(clip, frames.shape[1:3])
        real = liveliness(frames, moving, fps=fps)
        ours = liveliness(_moved(clip, frames[0], fps), moving, fps=fps)
        rows[f"{Path(clip.file).stem.split('_')[0]}: {clip.kind}"] = _beside(real, ours)
    return rows


def _beside(real: Liveliness, ours: Liveliness) -> dict[str, object]:
    """By name: the film's number, a slash, the engine's."""
    other = asdict(ours)
    return {name: f"{value:g} / {other[name]:g}" for name, value in asdict(real).items()}


def _read(path: Path) -> tuple[NDArray[np.uint8], float]:
    """Some seconds of a film, small, with even sides, and its frames a second."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        fps = float(stream.average_rate or 25)
        frames = [f.to_ndarray(format="rgb24") for f in _some(film.decode(stream), fps)]
    height, width = frames[0].shape[:2]
    scale = LONG_SIDE_PX / max(width, height)
    size_wh = 2 * round(width * scale / 2), 2 * round(height * scale / 2)
    return np.stack([cv2.resize(f, size_wh, interpolation=cv2.INTER_AREA) for f in frames]), fps


def _some(frames: Iterator[av.VideoFrame], fps: float) -> Iterator[av.VideoFrame]:
    """The frames after the fade-in, for some seconds."""
    for index, frame in enumerate(frames):
        if index >= round((SKIP_S + SECONDS) * fps):
            return
        if index >= round(SKIP_S * fps):
            yield frame


def _inside(clip: Clip, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(H, W), the inside of the outline."""
    mask = np.zeros(shape, np.uint8)
    points = np.rint(np.array(clip.outline) * (shape[1], shape[0])).astype(np.int32)
    cv2.fillPoly(mask, [points], (1,))
    return mask > 0


def _moved(clip: Clip, srgb8: NDArray[np.uint8], fps: float) -> NDArray[np.uint8]:
    """The engine's frames of one loop, the camera at rest."""
    height, width = srgb8.shape[:2]
    photo = Photo(np.ascontiguousarray(srgb8))
    rows = np.linspace(0.1, 1, height) if clip.is_level else np.full(height, 0.5)
    depth = DepthMap(np.repeat(rows[:, None], width, 1).astype(np.float32))
    probability = np.zeros((height, width, len(LABELS)), np.uint8)
    probability[..., 0] = 255
    labels = LabelMap(probability)
    region = Region("part", clip.kind, MaskSpec(polygons=(clip.outline,)))
    plan = replace(MotionPlan(duration_s=SECONDS), regions=(region,))
    motion = bake_motion(plan, photo, depth, labels, film_long_side_px=width)
    size_wh = width, height
    scene = build_scene(photo, depth, labels, reach=Reach(0.0), size_wh=size_wh)
    fov_deg = fov_to_cover(scene.intrinsics, size_wh)
    pose = Pose.from_rotation((0, 0, 0), np.eye(3))
    cameras = [ResolvedCamera(i / fps, pose, fov_deg) for i in range(round(SECONDS * fps))]
    params = RenderParams(device="software")
    with Renderer(scene, size_wh=size_wh, motion=motion, params=params) as renderer:
        return np.stack([frame.srgb8[..., :3] for frame in renderer.frames(cameras)])
