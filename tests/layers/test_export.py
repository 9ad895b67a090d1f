"""Layers as pictures."""

import json

import cv2
import numpy as np
import pytest

from parallax.color import linear_from_srgb8, srgb8_from_linear
from parallax.errors import OutputError
from parallax.layers.export import prepare_folder, save_layers
from tests.layers.exact import FAR_INV, NEAR_INV, SHAPES, inv_depth_of, view
from tests.layers.test_build import build
from tests.scenes import psnr_db


@pytest.fixture
def stack(tmp_path):
    photo = view(SHAPES["disc"], (0, 0, 0))
    files = save_layers(tmp_path, build(photo, inv_depth_of(SHAPES["disc"])))
    described = json.loads((tmp_path / "layers.json").read_text())
    layers = [
        [cv2.imread(str(tmp_path / entry[k]), cv2.IMREAD_UNCHANGED) for k in ("color", "depth")]
        for entry in described["layers_far_to_near"]
    ]
    return photo, described, layers, files


def cut_photo(picture, described):
    """The photo's part of a picture of the whole window."""
    (u0, v0, u1, v1), (height, width) = described["window_uv"], picture.shape[:2]
    left, right = (round((u - u0) / (u1 - u0) * width) for u in (0, 1))
    top, bottom = (round((v - v0) / (v1 - v0) * height) for v in (0, 1))
    return picture[top:bottom, left:right]


def test_laid_over_one_another_they_are_the_photo(stack):
    photo, described, layers, _ = stack
    light = np.zeros((*layers[0][0].shape[:2], 3))
    for bgra, _ in layers:
        alpha = bgra[..., 3:] / 255
        light = alpha * linear_from_srgb8(bgra[..., 2::-1]) + (1 - alpha) * light
    assert psnr_db(cut_photo(srgb8_from_linear(light), described), photo) > 45


def test_depths_are_those_of_the_surfaces(stack):
    _, described, layers, _ = stack
    names = [entry["name"] for entry in described["layers_far_to_near"]]
    unit = described["inv_depth_at_white"] / 65535
    depth = {n: cut_photo(d, described) * unit for n, (_, d) in zip(names, layers, strict=True)}
    assert depth["front"][32, 40] == pytest.approx(NEAR_INV, abs=1e-3)
    assert depth["front"][5, 90] == pytest.approx(FAR_INV, abs=1e-3)
    assert depth["back"][32, 30] == pytest.approx(FAR_INV, abs=1e-2)
    assert 0 < depth["backdrop"][32, 40] < FAR_INV


def test_what_a_layer_does_not_draw_is_clear(stack):
    _, described, layers, _ = stack
    for bgra, depth in layers:
        assert (bgra[..., 3][depth == 0] == 0).all()
    back = layers[1][0]
    assert cut_photo(back, described)[5, 90, 3] == 0


def test_all_files_are_told(stack, tmp_path):
    assert sorted(stack[3]) == sorted(tmp_path.iterdir())


def test_layers_are_replaced_only_if_told(stack, tmp_path):
    prepare_folder(tmp_path, overwrite=True)
    prepare_folder(tmp_path / "a" / "new", overwrite=False)
    with pytest.raises(
        OutputError, match=r"layers\.json: expected no file there, got one; -y overwrites it"
    ):
        prepare_folder(tmp_path, overwrite=False)


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file: expected a folder for the layers"):
        prepare_folder(tmp_path / "file", overwrite=True)
