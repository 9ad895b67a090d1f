"""Ripples that run on: which way, how fast, how strong, and where none do."""

from dataclasses import replace

import numpy as np
import pytest

from parallax.motion import ripple
from parallax.motion.bake import bake_motion
from parallax.motion_plan import MaskSpec, MotionPlan, Region
from parallax.photo import Photo
from tests.motion.pictures import landscape

SHAPE = (240, 320)
WAVE_PX = 12.0  # of which the bands let 0.95 through
CONTRAST = 0.15


def stripes(*, along_deg=90.0, wave_px=WAVE_PX, shape=SHAPE):
    """Luma whose logarithm is a sine that rises along one direction."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    a = np.radians(along_deg)
    swing = CONTRAST * np.sin(2 * np.pi * (x * np.cos(a) + y * np.sin(a)) / wave_px)
    return (0.4 * np.exp(swing) - ripple.DARK).astype(np.float32)


def waves_of(luma, weight=None, *, way_deg=90.0, seed=0):
    weight = np.ones_like(luma) if weight is None else weight
    rng = np.random.default_rng(seed)
    return ripple.ripple_waves(luma, weight, way_deg=way_deg, rng=rng)


def middle(array):
    return array[..., 60:-60, 80:-80]


@pytest.fixture
def one_group(monkeypatch):
    """All waves in step."""
    monkeypatch.setattr(ripple, "GROUP_TURNS", 0.0)


@pytest.mark.parametrize("way_deg", [90.0, -90.0])
def test_stripes_run_one_wavelength_a_turn(one_group, way_deg):
    waves = waves_of(stripes(), way_deg=way_deg).sum(0)
    change = np.real(waves * np.exp(-1j * np.pi / 2))  # after a quarter of a turn
    now = np.real(waves)
    moved_px = round(WAVE_PX / 4) * np.sign(way_deg).astype(int)
    assert np.abs(middle(np.roll(now, moved_px, 0) - change)).max() < 0.03 * CONTRAST


def test_the_first_moment_adds_the_ripples_of_the_photo(one_group):
    luma = stripes()
    expected = np.log(luma + ripple.DARK)
    passed = np.real(waves_of(luma)).sum(0)
    share = (middle(passed) * middle(expected - expected.mean())).sum() / (
        middle(expected - expected.mean()) ** 2
    ).sum()
    assert share == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize("seed", range(3))
def test_contrast_is_the_same_throughout_a_turn(seed):
    waves = waves_of(stripes(), seed=seed).sum(0)
    spread = [middle(np.real(waves * np.exp(-1j * a))).std() for a in np.linspace(0, np.pi, 7)]
    assert np.ptp(spread) < 0.15 * np.mean(spread)


def test_what_lies_along_the_way_does_not_run():
    across = np.abs(middle(waves_of(stripes(along_deg=0.0)))).max()
    assert across < 0.05 * np.abs(middle(waves_of(stripes()))).max()


def test_nothing_runs_outside_the_weight_and_nothing_beyond_the_largest():
    rng = np.random.default_rng(1)
    weight = np.zeros(SHAPE, np.float32)
    weight[90:150, 100:260] = 3.0
    waves = waves_of(np.clip(rng.normal(0.5, 0.3, SHAPE), 0, 1).astype(np.float32), weight)
    assert not waves[:, weight == 0].any()
    assert waves[:, 90:150, 100:260].any()
    assert np.abs(waves).max() <= ripple.LARGEST * (1 + 1e-6)


def test_a_bank_beside_the_water_does_not_ring_in_it():
    luma = np.full(SHAPE, 0.3, np.float32)
    luma[:120] = 0.9
    weight = np.zeros(SHAPE, np.float32)
    weight[121:] = 1
    assert np.abs(waves_of(luma, weight)).max() < 1e-3


@pytest.mark.parametrize(("luma", "most"), [(0.97, 0.05), (0.3, 1.0)])
def test_white_water_does_not_ripple(luma, most):
    calm = ripple.where_they_run(np.full(SHAPE, luma, np.float32), np.ones(SHAPE, np.float32))
    assert calm.max() <= most
    assert calm.min() > 0.99 or most < 1


def test_rocks_do_not_ripple():
    rng = np.random.default_rng(2)
    luma = np.where(rng.random((24, 32)) < 0.5, 0.1, 0.6).repeat(10, 0).repeat(10, 1)
    calm = ripple.where_they_run(luma.astype(np.float32), np.ones(SHAPE, np.float32))
    assert middle(calm).mean() < 0.3


@pytest.mark.parametrize("kind", ripple.KINDS)
def test_water_ripples_whole_times_and_more_with_more_intensity(kind):
    photo, depth, labels = landscape(np.random.default_rng(3))
    whole = MaskSpec(polygons=(((0, 0.6), (1, 0.6), (1, 1), (0, 1)),))
    plan = replace(MotionPlan(duration_s=5.0), regions=(Region("a", kind, whole),))
    shown = []
    for intensity in (0, 30, 60):
        motion = bake_motion(replace(plan, intensity=intensity), photo, depth, labels)
        if motion.ripple is None:
            shown.append(0.0)
            continue
        fine, coarse = motion.ripple.cycles
        assert fine > coarse >= 1
        assert not motion.ripple.runs[: round(0.6 * photo.size_wh[1])].any()
        shown.append(motion.ripple.largest)
    assert shown[0] == 0 < shown[1] < shown[2]


def test_flat_water_has_no_ripples_to_run():
    _, depth, labels = landscape(np.random.default_rng(4))
    plan = replace(
        MotionPlan(duration_s=5.0),
        regions=(Region("a", "water.calm", MaskSpec(label="water")),),
    )
    flat = Photo(np.full((64, 96, 3), 90, np.uint8))
    motion = bake_motion(plan, flat, depth, labels)
    assert motion.ripple is None or motion.ripple.largest < 1e-4
