import time
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from parallax.errors import ModelError
from parallax.label_map import LABELS
from parallax.perceive.training import start
from parallax.perceive.training.augment import augment, paste_shapes, vary_light
from parallax.perceive.training.batch import CropParams, Cropper, coarsen
from parallax.perceive.training.calibrate import find_bias
from parallax.perceive.training.checkpoint import meet_peer
from parallax.perceive.training.loss import LossWeights, measure_loss, normalise
from parallax.perceive.training.muon import Muon, orthogonalise
from parallax.perceive.training.network import NetworkParams, fold_norms
from parallax.perceive.training.sample import Sample, load_sample, save_sample
from parallax.perceive.training.start import fit_map, start_encoder, start_from
from parallax.perceive.training.trainer import (
    LEVEL_UNTIL,
    Stage,
    Trainer,
    TrainParams,
    rate_share,
    train,
)

TINY = TrainParams(
    stages=(Stage(0.0, 32, 4),),
    network=NetworkParams(stem=8, stages=(8, 8, 12, 12, 16, 16, 24), decoder=(24, 16, 12, 8, 8)),
)
NUM_FEATURES = 5


@pytest.fixture(autouse=True)
def one_thread():
    """Threads of a network this small wait for one another, and for other tests' threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def synthetic_sample(seed, *, measured=False):
    """A coloured disc, near, before a slope; the disc is a person, the rest is ground."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:48, :64].astype(np.float32)
    disc = (x - rng.uniform(16, 48)) ** 2 + (y - 24) ** 2 < 144
    srgb8 = np.where(disc[..., None], rng.integers(256, size=3), (y * 5)[..., None]).astype(
        np.uint8
    )
    log_disparity = np.where(disc, 2, y / 48).astype(np.float16)
    if measured:
        log_disparity[:, :5] = np.nan
    probability = np.zeros((24, 32, len(LABELS)), np.uint8)
    probability[..., LABELS.index("person")] = disc[::2, ::2] * 255
    probability[..., LABELS.index("ground")] = 255 - disc[::2, ::2] * 255
    feature = np.repeat(disc[::16, ::16, None] * 60, NUM_FEATURES, axis=-1).astype(np.int8)
    return Sample(srgb8, log_disparity, probability, feature, 0.8)


@pytest.fixture
def cropper():
    guessed = [synthetic_sample(seed) for seed in range(4)]
    return Cropper(guessed, [synthetic_sample(9, measured=True)], seed=3)


def make_trainer(cropper):
    return Trainer(cropper, num_features=NUM_FEATURES, params=TINY)


def test_going_on_has_no_coarse_beginning():
    params = TrainParams().going_on()
    assert [params.stage_at(progress).coarse for progress in (0, 0.5, 1)] == [False] * 3
    assert params.stage_at(0).sides_px == TrainParams().stages[-1].sides_px
    assert params.peak_rate < TrainParams().peak_rate


def test_a_sample_comes_back_from_its_file(tmp_path):
    sample = synthetic_sample(1, measured=True)
    save_sample(tmp_path / "a.npz", sample)
    loaded = load_sample(tmp_path / "a.npz")
    assert np.array_equal(loaded.srgb8, sample.srgb8)
    assert np.array_equal(loaded.log_disparity, sample.log_disparity, equal_nan=True)
    assert loaded.confidence == sample.confidence
    assert list(tmp_path.iterdir()) == [tmp_path / "a.npz"]


def test_a_batch_is_a_function_of_seed_and_step(cropper):
    params = CropParams(sides_px=32, num=3)
    first, again, other = (cropper.cut(step, params=params) for step in (7, 7, 8))
    assert torch.equal(first.srgb, again.srgb)
    assert torch.equal(first.feature, again.feature)
    assert first.srgb.shape != other.srgb.shape or not torch.equal(first.srgb, other.srgb)


def test_photo_depth_and_labels_of_a_crop_show_the_same_place():
    cropper = Cropper([synthetic_sample(2)], [], seed=1)
    for step in range(5):
        batch = cropper.cut(step, params=CropParams(sides_px=64, num=2))
        near = torch.nn.functional.avg_pool2d((batch.log_disparity > 1.5).float(), 2)
        person = batch.probability[:, [LABELS.index("person")]]
        assert float((near - person).abs().mean()) < 0.06


def test_unknown_depth_does_not_count(cropper):
    only_measured = Cropper([], [synthetic_sample(9, measured=True)], seed=1)
    batch = only_measured.cut(0, params=CropParams(sides_px=64, num=4, whole_share=1))
    assert 0 < float(batch.known.mean()) < 1
    assert torch.isfinite(batch.log_disparity).all()


