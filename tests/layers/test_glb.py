"""Scenes as files: what is written is read back, other readers agree, damage is told."""

import json
import struct
from typing import Any

import numpy as np
import pygltflib
import pytest
import trimesh

from parallax.camera import Intrinsics, Reach
from parallax.errors import OutputError, SceneError
from parallax.layers.glb import load_scene, save_scene
from parallax.layers.glb_container import pack_glb, unpack_glb
from parallax.scene import Layer, Mesh, Scene


def make_scene() -> Scene:
    rng = np.random.default_rng(7)
    opaque = rng.integers(0, 256, (6, 9, 4), np.uint8)
    opaque[..., 3] = 255
    soft = rng.integers(0, 256, (5, 7, 4), np.uint8)

    def mesh(num_opaque: int) -> Mesh:
        return Mesh(
            rng.normal(size=(5, 3)).astype(np.float32),
            rng.uniform(size=(5, 2)).astype(np.float32),
            np.array([[0, 1, 2], [2, 1, 3], [3, 1, 4]], np.uint32),
            num_opaque,
        )

    return Scene(
        layers=(
            Layer("back", mesh(3), opaque, (-0.1, -0.2, 1.1, 1.25)),
            Layer("both", mesh(1), soft),
            Layer("rim", mesh(0), soft),
        ),
        intrinsics=Intrinsics((90, 60), 71.25),
        reach=Reach(0.0625, (0.01, 0.02, 0.03, 0.04), 1.5),
        focus_su=2.5,
        path={"version": 1, "keyframes": []},
        origin={"photo": "ein Foto.jpg"},
        maps={
            "inv_depth": rng.random((4, 5), np.float32),
            "label_probability": rng.integers(0, 256, (3, 4, 7), np.uint8),
        },
    )


@pytest.fixture
def glb(tmp_path):
    path = tmp_path / "scene.glb"
    save_scene(path, make_scene())
    return path


def test_a_scene_comes_back_exactly(glb):
    before, after = make_scene(), load_scene(glb)
    for a, b in zip(before.layers, after.layers, strict=True):
        assert (a.name, a.window_uv, a.mesh.num_opaque) == (b.name, b.window_uv, b.mesh.num_opaque)
        np.testing.assert_array_equal(a.srgb8, b.srgb8)
        np.testing.assert_array_equal(a.mesh.positions_su, b.mesh.positions_su)
        np.testing.assert_array_equal(a.mesh.uv, b.mesh.uv)
        np.testing.assert_array_equal(a.mesh.triangles, b.mesh.triangles)
    assert (after.intrinsics, after.reach) == (before.intrinsics, before.reach)
    assert (after.focus_su, after.path, after.origin) == (2.5, before.path, before.origin)
    assert after.maps.keys() == before.maps.keys()
    for name, array in before.maps.items():
        np.testing.assert_array_equal(after.maps[name], array)
        assert after.maps[name].dtype == array.dtype


def test_the_same_scene_is_the_same_bytes(glb, tmp_path):
    again = tmp_path / "again.glb"
    save_scene(again, make_scene())
    assert again.read_bytes() == glb.read_bytes()


def test_another_library_finds_the_same_meshes(glb):
    loaded = trimesh.load_scene(glb)
    by_name: dict[str, list[Any]] = {}
    for name, geometry in loaded.geometry.items():
        by_name.setdefault(name.split("_")[0], []).append(geometry)
    assert {name: sum(len(g.faces) for g in parts) for name, parts in by_name.items()} == {
        "back": 3,
        "both": 3,
        "rim": 3,
    }
    expected = make_scene().layers[0].mesh
    corners = np.asarray(expected.positions_su[expected.triangles], np.float64)
    np.testing.assert_allclose(by_name["back"][0].triangles, corners, atol=1e-6)


def test_opaque_and_blended_triangles_have_their_own_unlit_materials(glb):
    document = pygltflib.GLTF2().load(str(glb))
    modes = [
        [document.materials[part.material].alphaMode for part in mesh.primitives]
        for mesh in document.meshes
    ]
    assert modes == [["OPAQUE"], ["OPAQUE", "BLEND"], ["BLEND"]]
    assert all("KHR_materials_unlit" in m.extensions for m in document.materials)


def test_the_camera_is_the_photos(glb):
    camera = pygltflib.GLTF2().load(str(glb)).cameras[0].perspective
    assert camera.yfov == pytest.approx(np.radians(make_scene().intrinsics.fov_deg))
    assert camera.aspectRatio == pytest.approx(1.5)


def test_every_part_lies_on_four_bytes_inside_the_file(glb):
    document, blob = unpack_glb(glb.read_bytes(), "scene.glb")
    for view in document["bufferViews"]:
        assert view["byteOffset"] % 4 == 0
        assert view["byteOffset"] + view["byteLength"] <= len(blob)


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    taken = tmp_path / "taken.glb"
    taken.mkdir()
    with pytest.raises(OutputError, match=r"taken\.glb: expected to write the result"):
        save_scene(taken, make_scene())
    assert list(tmp_path.iterdir()) == [taken]


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SceneError, match=r"none\.glb: expected a \.glb scene, got No such file"):
        load_scene(tmp_path / "none.glb")


def test_another_kind_of_file_is_told(tmp_path):
    path = tmp_path / "photo.glb"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    with pytest.raises(SceneError, match="got another kind of file"):
        load_scene(path)


def test_a_file_cut_short_is_told(glb):
    data = glb.read_bytes()
    glb.write_bytes(data[: len(data) // 2])
    with pytest.raises(SceneError, match="the file is cut short"):
        load_scene(glb)


def test_an_older_gltf_is_told(glb):
    data = bytearray(glb.read_bytes())
    struct.pack_into("<I", data, 4, 1)
    glb.write_bytes(data)
    with pytest.raises(SceneError, match="expected glTF version 2, got 1"):
        load_scene(glb)


def test_another_programs_gltf_is_told(tmp_path):
    path = tmp_path / "cube.glb"
    path.write_bytes(trimesh.creation.box().export(file_type="glb"))
    with pytest.raises(SceneError, match="another program's glTF"):
        load_scene(path)


def test_a_newer_scene_is_told(glb):
    document, blob = unpack_glb(glb.read_bytes(), "")
    document["extras"]["parallax"]["version"] = 99
    glb.write_bytes(pack_glb(document, blob))
    with pytest.raises(SceneError, match="expected scene version 1, got 99"):
        load_scene(glb)


@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_document_is_told_and_never_crashes(glb, seed):
    rng = np.random.default_rng(seed)
    document, blob = unpack_glb(glb.read_bytes(), "")
    text = json.dumps(document)
    # One number or name of the document is replaced by nonsense
    node: Any = document
    parent: Any = None
    key: Any = None
    while isinstance(node, dict | list) and len(node) > 0:
        parent = node
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = keys[rng.integers(len(keys))]
        node = node[key]
    parent[key] = -12345
    assert json.dumps(document) != text
    glb.write_bytes(pack_glb(document, blob))
    try:
        load_scene(glb)
    except SceneError as error:
        assert str(glb) in str(error)


def test_a_texture_that_is_no_png_is_told(glb):
    document, blob = unpack_glb(glb.read_bytes(), "")
    view = document["bufferViews"][document["images"][0]["bufferView"]]
    start = view["byteOffset"]
    spoiled = blob[:start] + bytes(view["byteLength"]) + blob[start + view["byteLength"] :]
    glb.write_bytes(pack_glb(document, spoiled))
    with pytest.raises(SceneError, match="damaged content"):
        load_scene(glb)
