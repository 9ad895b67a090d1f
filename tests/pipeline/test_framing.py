"""Photos in films of another shape: what is shown, and that it is what the photo has there."""

import math
from dataclasses import replace

import numpy as np
import pytest

from parallax.camera import fov_to_cover
from parallax.depth_map import DepthMap
from parallax.frame import Frame
from parallax.label_map import LABELS, LabelMap
from parallax.photo import Photo
from parallax.pipeline import FilmParams, MotionChoice, ShotParams
from parallax.pipeline.framing import frame_source, lay_on_mat, make_mat, size_within
from parallax.pipeline.source import Source

PHOTO_WH = (160, 90)
TALL = (54, 96)


def source_with(subject_x=0.5, *, with_labels=True):
    """A photo whose red says where a column stands, with a near thing at some place."""
    width, height = PHOTO_WH
    srgb8 = np.zeros((height, width, 3), np.uint8)
    srgb8[..., 0] = np.arange(width)
    srgb8[..., 1] = np.arange(height)[:, None]
    inv_depth = np.full((height, width), 0.1, np.float32)
    middle = round(subject_x * width)
    thing = np.s_[30:60, max(0, middle - 8) : middle + 8]
    inv_depth[thing] = 1.0
    srgb8[..., 2][thing] = 255
    probability = np.zeros((45, 80, len(LABELS)), np.uint8)
    probability[..., 0] = 255
    labels = LabelMap(probability) if with_labels else None
    return Source(Photo(srgb8, None, "photo"), DepthMap(inv_depth), labels, "test")


def params_of(fit="crop", focus="auto", **more):
    return FilmParams(fit=fit, shot=ShotParams(focus=focus), **more)


def shown(framing, size_wh):
    """The part of the framed photo that a camera at rest shows: left, top, right, bottom."""
    photo = framing.source.photo
    fov_deg = fov_to_cover(photo.intrinsics(), size_wh)
    half_height = math.tan(math.radians(fov_deg) / 2) * photo.intrinsics().focal_px
    half_width = half_height * size_wh[0] / size_wh[1]
    width, height = photo.size_wh
    return (
        width / 2 - half_width, height / 2 - half_height,
        width / 2 + half_width, height / 2 + half_height,
    )  # fmt: skip


def test_a_photo_of_the_films_shape_is_left_alone():
    source = source_with()
    framing = frame_source(source, (1280, 720), params=params_of())
    assert framing.source is source and framing.mat is None


@pytest.mark.parametrize("x", [0.2, 0.45, 0.85])
@pytest.mark.parametrize("with_labels", [True, False])
def test_a_crop_shows_the_subject_in_its_middle_and_keeps_what_is_beside_it(x, with_labels):
    framing = frame_source(source_with(x, with_labels=with_labels), TALL, params=params_of())
    photo = framing.source.photo
    left, top, right, bottom = shown(framing, TALL)
    assert (top, bottom) == pytest.approx((0, 90))
    assert right - left == pytest.approx(90 * 54 / 96, abs=0.1)
    first = int(photo.srgb8[0, 0, 0])  # the column of the photo that the part begins with
    assert first + (left + right) / 2 == pytest.approx(np.clip(x * 160, 25, 135), abs=4)
    assert first == 0 or first + photo.size_wh[0] == 160  # up to a border of the photo
    assert photo.intrinsics().focal_px == source_with().photo.intrinsics().focal_px
    assert framing.source.depth.size_wh == photo.size_wh
    if with_labels:
        assert framing.source.labels is not None
        assert framing.source.labels.size_wh[0] == pytest.approx(photo.size_wh[0] / 2, abs=1)


def test_a_focus_point_decides_what_is_shown_and_follows_it_into_the_crop():
    framing = frame_source(source_with(0.2), TALL, params=params_of(focus=(0.75, 0.5)))
    left, _, right, _ = shown(framing, TALL)
    first = int(framing.source.photo.srgb8[0, 0, 0])
    assert first + (left + right) / 2 == pytest.approx(120, abs=2)
    focus = framing.params.shot.focus
    assert isinstance(focus, tuple)
    u, v = focus
    assert first + u * framing.source.photo.size_wh[0] == pytest.approx(120)
    assert v == pytest.approx(0.5)


def test_scripts_keep_the_whole_photo(tmp_path):
    source = source_with(0.2)
    scripted = replace(params_of(), shot=ShotParams(path_file=tmp_path / "p.json"))
    planned = params_of(movement=MotionChoice(motion=tmp_path / "m.json"))
    for params in (scripted, planned):
        framing = frame_source(source, TALL, params=params)
        assert framing.source is source
        assert "the middle of the photo is shown" in framing.warnings[0]


def test_an_extended_photo_is_its_mirror_image_past_its_borders():
    framing = frame_source(source_with(), (120, 80), params=params_of("extend"))
    photo = framing.source.photo
    assert photo.size_wh == (160, 106)  # all of the width, 8 rows more at each end
    assert (photo.srgb8[8:98, :, 1] == np.arange(90)[:, None]).all()
    assert (photo.srgb8[:8, 0, 1] == np.arange(8, 0, -1)).all()
    assert framing.source.depth.size_wh == (160, 106)
    assert framing.source.labels is not None and framing.source.labels.size_wh == (80, 53)


def test_an_extension_ends_where_it_would_be_seen_and_the_rest_is_cropped():
    framing = frame_source(source_with(0.3), TALL, params=params_of("extend"))
    assert framing.source.photo.size_wh[1] == 90 + 2 * 9
    left, top, right, bottom = shown(framing, TALL)
    assert (top, bottom) == pytest.approx((0, 108))
    first = int(framing.source.photo.srgb8[0, 0, 0])
    assert first + (left + right) / 2 == pytest.approx(48, abs=4)


def test_a_mat_shows_the_whole_photo_on_itself():
    framing = frame_source(source_with(), TALL, params=params_of("blur"))
    assert framing.mat is not None
    assert framing.size_wh == (54, 30) and framing.mat.shape == (96, 54, 4)
    picture = np.full((30, 54, 4), 200, np.uint8)
    frame = lay_on_mat(Frame(3, 0.1, picture), framing.mat)
    assert frame.index == 3 and frame.srgb8.shape == (96, 54, 4)
    assert (frame.srgb8[33:63] == 200).all()
    assert (frame.srgb8[:33] == framing.mat[:33]).all()


def test_a_mat_is_darker_and_has_no_detail():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (90, 160, 3), np.uint8)
    mat = make_mat(noise, (540, 960))
    assert mat[..., :3].mean() == pytest.approx(0.55 * noise.mean(), abs=4)
    assert mat[..., 0].std() < 12 and (mat[..., 3] == 255).all()


@pytest.mark.parametrize(
    ("photo", "film", "inner"),
    [
        ((1600, 900), (1080, 1920), (1080, 608)),
        ((900, 1600), (1920, 1080), (608, 1080)),
        ((100, 100), (1920, 1080), (1080, 1080)),
    ],
)
def test_the_picture_on_a_mat_is_as_large_as_can_be_and_even(photo, film, inner):
    assert size_within(photo, film) == inner
