"""Rain and snow: closed in time, hidden by what is nearer, as many as asked for."""

from dataclasses import replace

import numpy as np
import pytest

from parallax.gpu.renderer import Renderer
from parallax.motion import bake_motion
from parallax.motion_plan import MotionPlan, Overlay, Particles, Wind
from tests.motion.pictures import landscape
from tests.scenes import SIZE_WH, camera_at_rest, photo_plane

KINDS = ("rain", "snow", "dust", "embers")


def particles_of(kind, **changes):
    plan = MotionPlan(overlays=(Overlay(kind),), **changes)
    (particles,) = bake_motion(plan, *landscape(np.random.default_rng(0))).particles
    return particles


@pytest.mark.parametrize("kind", KINDS)
def test_rain_and_snow_fall_dust_and_embers_rise(kind):
    down = particles_of(kind).way[:, 1]
    assert (down > 0).all() if kind in ("rain", "snow") else (down < 0).all()


def test_near_flakes_pass_faster_and_the_wind_blows_them():
    flakes = particles_of("snow", wind=Wind(direction_deg=180, speed=1.0))
    near = flakes.place[:, 2] > 0.6
    assert np.median(flakes.way[near, 1]) > 2 * np.median(flakes.way[~near, 1])
    assert (flakes.way[:, 0] < 0).all()


def test_half_the_density_is_half_as_many_and_none_is_none():
    plan = MotionPlan(overlays=(Overlay("snow", 0.25),))
    scene = landscape(np.random.default_rng(0))
    assert len(bake_motion(plan, *scene).particles[0].place) == 450
    assert not bake_motion(replace(plan, overlays=(Overlay("snow", 0.0),)), *scene).particles
    assert not bake_motion(replace(plan, intensity=0.0), *scene).particles


def test_a_seed_makes_other_flakes_and_the_same_one_the_same():
    first, again, other = (particles_of("snow", seed=n) for n in (3, 3, 4))
    assert np.array_equal(first.place, again.place)
    assert not np.array_equal(first.place, other.place)


def shots(flock, inv_depth, times_s):
    grey = np.full((SIZE_WH[1], SIZE_WH[0], 3), 40, np.uint8)
    empty = bake_motion(MotionPlan(duration_s=4.0), *landscape(np.random.default_rng(0)))
    motion = replace(empty, particles=(flock,))
    cameras = [replace(camera_at_rest(), time_s=t) for t in times_s]
    with Renderer(photo_plane(grey, inv_depth), size_wh=SIZE_WH, motion=motion) as renderer:
        return [frame.srgb8[..., 0].astype(int) for frame in renderer.frames(cameras)]


def one_flake(uv, inv_depth, way=(0.0, 0.2)):
    place = np.array([[*uv, inv_depth, 0.5]], np.float32)
    way = np.array([[*way, 0.0, 0.0]], np.float32)
    return Particles(place, way, 1, 1, (0.05, 0.05), (1.0, 1.0, 1.0), 1.0)


def test_a_flake_is_drawn_where_it_is_and_the_loop_closes():
    first, later, end = shots(one_flake((0.25, 0.5), 0.8), 0.25, (0.0, 0.5, 4.0))
    rows, columns = np.nonzero(first > 150)
    assert (columns.mean() + 0.5, rows.mean() + 0.5) == pytest.approx((24, 32), abs=0.6)
    rows, _ = np.nonzero(later > 150)
    assert rows.mean() + 0.5 == pytest.approx(32 + 0.2 * 64 / 8, abs=0.6)
    assert np.array_equal(first, end)


def test_what_is_nearer_hides_a_flake():
    (hidden,) = shots(one_flake((0.5, 0.5), 0.4), 0.5, (0.0,))
    assert (hidden == 40).all()
