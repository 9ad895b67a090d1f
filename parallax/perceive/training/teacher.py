"""What the teachers say about a photo: soft labels, dense features, log disparity."""

from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from parallax.label_map import LABELS

LABEL_OF_ADE31 = (
    *("other", "other", "building", "sky", "ground", "vegetation", "other", "ground"),
    *("other", "other", "vegetation", "other", "ground", "person", "ground", "other"),
    *("other", "ground", "vegetation", "other", "other", "other", "water", "other"),
    *("other", "other", "building", "water", "other", "ground", "vegetation", "other"),
)
"""Our label of each class of the segmentation teacher (0 other, 1 wall, 2 building, 3 sky …).

Terrain (mountain, earth) counts as ground, grass and fields as vegetation, everything indoors
that is neither floor nor person as other.
"""

SEGMENTATION_FEATURES = ("t176", "t87")  # the pyramid (256) and the backbone (320) at 1/16
TEACHER_LONG_SIDE_PX = 512  # what both teachers were made for, within a factor of 1.4


class SegmentationTeacher:
    """DeepLabV3+ on 31 classes of ADE20K, with two layers of features laid open."""

    def __init__(self, path: Path, *, num_threads: int = 2) -> None:
        model = onnx.load(str(path))
        model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in SEGMENTATION_FEATURES)
        self._session = _open_session(model.SerializeToString(), num_threads)

    def read(self, srgb8: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Soft labels (h, w, 7) at 1/4 and features (h/4, w/4, 576) of a photo (H, W, 3)."""
        image = (_fit(srgb8, multiple=16).astype(np.float32) - 128.0) / 128.0
        batch = np.ascontiguousarray(image.transpose(2, 0, 1)[None])
        names = ["logits", *SEGMENTATION_FEATURES]
        logits, pyramid, backbone = self._session.run(names, {"image": batch})
        # The pyramid's activations are heavy-tailed; their logarithm spreads like the backbone's
        feature = np.concatenate([8.0 * np.log1p(pyramid[0]), backbone[0]]).transpose(1, 2, 0)
        return merge_ade31(_softmax(logits[0].transpose(1, 2, 0))), feature.astype(np.float32)


class DepthTeacher:
    """Tiefenrausch (Kopf et al. 2020, "One Shot 3D Photography")."""

    def __init__(self, path: Path, *, num_threads: int = 2) -> None:
        self._session = _open_session(path.read_bytes(), num_threads)

    def read(self, srgb8: NDArray[np.uint8], *, long_side_px: int = 384) -> NDArray[np.float32]:
        """Log disparity (h, w), up to scale and shift, at about `long_side_px`."""
        image = _fit(srgb8, multiple=32, long_side_px=long_side_px).astype(np.float32) / 255.0
        batch = np.ascontiguousarray(image.transpose(2, 0, 1)[None])
        disparity: NDArray[np.float32] = self._session.run(None, {"image": batch})[0][0, 0]
        return np.log(np.maximum(disparity, 1e-6))


def merge_ade31(probability: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities of our labels (..., 7) from those of the teacher's classes (..., 31 or 32)."""
    merged = np.zeros((*probability.shape[:-1], len(LABELS)), np.float32)
    for ade_index in range(probability.shape[-1]):
        merged_name = LABEL_OF_ADE31[ade_index] if ade_index < len(LABEL_OF_ADE31) else "other"
        merged[..., LABELS.index(merged_name)] += probability[..., ade_index]
    return merged


def _open_session(model: bytes, num_threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = num_threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a shared machine
    return onnxruntime.InferenceSession(model, options)


def _fit(
    srgb8: NDArray[np.uint8], *, multiple: int, long_side_px: int = TEACHER_LONG_SIDE_PX
) -> NDArray[np.uint8]:
    height, width = srgb8.shape[:2]
    scale = long_side_px / max(height, width)
    size_wh = [max(multiple, round(side * scale / multiple) * multiple) for side in (width, height)]
    return np.asarray(cv2.resize(srgb8, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    weight = np.exp(logits - logits.max(axis=-1, keepdims=True))
    total: NDArray[np.float32] = weight / weight.sum(axis=-1, keepdims=True)
    return total
