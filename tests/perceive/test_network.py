import pytest
import torch

from parallax.perceive.training.network import EmbeddedNetwork, Encoder, NetworkParams, fold_norms

TINY = NetworkParams(stem=8, stages=(8, 12, 16, 24), decoder=(24, 16, 12, 8, 8))
SAME_FEATURES = 1e-4  # float32 sums in another order


def test_the_encoder_is_timms_mobilenetv4_conv_small():
    timm = pytest.importorskip("timm")
    torch.manual_seed(1)
    theirs = timm.create_model("mobilenetv4_conv_small", features_only=True).eval()
    _shake_norms(theirs)
    ours = Encoder(NetworkParams()).eval()
    source = list(theirs.state_dict().values())
    target = ours.state_dict()
    # Both lay out their layers in the order of the forward pass; theirs has one more, at the end
    ours.load_state_dict(dict(zip(target, source, strict=False)))
    x = torch.rand(2, 3, 64, 96)
    with torch.no_grad():
        for mine, other in zip(ours(x)[:4], theirs(x)[:4], strict=True):
            assert mine.shape == other.shape
            assert float((mine - other).abs().max()) <= SAME_FEATURES * float(other.abs().max())
        last = theirs.blocks[3](theirs(x)[3])
        assert float((ours(x)[4] - last).abs().max()) <= SAME_FEATURES * float(last.abs().max())


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


def test_a_strided_convolution_is_the_same_while_training():
    torch.manual_seed(3)
    network = EmbeddedNetwork(TINY).train()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()
    x = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        training, running = network(x)[0], network.eval()(x)[0]
    assert torch.allclose(training, running, atol=1e-5)


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
