"""The embedded network as it is trained: a light encoder, a light decoder, depth and labels.

`embedded.py` lays the same network out for OpenCV, and a test holds the two equal. The encoder is
MobileNetV4-Conv-Small (Qin et al. 2024, "MobileNetV4: Universal Models for the Mobile Ecosystem",
table 11), laid out and named so that timm's weights of the same network fit; another test holds
those equal.
"""

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from parallax.label_map import LABELS
from parallax.perceive.photo_planes import IMAGENET_MEAN_SRGB, IMAGENET_STD_SRGB

STRIDE_PX = 32  # sides of the input must be multiples of it, as the card says


def normalise_srgb(srgb: Tensor) -> Tensor:
    """Photos (N, 3, H, W), 0…1, with about mean 0 and standard deviation 1."""
    mean = torch.tensor(IMAGENET_MEAN_SRGB)[:, None, None]
    std = torch.tensor(IMAGENET_STD_SRGB)[:, None, None]
    return (srgb - mean) / std


@dataclass(frozen=True, slots=True)
class NetworkParams:
    """Widths of the network.

    Attributes:
        stem: Channels at 1/2 of the input.
        stages: Channels at 1/4, 1/8, 1/16 and 1/32.
        decoder: Channels of the decoder at 1/32, 1/16, 1/8, 1/4 and 1/2.
    """

    stem: int = 32
    stages: tuple[int, int, int, int] = (32, 64, 96, 128)
    decoder: tuple[int, int, int, int, int] = (128, 96, 64, 48, 32)


class ConvNorm(nn.Module):
    """Convolution, batch normalisation and, if wanted, ReLU."""

    def __init__(
        self,
        wide_in: int,
        wide_out: int,
        size: int,
        *,
        stride: int = 1,
        groups: int = 1,
        rectified: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            wide_in, wide_out, size, stride, padding=size // 2, groups=groups, bias=False
        )
        self.norm: nn.Module = nn.BatchNorm2d(wide_out)
        self.rectified = rectified

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, H, W) to features."""
        x = self.norm(self._convolve(x))
        return functional.relu(x, inplace=True) if self.rectified else x

    def _convolve(self, x: Tensor) -> Tensor:
        strided = self.conv.groups > 1 and self.conv.stride != (1, 1)
        if self.training and strided and x.dtype == torch.bfloat16:
            # The same numbers: the backward pass of a strided depthwise convolution in bfloat16
            # falls into a path that takes a fifth of the whole step (measured, torch 2.15, CPU)
            dense = functional.conv2d(
                x, self.conv.weight, padding=self.conv.padding, groups=self.conv.groups
            )
            return dense[:, :, ::2, ::2]
        y: Tensor = self.conv(x)
        return y


class InvertedBottleneck(nn.Module):
    """MobileNetV4's block: depthwise before, or in the middle of, a widening; then narrow again."""

    def __init__(
        self, wide_in: int, wide_out: int, *, first: int, middle: int, expand: int, stride: int = 1
    ) -> None:
        super().__init__()
        wide = wide_in * expand
        layers: list[nn.Module] = []
        if first:
            layers.append(ConvNorm(wide_in, wide_in, first, groups=wide_in, rectified=False))
        layers.append(ConvNorm(wide_in, wide, 1))
        if middle:
            layers.append(ConvNorm(wide, wide, middle, stride=stride, groups=wide))
        layers.append(ConvNorm(wide, wide_out, 1, rectified=False))
        self.layers = nn.Sequential(*layers)
        self.skips = stride == 1 and wide_in == wide_out

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, H, W) to features."""
        y: Tensor = self.layers(x)
        return x + y if self.skips else y


class Encoder(nn.Module):
    """MobileNetV4-Conv-Small up to its last stage of convolutions."""

    def __init__(self, params: NetworkParams) -> None:
        super().__init__()
        w4, w8, w16, w32 = params.stages
        self.stem = ConvNorm(3, params.stem, 3, stride=2)
        block = InvertedBottleneck
        self.stages = nn.ModuleList([
            nn.Sequential(ConvNorm(params.stem, w4, 3, stride=2), ConvNorm(w4, w4, 1)),
            nn.Sequential(ConvNorm(w4, w8 * 3 // 2, 3, stride=2), ConvNorm(w8 * 3 // 2, w8, 1)),
            nn.Sequential(
                block(w8, w16, first=5, middle=5, expand=3, stride=2),
                *(block(w16, w16, first=0, middle=3, expand=2) for _ in range(4)),
                block(w16, w16, first=3, middle=0, expand=4),
            ),
            nn.Sequential(
                block(w16, w32, first=3, middle=3, expand=6, stride=2),
                block(w32, w32, first=5, middle=5, expand=4),
                block(w32, w32, first=0, middle=5, expand=4),
                block(w32, w32, first=0, middle=5, expand=3),
                *(block(w32, w32, first=0, middle=3, expand=4) for _ in range(2)),
            ),
        ])  # fmt: skip

    def forward(self, x: Tensor) -> list[Tensor]:
        """Features at 1/2, 1/4, 1/8, 1/16 and 1/32 of a normalised photo (N, 3, H, W)."""
        features = [self.stem(x)]
        for stage in self.stages:
            features.append(stage(features[-1]))
        return features


class Context(nn.Module):
    """What a patch learns from the whole photo: its mean, and where in the photo the patch is."""

    def __init__(self, wide_in: int, wide_out: int) -> None:
        super().__init__()
        self.local = ConvNorm(wide_in + 2, wide_out, 1)
        self.whole = nn.Conv2d(wide_in, wide_out, 1)
        self.spread = ConvNorm(wide_out, wide_out, 5, groups=wide_out, rectified=False)
        self.merge = ConvNorm(wide_out, wide_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, h, w) to features."""
        num, _, height, width = x.shape
        ys = torch.linspace(-1, 1, height, device=x.device, dtype=x.dtype)
        xs = torch.linspace(-1, 1, width, device=x.device, dtype=x.dtype)
        place = torch.stack(torch.meshgrid(ys, xs, indexing="ij")).expand(num, -1, -1, -1)
        y = self.local(torch.cat([x, place], 1)) + self.whole(x.mean((2, 3), keepdim=True))
        merged: Tensor = y + self.merge(self.spread(y))
        return merged


