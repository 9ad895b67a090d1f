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
WATER = "water"  # the answer of the second head, and of the names of its weights the beginning
WATER_LEVELS = ("encoder8", "encoder16", "encoder32", "decoder16", "decoder8")  # what it reads


class EmbeddedReader:
    """Reads photos of any size with the embedded network's folded weights."""

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]], path: Path) -> None:
        """The weights by name, and the file that they are from, to blame it.

        Raises:
            ModelError: A weight is missing, of another shape, or of no use.
        """
        self._arrays, self._path = arrays, path
        self._has_water = any(name.startswith(f"{WATER}.") for name in arrays)
        self._write((32, 32))

    def __call__(self, x: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Log disparity (1, 1, H, W) and logits (1, 7, H/2, W/2) of a photo (1, 3, H, W).

        If there is a second head, then also the log odds (1, 1, H/16, W/16) that there is water.
        """
        model = self._write((x.shape[3], x.shape[2]))
        network = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
        network.setInput(x)
        wanted = (*ANSWERS, WATER) if self._has_water else ANSWERS
        return tuple(np.asarray(answer, np.float32) for answer in network.forward(wanted))

    def _write(self, size_wh: tuple[int, int]) -> bytes:
        """The network as an ONNX model for photos of one size."""
        layout = _EmbeddedLayout(self._arrays, self._path, {"photo": 3})
        features = layout.encode()
        levels = layout.decode(features, size_wh)
        width, height = size_wh
        shapes = (1, 1, height, width), (1, len(LABELS), height // 2, width // 2)
        answers = dict(zip(ANSWERS, shapes, strict=True))
        if self._has_water:
            layout.find_water((*features[2:], *levels[1:3]), (width // 16, height // 16))
            answers[WATER] = (1, 1, height // 16, width // 16)
        layout.check_all_used()
        return layout.graph.to_bytes({"photo": (1, 3, height, width)}, answers)


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

    def decode(self, features: list[str], size_wh: tuple[int, int]) -> list[str]:
        """From the features to both answers, by features at 1/32, 1/16, 1/8, 1/4 and 1/2."""
        x = self._context(features[-1], (size_wh[0] // 32, size_wh[1] // 32))
        levels = [x]
        for level, fine in enumerate(features[-2::-1]):
            narrow = self.conv(x, f"decoder.narrow.{level}.conv")
            side = 32 >> (level + 1)
            coarse = self.resize(narrow, (size_wh[0] // side, size_wh[1] // side))
            lateral = self.conv(fine, f"decoder.lateral.{level}.conv")
            x = self.conv(self.add(coarse, lateral), f"decoder.fuse.{level}.conv")
            levels.append(x)
        depth = self.conv(x, "head", rectified=False, planes=slice(NUM_DEPTH_PLANES))
        self.conv(
            x, "head", rectified=False, planes=slice(NUM_DEPTH_PLANES, None), output=ANSWERS[1]
        )
        self.graph.add_node("DepthToSpace", [depth], ANSWERS[0], blocksize=2, mode="CRD")
        return levels

    def find_water(self, levels: tuple[str, ...], size_wh: tuple[int, int]) -> None:
        """From features at 1/8, 1/16 and 1/32 to the odds that there is water, at 1/16."""
        total = ""
        for name, level in zip(WATER_LEVELS, levels, strict=True):
            stride = 2 if name.endswith("8") else 1
            part = self.conv(level, f"{WATER}.{name}", stride=stride, rectified=False)
            part = self.resize(part, size_wh) if name.endswith("32") else part
            total = self.add(total, part) if total else part
        known = self.graph.add_node("Relu", [total], f"{WATER}.known")
        self.channels[known] = self.channels[total]
        self.conv(known, f"{WATER}.head", rectified=False, output=WATER)

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
