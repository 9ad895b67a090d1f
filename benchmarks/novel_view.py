"""Views from beside the photo, held against a second photo taken there (tests T1, T2 and T5).

    python -m benchmarks.novel_view STEREO_FOLDER [--blur 0 2 4] [--keep FOLDER]

Each pair goes through the command line: photo, true depth and a camera path in, frames out. Blur
0 is the true depth; the others stand for a depth network's soft edges. Below are simpler methods
on the same pairs with the true depth. On the way to the other camera no pixel may be empty, and no
blob of stretched ones large. Printed, and written to `benchmarks/results/novel_view.json`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from itertools import product
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import print_table, write_result
from benchmarks.stereo import (
    Pair,
    known_everywhere,
    load_pairs,
    read_picture,
    score_view,
    soften,
    warp_forward,
)
from benchmarks.stretch import find_faults
from parallax.camera import Pose, ResolvedCamera
from parallax.layers.glb import load_scene
from parallax.layers.spread import spread_known
from parallax.scene import Scene

FOV_DEG = 45.0
TELEA_PX = 5.0
QUALITIES = ("standard", "maximum")
NUM_PLACES = 7  # on the way from one camera to the other
COLUMNS = {
    "whole_db": "whole dB",
    "visible_db": "visible dB",
    "hole_db": "in-hole dB",
    "sharpness": "sharpness",
    "num_empty": "empty px",
    "largest_blob_px": "stretched px",
    "triangles": "triangles",
    "misfit_px": "misfit px",
}
# The best two-layer method that was tried first: numpy, a vertex a pixel, no mesh, no soft edges
REFERENCE = {"Motorcycle L→R": (25.68, 17.55), "Cones L→R": (26.95, 17.95)}


def main() -> None:
    """Render, score, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stereo", type=Path)
    parser.add_argument("--blur", type=float, nargs="+", default=[0.0, 2.0, 4.0])
    parser.add_argument("--keep", type=Path, help="also write every view here as PNG")
    options = parser.parse_args()
    rows: dict[str, dict[str, float]] = {}
    for pair in load_pairs(options.stereo):
        for blur_px, quality in product(options.blur, QUALITIES):
            name = f"{pair.name}, depth blurred {blur_px:g} px" if blur_px else pair.name
            name += "" if quality == QUALITIES[0] else f", {quality}"
            shift_px = known_everywhere(pair.shift_px)
            shift_px = soften(shift_px, blur_px) if blur_px else shift_px
            view, scene = render_pair(pair, shift_px, quality)
            faults = find_faults(scene, _cameras(pair, shift_px), size_wh=scene.intrinsics.size_wh)
            counts = {"triangles": scene.num_triangles, "misfit_px": scene.origin["misfit_px"]}
            rows[name] = asdict(score_view(view, pair)) | asdict(faults) | counts
            if options.keep:
                _write(options.keep / f"{name}.png", view)
        for method, view in simple_views(pair).items():
            rows[f"{pair.name}, {method}"] = asdict(score_view(view, pair))
        reference = REFERENCE.get(pair.name)
        if reference:
            rows[f"{pair.name}, two exact layers"] = dict(
                zip(("whole_db", "hole_db"), reference, strict=True)
            )
    print_table(["case", *COLUMNS.values()], [[n, *_cells(row)] for n, row in rows.items()])
    print(write_result("novel_view", rows))


def _cells(row: dict[str, float]) -> list[str]:
    """A row of the table; what was not measured is a dash."""
    numbers = [row.get(column) for column in COLUMNS]
    return [
        "–" if number is None else f"{number}" if isinstance(number, int) else f"{number:.2f}"
        for number in numbers
    ]


