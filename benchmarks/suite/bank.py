"""What the suites work on: generated scenes, the project's samples, stereo pairs, your photos."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.stereo import Pair, load_pairs
from benchmarks.suite.scene_set import SCENES, GeneratedScene, generate_scene
from benchmarks.suite.task import Task
from parallax.depth_map import load_depth
from parallax.photo import load_photo

LONG_SIDE_PX = {"full": 480, "smoke": 240}  # of the films that quality is judged on
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
MAX_PHOTOS = 6  # of a folder: the first by name


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo that films are asked of.

    Attributes:
        name: For tasks.
        photo: The file.
        depth: `.npy`, the same for every system.
        fov_deg: Vertical field of view, None where the file says it itself or nobody knows.
        size_wh: Of films of it.
        labels: Palette PNG of what is what, where it is known exactly.
        ours: Whether frames of it may be shown in a report: it travels with the project.
    """

    name: str
    photo: Path
    depth: Path
    fov_deg: float | None
    size_wh: tuple[int, int]
    labels: Path | None = None
    ours: bool = True


class Bank:
    """Makes and finds the data of a run, each piece once."""

    def __init__(
        self,
        folder: Path,
        *,
        smoke: bool,
        stereo: Path | None = None,
        photos: Path | None = None,
        samples: Path | None = None,
    ) -> None:
        """Prepare.

        Args:
            folder: Where what is generated is kept.
            smoke: Small and few.
            stereo: A folder of Middlebury pairs as `benchmarks.stereo` reads them.
            photos: A folder of photos.
            samples: The project's samples.
        """
        self.folder = folder
        self.smoke = smoke
        self._stereo, self._photos, self._samples = stereo, photos, samples
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def scene_names(self) -> list[str]:
        """The generated scenes of this run."""
        return list(SCENES)[:1] if self.smoke else list(SCENES)

    def scene(self, name: str) -> GeneratedScene:
        """A generated scene at the size of this run."""
        long = LONG_SIDE_PX["smoke" if self.smoke else "full"]
        return generate_scene(name, (long, long * 2 // 3))

    def picture_of_scene(self, name: str) -> Picture:
        """A generated scene as files."""
        scene = self.scene(name)
        photo, depth = self.folder / f"{name}.png", self.folder / f"{name}.npy"
        if not depth.exists():
            cv2.imwrite(str(photo), scene.srgb8[..., ::-1])
            np.save(depth, scene.inv_depth)
        return Picture(name, photo, depth, scene.intrinsics.fov_deg, scene.intrinsics.size_wh)

    def samples(self) -> list[Picture]:
        """The project's own pictures, where the repository is at hand."""
        if self._samples is None or self.smoke:
            return []
        return [self._sample(self._samples / f"{name}.jpg") for name in ("lake", "still_life")]

    def exact_pictures(self) -> list[Picture]:
        """A few with exact depth, for what asks many films of each: flat, deep, and outdoors."""
        return [self.picture_of_scene(name) for name in self.scene_names[::2]] + self.samples()[:1]

    def pictures(self) -> list[Picture]:
        """Everything that free films are asked of: scenes, samples, and the folder of photos."""
        own = [self.picture_of_scene(name) for name in self.scene_names] + self.samples()
        if self._photos is None:
            return own
        files = [f for f in sorted(self._photos.iterdir()) if f.suffix.lower() in PHOTO_SUFFIXES]
        return own + [self._foreign(file) for file in files[:MAX_PHOTOS]]

    def may_show(self, task: Task) -> bool:
        """Whether frames may be passed on: of what is generated, and of the project's samples."""
        own = {self.folder / f"{name}.png" for name in SCENES}
        return task.photo in own or task.photo.parent == self._samples

    def pairs(self) -> list[Pair]:
        """The stereo pairs, none where no folder was named."""
        if self._stereo is None or self.smoke:
            return []
        return list(load_pairs(self._stereo))

    def write_pictures(
        self, name: str, srgb8: np.ndarray[Any, Any], inv_depth: np.ndarray[Any, Any]
    ) -> tuple[Path, Path]:
        """A photo and its depth as files."""
        photo, depth = self.folder / f"{name}.png", self.folder / f"{name}.npy"
        cv2.imwrite(str(photo), np.ascontiguousarray(srgb8[..., ::-1]))
        np.save(depth, inv_depth.astype(np.float32))
        return photo, depth

    def write_path(self, name: str, path: dict[str, Any]) -> Path:
        """A camera path as a file."""
        file = self.folder / f"{name}.path.json"
        file.write_text(json.dumps(path))
        return file

    def _sample(self, photo: Path) -> Picture:
        """One of the project's samples, with its exact depth and labels."""
        depth = self.folder / f"{photo.stem}.npy"
        if not depth.exists():
            np.save(depth, load_depth(photo.with_suffix(".depth.png")).inv_depth)
        labels = photo.with_suffix(".labels.png")
        loaded = load_photo(photo)
        return Picture(
            photo.stem,
            photo,
            depth,
            loaded.intrinsics().fov_deg,
            self._film_size(loaded.size_wh),
            labels,
        )

    def _foreign(self, photo: Path) -> Picture:
        """A user's photo; its depth by our network, the same for every system."""
        depth = self.folder / f"{photo.stem}.npy"
        loaded = load_photo(photo)
        if not depth.exists():
            from parallax.perceive import PerceiveParams, perceive_photo

            found = perceive_photo(loaded, params=PerceiveParams()).depth
            np.save(depth, found.resized(loaded.size_wh).inv_depth)
        fov_deg = loaded.intrinsics().fov_deg
        size_wh = self._film_size(loaded.size_wh)
        return Picture(photo.stem, photo, depth, fov_deg, size_wh, ours=False)

    def _film_size(self, photo_wh: tuple[int, int]) -> tuple[int, int]:
        """The photo's shape, even, its long side as this run has it."""
        scale = LONG_SIDE_PX["smoke" if self.smoke else "full"] / max(photo_wh)
        return round(photo_wh[0] * scale / 2) * 2, round(photo_wh[1] * scale / 2) * 2
