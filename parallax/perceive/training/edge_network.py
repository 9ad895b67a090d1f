"""The network that puts depth's edges where the photo has them, as it is trained.

`parallax/perceive/edge.py` lays the same network out for OpenCV, and a test holds the two equal.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from parallax.perceive.edge import GAIN, NUM_INPUTS, PREFIX, REACH_PX, SQUARE_PX

WIDTHS = (24, 40, 56)  # at 1/2, 1/4 and 1/8


class _ConvNorm(nn.Module):
    """A 3×3 convolution, batch normalisation, ReLU."""

    def __init__(self, wide_in: int, wide_out: int, *, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(wide_in, wide_out, 3, stride, padding=1, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(wide_out)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, H, W) to features."""
        return functional.relu(self.norm(self.conv(x)))


class EdgeNetwork(nn.Module):
    """Colours and depth to displacements, from where a pixel is to where its depth is taken."""

    def __init__(self) -> None:
        super().__init__()
        fine, middle, coarse = WIDTHS
        self.fine = nn.Sequential(_ConvNorm(NUM_INPUTS, fine))
        self.middle = nn.Sequential(_ConvNorm(fine, middle, stride=2), _ConvNorm(middle, middle))
        self.coarse = nn.Sequential(
            _ConvNorm(middle, coarse, stride=2),
            _ConvNorm(coarse, coarse),
            _ConvNorm(coarse, coarse),
        )
        self.narrow = nn.ModuleList([nn.Conv2d(coarse, middle, 1), nn.Conv2d(middle, fine, 1)])
        self.join = nn.ModuleList([_ConvNorm(middle, middle), _ConvNorm(fine, fine)])
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


@torch.no_grad()
def fold_edges(network: EdgeNetwork) -> dict[str, Tensor]:
    """The weights by their names in the file, norms folded into their convolutions."""
    folded = {}
    for name, module in network.named_modules():
        if isinstance(module, _ConvNorm):
            norm = module.norm
            assert isinstance(norm, nn.BatchNorm2d)
            assert norm.running_var is not None and norm.running_mean is not None
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            folded[f"{PREFIX}{name}.conv.weight"] = module.conv.weight * gain[:, None, None, None]
            folded[f"{PREFIX}{name}.conv.bias"] = norm.bias - norm.running_mean * gain
        elif isinstance(module, nn.Conv2d) and not name.endswith(".conv"):
            assert module.bias is not None
            folded[f"{PREFIX}{name}.weight"] = module.weight
            folded[f"{PREFIX}{name}.bias"] = module.bias
    return {name: tensor.detach() for name, tensor in folded.items()}
