"""Whether a film still shows the photo: with the camera at rest, and in a film of its own."""

from typing import ClassVar

import numpy as np

from benchmarks.stereo import psnr_db
from benchmarks.suite.bank import Bank
from benchmarks.suite.film_file import fit_frames, read_frames
from benchmarks.suite.picture import (
    color_difference,
    laplacian_variance,
    photo_as_film,
    ssim,
)
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.suites.asked import free_film, group_of, moved_film
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task
from parallax.photo import load_photo

SAME_DB = 100.0  # what two pictures that do not differ at all are given


class Fidelity:
    """The suite."""

    name = "fidelity"
    about = (
        "The film as it is delivered against the photo at the film's size. At rest nothing should "
        "differ but what 4:2:0 and the codec take (encoding_db); of a free film only the first "
        "frame is compared, wherever its camera begins."
    )
    metrics: ClassVar[dict[str, Metric]] = {
        "psnr_db": Metric("dB", "high", "first frame against the photo; 100 is the same"),
        "ssim": Metric("", "high", "first frame against the photo", decimals=4),
        "delta_e": Metric("", "low", "CIEDE2000 of the first frame from the photo, mean"),
        "sharpness": Metric("", "1", "variance of the Laplacian, median frame over the photo"),
        "leak": Metric(
            "",
            "low",
            "99.9 % of all pixels at rest stay this near to the first frame, of 255",
            decimals=0,
        ),
        "encoding_db": Metric(
            "dB", "high", "first frame as delivered against that before encoding"
        ),
    }

    def tasks(self, bank: Bank) -> list[Task]:
        """A film at rest and a free one."""
        exact = bank.exact_pictures()
        rest = [moved_film(p, "static", f"{group_of(p)} at rest") for p in exact]
        return rest + [free_film(bank, p, f"{group_of(p)}, free film") for p in bank.pictures()]

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """First frame against photo, and what sharpness is left."""
        film = shelf.film(adapter, task)
        if isinstance(film, CannotDo):
            return film
        frames = fit_frames(read_frames(film), task.size_wh)
        photo = photo_as_film(load_photo(task.photo).srgb8, task.size_wh)
        first = frames[0].astype(np.float64)
        everywhere = np.ones(photo.shape[:2], np.bool_)
        sharp = np.median([laplacian_variance(frame) for frame in frames])
        samples = {
            "psnr_db": [min(psnr_db(first, photo, everywhere), SAME_DB)],
            "ssim": [ssim(frames[0], photo)],
            "delta_e": [color_difference(frames[0], photo)],
            "sharpness": [float(sharp / laplacian_variance(photo))],
        }
        if film.frames_dir is not None:
            drawn = read_frames(film, lossless=True)[0]
            samples["encoding_db"] = [min(psnr_db(first, drawn, everywhere), SAME_DB)]
        if task.move == "static":
            away = np.abs(frames[1:].astype(np.int16) - frames[0])
            samples["leak"] = [float(np.percentile(away, 99.9))]
        return samples