def test_a_scene_without_labels_teaches_depth_only():
    sample = synthetic_sample(2)
    bare = replace(
        sample,
        probability=np.zeros_like(sample.probability),
        feature=np.zeros_like(sample.feature),
    )
    batch = Cropper([], [bare], seed=1).cut(0, params=CropParams(sides_px=64, num=2))
    assert float(batch.known.min()) == 1
    assert float(batch.labelled.max()) == 0
    assert float(batch.featured.max()) == 0


def test_light_varies_within_zero_and_one():
    srgb = torch.rand(4, 3, 32, 32)
    varied = vary_light(srgb, torch.Generator().manual_seed(0))
    assert 0 <= float(varied.min()) <= float(varied.max()) <= 1
    assert float((varied - srgb).abs().mean()) > 0.01


def test_a_pasted_shape_is_nearer_than_all_it_hides(cropper):
    batch = cropper.cut(0, params=CropParams(sides_px=64, num=8))
    pasted = paste_shapes(batch, torch.Generator().manual_seed(1), pasted_share=1.0)
    changed = (pasted.log_disparity != batch.log_disparity) & (batch.known > 0)
    assert changed.any()
    assert (pasted.log_disparity[changed] > batch.log_disparity[changed]).all()
    assert float(pasted.labelled.mean()) < 1


def test_no_share_pastes_nothing(cropper):
    batch = cropper.cut(0, params=CropParams(sides_px=32, num=4))
    pasted = paste_shapes(batch, torch.Generator().manual_seed(1), pasted_share=0.0)
    assert torch.equal(pasted.srgb, batch.srgb)
    assert torch.equal(pasted.log_disparity, batch.log_disparity)


def test_a_perfect_answer_in_other_units_has_no_depth_loss(cropper):
    batch = cropper.cut(1, params=CropParams(sides_px=32, num=4, measured_share=0))
    logits = batch.probability.clamp_min(1e-4).log()
    perfect = (batch.log_disparity * 3 + 7, logits, batch.feature)
    parts = measure_loss(perfect, batch, LossWeights())
    for name in ("depth", "gradient", "label", "feature"):
        assert float(parts[name]) < 1e-3, name
    assert float(parts["span"]) > 0.1  # three times the range is told apart


def test_normalised_depth_knows_neither_scale_nor_shift():
    value, known = torch.rand(2, 1, 32, 32), torch.ones(2, 1, 32, 32)
    assert torch.allclose(normalise(value, known), normalise(5 * value - 2, known), atol=1e-4)


def test_nothing_known_is_no_loss_and_no_nan(cropper):
    batch = cropper.cut(1, params=CropParams(sides_px=32, num=2))
    blind = replace(batch, known=torch.zeros_like(batch.known))
    outputs = (torch.rand_like(batch.srgb[:, :1]), batch.probability, batch.feature)
    parts = measure_loss(outputs, blind, LossWeights())
    assert float(parts["depth"]) == 0
    assert torch.isfinite(parts["total"])


def test_the_loss_goes_down(cropper):
    trainer = make_trainer(cropper)
    batch = trainer.make_batch(0, 0.0)
    losses = [trainer.take_step(batch, 0.05)["total"] for _ in range(40)]
    assert losses[-1] < 0.7 * losses[0]


def test_a_resumed_training_is_the_one_that_was_not_interrupted(cropper, tmp_path):
    whole, first = make_trainer(cropper), make_trainer(cropper)
    for step in range(4):
        whole.take_step(whole.make_batch(step, 0.1), 0.1)
        if step < 2:
            first.take_step(first.make_batch(step, 0.1), 0.1)
    first.save(tmp_path / "checkpoint.safetensors")
    resumed = make_trainer(cropper)
    resumed.resume(tmp_path / "checkpoint.safetensors")
    for step in range(resumed.step_index, 4):
        resumed.take_step(resumed.make_batch(step, 0.1), 0.1)
    for ours, theirs in ((resumed.student, whole.student), (resumed.average, whole.average)):
        for name, tensor in theirs.state_dict().items():
            assert torch.equal(ours.state_dict()[name], tensor), name


def test_two_trainings_that_meet_come_closer(cropper, tmp_path):
    students = [make_trainer(cropper).student for _ in range(2)]
    with torch.no_grad():
        students[1].teacher_from_student.bias.add_(1)
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    meet_peer(students[0], folders[0], folders[1])  # alone: nothing to meet
    before = students[0].teacher_from_student.bias.clone()
    meet_peer(students[1], folders[1], folders[0])
    assert torch.allclose(students[1].teacher_from_student.bias, before + 0.5)


