"""How transparent frames are, against answers that can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from parallax.gpu.context import open_context
from parallax.gpu.matte import join_alpha, matte_scene
from parallax.gpu.renderer import Renderer, RenderParams
from tests.scenes import (
    SIZE_WH,
    SQUARE_UV,
    camera_at_rest,
    photo_plane,
    smooth_photo,
    square_before_photo,
)

SOFT = RenderParams(device="software")


@pytest.fixture
def srgb8():
    return smooth_photo(np.random.default_rng(2))


def render(scene, alpha8, params=SOFT):
    exposures = [camera_at_rest()]
    how = {"size_wh": SIZE_WH, "params": params}
    with (
        open_context("software") as context,
        Renderer(scene, **how, context=context) as renderer,
        Renderer(matte_scene(scene, alpha8), **how, context=context) as matte,
    ):
        (frame,) = join_alpha(renderer.frames(exposures), matte.frames(exposures))
    return frame.srgb8


@pytest.mark.parametrize("supersample", [1, 2])
def test_at_rest_a_frame_is_as_transparent_as_the_photo(srgb8, supersample):
    alpha8 = np.full(SIZE_WH[::-1], 255, np.uint8)
    alpha8[:, :40] = 0
    alpha8[:, 40:50] = 128
    params = replace(SOFT, supersample=supersample)
    shown = render(photo_plane(srgb8), alpha8, params)
    inside = np.ones(SIZE_WH[0], bool)  # what mixes two columns
    inside[[38, 39, 40, 41, 48, 49, 50, 51]] = supersample == 1
    assert np.abs(shown[..., 3].astype(int) - alpha8)[:, inside].max() <= 2 * supersample - 1
    if supersample == 1:
        assert (shown[..., :3] == srgb8).all()


def test_an_opaque_thing_before_nothing_keeps_its_soft_rim(srgb8):
    scene, _ = square_before_photo(srgb8, srgb8[::-1].copy())
    u0, v0, u1, v1 = SQUARE_UV
    x0, x1 = round(u0 * SIZE_WH[0]), round(u1 * SIZE_WH[0])
    y0, y1 = round(v0 * SIZE_WH[1]), round(v1 * SIZE_WH[1])
    alpha8 = np.zeros(SIZE_WH[::-1], np.uint8)
    alpha8[y0:y1, x0:x1] = 255
    alpha = render(scene, alpha8)[..., 3]
    assert (alpha[y0 + 5 : y1 - 5, x0 + 5 : x1 - 5] == 255).all()
    assert (alpha[: y0 - 1] == 0).all()
    middle = alpha[(y0 + y1) // 2, x0 : x0 + 4].astype(int)
    assert np.abs(middle - np.array([32, 96, 159, 223])).max() <= 3  # (k + 1/2) / RIM_PX
