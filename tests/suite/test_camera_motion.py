"""Camera motions called from frames alone: on a picture that is shifted and scaled by hand."""

import cv2
import numpy as np
import pytest

from benchmarks.camera_motion import CAMERA_MOTIONS, call_as_vbench, classify_camera_motion

WH = (160, 96)
SHIFTS = {
    "pan left": (10, 0, 1.0),
    "pan right": (-10, 0, 1.0),
    "tilt up": (0, 8, 1.0),
    "tilt down": (0, -8, 1.0),
    "zoom in": (0, 0, 1.15),
    "zoom out": (0, 0, 0.87),
    "static": (0, 0, 1.0),
}


def film(x_px, y_px, zoom, *, passer_by=False):
    """Six frames in which the picture goes this far and grows this much."""
    rng = np.random.default_rng(4)
    whole = cv2.resize(rng.integers(30, 220, (40, 60, 3), np.uint8), (240, 160))
    middle = np.array([120.0, 80.0])
    for share in np.linspace(0, 1, 6):
        scale = 1 + (zoom - 1) * share
        at = np.array(WH) / 2 - scale * middle + np.array([x_px, y_px]) * share
        matrix = np.array([[scale, 0, at[0]], [0, scale, at[1]]])
        frame = np.asarray(cv2.warpAffine(whole, matrix, WH), np.uint8)
        if passer_by:
            left = round(20 + 60 * share)
            frame[40:60, left : left + 20] = (250, 10, 10)
        yield frame


@pytest.mark.parametrize("motion", CAMERA_MOTIONS)
def test_each_motion_is_called_by_its_name(motion):
    assert classify_camera_motion(film(*SHIFTS[motion])) == motion
    assert call_as_vbench(film(*SHIFTS[motion])) == {motion}


def test_something_that_passes_by_is_no_camera():
    assert classify_camera_motion(film(0, 0, 1.0, passer_by=True)) == "static"


def test_one_frame_moves_nowhere():
    with pytest.raises(ValueError, match="expected two or more of one size, got 1"):
        classify_camera_motion(list(film(0, 0, 1.0))[:1])
