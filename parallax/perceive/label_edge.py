"""Labels at the photo's edges: a guided filter with the photo as its guide."""

import cv2
import numpy as np
from numpy.typing import NDArray

LEAST_PROBABILITY = 0.02  # a label that is nowhere likelier is not refined, it is nowhere
RADIUS = 1 / 80  # of the long side: how far the network's edges may be off
SMOOTHNESS = 2e-3  # variance of the guide (0…1) that counts as an edge


def refine_labels(
    probability: NDArray[np.float32], small_srgb: NDArray[np.float32], srgb8: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Probabilities at the size of the photo, their edges moved to the photo's.

    He, Sun and Tang 2013, "Guided Image Filtering", equations 19 to 21 (colour guide), with the
    linear maps fitted on a small photo and applied to the large one (He and Sun 2015, "Fast
    Guided Filter").

    Args:
        probability: (h, w, 7).
        small_srgb: (h', w', 3), 0…1; the maps are fitted at this size.
        srgb8: (H, W, 3), the same photo.

    Returns:
        uint8 (H, W, 7), 255 is certain; sums to about 255.
    """
    height, width = small_srgb.shape[:2]
    radius = max(1, round(RADIUS * max(height, width)))
    window = (2 * radius + 1, 2 * radius + 1)
    mean_guide, precision = _guide_statistics(small_srgb, window)
    guide = srgb8.astype(np.float32) * np.float32(1 / 255)
    size_wh = (srgb8.shape[1], srgb8.shape[0])

    planes: dict[int, NDArray[np.float32]] = {}
    for index in range(probability.shape[2]):
        plane = cv2.resize(probability[..., index], (width, height), interpolation=cv2.INTER_LINEAR)
        if float(plane.max()) < LEAST_PROBABILITY:
            continue
        mean = cv2.blur(plane, window)
        covariance = cv2.blur(small_srgb * plane[..., None], window) - mean_guide * mean[..., None]
        slope = np.einsum("hwij,hwj->hwi", precision, covariance)
        offset = mean - _dot(slope, mean_guide)
        slope = cv2.resize(cv2.blur(slope, window), size_wh, interpolation=cv2.INTER_LINEAR)
        offset = cv2.resize(cv2.blur(offset, window), size_wh, interpolation=cv2.INTER_LINEAR)
        planes[index] = np.clip(_dot(slope, guide) + offset, 0, 1)

    total = np.maximum(sum(planes.values()), np.float32(1e-3))
    refined = np.zeros((*srgb8.shape[:2], probability.shape[2]), np.uint8)
    for index, plane in planes.items():
        refined[..., index] = np.rint(plane * (np.float32(255) / total))
    return refined


def _dot(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scalar products (h, w) of vectors (h, w, 3), ten times faster than by numpy."""
    products = cv2.multiply(a.astype(np.float32, copy=False), b)
    return np.asarray(cv2.transform(products, np.ones((1, 3), np.float32)), np.float32)


def _guide_statistics(
    srgb: NDArray[np.float32], window: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Local mean (h, w, 3) and inverse covariance (h, w, 3, 3) of the guide."""
    mean = cv2.blur(srgb, window)
    covariance = np.empty((*srgb.shape[:2], 3, 3), np.float32)
    for i in range(3):
        product = cv2.blur(srgb * srgb[..., i : i + 1], window)
        covariance[..., i, :] = product - mean * mean[..., i : i + 1]
    covariance += np.eye(3, dtype=np.float32) * np.float32(SMOOTHNESS)
    return mean, np.asarray(np.linalg.inv(covariance), np.float32)
