"""`Keyframe` and `CameraPath`: a camera move as a person writes it down.

How time runs. The keys tell one *pass*. `cycles` passes fill `duration_s`, the first one beginning
at `phase` of the way through. An `alternate` path runs each pass there and back, so that a pass
takes twice the time of its last key. A `loop` that does not alternate returns from its last key to
its first: its pass ends where `duration_s` says, or on the last key if that repeats the first, or
else after one more segment of average length.

`ease` of the path paces a whole pass (each way of it, if it alternates); `ease` of a key paces the
segment that the key begins. Neither is needed: with a curved spline the camera passes through its
keys without stopping.
"""

import math
from dataclasses import dataclass, field, replace

from parallax.curve import SPLINES, SplineKind, Tcb, parse_ease

DEFAULT_DURATION_S = 6.0  # of a film whose path does not say: a calm move, short enough to share
MAX_DURATION_S = 3600.0
MAX_KEYFRAMES = 20_000  # a key a frame for eleven minutes; more is a mistake
MAX_COORDINATE_SU = 1e4  # the sky stands at 1000 su
MIN_FOV_DEG, MAX_FOV_DEG = 0.5, 170.0
MAX_CYCLES = 1000
MAX_APERTURE_SU = 10.0  # three times as wide as all but the widest lens sees sharply

