"""Photos that are transparent in places."""

import numpy as np

from parallax.depth_map import DepthMap
from parallax.frame import Frame
from parallax.photo import Photo
from parallax.pipeline.cutout import fill_colours, fill_depth, lay_on_ground


def cut_out():
    """A red disc that was laid on white, soft by a pixel."""
    y, x = np.mgrid[:60, :80]
    alpha = np.clip(20.5 - np.hypot(x - 40, y - 30), 0, 1)[..., None]
    srgb8 = np.rint(alpha * np.array([200, 30, 10]) + (1 - alpha) * 255).astype(np.uint8)
    return Photo(srgb8, alpha8=np.rint(alpha[..., 0] * 255).astype(np.uint8))


def test_nothing_of_the_ground_is_left():
    filled = fill_colours(cut_out())
    assert np.abs(filled.srgb8.astype(int) - (200, 30, 10)).max() <= 1
    opaque = Photo(cut_out().srgb8)
    assert fill_colours(opaque) is opaque


def test_depth_goes_on_past_the_outline():
    photo = cut_out()
    depth = DepthMap(np.where(photo.alpha8 > 0, 0.8, 0.1).astype(np.float32))
    assert np.allclose(fill_depth(depth, photo).inv_depth, 0.8)
    assert fill_depth(depth, Photo(photo.srgb8)) is depth


def test_films_without_transparency_show_the_ground():
    photo = cut_out()
    frame = Frame(0, 0.0, np.dstack([fill_colours(photo).srgb8, photo.alpha8]))
    (laid,) = lay_on_ground([frame])
    assert (laid.srgb8[..., 3] == 255).all()
    assert np.abs(laid.srgb8[..., :3].astype(int) - photo.srgb8).max() <= 1
