"""How much: from an intensity of 0…100 and a style to the factors that fields are scaled by."""

from parallax.motion_plan import MotionPlan

INTENSITY_EXPONENT = 1.2  # seen motion grows a little slower than its amplitude
GAIN_OF_STYLE = {"natural": 1.0, "cinematic": 0.8, "dynamic": 1.3}


def gain_of(plan: MotionPlan) -> float:
    """Factor on every amplitude and speed: 1 at an intensity of 50 in the natural style, 0 at 0."""
    return float((plan.intensity / 50) ** INTENSITY_EXPONENT * GAIN_OF_STYLE[plan.style])


def wind_gain_of(plan: MotionPlan) -> float:
    """Factor on what the wind moves: 1 at the usual wind of 0.4."""
    return float(0.25 + 0.75 * plan.wind.speed / 0.4) if plan.wind.speed > 0 else 0.0
