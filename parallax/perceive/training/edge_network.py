"""The network that puts depth's edges where the photo has them, as it is trained.

`parallax/perceive/edge.py` lays the same network out for OpenCV, and a test holds the two equal.
"""

from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn import functional

from parallax.perceive.edge import GAIN, NUM_INPUTS, PREFIX, REACH_PX, SQUARE_PX
from parallax.perceive.training.network import ConvNorm, fold_norms

WIDTHS = (24, 40, 56)  # at 1/2, 1/4 and 1/8


class EdgeNetwork(nn.Module):
    """Colours and depth to displacements, from where a pixel is to where its depth is taken."""

    def __init__(self) -> None:
        super().__init__()
        fine, middle, coarse = WIDTHS
        self.fine = nn.Sequential(_conv(NUM_INPUTS, fine))
        self.middle = nn.Sequential(_conv(fine, middle, stride=2), _conv(middle, middle))
        self.coarse = nn.Sequential(
            _conv(middle, coarse, stride=2),
            _conv(coarse, coarse),
            _conv(coarse, coarse),
        )
        self.narrow = nn.ModuleList([nn.Conv2d(coarse, middle, 1), nn.Conv2d(middle, fine, 1)])
        self.join = nn.ModuleList([_conv(middle, middle), _conv(fine, fine)])
        self.head = nn.Conv2d(fine, 2 * SQUARE_PX**2, 3, padding=1)
        nn.init.normal_(self.head.weight, 0, 1e-3)  # training begins with nothing moved
        assert self.head.bias is not None
        nn.init.zeros_(self.head.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Displacements (N, 2, H, W) in pixels, x and y, of colours and depth (N, 4, H, W)."""
        fine = self.fine(functional.pixel_unshuffle(x, SQUARE_PX))
        middle = self.middle(fine)
        x = self.coarse(middle)
        for narrow, join, finer in zip(self.narrow, self.join, (middle, fine), strict=True):
            grown = functional.interpolate(narrow(x), size=finer.shape[2:], mode="bilinear")
            x = join(finer + grown)
        return REACH_PX * torch.tanh(functional.pixel_shuffle(self.head(x), SQUARE_PX) * GAIN)


def displace(depth: Tensor, moved_px: Tensor) -> Tensor:
    """Depth (N, 1, H, W), each pixel's taken from where its displacement (N, 2, H, W) points."""
    height, width = depth.shape[2:]
    row, column = torch.meshgrid(
        *(torch.arange(side, dtype=depth.dtype) + 0.5 for side in (height, width)), indexing="ij"
    )
    place = torch.stack(
        [
            (column + moved_px[:, 0]) * (2 / width) - 1,
            (row + moved_px[:, 1]) * (2 / height) - 1,
        ],
        dim=-1,
    )
    return functional.grid_sample(depth, place, padding_mode="border", align_corners=False)


def fold_edges(network: EdgeNetwork) -> dict[str, Tensor]:
    """The weights by their names in the file, norms folded into their convolutions."""
    folded = fold_norms(deepcopy(network)).state_dict()
    return {f"{PREFIX}{name}": tensor for name, tensor in folded.items()}


def _conv(wide_in: int, wide_out: int, *, stride: int = 1) -> ConvNorm:
    """A 3×3 convolution with as much padding before it as `edge.py` lays out."""
    return ConvNorm(wide_in, wide_out, 3, stride=stride, before_px=1)
