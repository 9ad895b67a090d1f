"""How much two pictures differ, and how sharp one is: all without weights.

Pictures are uint8 (H, W, 3) sRGB.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]


def ssim(one: Picture, other: Picture) -> float:
    """Structural similarity of luma, 1 is the same.

    Wang et al. 2004, "Image Quality Assessment: From Error Visibility to Structural Similarity",
    eq. 13, with its Gaussian window (11 × 11, σ 1.5), K1 0.01, K2 0.03; the mean over the window
    positions that lie inside.
    """
    x, y = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float64) for p in (one, other))

    def local(values: Floats) -> Floats:
        mean = cv2.GaussianBlur(values, (11, 11), 1.5)
        return np.asarray(mean[5:-5, 5:-5])

    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mx, my = local(x), local(y)
    vx, vy, cov = local(x * x) - mx * mx, local(y * y) - my * my, local(x * y) - mx * my
    each = (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    return float(each.mean())


def color_difference(one: Picture, other: Picture) -> float:
    """Mean ΔE of CIEDE2000 between two pictures; 1 is about what an eye can just tell apart."""
    lab = [cv2.cvtColor(p.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for p in (one, other)]
    return float(ciede2000(lab[0].astype(np.float64), lab[1].astype(np.float64)).mean())


def ciede2000(lab1: Floats, lab2: Floats) -> Floats:
    """(…), ΔE00 between CIELAB colours (…, 3).

    Sharma, Wu and Dalal 2005, "The CIEDE2000 Color-Difference Formula: Implementation Notes,
    Supplementary Test Data, and Mathematical Observations", eqs. 2–22; all k are 1.
    """
    l1, a1, b1 = np.moveaxis(lab1, -1, 0)
    l2, a2, b2 = np.moveaxis(lab2, -1, 0)
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(mean_c7 / (mean_c7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0

    # Differences of lightness, chroma and hue
    turn = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    d_l, d_c = l2 - l1, c2 - c1
    d_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))

    # Weights at the mean colour
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    far = np.abs(h1 - h2) > 180
    mean_h = (h1 + h2) / 2 + np.where(far, np.where(h1 + h2 < 360, 180, -180), 0)
    mean_h = np.where(grey, h1 + h2, mean_h)

    def wave(times: float, away_deg: float) -> Floats:
        return np.asarray(np.cos(np.radians(times * mean_h + away_deg)))

    t = 1 - 0.17 * wave(1, -30) + 0.24 * wave(2, 0) + 0.32 * wave(3, 6) - 0.20 * wave(4, -63)
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    c7 = mean_c**7
    swing = np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))
    r_t = -np.sin(swing) * 2 * np.sqrt(c7 / (c7 + 25.0**7))
    l_term, c_term, h_term = d_l / s_l, d_c / s_c, d_h / s_h
    return np.asarray(np.sqrt(l_term**2 + c_term**2 + h_term**2 + r_t * c_term * h_term))


def laplacian_variance(picture: Picture) -> float:
    """Variance of the Laplacian of luma: falls with blur."""
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(gray, cv2.CV_64F).var())


def photo_as_film(photo: Picture, size_wh: tuple[int, int]) -> Picture:
    """The photo as a film of a size shows it at rest: as large as covers it, about the middle."""
    width, height = size_wh
    if photo.shape[:2] == (height, width):
        return photo
    scale = max(width / photo.shape[1], height / photo.shape[0])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    whole_wh = (
        max(width, round(photo.shape[1] * scale)),
        max(height, round(photo.shape[0] * scale)),
    )
    whole = cv2.resize(photo, whole_wh, interpolation=how)
    left, top = (whole_wh[0] - width) // 2, (whole_wh[1] - height) // 2
    return np.ascontiguousarray(whole[top : top + height, left : left + width])
