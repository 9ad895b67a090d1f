"""How regions of a photo move: found, worded, and baked to fields of uv and time."""

from parallax.motion.bake import bake_motion
from parallax.motion.plan import MotionParams, Planned, plan_motion
from parallax.motion.preview import draw_preview
from parallax.motion.words import CameraWish, Wishes, read_words

__all__ = [
    "CameraWish",
    "MotionParams",
    "Planned",
    "Wishes",
    "bake_motion",
    "draw_preview",
    "plan_motion",
    "read_words",
]
