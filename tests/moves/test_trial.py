"""What a path does to a photo, on depths whose answers can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from parallax.camera import Intrinsics
from parallax.depth_map import DepthMap
from parallax.moves import Glance, Stage
from parallax.moves.trial import Ground
from parallax.path import CameraPath, Keyframe

PHOTO = Intrinsics.from_fov((1920, 1280), 45.0)
STAGE = Stage(PHOTO, (1920, 1280))
SHIFT_SU = 0.03
WIDTHS = PHOTO.focal_px * SHIFT_SU / 1920


def ground_of(inv_depth):
    return Ground.of(Glance.of(DepthMap(np.ascontiguousarray(inv_depth, np.float32))), STAGE)


def to_the_right(distance_su=SHIFT_SU):
    return CameraPath((Keyframe(0.0), Keyframe(1.0, (distance_su, 0.0, 0.0))), spline="linear")


def card(left=64, right=128):
    """A card at 1 su before a far wall at 10."""
    inv_depth = np.full((128, 192), 0.1)
    inv_depth[:, left:right] = 1.0
    return inv_depth


def test_a_card_before_a_wall_uncovers_a_strip_as_wide_as_they_move_apart():
    trial = ground_of(card()).try_path(to_the_right())
    assert trial.band_w == pytest.approx(0.9 * WIDTHS, rel=0.15)


def test_the_share_uncovered_is_the_strips_and_the_borders():
    path = to_the_right()
    shares = ground_of(card()).trace_uncovered(path, np.array([0.0, 0.5, 1.0]))
    assert shares[0] == pytest.approx(0, abs=1e-6)
    strip, border = 0.9 * WIDTHS, 0.1 * WIDTHS  # the wall is at the border
    assert shares[2] == pytest.approx(strip + border, rel=0.15)
    assert shares[1] == pytest.approx(shares[2] / 2, rel=0.2)


def test_a_smooth_slope_uncovers_nothing():
    slope = np.repeat(np.linspace(0.1, 0.9, 192)[None], 128, 0)
    trial = ground_of(slope).try_path(to_the_right())
    assert trial.band_w == 0 and trial.fault == 0


def test_near_and_far_shift_apart_as_far_as_their_depths_say():
    rng = np.random.default_rng(0)
    speckled = rng.choice([0.1, 1.0], (128, 192))
    trial = ground_of(speckled).try_path(to_the_right())
    assert trial.parallax_w == pytest.approx(0.9 * WIDTHS, rel=0.1)


def test_a_turn_shifts_nothing_apart():
    path = CameraPath((Keyframe(0.0), Keyframe(1.0, rotation_deg=(2.0, 0.0, 0.0))))
    trial = ground_of(card()).try_path(path)
    assert trial.parallax_w < 1e-6
    assert trial.band_w == 0


def test_a_fault_in_one_piece_is_worse_than_the_same_in_pieces():
    pieces = card()
    pieces[::2] = 0.1
    alike = np.ones_like(pieces)  # wherever the subject is
    whole, parts = (
        replace(ground_of(inv_depth), weight=alike).try_path(to_the_right()).fault
        for inv_depth in (card(), pieces)
    )
    assert whole > 1.1 * 2 * parts
