"""Flow that a user brings, in each of its file formats."""

import cv2
import numpy as np
import pytest

from parallax.errors import MotionError
from parallax.motion.flow_file import FLO_MAGIC, load_velocity

SIZE_WH = (40, 20)
RIGHT_DOWN = np.broadcast_to(np.array([4.0, -2.0], np.float32), (20, 40, 2))  # pixels a second


def write_flo(path, flow):
    height, width = flow.shape[:2]
    header = np.float32(FLO_MAGIC).tobytes() + np.array([width, height], "<i4").tobytes()
    path.write_bytes(header + np.ascontiguousarray(flow, "<f4").tobytes())


def test_flo_and_npy_hold_pixels_a_second(tmp_path):
    write_flo(tmp_path / "a.flo", RIGHT_DOWN)
    np.save(tmp_path / "a.npy", RIGHT_DOWN)
    for name in ("a.flo", "a.npy"):
        velocity = load_velocity(tmp_path / name, SIZE_WH, where="regions[0]")
        assert velocity.shape == (20, 40, 2)
        assert velocity[10, 10] == pytest.approx([0.2, -0.1])  # of a short side of 20


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_png_stands_still_at_its_middle(tmp_path, kind):
    full = np.iinfo(kind).max
    bgr = np.zeros((10, 20, 3), kind)
    bgr[..., 2], bgr[..., 1] = full, (full + 1) // 2  # red: to the right; green: not at all
    cv2.imwrite(str(tmp_path / "a.png"), bgr)
    velocity = load_velocity(tmp_path / "a.png", SIZE_WH, where="regions[0]")
    assert velocity[5, 5] == pytest.approx([0.5, 0.0], abs=0.005)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("no.flo", None, "expected a flow file, got nothing"),
        ("cut.flo", np.float32(FLO_MAGIC).tobytes(), "expected a whole .flo file"),
        ("a.npy", b"no array", "expected a .npy array"),
        ("a.png", b"no picture", "expected a colour PNG"),
        ("a.txt", b"", "expected .flo, .npy or .png"),
    ],
)
def test_a_file_that_is_no_flow_is_told(tmp_path, name, data, expected):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(MotionError, match=rf"regions\[0\].file: {expected}"):
        load_velocity(tmp_path / name, SIZE_WH, where="regions[0]")
