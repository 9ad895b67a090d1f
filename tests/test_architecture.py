"""The shape of the code: floors, one home a heavy library, what an import costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "parallax"

FLOOR_OF = {
    "errors": 0,
    "array": 1, "camera": 1, "color": 1, "cores": 1, "curve": 1, "json_text": 1, "memory": 1,
    "nearest": 1, "output": 1, "resource": 1, "phone_depth": 1, "texel": 1,
    "photo": 2, "depth_map": 2, "label_map": 2, "scene": 2, "path": 2, "motion_plan": 2, "frame": 2,
    "perceive": 3, "layers": 3, "moves": 3, "motion": 3, "gpu": 3, "video": 3, "convert": 3,
    "pipeline": 4,
    "cli": 5, "__main__": 6,
}  # fmt: skip
SAME_FLOOR_ALLOWED = {1}  # small mathematics that builds on itself: camera on array
HOME_OF = {
    "torch": "perceive",
    "timm": "perceive",
    "safetensors": "perceive",
    "huggingface_hub": "perceive",
    "moderngl": "gpu",
    "glcontext": "gpu",
    "av": "video",
    "click": "cli",
    "rich": "cli",
    "pygltflib": ("layers", "convert"),
}
MAX_LINES = 400


def room_of(file: Path) -> str:
    """The module or package on the first level that a file belongs to."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(file: Path) -> list[str]:
    """Every module a file imports anywhere, also inside functions."""
    names = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            names.append(node.module or "")
            if node.module == "parallax":
                names += [f"parallax.{alias.name}" for alias in node.names]
    return names


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_go_down_only(file):
    if file == PACKAGE / "__init__.py":
        return
    room = room_of(file)
    assert room in FLOOR_OF, f"{room} stands on no floor: name it in FLOOR_OF"
    for name in imports_of(file):
        parts = name.split(".")
        if parts[0] != "parallax" or len(parts) < 2 or parts[1] == room:
            continue
        above, below = FLOOR_OF[room], FLOOR_OF[parts[1]]
        same = above == below and above in SAME_FLOOR_ALLOWED
        assert below < above or same, f"{file.name} (floor {above}) imports {name} ({below})"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_a_heavy_library_is_imported_in_its_home_only(file):
    for name in imports_of(file):
        home = HOME_OF.get(name.split(".")[0])
        homes = (home,) if isinstance(home, str) else home
        assert homes is None or room_of(file) in homes, f"{name} belongs into {homes}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_no_module_is_too_long_to_be_read(file):
    assert len(file.read_text().splitlines()) <= MAX_LINES


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys\nprint(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("import parallax", {"numpy", "cv2", "torch", "click"}),
        ("import parallax.cli.main", {"torch", "timm", "moderngl", "av", "cv2", "numpy"}),
        ("import parallax.gpu.renderer, parallax.layers.glb", {"torch", "timm", "av", "click"}),
        ("import parallax.video.encode", {"torch", "moderngl"}),
        ("import parallax.pipeline", {"torch", "timm"}),
    ],
)
def test_an_import_does_not_load_what_it_does_not_need(statement, forbidden):
    assert not loaded_by(statement) & forbidden


@pytest.mark.weights
def test_reading_a_photo_does_without_torch():
    # torch takes two seconds to import; its compiler brings triton, whose LLVM kills a process
    # that holds an llvmpipe context
    statement = (
        "import numpy as np; from parallax.perceive import PerceiveParams, perceive_photo;"
        "from parallax.photo import Photo;"
        "photo = Photo(np.zeros((64, 96, 3), np.uint8));"
        "perceive_photo(photo, params=PerceiveParams(model='embedded'))"
    )
    assert not loaded_by(statement) & {"torch", "timm", "triton", "torchvision"}


def test_a_network_that_was_fetched_wakes_no_compiler():
    statement = "import parallax.perceive.torch_weights"
    assert not loaded_by(statement) & {"timm", "triton", "torchvision"}


@pytest.mark.weights
def test_perception_can_follow_rendering_in_one_process(shared_context):
    code = (
        "import numpy as np\n"
        "from parallax.gpu import open_context, draw_test_pixel\n"
        "from parallax.perceive import PerceiveParams, perceive_photo\n"
        "from parallax.photo import Photo\n"
        "with open_context('software') as context:\n"
        "    draw_test_pixel(context)\n"
        "    perceive_photo(Photo(np.zeros((64, 96, 3), np.uint8)), params=PerceiveParams())\n"
        "    draw_test_pixel(context)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
