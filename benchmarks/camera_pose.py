"""Where a film's camera was: solved for from its frames, the photo and its exact depth, alone.

Points of the photo are followed into a frame (SIFT for the whole, then Lucas–Kanade), and a camera
is solved for from them (PnP with RANSAC). From there the photo, placed by its depth, is aligned to
the frame densely: Gauss–Newton on the brightness of tens of thousands of pixels away from the edges
of the depth, with Tukey's weights (after Kerl, Sturm and Cremers 2013, "Robust Odometry Estimation
for RGB-D Cameras"). Uses OpenCV and numpy, and of the project only its nouns.
"""

import math
from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, fov_to_cover
from parallax.depth_map import DepthMap
from parallax.path import CameraTrack
from parallax.photo import Photo

Gray = NDArray[np.uint8]
Floats = NDArray[np.float64]
BORDER = 0.04  # points this near to the frame's edge leave it
PIXEL_CENTER = 0.5  # OpenCV counts from the middle of the first pixel, we from its corner
FARTHEST = 0.03  # inverse depth; farther points say nothing about where the camera stands
MOST_BENT = 0.001  # of inverse depth, off its mean nearby: points on edges belong to two depths
LEAST_POINTS = 12  # fewer hold a camera at no place
DENSE_POINTS = 25_000
DENSE_STEPS = 10
ROW = 50  # OpenCV looks up points in rows and columns, of at most 32767 each
SMOOTH_PX = 1.0  # both pictures are blurred by it, so that resampling is not seen as motion
FLIP = np.diag([1.0, -1.0, -1.0])


