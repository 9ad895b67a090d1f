"""This project, by its own command line."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import run_process
from benchmarks.suite.adapters.command import repeatable
from benchmarks.suite.task import CannotDo, Film, Task

REPOSITORY = Path(__file__).parents[3]


class Ours:
    """`parallax animate`, with the defaults where a task says nothing."""

    name = "ours"
    about = "parallax: layers of textured mesh, filled behind edges, drawn by OpenGL."

    def version(self) -> str:
        """The package's version, and the commit where there is one."""
        done = subprocess.run(
            ["git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
        )
        commit = f" at {done.stdout.strip()}" if done.returncode == 0 else ""
        return f"parallax-film {version('parallax-film')}{commit}"

    def film(self, task: Task, folder: Path) -> Film | CannotDo:
        """The film and, beside it, its frames."""
        file, frames_dir = folder / "film.mp4", None if task.timed else folder / "frames"
        moving = task.moving or (task.free and not task.timed)
        command = [sys.executable, "-m", "parallax", "animate", str(task.photo), "-o", str(file)]
        command += ["--size", "x".join(map(str, task.size_wh)), "--fps", str(task.fps)]
        command += ["--duration", str(task.seconds), "--motion", "auto" if moving else "none"]
        command += ["--json", "-y"]
        if frames_dir is not None:
            command += ["--frames-dir", str(frames_dir)]
        if task.depth is not None:
            command += ["--depth", str(task.depth)]
        if task.fov_deg is not None:
            command += ["--fov", str(task.fov_deg)]
        if task.path is not None:
            command += ["--path", str(task.path)]
        elif task.move is not None:
            command += ["--camera", task.move.replace(" ", "-")]
        if task.path is None:
            command.append("--loop" if task.loop else "--no-loop")
        run = run_process(command)
        report = json.loads(run.output)
        return Film(file, frames_dir, repeatable(command), run, report["seconds"])
