"""The embedded network as it is trained: a light encoder, a light decoder, depth and labels.

`embedded.py` lays the same network out for OpenCV, and a test holds the two equal. The encoder is
EfficientNet-Lite0 (Tan and Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional
Neural Networks"; without squeeze-and-excitation and with ReLU6, as Google's TPU team released it
in 2020), another test holds its features equal to those of timm's `tf_efficientnet_lite0`.
"""

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from parallax.label_map import LABELS
from parallax.perceive.photo_planes import Triple

STRIDE_PX = 32  # sides of the input must be multiples of it, as the card says
MEAN_SRGB: Triple = (127 / 255,) * 3  # as the encoder's published weights were trained
STD_SRGB: Triple = (128 / 255,) * 3
NORM_EPS = 1e-3  # of the encoder's published weights


class _Stage(NamedTuple):
    """Blocks of one width: how many, kernel, stride of the first, widening."""

    num_blocks: int
    size: int
    stride: int
    expand: int


STAGES = (
    _Stage(1, 3, 1, 1),
    _Stage(2, 3, 2, 6),
    _Stage(2, 5, 2, 6),
    _Stage(3, 3, 2, 6),
    _Stage(3, 5, 1, 6),
    _Stage(4, 5, 2, 6),
    _Stage(1, 3, 1, 6),
)
FEATURE_BLOCKS = (0, 2, 4, 10, 15)  # the last of 1/2, 1/4, 1/8, 1/16 and 1/32
FEATURE_STAGES = (0, 1, 2, 4, 6)  # which they belong to


def normalise_srgb(srgb: Tensor) -> Tensor:
    """Photos (N, 3, H, W), 0…1, as the encoder wants them: about -1…1."""
    mean = torch.tensor(MEAN_SRGB)[:, None, None]
    std = torch.tensor(STD_SRGB)[:, None, None]
    return (srgb - mean) / std


@dataclass(frozen=True, slots=True)
class NetworkParams:
    """Widths of the network.

    Attributes:
        stem: Channels of the first convolution.
        stages: Channels of the encoder's seven stages; those at 1/2, 1/4, 1/8, 1/16 (the second of
            two) and 1/32 (likewise) are its features.
        decoder: Channels of the decoder at 1/32, 1/16, 1/8, 1/4 and 1/2.
    """

    stem: int = 32
    stages: tuple[int, int, int, int, int, int, int] = (16, 24, 40, 80, 112, 192, 320)
    decoder: tuple[int, int, int, int, int] = (128, 96, 64, 48, 32)


class ConvNorm(nn.Module):
    """Convolution, batch normalisation and, if wanted, ReLU or, capped, ReLU6.

    A convolution of stride 2 is padded at the end more than at the beginning, as TensorFlow pads,
    unless `before_px` says how much comes before it.
    """

    def __init__(
        self,
        wide_in: int,
        wide_out: int,
        size: int,
        *,
        stride: int = 1,
        groups: int = 1,
        rectified: bool = True,
        capped: bool = False,
        before_px: int | None = None,
    ) -> None:
        super().__init__()
        self.before = (size - stride) // 2 if before_px is None else before_px
        self.after = size - stride - self.before
        same = self.before == self.after
        self.conv = nn.Conv2d(
            wide_in,
            wide_out,
            size,
            stride,
            padding=self.before if same else 0,
            groups=groups,
            bias=False,
        )
        self.norm: nn.Module = nn.BatchNorm2d(wide_out, eps=NORM_EPS)
        self.rectified, self.capped, self.same = rectified, capped, same

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, H, W) to features."""
        if not self.same:
            x = functional.pad(x, (self.before, self.after) * 2)
        x = self.norm(self.conv(x))
        if not self.rectified:
            return x
        return functional.relu6(x, inplace=True) if self.capped else functional.relu_(x)


class InvertedBottleneck(nn.Module):
    """MobileNetV2's block: widen, convolve each channel, narrow again without a ReLU."""

    def __init__(
        self, wide_in: int, wide_out: int, *, size: int, expand: int, stride: int = 1
    ) -> None:
        super().__init__()
        wide = wide_in * expand
        widen = [ConvNorm(wide_in, wide, 1, capped=True)] if expand > 1 else []
        self.layers = nn.Sequential(
            *widen,
            ConvNorm(wide, wide, size, stride=stride, groups=wide, capped=True),
            ConvNorm(wide, wide_out, 1, rectified=False),
        )
        self.skips = stride == 1 and wide_in == wide_out

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, H, W) to features."""
        y: Tensor = self.layers(x)
        return x + y if self.skips else y


class Encoder(nn.Module):
    """EfficientNet-Lite0 up to its last stage."""

    def __init__(self, params: NetworkParams) -> None:
        super().__init__()
        self.stem = ConvNorm(3, params.stem, 3, stride=2, capped=True)
        blocks: list[nn.Module] = []
        wide_in = params.stem
        for stage, wide in zip(STAGES, params.stages, strict=True):
            for index in range(stage.num_blocks):
                stride = stage.stride if index == 0 else 1
                blocks.append(
                    InvertedBottleneck(
                        wide_in, wide, size=stage.size, expand=stage.expand, stride=stride
                    )
                )
                wide_in = wide
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x: Tensor) -> list[Tensor]:
        """Features at 1/2, 1/4, 1/8, 1/16 and 1/32 of a normalised photo (N, 3, H, W)."""
        x = self.stem(x)
        features = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in FEATURE_BLOCKS:
                features.append(x)
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
        *fine, coarsest = (params.stages[stage] for stage in FEATURE_STAGES)
        self.context = Context(coarsest, wide[0])
        self.narrow = nn.ModuleList(ConvNorm(a, b, 1) for a, b in itertools.pairwise(wide))
        self.lateral = nn.ModuleList(
            ConvNorm(a, b, 1) for a, b in zip(fine[::-1], wide[1:], strict=True)
        )
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
