"""A pixel that mixes the light of two surfaces: how much of it is the near one, and its light.

I = a·F + (1 − a)·B: given the pixel I, what lies behind it (B) and what the near surface looks like
beside it, a and F follow. All light is LINEAR.
"""

import numpy as np
from numpy.typing import NDArray

_NOISE = 0.03  # of the brightness: differences below it say nothing
_DARK = 0.02  # light below which brightness counts as this
_APART = 10.0  # squared deviations between the sides at which colour decides rather than place
_LEAST_ALPHA = 2 / 255  # differences below it are rounding
_CLEAR = 0.1  # alpha below this is nothing: the pixel is background
_LIKE_BACK, _UNLIKE_BACK = 2.5, 4.5  # deviations from the background: none of it is hair, all


def estimate_alpha(
    linear: NDArray[np.float32],
    back_linear: NDArray[np.float32],
    edge_px: NDArray[np.float32],
    front_mean: NDArray[np.float32],
    variances: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> NDArray[np.float32]:
    """How much of each of N pixels of a soft band is the near surface.

    Alpha is the place of the pixel between the light of the background and that of the
    foreground beside it, each distance measured in deviations of that side, so that a smooth
    side (sky) decides over a rough one (leaves). Where the sides look alike alpha is a step at
    the edge.

    Args:
        linear: (N, 3), the photo.
        back_linear: (N, 3), the far surface.
        edge_px: (N,), distance to the edge, positive on the near side.
        front_mean: (N, 3), the near surface around.
        variances: (N,) and (N,), of the near and of the far surface around.
    """
    front_variance, back_variance = variances
    brightness = (linear[..., 0] + linear[..., 1] + linear[..., 2]) / np.float32(3)
    noise = np.square(_NOISE * np.maximum(brightness, _DARK))
    from_front = np.sqrt(squared(linear - front_mean) / (front_variance + noise))
    from_back = np.sqrt(squared(linear - back_linear) / (back_variance + noise))
    by_color = from_back / np.maximum(from_front + from_back, 1e-6)
    smoother = np.minimum(front_variance, back_variance) + noise
    trust = 1 - np.exp(-squared(front_mean - back_linear) / smoother / _APART)
    # Outside the edge a pixel is background unless it stands out from it
    stands_out = np.clip((from_back - _LIKE_BACK) / (_UNLIKE_BACK - _LIKE_BACK), 0, 1)
    trust = np.where(edge_px < 0, trust * stands_out, trust)
    step = np.clip(0.5 + edge_px, 0, 1)
    alpha = step + trust * (by_color - step)
    mixed = np.maximum(alpha, _least_alpha(linear, back_linear, front_mean))
    return np.where(alpha < _CLEAR, 0, mixed).astype(np.float32)


def solve_light(
    linear: NDArray[np.float32],
    back_linear: NDArray[np.float32],
    front_mean: NDArray[np.float32],
    alpha: NDArray[np.float32],
) -> NDArray[np.float32]:
    """(N, 3), the near surface's light that mixes with the far one to the photo.

    Where there is none of it, the surface around is continued, for texture filters to find.
    """
    mixed = (linear - (1 - alpha[:, None]) * back_linear) / np.maximum(alpha, 1 / 255)[:, None]
    light = np.where((alpha > 0)[:, None], np.clip(mixed, 0, 1), front_mean)
    return np.asarray(light, np.float32)


def _least_alpha(
    linear: NDArray[np.float32], back_linear: NDArray[np.float32], front: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N,), the alpha below which the foreground would have to be a colour that is not there.

    With less alpha its light is farther from the background's; it must not go past the brighter
    and the darker of the pixel and the foreground around, or bright and dark lines appear.
    """
    spare = _NOISE + _NOISE * linear
    highest = np.minimum(np.maximum(linear, front) + spare, 1)
    lowest = np.maximum(np.minimum(linear, front) - spare, 0)
    brighter = (linear - back_linear) / np.maximum(highest - back_linear, 1e-6)
    darker = (back_linear - linear) / np.maximum(back_linear - lowest, 1e-6)
    either = np.maximum(brighter, darker)
    most = np.maximum(np.maximum(either[..., 0], either[..., 1]), either[..., 2])
    least = np.clip(most, 0, 1)
    return np.where(least < _LEAST_ALPHA, 0, least).astype(np.float32)


def squared(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """The squared length of vectors of three; faster than a sum over so short an axis."""
    return np.asarray(
        light[..., 0] * light[..., 0]
        + light[..., 1] * light[..., 1]
        + light[..., 2] * light[..., 2]
    )
