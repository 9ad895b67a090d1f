"""The embedded network as OpenCV runs it: the same numbers as `network.py`, without torch.

torch takes two seconds to import, four times as long as reading a photo.
"""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.errors import ModelError
from parallax.label_map import LABELS
from parallax.perceive.onnx_graph import OnnxGraph

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
        layout = _Layout(self._arrays, self._path)
        features = layout.encode()
        layout.decode(features, size_wh)
        layout.check_all_used()
        width, height = size_wh
        shapes = (1, 1, height, width), (1, len(LABELS), height // 2, width // 2)
        return layout.graph.to_bytes(
            {"photo": (1, 3, height, width)}, dict(zip(ANSWERS, shapes, strict=True))
        )


class _Layout:
    """Lays the network out, layer by layer, by the names and the shapes of its weights."""

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]], path: Path) -> None:
        self.graph = OnnxGraph()
        self._arrays, self._path = arrays, path
        self._used: set[str] = set()
        self._channels = {"photo": 3}

    def encode(self) -> list[str]:
        """Features at 1/2, 1/4, 1/8, 1/16 and 1/32."""
        x = self._conv("photo", "encoder.stem.conv", stride=2, capped=True)
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
            narrow = self._conv(x, f"decoder.narrow.{level}.conv")
            side = 32 >> (level + 1)
            coarse = self._resize(narrow, (size_wh[0] // side, size_wh[1] // side))
            lateral = self._conv(fine, f"decoder.lateral.{level}.conv")
            x = self._conv(self._add(coarse, lateral), f"decoder.fuse.{level}.conv")
        depth = self._conv(x, "head", rectified=False, planes=slice(NUM_DEPTH_PLANES))
        self._conv(
            x, "head", rectified=False, planes=slice(NUM_DEPTH_PLANES, None), output=ANSWERS[1]
        )
        self.graph.add_node("DepthToSpace", [depth], ANSWERS[0], blocksize=2, mode="CRD")

    def check_all_used(self) -> None:
        """Weights that belong nowhere are another network's."""
        if unknown := sorted(self._arrays.keys() - self._used):
            raise ModelError(
                f"{self._path}: expected {len(self._used)} tensors, got {unknown[0]!r} beside them"
            )

    def _context(self, x: str, size_wh: tuple[int, int]) -> str:
        """What a patch learns from the whole photo, and where in the photo it is."""
        across, down = (np.linspace(-1, 1, side, dtype=np.float32) for side in size_wh)
        place = np.stack(np.meshgrid(across, down)[::-1])[None]
        both = self._join(x, self.graph.add_constant("place", place))
        local = self._conv(both, "decoder.context.local.conv")
        mean = self.graph.add_node("GlobalAveragePool", [x], "mean")
        # Spread before the convolution: OpenCV 5.0 refuses to add one pixel to many
        shape = np.array([1, self._channels[x], size_wh[1], size_wh[0]], np.int64)
        everywhere = self.graph.add_node(
            "Expand", [mean, self.graph.add_constant("mean.shape", shape)], "mean.everywhere"
        )
        self._channels[everywhere] = self._channels[x]
        whole = self._conv(everywhere, "decoder.context.whole", rectified=False)
        y = self._add(local, whole)
        spread = self._conv(y, "decoder.context.spread.conv", rectified=False)
        return self._add(y, self._conv(spread, "decoder.context.merge.conv"))

    def _bottleneck(self, x: str, name: str, stride: int) -> str:
        """Widen if there are weights for it, convolve each channel, narrow."""
        num_layers = 3 if f"{name}.layers.2.conv.weight" in self._arrays else 2
        *widen, depthwise, narrow = (f"{name}.layers.{index}.conv" for index in range(num_layers))
        y = self._conv(x, widen[0], capped=True) if widen else x
        y = self._conv(y, depthwise, stride=stride, capped=True)
        y = self._conv(y, narrow, rectified=False)
        return self._add(x, y) if self._channels[x] == self._channels[y] and stride == 1 else y

    def _conv(
        self,
        x: str,
        name: str,
        *,
        stride: int = 1,
        rectified: bool = True,
        capped: bool = False,
        planes: slice = slice(None),
        output: str | None = None,
    ) -> str:
        """A convolution and, if wanted, ReLU or ReLU6; depthwise if its weights have one input."""
        weight = self._take(f"{name}.weight", 4)
        bias = self._take(f"{name}.bias", 1)
        wide, depth, size, _ = weight.shape
        groups = wide if depth == 1 else 1
        if depth * groups != self._channels[x]:
            self._refuse(f"{name}.weight", (wide, self._channels[x] // groups, size, size))
        if bias.shape != (wide,):
            self._refuse(f"{name}.bias", (wide,))
        output = output or f"{name}.{planes.start or 0}.answer"
        weight, bias = weight[planes], bias[planes]
        before = (size - stride) // 2
        self.graph.add_node(
            "Conv",
            [
                x,
                self.graph.add_constant(f"{output}.weight", weight),
                self.graph.add_constant(f"{output}.bias", bias),
            ],
            output,
            kernel_shape=(size, size),
            strides=(stride, stride),
            pads=(before, before, size - stride - before, size - stride - before),
            group=groups,
        )
        if capped:
            ends = [
                self.graph.add_constant(f"{output}.{end}", np.array(end, np.float32))
                for end in (0, 6)
            ]
            output = self.graph.add_node("Clip", [output, *ends], f"{output}.capped")
        elif rectified:
            output = self.graph.add_node("Relu", [output], f"{output}.rectified")
        self._channels[output] = len(bias)
        return output

    def _add(self, a: str, b: str) -> str:
        output = self.graph.add_node("Add", [a, b], f"{a}+{b}")
        self._channels[output] = self._channels[a]
        return output

    def _join(self, a: str, place: str) -> str:
        output = self.graph.add_node("Concat", [a, place], f"{a}&{place}", axis=1)
        self._channels[output] = self._channels[a] + 2
        return output

    def _resize(self, x: str, size_wh: tuple[int, int]) -> str:
        """Bilinear, pixel centres at +0.5, as torch's `interpolate` without aligned corners."""
        sizes = np.array([1, self._channels[x], size_wh[1], size_wh[0]], np.int64)
        name = self.graph.add_constant(f"{x}.size", sizes)
        output = self.graph.add_node(
            "Resize",
            [x, "", "", name],
            f"{x}.resized",
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )
        self._channels[output] = self._channels[x]
        return output

    def _take(self, name: str, num_axes: int) -> NDArray[np.float32]:
        self._used.add(name)
        if name not in self._arrays:
            raise ModelError(f"{self._path}: expected {name!r}, got {len(self._arrays)} others")
        array = self._arrays[name]
        if array.ndim != num_axes:
            self._refuse(name, ("…",) * num_axes)
        return array

    def _refuse(self, name: str, shape: tuple[object, ...]) -> None:
        raise ModelError(
            f"{self._path}: {name}: expected the shape {shape}, got {self._arrays[name].shape}"
        )
