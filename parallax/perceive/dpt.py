"""Depth Anything V2: timm's DINOv2 and a dense prediction head of our own.

Yang et al. 2024, "Depth Anything V2"; the head is Ranftl et al. 2021, "Vision Transformers for
Dense Prediction", section 3, without read-out tokens and batch norms. Tests hold it equal to the
independent implementation in Hugging Face's transformers.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

PATCH_PX = 14


@dataclass(frozen=True, slots=True)
class DptParams:
    """Widths of a Depth Anything network; the defaults are the small one's.

    Attributes:
        backbone: timm's name.
        wide: Channels of the backbone's tokens.
        taps: After which of its blocks (from 1) features are taken, fine to coarse.
        necks: Channels of the features at 4, 2, 1 and 1/2 times the patch grid.
        fusion: Channels while they are merged.
        head: Channels before the last layer.
        grid: Side of the patch grid that the position embedding was trained for.
    """

    backbone: str = "vit_small_patch14_dinov2"
    wide: int = 384
    taps: tuple[int, int, int, int] = (3, 6, 9, 12)
    necks: tuple[int, int, int, int] = (48, 96, 192, 384)
    fusion: int = 64
    head: int = 32
    grid: int = 37


class DepthAnything(nn.Module):
    """A photo to disparity, up to scale and shift; near is larger, nothing is below 0."""

    def __init__(self, params: DptParams | None = None) -> None:
        super().__init__()
        import timm  # costs seconds, and the embedded network does without

        params = params or DptParams()
        self.taps = params.taps
        self.backbone = timm.create_model(
            params.backbone, num_classes=0, img_size=params.grid * PATCH_PX
        )
        self.reassemble = nn.ModuleList(
            _Reassemble(params.wide, neck, factor)
            for neck, factor in zip(params.necks, (4, 2, 1, -2), strict=True)
        )
        self.necks = nn.ModuleList(
            nn.Conv2d(neck, params.fusion, 3, padding=1, bias=False) for neck in params.necks
        )
        self.fusions = nn.ModuleList(_Fusion(params.fusion) for _ in params.necks)
        self.head = nn.ModuleList([
            nn.Conv2d(params.fusion, params.fusion // 2, 3, padding=1),
            nn.Conv2d(params.fusion // 2, params.head, 3, padding=1),
            nn.Conv2d(params.head, 1, 1),
        ])  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """Disparity (N, 1, H, W) of normalised photos (N, 3, H, W), sides multiples of 14."""
        grid_hw = (x.shape[2] // PATCH_PX, x.shape[3] // PATCH_PX)
        tokens = self._look(x, grid_hw)
        maps = [
            neck(reassemble(_map_from_tokens(token, grid_hw)))
            for token, reassemble, neck in zip(tokens, self.reassemble, self.necks, strict=True)
        ]

        # From coarse to fine, each merged with what came before
        merged: Tensor | None = None
        coarse_to_fine = maps[::-1]
        for index, (fine, fusion) in enumerate(zip(coarse_to_fine, self.fusions, strict=True)):
            is_last = index + 1 == len(coarse_to_fine)
            height, width = (maps[0] if is_last else coarse_to_fine[index + 1]).shape[2:]
            size_hw = (2 * height, 2 * width) if is_last else (height, width)
            merged = fusion(merged, fine, size_hw)

        y = self.head[0](merged)
        y = functional.interpolate(y, size=x.shape[2:], mode="bilinear", align_corners=True)
        return functional.relu(self.head[2](functional.relu(self.head[1](y))))

    def _look(self, x: Tensor, grid_hw: tuple[int, int]) -> list[Tensor]:
        """Normalised tokens after each tapped block, (N, 1 + h w, C)."""
        vit = self.backbone
        patches = vit.patch_embed.proj(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([vit.cls_token.expand(len(x), -1, -1), patches], 1)
        tokens = tokens + _resize_positions(vit.pos_embed, grid_hw)
        tapped = []
        for index, block in enumerate(vit.blocks, start=1):
            tokens = block(tokens)
            if index in self.taps:
                tapped.append(vit.norm(tokens))
        return tapped


class _Reassemble(nn.Module):
    """Tokens as a map, its channels changed, its size multiplied (or, below 0, divided)."""

    def __init__(self, wide_in: int, wide_out: int, factor: int) -> None:
        super().__init__()
        self.projection = nn.Conv2d(wide_in, wide_out, 1)
        self.resize: nn.Module = nn.Identity()
        if factor > 1:
            self.resize = nn.ConvTranspose2d(wide_out, wide_out, factor, stride=factor)
        elif factor < 0:
            self.resize = nn.Conv2d(wide_out, wide_out, 3, stride=-factor, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.resize(self.projection(x))
        return y


class _Residual(nn.Module):
    """Two convolutions with ReLU before each, added to what came in."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.convolution1 = nn.Conv2d(wide, wide, 3, padding=1)
        self.convolution2 = nn.Conv2d(wide, wide, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.convolution2(functional.relu(self.convolution1(functional.relu(x))))
        return x + y


class _Fusion(nn.Module):
    """The coarser map joined with the finer one, then resized."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.residual_layer1 = _Residual(wide)  # unused by the first: kept for its weights
        self.residual_layer2 = _Residual(wide)
        self.projection = nn.Conv2d(wide, wide, 1)

    def forward(self, coarse: Tensor | None, fine: Tensor, size_hw: tuple[int, int]) -> Tensor:
        if coarse is not None:
            fine = coarse + self.residual_layer1(fine)
        x = self.residual_layer2(fine)
        x = functional.interpolate(x, size=size_hw, mode="bilinear", align_corners=True)
        y: Tensor = self.projection(x)
        return y


def _map_from_tokens(tokens: Tensor, grid_hw: tuple[int, int]) -> Tensor:
    """(N, C, h, w) of tokens (N, 1 + h w, C) without the first, the class token."""
    return tokens[:, 1:].transpose(1, 2).reshape(len(tokens), -1, *grid_hw)


def _resize_positions(positions: Tensor, grid_hw: tuple[int, int]) -> Tensor:
    """Position embedding (1, 1 + h w, C) for another grid, bicubic as DINOv2 was published."""
    side = round((positions.shape[1] - 1) ** 0.5)
    if grid_hw == (side, side):
        return positions
    grid = _map_from_tokens(positions, (side, side))
    grid = functional.interpolate(grid, size=grid_hw, mode="bicubic", align_corners=False)
    return torch.cat([positions[:, :1], grid.flatten(2).transpose(1, 2)], 1)
