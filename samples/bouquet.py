"""The flowers and the fruit of `still_life`."""

import numpy as np
from numpy.typing import NDArray

from samples.flowers import (
    bowed,
    flower_head,
    leaf,
    leafy_branch,
    lemon,
    round_fruit,
    stem,
    upright,
)
from samples.mesh import Mesh, join, tube
from samples.place import one_at
from samples.setting import Batch

# Where heads and tips are against the vase's neck, m
# fmt: off
DAISIES = [
    (-0.115, 0.150, 0.045), (-0.030, 0.215, 0.03), (0.055, 0.165, 0.085), (0.125, 0.225, -0.01),
    (0.02, 0.115, 0.11), (-0.085, 0.245, -0.05), (0.150, 0.125, 0.055), (0.005, 0.27, 0.0),
    (-0.075, 0.09, 0.09), (0.09, 0.105, 0.10),
]
COSMOS = [
    (-0.155, 0.225, 0.0), (0.065, 0.275, -0.03), (0.195, 0.195, 0.01), (-0.045, 0.135, 0.105),
    (0.095, 0.16, 0.10),
]
TWIG_TIPS = [
    (-0.215, 0.150, -0.03), (0.205, 0.225, -0.06), (-0.07, 0.255, -0.075), (0.235, 0.07, 0.05),
    (-0.15, 0.045, 0.10), (0.02, 0.20, 0.05), (-0.12, 0.25, 0.01), (0.12, 0.19, -0.08),
    (0.06, 0.06, 0.11),
]
# fmt: on
LEAF_GREENS = ((0.115, 0.175, 0.075), (0.085, 0.150, 0.040))
PINK = (0.62, 0.13, 0.25)


def bouquet(neck: NDArray[np.float64]) -> list[Batch]:
    """Daisies, cosmos and leafy branches that come out of a vase's neck."""
    rng = np.random.default_rng(5)
    white: list[Mesh] = []
    pink: list[Mesh] = []
    middles, stems = [], []
    for k, offset in enumerate(DAISIES + COSMOS):
        is_daisy = k < len(DAISIES)
        end = neck + np.asarray(offset) * (0.86, 0.84, 0.86)
        way = np.array([offset[0] * 2.2, 0.16, 0.10 + offset[2] * 1.5])
        turn = upright(way + rng.normal(0, 0.05, 3))
        size = rng.uniform(0.9, 1.12)
        head, middle = _daisy(size, k) if is_daisy else _cosmos(size, k - len(DAISIES))
        (white if is_daisy else pink).append(head.turned(turn, end))
        top = end + turn[:, 1] * 0.002
        middles.append(middle.turned(turn, top, size=0.9 if is_daisy else 0.55))
        root = neck + rng.normal(0, 0.007, 3) * (1, 0, 1)
        bow = (offset[0] * -0.22, 0.01, offset[2] * -0.2)
        stems.append(stem(bowed(root, end - turn[:, 1] * 0.002, bow), 0.0016))
    twigs, leaves = [], []
    for k, tip in enumerate(TWIG_TIPS):
        path = bowed(neck, neck + np.asarray(tip), (0, 0.045, 0))
        color = LEAF_GREENS[k % 2]
        twig, its_leaves = leafy_branch(path, num_leaves=17, length_m=0.058, color=color, seed=k)
        twigs.append(twig)
        leaves.append(its_leaves)
    return [
        Batch(join(white), "petal", "vegetation"),
        Batch(join(pink), "petal", "vegetation"),
        Batch(join(middles), "pollen", "vegetation"),
        Batch(join([*stems, *twigs]), "plain", "vegetation"),
        Batch(join(leaves), "leaf", "vegetation"),
    ]


def _daisy(size: float, seed: int) -> tuple[Mesh, Mesh]:
    """Petals and middle."""
    return flower_head(
        num_petals=15,
        length_m=0.027 * size,
        width_m=0.0078,
        cup=0.12,
        color=(0.80, 0.79, 0.74),
        seed=seed,
    )


def _cosmos(size: float, seed: int) -> tuple[Mesh, Mesh]:
    """Petals and middle."""
    return flower_head(
        num_petals=5, length_m=0.034 * size, width_m=0.025, cup=0.30, color=PINK, seed=30 + seed
    )


def fruit() -> list[Batch]:
    """Oranges and apples in the bowl and before it, a lemon, fallen petals and a leaf."""
    orange = round_fruit(0.0385, dimple=0.05, tall=0.96, seed=1, color=(0.78, 0.235, 0.018))
    apple = round_fruit(0.0375, dimple=0.30, tall=0.93, seed=4, color=(0.45, 0.05, 0.03))
    yellow = lemon(0.0285, color=(0.90, 0.53, 0.030))
    tilt = upright((0.35, 0.9, 0.3))
    stalk = tube(
        [(0, 0.022, 0), (0.001, 0.034, 0.001), (0.005, 0.044, 0.002)],
        [0.0016, 0.0013, 0.0019],
        albedo=(0.09, 0.06, 0.03),
        num_sides=7,
    )
    apples = [
        ((-0.150, 0.072, 0.030), upright((0.45, 0.85, 0.35))),
        ((-0.235, 0.073, -0.062), upright((-0.3, 0.9, -0.1))),
        ((0.245, 0.0345, 0.115), upright((-0.25, 0.9, 0.42))),
    ]
    bowl_oranges = [(-0.250, 0.072, 0.052), (-0.178, 0.076, -0.050), (-0.207, 0.122, 0.005)]
    fallen = leaf(length_m=0.055, width_m=0.026, fold=0.3, sag=-0.12, color=(0.075, 0.125, 0.045))
    petals, _ = flower_head(
        num_petals=3, length_m=0.030, width_m=0.022, cup=0.15, color=(0.60, 0.13, 0.25), seed=77
    )
    return [
        Batch(
            orange,
            "peel",
            "other",
            np.concatenate(
                [one_at(*p, turn=k * 1.3, seed=0.1 * k) for k, p in enumerate(bowl_oranges)]
            ),
        ),
        Batch(
            orange.turned(tilt, (0, 0, 0)), "peel", "other", one_at(-0.020, 0.037, 0.200, seed=0.8)
        ),
        *(
            Batch(
                join([apple]).turned(turn, (0, 0, 0)),
                "apple",
                "other",
                one_at(*p, seed=0.2 + 0.3 * k),
            )
            for k, (p, turn) in enumerate(apples)
        ),
        Batch(join([stalk.turned(turn, p) for p, turn in apples]), "plain", "other"),
        Batch(yellow, "peel", "other", one_at(0.075, 0.028, 0.165, turn=0.9, seed=0.5)),
        Batch(fallen, "leaf", "vegetation", one_at(0.165, 0.004, 0.235, turn=2.2, seed=0.4)),
        Batch(petals, "petal", "vegetation", one_at(-0.115, 0.002, 0.262, turn=0.4, seed=0.9)),
    ]
