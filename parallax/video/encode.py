"""Writing a film: convert, encode, check, and only then give the file its name."""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av

from parallax.errors import OutputError, VideoError
from parallax.frame import Frame, PlanarFrame
from parallax.video.film import FilmFile, open_encoder
from parallax.video.probe import VideoInfo, probe_video
from parallax.video.profiles import PROFILES, Profile, Quality, choose_profile

LOGGER = logging.getLogger("parallax.video")
FRAMES_WAITING = 2  # drawn and not yet encoded: evens out slow frames; 4 were slower


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoParams:
    """How a film is encoded."""

    encoder: str = "auto"
    """A profile's name, or "auto" for the usual one of the file's ending."""
    quality: Quality = "standard"
    """How much time the encoder may take."""
    loop_frames: int = 0
    """How many frames a loop has, whose last leads on to its first; 0 of a film that ends."""
    has_alpha: bool = False
    """Whether frames are transparent in places and the film is to be, too."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What to write beside the pictures: title, comment, seed …"""


def write_video(
    frames: Iterable[Frame | PlanarFrame],
    out_path: Path,
    *,
    size_wh: tuple[int, int],
    fps: Fraction,
    params: VideoParams | None = None,
    on_frame: Callable[[int], None] | None = None,
) -> VideoInfo:
    """Write a film and check it; nothing but a whole film is ever seen under its name.

    Frames are converted and encoded on a thread of their own while the next are drawn; however long
    the film, only a few are in memory.

    Args:
        frames: All of `size_wh`; in planes only where the profile's pixels are those.
        out_path: Its ending says which kind of film; overwritten.
        size_wh: In pixels.
        fps: Frames per second.
        params: How to encode.
        on_frame: Called with the number of frames taken so far.

    Returns:
        What the finished file says about itself.

    Raises:
        VideoError: The encoder is not there, refuses, or wrote something else than it was given.
        OutputError: The file cannot be written.
    """
    params = params or VideoParams()
    if fps <= 0:
        raise ValueError(f"write_video: expected fps above 0, got {fps}")
    if not out_path.parent.is_dir():
        raise OutputError(f"{out_path}: expected a folder {out_path.parent}, got none")
    if out_path.is_dir():
        raise OutputError(f"{out_path}: expected the name of a film, got a folder")
    profile = choose_profile(out_path, params.encoder)
    profile, warnings = _usable_profile(
        profile.with_alpha() if params.has_alpha else profile, size_wh, fps
    )
    partial_path = out_path.with_name(f"{out_path.stem}.part{out_path.suffix}")
    try:
        with _explained(out_path):
            film = FilmFile(
                partial_path,
                profile,
                size_wh=size_wh,
                fps=fps,
                quality=params.quality,
                loop_frames=params.loop_frames,
                has_alpha=params.has_alpha,
                metadata=params.metadata,
            )
        num_frames = _write_frames(frames, film, out_path, on_frame or _ignore)
        with _explained(out_path):
            _sync(partial_path)
            info = probe_video(partial_path)
            _check_film(info, out_path, profile, size_wh=size_wh, fps=fps, num_frames=num_frames)
            os.replace(partial_path, out_path)
            _sync(out_path.parent)
    finally:
        partial_path.unlink(missing_ok=True)
    return replace(info, path=out_path, warnings=warnings)


def available_encoders() -> dict[str, bool]:
    """Which profiles this machine can write."""
    found = {}
    for profile in PROFILES.values():
        try:
            open_encoder(profile, size_wh=(256, 256), fps=Fraction(30))
        except VideoError:
            found[profile.name] = False
        else:
            found[profile.name] = True
    return found


def _write_frames(
    frames: Iterable[Frame | PlanarFrame],
    film: FilmFile,
    path: Path,
    on_frame: Callable[[int], None],
) -> int:
    """How many frames there were, once all are in the film and it is closed.

    Raises:
        VideoError: There were none, or the encoder refused one.
        OutputError: The disk refused.
    """
    num_frames = 0
    waiting: deque[Future[None]] = deque()
    worker = ThreadPoolExecutor(1, thread_name_prefix="parallax-encode")
    try:
        for frame in frames:
            if len(waiting) == FRAMES_WAITING:
                _await(waiting.popleft(), path)
            waiting.append(worker.submit(film.add, frame, num_frames))
            num_frames += 1
            on_frame(num_frames)
        if num_frames == 0:
            raise VideoError(f"{path}: expected at least one frame, got none")
        waiting.append(worker.submit(film.finish))
        while waiting:
            _await(waiting.popleft(), path)
    finally:
        worker.shutdown(wait=True, cancel_futures=True)
        film.release()
    return num_frames


def _await(future: "Future[None]", path: Path) -> None:
    """Nothing, once it is done."""
    with _explained(path):
        future.result()


def _usable_profile(
    profile: Profile, size_wh: tuple[int, int], fps: Fraction
) -> tuple[Profile, tuple[str, ...]]:
    """The profile, or the one to fall back on where this machine cannot run it, and what to say.

    Raises:
        VideoError: The encoder is missing or refuses films of this size, and nothing replaces it.
    """
    try:
        open_encoder(profile, size_wh=size_wh, fps=fps)
    except VideoError as error:
        if profile.fallback is None:
            raise
        warning = f"{error}; {profile.fallback} instead"
        LOGGER.warning(warning)
        return _usable_profile(PROFILES[profile.fallback], size_wh, fps)[0], (warning,)
    return profile, ()


def _check_film(
    info: VideoInfo,
    path: Path,
    profile: Profile,
    *,
    size_wh: tuple[int, int],
    fps: Fraction,
    num_frames: int,
) -> None:
    """Nothing, if the film is what was asked for.

    Raises:
        VideoError: It is not.
    """
    checks: list[tuple[str, object, object]] = [
        ("size", size_wh, info.size_wh),
        ("start in seconds", 0.0, info.start_s),
    ]
    if profile.keeps_tags:
        checks.append(("colour tags", profile.colour_tags, info.colour_tags))
    if not profile.merges_frames:
        checks.append(("frames", num_frames, info.num_frames))
    for what, wanted, got in checks:
        if wanted != got:
            raise VideoError(f"{path}: expected {what} {wanted} of {profile.name}, got {got}")
    rate = Fraction(num_frames) / Fraction(info.duration_s) if profile.merges_frames else info.fps
    if abs(rate / fps - 1) > profile.rate_error:
        raise VideoError(f"{path}: expected {fps} frames a second, got {float(rate):.3f}")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Errors of FFmpeg and of the disk as ours."""
    try:
        yield
    except OSError as error:  # some of FFmpeg's errors are these, too
        raise OutputError(f"{path}: expected to write the film, got {error.strerror}") from error
    except av.FFmpegError as error:
        raise VideoError(f"{path}: expected to encode the film, got {error}") from error


def _sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ignore(num_frames: int) -> None:
    """Nothing: nobody wants to know."""
