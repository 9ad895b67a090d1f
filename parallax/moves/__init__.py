"""Camera moves: presets, and the one chosen for a photo."""

from parallax.moves.choose import Choice, choose_move
from parallax.moves.glance import Glance
from parallax.moves.params import MoveParams, params_schema, parse_params
from parallax.moves.preset import ALIASES, PRESETS, find_preset, make_preset, preset_extender
from parallax.moves.reframe import choose_window
from parallax.moves.stage import Stage, survey_stage
from parallax.moves.subject import Focus, weigh_content
from parallax.moves.trial import Ground
from parallax.path import write_camera_json

__all__ = [
    "ALIASES",
    "PRESETS",
    "Choice",
    "Focus",
    "Glance",
    "Ground",
    "MoveParams",
    "Stage",
    "choose_move",
    "choose_window",
    "find_preset",
    "make_preset",
    "params_schema",
    "parse_params",
    "preset_extender",
    "survey_stage",
    "weigh_content",
    "write_camera_json",
]