class Decoder(nn.Module):
    """Coarse features, doubled in size again and again and joined with the finer ones."""

    def __init__(self, params: NetworkParams) -> None:
        super().__init__()
        wide = params.decoder
        self.context = Context(params.stages[3], wide[0])
        fine = (params.stages[2], params.stages[1], params.stages[0], params.stem)
        self.narrow = nn.ModuleList(ConvNorm(a, b, 1) for a, b in itertools.pairwise(wide))
        self.lateral = nn.ModuleList(ConvNorm(a, b, 1) for a, b in zip(fine, wide[1:], strict=True))
        self.fuse = nn.ModuleList(ConvNorm(b, b, 3) for b in wide[1:])

    def forward(self, features: list[Tensor], *, num_levels: int = 5) -> list[Tensor]:
        """Features at 1/32, 1/16, 1/8, 1/4 and 1/2, or the first few of them."""
        levels = [self.context(features[-1])]
        finer = features[-2::-1]
        for narrow, lateral, fuse, fine in zip(
            self.narrow, self.lateral, self.fuse, finer, strict=True
        ):
            if len(levels) == num_levels:
                break
            coarse = functional.interpolate(
                narrow(levels[-1]), size=fine.shape[2:], mode="bilinear", align_corners=False
            )
            levels.append(fuse(coarse + lateral(fine)))
        return levels


class EmbeddedNetwork(nn.Module):
    """A photo to log disparity, up to scale and shift, and to the logits of seven labels."""

    def __init__(self, params: NetworkParams | None = None) -> None:
        super().__init__()
        params = params or NetworkParams()
        self.encoder = Encoder(params)
        self.decoder = Decoder(params)
        wide = params.decoder[-1]
        self.head = nn.Conv2d(wide, 4 + len(LABELS), 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Log disparity (N, 1, H, W) and logits (N, 7, H/2, W/2) of a photo (N, 3, H, W)."""
        log_disparity, logits, _ = self.forward_with_features(x)
        return log_disparity, logits

    def forward_with_features(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `forward`, with the decoder's features at 1/16, which learn from the teacher's."""
        levels = self.decoder(self.encoder(x))
        both = self.head(levels[-1])
        return functional.pixel_shuffle(both[:, :4], 2), both[:, 4:], levels[1]


@torch.no_grad()
def fold_norms(network: nn.Module) -> nn.Module:
    """The same network with every batch normalisation folded into its convolution, in place."""
    for module in network.modules():
        if isinstance(module, ConvNorm) and isinstance(module.norm, nn.BatchNorm2d):
            norm, conv = module.norm, module.conv
            assert norm.running_var is not None and norm.running_mean is not None
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            conv.weight.mul_(gain[:, None, None, None])
            conv.bias = nn.Parameter(norm.bias - norm.running_mean * gain)
            module.norm = nn.Identity()
    return network
