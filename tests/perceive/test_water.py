from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional

from parallax.errors import ModelError
from parallax.label_map import LABELS
from parallax.perceive.card import WeightsFile
from parallax.perceive.embedded import WATER_LEVELS
from parallax.perceive.torch_weights import assign_weights
from parallax.perceive.training.export import save_weights
from parallax.perceive.training.network import EmbeddedNetwork, fold_norms
from parallax.perceive.training.water import Places, train_water
from parallax.perceive.training.water_example import (
    DRY,
    UNKNOWN,
    WET,
    coarse_state,
    draw_state,
    load_hand_labels,
    paste_water,
    teacher_state,
    vary_picture,
)
from parallax.perceive.training.water_head import WaterHead, fold_water, gather_places
from parallax.perceive.views import read_views
from parallax.perceive.water import RAISED, fine_contrast, settle_water
from parallax.perceive.weights import hash_file, load_embedded

WATER = LABELS.index("water")
SAME = 1e-4  # of the largest answer: float32 sums in another order
SQUARE = [[25.0, 50.0], [75.0, 50.0], [75.0, 100.0], [25.0, 100.0]]  # percent


def noise(height, width, *, contrast):
    """A photo of grey noise."""
    luma = np.random.default_rng(7).normal(128, 255 * contrast, (height, width, 1))
    return np.clip(luma, 0, 255).astype(np.uint8).repeat(3, 2)


def ground(height, width):
    """Labels of a photo of ground, with a little of all else."""
    probability = np.full((height, width, 7), 0.02, np.float32)
    probability[..., LABELS.index("ground")] = 0.88
    return probability


def odds_of_a_square(*, sure, likely=1.2):
    """Log odds of dry land with a square of likely water, whose middle is as sure as that."""
    odds = np.full((20, 30), -6, np.float32)
    odds[5:15, 5:15] = likely
    odds[7:12, 7:12] = sure
    return odds


SPECK = np.pad(np.full((2, 2), 5, np.float32), ((5, 13), (5, 23)), constant_values=-6)


def test_a_sure_part_becomes_water_with_all_that_is_likely_beside_it():
    settled = settle_water(
        ground(160, 240), [odds_of_a_square(sure=3)], noise(320, 480, contrast=0.2)
    )
    is_water = settled.argmax(-1) == WATER
    assert is_water[48:112, 48:112].all()
    assert not is_water[:32].any() and not is_water[:, 130:].any()
    np.testing.assert_allclose(settled.sum(-1), 1, atol=1e-5)
    # The other labels share what is left as before
    middle = settled[80, 80]
    assert middle[WATER] == pytest.approx(RAISED + (1 - RAISED) * 0.02, abs=1e-3)
    assert middle[LABELS.index("ground")] == pytest.approx((1 - RAISED) * 0.88, abs=1e-3)


@pytest.mark.parametrize(
    ("odds", "contrast"),
    [
        (odds_of_a_square(sure=0.9, likely=0.9), 0.2),  # nothing in it is sure
        (odds_of_a_square(sure=2.0), 0.004),  # as smooth as snow
        (SPECK, 0.2),  # smaller than what would be moved
    ],
)
def test_what_is_unsure_smooth_or_small_stays_what_it_was(odds, contrast):
    before = ground(160, 240)
    assert settle_water(before, [odds], noise(320, 480, contrast=contrast)) is before


def test_smooth_water_that_is_beyond_doubt_is_water():
    odds = odds_of_a_square(sure=6, likely=4)
    settled = settle_water(ground(160, 240), [odds], noise(320, 480, contrast=0.004))
    assert settled[80, 80].argmax() == WATER


def test_both_views_have_a_say():
    photo = noise(320, 480, contrast=0.2)
    dry = np.full((10, 15), -6, np.float32)
    before = ground(160, 240)
    assert settle_water(before, [dry, odds_of_a_square(sure=3)], photo) is before


