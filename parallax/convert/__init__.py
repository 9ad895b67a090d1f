"""Camera paths of other tools, read and written."""

from parallax.convert.file_format import (
    FORMATS,
    FileFormat,
    find_format,
    read_foreign_path,
    write_foreign_track,
)
from parallax.convert.imported import ImportParams, path_of_track

__all__ = [
    "FORMATS",
    "FileFormat",
    "ImportParams",
    "find_format",
    "path_of_track",
    "read_foreign_path",
    "write_foreign_track",
]
