"""Edges of depth: displaced, learnt, and the same in OpenCV as in torch."""

from pathlib import Path

import numpy as np
import pytest
import torch

from parallax.errors import ModelError
from parallax.perceive.card import EMBEDDED, load_card
from parallax.perceive.edge import REACH_PX, EdgeReader, sharpen_edges
from parallax.perceive.training.cutout import paste_cutouts
from parallax.perceive.training.edge_example import REACH_PX as TARGET_REACH_PX
from parallax.perceive.training.edge_example import EdgeExample, cut_along
from parallax.perceive.training.edge_network import EdgeNetwork, displace, fold_edges
from parallax.perceive.training.edges import edge_loss, train_edges
from parallax.perceive.training.sample import Sample, save_sample
from parallax.perceive.weights import load_edges

WHERE = Path("edges.safetensors")
SHAPE = (48, 64)


@pytest.fixture
def network():
    torch.manual_seed(3)
    network = EdgeNetwork().eval()
    torch.nn.init.normal_(network.head.weight, 0, 0.5)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            assert module.running_mean is not None and module.running_var is not None
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
    return network


def arrays_of(network):
    return {name: tensor.numpy() for name, tensor in fold_edges(network).items()}


def step_photo(column=32):
    """Dark to the left of a column, bright from there on, and a depth that changes there slowly."""
    srgb8 = np.full((*SHAPE, 3), 60, np.uint8)
    srgb8[:, column:] = 200
    ramp = np.clip((np.arange(SHAPE[1]) + 0.5 - column) / 12 + 0.5, 0, 1)
    return srgb8, np.broadcast_to(ramp, SHAPE).astype(np.float32).copy()


def test_opencv_answers_as_torch_does(network):
    x = torch.randn(1, 4, 40, 56, generator=torch.Generator().manual_seed(2))
    ours = EdgeReader(arrays_of(network), WHERE)(x.numpy())
    with torch.inference_mode():
        theirs = network(x).numpy()
    assert theirs.std() > 0.5
    assert np.abs(ours - theirs).max() < 1e-4 * REACH_PX


def test_opencv_takes_depth_from_where_torch_does(network):
    srgb8, depth = step_photo()
    reader = EdgeReader(arrays_of(network), WHERE)
    sharp = sharpen_edges(reader, srgb8, depth)
    low, high = np.percentile(depth, (1, 99))
    colours = torch.from_numpy(srgb8.transpose(2, 0, 1)[None] / np.float32(127.5) - 1)
    moved = torch.from_numpy((depth - low) / (high - low)).float()[None, None]
    with torch.inference_mode():
        moved = displace(moved, network(torch.cat([colours, moved], 1)))
    # OpenCV looks up at 32nds of a pixel
    assert np.abs(sharp - (moved[0, 0].numpy() * (high - low) + low)).mean() < 0.01


def test_a_network_that_has_learnt_nothing_changes_nothing():
    network = EdgeNetwork().eval()
    torch.nn.init.zeros_(network.head.weight)
    srgb8, depth = step_photo()
    reader = EdgeReader(arrays_of(network), WHERE)
    assert np.array_equal(sharpen_edges(reader, srgb8, depth), depth)


def test_no_depth_is_invented(network):
    rng = np.random.default_rng(4)
    srgb8 = rng.integers(0, 256, (50, 70, 3), dtype=np.uint8)  # no multiples of anything
    depth = rng.random((50, 70), np.float32)
    sharp = sharpen_edges(EdgeReader(arrays_of(network), WHERE), srgb8, depth)
    assert sharp.shape == depth.shape
    assert depth.min() <= sharp.min() and sharp.max() <= depth.max()


@pytest.mark.weights
def test_the_released_network_makes_a_step_of_a_ramp_where_the_photo_has_one():
    reader = load_edges(load_card(EMBEDDED))
    assert reader is not None
    srgb8 = np.full((256, 320, 3), 60, np.uint8)
    srgb8[:, 150:] = 200
    ramp = np.clip((np.arange(320) + 0.5 - 146) / 14 + 0.5, 0, 1)  # and lies beside it
    depth = np.broadcast_to(ramp, (256, 320)).astype(np.float32)
    sharp = sharpen_edges(reader, srgb8, depth)[40:216]
    assert np.abs(np.diff(depth)).max() < 0.08
    assert np.median(np.abs(np.diff(sharp)).max(1)) > 0.4
    assert np.abs(np.abs(np.diff(sharp)).argmax(1) - 149).mean() < 2


