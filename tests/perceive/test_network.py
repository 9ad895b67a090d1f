import pytest
import torch

from parallax.perceive.training.network import EmbeddedNetwork, Encoder, NetworkParams, fold_norms
from parallax.perceive.training.start import load_encoder

TINY = NetworkParams(stem=8, stages=(8, 8, 12, 12, 16, 16, 24), decoder=(24, 16, 12, 8, 8))
SAME_FEATURES = 1e-4  # float32 sums in another order


def test_the_encoder_is_timms_efficientnet_lite0():
    timm = pytest.importorskip("timm")
    torch.manual_seed(1)
    theirs = timm.create_model("tf_efficientnet_lite0", features_only=True).eval()
    _shake_norms(theirs)
    ours = Encoder(NetworkParams()).eval()
    load_encoder(ours, theirs.state_dict())
    x = torch.rand(2, 3, 64, 96)
    with torch.no_grad():
        for mine, other in zip(ours(x), theirs(x), strict=True):
            assert mine.shape == other.shape
            assert float((mine - other).abs().max()) <= SAME_FEATURES * float(other.abs().max())


def test_depth_has_the_size_of_the_photo_and_labels_half_of_it():
    network = EmbeddedNetwork(TINY).eval()
    log_disparity, logits = network(torch.rand(1, 3, 64, 96))
    assert log_disparity.shape == (1, 1, 64, 96)
    assert logits.shape == (1, 7, 32, 48)


def test_folding_norms_changes_nothing_but_their_number():
    torch.manual_seed(2)
    network = EmbeddedNetwork(TINY).eval()
    _shake_norms(network)
    x = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        before = network(x)
        after = fold_norms(network)(x)
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in network.modules())
    for a, b in zip(before, after, strict=True):
        assert float((a - b).abs().max()) <= SAME_FEATURES * float(a.abs().max())


def _shake_norms(network: torch.nn.Module) -> None:
    """Norms as after a training: neither their weights nor their statistics are 0 and 1."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for tensor, low, high in (
                (module.weight, 0.5, 1.5), (module.bias, -0.2, 0.2),
                (module.running_mean, -0.2, 0.2), (module.running_var, 0.5, 1.5),
            ):  # fmt: skip
                assert tensor is not None
                torch.nn.init.uniform_(tensor, low, high)
