"""Whether films show the camera that `OUT.camera.json` says: measured on the frames alone.

    python -m benchmarks.check_camera [--photos FOLDER] [--count 20] [--size 960x640]

1. *Poses.* The samples have exact depth. For every preset, and for paths that went through other
   tools' files, the camera is solved for from rendered frames (`benchmarks.camera_pose`). Reported:
   the largest angle to the camera that was asked for, and the largest distance in % of the path's
   length.
2. *Classes.* VBench-I2V's seven camera motions on photos, called from the frames alone
   (`benchmarks.camera_motion`), and by VBench's own rule.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.camera_motion import call_as_vbench, classify_camera_motion
from benchmarks.camera_pose import Gray, compare_poses
from benchmarks.measure import RESULTS, print_table, write_result
from parallax.camera import Pose, Reach, fov_to_cover
from parallax.convert import ImportParams, read_foreign_path, write_foreign_track
from parallax.depth_map import DepthMap, load_depth
from parallax.gpu.renderer import Renderer
from parallax.label_map import LabelMap
from parallax.layers.build import build_scene
from parallax.moves import PRESETS, Glance, MoveParams, Stage, make_preset, survey_stage
from parallax.path import CameraPath, measure_reach, track_path
from parallax.perceive import PerceiveParams, perceive_photo
from parallax.photo import Photo, load_photo

SAMPLES = Path(__file__).parent.parent / "samples"
NAME = "check_camera"
NUM_FRAMES = 4  # of a film whose camera is solved for
IMPORTS = {
    "nerfstudio": "path.json",
    "realestate10k": "path.txt",
    "transforms": "transforms.json",
    "colmap": "model",
    "gltf": "path.glb",
}
OTHER_UNIT = 7.3  # a scene unit in the other tools' worlds
FILM_PX, FILM_S, FILM_FPS = 320, 1.0, Fraction(12)  # of the films whose motion is called
CLASSES = {
    "pan-left": "pan left",
    "pan-right": "pan right",
    "tilt-up": "tilt up",
    "tilt-down": "tilt down",
    "zoom-in": "zoom in",
    "zoom-out": "zoom out",
    "static": "static",
}


def main() -> None:
    """Render, solve, call, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=SAMPLES)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--size", default="960x640")
    parser.add_argument("--only", choices=["poses", "classes"], help="Renew one part.")
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    found: dict[str, object] = {}
    if options.only != "classes":
        found["poses"] = _report_poses((width, height))
    if options.only != "poses":
        found["classes"] = _report_classes(options.photos, options.count)
    file = RESULTS / f"{NAME}.json"
    kept = json.loads(file.read_text())["rows"] if options.only and file.is_file() else {}
    write_result(NAME, {**kept, **found})


def _report_poses(size_wh: tuple[int, int]) -> dict[str, object]:
    """What is found of each film's camera."""
    poses: dict[str, list[float]] = {}
    for name in ("lake", "still_life"):
        for move, row in check_poses(SAMPLES / f"{name}.jpg", size_wh).items():
            poses[f"{name} {move}"] = row
    print_table(
        ["film", "worst turn °", "worst place % of path", "points"],
        [[name, *row] for name, row in poses.items()],
    )
    worst_deg, worst_percent = (max(row[i] for row in poses.values()) for i in (0, 1))
    print(f"\nworst of {len(poses)} films: {worst_deg}°, {worst_percent} % of the path")
    return {
        "size_wh": size_wh,
        "worst_deg": worst_deg,
        "worst_percent_of_path": worst_percent,
        "films": poses,
    }


