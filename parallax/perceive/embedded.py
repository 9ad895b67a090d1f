"""The embedded network as OpenCV runs it: the same numbers as `network.py`, without torch.

torch takes two seconds to import, four times as long as reading a photo.
"""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.label_map import LABELS
from parallax.perceive.layout import Layout

NUM_DEPTH_PLANES = 4  # of the head: a square of 2×2 pixels at half size
NUM_BLOCKS = 16  # of the encoder; the first of each new size are:
SHRINKING = (1, 3, 5, 11)
ANSWERS = ("log_disparity", "logits")


class EmbeddedReader:
    """Reads photos of any size with the embedded network's folded weights."""

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]], path: Path) -> None:
        """The weights by name, and the file that they are from, to blame it.

        Raises:
            ModelError: A weight is missing, of another shape, or of no use.
        """
        self._arrays, self._path = arrays, path
        self._write((32, 32))

    def __call__(self, x: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Log disparity (1, 1, H, W) and logits (1, 7, H/2, W/2) of a photo (1, 3, H, W)."""
        model = self._write((x.shape[3], x.shape[2]))
        network = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
        network.setInput(x)
        log_disparity, logits = network.forward(ANSWERS)
        return np.asarray(log_disparity, np.float32), np.asarray(logits, np.float32)

    def _write(self, size_wh: tuple[int, int]) -> bytes:
        """The network as an ONNX model for photos of one size."""
        layout = _EmbeddedLayout(self._arrays, self._path, {"photo": 3})
        features = layout.encode()
        layout.decode(features, size_wh)
        layout.check_all_used()
        width, height = size_wh
        shapes = (1, 1, height, width), (1, len(LABELS), height // 2, width // 2)
        return layout.graph.to_bytes(
            {"photo": (1, 3, height, width)}, dict(zip(ANSWERS, shapes, strict=True))
        )


class _EmbeddedLayout(Layout):
    """The layers of the embedded network."""

    def encode(self) -> list[str]:
        """Features at 1/2, 1/4, 1/8, 1/16 and 1/32."""
        x = self.conv("photo", "encoder.stem.conv", stride=2, capped=True)
        features = []
        for block in range(NUM_BLOCKS):
            x = self._bottleneck(x, f"encoder.blocks.{block}", 2 if block in SHRINKING else 1)
            if block + 1 in (*SHRINKING, NUM_BLOCKS):
                features.append(x)
        return features

    def decode(self, features: list[str], size_wh: tuple[int, int]) -> None:
        """From the features to both answers."""
        x = self._context(features[-1], (size_wh[0] // 32, size_wh[1] // 32))
        for level, fine in enumerate(features[-2::-1]):
            narrow = self.conv(x, f"decoder.narrow.{level}.conv")
            side = 32 >> (level + 1)
            coarse = self.resize(narrow, (size_wh[0] // side, size_wh[1] // side))
            lateral = self.conv(fine, f"decoder.lateral.{level}.conv")
            x = self.conv(self.add(coarse, lateral), f"decoder.fuse.{level}.conv")
        depth = self.conv(x, "head", rectified=False, planes=slice(NUM_DEPTH_PLANES))
        self.conv(
            x, "head", rectified=False, planes=slice(NUM_DEPTH_PLANES, None), output=ANSWERS[1]
        )
        self.graph.add_node("DepthToSpace", [depth], ANSWERS[0], blocksize=2, mode="CRD")

    def _context(self, x: str, size_wh: tuple[int, int]) -> str:
        """What a patch learns from the whole photo, and where in the photo it is."""
        across, down = (np.linspace(-1, 1, side, dtype=np.float32) for side in size_wh)
        place = np.stack(np.meshgrid(across, down)[::-1])[None]
        both = self.join(x, self.graph.add_constant("place", place))
        local = self.conv(both, "decoder.context.local.conv")
        mean = self.graph.add_node("GlobalAveragePool", [x], "mean")
        # Spread before the convolution: OpenCV 5.0 refuses to add one pixel to many
        shape = np.array([1, self.channels[x], size_wh[1], size_wh[0]], np.int64)
        everywhere = self.graph.add_node(
            "Expand", [mean, self.graph.add_constant("mean.shape", shape)], "mean.everywhere"
        )
        self.channels[everywhere] = self.channels[x]
        whole = self.conv(everywhere, "decoder.context.whole", rectified=False)
        y = self.add(local, whole)
        spread = self.conv(y, "decoder.context.spread.conv", rectified=False)
        return self.add(y, self.conv(spread, "decoder.context.merge.conv"))

    def _bottleneck(self, x: str, name: str, stride: int) -> str:
        """Widen if there are weights for it, convolve each channel, narrow."""
        num_layers = 3 if self.has(f"{name}.layers.2.conv.weight") else 2
        *widen, depthwise, narrow = (f"{name}.layers.{index}.conv" for index in range(num_layers))
        y = self.conv(x, widen[0], capped=True) if widen else x
        y = self.conv(y, depthwise, stride=stride, capped=True)
        y = self.conv(y, narrow, rectified=False)
        return self.add(x, y) if self.channels[x] == self.channels[y] and stride == 1 else y
