"""Work piece by piece."""

import numpy as np
import pytest

from parallax.cores import both, by_pieces, for_each


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


def test_what_two_things_return_comes_back_in_their_order():
    def inner():
        return both(lambda: 2, lambda: 3)

    assert both(lambda: both(lambda: 0, lambda: 1), inner) == ((0, 1), (2, 3))


def test_each_thing_is_worked_on_once():
    done: list[int] = []
    for_each(done.append, list(range(100)))
    assert sorted(done) == list(range(100))


def test_a_fault_in_either_of_two_things_is_told():
    def fail():
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        both(fail, list)
    with pytest.raises(ValueError, match="a fault"):
        both(list, fail)
