"""What moves in the photo while the camera does: found, worded, or read from a file."""

from dataclasses import dataclass, replace
from pathlib import Path

from parallax.errors import MotionError
from parallax.label_map import LabelMap
from parallax.motion import MotionParams, bake_motion, plan_motion, read_words
from parallax.motion_plan import Motion, MotionPlan, load_motion
from parallax.pipeline.params import MotionChoice, ShotParams
from parallax.pipeline.shot import Shot
from parallax.pipeline.source import Source


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """What moves in a photo.

    Attributes:
        plan: As a person reads it.
        motion: As it is drawn; None where nothing moves.
        notes: What was found, left out or not understood, one sentence each.
    """

    plan: MotionPlan
    motion: Motion | None
    notes: tuple[str, ...]


def heed_words(shot: ShotParams, choice: MotionChoice) -> ShotParams:
    """The shot with what the words ask of the camera; flags that name a camera win."""
    if choice.prompt is None or shot.preset is not None or shot.path_file is not None:
        return shot
    wish = read_words(choice.prompt).camera
    if wish is None:
        return shot
    return replace(shot, preset=wish.move, amount=wish.strength or 1.0)


def plan_movement(
    source: Source, shot: Shot, *, choice: MotionChoice, params: ShotParams
) -> MotionPlan:
    """The plan of a photo for a shot.

    Raises:
        MotionError: The plan's file is wrong.
    """
    if isinstance(choice.motion, Path):
        plan = load_motion(choice.motion)
        return replace(plan, loop=shot.path.loop, duration_s=shot.path.duration_s)
    planned = plan_motion(
        source.photo,
        source.depth,
        _labels_of(source),
        params=MotionParams(
            seed=params.seed,
            intensity=params.intensity,
            style=params.style,
            loop=shot.path.loop,
            duration_s=shot.path.duration_s,
            prompt=choice.prompt,
        ),
    )
    return planned.plan


def move_photo(
    source: Source,
    shot: Shot,
    *,
    choice: MotionChoice,
    params: ShotParams,
    size_wh: tuple[int, int],
) -> Movement | None:
    """What moves in a photo during a shot; None where nothing is to.

    Raises:
        MotionError: The plan's file, or one that it names, is wrong.
    """
    if choice.motion == "none":
        return None
    plan = plan_movement(source, shot, choice=choice, params=params)
    if not plan.regions:
        return Movement(plan, None, plan.warnings)
    motion = bake_motion(
        plan, source.photo, source.depth, _labels_of(source), film_long_side_px=max(size_wh)
    )
    return Movement(plan, motion, motion.warnings)


def _labels_of(source: Source) -> LabelMap:
    """The labels, which a source read for motion has."""
    if source.labels is None:
        raise MotionError(
            f"{source.photo.name}: expected labels to find motion with, got none; "
            "use --motion none with a scene that has none"
        )
    return source.labels
