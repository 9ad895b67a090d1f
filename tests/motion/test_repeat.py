"""Patterns that repeat: the step is found, and a pattern moved on by it looks as before."""

import numpy as np
import pytest

from parallax.depth_map import DepthMap
from parallax.label_map import LABELS, LabelMap
from parallax.motion import bake_motion
from parallax.motion.repeat import continue_pattern, find_step
from parallax.motion_plan import Arrow, MaskSpec, MotionPlan, Region
from parallax.photo import Photo
from tests.reference.motion_warp import draw_motion

WHOLE = np.ones((120, 160), np.float32)


def stripes(period_x, period_y, *, noise=0.02):
    """(120, 160): bumps with such periods, sharp enough to have detail, and some grain."""
    y, x = np.mgrid[0:120, 0:160]
    wave = np.zeros((120, 160))
    for place, period in ((x, period_x), (y, period_y)):
        wave += np.cos(2 * np.pi * place / period) if period else 0
    grain = np.random.default_rng(0).normal(0, noise, (120, 160))
    return (0.5 + 0.2 * np.tanh(2 * wave) + grain).astype(np.float32)


def step_of(grey, **options):
    found = find_step(grey, WHOLE, **options)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("periods", "step"), [((0, 14), (0, 14)), ((17, 0), (17, 0)), ((12.5, 0), (12.5, 0))]
)
def test_the_step_of_a_pattern_is_found(periods, step):
    found = np.abs(step_of(stripes(*periods)))
    across = np.array(step) == 0  # along a stripe every step is as good
    assert np.allclose(found, step, atol=np.where(across, 3.0, 0.6))


def test_an_arrow_chooses_among_steps():
    grey = stripes(12, 20)
    assert np.allclose(step_of(grey, hint_px=(1.0, 18.0)), (0, 20), atol=0.5)
    assert np.allclose(step_of(grey, hint_px=(-11.0, 1.0)), (-12, 0), atol=0.5)


def test_grain_has_no_step():
    assert find_step(stripes(0, 0, noise=0.2), WHOLE) is None


def test_a_pattern_goes_on_past_its_edge():
    picture = np.repeat((stripes(10, 0, noise=0) * 255).astype(np.uint8)[..., None], 3, -1)
    inside = np.zeros((120, 160), bool)
    inside[:, 50:110] = True
    cut = np.where(inside[..., None], picture, 0).astype(np.uint8)
    continued, known = continue_pattern(cut, inside, (10.0, 0.0))
    assert known[:, 25:135].all()
    assert np.abs(continued[:, 25:135].astype(int) - picture[:, 25:135]).max() <= 2


def test_a_pattern_moves_by_whole_steps_and_keeps_its_looks():
    srgb8 = np.repeat((stripes(0, 15, noise=0) * 255).astype(np.uint8)[..., None], 3, -1)
    photo, depth = Photo(srgb8), DepthMap(np.full((120, 160), 0.5, np.float32))
    labels = LabelMap(np.full((120, 160, len(LABELS)), 36, np.uint8))
    region = Region(
        "steps", "repeat", MaskSpec(polygons=(((0, 0), (1, 0), (1, 1), (0, 1)),)),
        arrows=(Arrow((0.5, 0.5), (0.5, 0.5 - 15 / 120)),),
    )  # fmt: skip
    motion = bake_motion(MotionPlan((region,), duration_s=6), photo, depth, labels)
    assert motion.warnings == () and motion.flow is not None
    assert motion.flow.aside == 0
    cycle_s = motion.period_s / motion.flow.travel_uv[0, 0, 3]
    third, later = (draw_motion(motion, srgb8, cycle_s / n).astype(int) for n in (3, 6))
    inner = np.s_[40:80, 20:140]
    assert np.abs(third[inner] - srgb8[inner]).max() <= 6  # a whole step on
    assert np.abs(later[inner] - srgb8[inner]).max() > 60  # half a step on
    assert later[inner].std() > 0.9 * srgb8[inner].std()
