"""Plates: pictures of a moving thing alone, continued to where the photo does not show it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.nearest import nearest_of
from parallax.texel import take_pixels

DETAIL = 0.02  # of the short side: what is finer than this is detail, what is coarser is shade
MAX_GAIN = 1.4142  # three Hann copies that have nothing in common keep 1/√2 of their contrast
Places = NDArray[np.int64]  # flat indices


def spread_inward(srgb: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(H, W, 3): the known pixels, and smooth colour elsewhere: push-pull over a pyramid."""
    weight = known.astype(np.float32)
    levels = [(srgb * weight[..., None], weight)]
    while min(levels[-1][1].shape) > 2:
        color, w = levels[-1]
        size = (max(1, color.shape[1] // 2), max(1, color.shape[0] // 2))
        levels.append(
            (
                cv2.resize(color, size, interpolation=cv2.INTER_AREA),
                cv2.resize(w, size, interpolation=cv2.INTER_AREA),
            )
        )
    color, w = levels[-1]
    filled = color / np.maximum(w, 1e-6)[..., None]
    for color, w in reversed(levels[:-1]):
        size = (w.shape[1], w.shape[0])
        filled = cv2.resize(filled, size, interpolation=cv2.INTER_LINEAR)
        covered = np.clip(w, 0, 1)[..., None]
        filled = color + (1 - covered) * filled
    return np.where(known[..., None], srgb, filled).astype(np.float32)


def continue_picture(
    srgb8: NDArray[np.uint8], known: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """The known part of a picture, continued into the rest with its own shades and detail.

    Shades spread in smoothly. Detail comes from one shifted copy of the known part for each place:
    the shift, mainly sideways, under which the detail along the seam agrees best. It is no stronger
    than at the nearest known place, or a mountain's would lie in clear sky. Nothing is mirrored.
    """
    if known.all() or not known.any():
        return srgb8
    srgb = (srgb8 / np.float32(255)).astype(np.float32)
    sigma = DETAIL * min(known.shape)
    _, nearest = nearest_of(known)
    shade = _shade_outward(srgb, known, nearest, sigma)
    detail = np.where(known[..., None], srgb - shade, 0).astype(np.float32)
    shade = _joined_to(srgb, shade, known, sigma)
    contrast = _contrast_outward(detail, known, nearest, sigma)
    missing = ~known
    added = np.zeros_like(detail)
    for dx, dy in _best_shifts(detail, known, rng):
        source = _shifted(detail, dx, dy)
        there = _shifted(known.astype(np.float32), dx, dy) > 0.999
        soft = cv2.blur(there.astype(np.float32), (9, 9)) * there
        soft *= np.minimum(contrast / np.maximum(_shifted(contrast, dx, dy), 1e-4), 1)
        take = missing & there
        cv2.copyTo(cv2.multiply(source, cv2.merge([soft] * 3)), take.view(np.uint8), added)
        missing &= ~there
        if not missing.any():
            break
    # Detail fades in over a few pixels, so that the seam is no line
    depth_px = cv2.distanceTransform((~known).astype(np.uint8), cv2.DIST_L2, 3)
    fade = np.clip(depth_px / max(2.0, 0.5 * sigma), 0, 1)[..., None]
    result = _bytes_of(shade + added * fade)
    return np.where(known[..., None], srgb8, result).astype(np.uint8)


def strengthen_detail(
    srgb8: NDArray[np.uint8],
    mask: NDArray[np.float32],
    *,
    step_px: float,
    along: NDArray[np.float64],
) -> NDArray[np.uint8]:
    """The picture with the contrast that blending three moving copies of it will take away.

    Copies that have a correlation r keep √(½ + ½ r) of their contrast (Heitz, Neyret 2018, for
    weights whose squares sum to ½), so detail is raised by its inverse.

    Args:
        srgb8: (H, W, 3).
        mask: (H, W), where it will flow.
        step_px: Distance of one copy from the next.
        along: (2,), the direction of the flow.
    """
    srgb = (srgb8 / np.float32(255)).astype(np.float32)
    inside = (mask > 0.5).astype(np.float32)
    sigma = DETAIL * min(mask.shape)
    weight = cv2.GaussianBlur(inside, (0, 0), sigma)
    local = cv2.GaussianBlur(srgb * inside[..., None], (0, 0), sigma)
    shade = local / np.maximum(weight, 1e-4)[..., None]
    detail = (srgb - shade) * inside[..., None]
    correlation = _correlation(detail.mean(-1), inside, step_px * along)
    gain = min(MAX_GAIN, 1 / np.sqrt(0.5 + 0.5 * max(correlation, 0.0)))
    stronger = shade + gain * detail
    return np.where(inside[..., None] > 0, _bytes_of(stronger), srgb8).astype(np.uint8)


def reflect_outward(srgb8: NDArray[np.uint8], mask: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture with what is outside a mask replaced by what lies as deep inside it.

    For flows, whose detail is all alike: a lookup just past the edge finds more of the same.
    """
    inside = mask > 0.5
    if inside.all() or not inside.any():
        return srgb8
    _, nearest = nearest_of(inside)
    rows, columns = np.mgrid[0 : inside.shape[0], 0 : inside.shape[1]]
    edge_y, edge_x = np.divmod(nearest, inside.shape[1])
    y = np.clip(2 * edge_y - rows, 0, inside.shape[0] - 1)
    x = np.clip(2 * edge_x - columns, 0, inside.shape[1] - 1)
    missed = ~inside[y, x]
    y[missed], x[missed] = edge_y[missed], edge_x[missed]
    return np.asarray(srgb8[y, x], np.uint8)


def _bytes_of(srgb: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Encoded values 0…1 as bytes."""
    return np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8)


def _contrast_outward(
    detail: NDArray[np.float32], known: NDArray[np.bool_], nearest: Places, sigma: float
) -> NDArray[np.float32]:
    """(H, W): root mean square of the detail around each place, or around the nearest known one."""
    energy = cv2.GaussianBlur((detail**2).mean(-1), (0, 0), sigma)
    share = cv2.GaussianBlur(known.astype(np.float32), (0, 0), sigma)
    local = np.sqrt(energy / np.maximum(share, 1e-4))
    return np.asarray(cv2.GaussianBlur(local.ravel()[nearest], (0, 0), sigma), np.float32)


def _shade_outward(
    srgb: NDArray[np.float32], known: NDArray[np.bool_], nearest: Places, sigma: float
) -> NDArray[np.float32]:
    """The known part without its detail, and elsewhere what it is at the nearest place.

    A mean of all that is known, as push-pull gives far from it, would brighten a blue sky's
    border by its clouds.
    """
    weight = cv2.GaussianBlur(known.astype(np.float32), (0, 0), sigma)
    local = cv2.GaussianBlur(srgb * known[..., None], (0, 0), sigma)
    local = local / np.maximum(weight, 1e-4)[..., None]
    value = take_pixels(local, nearest.ravel()).reshape(local.shape)
    outside = cv2.GaussianBlur(value, (0, 0), sigma)
    return np.asarray(np.where(known[..., None], local, outside), np.float32)


def _joined_to(
    srgb: NDArray[np.float32],
    shade: NDArray[np.float32],
    known: NDArray[np.bool_],
    sigma: float,
) -> NDArray[np.float32]:
    """The known part, and shades that meet it without a step: what they miss at the seam is spread.

    The difference is taken over a band, so that the seam follows no single noisy pixel, and
    fades with the distance.
    """
    near = cv2.blur((~known).astype(np.float32), (9, 9)) > 0
    missed = cv2.blur(np.where(known[..., None], srgb - shade, 0), (7, 7))
    share = cv2.blur(known.astype(np.float32), (7, 7))
    missed = missed / np.maximum(share, 1e-3)[..., None]
    spread = cv2.GaussianBlur(spread_inward(missed, known & near), (0, 0), 2)
    distance = cv2.distanceTransform((~known).astype(np.uint8), cv2.DIST_L2, 3)
    joined = shade + spread * np.exp(-distance / (3 * sigma))[..., None]
    return np.where(known[..., None], srgb, joined).astype(np.float32)


def _best_shifts(
    detail: NDArray[np.float32], known: NDArray[np.bool_], rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Shifts of the known part over the unknown, best first, by agreement along the seam."""
    height, width = known.shape
    scale = max(1, round(min(known.shape) / 160))
    small = cv2.resize(detail.mean(-1), None, fx=1 / scale, fy=1 / scale,
                       interpolation=cv2.INTER_AREA)  # fmt: skip
    size = (small.shape[1], small.shape[0])
    here = cv2.resize(known.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.99
    band = here & (cv2.dilate((~here).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0)
    candidates: list[tuple[float, int, int]] = []
    for fraction in np.concatenate([np.arange(0.08, 0.75, 0.05), -np.arange(0.08, 0.75, 0.05)]):
        dx = round(fraction * width + float(rng.uniform(-0.02, 0.02)) * width)
        for dy in (0, round(0.03 * height), -round(0.03 * height)):
            copy = _shifted(small, dx // scale, dy // scale)
            there = _shifted(here.astype(np.float32), dx // scale, dy // scale) > 0.5
            both = band & there
            covers = float((there & ~here).sum()) / max(float((~here).sum()), 1.0)
            if both.sum() < 10 or covers < 0.02:
                continue
            error = float(((copy - small)[both] ** 2).mean())
            candidates.append((error / (0.2 + covers), dx, dy))
    return [(dx, dy) for _, dx, dy in sorted(candidates)[:12]]


def _shifted(field: NDArray[np.float32], dx: int, dy: int) -> NDArray[np.float32]:
    """The field moved right by dx and down by dy, 0 where nothing comes in."""
    moved = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    size = (field.shape[1], field.shape[0])
    return np.asarray(cv2.warpAffine(field, moved, size, flags=cv2.INTER_NEAREST), np.float32)


def _correlation(
    detail: NDArray[np.float32], inside: NDArray[np.float32], step_px: NDArray[np.float64]
) -> float:
    """Of a field with itself a step away, inside the mask."""
    dx, dy = (round(float(n)) for n in step_px)
    both = inside * _shifted(inside, dx, dy)
    energy = float((detail**2 * both).sum())
    return float((detail * _shifted(detail, dx, dy) * both).sum()) / max(energy, 1e-12)
