"""Shader files and the values they are given."""

from pathlib import Path
from typing import Any

import moderngl
import numpy as np

SHADERS = Path(__file__).parent / "shaders"


def load_shader(name: str) -> str:
    """A shader's text with the files it includes."""
    lines = (SHADERS / name).read_text("utf-8").splitlines()
    return "\n".join(
        load_shader(line.split('"')[1]) if line.startswith("#include") else line for line in lines
    )


def set_uniforms(program: moderngl.Program, **values: Any) -> None:
    """Sets uniforms; matrices are given as numpy rows and stored as GL columns."""
    for name, value in values.items():
        array, uniform = np.asarray(value), program[name]
        if not isinstance(uniform, moderngl.Uniform):
            raise TypeError(f"{name}: expected a uniform, got {type(uniform).__name__}")
        if array.dtype.kind in "iu":
            uniform.value = int(value)
            continue
        if array.ndim >= 2 and array.shape[-1] == array.shape[-2]:
            array = np.swapaxes(array, -1, -2)
        uniform.write(np.ascontiguousarray(array, np.float32).tobytes())
