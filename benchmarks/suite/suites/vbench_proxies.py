"""VBench's dimensions as far as they can be had without weights."""

from typing import ClassVar

from benchmarks.suite import vbench
from benchmarks.suite.bank import Bank
from benchmarks.suite.film_file import film_rate, fit_frames, read_frames
from benchmarks.suite.picture import photo_as_film
from benchmarks.suite.shelf import Shelf
from benchmarks.suite.suites.asked import free_film, group_of
from benchmarks.suite.task import Adapter, CannotDo, Metric, Samples, Task
from parallax.photo import load_photo


class VbenchProxies:
    """The suite."""

    name = "vbench-proxies"
    about = (
        "The film that each system makes by itself. Temporal flickering is VBench's own formula; "
        "every line marked proxy keeps VBench's formula with classical features in the place of "
        "its networks, and is not VBench."
    )
    metrics: ClassVar[dict[str, Metric]] = {
        "temporal_flickering": Metric(
            "", "high", "(255 − mean absolute change) / 255, VBench's definition", decimals=4
        ),
        "motion_smoothness": Metric(
            "", "high", "left-out frames against flow-interpolated ones", proxy=True, decimals=4
        ),
        "dynamic_degree": Metric("", "", "1 where VBench's rule finds motion", proxy=True),
        "flow_speed": Metric("%/s", "", "fastest 5 % of the flow, of the short side"),
        "subject_consistency": Metric(
            "", "high", "gradient histograms for DINO", proxy=True, decimals=4
        ),
        "background_consistency": Metric(
            "", "high", "colour histograms for CLIP", proxy=True, decimals=4
        ),
        "i2v_subject": Metric("", "high", "gradient histograms for DINO", proxy=True, decimals=4),
        "i2v_background": Metric(
            "", "high", "colour histograms for DreamSim", proxy=True, decimals=4
        ),
        "imaging_quality": Metric(
            "", "1", "sharpness over the photo's, for MUSIQ", proxy=True, decimals=3
        ),
    }

    def tasks(self, bank: Bank) -> list[Task]:
        """A free film of every picture."""
        return [free_film(bank, picture, group_of(picture)) for picture in bank.pictures()]

    def score(self, task: Task, adapter: Adapter, shelf: Shelf) -> Samples | CannotDo:
        """Every dimension of one film, as it is delivered."""
        film = shelf.film(adapter, task)
        if isinstance(film, CannotDo):
            return film
        frames = fit_frames(read_frames(film), task.size_wh)
        fps = film_rate(film.file)
        photo = photo_as_film(load_photo(task.photo).srgb8, task.size_wh)
        return {
            "temporal_flickering": [vbench.temporal_flickering(frames)],
            "motion_smoothness": [vbench.motion_smoothness(frames)],
            "dynamic_degree": [vbench.dynamic_degree(frames, fps)],
            "flow_speed": [vbench.flow_speed(frames, fps)],
            "subject_consistency": [vbench.subject_consistency(frames)],
            "background_consistency": [vbench.background_consistency(frames)],
            "i2v_subject": [vbench.i2v_subject(photo, frames)],
            "i2v_background": [vbench.i2v_background(photo, frames)],
            "imaging_quality": [vbench.imaging_quality(photo, frames)],
        }
