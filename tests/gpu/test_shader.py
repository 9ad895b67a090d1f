"""Shader files: includes, and errors that say where."""

import pytest

from parallax.errors import ShaderError
from parallax.gpu.shader import compile_program, load_shader
from parallax.resource import resource_dir

VERTEX = "#version 330 core\nvoid main() { gl_Position = vec4(0.0); }\n"


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def test_an_include_is_put_in_its_place_with_line_marks(tmp_path):
    write(tmp_path, a_frag='one\n#include "in/b.glsl"\nthree\n', in__b_glsl="two\n")
    assert load_shader("a.frag", folder=tmp_path).text.splitlines() == [
        "one",
        "#line 1 1",
        "two",
        "#line 3 0",
        "three",
    ]


def test_a_file_is_included_once(tmp_path):
    write(
        tmp_path,
        a_frag='#include "b.glsl"\n#include "c.glsl"\n',
        b_glsl='#include "c.glsl"\n',
        c_glsl="here\n",
    )
    assert load_shader("a.frag", folder=tmp_path).text.count("here") == 1


def test_a_cycle_of_includes_is_an_error(tmp_path):
    write(tmp_path, a_frag='#include "b.glsl"\n', b_glsl='#include "a.frag"\n')
    with pytest.raises(ShaderError, match=r"b.glsl: expected no cycle of includes, got a.frag"):
        load_shader("a.frag", folder=tmp_path)


def test_a_missing_include_names_the_file_that_asked(tmp_path):
    write(tmp_path, a_frag='#include "b.glsl"\n')
    with pytest.raises(ShaderError, match=r"a.frag: expected the file b.glsl, got No such file"):
        load_shader("a.frag", folder=tmp_path)


def test_an_error_names_the_file_and_line_and_shows_it(ctx, tmp_path):
    write(tmp_path, v_vert=VERTEX, f_frag="#version 330 core\n\nvoid main() {\n  wrong = 1;\n}\n")
    with pytest.raises(ShaderError, match=r"f.frag:4") as told:
        compile_program(ctx.gl, "v.vert", "f.frag", folder=tmp_path)
    assert str(told.value).endswith("    wrong = 1;")


def test_an_error_in_an_included_file_names_that_file(ctx, tmp_path):
    write(
        tmp_path,
        v_vert=VERTEX,
        f_frag='#version 330 core\n#include "in/b.glsl"\nvoid main() {}\n',
        in__b_glsl="// fine\nfloat f() { return wrong; }\n",
    )
    with pytest.raises(ShaderError, match=r"in/b.glsl:2"):
        compile_program(ctx.gl, "v.vert", "f.frag", folder=tmp_path)


def test_an_error_in_the_first_stage_is_told_from_one_in_the_second(ctx, tmp_path):
    write(tmp_path, v_vert="#version 330 core\nvoid main() { wrong(); }\n")
    write(tmp_path, f_frag="#version 330 core\nvoid main() {}\n")
    with pytest.raises(ShaderError, match=r"v.vert:2"):
        compile_program(ctx.gl, "v.vert", "f.frag", folder=tmp_path)


SHADERS = sorted(p for p in resource_dir("shaders").rglob("*.*") if p.suffix != ".md")


@pytest.mark.parametrize("path", SHADERS, ids=lambda p: p.name)
def test_a_shader_begins_with_what_it_reads_and_writes(path):
    lines = path.read_text().splitlines()
    assert (lines[0] == "#version 330 core") == (path.suffix != ".glsl")
    header = [line for line in lines[:12] if line.startswith("//")]
    for word in ("// In: ", "// Reads: ", "// Out: "):
        assert any(line.startswith(word) for line in header), f"{path.name} lacks {word}"
    assert len(lines) <= (60 if path.suffix == ".glsl" else 120)
