"""Work piece by piece."""

import numpy as np
import pytest

from parallax.layers.pieces import by_pieces


@pytest.mark.parametrize("num", [0, 1, 1 << 15, (1 << 15) + 1, 100_000])
def test_every_thing_is_in_one_piece(num):
    count = np.zeros(num, int)

    def work(piece):
        count[piece] += 1

    by_pieces(work, num)
    assert (count == 1).all()


def test_a_fault_in_a_piece_is_told():
    def work(piece):
        if piece.start > 0:
            raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        by_pieces(work, 100_000)
