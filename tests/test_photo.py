import os
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from parallax.errors import PhotoError
from parallax.photo import Photo, PhotoParams, load_photo

RED, BLUE = (200, 30, 40), (20, 60, 210)


def two_halves(size_wh=(40, 24), mode="RGB"):
    """Left half red, right half blue."""
    image = Image.new("RGB", size_wh, RED)
    image.paste(BLUE, (size_wh[0] // 2, 0, *size_wh))
    return image.convert(mode)


def assert_halves(photo, tolerance=3):
    left, right = photo.srgb8[:, : photo.size_wh[0] // 4], photo.srgb8[:, -photo.size_wh[0] // 4 :]
    assert np.abs(left.mean((0, 1)) - RED).max() <= tolerance
    assert np.abs(right.mean((0, 1)) - BLUE).max() <= tolerance


@pytest.mark.parametrize("name", ["p.jpg", "p.png", "p.webp", "p.tif", "p.avif", "p.bmp"])
def test_the_usual_formats_give_the_same_colours(tmp_path, name):
    options = {"quality": 95} if name.endswith(("jpg", "webp", "avif")) else {}
    two_halves().save(tmp_path / name, **options)
    assert_halves(load_photo(tmp_path / name), tolerance=6)


def test_content_decides_not_the_name(tmp_path):
    two_halves().save(tmp_path / "p.jpg", format="PNG")
    assert_halves(load_photo(tmp_path / "p.jpg"))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(tmp_path, orientation):
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)  # fmt: skip
    upright = two_halves()
    stored = upright.transpose(turn) if turn is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "p.png", exif=exif)
    photo = load_photo(tmp_path / "p.png")
    assert photo.size_wh == upright.size
    assert_halves(photo, tolerance=0)


def test_an_impossible_orientation_is_ignored(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 99
    two_halves().save(tmp_path / "p.png", exif=exif)
    assert_halves(load_photo(tmp_path / "p.png"), tolerance=0)


def test_a_focal_length_in_the_exif_gives_the_field_of_view(tmp_path):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA405] = 50
    two_halves((360, 240)).save(tmp_path / "p.jpg", exif=exif)
    camera = load_photo(tmp_path / "p.jpg").intrinsics()
    assert camera.fov_deg == pytest.approx(26.99, abs=0.05)  # 24 mm behind a 50 mm lens
    assert load_photo(tmp_path / "p.jpg").intrinsics(fov_deg=60).fov_deg == pytest.approx(60)


@pytest.mark.parametrize("focal_mm", [0, 1, 60000])
def test_an_impossible_focal_length_is_ignored(tmp_path, focal_mm):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA405] = focal_mm
    two_halves().save(tmp_path / "p.jpg", exif=exif)
    assert load_photo(tmp_path / "p.jpg").focal_px is None


def test_a_colour_profile_is_converted_to_srgb(tmp_path):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    two_halves().save(tmp_path / "same.png", icc_profile=srgb)
    assert_halves(load_photo(tmp_path / "same.png"), tolerance=1)
    Image.new("RGB", (20, 20), (255, 0, 0)).save(tmp_path / "swapped.png", icc_profile=swapped)
    red, green, blue = load_photo(tmp_path / "swapped.png").srgb8[5, 5].tolist()
    assert red < 5
    assert green < 5
    assert blue > 250


def test_a_broken_colour_profile_is_said_and_ignored(tmp_path):
    two_halves().save(tmp_path / "p.png", icc_profile=b"nonsense" * 30)
    photo = load_photo(tmp_path / "p.png")
    assert_halves(photo, tolerance=0)
    assert "sRGB is assumed" in photo.warnings[0]


def test_16_bit_grey_is_not_clipped(tmp_path):
    levels = np.linspace(0, 65535, 40, dtype=np.uint16)[None].repeat(20, 0)
    cv2.imwrite(str(tmp_path / "g.png"), levels)
    srgb8 = load_photo(tmp_path / "g.png").srgb8
    assert np.abs(srgb8[0, :, 0].astype(float) - levels[0] / 257).max() <= 0.51


@pytest.mark.parametrize("name", ["c.png", "c.tif"])
def test_16_bit_colour_is_rounded_not_cut(tmp_path, name):
    levels = np.full((20, 20, 3), 257 * 100 + 200, np.uint16)  # 100.78
    levels[..., 0] = 257 * 30
    cv2.imwrite(str(tmp_path / name), levels)
    assert load_photo(tmp_path / name).srgb8[5, 5].tolist() == [101, 101, 30]


