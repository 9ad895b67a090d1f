"""Views from beside the photo against the truth: stereo pairs and generated scenes (T1–T5)."""

import itertools
import math
from dataclasses import asdict
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.stereo import (
    Pair,
    Score,
    fit_robust,
    known_everywhere,
    score_masked,
    score_view,
    soften,
)
from benchmarks.suite.adapters.track import track_of_task
from benchmarks.suite.bank import Bank
from benchmarks.suite.card import View, take_view
from benchmarks.suite.film_file import fit_frames, read_frames
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task
from parallax.photo import Photo

FPS = 8
FOV_DEG = 45.0  # of pairs: any will do, shifts are what is true
LEAST_SHIFT_PX = 0.1  # the farthest still lies somewhere
BLURS_PX = (2.0, 4.0)
WRONG_LEVELS = 32  # of 255: a pixel this far from the truth is seen to be wrong
TEMPORAL_FRAMES = 16
# x, y, z in su and a factor on the tangent of half the field of view
SIDEWAYS = (
    (0, 0, 0), (0.04, 0, 0), (-0.04, 0, 0), (0, 0.03, 0), (0, -0.03, 0), (0.03, 0.02, 0),
    (-0.03, -0.02, 0),
)  # fmt: skip
FORWARD = ((0, 0, 0), (0, 0, -0.06), (0, 0, -0.12), (0.02, 0.01, -0.08))
DOLLY = ((0, 0, -0.12), (0, 0, -0.2))


class NovelView:
    """The suite."""

    def __init__(self) -> None:
        """Start with no truth drawn."""
        self._pairs: dict[str, Pair] = {}
        self._views: dict[str, list[View]] = {}

    name = "novel-view"
    about = (
        "Frames held against what a camera there really sees, pixel by pixel. Left out is what "
        "lies past the photo's border."
    )
    metrics: ClassVar[dict[str, Metric]] = {
        "whole_db": Metric("dB", "high", "PSNR of all that is scored"),
        "visible_db": Metric("dB", "high", "PSNR of what the photo shows too"),
        "hole_db": Metric("dB", "high", "PSNR of what was hidden in the photo"),
        "sharpness": Metric("", "1", "detail in what was hidden, over the truth's"),
        "wrong_patch_px": Metric(
            "px", "low", f"largest patch that is off by more than {WRONG_LEVELS} of 255", decimals=0
        ),
        "flicker": Metric(
            "", "low", "mean change from frame to frame that the truth does not have, of 255"
        ),
    }

    def tasks(self, bank: Bank) -> list[Task]:
        """True depth, soft depth, network depth on pairs; poses and a smooth path on scenes."""
        self._bank = bank
        self._pairs = {f"pair-{_slug(pair.name)}": pair for pair in bank.pairs()}
        tasks = []
        for name, pair in self._pairs.items():
            tasks.append(self._pair_task(name, "T1 pairs, true depth", pair, pair.shift_px))
            for blur_px in BLURS_PX:
                shift_px = soften(known_everywhere(pair.shift_px), blur_px)
                group = f"T2 pairs, depth blurred {blur_px:g} px"
                tasks.append(self._pair_task(f"{name}-soft{blur_px:g}", group, pair, shift_px))
            group = "T4 pairs, our network's depth"
            tasks.append(self._pair_task(f"{name}-mono", group, pair, _guess_shift(bank, pair)))
        for name in bank.scene_names:
            tasks.append(self._scene_task(name, "sideways", "T3 scenes, sideways", SIDEWAYS))
            tasks.append(self._scene_task(name, "forward", "T3 scenes, forward", FORWARD))
            if not bank.smoke:
                tasks.append(self._scene_task(name, "dolly-zoom", "T3 scenes, dolly zoom", DOLLY))
                tasks.append(self._scene_task(name, "swing", "T5 scenes, in motion", _swing()))
        return tasks

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """Each frame against the truth."""
        film = shelf.film(adapter, task)
        if isinstance(film, CannotDo):
            return film
        frames = fit_frames(read_frames(film, lossless=True), task.size_wh)
        pair = next((p for n, p in self._pairs.items() if task.name.startswith(n)), None)
        if pair is not None:
            return _as_samples([score_view(frames[0], pair)])
        name = task.name.rsplit(".", 1)[0]
        if len(frames) != task.num_frames:
            raise ValueError(f"expected {task.num_frames} frames, got {len(frames)}")
        views = self._truth(name, task)
        scores = [_score_exactly(f, view) for f, view in zip(frames, views, strict=True)]
        if not task.group.startswith("T5"):
            return _as_samples(scores[1:] if "dolly" not in task.name else scores)
        return {
            **_as_samples(scores),
            "wrong_patch_px": [_wrong_patch(f, v) for f, v in zip(frames, views, strict=True)],
            "flicker": _flicker(frames, views),
        }

    def _pair_task(self, name: str, group: str, pair: Pair, shift_px: NDArray[np.float32]) -> Task:
        """The other photo of a pair: one camera, aside by as much as moves the nearest point."""
        shift_px = known_everywhere(shift_px)
        height, width = shift_px.shape
        nearest_px = float(shift_px.max())
        photo, depth = self._bank.write_pictures(name, pair.srgb8, shift_px / nearest_px)
        focal_px = height / 2 / np.tan(np.radians(FOV_DEG) / 2)
        position = [-pair.toward * nearest_px / focal_px, 0, 0]
        keys = [
            {"time_s": time_s, "position_su": position, "rotation_deg": [0, 0, 0]}
            for time_s in (0, 0.5)
        ]
        path = self._bank.write_path(name, _straight(keys))
        return Task(
            name,
            group,
            photo,
            (width, height),
            fps=4,
            seconds=0.5,
            depth=depth,
            fov_deg=FOV_DEG,
            path=path,
        )

    def _scene_task(
        self, name: str, kind: str, group: str, poses: tuple[tuple[float, ...], ...]
    ) -> Task:
        """A film with a frame at each pose of a scene."""
        picture = self._bank.picture_of_scene(name)
        assert picture.fov_deg is not None
        seconds = len(poses) / FPS
        keys = []
        for index, (x, y, z) in enumerate(poses):
            # The middle distance, 2 su, keeps its size in a dolly zoom
            wider = 2 / (2 + z) if kind == "dolly-zoom" else 1.0
            tan_half = wider * np.tan(np.radians(picture.fov_deg / 2))
            keys.append(
                {
                    "time_s": seconds * index / (len(poses) - 1),
                    "position_su": [x, y, z],
                    "rotation_deg": [0, 0, 0],
                    "fov_deg": float(np.degrees(2 * np.arctan(tan_half))),
                }
            )
        return Task(
            f"{name}.{kind}",
            group,
            picture.photo,
            picture.size_wh,
            fps=FPS,
            seconds=seconds,
            depth=picture.depth,
            fov_deg=picture.fov_deg,
            path=self._bank.write_path(f"{name}.{kind}", _straight(keys)),
        )

    def _truth(self, name: str, task: Task) -> list[View]:
        """What each camera of a task really sees; drawn once a run and task."""
        if task.name not in self._views:
            scene = self._bank.scene(name)
            self._views.clear()  # all adapters make one task before the next
            self._views[task.name] = [
                take_view(scene.cards, camera, scene.inv_depth, scene.intrinsics)
                for camera in track_of_task(task).cameras
            ]
        return self._views[task.name]


