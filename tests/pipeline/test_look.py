"""What lens, shutter and film are told."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from parallax.camera import Pose
from parallax.path import CameraPath, Keyframe, resolve_path
from parallax.pipeline.look import (
    GAP_PX,
    LEAST_MOMENTS,
    MOST_MOMENTS,
    open_shutter,
    render_params,
    travel_px,
)
from parallax.pipeline.params import FilmParams, LookParams

PATH = CameraPath((Keyframe(0), Keyframe(2, position_su=(1.0, 0, 0))), spline="linear")


SIZE_WH = (1600, 900)


def cameras_of(times_s):
    resolved = resolve_path(PATH, np.array(times_s), default_fov_deg=40)
    return [resolved.camera(index) for index in range(len(times_s))]


def test_a_shutter_that_is_not_asked_for_takes_one_moment_a_frame():
    cameras = cameras_of([0.0, 1.0])
    exposures = open_shutter(PATH, cameras, FilmParams(), size_wh=SIZE_WH, default_fov_deg=40)
    assert exposures == [[cameras[0]], [cameras[1]]]


@pytest.mark.parametrize("quality", ["standard", "maximum"])
def test_a_shutter_follows_the_path_while_it_is_open(quality):
    look = LookParams(shutter_deg=180)
    params = FilmParams(look=look, quality=quality, fps=Fraction(10))
    (exposure,) = open_shutter(PATH, cameras_of([1.0]), params, size_wh=SIZE_WH, default_fov_deg=40)
    focal_px = SIZE_WH[1] / 2 / np.tan(np.radians(20))
    blur_px = 0.5 * 0.05 * focal_px  # of the nearest point, at 1 su
    assert len(exposure) == max(LEAST_MOMENTS[quality], np.ceil(blur_px / GAP_PX[quality]))
    x_su = [camera.pose.position_su[0] for camera in exposure]
    assert np.mean(x_su) == pytest.approx(0.5)  # half a su a second, about the frame's own time
    step_su = 0.5 * 0.05 / len(exposure)
    assert np.diff(x_su) == pytest.approx(step_su)
    assert {camera.fov_deg for camera in exposure} == {40}


def test_a_whip_takes_more_moments_but_not_any_number():
    params = FilmParams(look=LookParams(shutter_deg=360), fps=Fraction(1, 2), quality="high")
    (exposure,) = open_shutter(PATH, cameras_of([1.0]), params, size_wh=SIZE_WH, default_fov_deg=40)
    assert len(exposure) == MOST_MOMENTS["high"]


def test_what_travels_is_the_nearest_for_a_shift_and_everything_for_a_turn():
    focal_px = 450 / np.tan(np.radians(20))
    first, last = cameras_of([0.0, 0.2])
    assert travel_px(first, last, SIZE_WH) == pytest.approx(0.1 * focal_px)
    turned = replace(first, pose=Pose.look_at((0, 0, 0), (np.sin(0.01), 0, -np.cos(0.01))))
    tan_corner = SIZE_WH[0] / 2 / focal_px
    stretch = 1 + tan_corner**2  # at the border a turn moves the picture faster
    assert travel_px(first, turned, SIZE_WH) == pytest.approx(0.01 * focal_px * stretch, rel=0.05)


def test_a_lens_is_half_as_wide_as_its_opening_and_leaves_samples_alone():
    wide = render_params(FilmParams(quality="high", look=LookParams(aperture_su=0.1)))
    assert (wide.supersample, wide.lens_radius_su) == (2, 0.05)
