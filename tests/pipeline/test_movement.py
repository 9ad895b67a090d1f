"""What moves: a plan's file, and what flags change of it."""

import numpy as np
import pytest

from parallax.motion_plan import MaskSpec, MotionPlan, Region, save_motion
from parallax.path import CameraPath, Keyframe
from parallax.pipeline.movement import move_photo
from parallax.pipeline.params import MotionChoice, ShotParams
from parallax.pipeline.source import Source
from tests.motion.pictures import SIZE_WH, landscape

PATH = CameraPath((Keyframe(0.0), Keyframe(4.0)), loop=True)
WATER = Region("lake", "water.calm", MaskSpec(label="water"))


def moved(tmp_path, *, prompt=None, path=PATH, **flags):
    save_motion(tmp_path / "plan.json", MotionPlan(regions=(WATER,), intensity=50, seed=3))
    photo, depth, labels = landscape(np.random.default_rng(0))
    source = Source(photo, depth, labels, "file")
    choice = MotionChoice(motion=tmp_path / "plan.json", prompt=prompt)
    return move_photo(source, path, choice=choice, params=ShotParams(**flags), size_wh=SIZE_WH)


def test_the_usual_flags_leave_a_plan_as_it_is_written(tmp_path):
    plan = moved(tmp_path).plan
    assert (plan.intensity, plan.seed, plan.warnings) == (50, 3, ())


@pytest.mark.parametrize(("flag", "intensity"), [(0, 0), (30, 25), (60, 50), (100, 250 / 3)])
def test_an_intensity_scales_a_plan(tmp_path, flag, intensity):
    movement = moved(tmp_path, intensity=flag)
    assert movement.plan.intensity == pytest.approx(intensity)
    assert movement.motion.is_still == (flag == 0)


def test_a_seed_rolls_the_dice_of_a_plan_again(tmp_path):
    first, second = (moved(tmp_path, seed=seed) for seed in (0, 1))
    assert (first.plan.seed, second.plan.seed) == (3, 4)
    assert not np.array_equal(first.motion.modes_uv, second.motion.modes_uv)


def test_words_about_regions_are_not_silently_lost_beside_a_file(tmp_path):
    assert "--prompt" in moved(tmp_path, prompt="strong waves, slow zoom in").plan.warnings[0]
    assert moved(tmp_path, prompt="slow zoom in").plan.warnings == ()


def test_a_film_of_a_frame_or_two_moves_too(tmp_path):
    path = CameraPath((Keyframe(0.0), Keyframe(0.04)))
    assert not moved(tmp_path, path=path).motion.is_still
