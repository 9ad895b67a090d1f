"""Camera paths judged before anything is filmed: numbers, a film of lines, a sheet of presets."""

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from parallax.camera import Reach
from parallax.frame import Frame
from parallax.gpu import Renderer
from parallax.layers.build import BuildParams, build_scene
from parallax.moves import PRESETS, Ground, Stage, make_preset, survey_stage
from parallax.moves.wireframe import draw_wireframes
from parallax.output import whole_file
from parallax.path import (
    CameraPath,
    camera_at,
    frame_times,
    inspect_path,
    measure_reach,
    resolve_path,
)
from parallax.pipeline.clock import StageClock
from parallax.pipeline.params import SourceParams
from parallax.pipeline.source import glance_at, read_source
from parallax.pipeline.survey import Survey
from parallax.video import write_video

LINES_WH = (1120, 480)
UNCOVERED = 0.04  # of the picture: more and fills are what one looks at
THUMB_PX = 240  # long side
MOMENTS = {False: (0.0, 1 / 3, 2 / 3, 1.0), True: (0.0, 0.25, 0.5, 0.75)}  # of a film; of a loop
COLUMNS, GAP_PX, LINE_PX = 2, 10, 22
PAPER, INK, SOFT = (250, 250, 250), (30, 30, 30), (110, 110, 110)


