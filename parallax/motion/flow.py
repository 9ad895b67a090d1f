"""Where a flow goes and how fast: arrows, banks, gravity, the photo's own streaks, files.

Velocities are (h, w, 2), short sides of the photo a second, y down.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.motion.mask import distance_inside, smoothstep
from parallax.motion.noise import curl_noise
from parallax.motion_plan import Arrow, Point

ARROW_SECONDS = 2.0  # an arrow's length is covered in that time (labelme hints, 3D-Cinemagraphy)
JACOBI_ROUNDS = 160  # a level of the pyramid; the coarse ones have done the long distances
Velocity = NDArray[np.float32]


def uniform_velocity(shape: tuple[int, ...], direction_deg: float) -> Velocity:
    """The same everywhere, of speed 1."""
    angle = np.radians(direction_deg)
    velocity = np.empty((*shape[:2], 2), np.float32)
    velocity[:] = np.cos(angle), -np.sin(angle)
    return velocity


def radial_velocity(mask: NDArray[np.float32]) -> Velocity:
    """Away from the middle of the mask, of speed 1 at its rim."""
    rows, columns = np.nonzero(mask > 0.5)
    center = np.array([columns.mean(), rows.mean()]) if len(rows) else np.zeros(2)
    y, x = np.mgrid[0 : mask.shape[0], 0 : mask.shape[1]]
    away = np.stack([x - center[0], y - center[1]], -1)
    reach = np.percentile(np.hypot(*(away[mask > 0.5].T)), 95) if len(rows) else 1.0
    return np.asarray(away / max(float(reach), 1.0), np.float32)


def arrow_velocity(shape: tuple[int, ...], arrows: tuple[Arrow, ...]) -> Velocity:
    """Between arrows: the mean of theirs, weighted by a Gaussian of the distance to each.

    v(x) = Σ w_i v_i / Σ w_i, w_i = exp(−|x − x_i|² / σ²), σ = H / n (3D-Cinemagraphy, Li et al.
    2023; Text2Cinemagraph). An arrow counts at both its ends and its middle.
    """
    height, width = shape[:2]
    short = min(height, width)
    size = np.array([width, height], np.float64)
    sigma_px = height / max(len(arrows), 1)
    y, x = np.mgrid[0:height, 0:width] + 0.5
    total, weights = np.zeros((height, width, 2)), np.full((height, width), 1e-30)
    for arrow in arrows:
        tail, tip = np.array(arrow.tail_uv) * size, np.array(arrow.tip_uv) * size
        velocity = (tip - tail) / short / ARROW_SECONDS
        for at in (tail, (tail + tip) / 2, tip):
            square = ((x - at[0]) ** 2 + (y - at[1]) ** 2) / sigma_px**2
            weight = np.exp(-np.minimum(square, 60.0))
            total += weight[..., None] * velocity
            weights += weight
    return np.asarray(total / weights[..., None], np.float32)


def fall_velocity(mask: NDArray[np.float32]) -> Velocity:
    """Down, faster the longer it has fallen: v = √(1 + y/y₀) from the top of each column."""
    inside = mask > 0.5
    run = np.zeros(mask.shape, np.float32)
    for row in range(1, mask.shape[0]):
        run[row] = np.where(inside[row], run[row - 1] + 1, 0)
    tall = max(float(run.max()), 1.0)
    speed = np.sqrt(1 + 3 * cv2.blur(run, (15, 15)) / tall)
    return np.stack([np.zeros_like(speed), speed / 1.5], -1).astype(np.float32)


def river_velocity(mask: NDArray[np.float32], direction_deg: float | None) -> Velocity:
    """Along the banks and free of sources: the turned gradient of a stream function.

    The function is 0 on one bank and 1 on the other and harmonic between. Which way it runs is
    given by the direction, or else down the picture: rivers come towards the viewer.

    Returns:
        (h, w, 2), of speed 1 at its 90th percentile inside the mask.
    """
    stream = _stream_function(mask)
    down, right = np.gradient(stream)
    velocity = np.stack([down, -right], -1)
    inside = mask > 0.5
    if not inside.any():
        return velocity.astype(np.float32)
    wanted = uniform_velocity((1, 1), -90.0 if direction_deg is None else direction_deg)[0, 0]
    if float((velocity[inside] @ wanted).sum()) < 0:
        velocity = -velocity
    speed = float(np.percentile(np.hypot(*velocity[inside].T), 90))
    return np.asarray(velocity / max(speed, 1e-9), np.float32)


def align_to_streaks(
    velocity: Velocity, luminance: NDArray[np.float32], *, share: float
) -> Velocity:
    """The velocity turned towards the photo's own streaks, where there are clear ones.

    Structure tensor J = G∗(∇I ∇Iᵀ): its minor eigenvector runs along streaks; the coherence
    ((λ₁ − λ₂)/(λ₁ + λ₂))² says how clear they are. Speeds stay.
    """
    short = min(luminance.shape)
    smooth = cv2.GaussianBlur(luminance, (0, 0), 1.0)
    gx, gy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    sigma = 0.02 * short
    jxx, jxy, jyy = (cv2.GaussianBlur(p, (0, 0), sigma) for p in (gx * gx, gx * gy, gy * gy))
    spread = np.sqrt((jxx - jyy) ** 2 + 4 * jxy**2)
    coherence = (spread / np.maximum(jxx + jyy, 1e-9)) ** 2
    angle = 0.5 * np.arctan2(2 * jxy, jxx - jyy) + np.pi / 2
    streak = np.stack([np.cos(angle), np.sin(angle)], -1)
    speed = np.linalg.norm(velocity, axis=-1, keepdims=True)
    forward = np.sign((streak * velocity).sum(-1, keepdims=True))
    turned = velocity + (share * coherence)[..., None] * (forward * streak * speed - velocity)
    length = np.maximum(np.linalg.norm(turned, axis=-1, keepdims=True), 1e-9)
    return np.asarray(turned / length * speed, np.float32)


def with_eddies(
    velocity: Velocity, rng: np.random.Generator, *, share: float, cell: float
) -> Velocity:
    """The velocity with divergence-free eddies of `share` of its speed."""
    height, width = velocity.shape[:2]
    eddies = curl_noise(rng, (width, height), cell * min(height, width))
    speed = np.linalg.norm(velocity, axis=-1, keepdims=True)
    return np.asarray(velocity + share * speed * eddies, np.float32)


def calm_at_edges(
    velocity: Velocity,
    mask: NDArray[np.float32],
    *,
    edge: float,
    anchors: tuple[tuple[Point, ...], ...] = (),
    weight_of_anchors: Callable[..., NDArray[np.float32]] | None = None,
) -> Velocity:
    """The velocity, slowing down towards the mask's edge and its anchors."""
    calm = smoothstep(-0.3 * edge * min(mask.shape), edge * min(mask.shape), distance_inside(mask))
    if anchors and weight_of_anchors is not None:
        calm = calm * weight_of_anchors(anchors, mask.shape)
    return np.asarray(velocity * calm[..., None], np.float32)


