"""Small films for tests, and reading them back."""

from fractions import Fraction

import av
import numpy as np

from parallax.frame import Frame
from parallax.video.encode import VideoParams, write_video

SIZE_WH = (128, 96)
LOSS = 6  # of 255, what half the chroma and H.264 at the standard quality cost these frames


def frame_of(srgb8, index=0):
    srgb8 = np.broadcast_to(np.asarray(srgb8, np.uint8), (SIZE_WH[1], SIZE_WH[0], 3))
    alpha = np.full((SIZE_WH[1], SIZE_WH[0], 1), 255, np.uint8)
    return Frame(index, index / 30, np.concatenate([srgb8, alpha], -1))


def moving_frames(num_frames):
    y, x = np.mgrid[: SIZE_WH[1], : SIZE_WH[0]]
    for k in range(num_frames):
        waves = [127 + 90 * np.sin((x + dx * k) / 11 + y / 17) for dx in (1, 2, 3)]
        yield frame_of(np.stack(waves, -1), k)


def write(path, frames, *, fps=Fraction(30), **params):
    return write_video(frames, path, size_wh=SIZE_WH, fps=fps, params=VideoParams(**params))


def decode(path):
    with av.open(str(path)) as container:
        return list(container.decode(video=0))
