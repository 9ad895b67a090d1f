"""Google's two ways to put depth into a JPEG: GDepth (2014) and Dynamic Depth (2019)."""

import base64
import binascii
import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from parallax.phone_depth.xmp import Element, read_properties

GDEPTH = "{http://ns.google.com/photos/1.0/depthmap/}"
DYNAMIC = "{http://ns.google.com/photos/dd/1.0/depthmap/}"
ITEM = "{http://ns.google.com/photos/dd/1.0/item/}"
MAX_PIXELS = 50_000_000  # no phone measures depth at so many


def find_gdepth(packets: list[Element], _jpeg: bytes) -> NDArray[np.float32] | None:
    """Inverse depth (h, w) whose picture lies in the XMP itself, as base64."""
    found: dict[str, str] = {}
    for properties in _all_properties(packets):
        found |= {k.removeprefix(GDEPTH): v for k, v in properties.items() if k.startswith(GDEPTH)}
    if "Data" not in found:
        return None
    try:
        picture = base64.b64decode(found["Data"])
    except binascii.Error as error:
        raise ValueError(f"a picture that is no base64 ({error})") from error
    return _decode(picture, found)


def find_dynamic_depth(packets: list[Element], jpeg: bytes) -> NDArray[np.float32] | None:
    """Inverse depth (h, w) whose picture lies behind the photo.

    The XMP lists the pictures behind the photo by name and length, in their order; the last one
    ends where the file ends.
    """
    everything = list(_all_properties(packets))
    found = next((p for p in everything if f"{DYNAMIC}DepthURI" in p), None)
    if found is None:
        return None
    items = [p for p in everything if f"{ITEM}DataURI" in p]
    lengths = [int(item.get(f"{ITEM}Length", 0)) for item in items]
    names = [item[f"{ITEM}DataURI"] for item in items]
    wanted = found[f"{DYNAMIC}DepthURI"]
    if wanted not in names:
        raise ValueError(f"no picture called {wanted}")
    index = names.index(wanted)
    # The photo itself may be listed first, with its own length; it is not behind itself
    behind = sum(lengths[index:])
    if not 0 < lengths[index] <= behind <= len(jpeg):
        raise ValueError(f"a picture of {lengths[index]} bytes, {behind} before the end")
    start = len(jpeg) - behind
    plain = {key.removeprefix(DYNAMIC): value for key, value in found.items()}
    return _decode(jpeg[start : start + lengths[index]], plain)


def _all_properties(packets: list[Element]) -> Iterator[dict[str, str]]:
    for packet in packets:
        for element in packet.iter():
            yield read_properties(element)


def _decode(picture: bytes, properties: dict[str, str]) -> NDArray[np.float32]:
    """Inverse depth of a picture in which near is black.

    Google, "Depth map metadata" and "Dynamic Depth 1.0", section "Depth map": RangeLinear is
    (z - near) / (far - near); RangeInverse is the same of inverse distances.
    """
    near, far = float(properties.get("Near", "nan")), float(properties.get("Far", "nan"))
    if not 0 < near < far:
        raise ValueError(f"distances from {near} to {far}")
    share = _read_grey(picture)
    kind = properties.get("Format", "RangeInverse")
    if kind == "RangeInverse":
        inverse = 1 / near - share * (1 / near - 1 / far)
        return np.asarray(inverse, np.float32)
    if kind == "RangeLinear":
        return np.asarray(1 / (near + share * (far - near)), np.float32)
    raise ValueError(f"distances written as {kind}")


def _read_grey(picture: bytes) -> NDArray[np.float32]:
    """(h, w), 0…1, of a grey JPEG or PNG of 8 or 16 bits."""
    with Image.open(io.BytesIO(picture), formats=["JPEG", "PNG"]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError(f"a picture of {image.width}×{image.height}")
        deep = image.mode.startswith("I")
        levels = np.asarray(image if deep else image.convert("RGB"), np.float32)
    return levels / np.float32(65535) if deep else levels[..., 0] / np.float32(255)
