"""A scene as pictures, for editors: each layer in colour and in depth, and how they stack.

All pictures are of one size and show the same part of the photo's plane, so that they can be laid
over one another as they are.
"""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parallax.errors import OutputError
from parallax.output import check_output, whole_file
from parallax.scene import Layer, Mesh, Scene

STACK_NAME = "layers.json"
_WHITE = 65535


def prepare_folder(folder: Path, *, overwrite: bool) -> None:
    """Makes a folder for layers, before minutes are spent on them.

    Raises:
        OutputError: It cannot be made, or holds layers that may not be replaced.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{folder}: expected a folder for the layers, got: {reason}") from error
    check_output(folder / STACK_NAME, overwrite=overwrite)


def save_layers(folder: Path, scene: Scene) -> list[Path]:
    """Writes NN_NAME.png (RGBA), NN_NAME.depth.png (16 bits) and layers.json into a folder.

    Args:
        folder: Exists.
        scene: A built one.

    Returns:
        The files.
    """
    nearest = scene.layers[-1]  # its texture is the photo's size; the backdrop's is not
    height, width = nearest.srgb8.shape[:2]
    highest = max(float((-1 / layer.mesh.positions_su[:, 2]).max()) for layer in scene.layers)
    files, entries = [], []
    for order, layer in enumerate(scene.layers):
        srgb8, inv_depth = draw_layer(layer, nearest.window_uv, (width, height))
        stem = f"{order:02d}_{layer.name}"
        depth16 = np.rint(inv_depth / highest * _WHITE).astype(np.uint16)
        color_file, depth_file = folder / f"{stem}.png", folder / f"{stem}.depth.png"
        for file, levels in (
            (color_file, cv2.cvtColor(srgb8, cv2.COLOR_RGBA2BGRA)),
            (depth_file, depth16),
        ):
            with whole_file(file) as partial:
                cv2.imwrite(str(partial), levels)
        files += [color_file, depth_file]
        entries.append({"name": layer.name, "color": color_file.name, "depth": depth_file.name})
    stack = folder / STACK_NAME
    described = _describe(scene, entries, nearest.window_uv, highest)
    with whole_file(stack) as partial:
        partial.write_text(json.dumps(described, indent=1) + "\n")
    return [*files, stack]


def draw_layer(
    layer: Layer, window_uv: tuple[float, float, float, float], size_wh: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """(H, W, 4) and (H, W): a layer's colour and inverse depth as the photo's camera sees it.

    Args:
        layer: Of a scene.
        window_uv: The part of the photo's uv plane to draw.
        size_wh: Of the pictures.
    """
    width, height = size_wh
    (u0, v0, u1, v1), (a0, b0, a1, b1) = layer.window_uv, window_uv
    # From the layer's own uv to pixels of the window
    scale = np.array([(u1 - u0) / (a1 - a0) * width, (v1 - v0) / (b1 - b0) * height])
    shift = np.array([(u0 - a0) / (a1 - a0) * width, (v0 - b0) / (b1 - b0) * height])
    inv_depth = _draw_inv_depth(layer.mesh, layer.mesh.uv * scale + shift, size_wh)
    rows, columns = layer.srgb8.shape[:2]
    if layer.window_uv == window_uv and (columns, rows) == size_wh:
        srgb8 = layer.srgb8.copy()
    else:
        matrix = np.array(
            [
                [scale[0] / columns, 0, shift[0] + scale[0] / columns / 2 - 0.5],
                [0, scale[1] / rows, shift[1] + scale[1] / rows / 2 - 0.5],
            ]
        )
        warped = cv2.warpAffine(layer.srgb8, matrix, size_wh, borderMode=cv2.BORDER_REPLICATE)
        srgb8 = np.asarray(warped, np.uint8)
    srgb8[..., 3][inv_depth == 0] = 0
    return srgb8, inv_depth


def _draw_inv_depth(
    mesh: Mesh, points_px: NDArray[np.float64], size_wh: tuple[int, int]
) -> NDArray[np.float32]:
    """(H, W), inverse depth of the pixels whose middle a mesh covers; 0 elsewhere."""
    width, height = size_wh
    inv_depth = np.zeros((height, width), np.float32)
    corners = points_px[mesh.triangles]  # (T, 3, 2)
    values = -1 / mesh.positions_su[:, 2].astype(np.float64)[mesh.triangles]
    low = np.clip(np.floor(corners.min(1) - 0.5), 0, size_wh).astype(int)
    high = np.clip(np.ceil(corners.max(1) + 0.5), 0, size_wh).astype(int)
    for (a, b, c), of, (x0, y0), (x1, y1) in zip(corners, values, low, high, strict=True):
        across = np.array([b - a, c - a]).T
        determinant = across[0, 0] * across[1, 1] - across[0, 1] * across[1, 0]
        if determinant == 0 or x1 <= x0 or y1 <= y0:
            continue
        x, y = np.arange(x0, x1) + 0.5 - a[0], np.arange(y0, y1)[:, None] + 0.5 - a[1]
        along_b = (x * across[1, 1] - y * across[0, 1]) / determinant
        along_c = (y * across[0, 0] - x * across[1, 0]) / determinant
        inside = (along_b >= -1e-6) & (along_c >= -1e-6) & (along_b + along_c <= 1 + 1e-6)
        plane = of[0] + along_b * (of[1] - of[0]) + along_c * (of[2] - of[0])
        inv_depth[y0:y1, x0:x1][inside] = plane[inside]
    return inv_depth


def _describe(
    scene: Scene,
    entries: list[dict[str, str]],
    window_uv: tuple[float, float, float, float],
    highest: float,
) -> dict[str, Any]:
    """How the pictures stack, for people and programs."""
    return {
        "version": 1,
        "layers_far_to_near": entries,
        "blend": "straight alpha, over one another in linear light",
        "depth": "16 bits, value / 65535 · inv_depth_at_white is inverse depth in 1/su; 0 is empty",
        "inv_depth_at_white": highest,
        "window_uv": list(window_uv),
        "photo_size_wh": list(scene.intrinsics.size_wh),
        "focal_px": scene.intrinsics.focal_px,
    }
