"""Whether films show the camera that `OUT.camera.json` says: measured on the frames alone.

    python -m benchmarks.check_camera [--photos FOLDER] [--count 20] [--size 960x640]

1. *Poses.* The samples have exact depth. Points of the photo are followed into each rendered frame
   (Lucas–Kanade, pyramids), and the camera is solved for from them (PnP, RANSAC). Reported: the
   largest angle to the camera that was asked for, and the largest distance in % of the path's
   length.
2. *Classes.* VBench-I2V's seven camera motions, told apart from the first and last frame by a
   similarity fitted to followed points; a person's rule of thumb, that knows nothing of our paths.

Both use OpenCV only, no code of the project beyond what makes the frames.
"""

import argparse
import math
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import print_table, write_result
from parallax.camera import Intrinsics, fov_to_cover
from parallax.depth_map import DepthMap, load_depth
from parallax.gpu.renderer import Renderer
from parallax.label_map import LabelMap
from parallax.layers.build import build_scene
from parallax.moves import PRESETS, make_preset, survey_stage
from parallax.path import CameraPath, CameraTrack, measure_reach, track_path
from parallax.perceive import PerceiveParams, perceive_photo
from parallax.photo import Photo, load_photo

SAMPLES = Path(__file__).parent.parent / "samples"
Gray = NDArray[np.uint8]
Floats = NDArray[np.float64]
NUM_FRAMES = 5
BORDER = 0.04  # points this near to the frame's edge leave it
PIXEL_CENTER = 0.5  # OpenCV counts from the middle of the first pixel, we from its corner
FARTHEST = 0.03  # inverse depth; farther points say nothing about where the camera stands
SMOOTH_RANGE = 0.01  # of inverse depth within a few pixels: points on edges belong to two depths
CLASSES = {
    "pan-left": "pan left",
    "pan-right": "pan right",
    "tilt-up": "tilt up",
    "tilt-down": "tilt down",
    "zoom-in": "zoom in",
    "zoom-out": "zoom out",
    "static": "static",
}
LEAST_POINTS = 12  # fewer hold a camera at no place
LEAST_MOVE = 0.005  # of the short side, as VBench has it


