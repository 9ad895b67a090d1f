"""Camera paths of other tools, read and written."""

from parallax.convert.file_format import (
    FORMATS,
    FileFormat,
    find_format,
    read_foreign_path,
    write_foreign_path,
    write_foreign_track,
)
from parallax.convert.imported import Imported, ImportParams, import_frames, import_keys

__all__ = [
    "FORMATS",
    "FileFormat",
    "ImportParams",
    "Imported",
    "find_format",
    "import_frames",
    "import_keys",
    "read_foreign_path",
    "write_foreign_path",
    "write_foreign_track",
]
