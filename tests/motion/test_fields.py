"""The mathematics of the fields: spectra, waves, streams, renewal."""

import numpy as np
import pytest

from parallax.motion import flow, sway, water
from parallax.motion.course import Course, displacement_at, make_course, rms_of
from parallax.motion.noise import curl_noise, tiling_fbm
from parallax.motion.plate import continue_picture, reflect_outward
from parallax.motion_plan import Arrow, Wind

SHAPE = (72, 96)
DISC = (np.hypot(*(np.mgrid[0:72, 0:96] - np.array([36, 48])[:, None, None])) < 30).astype(
    np.float32
)


def sway_of(rng, course=None, amplitude=0.01, **changes):
    arguments = {
        "inv_depth": np.full(SHAPE, 0.5, np.float32),
        "wind": Wind(),
        "amplitude": amplitude,
        "period_s": None,
        "anchors": (),
        "rng": rng,
    } | changes
    course = course or make_course(6.0, rng)
    return sway.sway_modes(DISC, sway.KINDS["foliage"], course, **arguments), course


@pytest.mark.parametrize("seed", range(5))
def test_a_sway_peaks_at_its_amplitude(seed):
    modes, _ = sway_of(np.random.default_rng(seed), amplitude=0.004)
    peak = sway.PEAK_OF_RMS * np.percentile(rms_of(modes)[DISC > 0.5], 90)
    assert peak == pytest.approx(0.004, rel=0.05)


def test_a_sway_is_exactly_nothing_outside():
    modes, _ = sway_of(np.random.default_rng(0))
    assert np.abs(modes[:, DISC < 0.5]).max() == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_sway_returns_after_a_period(seed):
    rng = np.random.default_rng(seed)
    modes, course = sway_of(rng, make_course(float(rng.uniform(1, 20)), rng))
    time_s = float(rng.uniform(0, 5))
    one = displacement_at(modes, course, time_s)
    two = displacement_at(modes, course, time_s + course.period_s)
    assert np.abs(one - two).max() < 1e-5


def test_a_sway_is_strongest_near_its_natural_frequency():
    course = Course(6.0, tuple(range(1, 17)))
    modes, _ = sway_of(np.random.default_rng(1), course)
    power = (np.abs(modes) ** 2).sum((1, 2, 3))
    strongest_hz = (int(power.argmax()) + 1) / 6
    assert 0.2 <= strongest_hz <= 0.8  # foliage: 0.45 Hz, broadened by damping and chance
    assert power[-1] < 0.05 * power.max()


def test_what_is_farther_sways_less():
    depth = np.where(np.arange(96) < 48, 0.2, 0.8)[None, :].repeat(72, 0).astype(np.float32)
    modes, _ = sway_of(np.random.default_rng(2), inv_depth=depth)
    rms = rms_of(modes)
    assert np.median(rms[30:42, 26:40]) < 0.6 * np.median(rms[30:42, 56:70])


def test_a_cantilever_bends_from_its_foot_to_its_tip():
    mask = np.zeros((50, 20), np.float32)
    mask[5:40, 5:15] = 1
    bend = sway.bending_of(mask)[:, 10]
    assert bend[39] < 0.05
    assert bend[5] == pytest.approx(1, abs=0.01)
    assert (np.diff(bend[5:40]) < 0).all()


def test_swell_obeys_the_dispersion_of_deep_water():
    mask = np.ones((200, 64), np.float32)
    course = Course(6.0, (2, 4))
    modes = water.wave_modes(
        mask, water.KINDS["water.sea"], course, horizon_v=-0.5, wind=Wind(direction_deg=90),
        amplitude=0.01, period_s=1.2, rng=np.random.default_rng(0),
    )  # fmt: skip
    _, away, _ = water.plane_of(mask.shape, -0.5, bottom_v=1.0)
    even = np.linspace(away[:, 32].min(), away[:, 32].max(), 512)
    lengths = []
    for mode in modes[..., 1]:
        along = np.interp(even, away[::-1, 32], mode[::-1, 32].real)
        spectrum = np.abs(np.fft.rfft(along * np.hanning(512), 4096))
        lengths.append(1 / max(int(spectrum.argmax()), 1))
    # ω² = g·k: twice the frequency, a quarter of the length; the cone of directions shortens both
    assert lengths[0] / lengths[1] == pytest.approx(4, rel=0.45)


def test_water_ripples_mainly_up_and_down_and_less_far_away():
    mask = np.zeros((120, 96), np.float32)
    mask[40:] = 1
    course = make_course(6.0, np.random.default_rng(0))
    modes = water.wave_modes(
        mask, water.KINDS["water.calm"], course, horizon_v=0.3, wind=Wind(), amplitude=0.004,
        period_s=None, rng=np.random.default_rng(0),
    )  # fmt: skip
    across, down = rms_of(modes[..., :1]), rms_of(modes[..., 1:])
    assert np.median(down[80:]) > 2 * np.median(across[80:])
    assert np.median(down[46:56]) < 0.6 * np.median(down[95:115])


@pytest.mark.parametrize("horizon_v", [0.1, 0.3, 0.45])
def test_the_horizon_of_a_level_plane_is_found(horizon_v):
    v = (np.arange(100) + 0.5) / 100
    inv_depth = np.clip(v - horizon_v, 0, None)[:, None].repeat(50, 1).astype(np.float32)
    mask = np.zeros((100, 50), np.float32)
    mask[int(100 * horizon_v) + 8 :] = 1
    assert water.horizon_of(mask, inv_depth) == pytest.approx(horizon_v, abs=0.03)


