"""The sample pictures and what is said of them; the renderer at the size of a stamp."""

import os
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from parallax.camera import Intrinsics
from parallax.depth_map import load_depth
from parallax.errors import ContextError
from parallax.label_map import LABELS
from parallax.motion_plan import load_motion
from parallax.path import frame_times, inspect_path, load_path
from parallax.photo import load_photo
from samples.render_samples import NUM_SAMPLES, SCENES, render_sample

SAMPLES = Path(__file__).parent.parent / "samples"
PATHS = sorted(SAMPLES.glob("*_path.json"))
MIN_WIDTH_PX, MAX_PHOTO_BYTES = 1600, 1_258_000  # large enough to film, small enough to commit
MAX_NEAR_SHIFT_W = 0.08  # widths the nearest point is shifted against the sky: a gentle move
STAMP_WH = {"lake": (96, 64), "still_life": (96, 72)}


def photo_of(scene):
    return load_photo(SAMPLES / f"{scene}.jpg")


def depth_of(scene):
    return load_depth(SAMPLES / f"{scene}.depth.png").inv_depth


def labels_of(scene):
    with Image.open(SAMPLES / f"{scene}.labels.png") as image:
        assert image.mode == "P"
        return np.array(image)


@pytest.mark.parametrize("scene", SCENES)
def test_a_sample_photo_is_large_to_look_at_and_small_to_keep(scene):
    assert photo_of(scene).srgb8.shape[1] >= MIN_WIDTH_PX
    assert (SAMPLES / f"{scene}.jpg").stat().st_size <= MAX_PHOTO_BYTES


@pytest.mark.parametrize("scene", SCENES)
def test_the_exif_of_a_sample_gives_the_focal_length_it_was_drawn_with(scene):
    photo = photo_of(scene)
    height, width = photo.srgb8.shape[:2]
    focal_mm = {"lake": 28, "still_life": 50}[scene]
    assert photo.focal_px == pytest.approx(focal_mm * np.hypot(width, height) / np.hypot(36, 24))


@pytest.mark.parametrize("scene", SCENES)
def test_depth_and_labels_have_the_size_of_their_photo(scene):
    size = photo_of(scene).srgb8.shape[:2]
    assert depth_of(scene).shape == size
    assert labels_of(scene).shape == size


@pytest.mark.parametrize("scene", SCENES)
def test_the_nearest_point_is_one_and_only_the_sky_is_zero(scene):
    inv_depth, labels = depth_of(scene), labels_of(scene)
    assert inv_depth.max() == 1
    assert ((inv_depth == 0) == (labels == LABELS.index("sky"))).all()


def test_the_lake_holds_what_its_labels_promise():
    shares = np.bincount(labels_of("lake").ravel(), minlength=len(LABELS)) / labels_of("lake").size
    share = dict(zip(LABELS, shares, strict=True))
    assert min(share["sky"], share["water"], share["vegetation"], share["ground"]) > 0.05
    assert share["person"] == 0


@pytest.mark.parametrize(
    ("name", "label"), [("water", "water"), ("sky", "sky"), ("plants", "vegetation")]
)
def test_the_masks_of_the_lake_are_its_labels(name, label):
    with Image.open(SAMPLES / f"lake.{name}.png") as image:
        assert (np.array(image) == (labels_of("lake") == LABELS.index(label))).all()


def test_the_motion_of_the_lake_is_a_plan_with_the_length_of_its_path():
    plan = load_motion(SAMPLES / "lake_motion.json")
    assert [region.type for region in plan.regions] == [
        *("sky.veil", "water.calm", "foliage", "grass")
    ]
    assert plan.loop
    assert plan.duration_s == load_path(SAMPLES / "lake_path.json").duration_s


def test_each_scene_has_two_paths():
    assert [path.stem for path in PATHS] == sorted(
        f"{scene}_{kind}" for scene in SCENES for kind in ("path", "dolly_path")
    )


@pytest.mark.parametrize("file", PATHS, ids=lambda file: file.stem)
def test_a_sample_path_is_gentle_and_raises_no_warning(file):
    path = load_path(file)
    scene = file.stem.removesuffix("_path").removesuffix("_dolly")
    photo = photo_of(scene)
    height, width = photo.srgb8.shape[:2]
    intrinsics = Intrinsics((width, height), photo.focal_px)
    report = inspect_path(
        path,
        intrinsics,
        size_wh=(width, height),
        times_s=np.array(frame_times(path.duration_s, 30, loop=path.loop)),
        inv_depth_range=(float(depth_of(scene).min()), 1.0),
        default_fov_deg=intrinsics.fov_deg,
    )
    times_s = [key.time_s for key in path.keyframes]
    assert times_s == sorted(set(times_s))
    assert path.loop == (not file.stem.endswith("_dolly_path"))
    assert report.reach.parallax_su * photo.focal_px / width <= MAX_NEAR_SHIFT_W
    assert report.warnings == ()


@cache
def setting_of(scene):
    return SCENES[scene](1)


def render_stamp(scene):
    try:
        return render_sample(
            setting_of(scene), num_samples=1, width_px=STAMP_WH[scene][0], shadow_px=128
        )
    except ContextError as error:
        if os.environ.get("PARALLAX_REQUIRE_GL") == "1":
            raise
        pytest.skip(str(error))


@cache
def stamp_of(scene):
    return render_stamp(scene)


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_renders_to_the_same_bytes_twice(scene):
    first, again = stamp_of(scene), render_stamp(scene)
    assert first.srgb8.shape[1::-1] == STAMP_WH[scene]
    assert (first.srgb8 == again.srgb8).all()
    assert (first.inv_depth == again.inv_depth).all()
    assert (first.labels == again.labels).all()


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_the_committed_picture_is_the_one_the_renderer_draws(scene):
    coarse = (24, 16)  # a stamp of one sample is ragged: needles and blades are hit or missed
    photo, stamp = (
        cv2.resize(srgb8, coarse, interpolation=cv2.INTER_AREA).astype(float)
        for srgb8 in (photo_of(scene).srgb8, stamp_of(scene).srgb8)
    )
    assert np.abs(photo - stamp).mean() < 16  # of 255; a wrong scene or exposure is above 40
    assert np.corrcoef(photo.ravel(), stamp.ravel())[0, 1] > 0.95


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_the_committed_depth_is_the_scene_s(scene):
    stamp, inv_depth = stamp_of(scene), depth_of(scene)
    rows, columns = (
        ((np.arange(small) + 0.5) * full / small).astype(int)
        for small, full in zip(stamp.labels.shape, inv_depth.shape, strict=True)
    )
    committed = inv_depth[np.ix_(rows, columns)]
    # Their scene units differ: the small picture may miss the very nearest blade of grass
    ratio = committed[stamp.inv_depth > 0.05] / stamp.inv_depth[stamp.inv_depth > 0.05]
    assert np.mean(np.abs(ratio / np.median(ratio) - 1) < 0.03) > 0.75


def test_every_scene_says_how_many_samples_it_needs():
    assert set(NUM_SAMPLES) == set(SCENES)