def check_path(
    path: CameraPath, survey: Survey, *, fps: Fraction
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a path does to a film: a summary with warnings, and lists with a number a frame.

    What is uncovered is known only where the depth is.
    """
    stage = survey.stage
    times_s = np.array(frame_times(path.duration_s, fps, loop=path.loop))
    found = inspect_path(
        path,
        stage.intrinsics,
        size_wh=stage.size_wh,
        times_s=times_s,
        inv_depth_range=(0.0, max(1.0, stage.near_inv_depth)),
        default_fov_deg=stage.rest_fov_deg,
    )
    warnings = list(found.warnings)
    uncovered = None
    if survey.glance is not None:
        ground = Ground.of(survey.glance, stage)
        uncovered = ground.trace_uncovered(path, times_s)
        most = float(uncovered.max())
        if most > UNCOVERED:
            warnings.append(
                f"at {times_s[int(uncovered.argmax())]:.2f} s {most:.1%} of the picture was hidden "
                f"in the photo and has to be filled; make the move {UNCOVERED / most:.2g} times "
                "as large, or hold another point with --focus"
            )
    summary = {
        "duration_s": path.duration_s,
        "loop": path.loop,
        "keyframes": len(path.keyframes),
        "num_frames": len(times_s),
        "fastest_widths_per_s": round(float(found.speed_per_s.max()), 4),
        "hardest_widths_per_s2": round(float(found.acceleration_per_s2.max()), 4),
        "parallax_diagonals": round(float(found.parallax_diagonal.max()), 4),
        "margin_uv": [round(float(m), 4) for m in found.margin_uv.max(0)],
        "zoom": round(float(found.zoom.max()), 4),
        "uncovered_percent": None if uncovered is None else round(100 * float(uncovered.max()), 2),
        "warnings": warnings,
    }
    frames = {
        "time_s": times_s.tolist(),
        "speed_widths_per_s": found.speed_per_s.tolist(),
        "acceleration_widths_per_s2": found.acceleration_per_s2.tolist(),
        "margin_uv": found.margin_uv.tolist(),
        "uncovered_percent": None if uncovered is None else (100 * uncovered).tolist(),
    }
    return summary, frames


def film_wireframe(path: CameraPath, survey: Survey, out_path: Path, *, fps: Fraction) -> None:
    """Writes a film of a path in lines, as seen through the camera and from beside it.

    Raises:
        VideoError: The encoder refuses.
        OutputError: The disk refuses.
    """
    times_s = np.array(frame_times(path.duration_s, fps, loop=path.loop))
    samples = resolve_path(path, times_s, default_fov_deg=survey.stage.rest_fov_deg)
    pictures = draw_wireframes(samples, survey.stage, survey.depth, size_wh=LINES_WH)
    frames = (
        Frame(i, float(time_s), picture)
        for i, (time_s, picture) in enumerate(zip(times_s, pictures, strict=True))
    )
    write_video(frames, out_path, size_wh=LINES_WH, fps=fps)


def draw_sheet(
    photo_path: Path, out_path: Path, *, names: Sequence[str], params: SourceParams
) -> None:
    """Writes a picture of presets on a photo: a few moments of each, side by side.

    Args:
        photo_path: Of the photo.
        out_path: A .png or .jpg.
        names: Of the presets.
        params: How to understand the photo.

    Raises:
        ParallaxError: The photo, the network or the OpenGL context cannot be used.
    """
    source = read_source(
        photo_path, params=params, needs_labels=params.depth_file is None, clock=StageClock()
    )
    width, height = source.photo.size_wh
    scale = THUMB_PX / max(width, height)
    thumb_wh = max(16, round(width * scale / 2) * 2), max(16, round(height * scale / 2) * 2)
    intrinsics = source.photo.intrinsics()
    stage = survey_stage(glance_at(source), intrinsics, thumb_wh)
    paths = {name: make_preset(name, stage) for name in names}
    photo = source.photo.resized((thumb_wh[0] * 2, thumb_wh[1] * 2))  # sharp where it zooms in
    reach = _reach_of_all(list(paths.values()), stage)
    scene = build_scene(
        photo,
        source.depth,
        source.labels,
        reach=reach,
        size_wh=thumb_wh,
        params=BuildParams(depth_guessed=source.depth_guessed),
    )
    rows: dict[str, list[NDArray[np.uint8]]] = {}
    with Renderer(scene, size_wh=thumb_wh) as renderer:
        for name, path in paths.items():
            cameras = [
                camera_at(path, share * path.duration_s, default_fov_deg=stage.rest_fov_deg)
                for share in MOMENTS[path.loop]
            ]
            rows[name] = [frame.srgb8[..., :3] for frame in renderer.frames(cameras)]
    buffer = io.BytesIO()
    kind = "PNG" if out_path.suffix.lower() == ".png" else "JPEG"
    _lay_out(rows, thumb_wh).save(buffer, kind, quality=92)
    with whole_file(out_path) as partial:
        partial.write_bytes(buffer.getvalue())


def _reach_of_all(paths: Sequence[CameraPath], stage: Stage) -> Reach:
    """The reach that a scene for all of the paths needs."""
    found = [
        measure_reach(
            path, stage.intrinsics, size_wh=stage.size_wh, default_fov_deg=stage.rest_fov_deg
        )
        for path in paths
    ]
    left, top, right, bottom = (max(r.margin_uv[i] for r in found) for i in range(4))
    return Reach(
        max(r.parallax_su for r in found), (left, top, right, bottom), max(r.zoom for r in found)
    )


def _lay_out(
    rows: Mapping[str, Sequence[NDArray[np.uint8]]], thumb_wh: tuple[int, int]
) -> Image.Image:
    """Rows of thumbnails below their names, in columns."""
    width, height = thumb_wh
    num = len(next(iter(MOMENTS.values())))
    cell_wh = num * (width + 2) + GAP_PX, height + LINE_PX + GAP_PX
    lines = -(-len(rows) // COLUMNS)
    columns = min(COLUMNS, len(rows))
    sheet = Image.new("RGB", (columns * cell_wh[0] + GAP_PX, lines * cell_wh[1] + GAP_PX), PAPER)
    pen = ImageDraw.Draw(sheet)
    bold, plain = ImageFont.load_default(15), ImageFont.load_default(12)
    for index, (name, thumbs) in enumerate(rows.items()):
        left = GAP_PX + index // lines * cell_wh[0]
        top = GAP_PX + index % lines * cell_wh[1]
        pen.text((left, top), name, INK, bold)
        pen.text((left + pen.textlength(name, bold) + 10, top + 3), PRESETS[name], SOFT, plain)
        for i, thumb in enumerate(thumbs):
            sheet.paste(Image.fromarray(thumb), (left + i * (width + 2), top + LINE_PX))
    return sheet
