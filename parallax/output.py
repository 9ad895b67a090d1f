"""Where results go: checked before the work, written whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from parallax.errors import OutputError


def check_output(
    path: Path, *, overwrite: bool, suffixes: Sequence[str] = (), inputs: Sequence[Path] = ()
) -> None:
    """Refuses a place for a result that could not be written, before minutes are spent on it.

    Args:
        path: The file to be written.
        overwrite: Whether a file that is already there may be replaced.
        suffixes: What its name may end in, lower case with the dot; empty for anything.
        inputs: Files that must not be written over.

    Raises:
        OutputError: With what is wrong and what to do.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        wanted = ", ".join(suffixes)
        raise OutputError(f"{path}: expected a name ending in {wanted}, got {path.suffix!r}")
    if path.is_dir():
        raise OutputError(f"{path}: expected a file name, got a folder")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: expected the folder {path.parent} to exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"{path}: expected a folder that may be written to, got a read-only one")
    if any(path.exists() and source.exists() and path.samefile(source) for source in inputs):
        raise OutputError(f"{path}: expected a place for the result, got the input itself")
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: expected no file there, got one; -y overwrites it")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to; it takes the final name only if the block succeeds.

    Raises:
        OutputError: The disk is full, or the place cannot be written to.
    """
    partial = path.with_name(f"{path.stem}.part{path.suffix}")
    try:
        yield partial
        _wait_for_disk(partial)
        partial.replace(path)
        _wait_for_disk(path.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{path}: expected to write the result, got: {reason}") from error
    finally:
        partial.unlink(missing_ok=True)


def _wait_for_disk(path: Path) -> None:
    """Returns once a file's content, or a folder's list of names, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