@pytest.mark.parametrize("quality", ["standard", "high"])
def test_water_is_found_on_its_own_side_in_mirrored_views_too(seeded_card, quality):
    photo = noise(128, 192, contrast=0.1) // 3
    photo[:, :80] += 150  # what the network below takes for water

    def bright_water(x):
        height, width = x.shape[2:]
        bright = cv2.resize(x[0].mean(0), (width // 16, height // 16), interpolation=cv2.INTER_AREA)
        logits = np.zeros((1, 7, height // 2, width // 2), np.float32)
        logits[:, LABELS.index("ground")] = 3
        odds = np.where(bright > 0, 5, -6).astype(np.float32)
        return np.zeros((1, 1, height, width), np.float32), logits, odds[None, None]

    _, probability = read_views(bright_water, photo, seeded_card, quality)
    is_water = probability.argmax(-1) == WATER
    wide = is_water.shape[1]
    assert is_water[:, : wide // 3].all()
    assert not is_water[:, wide // 2 :].any()


def test_fine_contrast_of_noise_is_its_deviation():
    contrast = fine_contrast(noise(320, 480, contrast=0.1))
    assert np.median(contrast) == pytest.approx(0.1, rel=0.05)
    assert fine_contrast(np.full((60, 60, 3), 90, np.uint8)).max() < 1e-4


@pytest.fixture
def water_card(seeded_card):
    """The seeded card with a second head, whose weights are seeded too."""
    path = seeded_card.weights.with_name("water.safetensors")
    save_weights(fold_water(seeded_head()), path)
    return replace(seeded_card, water=WeightsFile(path, hash_file(path)))


def seeded_head():
    torch.manual_seed(8)
    head = WaterHead()
    head.mean.normal_()
    head.spread.uniform_(0.5, 2)
    return head


@pytest.mark.parametrize("size_wh", [(64, 64), (160, 96), (96, 224)])
def test_opencv_finds_the_water_that_torch_finds(water_card, size_wh):
    network = EmbeddedNetwork().eval()
    fold_norms(network)
    saved = load_file(str(water_card.weights))
    assign_weights(
        network, {key: value.float() for key, value in saved.items()}, water_card.weights
    )
    x = torch.rand(1, 3, *size_wh[::-1], generator=torch.Generator().manual_seed(2)) * 4 - 2
    *_, ours = load_embedded(water_card)(x.numpy())
    with torch.inference_mode():
        _, logits = network(x)
        known, own = gather_places(network, x)
        np.testing.assert_allclose(own, functional.avg_pool2d(logits, 8), atol=1e-5)
        odds = head_from(load_file(str(water_card.water.path)))(known[0].flatten(1).T)
    assert ours.shape == (1, 1, size_wh[1] // 16, size_wh[0] // 16)
    assert np.abs(ours.ravel() - odds.numpy()).max() < SAME * odds.abs().max()


def head_from(tensors):
    """A head whose weights are those of a file, means and spreads folded into them."""
    head = WaterHead()
    parts = [tensors[f"water.{name}.weight"].float().sum((2, 3)) for name in WATER_LEVELS]
    with torch.no_grad():
        head.known.weight.copy_(torch.cat(parts, 1))
        head.known.bias.copy_(tensors["water.encoder16.bias"].float())
        head.head.weight.copy_(tensors["water.head.weight"].float()[:, :, 0, 0])
        head.head.bias.copy_(tensors["water.head.bias"].float())
    return head.eval()


def test_folding_means_and_spreads_changes_no_answer():
    head, places = seeded_head().eval(), torch.randn(50, sum(WaterHead().widths))
    with torch.inference_mode():
        np.testing.assert_allclose(head_from(fold_water(head))(places), head(places), atol=1e-4)


def test_another_second_head_is_refused(water_card):
    damaged = replace(water_card, water=replace(water_card.water, sha256="0" * 64))
    with pytest.raises(ModelError, match=r"water.safetensors: expected sha256 0000"):
        load_embedded(damaged)


def test_what_was_drawn_by_hand_is_wet_unknown_or_dry():
    state = draw_state(
        {"unknown": [[[0, 0], [100, 0], [100, 40], [0, 40]]], "wet": [SQUARE]}, (20, 40)
    )
    assert state[2, 5] == UNKNOWN
    assert state[15, 20] == WET
    assert state[15, 3] == DRY


def test_a_place_that_is_half_wet_is_unknown():
    state = np.zeros((32, 32), np.int8)
    state[:, 8:] = WET
    np.testing.assert_array_equal(coarse_state(state, (2, 2)), [[UNKNOWN, WET]] * 2)


def test_the_teacher_is_believed_where_the_network_agrees(tmp_path):
    ids = np.zeros((40, 40), np.uint8)
    ids[20:] = 22
    cv2.imwrite(str(tmp_path / "labels.png"), ids)
    own = np.array([[0.1, 0.9], [0.1, 0.9]], np.float32)
    state = teacher_state(tmp_path / "labels.png", own)
    np.testing.assert_array_equal(state, [[DRY, UNKNOWN], [UNKNOWN, WET]])


def test_pasted_water_is_wet_and_the_rest_is_dry():
    rng = np.random.default_rng(3)
    white, black = np.full((60, 40, 3), 255, np.uint8), np.zeros((80, 120, 3), np.uint8)
    state = draw_state({"wet": [SQUARE]}, white.shape)
    pasted, pasted_state = paste_water(white, state, black, rng)
    grey = pasted.max(2)
    assert (grey[pasted_state == WET] > 60).all()
    assert (grey[pasted_state == DRY] < 20).all()
    assert 0.02 < (pasted_state == WET).mean() < 0.7


def test_a_varied_photo_keeps_its_state_beside_it():
    srgb8 = np.zeros((60, 80, 3), np.uint8)
    srgb8[30:, 20:60] = 200
    state = draw_state({"wet": [SQUARE]}, srgb8.shape)
    pictures = list(vary_picture(srgb8, state, np.random.default_rng(4), num=8))
    assert [size for *_, size in pictures[:2]] == [320, 640]
    for picture, picture_state, _ in pictures:
        assert picture.shape[:2] == picture_state.shape
        luma = picture.mean(2)
        assert luma[picture_state == WET].mean() > luma[picture_state == DRY].mean() + 40


def test_a_head_learns_what_tells_wet_from_dry():
    torch.manual_seed(6)
    wet = torch.arange(20_000) % 2
    known = torch.randn(20_000, sum(WaterHead().widths))
    known[:, :30] += wet[:, None]
    head = train_water(Places(known, wet.float(), torch.ones(20_000)))
    with torch.inference_mode():
        assert ((head(known) > 0) == (wet > 0)).float().mean() > 0.95


def test_hand_labels_are_outlines_in_percent():
    hand = load_hand_labels()
    assert set(hand.falls) < set(hand.drawn)
    for outlines in hand.drawn.values():
        assert outlines["wet"]
        for outline in (o for parts in outlines.values() for o in parts):
            assert len(outline) >= 3
            assert np.array(outline).min() >= 0
            assert np.array(outline).max() <= 100
