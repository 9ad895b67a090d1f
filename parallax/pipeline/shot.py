"""From what a user says about the camera to the path that will be flown."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from parallax.camera import Reach, fov_to_cover
from parallax.depth_map import DepthMap
from parallax.moves import (
    Focus,
    Glance,
    MoveParams,
    Stage,
    choose_move,
    make_preset,
    preset_extender,
    survey_stage,
)
from parallax.path import CameraPath, load_path, measure_reach, parse_path
from parallax.pipeline.params import DEFAULT_DURATION_S, ShotParams
from parallax.pipeline.source import Source, glance_at, source_of_scene
from parallax.scene import Scene

WIDE_MARGIN_UV = 0.12  # past it a picture's continuation stops looking like more of the picture
SPARE = 1.05  # a path may exceed what a scene was built for by so much before it shows


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """What will be flown.

    Attributes:
        path: The camera's path, as long as the film.
        name: Of the preset or the file.
        reason: Why this move, where the photo decided; else empty.
        stage: What the move was made for.
        reach: How far it strays from the photo.
        warnings: What will not look good, one sentence each.
    """

    path: CameraPath
    name: str
    reason: str
    stage: Stage
    reach: Reach
    warnings: tuple[str, ...] = ()


def plan_shot(source: Source, *, params: ShotParams, size_wh: tuple[int, int]) -> Shot:
    """The shot for a photo: the path of a file, a preset, or what suits the photo.

    Raises:
        PathError: The file or the name of the preset is wrong.
    """
    glance = glance_at(source)
    stage = survey_stage(glance, source.photo.intrinsics(), size_wh, focus=params.focus)
    named = _named_path(stage, params)
    if named is None:
        choice = choose_move(glance, stage, params=_move_params(params))
        path, name, reason = choice.path, choice.name, choice.reason
    else:
        (path, name), reason = named, ""
    nearest = float(source.depth.inv_depth.max())
    return _measured(Shot(path, name, reason, stage, Reach(0.0)), nearest=nearest)


def replan_shot(scene: Scene, *, params: ShotParams, size_wh: tuple[int, int]) -> Shot:
    """The shot for a built scene: as told, or else what the scene was built for.

    Raises:
        PathError: The file or the name of the preset is wrong.
    """
    stage = stage_of_scene(scene, size_wh, focus=params.focus)
    named = _named_path(stage, params)
    warnings: tuple[str, ...] = ()
    if named is not None:
        path, name = named
    elif scene.path is not None:
        path, name = parse_path(scene.path, "the scene's own path"), "as built"
        if params.duration_s is not None:
            path = path.stretched(params.duration_s)
        if params.focus != "auto":
            warnings = ("the scene's own path is flown; --focus goes with a --camera here",)
    else:
        name = "swing"
        path = make_preset(name, stage, params=_move_params(params))
    shot = _measured(
        Shot(path, name, "", stage, Reach(0.0), warnings), nearest=stage.near_inv_depth
    )
    return replace(shot, warnings=shot.warnings + _beyond(scene, shot))


def _beyond(scene: Scene, shot: Shot) -> tuple[str, ...]:
    """What of a shot a scene was not built for."""
    built, wanted, stage = scene.reach, shot.reach, shot.stage
    margins = zip(wanted.margin_uv, built.margin_uv, strict=True)
    too_far = wanted.parallax_su > SPARE * built.parallax_su + 1e-6
    found = []
    if too_far or any(want > SPARE * have + 1e-3 for want, have in margins):
        found.append(
            "the camera strays farther than the scene was built for, so edges may stretch; "
            "build it again with this --camera or --path"
        )
    ray = stage.ray_within(math.inf)
    if abs(ray[0]) > stage.tan_rest * stage.aspect or abs(ray[1]) > stage.tan_rest:
        found.append(
            "the subject is outside the frame; build the scene again with this --size, or use "
            "--fit blur"
        )
    return tuple(found)


def describe_stage(stage: Stage) -> dict[str, Any]:
    """What presets need to know of a photo, for a scene's file."""
    return {
        "near_inv_depth": stage.near_inv_depth,
        "focus_inv_depth": stage.focus_inv_depth,
        "far_inv_depth": stage.far_inv_depth,
        "focus_uv": list(stage.focus_uv),
    }


def stage_of_scene(scene: Scene, size_wh: tuple[int, int], *, focus: Focus = "auto") -> Stage:
    """The stage that a scene's file describes; its depth does, where a focus is asked for."""
    inv_depth = scene.maps.get("inv_depth")
    if focus != "auto" and inv_depth is not None:
        source = source_of_scene(scene)
        glance = Glance.of(DepthMap(inv_depth)) if source is None else glance_at(source)
        return survey_stage(glance, scene.intrinsics, size_wh, focus=focus)
    noted = scene.origin.get("stage")
    known: Mapping[str, Any] = noted if isinstance(noted, Mapping) else {}
    u, v = known.get("focus_uv", (0.5, 0.5))
    return Stage(
        scene.intrinsics,
        size_wh,
        near_inv_depth=float(known.get("near_inv_depth", 1.0)),
        focus_inv_depth=float(known.get("focus_inv_depth", 1 / scene.focus_su)),
        far_inv_depth=float(known.get("far_inv_depth", 0.0)),
        focus_uv=(float(u), float(v)),
    )


def _named_path(stage: Stage, params: ShotParams) -> tuple[CameraPath, str] | None:
    """The path that a user named, and its name; None where nothing was named."""
    if params.path_file is not None:
        extender = preset_extender(stage, usual=_move_params(params))
        path = load_path(params.path_file, extend=extender)
        if params.duration_s is not None:
            path = path.stretched(params.duration_s)
        return path, params.path_file.name
    if params.preset is not None:
        return make_preset(params.preset, stage, params=_move_params(params)), params.preset
    return None


def _move_params(params: ShotParams) -> MoveParams:
    """What a preset needs of the user's choices."""
    return MoveParams(
        duration_s=params.duration_s or DEFAULT_DURATION_S,
        loop=params.loop,
        amount=params.amount,
        seed=params.seed,
        intensity=params.intensity,
        style=params.style,
    )


def _measured(shot: Shot, *, nearest: float) -> Shot:
    """The shot with its reach, and a warning where that is far."""
    stage = shot.stage
    reach = measure_reach(
        shot.path,
        stage.intrinsics,
        size_wh=stage.size_wh,
        inv_depth_range=(0.0, max(1.0, nearest)),
        default_fov_deg=fov_to_cover(stage.intrinsics, stage.size_wh),
    )
    warnings = shot.warnings
    if max(reach.margin_uv) > WIDE_MARGIN_UV:
        warnings = (
            *warnings,
            f"the camera looks {max(reach.margin_uv):.0%} past the photo's border, "
            "where the picture can only be continued; move less or choose a smaller fov_deg",
        )
    return Shot(shot.path, shot.name, shot.reason, stage, reach, warnings)
