"""A camera path as lines: what the camera sees, and where it goes, frame by frame."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import MIN_INV_DEPTH, positions_from_uv
from parallax.depth_map import DepthMap
from parallax.moves.stage import Stage
from parallax.path import CameraSamples

Floats = NDArray[np.float64]
Picture = NDArray[np.uint8]
Color = tuple[int, int, int]
MESH_WH = (49, 33)  # lines that can still be told apart in a small film
PAPER, FAR, NEAR = (18, 20, 24), (60, 80, 110), (255, 214, 120)
WAY, HERE, FRAME = (110, 150, 220), (255, 90, 70), (200, 200, 200)
BEHIND_SU = 0.02  # lines this near before the lens are left out
TORN = 1.35  # neighbours whose distances differ by more are not one surface
LEAST_SPAN_SU = 0.02


def draw_wireframes(
    samples: CameraSamples, stage: Stage, depth: DepthMap | None, *, size_wh: tuple[int, int]
) -> Iterator[Picture]:
    """(H, W, 4) of every moment: on the left through the camera, on the right where it is.

    The way is drawn from above and from the side, magnified until it fills its panel.

    Args:
        samples: Of the path.
        stage: Of the photo.
        depth: Of the photo; without it, frames stand at the nearest, the subject's and the farthest
            distance.
        size_wh: Of the pictures.
    """
    width, height = size_wh
    lines = _scene_lines(stage) if depth is None else _mesh_lines(stage, depth)
    side = height // 2
    view_wh = width - side, height
    scale = min(view_wh[0] / stage.aspect, view_wh[1])  # pixels that the film is tall
    frame_px = round(scale * stage.aspect) - 2, round(scale) - 2
    for i in range(len(samples.times_s)):
        picture = np.full((height, width, 3), PAPER, np.uint8)
        view = picture[:, : view_wh[0]]
        _draw_view(view, lines, samples, i, film_px=float(scale))
        _draw_box(view, frame_px)
        for row, axis in enumerate((0, 1)):
            panel = picture[row * side : (row + 1) * side, view_wh[0] :]
            _draw_way(panel, samples, i, axis=axis, name=("from above", "from the side")[axis])
        time_s = samples.times_s[i]
        _write(view, f"{time_s:.2f} s   {samples.fov_deg[i]:.1f} deg", (10, height - 12))
        yield np.dstack([picture, np.full((height, width), 255, np.uint8)])


def _mesh_lines(stage: Stage, depth: DepthMap) -> tuple[Floats, Sequence[Color]]:
    """(N, 2, 3) ends of the lines of a coarse mesh of the photo, far ones first, and colours."""
    inv_depth = np.maximum(depth.resized(MESH_WH).inv_depth, 0.02)
    columns, rows = MESH_WH
    u, v = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
    points = positions_from_uv(np.stack([u, v], -1), inv_depth, stage.intrinsics).astype(float)
    ends, shade = [], []
    for begin, end in (
        ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
        ((slice(None, -1), slice(None)), (slice(1, None), slice(None))),
    ):
        ratio = inv_depth[begin] / inv_depth[end]
        whole = (ratio < TORN) & (ratio > 1 / TORN)
        ends.append(np.stack([points[begin], points[end]], -2)[whole])
        shade.append(np.sqrt(inv_depth[begin])[whole])
    lines, near = np.concatenate(ends), np.concatenate(shade)
    order = np.argsort(near)
    return lines[order], [_blend(float(share)) for share in near[order]]


def _scene_lines(stage: Stage) -> tuple[Floats, Sequence[Color]]:
    """The photo's frame, in thirds, at the farthest, the subject's and the nearest distance."""
    lines, colors = [], []
    ticks = np.linspace(0, 1, 4)
    for inv_depth in (stage.far_inv_depth, stage.focus_inv_depth, stage.near_inv_depth):
        at = max(inv_depth, MIN_INV_DEPTH)
        for tick in ticks:
            for uv in (((tick, 0.0), (tick, 1.0)), ((0.0, tick), (1.0, tick))):
                ends = positions_from_uv(np.array(uv), np.full(2, at), stage.intrinsics)
                lines.append(ends.astype(float))
                colors.append(_blend(at**0.5))
    return np.stack(lines), colors


def _blend(share: float) -> Color:
    """A colour from far to near."""
    share = min(max(share, 0.0), 1.0)
    r, g, b = (round(f + share * (n - f)) for f, n in zip(FAR, NEAR, strict=True))
    return r, g, b


def _draw_view(
    view: Picture,
    scene: tuple[Floats, Sequence[Color]],
    samples: CameraSamples,
    index: int,
    *,
    film_px: float,
) -> None:
    """What the camera sees of the lines."""
    lines, colors = scene
    height, width = view.shape[:2]
    seen = (lines - samples.positions_su[index]) @ samples.rotations[index]
    ahead = -seen[..., 2]
    focal_px = film_px / 2 / np.tan(np.radians(samples.fov_deg[index]) / 2)
    px = seen[..., :2] * [focal_px, -focal_px] / np.maximum(ahead, BEHIND_SU)[..., None]
    px += np.array([width, height]) / 2
    whole = (ahead > BEHIND_SU).all(1)
    ends = np.clip(px, -1e4, 1e4).round().astype(int).tolist()
    for (begin, end), color, is_whole in zip(ends, colors, whole, strict=True):
        if is_whole:
            cv2.line(view, begin, end, color, 1, cv2.LINE_AA)


def _draw_box(view: Picture, frame_px: tuple[int, int]) -> None:
    """The film's frame in the middle of the view; what lies outside it is dimmed."""
    height, width = view.shape[:2]
    left, top = (width - frame_px[0]) // 2, (height - frame_px[1]) // 2
    inside = view[top : top + frame_px[1], left : left + frame_px[0]].copy()
    view[:] = view // 3
    view[top : top + frame_px[1], left : left + frame_px[0]] = inside
    corner = left + frame_px[0], top + frame_px[1]
    cv2.rectangle(view, (left, top), corner, FRAME, 1)


