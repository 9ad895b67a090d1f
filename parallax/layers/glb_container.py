"""Binary glTF: a JSON text and a block of bytes in one file (glTF 2.0 specification, section 4)."""

import json
import struct
from typing import Any

from parallax.errors import SceneError

_MAGIC, _JSON_CHUNK, _BIN_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
_VERSION = 2


def pack_glb(document: dict[str, Any], blob: bytes) -> bytes:
    """The bytes of a .glb file."""
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    blob += b"\0" * (-len(blob) % 4)
    chunks = struct.pack("<II", len(text), _JSON_CHUNK) + text
    chunks += struct.pack("<II", len(blob), _BIN_CHUNK) + blob
    return struct.pack("<III", _MAGIC, _VERSION, 12 + len(chunks)) + chunks


def unpack_glb(data: bytes, where: str) -> tuple[dict[str, Any], bytes]:
    """The document and the bytes of a .glb file.

    Raises:
        SceneError: Not a whole .glb file of version 2.
    """
    if len(data) < 20 or struct.unpack_from("<I", data)[0] != _MAGIC:
        raise SceneError(f"{where}: expected a .glb scene, got another kind of file")
    _, version, length = struct.unpack_from("<III", data)
    if version != _VERSION:
        raise SceneError(f"{where}: expected glTF version {_VERSION}, got {version}")
    if length > len(data):
        raise SceneError(
            f"{where}: expected {length} bytes, got {len(data)}; the file is cut short"
        )
    chunks: dict[int, bytes] = {}
    offset = 12
    while offset + 8 <= length:
        size, kind = struct.unpack_from("<II", data, offset)
        chunks.setdefault(kind, data[offset + 8 : offset + 8 + size])
        offset += 8 + size
    try:
        document = json.loads(chunks[_JSON_CHUNK])
    except (KeyError, ValueError) as error:
        raise SceneError(f"{where}: expected a JSON chunk, got damaged bytes") from error
    if not isinstance(document, dict):
        raise SceneError(f"{where}: expected a JSON object, got {type(document).__name__}")
    return document, chunks.get(_BIN_CHUNK, b"")
