"""Scene files before the judge: Khronos' own glTF validator, an npm package.

Runs where node finds it: `npm install gltf-validator` in any folder, NODE_PATH naming its
node_modules.
"""

import json
import shutil
import subprocess

import pytest

from parallax.layers.glb import save_scene
from tests.layers.exact import SHAPES, inv_depth_of, view
from tests.layers.test_build import build

SCRIPT = """
const validator = require('gltf-validator'), fs = require('fs');
validator.validateBytes(new Uint8Array(fs.readFileSync(process.argv[1])))
  .then(report => console.log(JSON.stringify(report.issues)));
"""


@pytest.fixture(scope="module")
def node():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    asked = [node, "-e", "require('gltf-validator')"]
    found = subprocess.run(asked, check=False, capture_output=True)
    if found.returncode != 0:
        pytest.skip("node does not find gltf-validator; npm install it and set NODE_PATH")
    return node


def test_khronos_validator_finds_no_fault(node, tmp_path):
    path = tmp_path / "scene.glb"
    save_scene(path, build(view(SHAPES["hair"], (0, 0, 0)), inv_depth_of(SHAPES["hair"])))
    judged = subprocess.run([node, "-e", SCRIPT, str(path)], capture_output=True, check=True)
    issues = json.loads(judged.stdout)
    assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), issues["messages"]
