from dataclasses import replace

import numpy as np
import pytest

from parallax.errors import ModelError
from parallax.label_map import LABELS
from parallax.perceive import PerceiveParams, card, load_card, perceive_photo, predict
from parallax.perceive.card import EMBEDDED, HubSource
from parallax.perceive.photo_planes import input_size
from parallax.perceive.predict import read_disparity
from parallax.perceive.views import read_views
from parallax.photo import Photo

QUALITIES = ("standard", "high", "maximum")


@pytest.fixture
def seeded_model(monkeypatch, seeded_card):
    """perceive_photo with the seeded network instead of the shipped one."""
    monkeypatch.setattr(predict, "load_card", lambda name: seeded_card)
    return seeded_card


def photo_of(srgb8):
    return Photo(np.ascontiguousarray(srgb8, np.uint8), None, "test")


def noise(height, width):
    return np.random.default_rng(4).integers(0, 256, (height, width, 3), np.uint8)


def horizon(height=96, width=128):
    """Blue above, green below: as much of a landscape as fits."""
    srgb8 = np.full((height, width, 3), (110, 170, 240), np.uint8)
    srgb8[height // 2 :] = (60, 120, 40)
    return srgb8


def test_the_same_photo_gives_the_same_bytes(seeded_model):
    first, second = (
        perceive_photo(photo_of(noise(48, 64)), params=PerceiveParams()) for _ in range(2)
    )
    assert first.depth.inv_depth.tobytes() == second.depth.inv_depth.tobytes()
    assert first.labels.probability.tobytes() == second.labels.probability.tobytes()


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize(
    "srgb8",
    [
        np.zeros((40, 40, 3)),
        np.full((40, 64, 3), 255),
        noise(16, 16),
        noise(1, 1),
        noise(16, 600),
        noise(600, 16),
    ],
    ids=["black", "white", "16px", "1px", "wide", "tall"],
)
def test_odd_photos_give_finite_depth_between_zero_and_one(seeded_model, srgb8, quality):
    perception = perceive_photo(photo_of(srgb8), params=PerceiveParams(quality=quality))
    inv_depth = perception.depth.inv_depth
    assert np.isfinite(inv_depth).all()
    assert 0 < inv_depth.min() <= inv_depth.max() <= 1
    total = perception.labels.probability.sum(axis=-1, dtype=int)
    assert np.abs(total - 255).max() <= len(LABELS) // 2  # each plane is rounded


def test_labels_come_in_the_size_of_a_small_photo_and_depth_in_the_networks(seeded_model):
    perception = perceive_photo(photo_of(noise(50, 75)), params=PerceiveParams())
    assert perception.labels.size_wh == (75, 50)
    assert perception.depth.size_wh == (192, 128)  # the large view's


def test_more_quality_does_not_know_left_from_right(seeded_card):
    def lopsided(x):
        """A network that sees near on the right, wherever the photo is dark or bright."""
        slope = np.broadcast_to(np.linspace(0, 1, x.shape[3]), (1, 1, *x.shape[2:]))
        return slope, np.zeros((1, len(LABELS), x.shape[2] // 2, x.shape[3] // 2))

    standard, _ = read_views(lopsided, noise(64, 96), seeded_card, "standard")
    high, _ = read_views(lopsided, noise(64, 96), seeded_card, "high")
    assert np.ptp(standard) > 0.9
    assert np.ptp(high) < 1e-5


def test_tiles_give_a_large_photos_edges_and_leave_its_layout(seeded_card):
    def brightness(x):
        """Near where it is bright, sure of nothing else."""
        return x[:, :1].copy(), np.zeros((1, len(LABELS), x.shape[2] // 2, x.shape[3] // 2))

    wire = np.zeros((320, 480, 3), np.uint8)
    wire[:] = np.linspace(0, 128, 480)[:, None]
    wire[:, 105] = 255
    views = [
        read_views(brightness, wire, seeded_card, quality)[0] for quality in ("standard", "high")
    ]
    assert [view.shape for view in views] == [(128, 192), (205, 307)]
    around = [np.array_split(view, 4, axis=1) for view in views]
    # A wire of one pixel of 480 is seen as 192 / 480 of its height, in tiles as nearly 307 / 480
    heights = [float(np.ptp(part[0], axis=1).mean()) for part in around]
    assert heights[1] / heights[0] == pytest.approx(307 / 192, rel=0.2)
    # What lies far from it stands where it stood
    steps = [float(part[3].mean() - part[1].mean()) for part in around]
    assert steps[1] == pytest.approx(steps[0], rel=0.05)


def test_a_photo_no_larger_than_the_views_has_no_tiles(seeded_card):
    def flat(x):
        return np.zeros((1, 1, *x.shape[2:])), np.zeros(
            (1, len(LABELS), x.shape[2] // 2, x.shape[3] // 2)
        )

    high, _ = read_views(flat, noise(200, 300), seeded_card, "high")
    assert high.shape == (128, 192)


def test_label_planes_follow_the_order_of_the_card(seeded_card):
    def sure_of_the_first(x):
        logits = np.zeros((1, len(LABELS), x.shape[2] // 2, x.shape[3] // 2))
        logits[:, 0] = 20
        return np.zeros((1, 1, *x.shape[2:])), logits

    turned = replace(seeded_card, labels=("sky", *(n for n in LABELS if n != "sky")))
    _, probability = read_views(sure_of_the_first, noise(64, 64), turned, "standard")
    assert (probability.argmax(axis=-1) == LABELS.index("sky")).all()


def test_disparity_with_any_scale_and_shift_is_the_same_depth(seeded_card):
    def slope(gain, shift):
        def network(x):
            near = np.linspace(0, 1, x.shape[2])[None, None, :, None]
            return np.broadcast_to(near, (1, 1, *x.shape[2:])) * gain + shift

        return network

    one, other = (
        read_disparity(slope(*units), noise(64, 96), seeded_card, "standard")
        for units in ((1.0, 0.0), (300.0, 50.0))
    )
    assert np.allclose(one, other, atol=1e-3)
    assert np.isclose(np.ptp(one), np.log(12), atol=0.05)


def test_the_input_keeps_the_photos_shape_in_multiples_of_32():
    assert input_size((4000, 3000), 512, 32) == (512, 384)
    assert input_size((3000, 16), 512, 32) == (512, 64)  # never less than twice
    assert input_size((1, 1), 512, 32) == (512, 512)


def test_a_fetched_network_without_torch_says_what_to_do(monkeypatch, seeded_card):
    fetched = replace(seeded_card, name="fetched", source=HubSource("a/b", "c", "d"))
    monkeypatch.setattr(
        predict, "load_card", lambda name: seeded_card if name == EMBEDDED else fetched
    )
    monkeypatch.setattr(card, "find_spec", lambda name: None)
    assert fetched.installed and not fetched.usable
    with pytest.raises(ModelError, match=r"fetched: expected torch and timm.*--depth-model"):
        perceive_photo(photo_of(noise(48, 64)), params=PerceiveParams())


def test_an_unknown_quality_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="quality: expected standard, high or maximum, got 'best'"):
        PerceiveParams(quality="best")  # type: ignore[arg-type]


@pytest.mark.weights
def test_the_shipped_network_sees_a_sky_above_and_ground_nearer_below():
    perception = perceive_photo(photo_of(horizon(384, 512)), params=PerceiveParams(model=EMBEDDED))
    assert load_card(EMBEDDED).name == perception.model
    inv_depth = perception.depth.inv_depth
    far, near = inv_depth[: len(inv_depth) // 4], inv_depth[-len(inv_depth) // 8 :]
    assert near.mean() > 2 * far.mean()
    sky = perception.labels.mask("sky")
    assert sky[:100].mean() > 0.5 > sky[-100:].mean()
