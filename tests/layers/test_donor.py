"""Where fine detail for what is painted comes from."""

import cv2
import numpy as np
import pytest

from parallax.layers.donor import Source, Structure, choose_donors, fetch_detail

HEIGHT, WIDTH, EDGE = 40, 120, 60  # the foreground begins at a column
GREY = 100
RNG = np.random.default_rng(3)
NOISE = RNG.integers(-30, 30, (HEIGHT, WIDTH, 1)).repeat(3, 2)


def a_structure(smooth, known, kind=None):
    smooth = smooth.astype(np.float32)
    kind = np.zeros(known.shape, np.uint8) if kind is None else kind.astype(np.uint8)
    return Structure(smooth, smooth, known, kind, 1)


def detail_behind(structure, photo):
    """(H, W, 3), what is put on the structure where it is not known."""
    hidden = ~structure.known
    donors = choose_donors(structure, hidden)
    detail = np.zeros((*hidden.shape, 3), np.float32)
    place = np.flatnonzero(hidden)
    source = Source(photo, hidden.astype(np.uint8), highest=0)
    detail.reshape(-1, 3)[place] = fetch_detail(source, structure, donors, place)
    return detail


def a_plain(left_to=0, colour=GREY):
    """A grey noisy wall from a column on, as far as the foreground; (H, W, 3) smooth, (H, W)."""
    known = np.zeros((HEIGHT, WIDTH), np.bool_)
    known[:, left_to:EDGE] = True
    return np.full((HEIGHT, WIDTH, 3), colour, np.float32), known


def test_detail_is_mirrored_at_the_border():
    smooth, known = a_plain()
    detail = detail_behind(a_structure(smooth, known), (smooth + NOISE).astype(np.uint8))
    border = EDGE - 1
    for step in (1, 7, 30):
        np.testing.assert_array_equal(detail[:, border + step], NOISE[:, border - step])


def test_where_the_mirror_image_is_no_background_it_is_folded_back():
    smooth, known = a_plain(left_to=EDGE - 5)
    detail = detail_behind(a_structure(smooth, known), (smooth + NOISE).astype(np.uint8))
    deep = detail[:, EDGE + 10 : EDGE + 40]
    assert deep.std() == pytest.approx(NOISE.std(), rel=0.3)


def test_detail_of_another_structure_is_not_taken():
    smooth, known = a_plain()
    smooth[:, :50] = 20  # a dark shore 10 pixels off
    photo = (smooth + NOISE).astype(np.uint8)
    smooth = cv2.GaussianBlur(smooth, (0, 0), 1)
    detail = detail_behind(a_structure(smooth, known), photo)
    assert np.abs(detail).max() <= 30 + 1  # and not 80: no image of the shore's edge
    whole = a_structure(np.full_like(smooth, GREY), known)  # a structure that does not know of it
    assert np.abs(detail_behind(whole, photo)).max() > 80


def test_leaves_give_no_detail_to_water():
    smooth, known = a_plain()
    leaves = np.broadcast_to(np.arange(WIDTH) < 50, known.shape)
    photo = (smooth + np.where(leaves[..., None], NOISE, 0)).astype(np.uint8)
    guided = detail_behind(a_structure(smooth, known, kind=1 + leaves), photo)
    np.testing.assert_array_equal(guided, 0)
    assert detail_behind(a_structure(smooth, known), photo).std() > 1