def test_weights_of_another_shape_are_refused(network):
    arrays = arrays_of(network)
    arrays["edge.head.bias"] = arrays["edge.head.bias"][:5]
    with pytest.raises(ModelError, match=r"edge.head.bias: expected the shape \(8,\), got \(5,\)"):
        EdgeReader(arrays, WHERE)


def test_a_missing_weight_is_named(network):
    arrays = arrays_of(network)
    del arrays["edge.narrow.1.weight"]
    with pytest.raises(ModelError, match=r"edges.safetensors: expected 'edge.narrow.1.weight'"):
        EdgeReader(arrays, WHERE)


def test_an_answer_is_cut_along_the_true_edge():
    _, soft = step_photo(30)  # off by two pixels
    truth = np.zeros(SHAPE, np.float32)
    truth[:, 32:] = 1
    target, from_edge_px = cut_along(soft, truth, np.ones(SHAPE, bool))
    assert (np.abs(np.diff(target)).argmax(1) == 31).all()
    assert np.abs(np.diff(target)).max() > 0.6
    assert from_edge_px[0, 31] == from_edge_px[0, 32] == 0
    far = from_edge_px > TARGET_REACH_PX
    assert np.array_equal(target[far], soft[far])


def test_where_nothing_is_known_the_answer_is_kept():
    _, soft = step_photo()
    known = np.zeros(SHAPE, bool)
    target, _ = cut_along(soft, np.zeros(SHAPE, np.float32), known)
    assert np.array_equal(target, soft)


def test_displaced_depth_is_that_of_the_place_pointed_at():
    depth = torch.arange(64.0).repeat(1, 1, 48, 1)
    moved = torch.zeros(1, 2, 48, 64)
    moved[:, 0] = 3.5
    found = displace(depth, moved)
    assert torch.allclose(found[..., :-4], depth[..., :-4] + 3.5, atol=1e-3)
    assert torch.allclose(found[..., -4:], torch.tensor(63.0), atol=1e-3)


def example(column):
    """A ramp that should be a step."""
    srgb8, soft = step_photo(column)
    step = np.broadcast_to((np.arange(SHAPE[1]) >= column).astype(np.float32), SHAPE)
    return EdgeExample(srgb8, soft, step.copy(), np.ones(SHAPE, np.float32))


def test_what_is_learnt_makes_steps_of_ramps():
    torch.manual_seed(1)
    examples = [example(column) for column in (24, 32, 40)]
    colours = torch.from_numpy(
        np.stack([e.srgb8.transpose(2, 0, 1) for e in examples]) / np.float32(127.5) - 1
    )
    planes = [
        torch.from_numpy(np.stack([getattr(e, name)[None] for e in examples]))
        for name in ("answer", "target", "weight")
    ]
    network = EdgeNetwork()
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    losses = []
    for _ in range(40):
        loss = edge_loss(network, colours, *planes, twice=False)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.6 * losses[0]


def test_training_ends_in_time_with_weights_that_can_be_run():
    torch.manual_seed(1)
    trained = train_edges({"scene": [example(32)]}, np.random.default_rng(0), minutes=0.005)
    assert not trained.training
    EdgeReader(arrays_of(trained), WHERE)


def test_cutouts_stand_where_their_number_says(tmp_path):
    rng = np.random.default_rng(5)
    for k in range(3):
        probability = np.zeros((24, 32, 7), np.uint8)
        probability[8:, :, 4] = 255  # people below
        probability[:8, :, 1] = 255  # sky above
        sample = Sample(
            srgb8=np.full((48, 64, 3), 60 + 80 * k, np.uint8),
            log_disparity=np.zeros((24, 32), np.float16),
            probability=probability,
            feature=np.zeros((3, 4, 2), np.int8),
            confidence=1.0,
        )
        save_sample(tmp_path / f"train_{k}.npz", sample)
    paths = sorted(tmp_path.glob("*.npz"))
    seen = set()
    for _ in range(10):
        srgb8, layer = paste_cutouts(rng, paths, num_layers=2)
        assert srgb8.shape == (48, 64, 3) and layer.shape == (48, 64)
        seen |= set(np.unique(layer))
    assert seen == {0.0, 1.0, 2.0}
