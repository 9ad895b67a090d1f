"""What moves in the photo while the camera does: found, worded, or read from a file."""

from dataclasses import dataclass, replace
from pathlib import Path

from parallax.errors import MotionError
from parallax.motion import MotionParams, Wishes, bake_motion, plan_motion, read_words
from parallax.motion_plan import Motion, MotionPlan, load_motion
from parallax.moves.params import USUAL_INTENSITY
from parallax.path import CameraPath
from parallax.pipeline.params import MotionChoice, ShotParams
from parallax.pipeline.source import Source

SHORTEST_S = 0.1  # of a plan: a film of two frames shows the beginning of one


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """What moves in a photo.

    Attributes:
        plan: As a person reads it.
        motion: As it is drawn.
    """

    plan: MotionPlan
    motion: Motion


def heed_words(shot: ShotParams, choice: MotionChoice) -> ShotParams:
    """The shot with what the words ask of the camera; flags that name a camera win."""
    if choice.prompt is None or shot.preset is not None or shot.path_file is not None:
        return shot
    wish = read_words(choice.prompt).camera
    if wish is None:
        return shot
    return replace(shot, preset=wish.move, amount=wish.strength or 1.0)


def move_photo(
    source: Source,
    path: CameraPath,
    *,
    choice: MotionChoice,
    params: ShotParams,
    size_wh: tuple[int, int],
) -> Movement | None:
    """What moves in a photo while a camera path is flown; None where nothing is to.

    Raises:
        MotionError: The plan's file, or one that it names, is wrong.
    """
    if choice.motion == "none":
        return None
    if source.labels is None:
        raise MotionError(
            f"{source.photo.name}: expected labels to find what moves, got none; "
            "use --motion none, or build the scene without it"
        )
    duration_s = max(path.duration_s, SHORTEST_S)
    if isinstance(choice.motion, Path):
        plan = _flagged(load_motion(choice.motion), choice=choice, params=params)
        plan = replace(plan, loop=path.loop, duration_s=duration_s)
    else:
        wanted = MotionParams(
            seed=params.seed,
            intensity=params.intensity,
            style=params.style,
            loop=path.loop,
            duration_s=duration_s,
            prompt=choice.prompt,
        )
        plan = plan_motion(source.photo, source.depth, source.labels, params=wanted).plan
    motion = bake_motion(
        plan, source.photo, source.depth, source.labels, film_long_side_px=max(size_wh)
    )
    return Movement(plan, motion)


def _flagged(plan: MotionPlan, *, choice: MotionChoice, params: ShotParams) -> MotionPlan:
    """A plan from a file as the flags change it: the usual flags leave it as it is written."""
    intensity = min(100.0, plan.intensity * params.intensity / USUAL_INTENSITY)
    seed = (plan.seed + params.seed) % 2**32
    if choice.prompt is None or not _asks_for_regions(choice.prompt):
        return replace(plan, intensity=intensity, seed=seed)
    heard = "what --prompt says of regions is not heeded beside a plan's file; write it there"
    return replace(plan, intensity=intensity, seed=seed, warnings=(*plan.warnings, heard))


def _asks_for_regions(prompt: str) -> bool:
    """Whether words ask for anything but a camera move."""
    wishes = read_words(prompt)
    return wishes != replace(Wishes(), camera=wishes.camera)
