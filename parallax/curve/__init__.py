"""Curves in time: easing, splines through points, splines through rotations."""

from parallax.curve.ease import EASES, Ease, parse_ease
from parallax.curve.rotation import (
    RotationSpline,
    angles_from_rotation,
    quaternion_from_rotation,
    rotation_from_quaternion,
    slerp,
)
from parallax.curve.spline import SPLINES, PointSpline, ScalarTrack, SplineKind, Tcb

__all__ = [
    "EASES",
    "SPLINES",
    "Ease",
    "PointSpline",
    "RotationSpline",
    "ScalarTrack",
    "SplineKind",
    "Tcb",
    "angles_from_rotation",
    "parse_ease",
    "quaternion_from_rotation",
    "rotation_from_quaternion",
    "slerp",
]
