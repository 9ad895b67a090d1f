"""What light a frame gathers: through which points of the lens, and while the shutter is open."""

import math
from fractions import Fraction

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def shutter_times(
    time_s: float, fps: Fraction, *, shutter_deg: float, num_samples: int
) -> list[float]:
    """Moments, evenly spread over the time that the shutter is open about the frame's own.

    Args:
        time_s: Of the frame.
        fps: Frames a second.
        shutter_deg: 360 is open from frame to frame; film cameras are open for 180.
        num_samples: How many moments.
    """
    open_s = shutter_deg / 360 / float(fps)
    return [time_s + open_s * ((k + 0.5) / num_samples - 0.5) for k in range(num_samples)]


def lens_points(radius_su: float, num_samples: int) -> list[tuple[float, float]]:
    """Points of a round lens, x and y, each standing for the same area.

    A sunflower's seeds: Vogel 1979, "A better way to construct the sunflower head".
    """
    if radius_su == 0:
        return [(0.0, 0.0)]
    points = []
    for k in range(num_samples):
        radius = radius_su * math.sqrt((k + 0.5) / num_samples)
        points.append((radius * math.cos(k * GOLDEN_ANGLE), radius * math.sin(k * GOLDEN_ANGLE)))
    return points
