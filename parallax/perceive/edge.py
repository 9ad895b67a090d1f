"""Depth edges put where the photo has them: each pixel may take the depth of another near by.

A network's depth changes gradually where the scene's jumps. Blurring back and forth cannot tell to
which side a pixel belongs, but the photo can: a second, small network reads both and answers with a
displacement for every pixel, from where it is to where its depth is taken (Ramamonjisoa, Du and
Lepetit 2020, "Predicting Sharp and Accurate Occlusion Boundaries in Monocular Depth Estimation
Using Displacement Fields"). No depth is invented, and what is level stays as it is.
"""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.perceive.layout import Layout
from parallax.perceive.photo_planes import Planes, resize_photo

PREFIX = "edge."  # of the names of its weights, beside the embedded network's
REACH_PX = 16.0  # so far a pixel's depth may be taken from
GAIN = 0.25  # on the answer before it is limited: so training began with small steps
SQUARE_PX = 2  # a side, that go through the network as one
MULTIPLE_PX = 8  # of the sides of the input: 2, halved twice
NUM_INPUTS = 4 * SQUARE_PX**2  # red, green, blue and depth
RANGE = (1.0, 99.0)  # percentiles that depth is brought to 0 and 1 by
LEAST_SPAN = 0.2  # in log disparity: a flat photo's noise is not blown up
ANSWER = "displacement"


class EdgeReader:
    """Reads where the depth of each pixel is to be taken from, with folded weights."""

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]], path: Path) -> None:
        """The weights by name, and the file that they are from, to blame it.

        Raises:
            ModelError: A weight is missing, of another shape, or of no use.
        """
        self._arrays, self._path = arrays, path
        self._write((MULTIPLE_PX, MULTIPLE_PX))

    def __call__(self, x: Planes) -> Planes:
        """Displacements (1, 2, H, W) in pixels, x and y, of colour and depth (1, 4, H, W).

        Args:
            x: Colours from -1 to 1, depth from about 0 to 1; sides are multiples of 8.
        """
        height, width = x.shape[2:]
        network = cv2.dnn.readNetFromONNX(np.frombuffer(self._write((width, height)), np.uint8))
        network.setInput(_gather_squares(x))
        return np.asarray(REACH_PX * np.tanh(_spread_squares(network.forward()) * GAIN), np.float32)

    def _write(self, size_wh: tuple[int, int]) -> bytes:
        """The network as an ONNX model for photos of one size."""
        width, height = (side // SQUARE_PX for side in size_wh)
        layout = Layout(self._arrays, self._path, {"squares": NUM_INPUTS})
        fine = layout.conv("squares", f"{PREFIX}fine.0.conv")
        middle = layout.conv(fine, f"{PREFIX}middle.0.conv", stride=2, before_px=1)
        middle = layout.conv(middle, f"{PREFIX}middle.1.conv")
        coarse = layout.conv(middle, f"{PREFIX}coarse.0.conv", stride=2, before_px=1)
        for index in (1, 2):
            coarse = layout.conv(coarse, f"{PREFIX}coarse.{index}.conv")
        narrow = layout.conv(coarse, f"{PREFIX}narrow.0", rectified=False)
        middle = layout.add(middle, layout.resize(narrow, (width // 2, height // 2)))
        middle = layout.conv(middle, f"{PREFIX}join.0.conv")
        narrow = layout.conv(middle, f"{PREFIX}narrow.1", rectified=False)
        fine = layout.add(fine, layout.resize(narrow, (width, height)))
        fine = layout.conv(fine, f"{PREFIX}join.1.conv")
        layout.conv(fine, f"{PREFIX}head", rectified=False, output=ANSWER)
        layout.check_all_used()
        planes = 2 * SQUARE_PX**2
        return layout.graph.to_bytes(
            {"squares": (1, NUM_INPUTS, height, width)}, {ANSWER: (1, planes, height, width)}
        )


def sharpen_edges(
    reader: EdgeReader, srgb8: NDArray[np.uint8], log_disparity: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Log disparity (H, W) whose edges are steps where the photo, of any size, has its edges."""
    height, width = log_disparity.shape
    low, high = (float(end) for end in np.percentile(log_disparity, RANGE))
    span = max(high - low, LEAST_SPAN)
    beyond = ((0, -height % MULTIPLE_PX), (0, -width % MULTIPLE_PX))
    colours = resize_photo(srgb8, (width, height)).astype(np.float32) / np.float32(127.5) - 1
    planes = [np.pad(plane, beyond, mode="edge") for plane in colours.transpose(2, 0, 1)]
    column, row = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in (width, height)))
    depth = np.pad((log_disparity - np.float32(low)) / np.float32(span), beyond, mode="edge")
    moved = reader(np.stack([*planes, depth]).astype(np.float32)[None])[0, :, :height, :width]
    # Once: a second time would double the edges that are steps, but part towers from their skies
    sharp = cv2.remap(
        log_disparity,
        column + moved[0],
        row + moved[1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(sharp, np.float32)


def _gather_squares(x: Planes) -> Planes:
    """(1, C, H, W) as (1, 4 C, H / 2, W / 2), the pixels of a square one behind the other."""
    _, channels, height, width = x.shape
    squares = x.reshape(channels, height // SQUARE_PX, SQUARE_PX, width // SQUARE_PX, SQUARE_PX)
    gathered = squares.transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(
        gathered.reshape(1, -1, height // SQUARE_PX, width // SQUARE_PX), np.float32
    )


def _spread_squares(x: Planes) -> Planes:
    """The other way round."""
    _, planes, height, width = x.shape
    channels = planes // SQUARE_PX**2
    squares = x.reshape(channels, SQUARE_PX, SQUARE_PX, height, width).transpose(0, 3, 1, 4, 2)
    return np.asarray(squares.reshape(1, channels, height * SQUARE_PX, width * SQUARE_PX))
