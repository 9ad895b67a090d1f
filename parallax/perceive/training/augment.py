"""What is done to a batch: light and colour, blur, noise, and shapes pasted in front."""

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from parallax.perceive.training.batch import FEATURE_STRIDE_PX, Batch

LUMA = (0.2126, 0.7152, 0.0722)  # BT.709


def augment(batch: Batch, generator: torch.Generator, *, pasted_share: float) -> Batch:
    """A batch as another camera, another light and a passer-by would have it.

    Args:
        batch: Crops as they were cut.
        generator: Of all randomness here.
        pasted_share: How many of the crops get a shape pasted in front.
    """
    pasted = paste_shapes(batch, generator, pasted_share=pasted_share)
    return replace(pasted, srgb=vary_light(pasted.srgb, generator))


def vary_light(srgb: Tensor, generator: torch.Generator) -> Tensor:
    """Photos (N, 3, H, W) with other exposure, contrast, colour, sharpness and noise."""
    num = srgb.shape[0]

    def uniform(low: float, high: float, wide: int = 1) -> Tensor:
        return torch.rand(num, wide, 1, 1, generator=generator) * (high - low) + low

    # Exposure as a power, white balance as gains, contrast about the mean, saturation
    x = srgb.clamp(1e-3, 1) ** torch.exp2(uniform(-0.4, 0.4))
    x = x * torch.exp2(uniform(-0.12, 0.12, 3)) * torch.exp2(uniform(-0.15, 0.15))
    mean = x.mean((2, 3), keepdim=True)
    x = (x - mean) * torch.exp2(uniform(-0.4, 0.3)) + mean
    grey = (x * torch.tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
    saturation = uniform(0.5, 1.4) * (uniform(0, 1) > 0.04)
    x = grey + (x - grey) * saturation

    # Some are soft, some noisy
    soft = functional.avg_pool2d(functional.pad(x, (1, 1, 1, 1), "reflect"), 3, 1)
    x = torch.lerp(x, soft, uniform(-1.0, 1.5).clamp(-0.7, 1))
    amount = uniform(-0.04, 0.03)
    noisy = (amount > 0).nonzero()[:, 0]
    noise = torch.randn(x[noisy].shape, generator=generator) * amount[noisy]
    x = x.index_add(0, noisy, noise)
    return x.clamp(0, 1)


def paste_shapes(batch: Batch, generator: torch.Generator, *, pasted_share: float) -> Batch:
    """Some photos with a crisp shape in front, cut out of another photo, nearer than all it hides.

    The shape is where a smooth random field is high, so silhouettes have every scale and
    curvature; its depth is exact, which the teachers' edges never are.
    """
    num = batch.srgb.shape[0]
    chosen = (torch.rand(num, generator=generator) < pasted_share).nonzero()[:, 0]
    if not len(chosen):
        return batch
    planes = {name: getattr(batch, name) for name in Batch.__slots__}
    others = torch.roll(batch.srgb, 1, 0)[chosen].flip(3)
    part = Batch(**{name: plane[chosen] for name, plane in planes.items()})
    changed = _paste(part, others, generator)
    return Batch(
        **{
            name: plane.index_copy(0, chosen, getattr(changed, name))
            for name, plane in planes.items()
        }
    )


def _paste(batch: Batch, others: Tensor, generator: torch.Generator) -> Batch:
    """Every photo with a shape of the other photo (N, 3, H, W) in front."""
    num, _, height, width = batch.srgb.shape
    alpha = _random_shape(num, height, width, generator)

    # In front: nearer than the nearest it covers, by a random share of the photo's range
    inside = alpha > 0.5
    low, high = _ends(batch.log_disparity, batch.known)
    span = (high - low).clamp_min(0.2)
    covered = torch.where(inside & (batch.known > 0), batch.log_disparity, low)
    lift = torch.rand(num, 1, 1, 1, generator=generator) * 0.45 + 0.1
    tilt = (torch.rand(num, 1, 1, 1, generator=generator) - 0.5) * 0.2
    ramp = torch.linspace(-1, 1, height)[None, None, :, None]
    nearest = covered.amax((2, 3), keepdim=True) + span * (lift + tilt.abs() + tilt * ramp)

    keep = 1 - functional.avg_pool2d(alpha, 2)
    hidden = functional.avg_pool2d(alpha, FEATURE_STRIDE_PX)
    return replace(
        batch,
        srgb=torch.lerp(batch.srgb, others, alpha),
        log_disparity=torch.where(inside, nearest, batch.log_disparity),
        known=torch.where(inside, torch.ones_like(batch.known), batch.known),
        labelled=batch.labelled * (keep > 0.99).float(),
        featured=batch.featured * (hidden < 0.05).float(),
    )


def _random_shape(num: int, height: int, width: int, generator: torch.Generator) -> Tensor:
    """(N, 1, H, W), 0…1, edges one pixel wide: a level set of a smooth random field."""
    field = torch.zeros(num, 1, height, width)
    for cells, strength in ((4, 1.0), (8, 0.4), (20, 0.2)):
        coarse = torch.randn(num, 1, cells, cells, generator=generator)
        field += strength * functional.interpolate(
            coarse, size=(height, width), mode="bicubic", align_corners=False
        )
    level = torch.rand(num, 1, 1, 1, generator=generator) * 0.9 + 0.6
    slope_y = functional.pad(field[:, :, 1:] - field[:, :, :-1], (0, 0, 0, 1))
    slope_x = functional.pad(field[:, :, :, 1:] - field[:, :, :, :-1], (0, 1))
    steepness = torch.sqrt(slope_x**2 + slope_y**2) + 1e-3
    return ((field - level) / steepness + 0.5).clamp(0, 1)


def _ends(log_disparity: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
    low = torch.where(known > 0, log_disparity, torch.inf).amin((2, 3), keepdim=True)
    high = torch.where(known > 0, log_disparity, -torch.inf).amax((2, 3), keepdim=True)
    return low.nan_to_num(0, 0, 0), high.nan_to_num(0, 0, 0)