def main() -> None:
    """Render, solve, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=SAMPLES)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--size", default="1440x960")
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    poses = {
        f"{name} {preset}": check_poses(SAMPLES / f"{name}.jpg", preset, (width, height))
        for name in ("lake", "still_life")
        for preset in PRESETS
        if preset != "static"
    }
    print_table(
        ["film", "worst turn °", "worst place % of path", "points"],
        [[name, *row] for name, row in poses.items()],
    )
    photos = sorted(p for p in options.photos.glob("*.jpg"))
    picked = photos[:: max(1, len(photos) // options.count)][: options.count]
    calls = {photo.name: check_classes(photo, (width, height)) for photo in picked}
    right = sum(call == CLASSES[move] for row in calls.values() for move, call in row.items())
    total = len(calls) * len(CLASSES)
    wrong = [
        [photo, move, call]
        for photo, row in calls.items()
        for move, call in row.items()
        if call != CLASSES[move]
    ]
    print_table(["photo", "move", "called"], wrong)
    print(f"\ncamera motions called right: {right} of {total} ({right / total:.1%})")
    write_result("camera", {"poses": poses, "classes": {"right": right, "of": total}})


def check_poses(photo_path: Path, preset: str, size_wh: tuple[int, int]) -> list[float]:
    """Worst angle in degrees, worst distance in % of the path, and the fewest points used."""
    photo = load_photo(photo_path)
    depth = load_depth(photo_path.with_suffix(".depth.png"))
    intrinsics = photo.intrinsics()
    stage = survey_stage(depth, None, intrinsics, size_wh)
    path = make_preset(preset, stage)
    track, frames = _render(photo, depth, None, path, size_wh)
    return compare_poses(frames, track, photo, depth)


def compare_poses(
    frames: Sequence[Gray], track: CameraTrack, photo: Photo, depth: DepthMap
) -> list[float]:
    """Worst angle in degrees, worst distance in % of the path, and the fewest points used.

    Args:
        frames: (H, W), grey.
        track: The camera that each of them should show.
        photo: What the film is of.
        depth: Its exact depth.

    Raises:
        ValueError: A frame shows too little of the photo.
    """
    size_wh = track.size_wh
    rest = _rest_frame(photo, size_wh)
    uv, points = _points_with_depth(rest, depth, photo.intrinsics(), size_wh)
    length = sum(
        float(np.linalg.norm(b.pose.position_su - a.pose.position_su))
        for a, b in zip(track.cameras, track.cameras[1:], strict=False)
    )
    worst_deg, worst_su, fewest = 0.0, 0.0, len(uv)
    for index, frame in enumerate(frames):
        seen, found = _follow(rest, frame, uv)
        if found.sum() < LEAST_POINTS:
            raise ValueError(f"frame {index}: only {found.sum()} points of the photo are in it")
        pose, used = _solve(points[found], seen[found], track.focal_px(index), size_wh)
        truth = track.cameras[index].pose
        turn = pose[:3, :3].T @ truth.world_from_camera[:3, :3]
        worst_deg = max(worst_deg, math.degrees(np.linalg.norm(cv2.Rodrigues(turn)[0])))
        worst_su = max(worst_su, float(np.linalg.norm(pose[:3, 3] - truth.position_su)))
        fewest = min(fewest, used)
    percent = 100 * worst_su / length if length > 1e-6 else 100 * worst_su
    return [round(worst_deg, 4), round(percent, 3), fewest]


def check_classes(photo_path: Path, size_wh: tuple[int, int]) -> dict[str, str]:
    """What each of the seven motions is called, from its first and last frame."""
    photo = load_photo(photo_path)
    seen = perceive_photo(photo, params=PerceiveParams())
    stage = survey_stage(seen.depth, seen.labels, photo.intrinsics(), size_wh)
    calls = {}
    for preset in CLASSES:
        path = make_preset(preset, stage)
        _, frames = _render(photo, seen.depth, seen.labels, path, size_wh)
        calls[preset] = classify_motion(frames[0], frames[-1])
    return calls


def classify_motion(first: Gray, last: Gray) -> str:
    """The camera motion between two frames: what moves most, shift or size."""
    corners = cv2.goodFeaturesToTrack(first, 600, 0.005, 8)
    if corners is None:
        return "static"
    start = corners[:, 0].astype(np.float64)
    end, found = _follow(first, last, start)
    if found.sum() < 8:
        return "lost"
    similarity, _ = cv2.estimateAffinePartial2D(start[found], end[found], ransacReprojThreshold=3)
    if similarity is None:
        return "lost"
    height, width = first.shape
    middle = np.array([width / 2, height / 2])
    shift = similarity[:, :2] @ middle + similarity[:, 2] - middle
    growth = math.hypot(similarity[0, 0], similarity[1, 0]) - 1
    by_size = abs(growth) * min(width, height) / 2  # how far the nearer border moves
    if max(by_size, *np.abs(shift)) < LEAST_MOVE * min(width, height):
        return "static"
    if by_size > np.abs(shift).max():
        return "zoom in" if growth > 0 else "zoom out"
    if abs(shift[0]) > abs(shift[1]):
        return "pan left" if shift[0] > 0 else "pan right"
    return "tilt up" if shift[1] > 0 else "tilt down"


def _render(
    photo: Photo,
    depth: DepthMap,
    labels: LabelMap | None,
    path: CameraPath,
    size_wh: tuple[int, int],
) -> tuple[CameraTrack, list[Gray]]:
    """The cameras of a short film along a path, and its frames in grey."""
    intrinsics = photo.intrinsics()
    fov_deg = fov_to_cover(intrinsics, size_wh)
    reach = measure_reach(path, intrinsics, size_wh=size_wh, default_fov_deg=fov_deg)
    scene = build_scene(photo, depth, labels, reach=reach, size_wh=size_wh)
    rate = Fraction(NUM_FRAMES) / Fraction(path.duration_s).limit_denominator(1000)
    track = track_path(path, size_wh=size_wh, fps=rate, default_fov_deg=fov_deg)
    with Renderer(scene, size_wh=size_wh) as renderer:
        frames = [
            cv2.cvtColor(np.ascontiguousarray(frame.srgb8[..., :3]), cv2.COLOR_RGB2GRAY)
            for frame in renderer.frames(track.cameras)
        ]
    return track, frames


def _rest_frame(photo: Photo, size_wh: tuple[int, int]) -> Gray:
    """The photo as a film of this size shows it at rest, cropped to its shape."""
    width, height = size_wh
    scale = max(width / photo.size_wh[0], height / photo.size_wh[1])
    grown = cv2.resize(photo.srgb8, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    left, top = (grown.shape[1] - width) // 2, (grown.shape[0] - height) // 2
    crop = np.ascontiguousarray(grown[top : top + height, left : left + width])
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY))


def _points_with_depth(
    rest: Gray, depth: DepthMap, intrinsics: Intrinsics, size_wh: tuple[int, int]
) -> tuple[Floats, Floats]:
    """(P, 2) pixels of good points away from depth edges, and (P, 3) where they lie, in su."""
    corners = cv2.goodFeaturesToTrack(rest, 6000, 0.001, 5)[:, 0].astype(np.float64)
    film = Intrinsics.from_fov(size_wh, fov_to_cover(intrinsics, size_wh))
    rays = (corners + PIXEL_CENTER - np.array(size_wh) / 2) / film.focal_px
    photo_px = rays * intrinsics.focal_px + np.array(intrinsics.size_wh) / 2
    scale = np.array(depth.size_wh) / np.array(intrinsics.size_wh)
    at = np.clip((photo_px * scale).astype(int), 0, np.array(depth.size_wh) - 1)
    reach = np.ones((13, 13), np.uint8)
    spread = cv2.dilate(depth.inv_depth, reach) - cv2.erode(depth.inv_depth, reach)
    smooth = spread[at[:, 1], at[:, 0]] < SMOOTH_RANGE
    inv_depth = depth.inv_depth[at[:, 1], at[:, 0]].astype(np.float64)
    usable = smooth & (inv_depth > FARTHEST)
    z = 1 / inv_depth[usable]
    points = np.column_stack([rays[usable, 0] * z, -rays[usable, 1] * z, -z])
    return corners[usable], points


def _follow(first: Gray, last: Gray, start: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """(P, 2) where points went, and (P,) whether they were found there and back again.

    The first frame is laid onto the last as a whole before, so that a zoom is no obstacle.
    """
    height, width = first.shape
    whole = _similarity(first, last)
    first = np.asarray(cv2.warpAffine(first, whole, (width, height)))
    start = start @ whole[:, :2].T + whole[:, 2]
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 0.001)
    flow = partial(cv2.calcOpticalFlowPyrLK, winSize=(21, 21), maxLevel=5, criteria=until)
    begin = start.astype(np.float32)[:, None]
    end, there, _ = flow(first, last, begin, np.empty_like(begin))
    back, again, _ = flow(last, first, end, np.empty_like(begin))
    size = np.array([width, height])
    inside = (end[:, 0] > BORDER * size) & (end[:, 0] < (1 - BORDER) * size)
    returned = np.linalg.norm(back[:, 0] - begin[:, 0], axis=1) < 0.1
    found = (there[:, 0] == 1) & (again[:, 0] == 1) & inside.all(1) & returned
    return end[:, 0].astype(np.float64), np.asarray(found, np.bool_)


def _similarity(first: Gray, last: Gray) -> Floats:
    """(2, 3): shift, turn and zoom that lay one frame onto another; none where it is not found."""
    finder = cv2.SIFT.create(1500)
    (places, words), (others, answers) = (finder.detectAndCompute(f, None) for f in (first, last))
    if words is None or answers is None:
        return np.eye(2, 3)
    pairs = cv2.BFMatcher(crossCheck=True).match(words, answers)
    start = np.array([places[pair.queryIdx].pt for pair in pairs])
    end = np.array([others[pair.trainIdx].pt for pair in pairs])
    if len(pairs) < 8:
        return np.eye(2, 3)
    found, _ = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=3)
    return np.eye(2, 3) if found is None else np.asarray(found, np.float64)


def _solve(
    points: Floats, seen: Floats, focal_px: float, size_wh: tuple[int, int]
) -> tuple[Floats, int]:
    """(4, 4) world from camera with OpenGL axes, from points and pixels, and how many agreed."""
    lens = np.array([[focal_px, 0, size_wh[0] / 2], [0, focal_px, size_wh[1] / 2], [0, 0, 1.0]])
    flip, px = np.diag([1.0, -1.0, -1.0]), seen + PIXEL_CENTER
    _, turn, shift, agreed = cv2.solvePnPRansac(
        points @ flip, px, lens, None, reprojectionError=0.5, iterationsCount=500
    )
    best = agreed[:, 0]
    turn, shift = cv2.solvePnPRefineLM(points[best] @ flip, px[best], lens, None, turn, shift)
    camera_from_world = np.eye(4)
    camera_from_world[:3, :3], camera_from_world[:3, 3] = cv2.Rodrigues(turn)[0], shift[:, 0]
    both = np.eye(4)
    both[:3, :3] = flip
    return np.asarray(both @ np.linalg.inv(camera_from_world) @ both), len(best)


if __name__ == "__main__":
    main()
