"""Cutting triangles: the surface stays, the edges get short, no gap opens."""

from collections import Counter

import numpy as np

from parallax.gpu.motion_mesh import cut_long_edges
from parallax.scene import Mesh

ONE = np.ones(2)


def slope(num):
    """A square grid of num × num quads on a plane that recedes, uv as a camera at 0 sees it."""
    y, x = np.mgrid[0 : num + 1, 0 : num + 1].reshape(2, -1) / num
    z = 1 + 2 * x + y
    positions = np.stack([(x - 0.5) * z, (0.5 - y) * z, -z], -1)
    corner = (np.arange(num)[:, None] * (num + 1) + np.arange(num)).ravel()
    upper = np.stack([corner, corner + num + 1, corner + 1], -1)
    lower = np.stack([corner + 1, corner + num + 1, corner + num + 2], -1)
    triangles = np.concatenate([upper, lower]).astype(np.uint32)
    uv = np.stack([x, y], -1)
    return Mesh(positions.astype(np.float32), uv.astype(np.float32), triangles, len(triangles) - 3)


def area_uv(mesh):
    a, b, c = (mesh.uv[mesh.triangles[:, k]].astype(float) for k in range(3))
    return ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2


def test_each_triangle_is_cut_into_parts_that_cover_it():
    mesh = slope(4)
    chosen = np.random.default_rng(0).random(len(mesh.triangles)) < 0.4
    cut, part_of = cut_long_edges(mesh, chosen, scale=ONE, longest=0.06)
    assert (np.diff(part_of) >= 0).all()
    assert cut.num_opaque == (part_of < mesh.num_opaque).sum()
    assert np.allclose(np.bincount(part_of, area_uv(cut)), area_uv(mesh), atol=1e-6)
    assert (np.sign(area_uv(cut)) == np.sign(area_uv(mesh))[part_of]).all()


def test_chosen_edges_get_short_and_others_stay():
    mesh = slope(4)
    chosen = np.arange(len(mesh.triangles)) == 5
    cut, part_of = cut_long_edges(mesh, chosen, scale=ONE, longest=0.06)
    corners = cut.uv[cut.triangles]
    lengths = np.linalg.norm(corners - np.roll(corners, 1, 1), axis=-1).max(1)
    assert lengths[part_of == 5].max() <= 0.06
    assert (np.bincount(part_of) == 1).sum() == len(mesh.triangles) - 4  # it and three beside it


def test_no_vertex_lies_on_the_edge_of_a_triangle_that_lacks_it():
    mesh = slope(3)
    chosen = np.random.default_rng(1).random(len(mesh.triangles)) < 0.5
    cut, _ = cut_long_edges(mesh, chosen, scale=ONE, longest=0.1)
    edges = np.sort(np.stack([cut.triangles, np.roll(cut.triangles, 1, 1)], -1), -1).reshape(-1, 2)
    shared = Counter(map(tuple, edges.tolist()))
    for (a, b), count in shared.items():
        on_border = (np.isin(cut.uv[[a, b]], (0, 1)).all(0)).any()
        assert count == (1 if on_border else 2)


def test_a_new_vertex_is_where_a_camera_sees_it():
    mesh = slope(2)
    cut, _ = cut_long_edges(mesh, np.ones(len(mesh.triangles), bool), scale=ONE, longest=0.1)
    x, y, z = cut.positions_su.T
    seen = np.stack([x / -z + 0.5, 0.5 - y / -z], -1)
    assert len(cut.uv) > len(mesh.uv)
    assert np.abs(seen - cut.uv).max() < 1e-6
