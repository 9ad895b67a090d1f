"""`Programs`: the compiled programs of a context."""

from collections.abc import Mapping
from typing import Any

from parallax.gpu.shader import compile_program

Key = tuple[str, str, frozenset[tuple[str, int]]]


class Programs:
    """Compiles each program once and keeps it until the context is closed.

    Passes of several renderers share them: whoever draws sets all uniforms that are not the same
    for every pass that uses the files.
    """

    def __init__(self, gl: Any) -> None:
        self._gl = gl
        self._compiled: dict[Key, Any] = {}

    def find(
        self, vertex: str, fragment: str, *, defines: Mapping[str, int] | None = None
    ) -> Any:  # a moderngl.Program
        """The program of two stage files with compile-time choices.

        Raises:
            ShaderError: A file is missing or the driver refuses one.
        """
        key = vertex, fragment, frozenset((defines or {}).items())
        if key not in self._compiled:
            self._compiled[key] = compile_program(self._gl, vertex, fragment, defines=defines)
        return self._compiled[key]

    def release(self) -> None:
        """Give everything back."""
        for program in self._compiled.values():
            program.release()
        self._compiled.clear()
