"""`OnnxGraph`: a network as the bytes of an ONNX model, which OpenCV runs.

Only what the embedded network needs. The format is protocol buffers (onnx.ai, "Open Neural Network
Exchange Intermediate Representation"): each field is a key, `number << 3 | kind`, and a value.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

IR_VERSION = 8
OPSET = 13
FLOAT, INT64 = 1, 7  # TensorProto.DataType
KIND_INT, KIND_TEXT, KIND_INTS = 2, 3, 7  # AttributeProto.AttributeType
Attribute = int | str | tuple[int, ...]


class OnnxGraph:
    """Nodes and weights, collected; values go by their names."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def add_node(
        self, kind: str, inputs: Iterable[str], output: str, **attributes: Attribute
    ) -> str:
        """Append an operation; returns the name of its output."""
        parts = [_field(1, name) for name in inputs]
        parts += [_field(2, output), _field(4, kind)]
        parts += [_field(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join(parts))
        return output

    def add_constant(self, name: str, value: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """Append weights or sizes; returns their name."""
        data_type = FLOAT if value.dtype == np.float32 else INT64
        dims = b"".join(_field(1, side) for side in value.shape)
        raw = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<")).tobytes()
        self._constants.append(dims + _field(2, data_type) + _field(8, name) + _field(9, raw))
        return name

    def to_bytes(
        self, inputs: Mapping[str, tuple[int, ...]], outputs: Mapping[str, tuple[int, ...]]
    ) -> bytes:
        """The model, with the shapes of what goes in and comes out."""
        graph = b"".join([
            *(_field(1, node) for node in self._nodes),
            _field(2, "graph"),
            *(_field(5, constant) for constant in self._constants),
            *(_field(11, _value(name, shape)) for name, shape in inputs.items()),
            *(_field(12, _value(name, shape)) for name, shape in outputs.items()),
        ])  # fmt: skip
        return _field(1, IR_VERSION) + _field(7, graph) + _field(8, _field(2, OPSET))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, KIND_INT)
    if isinstance(value, str):
        return _field(1, name) + _field(4, value) + _field(20, KIND_TEXT)
    return _field(1, name) + b"".join(_field(8, v) for v in value) + _field(20, KIND_INTS)


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    """A ValueInfoProto of 32-bit floats."""
    dims = b"".join(_field(1, _field(1, side)) for side in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, FLOAT) + _field(2, dims)))


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth bit says that more follow."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