def render_pair(
    pair: Pair, shift_px: NDArray[np.float32], quality: str = "standard"
) -> tuple[NDArray[np.uint8], Scene]:
    """What the other camera sees, by the command line: photo, depth and path to a frame.

    And the scene it is a view of. The shifts, exact or guessed, are known everywhere.
    """
    height, width = shift_px.shape
    near, far = ([x, 0.0, 0.0] for x in _way_su(pair, shift_px)[[-1, 0]])
    keys = [
        {"time_s": time_s, "position_su": place, "rotation_deg": [0, 0, 0], "ease": "linear"}
        for time_s, place in ((0, near), (0.5, near), (1, far))
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder / "photo.png", pair.srgb8)
        np.save(folder / "depth.npy", shift_px / shift_px.max())
        (folder / "path.json").write_text(json.dumps({"version": 1, "keyframes": keys}))
        command = [sys.executable, "-m", "parallax"]
        scene_file = str(folder / "scene.glb")
        build = ["build", str(folder / "photo.png"), "-o", scene_file]
        build += ["--depth", str(folder / "depth.npy"), "--fov", str(FOV_DEG)]
        film = ["render", scene_file, "-o", str(folder / "view.mp4"), "--duration", "1"]
        film += ["--fps", "4", "--frames-dir", str(folder / "frames"), "--motion", "none"]
        shared = ["--path", str(folder / "path.json"), "--size", f"{width}x{height}"]
        shared += ["--quality", quality]
        for words in (build, film):
            subprocess.run([*command, *words, *shared], check=True, capture_output=True)
        view = read_picture(folder / "frames" / "00000.png")
        return np.ascontiguousarray(view), load_scene(Path(scene_file))


def _way_su(pair: Pair, shift_px: NDArray[np.float32]) -> NDArray[np.float64]:
    """How far to the right the camera stands on its way from one photo to the other."""
    focal_px = pair.shift_px.shape[0] / 2 / np.tan(np.radians(FOV_DEG) / 2)
    return np.linspace(0, -pair.toward * float(shift_px.max()) / focal_px, NUM_PLACES)


def _cameras(pair: Pair, shift_px: NDArray[np.float32]) -> list[ResolvedCamera]:
    """The cameras on that way."""
    return [
        ResolvedCamera(0.0, Pose.from_rotation((x, 0, 0), np.eye(3)), FOV_DEG)
        for x in _way_su(pair, shift_px)
    ]


def simple_views(pair: Pair) -> dict[str, NDArray[np.uint8]]:
    """Views by what other programs do: move the pixels, then fill what stays empty."""
    warped, hole = warp_forward(pair)
    mask = hole.astype(np.uint8) * 255
    light = spread_known(warped.astype(np.float32), (~hole).astype(np.float32))
    return {
        "warp + push-pull": np.rint(light).astype(np.uint8),
        "warp + Telea": cv2.inpaint(warped, mask, TELEA_PX, cv2.INPAINT_TELEA),
        "warp + Navier-Stokes": cv2.inpaint(warped, mask, TELEA_PX, cv2.INPAINT_NS),
        "stretched mesh": _stretch(pair),
    }


def _stretch(pair: Pair) -> NDArray[np.uint8]:
    """The photo pulled over its depth as one sheet that does not tear, as DepthFlow does."""
    shift_px = known_everywhere(pair.shift_px)
    height, width = shift_px.shape
    to_x = np.arange(width) + pair.toward * shift_px
    columns = np.arange(width, dtype=np.float32)
    from_x = np.zeros((height, width), np.float32)
    for row in range(height):
        # Of a folded sheet the near part is seen: sort by place, nearer ones win
        order = np.lexsort((shift_px[row], to_x[row]))
        place, source = to_x[row][order], columns[order]
        seen = np.ones(width, np.bool_)
        near = shift_px[row][order]
        for step in range(1, 64):
            behind = (near[:-step] + step * 0.5 < near[step:]) & (place[step:] - place[:-step] < 1)
            seen[:-step] &= ~behind
            before = (near[step:] + step * 0.5 < near[:-step]) & (place[step:] - place[:-step] < 1)
            seen[step:] &= ~before
        from_x[row] = np.interp(columns, place[seen], source[seen])
    rows = np.broadcast_to(np.arange(height, dtype=np.float32)[:, None], from_x.shape)
    return np.asarray(cv2.remap(pair.srgb8, from_x, np.ascontiguousarray(rows), cv2.INTER_LINEAR))


def _write(path: Path, srgb8: NDArray[np.uint8]) -> None:
    """Writes a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), srgb8[..., ::-1])


if __name__ == "__main__":
    main()
