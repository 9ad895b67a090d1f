"""Plots of camera paths: where the camera goes, seen from above and from the side, and when."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from parallax.depth_map import DepthMap
from parallax.moves.drawing import TEXT_PX, Drawing
from parallax.moves.stage import Stage
from parallax.path import CameraPath, CameraSamples, resolve_path

Floats = NDArray[np.float64]
NUM_MOMENTS = 241
INK, SOFT, GRID = "#222222", "#999999", "#dddddd"
START, END = "#2a9d3a", "#c0392b"
COLORS = ("#c0392b", "#2a9d3a", "#2563c9")  # x, y, z; yaw, pitch, roll
FARTHEST_SU = 6.0  # of the scene that is drawn
PANEL = 300
LEAST_SPAN_SU = 0.02  # a panel shows at least so much, or a resting camera fills it with noise
Box = tuple[float, float, float, float]  # left, top, width, height in pixels


def plot_path(
    path: CameraPath, stage: Stage, *, title: str = "", depth: DepthMap | None = None
) -> Drawing:
    """A path from above and from the side, within its scene and magnified, and over time.

    Args:
        path: A camera path.
        stage: Of the photo.
        title: Written on top.
        depth: Of the photo, for the scene; without it only the subject is drawn.
    """
    times_s = np.linspace(0, path.duration_s, NUM_MOMENTS)
    samples = resolve_path(path, times_s, default_fov_deg=stage.rest_fov_deg)
    keys_s = np.array([key.time_s for key in path.keyframes])
    drawing = Drawing((4 * PANEL + 100, 2 * PANEL + 90))
    kind = ", ".join(
        word
        for word in (path.spline, "loop" * path.loop, "alternate" * path.alternate, path.ease)
        if word
    )
    drawing.word((20, 24), f"{title}   {path.duration_s:g} s, {len(keys_s)} keys, {kind}", INK)
    for row, (name, axis) in enumerate((("from above", 0), ("from the side", 1))):
        top = 40 + row * (PANEL + 25)
        _draw_scene((20, top, PANEL, PANEL), drawing, samples, stage, depth, axis=axis)
        drawing.word((26, top + 16), f"scene {name}")
        box = (40.0 + PANEL, float(top), float(PANEL), float(PANEL))
        span_su = _draw_track(box, drawing, samples, axis=axis)
        drawing.word((46 + PANEL, top + 16), f"camera {name}, {span_su:.3g} su wide")
    left, width, height = 70.0 + 2 * PANEL, 2.0 * PANEL + 10, PANEL / 2 - 15
    curves: tuple[tuple[str, Mapping[str, Floats]], ...] = (
        ("place, su", dict(zip("xyz", samples.positions_su.T, strict=True))),
        ("turn, °", _turns_deg(samples)),
        ("field of view, °", {"fov": samples.fov_deg}),
        ("speed, widths/s, of the nearest and the farthest", _speeds(samples, stage)),
    )
    for row, (name, lines) in enumerate(curves):
        box = (left, 55.0 + row * (height + 24), width, height)
        _draw_curves(box, drawing, times_s, lines, name)
    return drawing


def plot_sheet(paths: Mapping[str, CameraPath], stage: Stage, *, columns: int = 6) -> Drawing:
    """Many paths at one scale: what the film shows of the photo, and where the camera goes.

    On the left, the photo at the subject's distance (grey) with the first frame (green), the last
    (red) and some between; on the right, the camera's way from its upper left.
    """
    cell = 165
    rows = math.ceil(len(paths) / columns)
    drawing = Drawing((columns * (2 * cell + 14) + 20, rows * (cell + 34) + 10))
    sampled = {
        name: resolve_path(
            path, np.linspace(0, path.duration_s, NUM_MOMENTS), default_fov_deg=stage.rest_fov_deg
        )
        for name, path in paths.items()
    }
    spans_su = [_span_su(_oblique(samples.positions_su)) for samples in sampled.values()]
    span_su = max(1.15 * max(spans_su), LEAST_SPAN_SU)
    for index, (name, samples) in enumerate(sampled.items()):
        left = 10 + index % columns * (2 * cell + 14)
        top = 26 + index // columns * (cell + 34)
        _draw_views((left, top, cell, cell), drawing, samples, stage)
        box = (left + cell + 4.0, float(top), float(cell), float(cell))
        _draw_way(box, drawing, _oblique(samples.positions_su), span_su)
        drawing.word((left, top - 6), name, INK)
    return drawing


def _oblique(positions_su: Floats) -> Floats:
    """(N, 2): places drawn with x to the right, y up, and forward into the upper right."""
    x, y, z = positions_su.T
    return np.stack([x - 0.55 * z, y - 0.35 * z], -1)


def _draw_way(box: Box, drawing: Drawing, flat: Floats, span_su: float) -> None:
    """The camera's way on paper, around its middle."""
    _draw_frame(box, drawing)
    left, top, width, height = box
    middle = (flat.max(0) + flat.min(0)) / 2
    points = (flat - middle) * [width / span_su, -height / span_su]
    points = points + np.array([left + width / 2, top + height / 2])
    drawing.line(points, COLORS[2], 2)
    for index, color in ((-1, END), (0, START)):
        drawing.dot((float(points[index, 0]), float(points[index, 1])), color, 4)