def _draw_way(panel: Picture, samples: CameraSamples, index: int, *, axis: int, name: str) -> None:
    """The camera's way from above (axis 0) or the side (1), with the camera on it."""
    side = min(panel.shape[:2])
    flat = np.stack([samples.positions_su[:, axis], -samples.positions_su[:, 2]], -1)
    middle = (flat.max(0) + flat.min(0)) / 2
    span_su = max(1.5 * float(np.ptp(flat, axis=0).max()), LEAST_SPAN_SU)

    def px(points: Floats) -> NDArray[np.int64]:
        """From above the camera looks upwards, from the side to the right."""
        away = (points - middle) * (side / span_su)
        if axis:
            away = np.stack([away[..., 1], away[..., 0]], -1)
        return np.asarray(np.rint(away * [1, -1] + side / 2), np.int64)

    cv2.polylines(panel, [px(flat).astype(np.int32)], False, WAY, 1, cv2.LINE_AA)
    ahead = -samples.rotations[index][:, 2]
    here = flat[index]
    tip = here + np.array([ahead[axis], -ahead[2]]) * span_su * 0.2
    ends = px(np.stack([here, tip])).tolist()
    cv2.line(panel, tuple(ends[0]), tuple(ends[1]), HERE, 1, cv2.LINE_AA)
    cv2.circle(panel, tuple(ends[0]), 4, HERE, -1, cv2.LINE_AA)
    cv2.rectangle(panel, (0, 0), (panel.shape[1] - 1, panel.shape[0] - 1), FAR, 1)
    _write(panel, f"{name}, {span_su:.2g} su", (8, 18))


def _write(picture: Picture, text: str, at: tuple[int, int]) -> None:
    """A line of text."""
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, FRAME, 1, cv2.LINE_AA)
