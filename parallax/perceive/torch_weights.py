"""Weights from a file into a network of torch: Depth Anything, and whatever is being trained."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from parallax.errors import ModelError
from parallax.perceive.card import ModelCard
from parallax.perceive.dpt import DepthAnything
from parallax.perceive.dpt_key import map_published_keys
from parallax.perceive.weights import check_weights, read_safetensors

DisparityReader = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def load_depth_anything(card: ModelCard) -> DisparityReader:
    """Depth Anything V2, ready to run: on a CUDA device in half precision where there is one.

    Raises:
        ModelError: The weights were not fetched, are damaged, or of another network.
    """
    network = DepthAnything()
    assign_weights(network, map_published_keys(read_tensors(check_weights(card))), card.weights)
    if torch.cuda.is_available():
        return make_reader(network, device="cuda", dtype=torch.float16)
    return make_reader(network, device="cpu", dtype=torch.float32)


def make_reader(network: nn.Module, *, device: str, dtype: torch.dtype) -> DisparityReader:
    """A network that reads photos (1, 3, H, W) and answers disparity (1, 1, h, w) in float32.

    The same photo gives the same bytes: cuDNN may not choose its algorithms by timing them.
    """
    network.eval().to(device, dtype)

    def read(x: NDArray[np.float32]) -> NDArray[np.float32]:
        photo = torch.from_numpy(x).to(device, dtype)
        steady = torch.backends.cudnn.flags(benchmark=False, deterministic=True, allow_tf32=False)
        with steady, torch.inference_mode():
            disparity: NDArray[np.float32] = network(photo).float().cpu().numpy()
        return disparity

    return read


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file.

    Raises:
        ModelError: It is not one, or cut short.
    """
    return read_safetensors(path, "pt")


def assign_weights(network: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    """Put tensors into a network, key by key.

    Raises:
        ModelError: A key or a shape does not fit.
    """
    wanted = network.state_dict()
    if missing := sorted(wanted.keys() - tensors.keys()):
        raise ModelError(
            f"{path}: expected {missing[0]!r} and {len(missing) - 1} more, got neither"
        )
    if unknown := sorted(tensors.keys() - wanted.keys()):
        raise ModelError(f"{path}: expected {len(wanted)} tensors, got {unknown[0]!r} beside them")
    for key, tensor in tensors.items():
        if tensor.shape != wanted[key].shape:
            raise ModelError(
                f"{path}: {key}: expected the shape {tuple(wanted[key].shape)}, "
                f"got {tuple(tensor.shape)}"
            )
    network.load_state_dict(tensors, assign=True)
