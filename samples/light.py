"""Lamps that together are a sun of some width and a sky."""

import math

import numpy as np
from numpy.typing import NDArray

from samples.projection import disc_from_square, spread
from samples.setting import Lamp

SUN_RADIUS = 0.009  # radians; twice the real sun's: a little haze around it


def sky_lamps(sun: Lamp, num_sets: int, *, num_sky: int) -> tuple[tuple[Lamp, ...], ...]:
    """For each set the sun, somewhere on its disc, and lamps evenly spread over the sky."""
    disc = disc_from_square(spread(num_sets)) * SUN_RADIUS
    directions = _hemisphere(num_sets * num_sky)
    order = np.random.default_rng(2).permutation(len(directions))
    towards = np.asarray(sun.place)
    right = np.cross(towards, (0, 1, 0))
    right /= np.linalg.norm(right)
    sets = []
    for index in range(num_sets):
        place = towards + right * disc[index, 0] + np.cross(right, towards) * disc[index, 1]
        own = directions[order[index::num_sets]]
        lamps = [Lamp(_tuple3(d), _sky_light(d, towards, 2 / num_sky)) for d in own]
        sets.append((Lamp(_tuple3(place), sun.light, is_sun=True), *lamps))
    return tuple(sets)


def room_lamps(
    sun: tuple[float, float, float],
    sun_light: tuple[float, float, float],
    num_sets: int,
    *,
    window_x: float,
) -> tuple[tuple[Lamp, ...], ...]:
    """For each set the sun, lamps in the window's opening, and what a room throws back.

    Args:
        sun: Direction to it.
        sun_light: LINEAR rgb.
        num_sets: How many.
        window_x: Where the window's plane is; the opening is that of `still_life`.
    """
    num_window, num_room = 4, 3
    disc = disc_from_square(spread(num_sets)) * 0.006
    panes = spread(num_sets * num_window, 50)
    room = _hemisphere(num_sets * num_room)
    rng = np.random.default_rng(4)
    pane_order, room_order = rng.permutation(len(panes)), rng.permutation(len(room))
    towards = np.asarray(sun)
    right = np.cross(towards, (0, 1, 0))
    right /= np.linalg.norm(right)
    sets = []
    for index in range(num_sets):
        place = towards + right * disc[index, 0] + np.cross(right, towards) * disc[index, 1]
        lamps = [Lamp(_tuple3(place), sun_light, is_sun=True)]
        for u, v in panes[pane_order[index::num_sets]]:
            at = (window_x, 0.28 + 1.04 * v, -0.5 + 1.7 * u)
            lamps.append(Lamp(at, (0.30, 0.37, 0.47), is_near=True))
        for x, y, z in room[room_order[index::num_sets]]:
            way = np.array([x if x > -0.2 else -x, 0.15 + 0.85 * y, abs(z) + 0.05])
            lamps.append(Lamp(_tuple3(way / np.linalg.norm(way)), (0.20, 0.175, 0.145)))
        sets.append(tuple(lamps))
    return tuple(sets)


def _hemisphere(count: int) -> NDArray[np.float64]:
    """(count, 3) directions upwards, evenly by solid angle, none quite level."""
    square = spread(count)
    up = 0.06 + 0.94 * square[:, 0]
    angle, out = 2 * math.pi * square[:, 1], np.sqrt(1 - up**2)
    return np.stack([out * np.cos(angle), up, out * np.sin(angle)], -1)


def _sky_light(
    direction: NDArray[np.float64], sun: NDArray[np.float64], share: float
) -> tuple[float, float, float]:
    """Blue above, pale at the rim, warm towards the sun."""
    rim = (1 - direction[1]) ** 2
    warm = max(float(direction @ sun), 0.0) ** 3
    light = np.array([0.40, 0.56, 0.90]) * (1 - rim) + np.array([0.85, 0.92, 1.0]) * rim
    return _tuple3((light + np.array([0.7, 0.5, 0.25]) * warm) * share)


def _tuple3(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
