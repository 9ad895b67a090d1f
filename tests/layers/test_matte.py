"""Soft edges: alpha, freed colours, and the photo that they mix to."""

import numpy as np
import pytest

from parallax.color import linear_from_srgb8, srgb8_from_linear
from parallax.layers.matte import MatteParams, cut_rim

HEIGHT, WIDTH, EDGE_X = 32, 48, 24.0
NEAR8, FAR8 = np.array((200, 60, 30), np.uint8), np.array((40, 90, 220), np.uint8)


def edge_distance():
    x = np.arange(WIDTH) + 0.5
    return np.broadcast_to(EDGE_X - x, (HEIGHT, WIDTH)).astype(np.float32)


def soft_edge(half_width_px):
    """A photo whose edge mixes the light of both sides linearly over so many pixels."""
    alpha = np.clip(0.5 + edge_distance() / (2 * half_width_px), 0, 1)[..., None]
    near, far = linear_from_srgb8(NEAR8), linear_from_srgb8(FAR8)
    return srgb8_from_linear(alpha * near + (1 - alpha) * far), alpha[..., 0]


def plain_back():
    return np.broadcast_to(FAR8, (HEIGHT, WIDTH, 3)).copy()


def is_pure(rim):
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask.ravel()[rim.pure_back] = True
    return mask


def mix(rim_srgb8, back_srgb8):
    alpha = rim_srgb8[..., 3:] / 255
    light = alpha * linear_from_srgb8(rim_srgb8[..., :3])
    return srgb8_from_linear(light + (1 - alpha) * linear_from_srgb8(back_srgb8))


def test_alpha_is_the_share_of_the_foregrounds_light():
    photo, alpha = soft_edge(3)
    rim = cut_rim(
        photo, plain_back(), edge_distance(), params=MatteParams(inside_px=4, outside_px=4)
    )
    found = rim.srgb8[..., 3] / 255
    shown = (alpha > 0.15) | (alpha == 0)  # fainter is left to the background
    np.testing.assert_allclose(found[shown], alpha[shown], atol=0.06)


def test_the_foregrounds_colour_is_freed_of_the_background():
    photo, alpha = soft_edge(3)
    rim = cut_rim(
        photo, plain_back(), edge_distance(), params=MatteParams(inside_px=4, outside_px=4)
    )
    solid = alpha > 0.3
    error = np.abs(rim.srgb8[..., :3].astype(int) - NEAR8)[solid]
    assert error.max() <= 20  # of 255; the mixed pixels differ by up to 200


def test_the_rim_over_the_background_is_the_photo():
    photo, _ = soft_edge(3)
    back = plain_back()
    rim = cut_rim(photo, back, edge_distance(), params=MatteParams(inside_px=4, outside_px=4))
    back[is_pure(rim)] = photo[is_pure(rim)]
    back[edge_distance() < -4] = photo[edge_distance() < -4]
    assert np.abs(mix(rim.srgb8, back).astype(int) - photo).max() <= 1


@pytest.mark.parametrize("seed", range(10))
def test_the_rim_over_any_background_is_any_photo(seed):
    rng = np.random.default_rng(seed)
    photo, back = rng.integers(0, 256, (2, HEIGHT, WIDTH, 3), np.uint8)
    params = MatteParams(inside_px=rng.uniform(0.5, 6), outside_px=rng.uniform(0, 6))
    rim = cut_rim(photo, back, edge_distance(), params=params)
    outside = is_pure(rim) | (edge_distance() <= -params.outside_px)
    back[outside] = photo[outside]
    error = np.abs(mix(rim.srgb8, back).astype(int) - photo)
    assert np.mean(error > 2) < 0.001
    assert error.max() <= 6  # dark foreground of little alpha is rounded to 8 bits


def test_away_from_the_edge_the_near_side_is_opaque_and_the_photo():
    photo, _ = soft_edge(1)
    rim = cut_rim(photo, plain_back(), edge_distance(), params=MatteParams(inside_px=2))
    inside = edge_distance() >= 2
    assert (rim.srgb8[inside][:, 3] == 255).all()
    np.testing.assert_array_equal(rim.srgb8[inside][:, :3], photo[inside])
    assert (rim.srgb8[edge_distance() < -1][:, 3] == 0).all()


def test_sides_that_look_alike_part_at_the_edge():
    photo = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    rim = cut_rim(photo, photo, edge_distance(), params=MatteParams(inside_px=3, outside_px=3))
    np.testing.assert_array_equal(rim.srgb8[..., 3], np.where(edge_distance() > 0, 255, 0))


def test_a_hair_past_the_edge_is_foreground():
    photo = np.where((edge_distance() > 0)[..., None], NEAR8, FAR8).astype(np.uint8)
    photo[10, 24:30] = NEAR8
    rim = cut_rim(
        photo, plain_back(), edge_distance(), params=MatteParams(inside_px=2, outside_px=8)
    )
    assert (rim.srgb8[10, 24:30, 3] > 240).all()
    assert (rim.srgb8[20, 24:30, 3] == 0).all()


def test_the_foregrounds_colour_goes_on_where_it_is_clear():
    photo, _ = soft_edge(0.5)
    rim = cut_rim(photo, plain_back(), edge_distance(), params=MatteParams(inside_px=1.5))
    just_past = (edge_distance() < -0.6) & (edge_distance() > -2.4)
    assert (rim.srgb8[just_past][:, 3] == 0).all()
    assert np.abs(rim.srgb8[just_past][:, :3].astype(int) - NEAR8).max() <= 6


def test_a_photo_without_edges_is_all_opaque():
    photo = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    rim = cut_rim(photo, photo, np.full((HEIGHT, WIDTH), 1e6, np.float32), params=MatteParams())
    assert (rim.srgb8[..., 3] == 255).all()
    assert len(rim.pure_back) == 0
