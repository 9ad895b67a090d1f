"""Triangles cut until what passes over them can be told at their corners."""

import numpy as np
from numpy.typing import NDArray

from parallax.scene import Mesh

MOST_CUTS = 6  # each halves the edges


def cut_long_edges(
    mesh: Mesh, chosen: NDArray[np.bool_], *, scale: NDArray[np.float64], longest: float
) -> tuple[Mesh, NDArray[np.intp]]:
    """The same surface with shorter edges where they are asked for.

    An edge is cut for all triangles that share it, so that no gap opens; the uv of its middle is
    what a camera sees there.

    Args:
        mesh: To cut.
        chosen: (T,), the triangles to be made small.
        scale: (2,), what turns uv into lengths.
        longest: Edge that may stay.

    Returns:
        The mesh, its first vertices those of the old one; and (T',) which triangle each one is
        a part of, in ascending order.
    """
    positions, uv = mesh.positions_su, mesh.uv
    triangles, part_of = mesh.triangles.astype(np.intp), np.arange(len(mesh.triangles))
    for _ in range(MOST_CUTS):
        edges = np.sort(np.stack([triangles, np.roll(triangles, -1, 1)], -1), -1)  # (T, 3, 2)
        keys = edges[..., 0] * len(uv) + edges[..., 1]
        lengths = np.linalg.norm((uv[edges[..., 0]] - uv[edges[..., 1]]) * scale, axis=-1)
        too_long = np.unique(keys[(lengths > longest) & chosen[part_of][:, None]])
        if not len(too_long):
            break
        first, second = np.divmod(too_long, len(uv))
        z = -positions[:, 2:]
        middle_uv = (uv[first] * z[first] + uv[second] * z[second]) / (z[first] + z[second])
        at = np.searchsorted(too_long, keys).clip(max=len(too_long) - 1)
        middles = np.where(too_long[at] == keys, at + len(uv), -1)  # (T, 3)
        positions = np.concatenate([positions, (positions[first] + positions[second]) / 2])
        uv = np.concatenate([uv, middle_uv])
        triangles, parent = _cut(triangles, middles)
        part_of = part_of[parent]
    num_opaque = int(np.count_nonzero(part_of < mesh.num_opaque))
    cut = Mesh(
        positions.astype(np.float32), uv.astype(np.float32), triangles.astype(np.uint32), num_opaque
    )
    return cut, part_of


def _cut(
    triangles: NDArray[np.intp], middles: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(T', 3) and (T',): the parts of triangles, and whose they are.

    Args:
        triangles: (T, 3).
        middles: (T, 3), the vertex in the middle of the edge that each corner begins; -1 for none.
    """
    # Turned so that the edges that are cut come first
    is_cut = middles >= 0
    number = is_cut.sum(1)
    turn = np.where(number == 1, is_cut.argmax(1), np.where(number == 2, is_cut.argmin(1) + 1, 0))
    order = (turn[:, None] + np.arange(3)) % 3
    a, b, c = np.take_along_axis(triangles, order, 1).T
    ab, bc, ca = np.take_along_axis(middles, order, 1).T
    parts = {
        0: ((a, b, c),),
        1: ((a, ab, c), (ab, b, c)),
        2: ((a, ab, bc), (ab, b, bc), (a, bc, c)),
        3: ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)),
    }
    found, parents = [], []
    for count, shapes in parts.items():
        rows = np.flatnonzero(number == count)
        for corners in shapes:
            found.append(np.stack([corner[rows] for corner in corners], -1))
            parents.append(rows)
    parent = np.concatenate(parents)
    in_order = np.argsort(parent, kind="stable")
    return np.concatenate(found)[in_order], parent[in_order]