def _draw_views(box: Box, drawing: Drawing, samples: CameraSamples, stage: Stage) -> None:
    """What the frames show of the photo, taken as flat at the subject's distance."""
    left, top, width, height = box
    half = np.array([stage.aspect, 1.0]) * stage.tan_rest
    scale = 0.5 * min(width, height) / (half.max() * 1.12)
    middle = np.array([left + width / 2, top + height / 2])
    photo = np.array(stage.intrinsics.size_wh) / stage.intrinsics.focal_px / 2
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)], np.float64)
    drawing.line(middle + corners * photo * scale, GRID, 3)
    shown = np.linspace(0, len(samples.times_s) - 1, 7).astype(int)
    for index in [*shown[1:-1], shown[-1], shown[0]]:
        tan = math.tan(math.radians(samples.fov_deg[index]) / 2)
        rays = np.column_stack([corners * [stage.aspect * tan, tan], -np.ones(5)])
        world = rays @ samples.rotations[index].T
        eye = samples.positions_su[index]
        reach = (-stage.focus_su - eye[2]) / world[:, 2]
        seen = (eye[:2] + reach[:, None] * world[:, :2]) / stage.focus_su
        color = {int(shown[0]): START, int(shown[-1]): END}.get(int(index), SOFT)
        drawing.line(middle + seen * [scale, -scale], color, 0.6 if color == SOFT else 1.6)


def _span_su(flat: Floats) -> float:
    """The larger side of what points (N, 2) cover."""
    return float(np.ptp(flat, axis=0).max())


def _draw_scene(
    box: Box,
    drawing: Drawing,
    samples: CameraSamples,
    stage: Stage,
    depth: DepthMap | None,
    *,
    axis: int,
) -> None:
    """The scene to a few su, the first and last camera's field of view, and the subject."""
    _draw_frame(box, drawing)
    left, top, width, height = box
    scale = height / (FARTHEST_SU * 1.1)

    def px(aside_su: Floats, ahead_su: Floats) -> Floats:
        """From the side the camera looks to the right, from above upwards."""
        if axis == 0:
            points = [left + width / 2 + aside_su * scale, top + height - 10 - ahead_su * scale]
        else:
            points = [left + 10 + ahead_su * scale, top + height / 2 - aside_su * scale]
        return np.stack(points, -1)

    if depth is not None:
        for point in px(*_scene_outline(depth, stage, axis)):
            if left < point[0] < left + width and top < point[1] < top + height:
                drawing.dot((float(point[0]), float(point[1])), SOFT, 1.0)
    for index, color in ((0, START), (-1, END)):
        eye, turn = samples.positions_su[index], samples.rotations[index]
        half = math.tan(math.radians(samples.fov_deg[index]) / 2)
        half *= stage.aspect if axis == 0 else 1
        for sign in (-1, 1):
            ray = turn @ (np.eye(3)[axis] * sign * half - np.eye(3)[2])
            aside_su = (width if axis == 0 else height) / 2 / scale - 0.1  # to the panel's edge
            far_su = min(FARTHEST_SU * 0.95, aside_su * -ray[2] / max(abs(ray[axis]), 1e-6))
            ends = eye + np.array([[0.0], [far_su]]) * ray / -ray[2]
            drawing.line(px(ends[:, axis], -ends[:, 2]), color, 1)
    subject = stage.focus_ray * min(stage.focus_su, FARTHEST_SU)
    x, y = px(np.array(subject[axis]), np.array(-subject[2]))
    drawing.dot((float(x), float(y)), "#e08a00", 4)


def _scene_outline(depth: DepthMap, stage: Stage, axis: int) -> tuple[Floats, Floats]:
    """Aside and ahead, in su, of the nearest tenth of each column (or row) of the photo."""
    small = depth.resized((160, 120)).inv_depth
    picked = np.concatenate(
        [np.percentile(small, percent, axis=axis) for percent in (50, 75, 90, 98)]
    )
    num = small.shape[1 - axis]
    place = np.tile((np.arange(num) + 0.5) / num - 0.5, 4) * (1 if axis == 0 else -1)
    ahead = 1 / np.maximum(picked, 1e-3)
    side_px = stage.intrinsics.size_wh[axis]
    return place * (side_px / stage.intrinsics.focal_px) * ahead, ahead


