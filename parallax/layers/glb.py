"""Scenes as glTF 2.0 files, which Blender, three.js and others open as well.

One mesh, one PNG texture and one or two unlit materials a layer: opaque triangles, then blended
ones. What glTF has no word for is in `extras.parallax` of the document.
"""

import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.camera import Intrinsics, Reach
from parallax.cores import for_each
from parallax.errors import OutputError, SceneError
from parallax.layers.glb_container import pack_glb, unpack_glb
from parallax.output import whole_file
from parallax.scene import Layer, Mesh, Scene

VERSION = 1  # of extras.parallax
_FLOAT, _UINT = 5126, 5125
_VERTICES, _INDICES = 34962, 34963  # what a buffer view is for
_LINEAR, _CLAMP = 9729, 33071
# Runs alone, and one filter for all rows: half the time of what OpenCV takes by itself, which tries
# every filter and looks for repeats, and files a seventh smaller (a noisy lake's is 7 % larger)
_PNG_OPTIONS = (
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_PAETH),
)
_MAP_TYPES = ("float32", "uint8")
_NEAR_SU, _FAR_SU = 0.05, 2000.0  # around everything from the nearest point to the sky


def save_scene(path: Path, scene: Scene) -> None:
    """Writes a scene as .glb; the file appears whole or not at all.

    Raises:
        OutputError: It cannot be written there.
    """
    writer = _Writer()
    pngs: dict[int, bytes] = {}
    for_each(
        lambda index: pngs.update({index: _encode_png(scene.layers[index].srgb8)}),
        range(len(scene.layers)),
    )
    for index, layer in enumerate(scene.layers):
        _add_layer(writer, layer, pngs[index])
    document = _document(scene, writer)
    with whole_file(path) as partial:
        partial.write_bytes(pack_glb(document, bytes(writer.blob)))


def load_scene(path: Path) -> Scene:
    """The scene of a .glb that `save_scene` wrote.

    Raises:
        SceneError: Missing, damaged, or not one of ours.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SceneError(f"{path}: expected a .glb scene, got {error.strerror}") from error
    document, blob = unpack_glb(data, str(path))
    extras = document.get("extras")
    notes = extras.get("parallax") if isinstance(extras, dict) else None
    if not isinstance(notes, dict):
        raise SceneError(
            f"{path}: expected a scene written by parallax, got another program's glTF"
        )
    if notes.get("version") != VERSION:
        raise SceneError(f"{path}: expected scene version {VERSION}, got {notes.get('version')}")
    try:
        layers = tuple(_read_layer(document, blob, i) for i in range(len(document["meshes"])))
        width, height = notes["intrinsics"]["size_wh"]
        return Scene(
            layers=layers,
            intrinsics=Intrinsics((int(width), int(height)), notes["intrinsics"]["focal_px"]),
            reach=_read_reach(notes["reach"]),
            focus_su=notes["focus_su"],
            path=notes["path"],
            origin=notes["origin"],
            maps={name: _read_map(document, blob, m) for name, m in notes["maps"].items()},
        )
    except (
        *(KeyError, IndexError, TypeError, ValueError, AttributeError),
        *(cv2.error, zlib.error),
    ) as error:
        raise SceneError(
            f"{path}: expected a whole scene, got damaged content ({error})"
        ) from error


class _Writer:
    """Collects the parts of a document and the bytes they refer to."""

    def __init__(self) -> None:
        self.blob = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.materials: list[dict[str, Any]] = []
        self.images: list[dict[str, Any]] = []

    def add_view(self, data: bytes, **more: Any) -> int:
        """Index of a new buffer view with these bytes."""
        self.blob += b"\0" * (-len(self.blob) % 4)
        self.views.append(
            {"buffer": 0, "byteOffset": len(self.blob), "byteLength": len(data), **more}
        )
        self.blob += data
        return len(self.views) - 1

    def add_accessor(self, array: NDArray[Any], kind: str) -> int:
        """Index of a new accessor for these vectors (N, 2 or 3) or indices (N,)."""
        is_index = array.dtype == np.uint32
        target = _INDICES if is_index else _VERTICES
        accessor = {
            "bufferView": self.add_view(np.ascontiguousarray(array).tobytes(), target=target),
            "componentType": _UINT if is_index else _FLOAT,
            "count": len(array),
            "type": kind,
        }
        if kind == "VEC3":  # required of positions
            accessor |= {"min": array.min(0).tolist(), "max": array.max(0).tolist()}
        self.accessors.append(accessor)
        return len(self.accessors) - 1


def _add_layer(writer: _Writer, layer: Layer, png: bytes) -> None:
    """Adds a layer's mesh, picture and materials."""
    mesh, index = layer.mesh, len(writer.images)
    attributes = {
        "POSITION": writer.add_accessor(mesh.positions_su, "VEC3"),
        "TEXCOORD_0": writer.add_accessor(mesh.uv, "VEC2"),
    }
    parts = {
        "OPAQUE": mesh.triangles[: mesh.num_opaque],
        "BLEND": mesh.triangles[mesh.num_opaque :],
    }
    primitives = []
    for alpha_mode, triangles in parts.items():
        if len(triangles) == 0:
            continue
        material = {
            "name": f"{layer.name} {alpha_mode.lower()}",
            "alphaMode": alpha_mode,
            "doubleSided": True,
            "pbrMetallicRoughness": {
                "baseColorTexture": {"index": index},
                "metallicFactor": 0,
                "roughnessFactor": 1,
            },
            "extensions": {"KHR_materials_unlit": {}},
        }
        writer.materials.append(material)
        primitives.append(
            {
                "attributes": attributes,
                "indices": writer.add_accessor(triangles.reshape(-1), "SCALAR"),
                "material": len(writer.materials) - 1,
            }
        )
    notes = {"window_uv": list(layer.window_uv), "num_opaque": mesh.num_opaque}
    writer.meshes.append(
        {"name": layer.name, "primitives": primitives, "extras": {"parallax": notes}}
    )
    view = writer.add_view(png)
    writer.images.append({"name": layer.name, "mimeType": "image/png", "bufferView": view})


