"""Cells, resuming, summaries and reports, with systems and suites of our own making."""

import json
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest

from benchmarks.suite.adapters.folder import FilmFolder
from benchmarks.suite.bank import Bank
from benchmarks.suite.film_file import fit_frames, read_frames
from benchmarks.suite.report import make_report, place_dots, write_report
from benchmarks.suite.run import run_suites
from benchmarks.suite.summary import Number, load_published, tabulate
from benchmarks.suite.task import CannotDo, Film, Metric, Task, json_of_task, task_of_json

SIZE_WH = (48, 32)


class Grey:
    """Films of one grey."""

    name = "grey"
    about = "One grey."

    def __init__(self):
        self.films_made = 0

    def version(self):
        return "1"

    def film(self, task, folder):
        if task.loop:
            return CannotDo("knows no loops")
        self.films_made += 1
        frames = folder / "frames"
        frames.mkdir()
        for index in range(task.num_frames):
            grey = np.full((32, 48, 3), 100, np.uint8)
            cv2.imwrite(str(frames / f"{index:05d}.png"), grey)
        return Film(frames / "00000.png", frames, "grey")


class NewerGrey(Grey):
    """The same system, a version later."""

    def version(self):
        return "2"


class Level:
    """A suite that measures how bright a film is."""

    name = "level"
    about = "How bright."
    metrics: ClassVar = {"level": Metric("", "high", "mean level", decimals=1)}

    def __init__(self, levels=(0, 10, 20)):
        self.levels = levels

    def tasks(self, bank):
        photo = bank.picture_of_scene("cards").photo
        plain = Task("plain", "all", photo, SIZE_WH, fps=4, seconds=1)
        return [plain, replace(plain, name="loop", loop=True), replace(plain, name="odd")]

    def score(self, task, adapter, shelf):
        film = shelf.film(adapter, task)
        if isinstance(film, CannotDo):
            return film
        if task.name == "odd":
            raise ValueError("cannot be measured")
        return {"level": [float(frame.mean()) for frame in read_frames(film, lossless=True)]}


@pytest.fixture
def run(tmp_path):
    bank = Bank(tmp_path / "data", smoke=True)

    def again(adapter, **more):
        suite = Level()
        cells = run_suites(
            [suite], [adapter], bank=bank, folder=tmp_path, on_cell=lambda *_: None, **more
        )
        return suite, cells

    return again


def test_a_photos_depth_has_the_photos_shape(tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    rng = np.random.default_rng(1)
    cv2.imwrite(str(photos / "wide.png"), rng.integers(0, 256, (90, 160, 3), np.uint8))
    bank = Bank(tmp_path / "data", photos=photos, smoke=True)
    picture = next(p for p in bank.pictures() if p.name == "wide")
    assert np.load(picture.depth).shape == (90, 160)


def test_a_cell_is_measured_once_and_a_failed_one_tried_again(run):
    adapter = Grey()
    _, cells = run(adapter)
    assert [cell.status for cell in cells] == ["done", "cannot", "failed"]
    assert cells[0].samples == {"level": [100.0] * 4}
    assert cells[1].reason == "knows no loops"
    assert "cannot be measured" in cells[2].reason
    made = adapter.films_made
    _, again = run(adapter)
    assert again[0] == cells[0]
    assert adapter.films_made == made  # films too are kept
    assert run(NewerGrey())[1][0].version == "2"


def test_what_time_was_up_for_is_said_and_done_by_the_next_run(run):
    adapter = Grey()
    _, cells = run(adapter, minutes=0)
    assert [cell.status for cell in cells] == ["waiting"] * 3
    assert adapter.films_made == 0
    assert run(adapter)[1][0].status == "done"


def test_a_report_says_what_was_measured_and_what_was_not(run, tmp_path):
    adapter = Grey()
    suite, cells = run(adapter)
    report = make_report(cells, [suite], [adapter], command="bench")
    files = write_report(report, tmp_path)
    table = json.loads(files[0].read_text())["tables"][0]
    assert table["rows"][0]["numbers"]["grey"]["n"] == 4
    for file in files[1:]:
        text = file.read_text()
        assert "100.0" in text and "knows no loops" in text and "cannot be measured" in text
        assert str(tmp_path) not in text


def test_numbers_are_medians_with_their_spread():
    number = Number.of([3.0, 1.0, 8.0])
    assert (number.median, number.low, number.high, number.n) == (3, 1, 8, 3)
    assert number.text(1) == "3.0 (1.0…8.0, n=3)"
    assert Number.of([2.0]).text(0) == "2 (n=1)"


def test_dots_lie_between_the_ends_of_the_axis(run):
    suite, cells = run(Grey())
    row = replace(
        tabulate(cells, [suite])[0].rows[0],
        numbers={"one": Number.of([0.0, 5.0]), "two": Number.of([10.0])},
    )
    plot = place_dots(row, ["one", "two", "none"], width=100)
    assert [lane["dots"] for lane in plot["lanes"]] == [[0, 50], [100], []]
    assert [lane["median"] for lane in plot["lanes"]] == [25, 100, None]


def test_published_figures_have_a_source_a_date_and_whole_rows():
    tables = load_published()
    assert tables
    for table in tables:
        assert table["source"] and table["date"]
        assert all(len(row) == len(table["columns"]) for row in table["systems"].values())


def test_a_task_survives_being_written_down(tmp_path):
    task = Task("a", "b", tmp_path / "photo.png", SIZE_WH, fps=4, seconds=1.0, move="pan left")
    assert task_of_json(json_of_task(task, whole_paths=True)) == task
    assert json_of_task(task)["photo"] == "photo.png"


def test_finished_films_are_found_by_task_or_where_the_camera_is_free_by_photo(tmp_path):
    (tmp_path / "lake.mp4").touch()
    (tmp_path / "lake.pan-left.webm").touch()
    adapter = FilmFolder(tmp_path)
    free = Task("lake.free", "g", Path("lake.jpg"), SIZE_WH, fps=4, seconds=1.0)
    panned = replace(free, name="lake.pan-left", move="pan left")
    found = [adapter.film(task, tmp_path) for task in (free, panned)]
    assert [film.file.name for film in found if isinstance(film, Film)] == [
        *("lake.mp4", "lake.pan-left.webm")
    ]
    missing = adapter.film(replace(panned, name="lake.tilt-up"), tmp_path)
    assert isinstance(missing, CannotDo) and "lake.tilt-up" in missing.reason


def test_frames_of_another_shape_are_cut_about_their_middle():
    frames = np.zeros((2, 20, 60, 3), np.uint8)
    frames[:, :, 20:40] = 255
    fitted = fit_frames(frames, (40, 40))
    assert fitted.shape == (2, 40, 40, 3) and (fitted > 250).all()
