"""Splines through points at given times.

Shape and pace are kept apart. The *shape* is a cubic Hermite curve C over knots that are the
square roots of the distances between the points (centripetal), with the tangents of Catmull and
Rom, or of Kochanek and Bartels: it has no cusps and no loops, however uneven the points are. The
*pace* is a monotone cubic k(t) through (time, knot). The curve C(k(t)) passes each point at its
time, never runs backwards, and its velocity is continuous.

Sources: P. J. Barry and R. N. Goldman 1988, "A Recursive Evaluation Algorithm for a Class of
Catmull-Rom Splines"; C. Yuksel, S. Schaefer and J. Keyser 2011, "Parameterization and Applications
of Catmull-Rom Curves"; D. Kochanek and R. Bartels 1984, "Interpolating Splines with Local Tension,
Continuity, and Bias Control"; F. N. Fritsch and R. E. Carlson 1980, "Monotone Piecewise Cubic
Interpolation".
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SplineKind = Literal["linear", "catmull-rom", "kochanek-bartels"]
SPLINES: tuple[SplineKind, ...] = get_args(SplineKind)


class Tcb(NamedTuple):
    """How a Kochanek–Bartels spline rounds its corners; all 0 is Catmull–Rom.

    Attributes:
        tension: 1 is straight between the keys, −1 is slack.
        continuity: Below 0 has corners, above 0 has inverted ones.
        bias: Above 0 overshoots a key, below 0 undershoots it.
    """

    tension: float = 0.0
    continuity: float = 0.0
    bias: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """A monotone cubic from time to knot.

    Attributes:
        times_s: (N + 1,), rising.
        knots: (N + 1,), not falling.
        slopes: (N + 1,), knots a second at each time.
    """

    times_s: Floats
    knots: Floats
    slopes: Floats

    @classmethod
    def through(cls, times_s: Floats, knots: Floats, *, closed: bool) -> "Pace":
        """The monotone cubic through (time, knot); one that closes repeats its slope."""
        return cls(times_s, knots, monotone_slopes(times_s, knots, closed=closed))

    def fraction(self, segment: NDArray[np.intp], u: Floats) -> tuple[Floats, Floats]:
        """How far between its two knots each moment is, and how fast, per segment length.

        Args:
            segment: (M,), which segment.
            u: (M,), 0…1, time within it.
        """
        length = np.diff(self.knots)[segment]
        duration_s = np.diff(self.times_s)[segment]
        safe = np.where(length > 0, length, 1.0)
        begin = self.slopes[segment] * duration_s / safe
        end = self.slopes[segment + 1] * duration_s / safe
        one = np.ones_like(u)
        value, speed = hermite(0 * one, one, begin, end, u)
        return np.where(length > 0, value, u), np.where(length > 0, speed, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class PointSpline:
    """A curve through points of any dimension.

    Attributes:
        pace: From time to knot.
        points: (N + 1, D); a closed curve repeats its first.
        leave: (N, D), tangent per knot at the start of each segment.
        arrive: (N, D), the same at its end.
        straight: Whether the points are joined by lines at even speed instead.
    """

    pace: Pace
    points: Floats
    leave: Floats
    arrive: Floats
    straight: bool

    @classmethod
    def through(
        cls, times_s: Floats, points: Floats, *, kind: SplineKind, tcb: Tcb, closed: bool
    ) -> "PointSpline":
        """The spline of this kind through `points` (N + 1, D)."""
        steps = np.diff(points, axis=0)
        spacing = np.sqrt(np.linalg.norm(steps, axis=1))
        pace = Pace.through(times_s, np.concatenate([[0], np.cumsum(spacing)]), closed=closed)
        leave, arrive = tangents(steps, spacing, tcb=tcb, closed=closed)
        return cls(pace, points, leave, arrive, kind == "linear")

    def at(self, segment: NDArray[np.intp], u: Floats) -> Floats:
        """(M, D): the points at a progress u within segments; straight on outside 0…1."""
        inside = np.clip(u, 0, 1)
        begin, end = self.points[segment], self.points[segment + 1]
        if self.straight:
            return np.asarray(begin + u[:, None] * (end - begin))
        w, speed = self.pace.fraction(segment, inside)
        length = np.diff(self.pace.knots)[segment][:, None]
        value, slope = hermite(
            begin, end, self.leave[segment] * length, self.arrive[segment] * length, w[:, None]
        )
        return np.asarray(value + slope * (speed * (u - inside))[:, None])


@dataclass(frozen=True, slots=True, eq=False)
class ScalarTrack:
    """One number over time that never leaves the range of its two neighbouring keys.

    Attributes:
        pace: The monotone cubic, piecewise rising or falling.
        straight: Whether the values are joined by lines instead.
    """

    pace: Pace
    straight: bool

    @classmethod
    def through(
        cls, times_s: Floats, values: Floats, *, kind: SplineKind, closed: bool
    ) -> "ScalarTrack":
        """The track through (time, value)."""
        return cls(Pace.through(times_s, values, closed=closed), kind == "linear")

    def at(self, segment: NDArray[np.intp], u: Floats) -> Floats:
        """(M,): the values at a progress u within segments; straight on outside 0…1."""
        inside = np.clip(u, 0, 1)
        begin, end = self.pace.knots[segment], self.pace.knots[segment + 1]
        if self.straight:
            return np.asarray(begin + u * (end - begin))
        duration_s = np.diff(self.pace.times_s)[segment]
        leave, arrive = self.pace.slopes[segment], self.pace.slopes[segment + 1]
        value, slope = hermite(begin, end, leave * duration_s, arrive * duration_s, inside)
        return np.asarray(value + slope * (u - inside))


def hermite(
    begin: Floats, end: Floats, leave: Floats, arrive: Floats, u: Floats
) -> tuple[Floats, Floats]:
    """A cubic from `begin` to `end` with these slopes over u in 0…1, and its own slope."""
    step = end - begin
    square = 3 * step - 2 * leave - arrive
    cube = leave + arrive - 2 * step
    value = begin + u * (leave + u * (square + u * cube))
    return np.asarray(value), np.asarray(leave + u * (2 * square + u * 3 * cube))


def tangents(steps: Floats, spacing: Floats, *, tcb: Tcb, closed: bool) -> tuple[Floats, Floats]:
    """Tangents at both ends of each segment, per knot.

    An open curve leaves and arrives along its first and last step.

    Args:
        steps: (N, D), from each key to the next; for rotations, rotation vectors.
        spacing: (N,), the same in knots; 0 where nothing moves.
        tcb: Kochanek and Bartels's three numbers.
        closed: Whether the last segment joins the first.

    Returns:
        (N, D) at the start and (N, D) at the end of each segment.
    """
    speed = np.divide(
        steps, spacing[:, None], out=np.zeros_like(steps), where=spacing[:, None] > 0
    )  # (N, D)

    # At key j the segment before it is j − 1 and the one after it is j
    before, before_len = np.roll(speed, 1, axis=0), np.roll(spacing, 1)[:, None]
    after, after_len = speed, spacing[:, None]
    total = before_len + after_len
    share = np.divide(after_len, total, out=np.full_like(total, 0.5), where=total > 0)
    t, c, b = tcb
    leave = (1 - t) * ((1 + c) * (1 + b) * share * before + (1 - c) * (1 - b) * (1 - share) * after)
    arrive_at_key = (1 - t) * (
        (1 - c) * (1 + b) * share * before + (1 + c) * (1 - b) * (1 - share) * after
    )
    arrive = np.roll(arrive_at_key, -1, axis=0)
    if not closed:
        leave[0], arrive[-1] = (1 - t) * speed[0], (1 - t) * speed[-1]
    return leave, arrive


def monotone_slopes(times_s: Floats, values: Floats, *, closed: bool) -> Floats:
    """(N + 1,): slopes at the keys of a cubic that never overshoots them.

    The parabola's slope through three neighbours, 0 at an extremum, and at most three times either
    chord (Fritsch and Carlson 1980, the sufficient condition).
    """
    h = np.diff(times_s)
    chord = np.diff(values) / h
    before, after = np.roll(chord, 1), chord
    h_before, h_after = np.roll(h, 1), h
    slopes = (h_after * before + h_before * after) / (h_before + h_after)  # (N,), at key j
    limit = 3 * np.minimum(np.abs(before), np.abs(after))
    slopes = np.where(before * after > 0, np.sign(slopes) * np.minimum(abs(slopes), limit), 0.0)
    if closed:
        return np.append(slopes, slopes[0])
    first = _end_slope(h[:2], chord[:2])
    last = _end_slope(h[::-1][:2], chord[::-1][:2])
    return np.concatenate([[first], slopes[1:], [last]])


def _end_slope(h: Floats, chord: Floats) -> float:
    """The parabola's slope at the open end of two segments, kept monotone."""
    if len(h) == 1:
        return float(chord[0])
    slope = float(((2 * h[0] + h[1]) * chord[0] - h[0] * chord[1]) / (h[0] + h[1]))
    if slope * chord[0] <= 0:
        return 0.0
    return float(np.sign(slope) * min(abs(slope), 3 * abs(chord[0])))
