"""The head that finds falls and rivers, as it is trained: on features of the embedded network.

`embedded.py` reads the same features with the same weights, each level at its own size: sums and
means may change places with convolutions of one pixel. A test holds the two equal.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from parallax.label_map import LABELS
from parallax.perceive.embedded import WATER, WATER_LEVELS
from parallax.perceive.training.network import FEATURE_STAGES, EmbeddedNetwork, NetworkParams

WIDE = 64  # what is known about a place; 16 find fewer falls, and more would learn them by heart
STRIDE_PX = 16


class WaterHead(nn.Module):
    """The logarithm of the odds that there is water, from all that is known about a place."""

    mean: Tensor
    spread: Tensor

    def __init__(self, params: NetworkParams | None = None, *, wide: int = WIDE) -> None:
        super().__init__()
        self.widths = level_widths(params or NetworkParams())
        total = sum(self.widths)
        self.register_buffer("mean", torch.zeros(total))
        self.register_buffer("spread", torch.ones(total))
        self.known = nn.Linear(total, wide)
        self.head = nn.Linear(wide, 1)

    def forward(self, places: Tensor, *, dropout: float = 0.0) -> Tensor:
        """Log odds (N,) of places (N, C), of whose features a share is hidden in training."""
        x = (places - self.mean) / self.spread
        x = functional.dropout(x, dropout, self.training)
        known = functional.dropout(torch.relu(self.known(x)), dropout, self.training)
        odds: Tensor = self.head(known)[:, 0]
        return odds


def level_widths(params: NetworkParams) -> tuple[int, ...]:
    """Channels of `WATER_LEVELS`."""
    eighth, sixteenth, last = (params.stages[stage] for stage in FEATURE_STAGES[2:])
    return eighth, sixteenth, last, params.decoder[1], params.decoder[2]


@torch.no_grad()
def gather_places(network: EmbeddedNetwork, x: Tensor) -> tuple[Tensor, Tensor]:
    """What the network knows and says about each place of normalised photos (N, 3, H, W).

    Returns:
        Features (N, C, H/16, W/16) and logits of the labels (N, 7, H/16, W/16).

    """
    encoded = network.encoder(x)
    decoded = network.decoder(encoded)
    size = encoded[3].shape[2:]
    known = torch.cat(
        [
            functional.avg_pool2d(encoded[2], 2),
            encoded[3],
            functional.interpolate(encoded[4], size=size, mode="bilinear", align_corners=False),
            decoded[1],
            functional.avg_pool2d(decoded[2], 2),
        ],
        1,
    )
    logits = network.head(decoded[-1])[:, -len(LABELS) :]
    return known, functional.avg_pool2d(logits, STRIDE_PX // 2)


@torch.no_grad()
def fold_water(head: WaterHead) -> dict[str, Tensor]:
    """The head's weights by the names that `embedded.py` reads, one convolution a level."""
    weight = head.known.weight / head.spread
    bias = head.known.bias - weight @ head.mean
    tensors: dict[str, Tensor] = {}
    for name, part in zip(WATER_LEVELS, torch.split(weight, list(head.widths), 1), strict=True):
        side = 2 if name.endswith("8") else 1
        tensors[f"{WATER}.{name}.weight"] = (
            part[:, :, None, None].expand(-1, -1, side, side) / side**2
        )
        tensors[f"{WATER}.{name}.bias"] = bias if name == "encoder16" else torch.zeros_like(bias)
    tensors[f"{WATER}.head.weight"] = head.head.weight[:, :, None, None]
    tensors[f"{WATER}.head.bias"] = head.head.bias
    return tensors
