"""What a user may choose for a job; each stage's own parameters lie with that stage."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from parallax.gpu import DeviceName
from parallax.moves import Focus
from parallax.video import ImageFormat

Quality = Literal["standard", "high", "maximum"]
Style = Literal["natural", "cinematic", "dynamic"]
Fit = Literal["crop", "blur", "extend"]

DEFAULT_DURATION_S = 6.0  # long enough to see the depth, short enough for every platform
SUPERSAMPLE: dict[Quality, int] = {"standard": 1, "high": 2, "maximum": 2}  # 4 costs 4 times 2
# Where fewer do, fewer are used: at these every mesh but the most jagged is right to half a pixel
MAX_TRIANGLES: dict[Quality, int] = {"standard": 20_000, "high": 40_000, "maximum": 100_000}
LONG_SIDE_PX, SHORT_SIDE_PX = 1920, 1080  # the box a film fits in where no size is given


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceParams:
    """How the photo is understood."""

    depth_file: Path | None = None
    """Depth to use instead of the network's."""
    depth_model: str = "auto"
    """Name of a network, or "auto" for the best one on the disk."""
    fov_deg: float | None = None
    """Vertical field of view of the photo, where it is known better than the file knows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotParams:
    """From where the scene is seen, and for how long."""

    preset: str | None = None
    """Name of a camera move; None lets the photo decide."""
    path_file: Path | None = None
    """A camera path; wins over everything else."""
    duration_s: float | None = None
    """Length of the film; None takes the path's own, or the default."""
    loop: bool | None = None
    """Whether the film ends where it began; None where the move can."""
    style: Style = "natural"
    """How large and how eased moves are."""
    intensity: float = 60.0
    """How much moves, 0…100."""
    amount: float = 1.0
    """Factor on the size of a preset, beside the intensity."""
    seed: int = 0
    """Another roll of the dice where a move has one."""
    focus: Focus = "auto"
    """What the camera holds or approaches: a point of the photo in uv, "subject" for what looks
    most like one, or "auto", the middle where nothing stands out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionChoice:
    """What moves in the photo while the camera does."""

    motion: Literal["auto", "none"] | Path = "auto"
    """Found in the photo, nothing, or a plan's file."""
    prompt: str | None = None
    """What should move, in words; changes what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookParams:
    """What lens, shutter and film do to the picture: nothing where nothing is said."""

    shutter_deg: float = 0.0
    """How long the shutter is open: 360 from frame to frame, 180 as film cameras, 0 for no time."""
    aperture_su: float = 0.0
    """Diameter of the lens; 0 is sharp everywhere. What is infinitely far behind a focus at
    `focus_su` becomes a disc `focal_px · aperture_su / focus_su` pixels wide."""
    vignette: float = 0.0
    """How much of their light the corners lose, 0 up to 0.95."""
    grain: float = 0.0
    """Standard deviation of the film's grain in mid-tones, of the range of bytes, 0…0.2."""
    distortion: float = 0.0
    """How much larger the middle of the picture is than straight lines would have it, 0…0.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmParams:
    """What comes out."""

    size_wh: tuple[int, int] | None = None
    """Of the film; None takes the photo's shape."""
    fit: Fit = "crop"
    """What is shown where the film has another shape than the photo."""
    fps: Fraction = Fraction(30)
    """Frames a second."""
    quality: Quality = "standard"
    """Supersampling and encoding effort."""
    encoder: str | None = None
    """Codec; None chooses by the file's name."""
    frames_dir: Path | None = None
    """Where to write every frame as a picture, too."""
    frames_format: ImageFormat = "png"
    """Of these pictures: "png", or "exr" for LINEAR light."""
    device: DeviceName = "auto"
    """What draws: "auto", "software", or an index of the devices that `doctor` lists."""
    look: LookParams = field(default_factory=LookParams)
    shot: ShotParams = field(default_factory=ShotParams)
    movement: MotionChoice = field(default_factory=MotionChoice)


def film_size(photo_wh: tuple[int, int]) -> tuple[int, int]:
    """The size of a film with the photo's shape: even, in the box, never larger than the photo."""
    width, height = photo_wh
    scale = min(
        1.0, LONG_SIDE_PX / max(photo_wh), SHORT_SIDE_PX / min(photo_wh)
    )  # a square gives 1080 × 1080
    return max(16, round(width * scale / 2) * 2), max(16, round(height * scale / 2) * 2)