def compare_poses(
    frames: Sequence[Gray], track: CameraTrack, photo: Photo, depth: DepthMap
) -> list[float]:
    """Worst angle in degrees, worst distance in % of the path, and the fewest points used.

    Where a path has no length, the distance is in % of a scene unit.

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
    solid = _solid_places(rest, depth, photo.intrinsics(), size_wh)
    corners = _corners(rest, solid)
    length = sum(
        float(np.linalg.norm(b.pose.position_su - a.pose.position_su))
        for a, b in zip(track.cameras, track.cameras[1:], strict=False)
    )
    worst_deg, worst_su, fewest = 0.0, 0.0, len(corners)
    for index, frame in enumerate(frames):
        seen, found = _follow(rest, frame, corners)
        if found.sum() < LEAST_POINTS:
            raise ValueError(f"frame {index}: only {found.sum()} points of the photo are in it")
        focal_px = track.focal_px(index)
        points = _points_at(corners[found], solid)
        pose, used = _solve(points, seen[found], focal_px, size_wh)
        pose = _align(pose, rest, frame, solid, focal_px)
        truth = track.cameras[index].pose
        turn = pose[:3, :3].T @ truth.world_from_camera[:3, :3]
        worst_deg = max(worst_deg, math.degrees(np.linalg.norm(cv2.Rodrigues(turn)[0])))
        worst_su = max(worst_su, float(np.linalg.norm(pose[:3, 3] - truth.position_su)))
        fewest = min(fewest, used)
    percent = 100 * worst_su / length if length > 1e-6 else 100 * worst_su
    return [round(worst_deg, 4), round(percent, 3), fewest]


def _rest_frame(photo: Photo, size_wh: tuple[int, int]) -> Gray:
    """The photo as a film of this size shows it at rest, cropped to its shape."""
    width, height = size_wh
    scale = max(width / photo.size_wh[0], height / photo.size_wh[1])
    grown = cv2.resize(photo.srgb8, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    left, top = (grown.shape[1] - width) // 2, (grown.shape[0] - height) // 2
    crop = np.ascontiguousarray(grown[top : top + height, left : left + width])
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY))


def _solid_places(
    rest: Gray, depth: DepthMap, intrinsics: Intrinsics, size_wh: tuple[int, int]
) -> Floats:
    """(H, W, 3) where each pixel at rest lies, in su; NaN at depth edges and where it is far."""
    width, height = size_wh
    film = Intrinsics.from_fov(size_wh, fov_to_cover(intrinsics, size_wh))
    x, y = np.meshgrid(np.arange(width) + 0.5 - width / 2, np.arange(height) + 0.5 - height / 2)
    rays = np.stack([x, y], -1) / film.focal_px
    scale = np.array(depth.size_wh) / np.array(intrinsics.size_wh)
    photo_px = rays * intrinsics.focal_px + np.array(intrinsics.size_wh) / 2
    at = (photo_px * scale - PIXEL_CENTER).astype(np.float32)

    def sample(plane: NDArray[np.float32]) -> Floats:
        found = cv2.remap(plane, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found, np.float64)

    bent = np.abs(depth.inv_depth - cv2.blur(depth.inv_depth, (9, 9)))  # 0 on any plane
    bent = sample(cv2.dilate(bent, np.ones((9, 9), np.uint8)))
    inv_depth = sample(depth.inv_depth)
    usable = (bent < MOST_BENT) & (inv_depth > FARTHEST)
    z = np.where(usable, 1 / np.maximum(inv_depth, 1e-6), np.nan)
    return np.stack([rays[..., 0] * z, -rays[..., 1] * z, -z], -1)


def _corners(rest: Gray, solid: Floats) -> Floats:
    """(P, 2) pixels, as OpenCV counts, of good points whose place is known."""
    corners = cv2.goodFeaturesToTrack(rest, 3000, 0.001, 5)[:, 0].astype(np.float64)
    known = np.isfinite(_points_at(corners, solid)).all(1)
    return np.asarray(corners[known])


def _points_at(corners: Floats, solid: Floats) -> Floats:
    """(P, 3): where points lie, at the very place of each between the pixels."""
    low = np.floor(corners).astype(int)
    size = np.array(solid.shape[1::-1])
    low = np.clip(low, 0, size - 2)
    (u, v), (x, y) = (corners - low).T[..., None], low.T
    top = (1 - u) * solid[y, x] + u * solid[y, x + 1]
    bottom = (1 - u) * solid[y + 1, x] + u * solid[y + 1, x + 1]
    return np.asarray((1 - v) * top + v * bottom)


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
    finder = cv2.SIFT.create(800)
    halves = (cv2.pyrDown(frame) for frame in (first, last))  # enough to begin with
    (places, words), (others, answers) = (finder.detectAndCompute(f, None) for f in halves)
    if words is None or answers is None:
        return np.eye(2, 3)
    pairs = cv2.BFMatcher(crossCheck=True).match(words, answers)
    start = 2 * np.array([places[pair.queryIdx].pt for pair in pairs])
    end = 2 * np.array([others[pair.trainIdx].pt for pair in pairs])
    if len(pairs) < 8:
        return np.eye(2, 3)
    found, _ = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=3)
    return np.eye(2, 3) if found is None else np.asarray(found, np.float64)


def _solve(
    points: Floats, seen: Floats, focal_px: float, size_wh: tuple[int, int]
) -> tuple[Floats, int]:
    """(4, 4) world from camera with OpenGL axes, from points and pixels, and how many agreed."""
    lens = np.array([[focal_px, 0, size_wh[0] / 2], [0, focal_px, size_wh[1] / 2], [0, 0, 1.0]])
    px = seen + PIXEL_CENTER
    _, turn, shift, agreed = cv2.solvePnPRansac(
        points @ FLIP, px, lens, None, reprojectionError=0.5, iterationsCount=500
    )
    best = agreed[:, 0]
    turn, shift = cv2.solvePnPRefineLM(points[best] @ FLIP, px[best], lens, None, turn, shift)
    camera_from_world = np.eye(4)
    camera_from_world[:3, :3], camera_from_world[:3, 3] = cv2.Rodrigues(turn)[0], shift[:, 0]
    both = np.eye(4)
    both[:3, :3] = FLIP
    return np.asarray(both @ np.linalg.inv(camera_from_world) @ both), len(best)


def _align(pose: Floats, rest: Gray, frame: Gray, solid: Floats, focal_px: float) -> Floats:
    """(4, 4) world from camera, refined until the placed photo looks like the frame."""
    height, width = frame.shape
    blur = partial(cv2.GaussianBlur, ksize=(0, 0), sigmaX=SMOOTH_PX)
    rest_soft = np.asarray(blur(rest.astype(np.float32)), np.float32)
    frame_soft = np.asarray(blur(frame.astype(np.float32)), np.float32)
    slope_x = cv2.Scharr(frame_soft, cv2.CV_32F, 1, 0) / 32  # per pixel
    slope_y = cv2.Scharr(frame_soft, cv2.CV_32F, 0, 1) / 32
    points, bright = _strongest(rest_soft, solid)
    turn, place = pose[:3, :3], pose[:3, 3]
    for _ in range(DENSE_STEPS):
        q = (points - place) @ turn
        x = width / 2 - focal_px * q[:, 0] / q[:, 2]
        y = height / 2 + focal_px * q[:, 1] / q[:, 2]
        at = (np.stack([x, y], -1) - PIXEL_CENTER).astype(np.float32)
        at = at.reshape(-1, ROW, 2)
        seen, gx, gy = (
            cv2.remap(plane, at, None, cv2.INTER_LINEAR).ravel().astype(np.float64)
            for plane in (frame_soft, slope_x, slope_y)
        )
        away = np.minimum(np.minimum(x, width - x) / width, np.minimum(y, height - y) / height)
        inside = away > BORDER / 2

        # How brightness changes with the point in the camera's frame, and so with the camera
        per_z = (gx * q[:, 0] - gy * q[:, 1]) * focal_px / q[:, 2] ** 2
        change = np.stack([-gx * focal_px / q[:, 2], gy * focal_px / q[:, 2], per_z], -1)
        jacobian = np.concatenate([np.cross(q, change), change], 1)
        miss = seen - bright
        scale = 4.685 * 1.4826 * max(float(np.median(np.abs(miss[inside]))), 0.1)
        weight = np.where(inside, np.maximum(1 - (miss / scale) ** 2, 0) ** 2, 0)
        weighted = jacobian * weight[:, None]
        step = -np.linalg.lstsq(weighted.T @ jacobian, weighted.T @ miss, rcond=None)[0]

        # q' = q + ω × q + t is the camera turned by −ω and moved by −R·t
        turned = turn @ cv2.Rodrigues(-step[:3])[0]
        place, turn = place - turned @ step[3:], turned
        if np.abs(step).max() < 1e-8:
            break
    refined = np.eye(4)
    refined[:3, :3], refined[:3, 3] = turn, place
    return refined


def _strongest(rest_soft: NDArray[np.float32], solid: Floats) -> tuple[Floats, Floats]:
    """(N, 3) places and (N,) brightness of the pixels with most contrast among those placed."""
    slope = np.hypot(
        cv2.Scharr(rest_soft, cv2.CV_32F, 1, 0), cv2.Scharr(rest_soft, cv2.CV_32F, 0, 1)
    )
    slope[~np.isfinite(solid[..., 2])] = -1
    count = min(DENSE_POINTS, int((slope >= 0).sum())) // ROW * ROW
    picked = np.argpartition(slope.ravel(), -count)[-count:]
    return solid.reshape(-1, 3)[picked], rest_soft.ravel()[picked].astype(np.float64)