def _document(scene: Scene, writer: _Writer) -> dict[str, Any]:
    """The JSON of a file."""
    num_layers = len(scene.layers)
    width, height = scene.intrinsics.size_wh
    notes = {
        "version": VERSION,
        "intrinsics": {"size_wh": [width, height], "focal_px": scene.intrinsics.focal_px},
        "reach": {
            "parallax_su": scene.reach.parallax_su,
            "margin_uv": list(scene.reach.margin_uv),
            "zoom": scene.reach.zoom,
        },
        "focus_su": scene.focus_su,
        "path": None if scene.path is None else dict(scene.path),
        "origin": dict(scene.origin),
        "maps": {name: _add_map(writer, array) for name, array in scene.maps.items()},
    }
    camera = {
        "type": "perspective",
        "perspective": {
            "yfov": float(np.radians(scene.intrinsics.fov_deg)),
            "aspectRatio": width / height,
            "znear": _NEAR_SU,
            "zfar": _FAR_SU,
        },
    }
    nodes: list[dict[str, Any]] = [
        {"name": layer.name, "mesh": i} for i, layer in enumerate(scene.layers)
    ]
    return {
        "asset": {"version": "2.0", "generator": "parallax"},
        "extensionsUsed": ["KHR_materials_unlit"],
        "scene": 0,
        "scenes": [{"nodes": list(range(num_layers + 1))}],
        "nodes": [*nodes, {"name": "photo camera", "camera": 0}],
        "cameras": [camera],
        "meshes": writer.meshes,
        "materials": writer.materials,
        "textures": [{"source": i, "sampler": 0} for i in range(num_layers)],
        "samplers": [
            {"magFilter": _LINEAR, "minFilter": _LINEAR, "wrapS": _CLAMP, "wrapT": _CLAMP}
        ],
        "images": writer.images,
        "accessors": writer.accessors,
        "bufferViews": writer.views,
        "buffers": [{"byteLength": -(-len(writer.blob) // 4) * 4}],
        "extras": {"parallax": notes},
    }


def _encode_png(srgb8: NDArray[np.uint8]) -> bytes:
    """A PNG of (H, W, 4) texels; without alpha where all is opaque."""
    opaque = bool((srgb8[..., 3] == 255).all())
    order = cv2.COLOR_RGBA2BGR if opaque else cv2.COLOR_RGBA2BGRA
    done, encoded = cv2.imencode(".png", cv2.cvtColor(srgb8, order), _PNG_OPTIONS)
    if not done:
        raise OutputError(f"expected to encode a PNG of {srgb8.shape}, OpenCV refused")
    return bytes(encoded.tobytes())


def _add_map(writer: _Writer, array: NDArray[Any]) -> dict[str, Any]:
    """Adds an array that glTF has no word for, compressed; returns how to read it."""
    packed = zlib.compress(np.ascontiguousarray(array).tobytes(), 1)
    view = writer.add_view(packed)
    return {"bufferView": view, "dtype": array.dtype.name, "shape": list(array.shape)}


def _read_map(document: dict[str, Any], blob: bytes, note: dict[str, Any]) -> NDArray[Any]:
    """An array that `_add_map` wrote."""
    if note["dtype"] not in _MAP_TYPES:
        raise ValueError(f"a map of {note['dtype']}")
    dtype, shape = np.dtype(note["dtype"]), [int(n) for n in note["shape"]]
    wanted = int(np.prod(shape)) * dtype.itemsize
    data = zlib.decompressobj().decompress(_read_view(document, blob, note["bufferView"]), wanted)
    return np.frombuffer(data, dtype).reshape(shape)


def _read_layer(document: dict[str, Any], blob: bytes, index: int) -> Layer:
    """One layer of a document."""
    mesh = document["meshes"][index]
    first = mesh["primitives"][0]["attributes"]
    triangles = np.concatenate(
        [_read_accessor(document, blob, part["indices"]) for part in mesh["primitives"]]
    )
    notes = mesh["extras"]["parallax"]
    u0, v0, u1, v1 = notes["window_uv"]
    encoded = _read_view(document, blob, document["images"][index]["bufferView"])
    picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.dtype != np.uint8 or picture.ndim != 3:
        raise ValueError(f"images[{index}] is not an 8-bit colour PNG")
    order = cv2.COLOR_BGR2RGBA if picture.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
    return Layer(
        name=str(mesh["name"]),
        mesh=Mesh(
            _read_accessor(document, blob, first["POSITION"]),
            _read_accessor(document, blob, first["TEXCOORD_0"]),
            triangles.reshape(-1, 3),
            int(notes["num_opaque"]),
        ),
        srgb8=np.asarray(cv2.cvtColor(picture, order), np.uint8),
        window_uv=(float(u0), float(v0), float(u1), float(v1)),
    )


def _read_accessor(document: dict[str, Any], blob: bytes, index: int) -> NDArray[Any]:
    """The vectors or indices of an accessor."""
    accessor = document["accessors"][index]
    data = _read_view(document, blob, accessor["bufferView"])
    width = {"SCALAR": 1, "VEC2": 2, "VEC3": 3}[accessor["type"]]
    dtype = np.dtype(np.float32 if accessor["componentType"] == _FLOAT else np.uint32)
    array: NDArray[Any] = np.frombuffer(data, dtype, count=accessor["count"] * width)
    return array if width == 1 else array.reshape(-1, width)


def _read_view(document: dict[str, Any], blob: bytes, index: int) -> bytes:
    """The bytes of a buffer view."""
    view = document["bufferViews"][index]
    start, length = int(view.get("byteOffset", 0)), int(view["byteLength"])
    if start < 0 or start + length > len(blob):
        raise ValueError(f"bufferViews[{index}] reaches past the end of the file")
    return blob[start : start + length]


def _read_reach(notes: dict[str, Any]) -> Reach:
    """The reach in a scene's notes."""
    left, top, right, bottom = notes["margin_uv"]
    return Reach(notes["parallax_su"], (left, top, right, bottom), notes["zoom"])
