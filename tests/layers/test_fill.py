"""What is painted behind the foreground."""

import cv2
import numpy as np
import pytest

from parallax.layers.fill import FillParams, Sources, fill_background
from parallax.layers.kind import SKY, UNKNOWN

BACK, FRONT = np.array((40, 120, 200), np.uint8), np.array((250, 10, 10), np.uint8)


def filled_from(photo, background, wanted, params, rank=0, kind=UNKNOWN):
    ranks, kinds = (np.broadcast_to(np.uint8(it), wanted.shape) for it in (rank, kind))
    return fill_background(photo, wanted, Sources(background, ranks, kinds), params=params)


def a_disc(height=64, width=80):
    y, x = np.mgrid[:height, :width]
    return np.hypot(x - width / 2, y - height / 2) < 14


def disc_before(back):
    disc = a_disc(*back.shape[:2])
    return np.where(disc[..., None], FRONT, back).astype(np.uint8), disc


def test_a_plain_background_is_continued_exactly():
    photo, disc = disc_before(np.broadcast_to(BACK, (64, 80, 3)))
    filled = filled_from(photo, ~disc, disc, params=FillParams())
    np.testing.assert_allclose(filled, np.broadcast_to(BACK, (64, 80, 3)), atol=1)


def test_nothing_of_the_foreground_enters():
    rng = np.random.default_rng(5)
    back = rng.integers(0, 120, (64, 80, 3), np.uint8)
    photo, disc = disc_before(back)
    recoloured = np.where(disc[..., None], 255 - FRONT, photo).astype(np.uint8)
    one = filled_from(photo, ~disc, disc, params=FillParams())
    other = filled_from(recoloured, ~disc, disc, params=FillParams())
    np.testing.assert_array_equal(one, other)


def test_the_background_itself_is_not_touched():
    rng = np.random.default_rng(6)
    photo, disc = disc_before(rng.integers(0, 256, (64, 80, 3), np.uint8))
    filled = filled_from(photo, ~disc, disc, params=FillParams())
    np.testing.assert_array_equal(filled[~disc], photo[~disc])


def test_a_gradient_goes_on():
    gradient = np.linspace(20, 220, 80).astype(np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2)
    photo, disc = disc_before(gradient)
    filled = filled_from(photo, ~disc, disc, params=FillParams(texture=0))
    error = np.abs(filled.astype(int) - gradient)
    assert error[disc].mean() < 8


def test_texture_brings_detail_that_a_smooth_fill_has_not():
    rng = np.random.default_rng(7)
    grass = rng.integers(80, 160, (64, 80, 1), np.uint8).repeat(3, 2)
    photo, disc = disc_before(grass)
    smooth = filled_from(photo, ~disc, disc, params=FillParams(texture=0))
    textured = filled_from(photo, ~disc, disc, params=FillParams(texture=1))
    edge = disc & ~a_disc_of(10)
    assert smooth[edge].std() < 0.5 * grass[edge].std()
    assert textured[edge].std() > 0.7 * grass[edge].std()


def a_disc_of(radius, height=64, width=80):
    y, x = np.mgrid[:height, :width]
    return np.hypot(x - width / 2, y - height / 2) < radius


def test_large_pictures_are_filled_as_small_ones():
    photo, disc = disc_before(np.broadcast_to(BACK, (900, 1000, 3)))
    disc = a_disc_of(60, 900, 1000)
    photo = np.where(disc[..., None], FRONT, BACK).astype(np.uint8)
    filled = filled_from(photo, ~disc, disc, params=FillParams())
    assert np.abs(filled.astype(int) - BACK).max() <= 1


def test_without_background_the_photo_stays():
    photo = np.full((8, 8, 3), 9, np.uint8)
    nothing, everything = np.zeros((8, 8), np.bool_), np.ones((8, 8), np.bool_)
    np.testing.assert_array_equal(
        filled_from(photo, nothing, everything, params=FillParams()), photo
    )


def test_amplitudes_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"texture: expected 0…1, got 2"):
        FillParams(texture=2)


def test_what_is_nearer_is_not_painted_into_what_is_far():
    photo, disc = disc_before(np.broadcast_to(BACK, (64, 80, 3)))
    rock = np.zeros_like(disc)
    rock[:, 50:] = True
    rock &= ~disc
    photo[rock] = (90, 60, 30)
    far = np.where(rock, 1, 0)
    only_far = filled_from(photo, ~disc, disc, params=FillParams(), rank=far)
    np.testing.assert_allclose(only_far[disc], np.broadcast_to(BACK, (disc.sum(), 3)), atol=1)
    both = filled_from(photo, ~disc, disc, params=FillParams(), rank=np.where(disc, 1, far))
    assert (both[disc][:, 2] < BACK[2] - 10).any()


def test_between_land_and_sky_land_is_painted_behind_what_is_before_land():
    sky, land = np.array((90, 160, 250), np.uint8), np.array((110, 90, 40), np.uint8)
    row = np.arange(64)[:, None].repeat(80, 1)
    photo = np.where((row < 32)[..., None], sky, land)
    hidden = (row >= 24) & (row < 32)
    photo[hidden] = FRONT
    kind, rank = np.where(row < 24, SKY, UNKNOWN), np.where(row < 24, 0, 1)
    smooth = FillParams(texture=0)
    filled = filled_from(photo, ~hidden, hidden, params=smooth, rank=rank, kind=kind)
    blended = filled_from(photo, ~hidden, hidden, params=smooth, rank=rank)
    assert blended[hidden][:, 2].mean() > land[2] + 90  # half and half
    assert filled[hidden][:, 2].mean() < land[2] + 70


def test_of_large_pictures_nothing_of_the_foreground_enters_either():
    rng = np.random.default_rng(5)
    back = cv2.resize(rng.integers(0, 120, (110, 125, 3), np.uint8), (1001, 901))
    disc = a_disc_of(60.3, 901, 1001)
    one, other = (
        filled_from(
            np.where(disc[..., None], colour, back).astype(np.uint8),
            ~disc,
            disc,
            params=FillParams(),
        )
        for colour in (FRONT, 255 - FRONT)
    )
    np.testing.assert_array_equal(one, other)


def test_single_pixels_called_background_do_not_show():
    photo = np.broadcast_to(BACK, (901, 1001, 3)).copy()
    disc = a_disc_of(80, 901, 1001)
    photo[disc] = FRONT
    background = ~disc
    background[450, 501] = True  # in the middle of the foreground, and of its colour
    filled = filled_from(photo, background, ~background, params=FillParams())
    np.testing.assert_allclose(filled[440, 470], BACK, atol=1)