def test_the_learning_rate_rises_stays_and_falls():
    shares = np.array([rate_share(p) for p in np.linspace(0, 1, 101)])
    level = round(100 * LEVEL_UNTIL)
    assert (np.diff(shares[:3]) > 0).all()
    assert shares[2 : level + 1] == pytest.approx(1)
    assert (np.diff(shares[level:]) < 0).all()
    assert shares[-1] == pytest.approx(0.01)


def test_waiting_uses_up_no_schedule(cropper, tmp_path):
    trainer = Trainer(cropper, num_features=NUM_FEATURES, params=replace(TINY, minutes=1e-3))
    seen_s = []

    def wait(step, parts):
        time.sleep(0.02)
        seen_s.append(trainer.seconds)

    started_s = time.monotonic()
    train(trainer, tmp_path / "checkpoint.safetensors", on_step=wait)
    assert seen_s[-1] >= 0.06
    assert time.monotonic() - started_s > len(seen_s) * 0.02


def test_orthogonalised_directions_are_about_equally_long():
    # Singular values 3, 1 and 0.2 along known axes: the axes stay, the lengths become about 1
    rng = np.random.default_rng(0)
    left, right = (torch.from_numpy(np.linalg.qr(rng.normal(size=(n, n)))[0]) for n in (3, 5))
    matrix = left @ torch.diag(torch.tensor([3.0, 1.0, 0.2], dtype=torch.float64)) @ right[:3]
    for given, along, across in ((matrix, left, right[:3].T), (matrix.T, right[:3].T, left)):
        lengths = along.T @ orthogonalise(given) @ across
        assert torch.allclose(lengths, torch.diag(lengths.diagonal()), atol=1e-6)
        assert (lengths.diagonal() > 0.6).all()
        assert (lengths.diagonal() < 1.3).all()


def test_a_step_is_as_long_as_the_rate_says():
    weight = torch.nn.Parameter(torch.zeros(4, 2, 3, 3))
    optimizer = Muon([weight], lr=0.1, weight_decay=0.0)
    weight.grad = torch.randn(weight.shape, generator=torch.Generator().manual_seed(0)) * 1e-3
    optimizer.step()
    # 4 singular values of about 1 on 4 x 18 weights, times 0.2 sqrt(18)
    assert float(weight.detach().norm()) == pytest.approx(0.1 * 0.2 * 18**0.5 * 2, rel=0.3)
    assert float((weight.detach() * weight.grad).sum()) < 0


