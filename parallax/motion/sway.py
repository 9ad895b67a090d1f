"""What the wind sways: leaves, grass, flowers, hair, flames and cloth, a spectrum each.

After Chuang et al. 2005, "Animating Pictures with Stochastic Motion Textures": the wind's spectrum
through a damped oscillator. Single-valued and periodic, so nothing is ever blended with itself.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.course import Course, Modes, limit_stretch, rms_of
from parallax.motion.mask import distance_inside, smoothstep
from parallax.motion.noise import smooth_complex
from parallax.motion_plan import Point, RegionType, Wind

PEAK_OF_RMS = 2.0  # a sum of a few sines peaks at about twice its root mean square
ANCHOR_REACH = 0.08  # of the short side: how far an anchor holds things
SWEEP_RATIO = 0.3  # share of the motion across the wind


@dataclass(frozen=True, slots=True)
class SwayKind:
    """How one kind of thing sways.

    Attributes:
        natural_hz: Where it resonates.
        damping: Ratio; 1 is critical.
        amplitude: Peak, as a fraction of the short side, at the tip of the nearest.
        cell: Size of what moves as one at the lowest and highest frequency, of the short side.
        gust_speed: Of the front that travels with the wind, short sides a second.
        rooted: How much of the sway grows from the root to the tip.
        edge: Width of the calm along edges that must not move, of the short side.
        root: The side it hangs on.
        glow: Change of brightness with the peak displacement, as leaves and ears turn.
    """

    natural_hz: float
    damping: float
    amplitude: float
    cell: tuple[float, float]
    gust_speed: float
    rooted: float
    edge: float
    glow: float
    root: Literal["foot", "head", "upwind"] = "foot"


KINDS: dict[RegionType, SwayKind] = {
    "foliage": SwayKind(0.45, 0.25, 0.0050, (0.18, 0.022), 0.45, 0.6, 0.022, 0.02),
    "grass": SwayKind(0.70, 0.30, 0.0060, (0.22, 0.030), 0.40, 0.0, 0.025, 0.05),
    "flower": SwayKind(0.60, 0.15, 0.0090, (0.45, 0.150), 0.60, 1.0, 0.025, 0.0),
    "hair": SwayKind(0.50, 0.30, 0.0045, (0.14, 0.040), 0.35, 0.9, 0.025, 0.0, "head"),
    "fire": SwayKind(1.60, 0.35, 0.0080, (0.12, 0.040), 0.60, 1.0, 0.015, 0.0),
    "fabric": SwayKind(0.80, 0.35, 0.0110, (0.30, 0.120), 0.35, 0.8, 0.020, 0.05, "upwind"),
}


def sway_modes(
    mask: NDArray[np.float32],
    kind: SwayKind,
    course: Course,
    *,
    inv_depth: NDArray[np.float32],
    wind: Wind,
    amplitude: float,
    period_s: float | None,
    anchors: tuple[tuple[Point, ...], ...],
    rng: np.random.Generator,
) -> Modes:
    """How a region sways: the peak of what is nearest and farthest from its root is `amplitude`.

    Args:
        mask: (h, w), where it may move, its yielding surroundings included.
        kind: What it is.
        course: The frequencies.
        inv_depth: (h, w): what is farther sways by less.
        wind: The one wind.
        amplitude: Peak, of the short side.
        period_s: Of the slowest sway, if not the kind's.
        anchors: Points or lines in uv that hold still.
        rng: Source of chance.

    Returns:
        (K, h, w, 2), exactly 0 outside the mask.
    """
    height, width = mask.shape
    short_px = min(mask.shape)
    frequency = course.frequencies_hz
    natural_hz = kind.natural_hz if period_s is None else 1 / period_s
    strength = _spectrum(frequency, natural_hz, kind.damping, wind.speed)
    strength *= rng.uniform(0.75, 1.25, strength.shape)

    # Where it may move, and by how much of the peak
    still = smoothstep(0, kind.edge * short_px, distance_inside(mask) - 1)
    still *= anchor_weight(anchors, mask.shape) * _near_weight(inv_depth, mask)
    bend = _bending_from(kind, mask, wind) if kind.rooted else np.ones_like(mask)

    # The front of a gust reaches x after delay_s
    toward = np.array([np.cos(np.radians(wind.direction_deg)),
                       -np.sin(np.radians(wind.direction_deg))], np.float32)  # fmt: skip
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    delay_s = (columns * toward[0] + rows * toward[1]) / (short_px * kind.gust_speed)
    along = _sway_direction(toward)
    across = np.array([-along[1], along[0]], np.float32)

    modes = np.empty((len(frequency), height, width, 2), np.complex64)
    share = np.linspace(0, 1, len(frequency))
    for j, f in enumerate(frequency):
        cell_px = kind.cell[0] ** (1 - share[j]) * kind.cell[1] ** share[j] * short_px
        own = smooth_complex(rng, (width, height), cell_px)
        common = np.exp(1j * (rng.uniform(0, 2 * np.pi) - 2 * np.pi * f * delay_s))
        together = 0.85 * (1 - share[j]) * (0.4 + 0.6 * wind.gust)
        course_of_x = np.sqrt(together) * common + np.sqrt(1 - together) * own * common
        rooted = 1 - kind.rooted * (1 - bend) * (1 - 0.6 * share[j])
        weight = strength[j] * rooted * still * course_of_x
        sideways = smooth_complex(rng, (width, height), cell_px * 0.8)
        modes[j] = weight[..., None] * along
        modes[j] += (SWEEP_RATIO * (0.5 + share[j]) * strength[j] * still * rooted * sideways)[
            ..., None
        ] * across
    return limit_stretch(_scaled_to_peak(modes, mask, amplitude), course)


def anchor_weight(
    anchors: tuple[tuple[Point, ...], ...], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """(h, w): 0 at anchors, 1 away from them."""
    if not anchors:
        return np.ones(shape, np.float32)
    free = np.full(shape, 255, np.uint8)
    for anchor in anchors:
        points = np.rint(np.array(anchor) * (shape[1], shape[0]) - 0.5).astype(np.int32)
        cv2.polylines(free, [points[:, None]], isClosed=False, color=(0,), thickness=1)
    distance = cv2.distanceTransform(free, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return smoothstep(0, ANCHOR_REACH * min(shape), np.asarray(distance, np.float32) - 1)


def bending_of(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """(h, w), 0 at the foot of each connected part … 1 at its top, as a loaded cantilever bends.

    d(u) = u⁴/3 − 4u³/3 + 2u² (Chuang et al. 2005). A part that is cut off by the lower border of
    the picture has its foot below it.
    """
    height = mask.shape[0]
    bend = np.ones_like(mask)
    count, part, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8))
    for index in range(1, count):
        top, tall = stats[index, cv2.CC_STAT_TOP], stats[index, cv2.CC_STAT_HEIGHT]
        foot = top + tall
        if foot >= height - 1:
            foot += 0.35 * tall
        inside = np.nonzero(part == index)
        u = np.clip((foot - inside[0]) / max(foot - top, 1), 0, 1)
        bend[inside] = u**4 / 3 - 4 * u**3 / 3 + 2 * u**2
    return bend


def _bending_from(kind: SwayKind, mask: NDArray[np.float32], wind: Wind) -> NDArray[np.float32]:
    """(h, w): `bending_of`, from the side that the kind hangs on."""
    if kind.root == "head":
        return bending_of(mask[::-1])[::-1]
    if kind.root == "upwind":
        toward_right = np.cos(np.radians(wind.direction_deg)) >= 0
        turned = mask.T[::-1] if toward_right else mask.T
        bend = bending_of(np.ascontiguousarray(turned))
        return np.ascontiguousarray((bend[::-1] if toward_right else bend).T)
    return bending_of(mask)


def _spectrum(
    frequency: NDArray[np.float64], natural_hz: float, damping: float, wind_speed: float
) -> NDArray[np.float64]:
    """(K,): amplitude at each frequency (Chuang et al. 2005, wind power and tip displacement)."""
    wind = 0.3 + 1.5 * wind_speed
    power = wind / (1 + frequency / wind) ** (5 / 3)
    answer = 1 / np.hypot(frequency**2 - natural_hz**2, 2 * damping * natural_hz * frequency)
    bandwidth = np.gradient(frequency) if len(frequency) > 1 else np.ones(1)
    strength = np.sqrt(power * bandwidth) * answer
    return np.asarray(strength / np.sqrt((strength**2).sum()), np.float64)


def _near_weight(inv_depth: NDArray[np.float32], mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """(h, w): how large the region's sway is seen, 1 at its nearest parts."""
    inside = inv_depth[mask > 0.5]
    if inside.size == 0:
        return np.ones_like(inv_depth)
    near = max(float(np.percentile(inside, 85)), 1e-6)
    side = max(3, round(0.02 * min(mask.shape)) | 1)
    smooth = cv2.blur(inv_depth, (side, side))
    return np.asarray(np.clip(smooth / near, 0.15, 1.2), np.float32)


def _sway_direction(toward: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2,): upright things sway sideways, whatever the wind's way across the picture."""
    side = toward[0] if abs(toward[0]) > 0.5 else np.copysign(0.5, toward[0])
    along = np.array([side, 0.3 * toward[1]], np.float32)
    return np.asarray(along / np.linalg.norm(along), np.float32)


def _scaled_to_peak(modes: Modes, mask: NDArray[np.float32], amplitude: float) -> Modes:
    """The modes, scaled so that the liveliest tenth of the mask peaks at the amplitude."""
    inside = rms_of(modes)[mask > 0.5]
    if inside.size == 0 or not inside.any():
        return modes
    rms = float(np.percentile(inside, 90))
    return np.asarray(modes * np.float32(amplitude / PEAK_OF_RMS / max(rms, 1e-12)), np.complex64)
