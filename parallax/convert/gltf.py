"""A camera animation as glTF 2.0 (.glb): opens in Blender, three.js and others.

The camera's node is animated in translation and rotation. glTF's core cannot animate a lens, so a
changing field of view goes into the extension KHR_animation_pointer, which readers without it
ignore.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray

from parallax.camera import Pose
from parallax.convert.imported import (
    Imported,
    ImportParams,
    checked_fov_deg,
    exact_rate,
    import_frames,
    import_keys,
    mended_rotation,
    track_of_poses,
)
from parallax.curve import quaternion_from_rotation, rotation_from_quaternion, slerp
from parallax.errors import PathError
from parallax.path import CameraTrack

Floats = NDArray[np.float64]
POINTER = "KHR_animation_pointer"
YFOV = "/cameras/{}/perspective/yfov"
FLOAT, SCALAR_SIZE = 5126, {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
TOLERANCE_FOV = 1e-9
SPARSE_S = 0.1  # between keys: less is a key a frame, as Blender writes with "sampling"
EVEN_S = 1e-4  # times are 32-bit floats


def save_gltf(file: Path, track: CameraTrack) -> None:
    """Writes a .glb with one animated camera.

    Raises:
        OSError: The file cannot be written.
    """
    fov = np.radians([camera.fov_deg for camera in track.cameras])
    rotations = [camera.pose.world_from_camera[:3, :3] for camera in track.cameras]
    turns = np.stack([quaternion_from_rotation(rotation) for rotation in rotations])
    for i in range(1, len(turns)):
        if turns[i] @ turns[i - 1] < 0:
            turns[i] = -turns[i]
    places = np.stack([camera.pose.position_su for camera in track.cameras])
    times_s = np.arange(len(track.cameras)) / float(track.fps)  # as a player shows the frames
    document = gltf.GLTF2(asset=gltf.Asset(version="2.0", generator="parallax"))
    samplers = _Samplers(document, times_s)
    channels = [
        _channel(samplers.add(places, "VEC3"), node=0, path="translation"),
        _channel(samplers.add(turns[:, [1, 2, 3, 0]], "VEC4"), node=0, path="rotation"),
    ]
    if np.ptp(fov) > TOLERANCE_FOV:
        target = gltf.AnimationChannelTarget(
            path="pointer", extensions={POINTER: {"pointer": YFOV.format(0)}}
        )
        channels.append(
            gltf.AnimationChannel(sampler=samplers.add(fov[:, None], "SCALAR"), target=target)
        )
        document.extensionsUsed.append(POINTER)
    lens = gltf.Perspective(
        aspectRatio=track.size_wh[0] / track.size_wh[1], yfov=float(fov[0]), znear=0.01, zfar=2000.0
    )
    document.cameras = [gltf.Camera(type="perspective", perspective=lens, name="camera")]
    document.nodes = [
        gltf.Node(
            name="camera",
            camera=0,
            translation=places[0].tolist(),
            rotation=turns[0, [1, 2, 3, 0]].tolist(),
        )
    ]
    document.scenes, document.scene = [gltf.Scene(nodes=[0])], 0
    document.animations = [gltf.Animation(name="film", samplers=samplers.made, channels=channels)]
    document.extras = {
        "parallax": {"size_wh": list(track.size_wh), "fps": str(track.fps), "loop": track.loop}
    }
    document.buffers = [gltf.Buffer(byteLength=len(samplers.blob))]
    document.set_binary_blob(bytes(samplers.blob))
    file.write_bytes(b"".join(document.save_to_bytes()))


def load_gltf(file: Path, params: ImportParams) -> Imported:
    """The path of the first camera in a .glb or .gltf, animated or not.

    Raises:
        PathError: There is no such file, or no perspective camera in it.
    """
    document = _open(file)
    node_index = next((i for i, node in enumerate(document.nodes) if node.camera is not None), None)
    if node_index is None:
        raise PathError(f"{file.name}: expected a camera, got none")
    node = document.nodes[node_index]
    try:
        lens = document.cameras[node.camera].perspective
        channels = _channels_of(document, node_index, node.camera)
        times_s, places, turns, fov = _sample(document, node, channels, lens)
        above = _parent_matrix(document, node_index)
        noted = (document.extras or {}).get("parallax", {})
        is_ours = "fps" in noted
        fps = Fraction(noted["fps"]) if is_ours else _even_rate(times_s)
        width, height = noted.get("size_wh", params.size_wh)
        size_wh = int(width), int(height)
    except (
        AttributeError, IndexError, KeyError, TypeError, ValueError, ZeroDivisionError,
    ) as error:  # fmt: skip
        raise PathError(f"{file.name}: expected a perspective camera, got: {error}") from error
    poses = []
    for i, (place, turn) in enumerate(zip(places, turns, strict=True)):
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = rotation_from_quaternion(turn), place
        whole = above @ matrix
        rotation = mended_rotation(whole[:3, :3], f"{file.name}: key {i}")
        poses.append(Pose.from_rotation(whole[:3, 3], rotation))
    fov_deg = [checked_fov_deg(float(np.degrees(f)), f"{file.name}: yfov") for f in fov]
    track = track_of_poses(
        poses,
        fov_deg,
        size_wh=size_wh,
        fps=fps or params.fps,
        times_s=times_s.tolist() if fps is None else None,  # exacter than the file's
        loop=noted.get("loop") is True,
    )
    if fps is None:
        return import_keys(track, params)
    return import_frames(track, params, of_photo=is_ours)


def _even_rate(times_s: Floats) -> Fraction | None:
    """Frames a second of an animation with a key a frame; None where a person set the keys."""
    steps_s = np.diff(times_s)
    if len(steps_s) < 2 or steps_s.max() > SPARSE_S or np.ptp(steps_s) > EVEN_S:
        return None
    return exact_rate(1 / float(steps_s.mean()))


class _Samplers:
    """The numbers of an animation, packed one after another."""

    def __init__(self, document: gltf.GLTF2, times_s: Floats) -> None:
        self.document = document
        self.blob = bytearray()
        self.made: list[Any] = []
        span = ([float(np.float32(times_s.min()))], [float(np.float32(times_s.max()))])
        self._times = self._accessor(times_s[:, None], "SCALAR", span)

    def add(self, values: Floats, kind: str) -> int:
        """The index of a new sampler that runs through `values`."""
        output = self._accessor(values, kind, None)
        self.made.append(
            gltf.AnimationSampler(input=self._times, output=output, interpolation="LINEAR")
        )
        return len(self.made) - 1

    def _accessor(
        self, values: Floats, kind: str, span: tuple[list[float], list[float]] | None
    ) -> int:
        """The index of a new accessor, with its numbers in the blob."""
        data = np.ascontiguousarray(values, "<f4").tobytes()
        view = gltf.BufferView(buffer=0, byteOffset=len(self.blob), byteLength=len(data))
        self.blob += data
        self.document.bufferViews.append(view)
        accessor = gltf.Accessor(
            bufferView=len(self.document.bufferViews) - 1,
            componentType=FLOAT,
            count=len(values),
            type=kind,
        )
        if span is not None:
            accessor.min, accessor.max = span
        self.document.accessors.append(accessor)
        return len(self.document.accessors) - 1


def _channel(sampler: int, *, node: int, path: str) -> Any:
    """A channel that moves a node."""
    target = gltf.AnimationChannelTarget(node=node, path=path)
    return gltf.AnimationChannel(sampler=sampler, target=target)


def _open(file: Path) -> gltf.GLTF2:
    """The document of a file."""
    if not file.is_file():
        raise PathError(f"{file}: expected a .glb or .gltf file, got nothing there")
    try:
        document = gltf.GLTF2().load(str(file))
    except Exception as error:  # pygltflib lets json, struct and key errors through
        raise PathError(f"{file.name}: expected a glTF file, got: {error}") from error
    if document is None:
        raise PathError(f"{file.name}: expected a glTF file, got another")
    document.convert_buffers(gltf.BufferFormat.BINARYBLOB)
    return document


def _channels_of(document: gltf.GLTF2, node: int, camera: int) -> dict[str, Any]:
    """The sampler of each animated property of the camera."""
    found: dict[str, Any] = {}
    for animation in document.animations:
        for channel in animation.channels:
            target = channel.target
            pointer = (target.extensions or {}).get(POINTER, {}).get("pointer")
            sampler = animation.samplers[channel.sampler]
            if target.node == node and target.path in ("translation", "rotation"):
                found.setdefault(target.path, sampler)
            elif pointer == YFOV.format(camera):
                found.setdefault("yfov", sampler)
    return found


def _sample(
    document: gltf.GLTF2, node: Any, channels: dict[str, Any], lens: Any
) -> tuple[Floats, Floats, Floats, Floats]:
    """Times, places, turns (w first) and fields of view at every key of any channel."""
    rest = _local_matrix(node)
    curves = {name: _read_curve(document, sampler) for name, sampler in channels.items()}
    if curves:
        times_s = np.unique(np.concatenate([times for times, _, _ in curves.values()]))
    else:
        times_s = np.zeros(1)
    count = len(times_s)
    places = np.tile(rest[:3, 3], (count, 1))
    turns = np.tile(quaternion_from_rotation(rest[:3, :3]), (count, 1))
    fov = np.full(count, float(lens.yfov))
    if "translation" in curves:
        places = _at(times_s, *curves["translation"], turning=False)
    if "rotation" in curves:
        key_s, values, held = curves["rotation"]
        turns = _at(times_s, key_s, values[:, [3, 0, 1, 2]], held, turning=True)
    if "yfov" in curves:
        fov = _at(times_s, *curves["yfov"], turning=False)[:, 0]
    return times_s, places, turns, fov


def _read_curve(document: gltf.GLTF2, sampler: Any) -> tuple[Floats, Floats, bool]:
    """Times, values, and whether values are held, of a sampler."""
    times_s = _read_accessor(document, sampler.input)[:, 0]
    values = _read_accessor(document, sampler.output)
    if sampler.interpolation == "CUBICSPLINE":
        values = values[1::3]  # between its two tangents
    if len(values) != len(times_s) or (np.diff(times_s) <= 0).any():
        raise ValueError("an animation whose times do not rise")
    return times_s, values, sampler.interpolation == "STEP"


def _read_accessor(document: gltf.GLTF2, index: int) -> Floats:
    """(N, k): the numbers of an accessor of floats."""
    accessor = document.accessors[index]
    if accessor.componentType != FLOAT:
        raise ValueError("an animation that is not in floats")
    view = document.bufferViews[accessor.bufferView]
    width = SCALAR_SIZE[accessor.type]
    offset = (view.byteOffset or 0) + (accessor.byteOffset or 0)
    data = np.frombuffer(document.binary_blob(), "<f4", accessor.count * width, offset)
    if not np.isfinite(data).all():
        raise ValueError("numbers that are not finite")
    return data.reshape(-1, width).astype(np.float64)


def _at(times_s: Floats, key_s: Floats, values: Floats, held: bool, *, turning: bool) -> Floats:
    """(N, k): a curve at some times."""
    if len(key_s) == 1:
        return np.repeat(values, len(times_s), 0)
    segment = np.clip(np.searchsorted(key_s, times_s, side="right") - 1, 0, len(key_s) - 2)
    u = np.clip((times_s - key_s[segment]) / np.diff(key_s)[segment], 0, 1)
    if held:
        u = np.floor(u)
    begin, end = values[segment], values[segment + 1]
    if turning:
        return slerp(begin, end, u)
    return np.asarray(begin + u[:, None] * (end - begin))


def _local_matrix(node: Any) -> Floats:
    """(4, 4), parent from node."""
    if node.matrix is not None:
        return np.array(node.matrix, np.float64).reshape(4, 4).T  # glTF stores columns
    matrix = np.eye(4)
    if node.rotation is not None:
        x, y, z, w = node.rotation
        matrix[:3, :3] = rotation_from_quaternion(np.array([w, x, y, z], np.float64))
    if node.scale is not None:
        matrix[:3, :3] *= np.array(node.scale, np.float64)
    if node.translation is not None:
        matrix[:3, 3] = node.translation
    return matrix


def _parent_matrix(document: gltf.GLTF2, index: int) -> Floats:
    """(4, 4), world from the camera's parent; its ancestors are taken as they stand."""
    matrix = np.eye(4)
    for _ in range(len(document.nodes)):
        parent = next(
            (i for i, n in enumerate(document.nodes) if index in (n.children or [])), None
        )
        if parent is None:
            return matrix
        matrix = _local_matrix(document.nodes[parent]) @ matrix
        index = parent
    raise ValueError("nodes that are their own ancestors")
