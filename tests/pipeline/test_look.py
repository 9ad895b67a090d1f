"""What lens, shutter and film are told."""

from fractions import Fraction

import numpy as np
import pytest

from parallax.path import CameraPath, Keyframe, resolve_path
from parallax.pipeline.look import MOMENTS, open_shutter, render_params
from parallax.pipeline.params import FilmParams, LookParams

PATH = CameraPath((Keyframe(0), Keyframe(2, position_su=(1.0, 0, 0))), spline="linear")


def cameras_of(times_s):
    resolved = resolve_path(PATH, np.array(times_s), default_fov_deg=40)
    return [resolved.camera(index) for index in range(len(times_s))]


def test_a_shutter_that_is_not_asked_for_takes_one_moment_a_frame():
    cameras = cameras_of([0.0, 1.0])
    exposures = open_shutter(PATH, cameras, FilmParams(), default_fov_deg=40)
    assert exposures == [[cameras[0]], [cameras[1]]]


@pytest.mark.parametrize("quality", ["standard", "maximum"])
def test_a_shutter_follows_the_path_while_it_is_open(quality):
    look = LookParams(shutter_deg=180)
    params = FilmParams(look=look, quality=quality, fps=Fraction(10))
    (exposure,) = open_shutter(PATH, cameras_of([1.0]), params, default_fov_deg=40)
    assert len(exposure) == MOMENTS[quality]
    x_su = [camera.pose.position_su[0] for camera in exposure]
    assert np.mean(x_su) == pytest.approx(0.5)  # half a su a second, about the frame's own time
    step_su = 0.5 * 0.05 / len(exposure)
    assert np.diff(x_su) == pytest.approx(step_su)
    assert {camera.fov_deg for camera in exposure} == {40}


def test_a_lens_is_half_as_wide_as_its_opening_and_leaves_samples_alone():
    wide = render_params(FilmParams(quality="high", look=LookParams(aperture_su=0.1)))
    assert (wide.supersample, wide.lens_radius_su) == (2, 0.05)
