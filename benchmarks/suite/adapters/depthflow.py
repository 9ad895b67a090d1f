"""DepthFlow, as a process in an environment of its own; nothing of it is imported here.

Its command line draws a constant camera, so a film needs a class with an `update()`, which is what
its documentation tells users to write. `SCRIPT` is that class: it reads the state of every frame
from a file. DepthFlow is AGPL-3.0; this text talks to its public interface and holds none of it.

Its depth map is a height field: with `steady` and `focus` at 0, a pixel at (x, y) shows the
photo at

    (x, y) · (1 − (1 − isometric) · height · v) + offset · height · v      v = depth map, 0…1

in units of half the height. A camera moved by (x, y, z) su sees inverse depth d at

    (x, y) · (1 + z · d) + (x, y)_su · 2 focal / film height · d

So v = d, offset = 2 focal / film height · (x, y)_su / height and isometric = 1 + z / height are the
same camera, exactly; a changed field of view is its `zoom`. It has no camera that turns.
"""

import json
import math
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

from benchmarks.measure import run_process
from benchmarks.suite.adapters.command import repeatable
from benchmarks.suite.adapters.track import track_of_task
from benchmarks.suite.task import CannotDo, Film, Task
from parallax.camera import ResolvedCamera

VERSION = "1.0.1"
HEIGHT = 0.2  # its default relief
SHIFT, GROWTH = 0.4, 0.08  # of moves asked for in words: about what its own examples move
QUALITY_TIMES = 2  # reduced again: smooth outlines and whole colours, which its 4:2:0 film halves
SCRIPT = """
import json, sys
from depthflow.scene import DepthScene
states = json.loads(open(sys.argv[1]).read())
class Scripted(DepthScene):
    def update(self):
        for key, value in states[min(self.frame, len(states) - 1)].items():
            setattr(self.state, key, tuple(value) if isinstance(value, list) else value)
Scripted(backend="headless").cli.meta(sys.argv[2:])
"""
State = dict[str, float | list[float]]
MOVES: dict[str, tuple[float, float, float]] = {
    "pan left": (-1, 0, 0),
    "pan right": (1, 0, 0),
    "tilt up": (0, 1, 0),
    "tilt down": (0, -1, 0),
    "zoom in": (0, 0, 1),
    "zoom out": (0, 0, -1),
    "static": (0, 0, 0),
}


class DepthFlow:
    """A ray march through the depth map as one unbroken height field."""

    name = "depthflow"
    about = (
        "DepthFlow 1.0.1 (AGPL-3.0): the photo over its depth as one sheet, each pixel marched; "
        "given the same depth (8 bits, all that it reads). Along exact cameras it draws "
        f"{QUALITY_TIMES} times as wide, reduced for the scores, which softens where the photo is "
        "no larger than the film (1/8, 3/4, 1/8); else it runs as it comes."
    )

    def __init__(self, executable: Path) -> None:
        """Use the installation that this `depthflow` command belongs to."""
        self._python = executable.absolute().parent / "python"
        if not (executable.is_file() and self._python.exists()):
            raise FileNotFoundError(
                f"{executable}: expected DepthFlow's command in its own environment, got none; "
                "`parallax bench --install-depthflow FOLDER` makes one"
            )

    def version(self) -> str:
        """As its package says."""
        code = "from importlib.metadata import version; print(version('depthflow'))"
        done = subprocess.run(
            [str(self._python), "-c", code], capture_output=True, text=True, check=True
        )
        return f"depthflow {done.stdout.strip()}"

    def film(self, task: Task, folder: Path) -> Film | CannotDo:
        """The film; along exact cameras nearly without loss, to judge its pictures and no codec."""
        if task.depth is None:
            return CannotDo("finds depth by a network that it downloads, which is not done here")
        if task.moving:
            return CannotDo("moves the camera only: nothing in the photo moves")
        states = self._states(task)
        if isinstance(states, CannotDo):
            return states
        script, depth8, file = folder / "states.json", folder / "depth8.png", folder / "film.mp4"
        script.write_text(json.dumps(states))
        inv_depth = np.load(task.depth)
        cv2.imwrite(str(depth8), np.rint(np.clip(inv_depth, 0, 1) * 255).astype(np.uint8))
        times = 1 if task.path is None else QUALITY_TIMES
        width, height = (times * side for side in task.size_wh)
        command = [str(self._python), "-c", SCRIPT, str(script)]
        command += ["input", "-i", str(task.photo), "-d", str(depth8), "h264"]
        if task.timed:
            command += ["--preset", "veryfast"]
        elif task.path is not None:
            command += ["--crf", "4"]
        command += ["main", "-w", str(width), "-h", str(height), "-f", str(task.fps)]
        command += ["-t", str(task.num_frames / task.fps), "-o", str(file)]
        environment = {"WINDOW_BACKEND": "headless", "LIBGL_ALWAYS_SOFTWARE": "1"}
        run = run_process(command, environment=environment)
        quoted = repeatable(["python", "-c", "SCRIPT", *command[3:]])
        return Film(file, command=quoted, run=run)

    def _states(self, task: Task) -> list[State] | CannotDo:
        """The state of every frame."""
        num = task.num_frames
        if task.path is not None:
            track = track_of_task(task)
            rest = track.cameras[0].fov_deg if task.fov_deg is None else task.fov_deg
            each = [_follow(camera, rest) for camera in track.cameras]
            turned = next((state for state in each if isinstance(state, CannotDo)), None)
            return turned or [state for state in each if not isinstance(state, CannotDo)]
        if task.move is not None:
            x, y, closer = MOVES[task.move]
            steps = np.linspace(0, 1, num)
            return [
                {
                    "height": HEIGHT,
                    "steady": 0.0,
                    "isometric": 1.0,
                    "offset": [SHIFT * x * s, SHIFT * y * s],
                    "zoom": 1 - GROWTH * (s if closer > 0 else (1 - s) * -closer),
                }
                for s in steps.tolist()
            ]
        # Its own example "Orbital", which loops
        angles = [math.tau * index / num for index in range(num)]
        return [
            {
                "steady": 0.3,
                "focus": 0.3,
                "zoom": 0.98,
                "isometric": 0.5 * math.cos(angle) + 0.75,
                "offset": [0.5 * math.sin(angle), 0.0],
            }
            for angle in angles
        ]


def install(folder: Path) -> Path:
    """Its command, in a new environment of its own; asks the package index, takes minutes.

    Raises:
        subprocess.CalledProcessError: The installation failed.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "pip"), "install", "--disable-pip-version-check"]
    subprocess.run([*pip, f"depthflow=={VERSION}"], check=True)
    return folder / "bin" / "depthflow"


def _follow(camera: ResolvedCamera, rest_fov_deg: float) -> State | CannotDo:
    """The state that is the same camera; see the top of this file."""
    world_from_camera = camera.pose.world_from_camera
    if not np.allclose(world_from_camera[:3, :3], np.eye(3), atol=1e-6):
        return CannotDo("has no camera that turns")
    x, y, z = camera.pose.position_su.tolist()
    zoom = math.tan(math.radians(camera.fov_deg) / 2) / math.tan(math.radians(rest_fov_deg) / 2)
    focal = 1 / math.tan(math.radians(rest_fov_deg) / 2)
    return {
        "height": HEIGHT,
        "steady": 0.0,
        "focus": 0.0,
        "isometric": 1 + z / HEIGHT,
        "offset": [focal * x / HEIGHT, focal * y / HEIGHT],
        "zoom": zoom,
    }
