"""What a job says that it did: the parts of its report, each a flat piece of one JSON object."""

from pathlib import Path
from typing import Any

from parallax.pipeline.clock import StageClock, peak_memory_mb
from parallax.pipeline.film import Film
from parallax.pipeline.movement import Movement
from parallax.pipeline.shot import Shot
from parallax.pipeline.source import Source
from parallax.scene import Scene

Report = dict[str, Any]


def about_source(photo_path: Path, source: Source) -> Report:
    """What the photo is."""
    return {
        "photo": str(photo_path),
        "photo_size_wh": list(source.photo.size_wh),
        "fov_deg": round(source.photo.intrinsics().fov_deg, 3),
        "depth": source.depth_from,
    }


def about_scene(scene: Scene) -> Report:
    """What was built."""
    return {
        "triangles": scene.num_triangles,
        "layers": {layer.name: len(layer.mesh.triangles) for layer in scene.layers},
    }


def about_shot(shot: Shot) -> Report:
    """How it was filmed."""
    return {
        "camera": shot.name,
        "camera_reason": shot.reason,
        "loop": shot.path.loop,
        "parallax_su": round(shot.reach.parallax_su, 5),
        "margin_uv": [round(m, 4) for m in shot.reach.margin_uv],
    }


def about_movement(movement: Movement | None) -> Report:
    """What moves."""
    if movement is None:
        return {"regions": [], "found": []}
    return {
        "regions": [region.type for region in movement.plan.regions if region.enabled],
        "found": list(movement.motion.found),
    }


def about_film(film: Film, clock: StageClock) -> Report:
    """What came out."""
    video = film.video
    film_s = clock.seconds()["film"]
    return {
        "output": str(video.path),
        "camera_file": str(film.camera_file),
        "size_wh": list(video.size_wh),
        "fps": str(video.fps),
        "num_frames": video.num_frames,
        "duration_s": round(float(video.num_frames / video.fps), 4),
        "encoder": video.codec,
        "device": film.device,
        "film_frames_per_second": round(video.num_frames / film_s, 2),
    }


def about_run(clock: StageClock, warnings: tuple[str, ...]) -> Report:
    """What it cost, and what to know."""
    return {
        "seconds": clock.seconds(),
        "peak_memory_mb": peak_memory_mb(),
        "warnings": list(warnings),
    }