def bent_river():
    y, x = np.mgrid[0:96, 0:128]
    return (np.abs(y - 48 - 14 * np.sin(x / 20)) < 13).astype(np.float32)


def test_a_river_has_no_sources_and_keeps_to_its_banks():
    mask = bent_river()
    velocity = flow.river_velocity(mask, 0.0)
    inner = mask > 0.5
    inner[:2] = inner[-2:] = False
    inner[:, :3] = inner[:, -3:] = False
    du = np.gradient(velocity[..., 0], axis=1)
    dv = np.gradient(velocity[..., 1], axis=0)
    assert np.abs(du + dv)[inner].max() < 1e-3
    assert np.median(velocity[inner][:, 0]) > 0  # to the right, as asked
    # At the banks the flow runs along them: the slope of the bank is the slope of the flow
    slope = 14 / 20 * np.cos(np.arange(128) / 20)
    for x in range(20, 110, 10):
        y = round(48 + 14 * np.sin(x / 20)) + 10
        along = velocity[y, x] / np.linalg.norm(velocity[y, x])
        bank = np.array([1, slope[x]]) / np.hypot(1, slope[x])
        assert abs(float(along @ bank)) > 0.93


def test_falling_water_accelerates():
    velocity = flow.fall_velocity(DISC)
    column = velocity[8:64, 48, 1]
    assert (velocity[..., 0] == 0).all()
    assert column[-5] > 1.3 * column[3]


def test_between_two_arrows_the_nearer_one_rules():
    arrows = (Arrow((0.1, 0.5), (0.2, 0.5)), Arrow((0.9, 0.5), (0.9, 0.3)))
    velocity = flow.arrow_velocity((60, 120), arrows)
    left, right = velocity[30, 18], velocity[25, 108]
    assert left[0] == pytest.approx(0.1 * 120 / 60 / 2, rel=0.05)
    assert abs(left[1]) < 0.02
    assert right[1] == pytest.approx(-0.2 / 2, rel=0.05)


def test_a_flow_turns_to_the_streaks_of_the_photo():
    y, x = np.mgrid[0:80, 0:80]
    streaks = (0.5 + 0.5 * np.sin((x - y) / 2)).astype(np.float32)  # run down to the right
    down = flow.uniform_velocity((80, 80), 270.0)
    turned = flow.align_to_streaks(down, streaks, share=1.0)[40, 40]
    assert turned == pytest.approx([0.7071, 0.7071], abs=0.05)
    still = flow.align_to_streaks(down, np.full((80, 80), 0.5, np.float32), share=1.0)
    assert still == pytest.approx(down, abs=1e-5)


def test_eddies_have_no_divergence():
    eddies = curl_noise(np.random.default_rng(0), (96, 72), 12)
    div = np.gradient(eddies[..., 0], axis=1) + np.gradient(eddies[..., 1], axis=0)
    assert np.abs(div[2:-2, 2:-2]).max() < 1e-5


def test_three_hann_phases_keep_the_contrast():
    rng = np.random.default_rng(0)
    copies = rng.normal(size=(3, 20000))
    spread = []
    for p in np.linspace(0, 1, 50, endpoint=False):
        weights = (1 - np.cos(2 * np.pi * (p + np.arange(3) / 3))) / 3
        assert weights.sum() == pytest.approx(1)
        spread.append((weights[:, None] * copies).sum(0).std())
    assert np.std(spread) / np.mean(spread) < 0.03


def test_noise_that_tiles_has_no_seam():
    noise = tiling_fbm(np.random.default_rng(0), 64, cells=4, num_octaves=3)
    inner = np.abs(np.diff(noise, axis=1)).mean()
    seam = np.abs(noise[:, 0] - noise[:, -1]).mean()
    assert seam < 1.5 * inner


def test_a_continued_picture_keeps_what_is_known_and_goes_on_without_a_step():
    ramp = np.linspace(60, 200, 120)[None, :, None].repeat(60, 0).repeat(3, 2).astype(np.uint8)
    known = np.zeros((60, 120), bool)
    known[:, 30:] = True
    plate = continue_picture(ramp, known, np.random.default_rng(0))
    assert np.array_equal(plate[known], ramp[known])
    step = np.abs(plate[:, 29].astype(int) - plate[:, 30]).max()
    assert step <= 3


def test_a_continued_picture_has_no_more_detail_than_what_is_beside_it():
    picture = np.full((200, 500, 3), 120, np.uint8)
    picture[:, 78:] = np.random.default_rng(0).integers(0, 240, (200, 422, 1))
    known = np.ones((200, 500), bool)
    known[70:130, 25:55] = False  # clear all around, but every shifted copy is rough there
    plate = continue_picture(picture, known, np.random.default_rng(0))
    assert np.abs(plate[~known].astype(int) - 120).max() <= 2


def test_a_reflected_plate_shows_only_what_is_inside():
    picture = np.zeros((40, 40, 3), np.uint8)
    picture[:, 20:] = 200
    mask = np.zeros((40, 40), np.float32)
    mask[:, 20:] = 1
    assert (reflect_outward(picture, mask) == 200).all()