Vector = tuple[float, float, float]
Key = tuple[Vector, Vector | None, Vector | None, float, float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The camera at one moment of a path.

    Attributes:
        time_s: Since the path's beginning.
        position_su: Where the camera is; the photo's camera is the origin.
        look_at_su: The point in the middle of the picture, or None.
        rotation_deg: Yaw (left), pitch (up), roll (counter-clockwise), or None.
        roll_deg: Roll of a camera that looks at a point.
        fov_deg: Vertical field of view; None is the film's own, which shows the whole photo.
        focus_su: Distance at which the picture is sharp; None leaves it to the keys that say.
        aperture_su: Diameter of the lens, 0 is sharp everywhere; None leaves it to the keys that
            say, or to the film where none does.
        ease: How the way to the next key is paced.
    """

    time_s: float
    position_su: Vector = (0.0, 0.0, 0.0)
    look_at_su: Vector | None = None
    rotation_deg: Vector | None = None
    roll_deg: float = 0.0
    fov_deg: float | None = None
    focus_su: float | None = None
    aperture_su: float | None = None
    ease: str = "linear"

    def __post_init__(self) -> None:
        _check_number("time_s", self.time_s, 0, MAX_DURATION_S)
        _check_vector("position_su", self.position_su, MAX_COORDINATE_SU)
        _check_vector("look_at_su", self.look_at_su, MAX_COORDINATE_SU)
        _check_vector("rotation_deg", self.rotation_deg, 1e6)
        _check_number("roll_deg", self.roll_deg, -1e6, 1e6)
        if self.fov_deg is not None:
            _check_number("fov_deg", self.fov_deg, MIN_FOV_DEG, MAX_FOV_DEG)
        if self.focus_su is not None:
            _check_number("focus_su", self.focus_su, 1e-3, MAX_COORDINATE_SU)
        if self.aperture_su is not None:
            _check_number("aperture_su", self.aperture_su, 0, MAX_APERTURE_SU)
        if self.look_at_su is not None and self.rotation_deg is not None:
            raise ValueError("expected look_at_su or rotation_deg, got both")
        if self.rotation_deg is not None and self.roll_deg != 0:
            raise ValueError("roll_deg: goes with look_at_su; give roll as rotation_deg[2]")
        if self.look_at_su is not None and math.dist(self.look_at_su, self.position_su) < 1e-6:
            raise ValueError("look_at_su: expected a point away from position_su, got the same")
        try:
            parse_ease(self.ease)
        except ValueError as error:
            raise ValueError(f"ease: {error}") from error

    @property
    def camera(self) -> Key:
        """All that is interpolated, without time and ease."""
        turn = self.rotation_deg
        if turn is None and self.look_at_su is None:
            turn = (0.0, 0.0, 0.0)
        return (
            self.position_su,
            self.look_at_su,
            turn,
            self.roll_deg,
            self.fov_deg,
            self.focus_su,
            self.aperture_su,
        )


@dataclass(frozen=True, slots=True)
class CameraPath:
    """A camera move.

    Attributes:
        keyframes: At least one, with rising times.
        duration_s: Length of the whole move; 0 stands for what the keys say, and is replaced by
            it.
        loop: Whether the end joins the beginning.
        alternate: Whether each pass runs there and back.
        cycles: Number of passes.
        phase: Where in the pass the move begins, 0…1.
        spline: How keys are joined.
        tcb: For "kochanek-bartels".
        ease: How a pass is paced.
    """

    keyframes: tuple[Keyframe, ...]
    duration_s: float = 0.0
    loop: bool = False
    alternate: bool = False
    cycles: int = 1
    phase: float = 0.0
    spline: SplineKind = "catmull-rom"
    tcb: Tcb = field(default_factory=Tcb)
    ease: str = "linear"

    def __post_init__(self) -> None:
        _check_keys(self.keyframes, loop=self.closed)
        _check_number("duration_s", self.duration_s, 0, MAX_DURATION_S)
        _check_number("cycles", self.cycles, 1, MAX_CYCLES)
        _check_number("phase", self.phase, 0, 1)
        for name, number in zip(Tcb._fields, self.tcb, strict=True):
            _check_number(name, number, -1, 1)
        if self.spline not in SPLINES:
            raise ValueError(f"spline: expected one of {', '.join(SPLINES)}, got {self.spline!r}")
        if self.spline != "kochanek-bartels" and any(self.tcb):
            raise ValueError("tension, continuity, bias: go with spline kochanek-bartels only")
        if (self.cycles > 1 or self.phase) and not (self.loop or self.alternate):
            raise ValueError("cycles, phase: go with loop or alternate only")
        try:
            parse_ease(self.ease)
        except ValueError as error:
            raise ValueError(f"ease: {error}") from error
        if self.duration_s == 0:
            object.__setattr__(self, "duration_s", _natural_duration_s(self))
        self._check_duration()

    @property
    def closed(self) -> bool:
        """Whether the spline returns from the last key to the first."""
        return self.loop and not self.alternate

    @property
    def pass_s(self) -> float:
        """Time of the keys' one pass; of one way of it, if it alternates."""
        return self.duration_s / self.cycles / (2 if self.alternate else 1)

    def stretched(self, duration_s: float) -> "CameraPath":
        """The same move made to last this long."""
        factor = duration_s / self.duration_s
        keys = tuple(replace(key, time_s=key.time_s * factor) for key in self.keyframes)
        return replace(self, keyframes=keys, duration_s=duration_s)

    def _check_duration(self) -> None:
        """Refuses a duration that cuts keys off, or leaves no time to return."""
        _check_number("duration_s", self.duration_s, 1e-3, MAX_DURATION_S)
        first, last = self.keyframes[0], self.keyframes[-1]
        slack_s = self.pass_s - last.time_s
        if slack_s < -1e-9 * self.pass_s:
            need_s = last.time_s * self.duration_s / self.pass_s
            raise ValueError(
                f"duration_s: expected at least {need_s:g}, when the last key comes, "
                f"got {self.duration_s:g}"
            )
        one_pose = last.camera == first.camera
        if self.closed and not one_pose and slack_s <= 1e-9 * self.pass_s:
            raise ValueError(
                f"duration_s: expected more than {last.time_s:g}, so that the loop has time to "
                f"return to its first key, got {self.duration_s:g}"
            )


def _check_keys(keys: tuple[Keyframe, ...], *, loop: bool) -> None:
    """Refuses keys that do not make one path."""
    if not 1 <= len(keys) <= MAX_KEYFRAMES:
        raise ValueError(f"keyframes: expected 1 to {MAX_KEYFRAMES}, got {len(keys)}")
    if loop and keys[0].time_s != 0:
        raise ValueError(f"keyframes[0].time_s: expected 0 in a loop, got {keys[0].time_s:g}")
    aims = keys[0].look_at_su is not None
    for i, key in enumerate(keys):
        if i and key.time_s <= keys[i - 1].time_s:
            raise ValueError(
                f"keyframes[{i}].time_s: must be after {keys[i - 1].time_s:g}, got {key.time_s:g}"
            )
        if (key.look_at_su is not None) != aims:
            wanted = "look_at_su" if aims else "no look_at_su"
            raise ValueError(f"keyframes[{i}]: expected {wanted}, as in keyframes[0]")


def _natural_duration_s(path: CameraPath) -> float:
    """How long a path lasts that does not say."""
    last_s = path.keyframes[-1].time_s
    ways = path.cycles * (2 if path.alternate else 1)
    if last_s == 0:
        return DEFAULT_DURATION_S
    num = len(path.keyframes)
    if path.closed and path.keyframes[-1].camera != path.keyframes[0].camera:
        return ways * last_s * num / (num - 1)
    return ways * last_s


def _check_number(name: str, number: float, low: float, high: float) -> None:
    """Refuses what is not a finite number from low to high."""
    if not (math.isfinite(number) and low <= number <= high):
        raise ValueError(f"{name}: expected {low:g} to {high:g}, got {number:g}")


def _check_vector(name: str, vector: Vector | None, high: float) -> None:
    """Refuses what is not three finite numbers within ±high."""
    if vector is None:
        return
    if len(vector) != 3:
        raise ValueError(f"{name}: expected three numbers, got {len(vector)}")
    for i, number in enumerate(vector):
        _check_number(f"{name}[{i}]", number, -high, high)
