"""The published names of Depth Anything's weights, and ours."""

import re

import torch
from torch import Tensor

_BLOCK = r"backbone\.encoder\.layer\.(\d+)\."
_ATTENTION = _BLOCK + r"attention\.attention\.(query|key|value)\.(weight|bias)"
_RENAMES = (
    (r"backbone\.embeddings\.cls_token", r"backbone.cls_token"),
    (r"backbone\.embeddings\.position_embeddings", r"backbone.pos_embed"),
    (r"backbone\.embeddings\.patch_embeddings\.projection", r"backbone.patch_embed.proj"),
    (r"backbone\.layernorm\.", r"backbone.norm."),
    (_BLOCK + r"attention\.output\.dense", r"backbone.blocks.\1.attn.proj"),
    (_BLOCK + r"layer_scale(\d)\.lambda1", r"backbone.blocks.\1.ls\2.gamma"),
    (_BLOCK, r"backbone.blocks.\1."),
    (r"neck\.reassemble_stage\.layers\.", r"reassemble."),
    (r"neck\.convs\.", r"necks."),
    (r"neck\.fusion_stage\.layers\.", r"fusions."),
    (r"head\.conv1\.", r"head.0."),
    (r"head\.conv2\.", r"head.1."),
    (r"head\.conv3\.", r"head.2."),
)
_UNUSED = ("backbone.embeddings.mask_token",)  # of DINOv2's own training


def map_published_keys(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights by our names, from those of `DepthAnythingForDepthEstimation` in safetensors.

    Queries, keys and values, three matrices there, are one here.
    """
    ours: dict[str, Tensor] = {}
    attention: dict[tuple[str, str], dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        if key in _UNUSED:
            continue
        if found := re.fullmatch(_ATTENTION, key):
            block, part, kind = found.groups()
            attention.setdefault((block, kind), {})[part] = tensor
            continue
        name = key
        for pattern, replacement in _RENAMES:
            name, count = re.subn("^" + pattern, replacement, name)
            if count:
                break
        ours[name] = tensor
    for (block, kind), parts in attention.items():
        joined = [parts[part] for part in ("query", "key", "value") if part in parts]
        ours[f"backbone.blocks.{block}.attn.qkv.{kind}"] = torch.cat(joined)
    return ours
