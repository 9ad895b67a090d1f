import numpy as np
import pytest
import torch

from parallax.errors import ModelError
from parallax.perceive.dpt import DepthAnything, DptParams
from parallax.perceive.dpt_key import map_published_keys
from parallax.perceive.torch_weights import assign_weights, make_reader, read_tensors

RELATIVE = 1e-4  # sums in another order
SMALLER = DptParams(taps=(1, 2, 3, 4), necks=(12, 16, 24, 32), fusion=16, head=8)


@pytest.fixture
def published(tmp_path):
    """A network of transformers with seeded weights, and its file."""
    transformers = pytest.importorskip("transformers")
    config = transformers.DepthAnythingConfig(
        backbone_config=transformers.Dinov2Config(
            hidden_size=384, num_hidden_layers=12, num_attention_heads=6, image_size=518,
            patch_size=14, out_features=[f"stage{tap}" for tap in SMALLER.taps],
            reshape_hidden_states=False, apply_layernorm=True,
        ),
        reassemble_hidden_size=384, neck_hidden_sizes=list(SMALLER.necks),
        fusion_hidden_size=SMALLER.fusion, head_hidden_size=SMALLER.head,
    )  # fmt: skip
    torch.manual_seed(6)
    network = transformers.DepthAnythingForDepthEstimation(config).eval()
    for parameter in network.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, 0, 0.05)
        else:
            torch.nn.init.uniform_(parameter, 0.1, 0.5)
    network.save_pretrained(tmp_path)
    return network, tmp_path / "model.safetensors"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of a library that is a yardstick here and nothing more
def test_depth_anything_is_the_one_of_transformers(published):
    theirs, file = published
    ours = DepthAnything(SMALLER).eval()
    assign_weights(ours, map_published_keys(read_tensors(file)), file)
    x = torch.rand(1, 3, 70, 98)  # another grid than the trained one: positions are resized
    with torch.no_grad():
        wanted = theirs(x).predicted_depth
        got = ours(x)[:, 0]
    assert wanted.shape == got.shape == (1, 70, 98)
    assert float(wanted.std()) > 1e-4  # or equality would say nothing
    assert float((got - wanted).abs().max()) <= RELATIVE * float(wanted.abs().max())


def test_queries_keys_and_values_become_one_matrix():
    layer = "backbone.encoder.layer.7.attention.attention"
    tensors = {
        f"{layer}.{part}.weight": torch.full((2, 2), float(value))
        for value, part in enumerate(("query", "key", "value"))
    }
    mapped = map_published_keys(tensors)
    assert list(mapped) == ["backbone.blocks.7.attn.qkv.weight"]
    joined = mapped["backbone.blocks.7.attn.qkv.weight"]
    assert joined[:, 0].tolist() == [0, 0, 1, 1, 2, 2]


def test_weights_of_another_network_are_refused(tmp_path):
    with torch.device("meta"):
        network = torch.nn.Linear(2, 2)
    with pytest.raises(ModelError, match="expected 'bias' and 1 more"):
        assign_weights(network, map_published_keys({}), tmp_path / "other.safetensors")


def test_half_precision_answers_nearly_the_same():
    torch.manual_seed(4)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.GELU(), torch.nn.Conv2d(8, 1, 1)
    )
    x = torch.rand(1, 3, 28, 42).numpy()
    whole = make_reader(network, device="cpu", dtype=torch.float32)(x)
    half = make_reader(network, device="cpu", dtype=torch.float16)(x)
    assert half.dtype == np.float32
    assert half.shape == (1, 1, 28, 42)
    difference = np.abs(half - whole).max()
    assert 0 < difference < 1e-2 * np.abs(whole).max()
