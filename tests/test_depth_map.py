import cv2
import numpy as np
import pytest

from parallax.depth_map import DepthMap, load_depth, save_depth
from parallax.errors import DepthError


def test_an_array_file_is_used_as_it_is(tmp_path):
    inv_depth = np.linspace(0, 60, 12, dtype=np.float32).reshape(3, 4)
    np.save(tmp_path / "d.npy", inv_depth)
    assert (load_depth(tmp_path / "d.npy").inv_depth == inv_depth).all()


def test_a_16_bit_picture_keeps_its_65536_levels(tmp_path):
    levels = np.array([[0, 1], [65534, 65535]], np.uint16)
    cv2.imwrite(str(tmp_path / "d.png"), levels)
    assert np.allclose(load_depth(tmp_path / "d.png").inv_depth * 65535, levels, atol=1e-2)


def test_a_grey_picture_saved_as_colour_is_accepted_and_a_colour_map_is_not(tmp_path):
    grey = np.array([[0, 128], [200, 255]], np.uint8)
    cv2.imwrite(str(tmp_path / "grey.png"), np.repeat(grey[..., None], 3, -1))
    assert np.allclose(load_depth(tmp_path / "grey.png").inv_depth, grey / 255)
    cv2.imwrite(str(tmp_path / "jet.png"), cv2.applyColorMap(grey, cv2.COLORMAP_JET))
    with pytest.raises(DepthError, match=r"jet\.png: expected a grey picture .*, got colours"):
        load_depth(tmp_path / "jet.png")


def test_what_is_saved_is_what_is_loaded(tmp_path):
    rng = np.random.default_rng(1)
    depth = DepthMap(rng.random((7, 9), np.float32))
    save_depth(tmp_path / "d.npy", depth)
    assert (load_depth(tmp_path / "d.npy").inv_depth == depth.inv_depth).all()
    save_depth(tmp_path / "d.png", depth)
    nearest_is_white = depth.inv_depth / depth.inv_depth.max()
    assert np.allclose(load_depth(tmp_path / "d.png").inv_depth, nearest_is_white, atol=1e-5)


def test_a_hole_takes_the_value_of_its_nearest_neighbour(tmp_path):
    raw = np.full((5, 5), 2.0, np.float32)
    raw[:, 3:] = 7
    raw[2, 4], raw[1, 0], raw[4, 4] = np.nan, -3, np.inf
    np.save(tmp_path / "d.npy", raw)
    filled = load_depth(tmp_path / "d.npy").inv_depth
    assert (filled[2, 4], filled[1, 0], filled[4, 4]) == (7, 2, 7)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.npy", b"", r"expected a \.npy array"),
        ("a.npy", b"not an array", r"expected a \.npy array"),
        ("a.png", b"\x89PNG nothing", r"expected a \.npy array or a grey picture, got neither"),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DepthError, match=message):
        load_depth(tmp_path / name)


def test_a_missing_file_a_cube_and_mostly_holes_are_refused(tmp_path):
    with pytest.raises(DepthError, match="expected a depth file, got nothing there"):
        load_depth(tmp_path / "none.npy")
    np.save(tmp_path / "cube.npy", np.zeros((2, 2, 2)))
    with pytest.raises(DepthError, match=r"expected one \(height, width\) array"):
        load_depth(tmp_path / "cube.npy")
    np.save(tmp_path / "holes.npy", np.full((4, 4), np.nan, np.float32))
    with pytest.raises(DepthError, match="got 100% others"):
        load_depth(tmp_path / "holes.npy")


def test_a_pickle_is_never_opened(tmp_path):
    np.save(tmp_path / "evil.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(DepthError, match=r"expected a \.npy array"):
        load_depth(tmp_path / "evil.npy")


def test_an_unknown_kind_of_file_is_not_written(tmp_path):
    with pytest.raises(DepthError, match=r"expected a name ending in \.png or \.npy"):
        save_depth(tmp_path / "d.jpg", DepthMap(np.ones((2, 2), np.float32)))


def test_the_noun_is_read_only_and_checks_itself():
    depth = DepthMap(np.ones((2, 3), np.float32))
    assert depth.size_wh == (3, 2)
    with pytest.raises(ValueError, match="read-only"):
        depth.inv_depth[0, 0] = 2
    with pytest.raises(ValueError, match="expected 0 or more"):
        DepthMap(np.full((2, 2), -1, np.float32))
    with pytest.raises(TypeError, match="expected float32, got float64"):
        DepthMap(np.ones((2, 2)))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="NaN or infinity"):
        DepthMap(np.full((2, 2), np.nan, np.float32))
