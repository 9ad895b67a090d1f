"""`Motion`: a plan baked for one photo, as textures and a closed form in time.

All of it lies in the photo's uv plane. At a time t the colour shown at x is

    D  = Σ_j C_j(x)·cos(2π n_j t/T) + S_j(x)·sin(2π n_j t/T)           what sways and ripples
    y  = x + D
    c  = layer(y)·(1 + shade·D + light + lift·veil + strength(y)·swing     what shines, sparkles
                     + Σ_b P_b(y)·cos(2π n_b t/T) + Q_b(y)·sin(2π n_b t/T))   what ripples
    c  = mix(c, Σ_k w_k·plate(y − travel·(p_k − ½) + s_k), flow weight)  what flows, three phases
    c += foam weight·(foam(y − sweep·s(t)) − foam(y))                  what washes to and fro
    c += sky weight·(plate(y − velocity·t) − plate(y))                 what drifts, no loop
    c  = mix(c, veil colour, veil·sky weight)                          what passes over, in a loop

on encoded sRGB values, as the layers themselves are drawn: that keeps every byte outside a region
as it was, and a factor on encoded values is (but near black) a factor on light, to the power of
2.2. D, shade·D + light + lift·veil, veil and swing are evaluated on the texels of `modes_uv` and
interpolated.

T holds every motion a whole number of times, so that t and t + T are the same; a drift alone
goes on. Weights are looked up at y; they and D are exactly 0 outside their regions.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parallax.array import check_array

Window = tuple[float, float, float, float]
NO_RIPPLE = 128  # of `Ripple.waves8`


@dataclass(frozen=True, slots=True, eq=False)
class FlowField:
    """Something that flows without a shape of its own: shown three times, each copy renewed.

    Attributes:
        travel_uv: float32 (h, w, 4): the way of one cycle in uv (x, y), the phase 0…1, and the
            number of cycles in a period.
        plate_srgb8: uint8 (H, W, 3): the photo, its detail strengthened by what blending three
            copies takes away, and continued past the region's edge.
        window_uv: The part of the photo's uv plane that the plate covers.
        aside: Width of the range in which renewals lie beside one another (s_k), in ways of a
            cycle; 0 for a pattern, whose copies must lie on one another.
    """

    travel_uv: NDArray[np.float32]
    plate_srgb8: NDArray[np.uint8]
    window_uv: Window
    aside: float = 0.0

    def __post_init__(self) -> None:
        travel = check_array("FlowField.travel_uv", self.travel_uv, np.float32, ("h", "w", 4))
        plate = check_array("FlowField.plate_srgb8", self.plate_srgb8, np.uint8, ("H", "W", 3))
        cycles = travel[..., 3]
        if not (np.array_equal(cycles, np.rint(cycles)) and float(cycles.min()) >= 1):
            raise ValueError("FlowField.travel_uv: expected whole numbers of cycles from 1 up")
        object.__setattr__(self, "travel_uv", travel)
        object.__setattr__(self, "plate_srgb8", plate)


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """A sky that moves on as one piece, for a film that does not loop.

    Attributes:
        plate_srgb8: uint8 (H, W, 3): the sky continued behind what stands before it and past
            the photo's border.
        window_uv: The part of the photo's uv plane that the plate covers.
        velocity_uv_s: Of the top of the photo.
        horizon_v: Where the drift has slowed down to `HORIZON_SPEED` of that.
    """

    plate_srgb8: NDArray[np.uint8]
    window_uv: Window
    velocity_uv_s: tuple[float, float]
    horizon_v: float

    def __post_init__(self) -> None:
        plate = check_array("Drift.plate_srgb8", self.plate_srgb8, np.uint8, ("H", "W", 3))
        object.__setattr__(self, "plate_srgb8", plate)


@dataclass(frozen=True, slots=True, eq=False)
class Veil:
    """Thin cloud and light that pass over a sky, periodic in space and time.

    Attributes:
        noise8: uint8 (N, N, 2): wisps and soft light, both tile; 128 is the mean of the light.
        tiles: How often the noise repeats along the photo's width, for a near and a far sheet.
        cycles_xy: Whole tiles that each sheet passes in a period.
        color_srgb: Of the wisps.
        opacity: Of the densest wisp.
        light: Largest change of brightness, as a fraction.
        horizon_v: Where the sheets are seen edge-on; 0 of a fog, which is no sheet.
        mirror_v: Below it water shows the sky upside down; 2 where there is no such water.
    """

    noise8: NDArray[np.uint8]
    tiles: tuple[int, int]
    cycles_xy: tuple[tuple[int, int], tuple[int, int]]
    color_srgb: tuple[float, float, float]
    opacity: float
    light: float
    horizon_v: float
    mirror_v: float = 2.0

    def __post_init__(self) -> None:
        noise = check_array("Veil.noise8", self.noise8, np.uint8, ("N", "N", 2))
        object.__setattr__(self, "noise8", noise)


@dataclass(frozen=True, slots=True, eq=False)
class Glint:
    """Sparkle: brightness of highlights that comes and goes, each in its own time.

    Attributes:
        strength8: uint8 (H, W), of the whole photo: how much of `largest` each place sparkles.
        swing: float32 (h, w, 4), on the grid of the displacements: cosine and sine of two
            frequencies, whose sum is between −1 and 1.
        cycles: Of the two frequencies in a period.
        largest: The gain that a strength of 255 and a swing of 1 stand for.
    """

    strength8: NDArray[np.uint8]
    swing: NDArray[np.float32]
    cycles: tuple[int, int]
    largest: float

    def __post_init__(self) -> None:
        strength = check_array("Glint.strength8", self.strength8, np.uint8, ("H", "W"))
        swing = check_array("Glint.swing", self.swing, np.float32, ("h", "w", 4))
        object.__setattr__(self, "strength8", strength)
        object.__setattr__(self, "swing", swing)


@dataclass(frozen=True, slots=True, eq=False)
class Ripple:
    """The photo's own ripples, that run on where they are.

    Attributes:
        waves8: uint8 (H, W, 4), of the whole photo: P and Q of the fine ones, then of the coarse;
            128 is none.
        cycles: Turns of the fine and of the coarse ones in a period.
        largest: The change of brightness that 127 from there stands for.
    """

    waves8: NDArray[np.uint8]
    cycles: tuple[int, int]
    largest: float

    def __post_init__(self) -> None:
        waves = check_array("Ripple.waves8", self.waves8, np.uint8, ("H", "W", 4))
        if min(self.cycles) < 1:
            raise ValueError(f"Ripple.cycles: expected whole numbers from 1, got {self.cycles}")
        object.__setattr__(self, "waves8", waves)

    @property
    def runs(self) -> NDArray[np.bool_]:
        """(H, W): where there is any."""
        return np.asarray((self.waves8 != NO_RIPPLE).any(-1), np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Foam:
    """White water that goes to and fro over what stays.

    Attributes:
        plate_srgb8: uint8 (H, W, 3), of the whole photo: what the foam adds to the encoded
            values of what is under it; black where there is none.
        sweep_uv: float32 (h, w, 4): how far it comes in (x, y), the phase 0…1, and the number
            of cycles in a period.
    """

    plate_srgb8: NDArray[np.uint8]
    sweep_uv: NDArray[np.float32]

    def __post_init__(self) -> None:
        sweep = check_array("Foam.sweep_uv", self.sweep_uv, np.float32, ("h", "w", 4))
        object.__setattr__(self, "sweep_uv", sweep)
        plate = check_array("Foam.plate_srgb8", self.plate_srgb8, np.uint8, ("H", "W", 3))
        object.__setattr__(self, "plate_srgb8", plate)


@dataclass(frozen=True, slots=True, eq=False)
class Particles:
    """Many small things that pass through the scene, each born again after every life.

    Attributes:
        place: float32 (N, 4): uv in the middle of its life, inverse depth in 1/su, phase 0…1.
        way: float32 (N, 4): uv passed in a life (x, y), half width of its sway in uv, its phase.
        lives: Whole lives in a period.
        sways: Whole sways in a period.
        size: Half width and half length of one at 1 su, in short sides.
        color_srgb: Encoded.
        opacity: 0…1.
    """

    place: NDArray[np.float32]
    way: NDArray[np.float32]
    lives: int
    sways: int
    size: tuple[float, float]
    color_srgb: tuple[float, float, float]
    opacity: float

    def __post_init__(self) -> None:
        place = check_array("Particles.place", self.place, np.float32, ("N", 4))
        way = check_array("Particles.way", self.way, np.float32, (len(place), 4))
        if self.lives < 1 or self.sways < 1:
            raise ValueError("Particles: expected whole numbers of lives and sways from 1 up")
        object.__setattr__(self, "place", place)
        object.__setattr__(self, "way", way)


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """How one photo moves.

    Attributes:
        period_s: T.
        cycles: n_j, whole numbers from 1 up.
        modes_uv: float32 (K, h, w, 4): C_j and S_j, x and y, in uv; exactly 0 where nothing sways.
        shade: float32 (h, w, 4): change of brightness for a displacement of 1 in uv, x and y; the
            weight of the veil's light; and how much brighter a wisp of opacity 1 makes the water
            that mirrors it.
        mask8: uint8 (H, W, 3): weight of flow, sky and foam; exactly 0 where none is.
        flow: What flows, if anything does.
        drift: The sky that drifts; never together with a loop.
        veil: What passes over the sky.
        glint: What sparkles.
        ripple: What ripples in the photo, and runs on.
        foam: What washes to and fro.
        particles: What falls, floats or rises between the things in the photo.
        found: One sentence for each region: what it is, why, how it moves.
        warnings: What could not be done as planned.
    """

    period_s: float
    cycles: tuple[int, ...]
    modes_uv: NDArray[np.float32]
    shade: NDArray[np.float32]
    mask8: NDArray[np.uint8]
    flow: FlowField | None = None
    drift: Drift | None = None
    veil: Veil | None = None
    glint: Glint | None = None
    ripple: Ripple | None = None
    foam: Foam | None = None
    particles: tuple[Particles, ...] = ()
    found: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.cycles), "h", "w", 4)
        modes = check_array("Motion.modes_uv", self.modes_uv, np.float32, shape)
        shade = check_array("Motion.shade", self.shade, np.float32, (*modes.shape[1:3], 4))
        mask = check_array("Motion.mask8", self.mask8, np.uint8, ("H", "W", 3))
        if not (math.isfinite(self.period_s) and self.period_s > 0):
            raise ValueError(f"Motion.period_s: expected above 0, got {self.period_s}")
        if any(n < 1 for n in self.cycles):
            raise ValueError(f"Motion.cycles: expected whole numbers from 1, got {self.cycles}")
        for name, array in (("modes_uv", modes), ("shade", shade), ("mask8", mask)):
            object.__setattr__(self, name, array)

    @property
    def sways(self) -> NDArray[np.bool_]:
        """(h, w): where anything sways, ripples or mirrors."""
        shifts = np.abs(self.modes_uv).max(axis=(0, -1)) > 0
        return np.asarray(shifts | (self.shade[..., 3] != 0), np.bool_)

    @property
    def is_still(self) -> bool:
        """Whether nothing in the photo moves; particles may still pass before it."""
        return not (self.modes_uv.any() or self.mask8.any() or self.glint or self.ripple)
