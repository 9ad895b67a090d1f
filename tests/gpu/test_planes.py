"""The planes that a device hands over for an encoder, against what BT.709 says."""

import numpy as np
import pytest

from parallax.frame import Frame
from parallax.gpu.renderer import Renderer, RenderParams
from parallax.video.convert import PLANAR_FORMAT, PixelConverter
from tests.scenes import (
    SIZE_WH,
    camera_at_rest,
    camera_shifted,
    framed_back,
    photo_plane,
    scene_of,
    smooth_photo,
)

WIDTH, HEIGHT = SIZE_WH
RED_RATIO, BLUE_RATIO = 1.5748, 1.8556  # 2 (1 - the weight of red or blue in luma)
LUMA = np.array([0.2126, 0.7152, 0.0722])
SWSCALE_LEVELS = 2  # swscale works in 15 bits and takes chroma by a longer filter


@pytest.fixture
def rng():
    return np.random.default_rng(21)


def planes_of(yuv8):
    """Luma (H, W), Cb and Cr (H / 2, W / 2)."""
    chroma = yuv8[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
    return yuv8[:HEIGHT].astype(int), chroma[0].astype(int), chroma[1].astype(int)


def draw(ctx, photo, **params):
    scene = photo_plane(photo)
    with Renderer(scene, size_wh=SIZE_WH, params=RenderParams(**params), context=ctx) as renderer:
        (frame,) = renderer.planar_frames([camera_at_rest()])
    return frame


def slow_planes(srgb8):
    """Pixel by pixel: luma everywhere, chroma on even columns, half-way between two rows."""
    srgb = srgb8[..., :3] / 255
    luma = np.rint(16 + 219 * srgb @ LUMA)
    cb, cr = np.zeros((2, HEIGHT // 2, WIDTH // 2))
    for row in range(HEIGHT // 2):
        for column in range(WIDTH // 2):
            mean = np.zeros(3)
            for y in (2 * row, 2 * row + 1):
                for dx, weight in ((-1, 0.25), (0, 0.5), (1, 0.25)):
                    x = min(max(2 * column + dx, 0), WIDTH - 1)
                    mean += srgb[y, x] * weight / 2
            cb[row, column] = np.rint(128 + 224 * (mean[2] - mean @ LUMA) / BLUE_RATIO)
            cr[row, column] = np.rint(128 + 224 * (mean[0] - mean @ LUMA) / RED_RATIO)
    return luma, cb, cr


@pytest.mark.parametrize(
    ("srgb8", "levels"),
    [
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
    ],
)
def test_plain_colours_have_the_levels_of_bt_709(ctx, srgb8, levels):
    photo = np.broadcast_to(np.uint8(srgb8), (HEIGHT, WIDTH, 3)).copy()
    for plane, level in zip(planes_of(draw(ctx, photo).yuv8), levels, strict=True):
        assert (plane == level).all()


def test_every_sample_is_that_of_a_slow_twin(ctx, rng):
    photo = rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    for fast, slow in zip(planes_of(draw(ctx, photo).yuv8), slow_planes(photo), strict=True):
        assert np.abs(fast - slow).max() <= 1  # a half rounds either way


def test_planes_are_those_that_the_processor_makes(ctx, rng):
    scene = scene_of(framed_back(smooth_photo(rng)))
    cameras = [camera_shifted(x) for x in (0, 0.05, 0.1)]
    converter = PixelConverter(PLANAR_FORMAT, SIZE_WH, halves_chroma=True)
    with Renderer(scene, size_wh=SIZE_WH, context=ctx) as renderer:
        frames = list(renderer.frames(cameras))
        planar = list(renderer.planar_frames(cameras))
    for frame, made in zip(frames, planar, strict=True):
        assert (made.index, made.time_s, made.size_wh) == (frame.index, frame.time_s, SIZE_WH)
        wanted = converter.convert(frame).to_ndarray().astype(int)
        assert np.abs(made.yuv8 - wanted).max() <= SWSCALE_LEVELS
        assert np.array_equal(converter.convert(made).to_ndarray(), made.yuv8)


def test_frames_of_many_samples_come_in_planes_too(ctx):
    photo = np.full((HEIGHT, WIDTH, 3), (255, 0, 0), np.uint8)
    for params in ({"supersample": 2}, {"grain": 0.02}):
        luma, _, _ = planes_of(draw(ctx, photo, **params).yuv8)
        assert abs(np.median(luma) - 63) <= 1


def test_pictures_come_again_after_planes(ctx, rng):
    scene = scene_of(framed_back(smooth_photo(rng)))
    with Renderer(scene, size_wh=SIZE_WH, context=ctx) as renderer:
        before = renderer.render(camera_at_rest()).srgb8
        list(renderer.planar_frames([camera_shifted(0.1)] * 3))
        assert np.array_equal(renderer.render(camera_at_rest()).srgb8, before)


def test_odd_sides_have_no_planes(ctx, rng):
    with Renderer(photo_plane(smooth_photo(rng)), size_wh=(95, 64), context=ctx) as renderer:
        with pytest.raises(ValueError, match="expected even sides, got 95×64"):
            list(renderer.planar_frames([camera_at_rest()]))


def test_only_profiles_of_these_planes_take_them(ctx):
    frame = draw(ctx, np.zeros((HEIGHT, WIDTH, 3), np.uint8))
    assert not isinstance(frame, Frame)
    with pytest.raises(ValueError, match="expected frames in RGB for yuv444p10le, got planes"):
        PixelConverter("yuv444p10le", SIZE_WH).convert(frame)