def _swing() -> tuple[tuple[float, ...], ...]:
    """From side to side and a little closer in between."""
    angles = [2 * math.pi * i / (TEMPORAL_FRAMES - 1) for i in range(TEMPORAL_FRAMES)]
    return tuple((0.05 * math.sin(a), 0.0, -0.025 * (1 - math.cos(a))) for a in angles)


def _straight(keyframes: list[dict[str, Any]]) -> dict[str, Any]:
    """A path straight from each keyframe to the next."""
    return {"version": 1, "spline": "linear", "keyframes": keyframes}


def _slug(name: str) -> str:
    """A pair's name as a file's: "Cones L→R" is "cones-lr"."""
    return name.lower().replace(" ", "-").replace("→", "")


def _guess_shift(bank: Bank, pair: Pair) -> NDArray[np.float32]:
    """What our network sees, laid onto the true shifts by a scale and an offset.

    Depth from one photo is known up to these two numbers.
    """
    from parallax.perceive import PerceiveParams, perceive_photo

    file = bank.folder / f"pair-{_slug(pair.name)}.guess.npy"
    if not file.exists():
        depth = perceive_photo(Photo(pair.srgb8), params=PerceiveParams()).depth
        np.save(file, depth.resized((pair.srgb8.shape[1], pair.srgb8.shape[0])).inv_depth)
    seen = np.load(file)
    known = np.isfinite(pair.shift_px)
    gain, offset = fit_robust(seen[known], pair.shift_px[known])
    return np.asarray(np.maximum(seen * gain + offset, LEAST_SHIFT_PX), np.float32)


def _score_exactly(frame: NDArray[np.uint8], view: View) -> Score:
    """A frame against the truth as it is: colours are known, so none are fitted."""
    return score_masked(frame.astype(np.float64), view.srgb8, view.hole, view.hole, view.beyond)


def _as_samples(scores: list[Score]) -> Samples:
    """Scores as lists; what could not be measured is left out."""
    rows = [asdict(score) for score in scores]
    samples = {key: [row[key] for row in rows if math.isfinite(row[key])] for key in rows[0]}
    return {key: values for key, values in samples.items() if values}


def _wrong_patch(frame: NDArray[np.uint8], view: View) -> float:
    """Pixels of the largest connected patch that is far from the truth."""
    off = np.abs(frame.astype(np.int16) - view.srgb8).max(-1) > WRONG_LEVELS
    wrong = (off & ~view.beyond).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(wrong, connectivity=4)
    return float(stats[1:, cv2.CC_STAT_AREA].max(initial=0))


def _flicker(frames: NDArray[np.uint8], views: list[View]) -> list[float]:
    """For each step, the mean of how much the picture changes beside what the truth does."""
    error = [
        np.where(view.beyond[..., None], 0, frame.astype(np.float64) - view.srgb8)
        for frame, view in zip(frames, views, strict=True)
    ]
    return [float(np.abs(after - before).mean()) for before, after in itertools.pairwise(error)]
