"""The renderer: a scene seen from cameras, as frames. OpenGL 3.3 without a window."""

from parallax.gpu.check import draw_test_pixel
from parallax.gpu.context import Context, Device, DeviceName, list_devices, open_context
from parallax.gpu.exposure import shutter_times
from parallax.gpu.matte import join_alpha, matte_motion, matte_scene
from parallax.gpu.renderer import Renderer, RenderParams

__all__ = [
    "Context",
    "Device",
    "DeviceName",
    "RenderParams",
    "Renderer",
    "draw_test_pixel",
    "join_alpha",
    "list_devices",
    "matte_motion",
    "matte_scene",
    "open_context",
    "shutter_times",
]
