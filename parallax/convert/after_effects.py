"""A script (.jsx) that builds the camera in Adobe After Effects: File > Scripts > Run Script File.

After Effects counts in pixels, x right, y down, z into the screen, from the top left corner; a
camera at rest looks along +z; `zoom` is its focal length in pixels. A scene unit becomes the first
frame's focal length, so that a layer of the film's size at z = that length fills the frame when the
camera is at rest. Orientation is Rx·Ry·Rz in those axes.
"""

import json
import math

import numpy as np
from numpy.typing import NDArray

from parallax.path import CameraTrack

FLIP = np.diag([1.0, -1.0, -1.0])  # our axes to those of After Effects, for camera and world

SCRIPT = """\
// The camera of a film made by parallax, for Adobe After Effects.
(function () {{
    var track = {track};
    app.beginUndoGroup("Import camera");
    var comp = app.project.items.addComp(
        "parallax", track.width, track.height, 1, track.duration, track.fps);
    var camera = comp.layers.addCamera("parallax camera", [track.width / 2, track.height / 2]);
    camera.autoOrient = AutoOrientType.NO_AUTO_ORIENT;
    camera.property("ADBE Transform Group").property("ADBE Position")
        .setValuesAtTimes(track.times, track.position);
    camera.property("ADBE Transform Group").property("ADBE Orientation")
        .setValuesAtTimes(track.times, track.orientation);
    camera.property("ADBE Camera Options Group").property("ADBE Camera Zoom")
        .setValuesAtTimes(track.times, track.zoom);
    app.endUndoGroup();
}})();
"""


def format_after_effects(track: CameraTrack) -> str:
    """The text of a script that builds a composition with the camera of a track."""
    width, height = track.size_wh
    px_from_su = track.focal_px(0)
    middle = np.array([width / 2, height / 2, 0.0])
    values = {
        "width": width,
        "height": height,
        "fps": float(track.fps),
        "duration": float(len(track.cameras) / track.fps),
        "times": [float(i / track.fps) for i in range(len(track.cameras))],
        "position": [
            (middle + px_from_su * (FLIP @ camera.pose.position_su)).tolist()
            for camera in track.cameras
        ],
        "orientation": [
            orientation_deg(camera.pose.world_from_camera[:3, :3]) for camera in track.cameras
        ],
        "zoom": [track.focal_px(i) for i in range(len(track.cameras))],
    }
    return SCRIPT.format(track=json.dumps(values))


def orientation_deg(rotation: NDArray[np.float64]) -> list[float]:
    """X, y and z orientation of a camera, in degrees.

    Args:
        rotation: (3, 3), world from camera in our axes.
    """
    turned = FLIP @ rotation @ FLIP
    x = math.atan2(-turned[1, 2], turned[2, 2])
    y = math.asin(max(-1.0, min(1.0, float(turned[0, 2]))))
    z = math.atan2(-turned[0, 1], turned[0, 0])
    return [math.degrees(angle) for angle in (x, y, z)]
