"""What a camera path does to a film: speed, acceleration, borders."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, Reach
from parallax.path.keyframe import CameraPath
from parallax.path.reach import measure_reach, trace_reach
from parallax.path.sample import CameraSamples, resolve_path

Floats = NDArray[np.float64]
FAST_PER_S = 0.35  # widths a second: a point that crosses the frame in three seconds
JERKY_PER_S2 = 2.5  # widths a second, gained in a second: full speed from rest in a seventh of one
NEAR_MISS = 0.15  # of the way to the nearest point that is left before the lens
WIDE_MARGIN = 0.06  # a scene continues a photo by at most so much
WIDE_PARALLAX = 0.08  # of the diagonal: past it, fills show (Apple's SHARP keeps to it)
FAR_ZOOM = 1.6  # a photo shown larger than this looks soft


@dataclass(frozen=True, slots=True, eq=False)
class PathReport:
    """A camera path frame by frame.

    Attributes:
        times_s: (N,).
        speed_per_s: (N,), picture widths a second of the fastest point.
        acceleration_per_s2: (N,), picture widths a second, gained each second.
        margin_uv: (N, 4), how far past the left, top, right, bottom border; below 0 inside.
        parallax_diagonal: (N,), by how much of the picture's diagonal nearest and farthest are
            shifted apart.
        zoom: (N,), largest magnification.
        seam_jump: How much the speed changes where a loop closes, in picture widths a second.
        reach: Of the whole path.
        warnings: What to mend and how, a sentence each.
    """

    times_s: Floats
    speed_per_s: Floats
    acceleration_per_s2: Floats
    margin_uv: Floats
    parallax_diagonal: Floats
    zoom: Floats
    seam_jump: float
    reach: Reach
    warnings: tuple[str, ...]


def inspect_path(
    path: CameraPath,
    intrinsics: Intrinsics,
    *,
    size_wh: tuple[int, int],
    times_s: Floats,
    inv_depth_range: tuple[float, float] = (0.0, 1.0),
    default_fov_deg: float,
) -> PathReport:
    """What a path does to a film.

    Args:
        path: A camera path.
        intrinsics: Of the photo.
        size_wh: Of the film.
        times_s: (N,), of the frames, even.
        inv_depth_range: Farthest and nearest inverse depth of what is seen.
        default_fov_deg: Of the film at rest.
    """
    limits = {
        "size_wh": size_wh,
        "inv_depth_range": inv_depth_range,
        "default_fov_deg": default_fov_deg,
    }
    samples = resolve_path(path, times_s, default_fov_deg=default_fov_deg)
    trace = trace_reach(samples, intrinsics, **limits)  # type: ignore[arg-type]
    reach = measure_reach(path, intrinsics, **limits)  # type: ignore[arg-type]
    step_s = path.duration_s / max(1, len(times_s) - (0 if path.loop else 1))
    probes = _probe_points(samples, intrinsics, size_wh, inv_depth_range)  # (N, P, 2), widths
    velocity, acceleration, seam_jump = _rates(probes, step_s, loop=path.loop)
    tan_rest = math.tan(math.radians(default_fov_deg) / 2)
    focal = size_wh[1] / math.hypot(*size_wh) / 2 / tan_rest  # in diagonals
    span = inv_depth_range[1] - inv_depth_range[0]
    report = PathReport(
        times_s,
        velocity,
        acceleration,
        trace.margin_uv,
        trace.parallax_su * (focal * span),
        trace.zoom,
        seam_jump,
        reach,
        (),
    )
    left = 1 + float(samples.positions_su[:, 2].min()) * inv_depth_range[1]
    warnings = _warnings(report, loop=path.loop)
    if left < NEAR_MISS:
        how = "passes through" if left <= 0 else "comes very close to"
        warnings = (f"the camera {how} what is nearest; go forward less", *warnings)
    return replace(report, warnings=warnings)


def _probe_points(
    samples: CameraSamples,
    intrinsics: Intrinsics,
    size_wh: tuple[int, int],
    inv_depth_range: tuple[float, float],
) -> Floats:
    """(N, 18, 2): where a 3 × 3 grid of photo points at both depths stands, in picture widths."""
    width, height = intrinsics.size_wh
    tan = np.tan(np.radians(samples.fov_deg) / 2)[:, None]
    across = np.array([0.15, 0.5, 0.85]) - 0.5
    x, y = np.meshgrid(across * width / intrinsics.focal_px, across * height / intrinsics.focal_px)
    rays = np.stack([x, -y, -np.ones_like(x)], -1).reshape(9, 3)
    seen = []
    for inv_depth in inv_depth_range:
        world = rays - inv_depth * samples.positions_su[:, None]
        q = np.einsum("nji,npj->npi", samples.rotations, world)
        ahead = np.maximum(-q[..., 2], 0.05)
        scale = size_wh[1] / size_wh[0] / (2 * tan)
        seen.append(q[..., :2] / ahead[..., None] * scale[..., None])
    return np.concatenate(seen, 1)


def _rates(probes: Floats, step_s: float, *, loop: bool) -> tuple[Floats, Floats, float]:
    """(N,) speed, (N,) acceleration of the fastest probe, and the jump of speed at the seam."""
    if len(probes) < 4:
        still = np.zeros(len(probes))
        return still, still, 0.0
    if loop:
        around = np.concatenate([probes[-2:], probes, probes[:2]])
        velocity = np.diff(around, axis=0) / step_s  # N + 3
        gain = np.diff(velocity, axis=0) / step_s  # N + 2
        speed = np.linalg.norm((velocity[1:-2] + velocity[2:-1]) / 2, axis=2).max(1)
        acceleration = np.linalg.norm(gain, axis=2).max(1)[1:-1]
        jump = float(np.linalg.norm(gain[1] * step_s, axis=1).max())
        return speed, acceleration, jump
    velocity = np.diff(probes, axis=0) / step_s
    gain = np.linalg.norm(np.diff(velocity, axis=0) / step_s, axis=2).max(1)
    edge = np.linalg.norm(velocity, axis=2).max(1)
    speed = np.concatenate([edge[:1], (edge[1:] + edge[:-1]) / 2, edge[-1:]])
    return speed, np.concatenate([gain[:1], gain, gain[-1:]]), 0.0


def _largest_usual_jump(report: PathReport) -> float:
    """The change of speed at a seam that is no more than a smooth move has, frame by frame."""
    if len(report.times_s) < 4:
        return math.inf
    elsewhere = float(np.percentile(report.acceleration_per_s2[1:], 90))  # not at other corners
    step_s = float(report.times_s[1] - report.times_s[0])
    return max(0.02, 0.5 * float(report.speed_per_s.max()), 2 * elsewhere * step_s)


def _warnings(report: PathReport, *, loop: bool) -> tuple[str, ...]:
    """What to mend, worst first, each with when and how."""
    found = []

    def when(values: Floats) -> str:
        return f"at {report.times_s[int(values.argmax())]:.2f} s"

    margin = report.margin_uv.max(1)
    if margin.max() > WIDE_MARGIN:
        side = ("left", "top", "right", "bottom")[int(report.margin_uv.max(0).argmax())]
        found.append(
            f"{when(margin)} the picture shows {margin.max():.1%} past the photo's {side} border; "
            f"shift or turn less that way, or narrow fov_deg"
        )
    parallax = report.parallax_diagonal
    if parallax.max() > WIDE_PARALLAX:
        found.append(
            f"{when(parallax)} near and far are {parallax.max():.1%} of the diagonal apart, and "
            "what was hidden shows; move the camera less"
        )
    if report.zoom.max() > FAR_ZOOM:
        found.append(
            f"{when(report.zoom)} the photo is magnified {report.zoom.max():.2f} times and looks "
            "soft; zoom or move in less"
        )
    if report.speed_per_s.max() > FAST_PER_S:
        found.append(
            f"{when(report.speed_per_s)} the picture moves {report.speed_per_s.max():.0%} of its "
            "width a second; make the move longer or smaller"
        )
    if report.acceleration_per_s2.max() > JERKY_PER_S2:
        found.append(
            f"{when(report.acceleration_per_s2)} the camera jerks; ease the keys there, or give "
            "them more time"
        )
    if loop and report.seam_jump > _largest_usual_jump(report):
        found.append("the speed jumps where the loop closes; ease both ends alike")
    return tuple(found)
