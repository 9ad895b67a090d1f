"""Work piece by piece."""

import os
import threading

import cv2
import numpy as np
import pytest

from parallax.cores import both, by_bands, by_pieces, by_rows, for_each


@pytest.mark.parametrize("num", [0, 1, 1 << 15, (1 << 15) + 1, 100_000])
def test_every_thing_is_in_one_piece(num):
    count = np.zeros(num, int)

    def work(piece):
        count[piece] += 1

    by_pieces(work, num)
    assert (count == 1).all()


@pytest.mark.parametrize("shape", [(1, 7), (500, 300), (3, 1 << 17)])
def test_every_row_is_in_one_piece(shape):
    count = np.zeros(shape[0], int)

    def work(rows):
        count[rows] += 1

    by_rows(work, shape)
    assert (count == 1).all()


@pytest.mark.parametrize("height", [1, 127, 128, 129, 400])
def test_a_filter_in_bands_is_the_filter_of_the_whole(height):
    picture = np.random.default_rng(height).random((height, 30), np.float32)
    square = np.ones((7, 7), np.uint8)

    def lift(picture, floor):
        return np.maximum(cv2.erode(picture, square), floor)

    floor = np.full_like(picture, 0.1)
    np.testing.assert_array_equal(by_bands(lift, picture, floor, reach_px=3), lift(picture, floor))


@pytest.mark.skipif(os.cpu_count() == 1, reason="there is no other core")
def test_a_core_that_becomes_idle_joins_what_began_while_it_was_busy():
    helped, begun = threading.Event(), threading.Event()
    main = threading.get_ident()

    def work(_):
        begun.set()
        if threading.get_ident() == main:
            assert helped.wait(5)
        else:
            helped.set()

    def first():
        if threading.get_ident() == main:
            for_each(work, range(2))
        else:
            assert begun.wait(5)

    both(first, first)
    assert helped.is_set()


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