def test_cmyk_looks_like_its_rgb(tmp_path):
    two_halves(mode="CMYK").save(tmp_path / "p.jpg", quality=98)
    assert_halves(load_photo(tmp_path / "p.jpg"), tolerance=8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P"])
def test_grey_bilevel_and_palette_become_three_channels(tmp_path, mode):
    two_halves().convert("L" if mode == "LA" else "RGB").convert(mode).save(tmp_path / "p.png")
    assert load_photo(tmp_path / "p.png").srgb8.shape == (24, 40, 3)


def test_transparent_pixels_show_the_background(tmp_path):
    image = two_halves(mode="RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    image.save(tmp_path / "p.png")
    photo = load_photo(tmp_path / "p.png", params=PhotoParams(background_srgb8=(1, 2, 3)))
    assert (photo.srgb8 == (1, 2, 3)).all()
    assert "transparent" in photo.warnings[0]
    assert photo.alpha8 is not None
    assert (photo.alpha8 == 0).all()


def test_transparency_is_kept_where_there_is_any(tmp_path):
    image = two_halves(mode="RGBA")
    image.save(tmp_path / "opaque.png")
    assert load_photo(tmp_path / "opaque.png").alpha8 is None
    image.paste((10, 20, 30, 51), (0, 0, 5, 5))
    image.save(tmp_path / "p.png")
    photo = load_photo(tmp_path / "p.png")
    assert photo.alpha8 is not None
    assert photo.alpha8[0, 0] == 51
    assert photo.alpha8[10, 10] == 255
    half = photo.resized((20, 12)).alpha8
    assert half is not None
    assert half.shape == (12, 20)


def test_a_float_picture_with_odd_values_is_read_and_said(tmp_path):
    levels = np.full((20, 20), 0.5, np.float32)
    levels[0, 0], levels[1, 1] = np.nan, 7
    Image.fromarray(levels).save(tmp_path / "p.tif")
    photo = load_photo(tmp_path / "p.tif")
    assert photo.srgb8[5, 5, 0] == 128
    assert photo.warnings


def test_an_animation_gives_its_first_picture(tmp_path):
    frames = [two_halves(), Image.new("RGB", (40, 24))]
    frames[0].save(tmp_path / "p.webp", save_all=True, append_images=frames[1:], lossless=True)
    photo = load_photo(tmp_path / "p.webp")
    assert_halves(photo)
    assert "holds 2 pictures" in photo.warnings[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "got an empty file"),
        (b"<html>not found</html>", "expected a picture .*, got something else"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "expected a picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "got HEIC; run|whole picture|something else"),
        (b"\xff\x0a" + b"\0" * 40, "got JPEG XL; convert it"),
    ],
)
def test_what_is_no_photo_is_refused_in_one_sentence(tmp_path, content, message):
    file = tmp_path / "p.jpg"
    file.write_bytes(content)
    with pytest.raises(PhotoError, match=message) as caught:
        load_photo(file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_truncated_photo_is_refused(tmp_path):
    two_halves((400, 240)).save(tmp_path / "p.jpg", quality=95)
    whole = (tmp_path / "p.jpg").read_bytes()
    (tmp_path / "p.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PhotoError, match="expected a whole picture, got"):
        load_photo(tmp_path / "p.jpg")


def test_folders_pipes_and_missing_files_are_refused_without_hanging(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="not a plain file"):
        load_photo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="got a folder"):
        load_photo(tmp_path)
    with pytest.raises(PhotoError, match="got nothing there"):
        load_photo(tmp_path / "none.jpg")


def png_of_size(width, height):
    """A PNG whose header promises a size that its data does not hold."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [12_500, 20_000])
def test_a_bomb_is_refused_by_its_header(tmp_path, side):
    (tmp_path / "p.png").write_bytes(png_of_size(side, side))
    with pytest.raises(PhotoError, match="expected at most 150 megapixels"):
        load_photo(tmp_path / "p.png")


@pytest.mark.parametrize("size_wh", [(1, 1), (3000, 1), (15, 400)])
def test_a_sliver_is_refused(tmp_path, size_wh):
    Image.new("RGB", size_wh).save(tmp_path / "p.png")
    with pytest.raises(PhotoError, match="expected at least 16 pixels a side"):
        load_photo(tmp_path / "p.png")


def test_odd_names_work(tmp_path):
    for name in ("-photo.png", "Fotö ✨ 1.png", "a" * 200 + ".png"):
        two_halves().save(tmp_path / name)
        assert_halves(load_photo(tmp_path / name), tolerance=0)


def test_a_resized_photo_keeps_its_angle():
    photo = Photo(np.zeros((300, 400, 3), np.uint8), focal_px=500.0)
    small = photo.resized((200, 150))
    assert small.intrinsics().fov_deg == pytest.approx(photo.intrinsics().fov_deg)
