"""Views from beside the photo, held against a second photo taken there (tests T1 and T2).

    python -m benchmarks.novel_view STEREO_FOLDER [--blur 0 2 4] [--keep FOLDER]

Each pair goes through the command line: photo, true depth and a camera path in, frames out. Blur
0 is the true depth; the others stand for a depth network's soft edges. Below are simpler methods
on the same pairs. Printed, and written to `benchmarks/results/novel_view.json`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import print_table, write_result
from benchmarks.stereo import (
    Pair,
    Score,
    known_everywhere,
    load_pairs,
    read_picture,
    score_view,
    soften,
    warp_forward,
)

FOV_DEG = 45.0
TELEA_PX = 5.0


def main() -> None:
    """Render, score, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stereo", type=Path)
    parser.add_argument("--blur", type=float, nargs="+", default=[0.0, 2.0, 4.0])
    parser.add_argument("--keep", type=Path, help="also write every view here as PNG")
    options = parser.parse_args()
    rows: dict[str, Score] = {}
    for pair in load_pairs(options.stereo):
        for blur_px in options.blur:
            shift_px = known_everywhere(pair.shift_px)
            if blur_px > 0:
                shift_px = soften(shift_px, blur_px)
            view = render_pair(pair, shift_px)
            name = f"{pair.name}, depth blurred {blur_px:g} px" if blur_px else pair.name
            rows[name] = score_view(view, pair)
            if options.keep:
                _write(options.keep / f"{name}.png", view)
        for method, view in simple_views(pair).items():
            rows[f"{pair.name}, {method}"] = score_view(view, pair)
    print_table(
        ["case", "whole dB", "visible dB", "in-hole dB", "sharpness"],
        [
            [name, *(f"{n:.2f}" for n in (s.whole_db, s.visible_db, s.hole_db, s.sharpness))]
            for name, s in rows.items()
        ],
    )
    print(write_result("novel_view", {name: asdict(score) for name, score in rows.items()}))


def render_pair(pair: Pair, shift_px: NDArray[np.float32]) -> NDArray[np.uint8]:
    """What the other camera sees, by the command line: photo, depth and path to a frame."""
    height, width = pair.shift_px.shape
    nearest_px = float(shift_px.max())
    focal_px = height / 2 / np.tan(np.radians(FOV_DEG) / 2)
    right_su = -pair.toward * nearest_px / focal_px
    keyframe = {"position_su": [right_su, 0, 0], "rotation_deg": [0, 0, 0]}
    path = {
        "version": 1,
        "keyframes": [{"time_s": 0, **keyframe}, {"time_s": 0.5, **keyframe}],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder / "photo.png", pair.srgb8)
        np.save(folder / "depth.npy", shift_px / np.float32(nearest_px))
        (folder / "path.json").write_text(json.dumps(path))
        command = [sys.executable, "-m", "parallax", "animate", str(folder / "photo.png")]
        command += ["-o", str(folder / "view.mp4"), "--depth", str(folder / "depth.npy")]
        command += ["--path", str(folder / "path.json"), "--fov", str(FOV_DEG)]
        command += ["--size", f"{width}x{height}", "--motion", "none"]
        command += ["--fps", "4", "--frames-dir", str(folder / "frames")]
        subprocess.run(command, check=True, capture_output=True)
        return np.ascontiguousarray(read_picture(folder / "frames" / "00000.png"))


def simple_views(pair: Pair) -> dict[str, NDArray[np.uint8]]:
    """Views by what other programs do: move the pixels, then fill what stays empty."""
    warped, hole = warp_forward(pair)
    mask = hole.astype(np.uint8) * 255
    return {
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
