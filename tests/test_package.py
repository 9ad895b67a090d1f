"""What is installed: the wheel carries every shader and every card, and finds them."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_carries_every_shader_card_and_weight(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, endings in (("shaders", (".vert", ".frag", ".glsl")), ("models", (".toml",))):
        files = [f for f in (ROOT / folder).rglob("*") if f.suffix in endings]
        assert files, f"{folder} holds none"
        for file in files:
            assert f"parallax/_resources/{folder}/{file.relative_to(ROOT / folder)}" in names
    assert "parallax/_resources/models/embedded.safetensors" in names
    assert "parallax/_resources/models/water.safetensors" in names


def test_an_installed_copy_finds_its_own_resources(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "from parallax.resource import resource_dir\n"
        "from parallax.gpu.shader import load_shader\n"
        "print(resource_dir('models'))\n"
        "for file in sorted(resource_dir('shaders').glob('*.frag')):\n"
        "    print(load_shader(file.name))\n"
    )
    done = run_installed(code, tmp_path)
    assert done.stdout.startswith(str(tmp_path / "parallax" / "_resources" / "models"))


def test_an_installed_copy_carries_all_that_the_comparison_suite_needs(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "from parallax.cli.bench import _load\n"
        "print(_load('benchmarks.suite.bench').__file__)\n"
        "print(_load('benchmarks.suite.summary').load_published()[0]['title'])\n"
    )
    done = run_installed(code, tmp_path)
    assert done.stdout.startswith(str(tmp_path / "parallax" / "_resources" / "benchmarks"))
    suite = tmp_path / "parallax" / "_resources" / "benchmarks" / "suite"
    assert {"report.md.j2", "report.html.j2", "README.md"} <= {f.name for f in suite.iterdir()}


def run_installed(code, folder):
    """Some code in a fresh process that sees an unpacked wheel and not this checkout."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
