"""Shader files: reading them with their includes, compiling them, and errors a person can use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parallax.errors import ShaderError
from parallax.resource import resource_dir

INCLUDE = re.compile(r'\s*#include\s+"([^"]+)"\s*')
# Mesa says 1:3(18), NVIDIA 1(3), both with the number that #line gave the file
DRIVER_PLACE = re.compile(r"^(?:ERROR:\s*)?(\d+)(?::(\d+)(?:\(\d+\))?|\((\d+)\))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ShaderSource:
    """One stage, ready for the driver.

    Attributes:
        text: With every include in its place.
        files: The names that the file numbers in `#line` stand for.
        folder: Where the names lie.
    """

    text: str
    files: tuple[str, ...]
    folder: Path

    def explain(self, message: str) -> str:
        """A driver's message with `file:line` in it and the first line that it is about."""
        first: list[str] = []

        def name_place(match: re.Match[str]) -> str:
            number, line = int(match[1]), int(match[2] or match[3])
            if number >= len(self.files):
                return match[0]
            if not first:
                lines = (self.folder / self.files[number]).read_text().splitlines()
                first.append(lines[line - 1].strip() if 0 < line <= len(lines) else "")
            return f"{self.files[number]}:{line}"

        explained = DRIVER_PLACE.sub(name_place, message.strip())
        return explained + (f"\n    {first[0]}" if first else "")


def load_shader(
    name: str, *, folder: Path | None = None, defines: Mapping[str, int] | None = None
) -> ShaderSource:
    """A stage file with its includes, and `#define`s right under its `#version`.

    `#include "common/color.glsl"` stands alone on a line; the path starts at the folder; a file
    that was included already is left out.

    Raises:
        ShaderError: A file is missing or includes itself.
    """
    folder = folder or resource_dir("shaders")
    files: list[str] = []
    lines = _expand(name, folder, files, within=())
    if defines:
        lines[1:1] = [*(f"#define {key} {value}" for key, value in defines.items()), "#line 2 0"]
    return ShaderSource("\n".join(lines) + "\n", tuple(files), folder)


def compile_program(
    gl: Any,
    vertex: str,
    fragment: str,
    *,
    folder: Path | None = None,
    defines: Mapping[str, int] | None = None,
) -> Any:  # a moderngl.Program
    """The program of two stage files with compile-time choices.

    Raises:
        ShaderError: A file is missing or the driver refuses one.
    """
    sources = {
        "vertex_shader": load_shader(vertex, folder=folder, defines=defines),
        "fragment_shader": load_shader(fragment, folder=folder, defines=defines),
    }
    try:
        return gl.program(
            vertex_shader=sources["vertex_shader"].text,
            fragment_shader=sources["fragment_shader"].text,
        )
    except Exception as error:  # moderngl raises its own type, which it does not export
        message = str(error)
        stage = next((s for s in sources if f"\n{s}\n" in message), "vertex_shader")
        # After its banner the driver speaks; moderngl underlines the stage's name
        told = re.split(r"={3,}\s*\n", message, maxsplit=1)[-1]
        raise ShaderError(f"{vertex} + {fragment}: {sources[stage].explain(told)}") from error


def _expand(name: str, folder: Path, files: list[str], within: tuple[str, ...]) -> list[str]:
    """The lines of a file with includes expanded and `#line` marks for the driver."""
    if name in within:
        raise ShaderError(f"{within[-1]}: expected no cycle of includes, got {name} again")
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        asked_by = within[-1] if within else str(folder)
        raise ShaderError(f"{asked_by}: expected the file {name}, got {error.strerror}") from error
    number = len(files)
    files.append(name)
    lines = [f"#line 1 {number}"] if within else []
    for line_number, line in enumerate(text.splitlines(), start=1):
        include = INCLUDE.fullmatch(line)
        if include is None:
            lines.append(line)
            continue
        if include[1] not in files or include[1] in (*within, name):
            lines += _expand(include[1], folder, files, (*within, name))
        lines.append(f"#line {line_number + 1} {number}")
    return lines
