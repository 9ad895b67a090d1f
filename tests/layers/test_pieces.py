"""Work piece by piece."""

import threading

import numpy as np
import pytest

from parallax.layers.pieces import both, by_pieces


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


def test_two_things_are_done_at_once_and_both_results_come_back():
    met = threading.Barrier(2, timeout=10)
    assert both(lambda: (met.wait(), "first")[1], lambda: (met.wait(), "second")[1]) == (
        "first",
        "second",
    )


def test_a_fault_in_either_of_two_things_is_told():
    def fail():
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        both(fail, list)
    with pytest.raises(ValueError, match="a fault"):
        both(list, fail)
