"""The presets: their names, what they do, and the paths they make."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from parallax.errors import PathError
from parallax.moves import lens, travel
from parallax.moves.handheld import handheld
from parallax.moves.params import MoveParams, parse_params
from parallax.moves.size import Draw
from parallax.moves.sketch import fit_path
from parallax.moves.stage import Stage
from parallax.path import CameraPath, Extend


@dataclass(frozen=True, slots=True)
class Move:
    """A preset.

    Attributes:
        description: One line.
        draw: The sketch at a gain.
    """

    description: str
    draw: Draw


MOVES = {
    "static": Move("The photo as it is; loops.", lens.stand_still),
    "zoom-in": Move("The lens closes in on the subject.", lens.zoom(outward=False)),
    "zoom-out": Move("From close, the lens opens to the whole photo.", lens.zoom(outward=True)),
    "zoom": Move("The lens breathes in and out; loops.", lens.zoom(outward=False, swing=True)),
    "snap-zoom": Move("A slow creep, a sudden close-up, a slow creep on.", lens.snap_zoom),
    "pan-left": Move("The camera turns left.", lens.turn(1, upright=False)),
    "pan-right": Move("The camera turns right.", lens.turn(-1, upright=False)),
    "tilt-up": Move("The camera turns up.", lens.turn(1, upright=True)),
    "tilt-down": Move("The camera turns down.", lens.turn(-1, upright=True)),
    "roll-left": Move("The camera rolls counter-clockwise.", lens.roll(1)),
    "roll-right": Move("The camera rolls clockwise.", lens.roll(-1)),
    "truck-left": Move("The camera is carried to the left.", travel.carry(-1, 0)),
    "truck-right": Move("The camera is carried to the right.", travel.carry(1, 0)),
    "pedestal-up": Move("The camera is lifted.", travel.carry(0, 1)),
    "pedestal-down": Move("The camera is lowered.", travel.carry(0, -1)),
    "dolly-in": Move("The camera rolls forward.", travel.dolly(backward=False)),
    "dolly-out": Move("The camera rolls back to the whole photo.", travel.dolly(backward=True)),
    "dolly": Move("Forward and back; loops.", travel.dolly(backward=False, swing=True)),
    "push-in": Move(
        "Straight towards the subject, which holds its place.", travel.push(backward=False)
    ),
    "pull-out": Move(
        "Straight away from the subject, to the whole photo.", travel.push(backward=True)
    ),
    "push-left": Move("Towards the subject, drifting left around it.", travel.push_arc(-1, 0)),
    "push-right": Move("Towards the subject, drifting right around it.", travel.push_arc(1, 0)),
    "push-up": Move("Towards the subject, rising.", travel.push_arc(0, 1)),
    "push-down": Move("Towards the subject, sinking.", travel.push_arc(0, -1)),
    "push-pan": Move("Forward while the camera turns right.", travel.push_pan),
    "dolly-zoom": Move(
        "Forward while the lens opens: the subject keeps its size (vertigo).", travel.dolly_zoom
    ),
    "orbit": Move("Around the subject, left and right; loops.", travel.orbit(1, swing=True)),
    "arc-left": Move("On an arc around the subject, to the left.", travel.orbit(-1)),
    "arc-right": Move("On an arc around the subject, to the right.", travel.orbit(1)),
    "circle": Move("A flat circle with an eye on the subject; loops.", travel.circle),
    "swing": Move("From side to side, nearer in the middle; loops.", travel.swing),
    "horizontal": Move(
        "Left and right with an eye on the subject; loops.",
        travel.carry(1, 0, holds=True, swing=True),
    ),
    "vertical": Move(
        "Up and down with an eye on the subject; loops.", travel.carry(0, 1, holds=True, swing=True)
    ),
    "crane-up": Move("Up and a little forward, with an eye on the subject.", travel.crane(1)),
    "crane-down": Move("Down and a little forward, with an eye on the subject.", travel.crane(-1)),
    "reveal": Move("From close on the subject, sideways and out to the whole.", travel.reveal),
    "focus-pull": Move(
        "Sharpness goes from the background to the subject; give it an --aperture.",
        travel.focus_pull,
    ),
    "ken-burns": Move("A crop that drifts and closes in, with no parallax.", lens.ken_burns),
    "handheld": Move("The unrest of a hand; another for every seed; loops.", handheld),
}
PRESETS: Mapping[str, str] = {name: move.description for name, move in MOVES.items()}

# What other tools, and people, call the same
ALIASES = {
    "vertigo": "dolly-zoom",
    "zolly": "dolly-zoom",
    "hitchcock-zoom": "dolly-zoom",
    "orbital": "orbit",
    "perspective": "orbit",
    "arc": "arc-right",
    "pan": "pan-right",
    "tilt": "tilt-up",
    "pan-up": "tilt-up",
    "pan-down": "tilt-down",
    "roll": "roll-left",
    "anti-clockwise": "roll-left",
    "counter-clockwise": "roll-left",
    "acw": "roll-left",
    "ccw": "roll-left",
    "clockwise": "roll-right",
    "cw": "roll-right",
    "truck": "truck-right",
    "slide-left": "truck-left",
    "slide-right": "truck-right",
    "track-left": "truck-left",
    "track-right": "truck-right",
    "pedestal": "pedestal-up",
    "boom-up": "pedestal-up",
    "boom-down": "pedestal-down",
    "crane": "crane-up",
    "jib-up": "crane-up",
    "jib-down": "crane-down",
    "push": "push-in",
    "pull": "pull-out",
    "pull-back": "pull-out",
    "parallax-swing": "swing",
    "crash-zoom": "snap-zoom",
    "zoom-in-smooth": "zoom-in",
    "zoom-out-smooth": "zoom-out",
    "rack-focus": "focus-pull",
    "kenburns": "ken-burns",
    "shake": "handheld",
    "hand-held": "handheld",
    "none": "static",
    "still": "static",
}


def find_preset(name: str, *, where: str = "camera") -> str:
    """The preset of this name: as listed, spelled otherwise, or as another tool calls it.

    Args:
        name: "dolly-in", "Dolly In", "dollyIn", "vertigo" …
        where: What the message begins with.

    Raises:
        PathError: There is none; the message suggests the nearest.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name.strip()).lower()
    spelled = re.sub(r"[\s_-]+", "-", re.sub(r"\(.*\)", "", words).strip())
    spelled = ALIASES.get(spelled, spelled)
    if spelled in MOVES:
        return spelled
    near = difflib.get_close_matches(spelled, [*MOVES, *ALIASES], n=1, cutoff=0.5)
    hint = f", did you mean {near[0]}?" if near else ""
    raise PathError(f"{where}: expected a preset such as {', '.join(MOVES)}, got {name!r}{hint}")


def make_preset(name: str, stage: Stage, *, params: MoveParams | None = None) -> CameraPath:
    """The path of a preset for a photo.

    Args:
        name: See `find_preset`.
        stage: Of the photo.
        params: How large, how long.

    Raises:
        PathError: No such preset.
    """
    move = MOVES[find_preset(name)]
    params = params or MoveParams()
    stage = stage.focused(params.focus_uv)
    if params.pivot_su is not None:
        stage = replace(stage, focus_inv_depth=1 / params.pivot_su)
    return fit_path(lambda gain: move.draw(stage, params, gain), stage, params, gain=params.gain)


def preset_extender(stage: Stage, *, usual: MoveParams | None = None) -> Extend:
    """What `load_path` needs for files that extend a preset.

    Args:
        stage: Of the photo.
        usual: Parameters where the file says none.
    """

    def extend(name: str, params: Mapping[str, Any], where: str) -> CameraPath:
        found = find_preset(name, where=f"{where}: extends")
        merged = parse_params(params, where, usual=usual or MoveParams())
        return make_preset(found, stage, params=merged)

    return extend
