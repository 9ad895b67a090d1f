"""Films that more than one suite asks for, so that each is made once."""

from benchmarks.camera_motion import CAMERA_MOTIONS
from benchmarks.suite.bank import Bank, Picture
from benchmarks.suite.task import Task

FREE_S, FREE_FPS = 2.0, 24
MOVE_S, MOVE_FPS = 1.5, 6  # flow is followed from frame to frame, so a few are enough
SMOKE_MOVES = ("pan left", "static")


def free_film(bank: Bank, picture: Picture, group: str) -> Task:
    """The film that a system makes of a photo by itself, as a loop where it can."""
    return Task(
        f"{picture.name}.free",
        group,
        picture.photo,
        picture.size_wh,
        fps=FREE_FPS,
        seconds=0.75 if bank.smoke else FREE_S,
        depth=picture.depth,
        fov_deg=picture.fov_deg,
        loop=True,
    )


def moves(bank: Bank) -> tuple[str, ...]:
    """The motions that are asked for by name."""
    return SMOKE_MOVES if bank.smoke else CAMERA_MOTIONS


def moved_film(picture: Picture, move: str, group: str) -> Task:
    """A film with one of VBench's camera motions."""
    return Task(
        f"{picture.name}.{move.replace(' ', '-')}",
        group,
        picture.photo,
        picture.size_wh,
        fps=MOVE_FPS,
        seconds=MOVE_S,
        depth=picture.depth,
        fov_deg=picture.fov_deg,
        move=move,
    )


def group_of(picture: Picture) -> str:
    """What kind of picture it is."""
    return "photos" if not picture.ours else "samples" if picture.labels else "scenes"
