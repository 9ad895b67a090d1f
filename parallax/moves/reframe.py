"""Which part of a photo a film of another shape shows."""

import numpy as np
from numpy.typing import NDArray

from parallax.moves.stage import Stage

Window = tuple[int, int, int, int]
FINENESS = 512  # places that a window is tried at, at least
LEAST_CROP = 0.02  # shapes that differ by less are left to the camera, which crops as little
HEADROOM = 0.1  # of the window's height, above a subject that does not fit
CUT_SHARE = 0.98  # of a subject's weight: with less in the window, it does not fit


def choose_window(stage: Stage, *, weight: NDArray[np.float32] | None = None) -> Window | None:
    """The part of the photo to keep for a film of another shape, around the subject.

    It is as large as the photo allows, and placed so that it holds as much of the subject as can
    be; among such places, the one that centres the subject. Of a subject that is too tall, the top
    is kept, with some room above.

    Args:
        stage: Of the photo, with the film's size.
        weight: (h, w), how much each part of the photo matters; None is the focus point alone.

    Returns:
        Left, top, right and bottom in photo pixels; None where the shapes are alike.
    """
    width, height = stage.intrinsics.size_wh
    aspect = width / height
    if abs(np.log(stage.aspect / aspect)) < LEAST_CROP:
        return None
    across = stage.aspect < aspect  # the film is narrower: the window slides sideways
    side = width if across else height
    kept = round(height * stage.aspect) if across else round(width / stage.aspect)
    if weight is None:
        weight = np.zeros((64, 64), np.float32)
        row, column = (min(int(v * 64), 63) for v in (stage.focus_uv[1], stage.focus_uv[0]))
        weight[row, column] = 1
    profile = weight.sum(0 if across else 1, dtype=np.float64)
    profile = np.repeat(profile, -(-FINENESS // len(profile)))  # of a coarse weight too
    is_too_tall = (
        not across and _held_weight(profile, kept / side).max() < CUT_SHARE * profile.sum()
    )
    if is_too_tall:  # what does not fit is cut off below: feet can be missed, heads cannot
        profile *= (1 - np.cumsum(profile) / profile.sum()) ** 2 + 1e-6
    held = _held_weight(profile, kept / side)
    middle = float((profile * (np.arange(len(profile)) + 0.5)).sum() / profile.sum()) / len(profile)
    starts = np.arange(len(held)) / len(profile)
    off_center = np.abs(starts + kept / side / 2 - middle)
    start = float(starts[np.lexsort((off_center, -np.round(held / profile.sum(), 3)))[0]])
    if is_too_tall:
        start = max(0.0, start - HEADROOM * kept / side)
    begin = min(round(start * side), side - kept)
    return (begin, 0, begin + kept, height) if across else (0, begin, width, begin + kept)


def _held_weight(profile: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """The weight within a window of this share, from each place it can begin at."""
    size = max(1, min(len(profile), round(share * len(profile))))
    total = np.concatenate([[0.0], np.cumsum(profile)])
    return np.asarray(total[size:] - total[:-size])
