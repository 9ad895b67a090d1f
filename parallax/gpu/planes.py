"""A finished frame as the planes that an encoder takes, made where it was drawn."""

import moderngl
import numpy as np
from numpy.typing import NDArray

from parallax.gpu.context import Context
from parallax.gpu.passes import PassState
from parallax.gpu.readback import Readback, SpareArrays
from parallax.gpu.target import Target, create_planes


class PlanesPass:
    """From a picture to luma and, at half its size, two planes of chroma."""

    STATE = PassState()

    def __init__(self, context: Context) -> None:
        self._gl = context.gl
        self.program = context.programs.find("fullscreen.vert", "planes.frag")
        self._vertex_array = context.gl.vertex_array(self.program, [])

    def draw(self, picture: Target, planes: Target) -> None:
        """Draw the planes of `picture`, (W, H), into a target of (W, 3 H / 2)."""
        self.STATE.apply(self._gl, planes.framebuffer)
        picture.colour.use(0)
        self._vertex_array.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Give everything back."""
        self._vertex_array.release()


class PlanarReadback:
    """A frame that is drawn into `target` and comes back as planes."""

    def __init__(
        self, context: Context, target: Target, planes_pass: PlanesPass, spare: SpareArrays
    ) -> None:
        self.target = target
        self._pass = planes_pass
        self._readback = Readback(context, create_planes(context, target.size_wh), spare)

    def start(self) -> None:
        """Make the planes of what was drawn and copy them, without waiting for it."""
        self._pass.draw(self.target, self._readback.target)
        self._readback.start()

    def finish(self) -> NDArray[np.uint8]:
        """uint8 (3 H / 2, W), an array of its own; waits until it is there."""
        return self._readback.finish()[..., 0]

    def release(self) -> None:
        """Give back what is its own."""
        self._readback.release()