def _report_classes(folder: Path, count: int) -> dict[str, object]:
    """How many films' motions are called right."""
    photos = sorted(folder.glob("*.jpg"))
    picked = photos[:: max(1, len(photos) // count)][:count]
    calls = {}
    for photo in picked:
        calls[photo.name] = check_classes(photo)
        print(f"{photo.name}: {calls[photo.name]}", flush=True)
    films = [(photo, move, *said) for photo, row in calls.items() for move, said in row.items()]
    wrong = [list(film) for film in films if film[2] != CLASSES[film[1]]]
    among = [film for film in films if CLASSES[film[1]] in film[3].split(", ")]
    alone = [film for film in films if film[3] == CLASSES[film[1]]]
    print_table(["photo", "move", "called", "by VBench's rule"], wrong or [["-"] * 4])
    print(f"\ncalled right: {len(films) - len(wrong)} of {len(films)}")
    print(f"among what VBench's rule calls: {len(among)}; the only one: {len(alone)}")
    return {
        "photos": len(picked),
        "films": len(films),
        "right": len(films) - len(wrong),
        "among_those_of_vbench_rule": len(among),
        "alone_by_vbench_rule": len(alone),
        "wrong": wrong,
    }


def check_poses(photo_path: Path, size_wh: tuple[int, int]) -> dict[str, list[float]]:
    """Worst angle, worst distance and fewest points of every preset and every import."""
    photo = load_photo(photo_path)
    depth = load_depth(photo_path.with_suffix(".depth.png"))
    stage = survey_stage(Glance.of(depth), photo.intrinsics(), size_wh)
    paths = {name: make_preset(name, stage) for name in PRESETS if name != "static"}
    paths |= {f"from {name}": _import_through(name, paths["push-right"], stage) for name in IMPORTS}
    found = {}
    with _filming(photo, depth, None, paths, stage) as renderer:
        for name, path in paths.items():
            rate = Fraction(NUM_FRAMES) / Fraction(path.duration_s).limit_denominator(1000)
            track = track_path(path, size_wh=size_wh, fps=rate, default_fov_deg=stage.rest_fov_deg)
            frames: list[Gray] = [
                np.asarray(cv2.cvtColor(np.ascontiguousarray(f.srgb8[..., :3]), cv2.COLOR_RGB2GRAY))
                for f in renderer.frames(track.cameras)
            ]
            found[name] = compare_poses(frames, track, photo, depth)
            print(f"{photo_path.stem} {name}: {found[name]}", flush=True)
    return found


def check_classes(photo_path: Path) -> dict[str, tuple[str, str]]:
    """What each of the seven motions is called, by us and by VBench's rule."""
    photo = load_photo(photo_path)
    seen = perceive_photo(photo, params=PerceiveParams())
    scale = FILM_PX / max(photo.size_wh)
    size_wh = round(photo.size_wh[0] * scale / 2) * 2, round(photo.size_wh[1] * scale / 2) * 2
    glance = Glance.of(seen.depth, seen.labels, photo.srgb8)
    stage = survey_stage(glance, photo.intrinsics(), size_wh)
    params = MoveParams(duration_s=FILM_S)
    paths = {name: make_preset(name, stage, params=params) for name in CLASSES}
    small = photo.resized((size_wh[0] * 2, size_wh[1] * 2))
    calls = {}
    with _filming(small, seen.depth, seen.labels, paths, stage) as renderer:
        for name, path in paths.items():
            track = track_path(
                path, size_wh=size_wh, fps=FILM_FPS, default_fov_deg=stage.rest_fov_deg
            )
            frames: list[NDArray[np.uint8]] = [
                np.ascontiguousarray(frame.srgb8[..., :3])
                for frame in renderer.frames(track.cameras)
            ]
            by_rule = ", ".join(sorted(call_as_vbench(frames))) or "nothing"
            calls[name] = (classify_camera_motion(frames), by_rule)
    return calls


@contextmanager
def _filming(
    photo: Photo,
    depth: DepthMap,
    labels: LabelMap | None,
    paths: Mapping[str, CameraPath],
    stage: Stage,
) -> Iterator[Renderer]:
    """A renderer of the photo's scene, built for all of the paths."""
    found = [
        measure_reach(
            path, stage.intrinsics, size_wh=stage.size_wh, default_fov_deg=stage.rest_fov_deg
        )
        for path in paths.values()
    ]
    left, top, right, bottom = (max(reach.margin_uv[i] for reach in found) for i in range(4))
    reach = Reach(
        max(reach.parallax_su for reach in found),
        (left, top, right, bottom),
        max(reach.zoom for reach in found),
    )
    scene = build_scene(photo, depth, labels, reach=reach, size_wh=stage.size_wh)
    with Renderer(scene, size_wh=stage.size_wh) as renderer:
        yield renderer


def _import_through(name: str, path: CameraPath, stage: Stage) -> CameraPath:
    """A path after it was written in another tool's file, in a world of other axes and unit."""
    fov_deg = fov_to_cover(stage.intrinsics, stage.size_wh)
    track = track_path(path, size_wh=stage.size_wh, fps=Fraction(10), default_fov_deg=fov_deg)
    elsewhere = Pose.from_angles((3.0, -1.0, 2.0), yaw_deg=70, pitch_deg=-25, roll_deg=15)
    cameras = []
    for camera in track.cameras:
        matrix = camera.pose.world_from_camera.copy()
        matrix[:3, 3] *= OTHER_UNIT
        cameras.append(replace(camera, pose=Pose(elsewhere.world_from_camera @ matrix)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / IMPORTS[name]
        write_foreign_track(file, replace(track, cameras=tuple(cameras)), format_name=name)
        fitted = ImportParams(
            unit_scale=1 / OTHER_UNIT, recenter=True, size_wh=stage.size_wh, fps=Fraction(10)
        )
        return read_foreign_path(file, format_name=name, params=fitted).path


if __name__ == "__main__":
    main()
