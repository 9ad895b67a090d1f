"""`Draft`: the fields of a motion while its regions are added one after the other."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.canvas import Canvas
from parallax.motion.course import Course, Modes
from parallax.motion_plan import (
    NO_RIPPLE,
    Drift,
    Foam,
    Glint,
    Motion,
    MotionPlan,
    Particles,
    Ripple,
    Veil,
)
from parallax.motion_plan.field import FlowField

FLOW, SKY, FOAM = range(3)  # planes of `Motion.mask8`


@dataclass(slots=True, eq=False)
class Draft:
    """What has been baked so far.

    Attributes:
        plan: What is being baked.
        canvas: The photo.
        course: The frequencies that the loop holds.
        rng: Source of chance.
        gain: Factor on every amplitude and speed.
        modes: (K, h, w, 2), in short sides.
        shade: (h, w, 4), change of brightness for a displacement of one short side, x and y; then
            for the light and the wisps of a veil that is mirrored.
        weight: (H, W, 3), planes `FLOW`, `SKY`, `FOAM`.
        travel: (h, w, 4): way of a cycle in short sides, phase, cycles; cycles 0 where none.
        glitter: (H, W), peak change of brightness of what sparkles.
        swing: (h, w, 4), of glints.
        glint_cycles: In a period, of the two frequencies of the swing.
        ripple: (2, H, W), of fine and coarse ripples; None where there is no water.
        ripple_cycles: In a period, of the two.
        patterns: Where a pattern repeats, (H, W), and its step in short sides.
    """

    plan: MotionPlan
    canvas: Canvas
    course: Course
    rng: np.random.Generator
    gain: float
    modes: Modes
    shade: NDArray[np.float32]
    weight: NDArray[np.float32]
    travel: NDArray[np.float32]
    glitter: NDArray[np.float32]
    swing: NDArray[np.float32]
    glint_cycles: tuple[int, int] = (1, 2)
    ripple: NDArray[np.complex64] | None = None
    ripple_cycles: tuple[int, int] = (1, 2)
    patterns: list[tuple[NDArray[np.float32], tuple[float, float]]] = field(default_factory=list)
    flow: FlowField | None = None
    drift: Drift | None = None
    veil: Veil | None = None
    foam: Foam | None = None
    particles: list[Particles] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def motion(self) -> Motion:
        """The finished fields."""
        to_uv = self.canvas.short_over_size
        modes_uv = self.modes * to_uv
        brightest = max(float(self.glitter.max()), 1e-6)
        strength8 = np.rint(255 * self.glitter / brightest).astype(np.uint8)
        glint = Glint(strength8, self.swing, self.glint_cycles, brightest)
        shade = self.shade / np.array([*to_uv, 1, 1], np.float32)
        if self.veil:  # a texel's light reaches as far as the next one: not past the sky's edge
            lit = self.canvas.to_field(self.weight[..., SKY])
            shade[..., 2] += cv2.erode(lit, np.ones((3, 3), np.uint8))
        return Motion(
            period_s=self.course.period_s,
            cycles=self.course.cycles,
            modes_uv=np.concatenate([modes_uv.real, modes_uv.imag], -1).astype(np.float32),
            shade=shade.astype(np.float32),
            mask8=np.rint(np.clip(self.weight, 0, 1) * 255).astype(np.uint8),
            flow=self.flow,
            drift=self.drift,
            veil=self.veil,
            glint=glint if self.glitter.any() else None,
            ripple=self._ripple(),
            foam=self.foam,
            particles=tuple(self.particles),
            found=tuple(self.found),
            warnings=tuple(self.warnings),
        )

    def _ripple(self) -> Ripple | None:
        """The ripples as bytes, if there are any."""
        if self.ripple is None or not self.ripple.any():
            return None
        parts = [part for band in self.ripple for part in (band.real, band.imag)]
        largest = max(float(np.abs(part).max()) for part in parts)
        waves8 = [np.rint(part * (127 / largest) + NO_RIPPLE).astype(np.uint8) for part in parts]
        return Ripple(np.dstack(waves8), self.ripple_cycles, largest)


def empty_draft(
    plan: MotionPlan, canvas: Canvas, course: Course, *, rng: np.random.Generator, gain: float
) -> Draft:
    """A draft in which nothing moves."""
    field_shape = canvas.field_wh[::-1]
    mask_shape = canvas.photo.srgb8.shape[:2]
    return Draft(
        plan=plan,
        canvas=canvas,
        course=course,
        rng=rng,
        gain=gain,
        modes=np.zeros((len(course.cycles), *field_shape, 2), np.complex64),
        shade=np.zeros((*field_shape, 4), np.float32),
        weight=np.zeros((*mask_shape, 3), np.float32),
        travel=np.zeros((*field_shape, 4), np.float32),
        glitter=np.zeros(mask_shape, np.float32),
        swing=np.zeros((*field_shape, 4), np.float32),
    )
