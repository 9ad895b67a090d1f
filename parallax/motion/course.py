"""The course of time: which frequencies a loop can hold, and vector fields that swing with them.

A swinging field is complex: with M = C + iS, the displacement at time t is Re(Σ_j M_j·e^(−iω_j·t)),
ω_j = 2π n_j / T. Lengths are fractions of the photo's short side, y down.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

NUM_CYCLES = 8  # GID (Li et al. 2024) needs 16 for any motion; wind and waves look right with 8
FREQUENCIES_HZ = (0.17, 2.6)  # slower is a drift, faster aliases at 24 fps
MAX_STRETCH = 0.35  # ‖∇D‖: at 1 the picture folds over
NUM_PROBES = 16  # moments at which stretch is measured
Modes = NDArray[np.complex64]  # (K, h, w, 2)


@dataclass(frozen=True, slots=True)
class Course:
    """The time of a film.

    Attributes:
        period_s: T.
        cycles: n_j, rising whole numbers.
    """

    period_s: float
    cycles: tuple[int, ...]

    @property
    def frequencies_hz(self) -> NDArray[np.float64]:
        """(K,)."""
        return np.asarray(self.cycles, np.float64) / self.period_s


def make_course(period_s: float, rng: np.random.Generator) -> Course:
    """Frequencies that a period holds whole times, about evenly spaced as pitches are.

    Args:
        period_s: Of the loop, or of the film.
        rng: Shifts them a little, so that another seed beats differently.
    """
    low, high = (f * period_s for f in FREQUENCIES_HZ)
    wanted = np.geomspace(max(low, 1.0), max(high, 2.0), NUM_CYCLES)
    wanted *= np.exp(rng.uniform(-0.06, 0.06, NUM_CYCLES))
    cycles: list[int] = []
    for n in np.rint(wanted).astype(int):
        cycles.append(max(int(n), cycles[-1] + 1 if cycles else 1))
    return Course(period_s, tuple(n for n in cycles if n <= max(high, 2.0) * 1.1) or (1,))


def rms_of(modes: Modes) -> NDArray[np.float32]:
    """(h, w): root mean square of the displacement over a period."""
    square = (modes.real**2 + modes.imag**2).sum((0, -1))
    return np.asarray(np.sqrt(square / 2), np.float32)


def is_moving(modes: NDArray[np.inexact[Any]]) -> NDArray[np.bool_]:
    """(h, w): where any mode has any displacement."""
    return np.asarray(modes.any(axis=(0, -1)), np.bool_)


def displacement_at(modes: Modes, course: Course, time_s: float) -> NDArray[np.float32]:
    """(h, w, 2) at a moment."""
    angle = 2 * np.pi * np.array(course.cycles) * (time_s / course.period_s)
    total = np.zeros(modes.shape[1:], np.float32)
    for mode, a in zip(modes, angle, strict=True):
        total += mode.real * np.float32(np.cos(a)) + mode.imag * np.float32(np.sin(a))
    return total


def stretch_of(displacement: NDArray[np.float32], texel: float) -> NDArray[np.float32]:
    """(h, w): the largest singular value of the gradient, given the size of a texel."""
    down: NDArray[np.float32] = np.gradient(displacement, axis=0)
    right: NDArray[np.float32] = np.gradient(displacement, axis=1)
    a, b = right[..., 0] / texel, down[..., 0] / texel
    c, d = right[..., 1] / texel, down[..., 1] / texel
    mean, spread = (a * a + b * b + c * c + d * d) / 2, a * d - b * c
    larger = mean + np.sqrt(np.maximum(mean * mean - spread * spread, 0))
    return np.asarray(np.sqrt(larger), np.float32)


def limit_stretch(modes: Modes, course: Course, *, limit: float = MAX_STRETCH) -> Modes:
    """The modes, weaker where they would stretch the picture by more than `limit`."""
    texel = 1 / min(modes.shape[1:3])
    moving = is_moving(modes)
    if not moving.any():
        return modes
    rows, columns = np.nonzero(moving.any(1))[0], np.nonzero(moving.any(0))[0]
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    if min(rows[-1] - rows[0], columns[-1] - columns[0]) > 1:
        modes = modes.copy()
        modes[:, box[0], box[1]] = _limited(modes[:, box[0], box[1]], course, limit, texel)
    return modes


def _limited(modes: Modes, course: Course, limit: float, texel: float) -> Modes:
    """`limit_stretch` of a part of a field, given the size of a texel in short sides."""
    times_s = np.arange(NUM_PROBES) * (course.period_s / NUM_PROBES) * 0.97
    side = max(3, round(0.03 / texel) | 1)
    for _ in range(3):
        worst = np.zeros(modes.shape[1:3], np.float32)
        for time_s in times_s:
            now = stretch_of(displacement_at(modes, course, float(time_s)), texel)
            worst = np.maximum(worst, now)
        if float(worst.max()) <= limit:
            break
        # Weaker over a neighbourhood, so that the weakening itself stretches nothing
        weaker = np.minimum(1, 0.93 * limit / np.maximum(worst, 1e-9))
        weaker = cv2.blur(cv2.erode(weaker, np.ones((side, side), np.uint8)), (side, side))
        modes = modes * weaker[None, :, :, None].astype(np.float32)
    return modes
