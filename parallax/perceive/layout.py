"""`Layout`: a network laid out for OpenCV, layer by layer, by the names of its weights."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parallax.errors import ModelError
from parallax.perceive.onnx_graph import OnnxGraph


class Layout:
    """Appends layers to an ONNX graph, and checks names and shapes of their weights.

    Attributes:
        graph: So far.
        channels: How many each value has, by its name.
    """

    def __init__(
        self, arrays: Mapping[str, NDArray[np.float32]], path: Path, inputs: Mapping[str, int]
    ) -> None:
        """Begin.

        Args:
            arrays: The weights by name.
            path: The file that they are from, to blame it.
            inputs: Channels of what goes in, by name.
        """
        self.graph = OnnxGraph()
        self.channels = dict(inputs)
        self._arrays, self._path = arrays, path
        self._used: set[str] = set()

    def check_all_used(self) -> None:
        """Weights that belong nowhere are another network's."""
        if unknown := sorted(self._arrays.keys() - self._used):
            raise ModelError(
                f"{self._path}: expected {len(self._used)} tensors, got {unknown[0]!r} beside them"
            )

    def has(self, name: str) -> bool:
        """Whether there is a weight of this name."""
        return name in self._arrays

    def conv(
        self,
        x: str,
        name: str,
        *,
        stride: int = 1,
        rectified: bool = True,
        capped: bool = False,
        planes: slice = slice(None),
        output: str | None = None,
        before_px: int | None = None,
    ) -> str:
        """A convolution and, if wanted, ReLU or ReLU6; depthwise if its weights have one input.

        What is missing of a multiple of the stride is added at the end; `before_px` moves some of
        it to the beginning.
        """
        weight = self._take(f"{name}.weight", 4)
        bias = self._take(f"{name}.bias", 1)
        wide, depth, size, _ = weight.shape
        groups = wide if depth == 1 else 1
        if depth * groups != self.channels[x]:
            self._refuse(f"{name}.weight", (wide, self.channels[x] // groups, size, size))
        if bias.shape != (wide,):
            self._refuse(f"{name}.bias", (wide,))
        output = output or f"{name}.{planes.start or 0}.answer"
        weight, bias = weight[planes], bias[planes]
        before = (size - stride) // 2 if before_px is None else before_px
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
        self.channels[output] = len(bias)
        return output

    def add(self, a: str, b: str) -> str:
        """The sum of two values."""
        output = self.graph.add_node("Add", [a, b], f"{a}+{b}")
        self.channels[output] = self.channels[a]
        return output

    def join(self, a: str, place: str) -> str:
        """A value with two more channels behind it."""
        output = self.graph.add_node("Concat", [a, place], f"{a}&{place}", axis=1)
        self.channels[output] = self.channels[a] + 2
        return output

    def resize(self, x: str, size_wh: tuple[int, int]) -> str:
        """Bilinear, pixel centres at +0.5, as torch's `interpolate` without aligned corners."""
        sizes = np.array([1, self.channels[x], size_wh[1], size_wh[0]], np.int64)
        name = self.graph.add_constant(f"{x}.size", sizes)
        output = self.graph.add_node(
            "Resize",
            [x, "", "", name],
            f"{x}.resized",
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )
        self.channels[output] = self.channels[x]
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
