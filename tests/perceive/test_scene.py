from typing import cast

import numpy as np
import pytest

from parallax.label_map import LABELS
from parallax.perceive.training import scene
from parallax.perceive.training.ray_picture import RayPicture
from parallax.perceive.training.scene import FAR_M, render_scene


class Fixed:
    """Chance with the answers put in: every uniform number is the lowest, every normal one 0."""

    def uniform(self, low=0.0, high=1.0, size=None):
        return np.full(size, low) if size else low

    def normal(self, size=None):
        return np.zeros(size) if size else 0.0

    def random(self):
        return 0.0

    def integers(self, *_):
        return 0


@pytest.fixture
def picture():
    x, y = np.meshgrid(np.linspace(-1, 1, 41), np.linspace(-1, 1, 41))
    return RayPicture(
        direction=np.stack([x, y, np.ones_like(x)], -1).astype(np.float32),
        light=np.array([0, 0, -1], np.float32),
        depth_m=np.full((41, 41), FAR_M, np.float32),
        srgb=np.zeros((41, 41, 3), np.float32),
        rng=cast("np.random.Generator", Fixed()),
        textures=[np.full((32, 32, 3), 128, np.uint8)],
    )


def test_the_ground_is_as_far_as_the_eye_is_high(picture):
    scene._lay_ground(picture, 1.5)
    assert picture.depth_m[40, 20] == pytest.approx(1.5)
    assert picture.depth_m[30, 0] == pytest.approx(3.0)
    assert (picture.depth_m[:21] == FAR_M).all()


def test_a_box_is_met_at_its_front(picture):
    # The smallest: 0.05 z a side, standing on the point (0, 0.05, 2)
    place = np.array([0, 0.05, 2], np.float32)
    scene._add_box(picture, place)
    assert picture.depth_m[20, 20] == pytest.approx(1.95, abs=1e-4)
    assert picture.depth_m[0, 0] == FAR_M


def test_a_ball_is_met_a_radius_before_its_middle(picture):
    place = np.array([0, 0.08, 2], np.float32)
    scene._add_ball(picture, place)
    assert picture.depth_m[20, 20] == pytest.approx(1.92, abs=1e-3)


def test_what_is_nearer_hides_what_is_farther(picture):
    hit, white = np.ones((41, 41), np.bool_), np.ones((41, 41, 3), np.float32)
    picture.cover(np.full((41, 41), 3, np.float32), hit, white)
    picture.cover(np.full((41, 41), 5, np.float32), hit, 0 * white)
    assert (picture.depth_m == 3).all()
    assert (picture.srgb == 1).all()


def test_a_scene_has_exact_depth_everywhere_and_no_labels(monkeypatch):
    monkeypatch.setattr(scene, "SIZE_WH", (128, 96))
    texture = np.random.default_rng(0).integers(256, size=(64, 80, 3)).astype(np.uint8)
    sample = render_scene(np.random.default_rng(4), [texture], num_features=3)
    width, height = scene.SIZE_WH
    assert sample.srgb8.shape == (height, width, 3)
    assert sample.log_disparity.shape == (height, width)
    assert sample.probability.shape == (height // 2, width // 2, len(LABELS))
    assert not sample.probability.any()
    depth_m = np.exp(-sample.log_disparity.astype(np.float32))
    assert 0.2 < depth_m.min() < depth_m.max() < FAR_M * 1.01
    again = render_scene(np.random.default_rng(4), [texture], num_features=3)
    assert np.array_equal(again.log_disparity, sample.log_disparity)
