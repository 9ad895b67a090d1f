"""What the head for falls and rivers learns from: places in photos, wet, dry or unknown.

Falls and rivers were drawn by hand, since the label teacher knows few of them: `water.json` has
their outlines in percent of width and height, and photos that were looked at because the head had
taken snow, sand or a pale wall in them for water. All else is the teacher's, where the network
agrees with it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from parallax.perceive.training.augment import vary_light

WET, DRY, UNKNOWN = 1, 0, -1
WATER_IDS = (22, 27)  # of the teacher's 31 classes: water and sea
ROCK_IDS = (14, 17)  # earth and mountain
LAND_IDS = (4, 5, 10, 18, 30, *ROCK_IDS)  # floor, tree, grass, plant and field
LONG_SIDES_PX = (256, 320, 384, 512, 640)  # of the network's input
LEAST_CROP = 0.4  # of a side
LEAST_WET = 0.02  # of a crop of a photo with water
FALL_HEIGHT, FALL_WIDEST = (0.3, 0.9), 0.7  # of the photo that a cut-out is pasted in
RAGGED_PX, SOFT_PX = 5.0, 1.2  # of the edge of a cut-out
MOST_TRIES = 20
Bytes = NDArray[np.uint8]
State = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class HandLabels:
    """What was looked at.

    Attributes:
        drawn: By file, the outlines of what is water, unknown and dry, the later over the former.
        falls: Those of them with a fall.
        dry: Photos without water that look as if they had some.
        unknown: Photos whose teacher labels are wrong about water.
    """

    drawn: dict[str, dict[str, list[list[list[float]]]]]
    falls: tuple[str, ...]
    dry: tuple[str, ...]
    unknown: tuple[str, ...]


@cache
def load_hand_labels() -> HandLabels:
    """The labels that were drawn by hand."""
    text = files("parallax.perceive.training").joinpath("water.json").read_text(encoding="utf-8")
    table = json.loads(text)
    falls = tuple(name for name, entry in table["drawn"].items() if entry["kind"] == "fall")
    drawn = {
        name: {state: entry.get(state, []) for state in ("unknown", "wet", "dry")}
        for name, entry in table["drawn"].items()
    }
    return HandLabels(drawn, falls, tuple(table["dry"]), tuple(table["unknown"]))


def read_picture(path: Path, *, long_side_px: int) -> Bytes:
    """A photo (H, W, 3), or the first frame of a film, no longer than that."""
    if path.suffix == ".mp4":
        film = cv2.VideoCapture(str(path))
        bgr = film.read()[1]
        film.release()
    else:
        bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert bgr is not None, path
    scale = min(1.0, long_side_px / max(bgr.shape[:2]))
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB), np.uint8)


def draw_state(outlines: dict[str, list[list[list[float]]]], shape: tuple[int, ...]) -> State:
    """(H, W): what was drawn by hand; dry where nothing was."""
    state = np.full(shape[:2], DRY, np.int8)
    size = np.array([shape[1], shape[0]]) / 100
    for name, value in (("unknown", UNKNOWN), ("wet", WET), ("dry", DRY)):
        plane = np.zeros(shape[:2], np.uint8)
        for outline in outlines.get(name, []):
            cv2.fillPoly(plane, [np.rint(np.array(outline) * size).astype(np.int32)], (1,))
        state[plane > 0] = value
    return state


def teacher_state(path: Path, own: NDArray[np.float32]) -> State:
    """(h, w): wet and dry where teacher and network (h, w) agree, else unknown.

    Args:
        path: The teacher's labels.
        own: How likely water is by the network's first head.
    """
    ids = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert ids is not None, path
    water = np.isin(ids, WATER_IDS).astype(np.float32)
    share = cv2.resize(water, own.shape[::-1], interpolation=cv2.INTER_AREA)
    state = np.full(own.shape, UNKNOWN, np.int8)
    state[(share < 0.02) & (own < 0.5)] = DRY
    state[(share > 0.9) & (own > 0.5)] = WET
    return state


def is_land(labels: Path, stem: str) -> bool:
    """Whether a photo shows rock or earth, plants perhaps, and no water: a fall may be there."""
    ids = cv2.imread(str(labels / f"{stem}.ade31.png"), cv2.IMREAD_GRAYSCALE)
    assert ids is not None, stem
    rock, land, water = (np.isin(ids, kind).mean() for kind in (ROCK_IDS, LAND_IDS, WATER_IDS))
    return bool(rock > 0.15 and land > 0.6 and water < 0.01)


def coarse_state(state: State, size_wh: tuple[int, int]) -> State:
    """(h, w): the state of places that have only one."""
    wet, unknown = (
        cv2.resize((state == value).astype(np.float32), size_wh, interpolation=cv2.INTER_AREA)
        for value in (WET, UNKNOWN)
    )
    coarse = np.full(wet.shape, UNKNOWN, np.int8)
    coarse[(wet < 0.05) & (unknown < 0.05)] = DRY
    coarse[wet > 0.6] = WET
    return coarse


def vary_picture(
    srgb8: Bytes, state: State, rng: np.random.Generator, *, num: int
) -> Iterator[tuple[Bytes, State, int]]:
    """A photo whole at two sizes, then crops in other light, with their sizes for the network."""
    for long_side_px in (320, 640)[:num]:
        yield srgb8, state, long_side_px
    for _ in range(num - 2):
        piece, piece_state = _crop(srgb8, state, rng)
        yield _relight(piece, rng), piece_state, int(rng.choice(LONG_SIDES_PX))


def paste_water(
    srgb8: Bytes, state: State, behind: Bytes, rng: np.random.Generator
) -> tuple[Bytes, State]:
    """A photo with the water of another in front of it, of another size and light."""
    rows, columns = np.flatnonzero((state == WET).any(1)), np.flatnonzero((state == WET).any(0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    height, width = behind.shape[:2]
    tall = rng.uniform(*FALL_HEIGHT) * height
    wide = tall * len(range(*box[1].indices(width * 99))) / (rows[-1] - rows[0] + 1)
    wide = min(wide * np.exp(rng.normal(0, 0.3)), FALL_WIDEST * width)
    size_wh = max(16, int(wide)), max(16, int(tall))
    piece = cv2.resize(_relight(srgb8[box], rng), size_wh, interpolation=cv2.INTER_AREA)
    mask = (state[box] == WET).astype(np.float32)
    mask = cv2.resize(mask, size_wh, interpolation=cv2.INTER_AREA)
    noise = cv2.GaussianBlur(rng.normal(size=mask.shape).astype(np.float32), (0, 0), RAGGED_PX)
    ragged = cv2.GaussianBlur(mask, (0, 0), RAGGED_PX) + 0.12 * noise / max(noise.std(), 1e-6)
    alpha = cv2.GaussianBlur((ragged > 0.5).astype(np.float32), (0, 0), SOFT_PX)[..., None]
    if rng.random() < 0.5:
        piece, alpha = piece[:, ::-1], alpha[:, ::-1]
    top, left = (
        int(rng.integers(side - part + 1))
        for side, part in zip((height, width), alpha.shape[:2], strict=True)
    )
    place = slice(top, top + alpha.shape[0]), slice(left, left + alpha.shape[1])
    pasted, pasted_state = behind.copy(), np.full((height, width), DRY, np.int8)
    pasted[place] = np.rint(behind[place] * (1 - alpha) + piece * alpha).astype(np.uint8)
    soft = np.where(alpha[..., 0] > 0.05, UNKNOWN, DRY)
    pasted_state[place] = np.where(alpha[..., 0] > 0.5, WET, soft)
    return pasted, pasted_state


def _crop(srgb8: Bytes, state: State, rng: np.random.Generator) -> tuple[Bytes, State]:
    """A part of a photo, mirrored or not, with some of its water if it has any."""
    height, width = state.shape
    for _ in range(MOST_TRIES):
        share, longer = rng.uniform(LEAST_CROP, 1), np.exp(rng.normal(0, 0.15))
        tall, wide = int(min(1, share * longer) * height), int(min(1, share / longer) * width)
        top, left = int(rng.integers(height - tall + 1)), int(rng.integers(width - wide + 1))
        place = slice(top, top + tall), slice(left, left + wide)
        if not (state == WET).any() or (state[place] == WET).mean() > LEAST_WET:
            break
    side = slice(None, None, int(rng.choice([-1, 1])))
    return (
        np.ascontiguousarray(srgb8[place][:, side]),
        np.ascontiguousarray(state[place][:, side]),
    )


def _relight(srgb8: Bytes, rng: np.random.Generator) -> Bytes:
    """A photo as another camera in another light would have it."""
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    srgb = torch.from_numpy(np.ascontiguousarray(srgb8)).permute(2, 0, 1)[None].float() / 255
    varied = vary_light(srgb, generator)[0].permute(1, 2, 0).numpy()
    return np.asarray(np.rint(varied * 255), np.uint8)
