"""Baked motions: closed in time, still outside their masks, the same for the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from parallax.label_map import LabelMap
from parallax.motion import bake_motion
from parallax.motion.course import stretch_of
from parallax.motion_plan import REGION_TYPES, Arrow, MaskSpec, MotionPlan, Region
from parallax.photo import Photo
from tests.motion.pictures import SIZE_WH, landscape, noise_photo
from tests.reference.motion_warp import draw_motion

SQUARE = MaskSpec(polygons=(((0.25, 0.2), (0.75, 0.2), (0.75, 0.8), (0.25, 0.8)),))
MOVING = [kind for kind in REGION_TYPES if kind != "freeze"]


def plan_of(*regions, **changes):
    return MotionPlan(regions=regions, **changes)


def bake(plan, rng=None, **changes):
    photo, depth, labels = landscape(rng or np.random.default_rng(0))
    return photo, bake_motion(plan, changes.get("photo", photo), depth, labels)


def frames_of(plan, times_s, rng=None):
    photo, motion = bake(plan, rng)
    return photo.srgb8, [draw_motion(motion, photo.srgb8, t).astype(int) for t in times_s]


def region(kind, **changes):
    return Region("a", kind, SQUARE, **changes)


@pytest.mark.parametrize("kind", MOVING)
def test_every_type_moves_inside_its_mask_and_nothing_outside(kind):
    still, moved = frames_of(plan_of(region(kind, opacity=0.4)), (0.0, 0.7, 1.9))
    change = np.max([np.abs(frame - still) for frame in moved], axis=(0, -1))
    height, width = change.shape
    reach = 3  # of the mask's antialiased edge on a picture this small
    inside = np.zeros_like(change, bool)
    inside[round(0.2 * height) - reach : round(0.8 * height) + reach,
           round(0.25 * width) - reach : round(0.75 * width) + reach] = True  # fmt: skip
    # Around plants the sky gives way
    if kind in ("foliage", "grass", "flower", "hair", "fabric", "float"):
        inside[: round(0.8 * height) + reach] |= True
    assert change[~inside].max() == 0
    if kind not in ("water.shore", "repeat"):  # no white water washes, no pattern repeats there
        assert change[inside].max() >= 3


@pytest.mark.parametrize("kind", MOVING)
def test_a_loop_ends_where_it_began(kind):
    _, (first, middle, last) = frames_of(plan_of(region(kind), duration_s=4.0), (0.0, 1.3, 4.0))
    assert np.abs(first - last).max() <= 1
    assert middle.shape == last.shape


@pytest.mark.parametrize("duration_s", [0.5, 2.0, 7.3, 60.0])
def test_every_frequency_fits_the_loop_whole(duration_s):
    everything = [Region(kind, kind, SQUARE) for kind in ("foliage", "water.fall", "glitter")]
    _, motion = bake(plan_of(*everything, duration_s=duration_s))
    assert motion.period_s == duration_s
    assert all(isinstance(n, int) and n >= 1 for n in motion.cycles)
    assert len(set(motion.cycles)) == len(motion.cycles)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    plan = plan_of(region("foliage"), Region("b", "water.calm", MaskSpec(label="water")))
    _, (one,) = frames_of(plan, (1.0,))
    _, (two,) = frames_of(plan, (1.0,))
    _, (other,) = frames_of(replace(plan, seed=1), (1.0,))
    assert np.array_equal(one, two)
    assert np.abs(one - other).max() > 3


def test_freeze_wins_over_a_region():
    frozen = MaskSpec(polygons=(((0, 0), (0.5, 0), (0.5, 1), (0, 1)),))
    still, moved = frames_of(plan_of(region("fabric"), freeze=(frozen,)), (0.0, 0.5, 1.1))
    change = np.max([np.abs(frame - still) for frame in moved], axis=(0, -1))
    assert change[:, : SIZE_WH[0] // 2].max() == 0
    assert change[:, SIZE_WH[0] // 2 :].max() > 3


def test_a_freeze_region_is_a_freeze():
    still, (moved,) = frames_of(plan_of(region("fabric"), Region("b", "freeze", SQUARE)), (0.5,))
    assert np.array_equal(moved, still)


def test_where_two_regions_overlap_the_first_moves():
    first = Region("a", "water.fall", SQUARE)
    second = Region("b", "custom", SQUARE, direction_deg=0.0, source="uniform")
    _, motion = bake(plan_of(first, second))
    assert motion.flow is not None
    middle = motion.flow.travel_uv[32, 48]
    assert abs(middle[0]) < 0.3 * middle[1]  # down, not right
    assert any("its mask is empty" in sentence for sentence in motion.warnings)


@pytest.mark.parametrize("change", [{"intensity": 0.0}, {"regions": ()}])
def test_no_intensity_and_no_regions_stand_still(change):
    photo, motion = bake(replace(plan_of(region("foliage")), **change))
    assert motion.is_still
    assert np.array_equal(draw_motion(motion, photo.srgb8, 1.0), photo.srgb8)


def test_more_intensity_moves_farther():
    sizes = []
    for intensity in (10, 50, 100):
        _, motion = bake(plan_of(region("foliage"), intensity=float(intensity)))
        sizes.append(float(np.abs(motion.modes_uv).max()))
    assert sizes == sorted(sizes)
    assert sizes[-1] > 5 * sizes[0]


def test_a_drifting_sky_in_a_loop_becomes_a_veil_and_says_so():
    sky = Region("sky", "sky.drift", MaskSpec(label="sky"))
    _, loop = bake(plan_of(sky, loop=True))
    assert loop.drift is None
    assert loop.veil is not None
    assert loop.warnings == ("sky: a drifting sky cannot loop, so a veil passes over it instead",)
    _, once = bake(plan_of(sky, loop=False))
    assert once.veil is None
    assert once.drift is not None


def test_a_drifting_sky_starts_as_the_photo_and_moves_as_one_piece():
    sky = Region("sky", "sky.drift", MaskSpec(label="sky"), direction_deg=0.0, speed_pct_s=4.0)
    still, (first, later) = frames_of(plan_of(sky, loop=False, duration_s=4.0), (0.0, 2.0))
    assert np.abs(first - still).max() <= 1
    way_px = 0.08 * 64  # of the short side in 2 s, at the top
    shifted = np.roll(still[0], round(way_px), axis=0)
    assert (
        np.abs(later[0, 12:] - shifted[12:]).mean() < np.abs(later[0, 12:] - still[0, 12:]).mean()
    )
    assert np.abs(later[50:] - still[50:]).max() == 0


@pytest.mark.parametrize("kind", ["foliage", "grass", "flower", "water.calm", "water.sea"])
def test_no_displacement_folds_the_picture(kind):
    _, motion = bake(plan_of(region(kind), intensity=100.0))
    short = np.array([64 / 96, 1.0])  # uv to short sides
    modes = motion.modes_uv.astype(np.float64)
    for time_s in np.linspace(0, 6, 9):
        angle = 2 * np.pi * np.array(motion.cycles) * time_s / 6
        shift = np.tensordot(np.cos(angle), modes[..., :2], 1)
        shift += np.tensordot(np.sin(angle), modes[..., 2:], 1)
        worst = stretch_of((shift / short).astype(np.float32), 1 / min(shift.shape[:2])).max()
        assert worst < 0.7  # the determinant of the map stays above (1 − 0.7)² > 0; aimed at 0.35


def test_a_plan_means_the_same_at_another_size():
    rng = np.random.default_rng(3)
    large = noise_photo(rng, (192, 128), blur_px=4)
    small = large.resized(SIZE_WH)
    _, depth, labels = landscape(rng)
    plan = plan_of(region("water.fall", period_s=2.0))
    frames = []
    for photo in (large, small):
        motion = bake_motion(plan, photo, depth, labels)
        frames.append(Photo(draw_motion(motion, photo.srgb8, 0.4)).resized(SIZE_WH).srgb8)
    flows = [bake_motion(plan, photo, depth, labels).flow for photo in (large, small)]
    speed = [flow.travel_uv[..., 1].max() for flow in flows if flow]
    assert speed[0] == pytest.approx(speed[1], rel=0.15)
    assert frames[0].shape == frames[1].shape


def test_an_arrow_sets_direction_and_speed():
    arrow = Arrow((0.4, 0.5), (0.6, 0.5))
    custom = region("custom", source="arrows", arrows=(arrow,))
    _, motion = bake(plan_of(custom))
    assert motion.flow is not None
    way = motion.flow.travel_uv[32, 48]
    cycle_s = motion.period_s / way[3]
    assert way[0] / cycle_s == pytest.approx(0.2 / 2, rel=0.2)  # its length in two seconds
    assert abs(way[1]) < 0.2 * way[0]


def test_an_anchor_holds_what_is_at_it():
    held = region("fabric", anchors=(((0.5, 0.25), (0.5, 0.75)),))
    _, free = bake(plan_of(region("fabric")))
    _, motion = bake(plan_of(held))
    at = (32, 47)
    assert (
        np.abs(motion.modes_uv[:, at[0], at[1]]).max() < 0.2 * np.abs(free.modes_uv[:, *at]).max()
    )


def test_calm_water_mirrors_the_veil_and_nothing_else_gets_it():
    sky = Region("s", "sky.veil", MaskSpec(label="sky"))
    water = Region("w", "water.calm", MaskSpec(label="water"))
    _, motion = bake(plan_of(sky, water))
    assert motion.veil.mirror_v == pytest.approx(44 / 64, abs=0.02)
    light, lift = motion.shade[..., 2], motion.shade[..., 3]
    assert light[-4:].min() > 0.3
    assert np.abs(lift[-4:]).min() > 0
    assert not light[28:42].any() and not lift[28:42].any()  # trees
    _, alone = bake(plan_of(water))
    assert not alone.mask8.any() and not alone.shade[..., 2:].any()


def flow_weight(kind, srgb8):
    """(H, W), 0…255: what flows of a photo whose every pixel a region holds."""
    labels, depth = landscape(np.random.default_rng(0))[2:0:-1]
    whole = MaskSpec(polygons=(((0, 0), (1, 0), (1, 1), (0, 1)),))
    return bake_motion(plan_of(Region("a", kind, whole)), Photo(srgb8), depth, labels).mask8[..., 0]


def test_smoke_leaves_what_has_fine_texture_behind_it():
    rng = np.random.default_rng(1)
    srgb8 = noise_photo(rng, (192, 128), blur_px=12).srgb8.copy()
    srgb8[:, 96:] = noise_photo(rng, (96, 128), blur_px=0.8).srgb8
    weight = flow_weight("smoke", srgb8)
    assert weight[8:-8, 8:80].min() > 200
    assert weight[8:-8, 112:].max() == 0


def test_fire_is_what_glows():
    srgb8 = np.full((128, 192, 3), (70, 60, 50), np.uint8)
    srgb8[40:90, 60:120] = 250, 170, 60
    srgb8[60:64, 60:120] = 80, 50, 30  # a stick before the flames
    weight = flow_weight("fire", srgb8)
    assert weight[48:54, 70:110].min() > 200
    assert weight[:, :50].max() == weight[62, 60:120].max() == 0


def test_fog_hides_what_is_far_and_not_what_is_near():
    photo, depth, labels = landscape(np.random.default_rng(0))
    whole = MaskSpec(polygons=(((0, 0), (1, 0), (1, 1), (0, 1)),))
    motion = bake_motion(plan_of(Region("a", "fog", whole)), photo, depth, labels)
    sky = motion.mask8[..., 1]
    assert sky[:20].min() > 250 and sky[-1].max() < 10
    assert motion.veil is not None and motion.veil.light == 0


def test_glitter_sparkles_where_crests_are_bright_and_says_so_where_none_are():
    rng = np.random.default_rng(17)
    _, depth, labels = landscape(rng)
    dull = np.full((64, 96, 3), 90, np.uint8)
    crests = dull.copy()
    places = rng.permutation(60 * 44)[:60]
    crests[10 + places // 60, 18 + places % 60] = 240
    plan = plan_of(region("glitter"))
    for srgb8, sparkles in ((crests, True), (dull, False)):
        motion = bake_motion(plan, Photo(srgb8), depth, labels)
        assert (motion.glint is not None) == sparkles
        assert any("hardly anything sparkles" in note for note in motion.warnings) != sparkles


def test_lit_windows_that_are_hardly_called_water_do_not_sparkle():
    rng = np.random.default_rng(18)
    _, depth, labels = landscape(rng)
    lights = np.full((64, 96, 3), 60, np.uint8)
    lights[48 + rng.integers(0, 12, 60), rng.integers(0, 96, 60)] = 250
    unsure = labels.probability.copy()
    unsure[44:, :, 2], unsure[44:, :, 5] = 145, 110  # water, building
    plan = plan_of(Region("a", "water.calm", MaskSpec(label="water")))
    for probability, sparkles in ((labels.probability, True), (unsure, False)):
        motion = bake_motion(plan, Photo(lights), depth, LabelMap(probability))
        assert (motion.glint is not None) == sparkles


def test_a_fall_is_another_one_after_each_renewal_and_the_first_after_the_last():
    photo, motion = bake(plan_of(region("water.fall", direction_deg=90.0)))
    assert motion.flow is not None and motion.flow.aside > 0
    cycles = int(motion.flow.travel_uv[0, 0, 3])
    assert cycles > 1
    times_s = [n * motion.period_s / cycles for n in range(cycles + 1)]
    frames = [draw_motion(motion, photo.srgb8, t).astype(int) for t in times_s]
    flows = motion.mask8[..., 0] == 255
    assert all(np.abs(frame - frames[0])[flows].mean() > 0.5 for frame in frames[1:-1])
    assert np.abs(frames[0] - frames[-1]).max() <= 1
