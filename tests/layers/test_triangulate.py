"""Triangles: they cover the squares once, face the camera, and meet without cracks."""

from collections import Counter

import numpy as np
import pytest

from parallax.camera import MIN_INV_DEPTH, Intrinsics
from parallax.layers.quadtree import grow_squares, measure_misfit
from parallax.layers.triangulate import triangulate

INTRINSICS = Intrinsics((150, 100), 120.0)
WHOLE = (0.0, 0.0, 1.0, 1.0)


def rough_squares(seed, width=150, height=100, tolerance=0.08):
    rng = np.random.default_rng(seed)
    field = np.zeros((height, width), np.float32)
    for _ in range(6):
        y, x = rng.integers(0, height), rng.integers(0, width)
        field[y : y + 9, x : x + 9] += rng.uniform(0.2, 1)
    field += 0.5
    misfit = measure_misfit(field, np.ones(field.shape, np.bool_))
    return field, grow_squares(misfit, {}, size_wh=(width, height), tolerance=tolerance)


def whole_mesh(field, squares, **options):
    chosen = np.ones(len(squares.x_px), np.bool_)
    return triangulate(squares, chosen, field, window_uv=WHOLE, intrinsics=INTRINSICS, **options)


def signed_areas(mesh):
    a, b, c = (mesh.uv[mesh.triangles[:, i]].astype(float) for i in range(3))
    (bx, by), (cx, cy) = (b - a).T, (c - a).T
    return (bx * cy - cx * by) / 2


@pytest.mark.parametrize("seed", range(5))
def test_triangles_cover_the_map_once(seed):
    field, squares = rough_squares(seed)
    mesh = whole_mesh(field, squares)
    assert len(np.unique(squares.side_px)) > 2
    assert np.abs(signed_areas(mesh)).sum() == pytest.approx(1, abs=1e-5)


def test_triangles_face_the_photos_camera():
    mesh = whole_mesh(*rough_squares(0))
    a, b, c = (mesh.positions_su[mesh.triangles[:, i]].astype(float) for i in range(3))
    outward = np.cross(b - a, c - a)
    assert (np.einsum("ij,ij->i", outward, a) < 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_every_inner_edge_is_shared_by_two_triangles(seed):
    mesh = whole_mesh(*rough_squares(seed))
    edges = np.concatenate([mesh.triangles[:, [i, (i + 1) % 3]] for i in range(3)])
    count = Counter(map(tuple, np.sort(edges, 1).tolist()))
    for (one, other), times in count.items():
        uv = mesh.uv[[one, other]]
        on_border = any(
            (np.abs(uv[:, axis] - side) < 1e-6).all() for axis in (0, 1) for side in (0, 1)
        )
        assert times == (1 if on_border else 2)


def test_vertices_lie_on_the_rays_of_the_photo():
    field, squares = rough_squares(1)
    mesh = whole_mesh(field, squares)
    x, y, z = mesh.positions_su.astype(float).T
    u = 0.5 + x / -z * INTRINSICS.focal_px / INTRINSICS.size_wh[0]
    v = 0.5 - y / -z * INTRINSICS.focal_px / INTRINSICS.size_wh[1]
    np.testing.assert_allclose(np.stack([u, v], -1), mesh.uv, atol=1e-5)
    assert (1 / -z >= field.min() - 1e-5).all()
    assert (1 / -z <= field.max() + 1e-5).all()


def test_a_window_places_the_mesh_past_the_photo():
    field, squares = rough_squares(2)
    chosen = np.ones(len(squares.x_px), np.bool_)
    window_uv = (-0.25, -0.1, 1.25, 1.1)
    mesh = triangulate(squares, chosen, field, window_uv=window_uv, intrinsics=INTRINSICS)
    assert mesh is not None
    x, _, z = mesh.positions_su.astype(float).T
    u = 0.5 + x / -z * INTRINSICS.focal_px / INTRINSICS.size_wh[0]
    assert u.min() == pytest.approx(-0.25, abs=1e-5)
    assert u.max() == pytest.approx(1.25, abs=1e-5)


def test_the_sky_stands_at_a_finite_distance():
    _, squares = rough_squares(3)
    mesh = whole_mesh(np.zeros((100, 150), np.float32), squares)
    np.testing.assert_allclose(mesh.positions_su[:, 2], -1 / MIN_INV_DEPTH)


def test_opaque_triangles_are_counted_and_blended_ones_come_from_far_to_near():
    field, squares = rough_squares(4)
    opaque, blended = whole_mesh(field, squares), whole_mesh(field, squares, blended=True)
    assert opaque.num_opaque == len(opaque.triangles)
    flattened = squares.num_triangles.sum() - len(opaque.triangles)  # at the map's border
    assert 0 <= flattened < 20
    assert blended.num_opaque == 0
    inverse = 1 / -blended.positions_su[blended.triangles][..., 2].mean(1)
    nearness = (1 / -blended.positions_su[:, 2])[blended.triangles].mean(1)
    assert (np.diff(nearness) >= -1e-6).all()
    assert inverse[0] < inverse[-1]


def test_no_squares_make_no_mesh():
    field, squares = rough_squares(0)
    nothing = np.zeros(len(squares.x_px), np.bool_)
    assert triangulate(squares, nothing, field, window_uv=WHOLE, intrinsics=INTRINSICS) is None


def step_mesh(**options):
    """A step of 0.5 in squares that are too large for it."""
    field = np.full((64, 64), 0.3, np.float32)
    field[:, 20:] = 0.8
    flat = {side: np.zeros_like(m) for side, m in measure_misfit(field, field > 9).items()}
    limits = {8: {side: np.ones_like(m) for side, m in flat.items()}}
    squares = grow_squares(flat, limits, size_wh=(64, 64), tolerance=1.0)
    return whole_mesh(field, squares, blended=True, **options)


def depth_span(mesh):
    return np.ptp(1 / -mesh.positions_su[:, 2][mesh.triangles], axis=1)


def test_triangles_between_two_surfaces_are_torn_off_and_level():
    assert depth_span(step_mesh()).max() == pytest.approx(0.5, abs=0.01)
    torn = step_mesh(steepest_inv_of_px=0.01)
    assert depth_span(torn).max() < 0.01 * 8
    assert len(torn.triangles) == len(step_mesh().triangles)


def test_torn_triangles_still_cover_the_map_once_from_the_photos_camera():
    torn = step_mesh(steepest_inv_of_px=0.01)
    assert signed_areas(torn).sum() == pytest.approx(signed_areas(step_mesh()).sum(), abs=1e-6)


def test_what_lies_beneath_closes_the_cracks_between_torn_triangles():
    whole, torn = step_mesh(), step_mesh(steepest_inv_of_px=0.01)
    closed = step_mesh(steepest_inv_of_px=0.01, closed=True)
    num_steep = int((depth_span(whole) > 0.08).sum())
    assert len(closed.triangles) == len(torn.triangles) + num_steep
    assert depth_span(closed).max() <= 0.01 * 8 + 1e-6  # no steeper than they may be
    farthest = (1 / -closed.positions_su[:, 2])[closed.triangles].min(1)
    assert (np.abs(farthest - 0.99 * 0.3) < 1e-4).sum() == num_steep


def test_gentle_triangles_stay_joined():
    assert len(step_mesh(steepest_inv_of_px=0.1).uv) == len(step_mesh().uv)
