"""The move for a photo: what shows its depth best and its holes least.

Every candidate is tried on a small copy of the depth (`parallax.moves.trial`), made smaller until
what it uncovers can be filled, and the best one is taken.
"""

from dataclasses import dataclass, replace

from parallax.camera import MIN_INV_DEPTH
from parallax.moves.glance import Glance
from parallax.moves.params import MoveParams
from parallax.moves.preset import MOVES, make_preset
from parallax.moves.stage import Stage
from parallax.moves.trial import Ground, Trial
from parallax.path import CameraPath

# What is tried, with how much a cinematographer would rather have it, all else being equal
CANDIDATES = {
    "natural": {"push-right": 0.1, "push-left": 0.1, "push-in": 0.0, "push-up": 0.0},
    "cinematic": {"push-in": 0.1, "push-right": 0.05, "push-left": 0.05, "push-up": 0.0},
    "dynamic": {"arc-right": 0.1, "arc-left": 0.1, "push-right": 0.0, "push-left": 0.0},
}
LOOPS = {
    "natural": {"swing": 0.1, "orbit": 0.1, "circle": 0.0, "vertical": 0.0},
    "cinematic": {"dolly": 0.1, "orbit": 0.1, "vertical": 0.0},
    "dynamic": {"circle": 0.1, "swing": 0.0, "orbit": 0.0},
}
FLAT_SPAN = 0.15  # of the nearest inverse depth: less and nothing is there to show
PIVOTS = (-0.4, 0.3)  # of the way from the subject to the farthest, or nearest
AMOUNTS = (0.85, 0.7)
LEAST_GAIN = 0.005  # of merit: less is not worth leaving the subject for
MAX_BAND_W = 0.03  # of the picture's width: the widest strip that is filled well


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The move chosen for a photo.

    Attributes:
        name: Of the preset.
        path: Made for the photo.
        params: With which the preset makes this path.
        reason: A sentence.
    """

    name: str
    path: CameraPath
    params: MoveParams
    reason: str


def choose_move(glance: Glance, stage: Stage, *, params: MoveParams | None = None) -> Choice:
    """The move for this photo, and as large as its depth bears; always the same.

    Args:
        glance: At the photo.
        stage: That the photo sets; its focus is held or approached, unless `params` has a point.
        params: What was asked for.
    """
    params = replace(params or MoveParams(), margin_uv=0.0)  # nobody asked to look past the photo
    stage = stage.focused(params.focus_uv)
    params = replace(params, focus_uv=None)
    far = max(stage.far_inv_depth, MIN_INV_DEPTH)  # as far as a mesh stands
    span = (stage.near_inv_depth - far) / stage.near_inv_depth
    if span < FLAT_SPAN:
        name = "zoom" if params.loop else "ken-burns"
        reason = f"the photo is nearly flat ({span:.0%} of its depth used), so the lens moves alone"
        return Choice(name, make_preset(name, stage, params=params), params, reason)
    ground = Ground.of(glance, stage)
    trials: dict[str, _Attempt] = {}
    taste = (LOOPS if params.loop else CANDIDATES)[params.style]
    for name in taste:
        trials[name] = _largest_bearable(name, ground, params)
    best = max(trials, key=lambda name: trials[name].trial.merit + taste[name])  # first of equals
    refined = _refine(trials[best], ground)
    return Choice(best, refined.path, refined.params, _reason(best, refined, stage, len(trials)))


@dataclass(frozen=True, slots=True, eq=False)
class _Attempt:
    """A preset as it was tried."""

    name: str
    params: MoveParams
    path: CameraPath
    trial: Trial


def _attempt(name: str, ground: Ground, params: MoveParams) -> _Attempt:
    """A preset, tried."""
    path = make_preset(name, ground.stage, params=params)
    return _Attempt(name, params, path, ground.try_path(path))


def _largest_bearable(name: str, ground: Ground, params: MoveParams) -> _Attempt:
    """A preset as large as asked for, or smaller, until what it uncovers can be filled."""
    for _ in range(4):
        attempt = _attempt(name, ground, params)
        band_w = attempt.trial.band_w
        if band_w <= MAX_BAND_W:
            break
        params = replace(params, amount=params.amount * 0.97 * MAX_BAND_W / band_w)
    return attempt


def _refine(attempt: _Attempt, ground: Ground) -> _Attempt:
    """The best of the pivots farther and nearer than the subject, then of smaller amounts."""
    stage, params = ground.stage, attempt.params
    for share in PIVOTS:
        end = stage.far_inv_depth if share < 0 else stage.near_inv_depth
        pivot = stage.focus_inv_depth + abs(share) * (end - stage.focus_inv_depth)
        at_pivot = replace(params, pivot_su=round(1 / max(pivot, MIN_INV_DEPTH), 4))
        attempt = _better(attempt, _attempt(attempt.name, ground, at_pivot))
    params = attempt.params
    for share in AMOUNTS:
        smaller = replace(params, amount=params.amount * share)
        better = _better(attempt, _attempt(attempt.name, ground, smaller))
        if better is attempt:
            break
        attempt = better
    return attempt


def _better(attempt: _Attempt, other: _Attempt) -> _Attempt:
    """The other one, if it is better by more than nothing and uncovers no wider strips."""
    gain = other.trial.merit - attempt.trial.merit
    wider = other.trial.band_w > max(MAX_BAND_W, attempt.trial.band_w)
    return other if gain > LEAST_GAIN and not wider else attempt


def _reason(name: str, attempt: _Attempt, stage: Stage, count: int) -> str:
    """Why this move, for a person."""
    trial = attempt.trial
    what = MOVES[name].description.split(";")[0].rstrip(".").lower()
    u, v = stage.focus_uv
    return (
        f"best of {count} moves ({what}): near and far shift {trial.parallax_w:.1%} of the width "
        f"apart and uncover strips of at most {trial.band_w:.1%}; "
        f"the subject is at {u:.2f}, {v:.2f}"
    )
