"""GDepth and Dynamic Depth, in JPEGs made here as phones make them."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from parallax.errors import DepthError
from parallax.phone_depth import read_phone_depth

NEAR, FAR = 1.0, 5.0
MAIN = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    "<rdf:Description {spaces} {attributes}>{children}</rdf:Description></rdf:RDF></x:xmpmeta>"
)
GDEPTH = 'xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/"'
DYNAMIC = (
    'xmlns:DepthMap="http://ns.google.com/photos/dd/1.0/depthmap/" '
    'xmlns:Container="http://ns.google.com/photos/dd/1.0/container/" '
    'xmlns:Item="http://ns.google.com/photos/dd/1.0/item/"'
)


def picture(levels, kind="PNG"):
    file = io.BytesIO()
    Image.fromarray(levels).save(file, kind)
    return file.getvalue()


def photo(orientation=1):
    file = io.BytesIO()
    image = Image.new("RGB", (64, 48), (90, 120, 60))
    image.getexif()[0x112] = orientation
    image.save(file, "JPEG", exif=image.getexif())
    return file.getvalue()


def with_segments(jpeg, *payloads):
    segments = b"".join(b"\xff\xe1" + (len(p) + 2).to_bytes(2, "big") + p for p in payloads)
    return jpeg[:2] + segments + jpeg[2:]


def extension_parts(packet, size):
    for start in range(0, len(packet), size):
        place = len(packet).to_bytes(4, "big") + start.to_bytes(4, "big")
        yield EXTENSION + b"0" * 32 + place + packet[start : start + size]


def gdepth_jpeg(levels, *, kind="RangeInverse", near=NEAR, far=FAR, orientation=1):
    """Ends in the main packet, the picture in a long one that is cut into three."""
    ends = f'GDepth:Format="{kind}" GDepth:Near="{near}" GDepth:Far="{far}"'
    data = base64.b64encode(picture(levels)).decode()
    main = PACKET.format(spaces=GDEPTH, attributes=ends, children="").encode()
    rest = PACKET.format(spaces=GDEPTH, attributes=f'GDepth:Data="{data}"', children="").encode()
    parts = extension_parts(rest, len(rest) // 3 + 1)
    return with_segments(photo(orientation), MAIN + main, *parts)


def dynamic_jpeg(levels, *, kind="RangeInverse", length=None):
    """The depth picture behind the photo, and another picture behind that."""
    depth, other = picture(levels), picture(np.zeros((9, 9), np.uint8))
    items = [("primary", 0), ("depth", length or len(depth)), ("confidence", len(other))]
    listed = "".join(
        f'<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="image/png" '
        f'Item:DataURI="{name}" Item:Length="{size}"/></rdf:li>'
        for name, size in items
    )
    children = (
        f"<Container:Directory><rdf:Seq>{listed}</rdf:Seq></Container:Directory>"
        f"<DepthMap:Format>{kind}</DepthMap:Format><DepthMap:DepthURI>depth</DepthMap:DepthURI>"
        f"<DepthMap:Near>{NEAR}</DepthMap:Near><DepthMap:Far>{FAR}</DepthMap:Far>"
    )
    packet = PACKET.format(spaces=DYNAMIC, attributes="", children=children).encode()
    return with_segments(photo(), MAIN + packet) + depth + other


def halves(left, right, dtype=np.uint8):
    levels = np.full((24, 32), left, dtype)
    levels[:, 16:] = right
    return levels


@pytest.fixture
def read(tmp_path):
    def read_bytes(data):
        (tmp_path / "p.jpg").write_bytes(data)
        return read_phone_depth(tmp_path / "p.jpg")

    return read_bytes


@pytest.mark.parametrize("make", [gdepth_jpeg, dynamic_jpeg])
@pytest.mark.parametrize("kind", ["RangeInverse", "RangeLinear"])
def test_black_is_near_and_white_is_far(read, make, kind):
    found = read(make(halves(0, 255), kind=kind))
    assert found.inv_depth.shape == (24, 32)
    assert found.inv_depth[:, :16] == pytest.approx(1)
    assert found.inv_depth[:, 16:] == pytest.approx(NEAR / FAR, abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "inv_depth"),
    [("RangeInverse", (1 / NEAR + 1 / FAR) / 2), ("RangeLinear", 2 / (NEAR + FAR))],
)
def test_the_middle_is_half_way_in_what_the_format_says(read, kind, inv_depth):
    found = read(gdepth_jpeg(halves(0, 32768, np.uint16), kind=kind))
    assert found.inv_depth[0, -1] == pytest.approx(inv_depth, rel=1e-4)
    assert found.kind == "GDepth"


def test_the_depth_turns_with_the_photo(read):
    found = read(gdepth_jpeg(halves(0, 255), orientation=6))  # a quarter to the right
    assert found.inv_depth.shape == (32, 24)
    assert found.inv_depth[0] == pytest.approx(1)
    assert found.inv_depth[-1] == pytest.approx(NEAR / FAR, abs=1e-6)


def test_a_plain_photo_has_none(read):
    assert read(photo()) is None
    packet = PACKET.format(spaces=GDEPTH, attributes='GDepth:Near="1"', children="").encode()
    assert read(with_segments(photo(), MAIN + packet)) is None


@pytest.mark.parametrize(
    ("damaged", "message"),
    [
        (gdepth_jpeg(halves(0, 255), near=0), "distances from 0"),
        (gdepth_jpeg(halves(0, 255), kind="Steps"), "written as Steps"),
        (gdepth_jpeg(halves(0, 255)).replace(b'Data="iVBO', b'Data="AAAA'), "cannot identify"),
        (dynamic_jpeg(halves(0, 255), length=10**9), "a picture of 1000000000 bytes"),
        (dynamic_jpeg(halves(0, 255)).replace(b"URI>depth<", b"URI>lost!<"), "called lost!"),
        (with_segments(photo(), MAIN + b"<broken"), "no XML"),
        (with_segments(photo(), MAIN + b"<!DOCTYPE x><x/>"), "document type"),
    ],
)
def test_damaged_depth_is_told(read, damaged, message):
    with pytest.raises(DepthError, match=message):
        read(damaged)