def test_coarse_targets_are_means_of_what_is_known(cropper):
    batch = cropper.cut(0, params=CropParams(sides_px=32, num=2, measured_share=0))
    known = torch.zeros_like(batch.known)
    known[:, :, :, :6] = 1  # three quarters of the first column of squares
    coarse = coarsen(replace(batch, known=known), 8)
    assert coarse.known.shape[2:] == tuple(side // 8 for side in batch.known.shape[2:])
    assert (coarse.known[..., 0] == 1).all()
    assert (coarse.known[..., 1:] == 0).all()
    expected = batch.log_disparity[0, 0, :8, :6].mean()
    assert float(coarse.log_disparity[0, 0, 0, 0]) == pytest.approx(float(expected), abs=1e-5)
    assert torch.allclose(coarse.probability.sum(1), torch.ones(()))


def test_a_coarse_stage_teaches_the_decoder_but_not_its_finest_levels(cropper):
    stages = (Stage(0.0, 64, 4, coarse=True), Stage(0.5, 32, 4))
    params = replace(TINY, stages=stages)
    trainer = Trainer(cropper, num_features=NUM_FEATURES, params=params)
    weights = dict(trainer.student.network.decoder.fuse.named_parameters())
    watched = [weights[f"{level}.conv.weight"] for level in range(4)]
    for progress, learnt in ((0.1, [True, True, False, False]), (0.6, [True] * 4)):
        before = [weight.detach().clone() for weight in watched]
        trainer.take_step(trainer.make_batch(0, progress), progress)
        moved = [not torch.equal(a, b) for a, b in zip(before, watched, strict=True)]
        assert moved == learnt


def test_photos_of_rare_labels_are_cut_more_often():
    rare, common = synthetic_sample(0), synthetic_sample(1)
    rare.probability[...] = np.eye(len(LABELS), dtype=np.uint8)[LABELS.index("water")] * 255
    common.probability[...] = np.eye(len(LABELS), dtype=np.uint8)[0] * 255
    cropper = Cropper([rare] + 9 * [common], [], seed=0)
    # A tenth and nine tenths count by one over their roots: 0.1 / sqrt 0.1 to 0.9 / sqrt 0.9
    params = CropParams(sides_px=32, num=300)
    water = cropper.cut(0, params=params).probability[:, LABELS.index("water")].mean()
    assert float(water) == pytest.approx(0.25, abs=0.07)


def test_augmenting_keeps_the_shapes(cropper):
    batch = cropper.cut(0, params=CropParams(sides_px=32, num=4))
    augmented = augment(batch, torch.Generator().manual_seed(0), pasted_share=0.5)
    for name in ("srgb", "log_disparity", "known", "labelled", "featured"):
        assert getattr(augmented, name).shape == getattr(batch, name).shape


def test_a_rare_label_that_is_drowned_is_found_again():
    rng = np.random.default_rng(0)
    truth = (rng.random(4000) < 0.1).astype(np.intp)
    logits = rng.normal(0, 0.7, (4000, 2)).astype(np.float32)
    logits[:, 0] += 3  # said everywhere, out of habit
    logits[truth == 1, 1] += 2.5
    bias = find_bias(logits, truth)
    hits = [float(((logits + b).argmax(1)[truth == 1] == 1).mean()) for b in (0, bias)]
    assert hits[1] > hits[0] + 0.3


def test_good_logits_need_no_bias():
    truth = np.arange(3000, dtype=np.intp) % 3
    assert (find_bias(np.eye(3, dtype=np.float32)[truth] * 5, truth) == 0).all()


def release(trainer, path):
    folded = fold_norms(deepcopy(trainer.student.network).eval())
    save_file({name: tensor.contiguous() for name, tensor in folded.state_dict().items()}, path)
    return folded


def test_a_missing_encoder_comes_with_advice(cropper, monkeypatch):
    monkeypatch.setattr(start, "ENCODER_PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match=r"no_such_package: .*run: pip install"):
        start_encoder(make_trainer(cropper))


def test_another_encoder_than_the_known_one_is_not_read(cropper, monkeypatch, tmp_path):
    file = tmp_path / "other_encoder" / start.ENCODER_FILE
    file.parent.mkdir(parents=True)
    file.write_bytes(b"not the tensors we know")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(start, "ENCODER_PACKAGE", "other_encoder")
    with pytest.raises(ModelError, match=r"expected SHA-256 579344\S+, got "):
        start_encoder(make_trainer(cropper))


def test_a_started_training_answers_as_the_released_weights_do(cropper, tmp_path):
    released = make_trainer(cropper)
    for step in range(6):
        released.take_step(released.make_batch(step, 0.1), 0.1)
    folded = release(released, tmp_path / "released.safetensors")
    started = make_trainer(cropper)
    start_from(started, tmp_path / "released.safetensors", 3)

    srgb = torch.rand(2, 3, 64, 64)
    for ours, theirs in zip(started.average.network.eval()(srgb), folded(srgb), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-3)
    again = fold_norms(started.student.network.eval())
    for ours, theirs in zip(again(srgb), folded(srgb), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-3)


def test_norms_of_a_start_are_those_of_the_crops(cropper, tmp_path):
    released = make_trainer(cropper)
    release(released, tmp_path / "released.safetensors")
    started = make_trainer(cropper)
    start_from(started, tmp_path / "released.safetensors", 3)
    # With statistics of the batch in place of the running ones, nearly the same answer
    batch = started.make_batch(5, 0.0)
    evaluated = started.student.eval()(batch.srgb)[0].detach()
    trained = started.student.train()(batch.srgb)[0].detach()
    assert float((trained - evaluated).abs().mean() / evaluated.std()) < 0.3


def test_the_map_to_the_teachers_features_is_the_best_there_is():
    x = torch.randn(384, 4, generator=torch.Generator().manual_seed(0))
    wanted = torch.nn.Conv2d(4, 3, 1)
    fitted = torch.nn.Conv2d(4, 3, 1)
    with torch.no_grad():
        y = wanted(x[:, :, None, None])[:, :, 0, 0]
        fit_map(fitted, [x[:100], x[100:]], [y[:100], y[100:]])
    assert torch.allclose(fitted.weight, wanted.weight, atol=1e-2)
    assert fitted.bias is not None and wanted.bias is not None
    assert torch.allclose(fitted.bias, wanted.bias, atol=1e-2)
