"""Rain, snow, dust and embers: where each one is born, which way it goes, how it looks."""

from dataclasses import dataclass

import numpy as np

from parallax.motion.canvas import Canvas
from parallax.motion_plan import MotionPlan, Overlay, OverlayType, Particles

NEAREST, FARTHEST = 1.8, 0.25  # inverse depths, 1/su: many before all things, some among them
BORDER = 0.15  # of the photo: born that far outside it too, so that none is missed at an edge
MAX_COUNT = 4000


@dataclass(frozen=True, slots=True)
class Flock:
    """One kind of particle; lengths in short sides, as seen at a distance of 1 su.

    Attributes:
        count: At a density of 0.5.
        half_width: Of one.
        streak_s: How long its way is smeared.
        fall_s: Way down a second; below 0 it rises.
        windage: Way along the wind a second, in a storm.
        sway: Half width of its sway.
        life_s: From birth to death.
        color_srgb: Encoded.
        opacity: 0…1.
    """

    count: int
    half_width: float
    streak_s: float
    fall_s: float
    windage: float
    sway: float
    life_s: float
    color_srgb: tuple[float, float, float]
    opacity: float


FLOCKS: dict[OverlayType, Flock] = {
    "rain": Flock(1400, 0.0008, 0.014, 1.30, 0.50, 0.0, 0.5, (0.80, 0.84, 0.88), 0.34),
    "snow": Flock(900, 0.0027, 0.0, 0.14, 0.25, 0.012, 2.5, (1.0, 1.0, 1.0), 0.85),
    "dust": Flock(160, 0.0020, 0.0, -0.012, 0.06, 0.020, 4.0, (1.0, 0.96, 0.86), 0.42),
    "embers": Flock(110, 0.0016, 0.012, -0.22, 0.15, 0.020, 1.8, (1.0, 0.56, 0.20), 0.95),
}


def particles_of(
    overlay: Overlay, plan: MotionPlan, canvas: Canvas, *, gain: float, rng: np.random.Generator
) -> Particles | None:
    """The particles of an overlay; None where there are none.

    Args:
        overlay: Which, and how many.
        plan: Its wind blows them, its length is their period.
        canvas: For the photo's shape.
        gain: Factor on their number and, less, on their speed.
        rng: Source of chance.
    """
    flock = FLOCKS[overlay.type]
    count = min(round(flock.count * overlay.density / 0.5 * gain), MAX_COUNT)
    if count < 1 or not overlay.enabled:
        return None
    lives = max(1, round(plan.duration_s / flock.life_s))
    life_s = plan.duration_s / lives
    angle = np.radians(plan.wind.direction_deg)
    blown = flock.windage * plan.wind.speed
    speed = np.array([blown * np.cos(angle), flock.fall_s - blown * np.sin(angle)])
    speed *= min(gain, 1.0) ** 0.5

    # As many in each slice of what is seen far away as near by, but fewer than true perspective
    near = FARTHEST * (NEAREST / FARTHEST) ** rng.uniform(0, 1, count)
    pace = near * rng.uniform(0.8, 1.2, count)
    place, way = np.empty((count, 4)), np.empty((count, 4))
    place[:, :2] = rng.uniform(-BORDER, 1 + BORDER, (count, 2))
    place[:, 2], place[:, 3] = near, rng.uniform(0, 1, count)
    way[:, :2] = speed * canvas.short_over_size * life_s * pace[:, None]
    way[:, 2] = flock.sway * canvas.short_over_size[0] * near * rng.uniform(0.5, 1, count)
    way[:, 3] = rng.uniform(0, 1, count)
    streak = flock.half_width + flock.streak_s * float(np.linalg.norm(speed))
    return Particles(
        place.astype(np.float32),
        way.astype(np.float32),
        lives=lives,
        sways=max(1, round(plan.duration_s / 3)),
        size=(flock.half_width, streak),
        color_srgb=flock.color_srgb,
        opacity=flock.opacity,
    )
