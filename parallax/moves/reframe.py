"""Which part of a photo a film of another shape shows."""

import math

import numpy as np
from numpy.typing import NDArray

Window = tuple[int, int, int, int]
FINENESS = 512  # places that a window is tried at, at least
LEAST_CROP = 0.02  # shapes that differ by less are left to the camera, which crops as little
OFF_CENTER_COSTS = 0.5  # of all that matters, were it a whole window's width off its middle
HEADROOM = 0.15  # of the window's height, above a subject that does not fit
CUT_SHARE = 0.98  # of a subject's weight: with less in the window, it does not fit
TOP_SHARE = 0.04  # of its weight is above what counts for its top

Floats = NDArray[np.float64]


def choose_window(
    photo_wh: tuple[int, int], film_wh: tuple[int, int], *, weight: NDArray[np.float32]
) -> Window | None:
    """The part of a photo to keep for a film of another shape.

    It is as large as the photo allows, and placed so that it holds as much of what matters as can
    be, with that in its middle. Of what is too tall, the top is kept, with some room above: feet
    can be missed, heads cannot.

    Args:
        photo_wh: Of the photo, in pixels.
        film_wh: Of the film.
        weight: (h, w), how much each part of the photo matters, not 0 everywhere.

    Returns:
        Left, top, right and bottom in photo pixels; None where the shapes are alike.
    """
    (width, height), aspect = photo_wh, film_wh[0] / film_wh[1]
    if abs(math.log(aspect * height / width)) < LEAST_CROP:
        return None
    across = aspect < width / height  # the film is narrower: the window slides sideways
    side = width if across else height
    kept = round(height * aspect) if across else round(width / aspect)
    share = kept / side
    profile = weight.sum(0 if across else 1, dtype=np.float64)
    profile = np.repeat(profile, -(-FINENESS // len(profile)))  # of a coarse weight too
    profile /= profile.sum()
    if not across and _within(profile, share).max() < CUT_SHARE:
        top = float(np.searchsorted(np.cumsum(profile), TOP_SHARE)) / len(profile)
        start = max(0.0, top - HEADROOM * share)
    else:
        start = _best_start(profile, share)
    begin = min(round(start * side), side - kept)
    return (begin, 0, begin + kept, height) if across else (0, begin, width, begin + kept)


def _best_start(profile: Floats, share: float) -> float:
    """Where, 0…1, a window begins that holds much of a profile, and holds it in its middle."""
    held = _within(profile, share)
    places = (np.arange(len(profile)) + 0.5) / len(profile)
    middles = _within(profile * places, share) / np.maximum(held, 1e-9)
    starts = np.arange(len(held)) / len(profile)
    off_center = np.abs(middles - (starts + share / 2)) / share
    return float(starts[int(np.argmax(held - OFF_CENTER_COSTS * off_center))])


def _within(profile: Floats, share: float) -> Floats:
    """The sum of a profile within a window of this share, from each place it can begin at."""
    size = max(1, min(len(profile), round(share * len(profile))))
    total = np.concatenate([[0.0], np.cumsum(profile)])
    return np.asarray(total[size:] - total[:-size])