def _stream_function(mask: NDArray[np.float32]) -> NDArray[np.float64]:
    """(h, w): 0 and 1 on the two banks, harmonic on the water, free where it leaves the picture."""
    inside = mask > 0.5
    bank = _banks(inside)
    levels = [(inside, bank)]
    while min(levels[-1][0].shape) > 24:
        fine_inside, fine_bank = levels[-1]
        size = (fine_inside.shape[1] // 2, fine_inside.shape[0] // 2)
        coarse = cv2.resize(fine_inside.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        levels.append((coarse > 0, cv2.resize(fine_bank, size, interpolation=cv2.INTER_NEAREST)))
    stream = levels[-1][1].copy()
    for level_inside, level_bank in reversed(levels):
        size = (level_inside.shape[1], level_inside.shape[0])
        stream = cv2.resize(stream, size, interpolation=cv2.INTER_LINEAR)
        for _ in range(JACOBI_ROUNDS):
            around = cv2.blur(stream, (3, 3), borderType=cv2.BORDER_REPLICATE)
            stream = np.where(level_inside, around, level_bank)
    return np.asarray(stream, np.float64)


def _banks(inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(h, w): 0 or 1 outside the water: the two largest lands, or the two sides of its axis.

    An island between takes the value of its middle across the stream.
    """
    rows, columns = np.nonzero(inside)
    points = np.stack([columns, rows], -1).astype(np.float64)
    center = points.mean(0)
    _, vectors = np.linalg.eigh(np.cov((points - center).T))
    axis = vectors[:, 1]
    y, x = np.mgrid[0 : inside.shape[0], 0 : inside.shape[1]]
    side = (x - center[0]) * -axis[1] + (y - center[1]) * axis[0]
    bank = (side > 0).astype(np.float64)
    count, part, stats, _ = cv2.connectedComponentsWithStats((~inside).astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    large = [i + 1 for i in np.argsort(-areas)[:2] if areas[i] > 0.01 * inside.size]
    if len(large) == 2:
        sides = [float(side[part == i].mean()) for i in large]
        bank[part == large[int(np.argmax(sides))]] = 1.0
        bank[part == large[int(np.argmin(sides))]] = 0.0
        reach = max(float(np.abs(side[inside]).max()), 1.0)
        for i in range(1, count):
            if i not in large:
                bank[part == i] = np.clip(0.5 + 0.5 * side[part == i].mean() / reach, 0, 1)
    elif len(large) == 1:
        islands = (part != large[0]) & (part > 0)
        for i in np.unique(part[islands]):
            bank[part == i] = 0.5
    return np.asarray(bank, np.float64)
