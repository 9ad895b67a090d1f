"""XMP packets of a JPEG, also those too long for one segment, as plain elements."""

from collections.abc import Iterator
from xml.etree import ElementTree

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION_HEADER = b"http://ns.adobe.com/xmp/extension/\0"
GUID_BYTES, LENGTH_BYTES = 32, 4  # then the length of the whole, then the offset of this part
APP1, START_OF_SCAN = 0xE1, 0xDA

Element = ElementTree.Element


def read_packets(jpeg: bytes) -> list[Element]:
    """The XMP of a JPEG: its main packet, then what was too long for it.

    Adobe 2016, "XMP Specification Part 3", 1.1.3.1: the long packet is cut over segments, each with
    its place in the whole.

    Raises:
        ValueError: A packet is not XML, or its parts do not fit together.
    """
    main, parts = [], bytearray()
    for segment in _app1_segments(jpeg):
        if segment.startswith(XMP_HEADER):
            main.append(segment[len(XMP_HEADER) :])
        elif segment.startswith(EXTENSION_HEADER):
            rest = segment[len(EXTENSION_HEADER) + GUID_BYTES :]
            offset = int.from_bytes(rest[LENGTH_BYTES : 2 * LENGTH_BYTES], "big")
            if offset != len(parts):
                raise ValueError(f"a part of the XMP at byte {offset}, not {len(parts)}")
            parts += rest[2 * LENGTH_BYTES :]
    return [_parse(packet) for packet in (*main, bytes(parts)) if packet]


def read_properties(element: Element) -> dict[str, str]:
    """An element's properties, whether written as attributes or as children, by `{space}name`."""
    children = {child.tag: child.text or "" for child in element if len(child) == 0}
    return {**children, **element.attrib}


def _parse(packet: bytes) -> Element:
    if b"<!DOCTYPE" in packet:
        raise ValueError("XMP with a document type, which XMP has not")
    try:
        return ElementTree.fromstring(packet.strip(b"\0 \r\n\t"))
    except ElementTree.ParseError as error:
        raise ValueError(f"XMP that is no XML ({error})") from error


def _app1_segments(jpeg: bytes) -> Iterator[bytes]:
    """The payload of each APP1 segment before the picture."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != START_OF_SCAN:
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] == APP1:
            yield jpeg[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)