def _draw_track(
    box: Box,
    drawing: Drawing,
    samples: CameraSamples,
    *,
    axis: int,
) -> float:
    """The camera's way, magnified, and where it looks; returns how much is shown, in su."""
    _draw_frame(box, drawing)
    left, top, width, height = box
    flat = np.stack([samples.positions_su[:, axis], -samples.positions_su[:, 2]], -1)
    middle = (flat.max(0) + flat.min(0)) / 2
    span = max(_span_su(flat) * 1.3, LEAST_SPAN_SU)
    scale = min(width, height) / span

    def px(points: Floats) -> Floats:
        """From the side the camera looks to the right, from above upwards."""
        away = (points - middle) * scale
        if axis == 0:
            return np.stack([left + width / 2 + away[..., 0], top + height / 2 - away[..., 1]], -1)
        return np.stack([left + width / 2 + away[..., 1], top + height / 2 - away[..., 0]], -1)

    for index in np.linspace(0, len(flat) - 1, 13).astype(int):
        ahead = -samples.rotations[index][:, 2]
        way = np.array([ahead[axis], -ahead[2]]) * span * 0.12
        drawing.line(px(np.stack([flat[index], flat[index] + way])), SOFT, 0.7)
    drawing.line(px(flat), COLORS[2], 2)
    for index, color in ((-1, END), (0, START)):
        x, y = px(flat[index])
        drawing.dot((float(x), float(y)), color, 4)
    return span


def _draw_curves(
    box: Box, drawing: Drawing, times_s: Floats, lines: Mapping[str, Floats], name: str
) -> None:
    """Numbers over time."""
    _draw_frame(box, drawing)
    left, top, width, height = box
    values = np.concatenate(list(lines.values()))
    low, high = float(values.min()), float(values.max())
    room = max((high - low) * 0.08, 1e-6 + abs(high) * 1e-3)
    low, high = low - room, high + room
    labels_y: list[float] = []
    for (label, line), color in zip(lines.items(), COLORS, strict=False):
        x = left + (times_s - times_s[0]) / max(float(np.ptp(times_s)), 1e-9) * width
        y = top + height - (line - low) / (high - low) * height
        drawing.line(np.stack([x, y], -1), color, 1.6)
        at_y = float(y[-1]) - 3
        away = -1 if at_y > top + height / 2 else 1  # towards the middle, past other labels
        while any(abs(at_y - other) < TEXT_PX for other in labels_y):
            at_y += away
        labels_y.append(at_y)
        drawing.word((left + width - 10 - 8 * len(label), at_y), label, color)
    drawing.word((left, top - 5), f"{name}: {values.min():.4g} to {values.max():.4g}")


def _draw_frame(box: Box, drawing: Drawing) -> None:
    """The edge of a panel."""
    left, top, width, height = box
    corners = [(0, 0), (width, 0), (width, height), (0, height), (0, 0)]
    drawing.line([(left + x, top + y) for x, y in corners], GRID, 1)


def _turns_deg(samples: CameraSamples) -> dict[str, Floats]:
    """Yaw, pitch and roll over time."""
    turn = samples.rotations
    pitch = np.arctan2(-turn[:, 1, 2], np.hypot(turn[:, 1, 0], turn[:, 1, 1]))
    yaw, roll = np.arctan2(turn[:, 0, 2], turn[:, 2, 2]), np.arctan2(turn[:, 1, 0], turn[:, 1, 1])
    return {
        name: np.degrees(np.unwrap(angle))
        for name, angle in (("yaw", yaw), ("pitch", pitch), ("roll", roll))
    }


def _speeds(samples: CameraSamples, stage: Stage) -> dict[str, Floats]:
    """How fast the middle of the picture moves, in its widths a second, near and far."""
    step_s = float(samples.times_s[1] - samples.times_s[0])
    focal_w = 0.5 / (np.tan(np.radians(samples.fov_deg) / 2) * stage.aspect)
    found = {}
    for name, inv_depth in (("near", stage.near_inv_depth), ("far", stage.far_inv_depth)):
        q = np.einsum(
            "nji,nj->ni", samples.rotations, [0, 0, -1] - inv_depth * samples.positions_su
        )
        seen = q[:, :2] / np.maximum(-q[:, 2:], 0.05) * focal_w[:, None]
        found[name] = np.linalg.norm(np.gradient(seen, step_s, axis=0), axis=1)
    return found
