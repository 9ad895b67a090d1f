"""HEIC's auxiliary depth; the file is pillow-heif's, its second picture declared the depth."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from parallax.phone_depth import read_phone_depth
from parallax.phone_depth.heif import (
    UNIFORM_DISPARITY,
    UNIFORM_INVERSE_Z,
    UNIFORM_Z,
    inv_depth_from_levels,
)
from parallax.photo import load_photo

LOSSY = 0.03


def box(kind, payload):
    return struct.pack(">I4s", len(payload) + 8, kind) + payload


def declare_depth(heic):
    """The file with its item 2 an auxiliary picture, depth, of item 1 (ISO 23008-12, 6.5.8)."""
    auxiliary = box(b"auxC", bytes(4) + b"urn:mpeg:hevc:2015:auxid:2\0")
    reference = box(b"iref", bytes(4) + box(b"auxl", struct.pack(">HHH", 2, 1, 1)))
    grown = len(auxiliary) + 1 + len(reference)

    # Positions of the boxes, found by name: there is one of each
    at = {name: heic.index(name) - 4 for name in (b"meta", b"iloc", b"iprp", b"ipco", b"ipma")}
    size = {name: struct.unpack_from(">I", heic, place)[0] for name, place in at.items()}
    properties, count = heic[at[b"ipco"] + 8 : at[b"ipco"] + size[b"ipco"]], 0
    place = 0
    while place < len(properties):
        place, count = place + struct.unpack_from(">I", properties, place)[0], count + 1
    links = bytearray(heic[at[b"ipma"] + 8 : at[b"ipma"] + size[b"ipma"]])
    links[11 + links[10] + 2] += 1  # one more property of the second and last item
    links.append(0x80 | (count + 1))
    locations = bytearray(heic[at[b"iloc"] : at[b"iloc"] + size[b"iloc"]])
    for item in range(2):
        offset = 16 + item * 18 + 10
        (old,) = struct.unpack_from(">I", locations, offset)
        struct.pack_into(">I", locations, offset, old + grown)

    before = heic[at[b"meta"] + 12 : at[b"iloc"]]
    between = heic[at[b"iloc"] + size[b"iloc"] : at[b"iprp"]]
    ends = heic[at[b"meta"] + size[b"meta"] :]
    table = box(b"iprp", box(b"ipco", properties + auxiliary) + box(b"ipma", bytes(links)))
    meta = box(b"meta", bytes(4) + before + bytes(locations) + between + table + reference)
    return heic[: at[b"meta"]] + meta + ends


@pytest.fixture
def portrait(tmp_path):
    """A HEIC photo, 128×96, with depth 64×48 whose right half is near."""
    pillow_heif = pytest.importorskip("pillow_heif")
    levels = np.full((48, 64), 51, np.uint8)
    levels[:, 32:] = 255
    file = pillow_heif.from_pillow(Image.new("RGB", (128, 96), (90, 120, 60)))
    file.add_from_pillow(Image.fromarray(levels))
    saved = io.BytesIO()
    file.save(saved, quality=95)
    path = tmp_path / "p.heic"
    path.write_bytes(declare_depth(saved.getvalue()))
    return path


def test_the_auxiliary_picture_of_a_heic_photo_is_its_depth(portrait):
    found = read_phone_depth(portrait)
    assert found is not None
    assert found.kind == "HEIC"
    assert found.inv_depth.shape == (48, 64)
    assert found.inv_depth[:, 34:] == pytest.approx(1, abs=LOSSY)
    assert found.inv_depth[:, :30] == pytest.approx(51 / 255, abs=LOSSY)


def test_a_heic_photo_is_read(portrait):
    photo = load_photo(portrait)
    assert photo.size_wh == (128, 96)
    assert photo.srgb8.mean((0, 1)) == pytest.approx((90, 120, 60), abs=4)


def test_a_heic_photo_without_depth_has_none(tmp_path):
    pillow_heif = pytest.importorskip("pillow_heif")
    file = pillow_heif.from_pillow(Image.new("RGB", (64, 48)))
    file.save(tmp_path / "p.heic")
    assert read_phone_depth(tmp_path / "p.heic") is None


@pytest.mark.parametrize(
    ("metadata", "black", "white"),
    [
        ({}, 0, 1),
        ({"representation_type": UNIFORM_DISPARITY, "d_min": 0.5, "d_max": 2.0}, 0.5, 2),
        ({"representation_type": UNIFORM_INVERSE_Z, "z_near": 2.0, "z_far": 10.0}, 0.1, 0.5),
        ({"representation_type": UNIFORM_INVERSE_Z, "z_near": None, "z_far": None}, 0, 1),
        ({"representation_type": UNIFORM_Z, "z_near": 2.0, "z_far": 10.0}, 0.5, 0.1),
    ],
)
def test_levels_mean_what_the_file_says(metadata, black, white):
    levels = np.array([[0, 1]], np.float32)
    assert inv_depth_from_levels(levels, metadata)[0] == pytest.approx((black, white))


def test_disparities_without_a_range_are_refused():
    with pytest.raises(ValueError, match="from 2"):
        inv_depth_from_levels(np.zeros((2, 2), np.float32), {"d_min": 2.0, "d_max": 2.0})
