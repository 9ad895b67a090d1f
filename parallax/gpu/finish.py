"""The passes after the scene has been drawn: light that adds up, the look of a lens and of film."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import moderngl

from parallax.gpu.context import Context
from parallax.gpu.passes import PassState
from parallax.gpu.target import LightSum, Target, create_light_sum, own

CLOCK_HZ = 90_000  # in which frames of every usual rate begin on a whole tick


class AddPass:
    """Adds a picture's light to a sum."""

    STATE = PassState(add=True)

    def __init__(self, context: Context) -> None:
        self._gl = context.gl
        self.program = context.programs.find("fullscreen.vert", "add.frag")
        self._vertex_array = context.gl.vertex_array(self.program, [])

    def draw(self, picture: Target, light: LightSum, *, weight: float) -> None:
        """Add so much of `picture`."""
        self.STATE.apply(self._gl, light.framebuffer)
        picture.colour.use(0)
        self.program["u_weight"] = weight
        self._vertex_array.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Give everything back."""
        self._vertex_array.release()


@dataclass(frozen=True, slots=True)
class FinishLook:
    """What lens and film add to a frame's light.

    Attributes:
        vignette: How much light the corners lose, 0…1.
        grain: Standard deviation of the grain in mid-tones, of the whole range of bytes.
        distortion: How much larger the middle is than straight lines would have it, 0…0.3.
    """

    vignette: float = 0.0
    grain: float = 0.0
    distortion: float = 0.0


class FinishPass:
    """Distortion, vignette and grain, where wanted, and the step to bytes, dithered."""

    STATE = PassState()

    def __init__(self, context: Context, look: FinishLook) -> None:
        """Compile what is wanted and nothing else."""
        self._gl = context.gl
        self._look = look
        defines = {
            "HAS_VIGNETTE": int(look.vignette > 0),
            "HAS_GRAIN": int(look.grain > 0),
            "HAS_DISTORTION": int(look.distortion > 0),
        }
        self.program = context.programs.find("fullscreen.vert", "finish.frag", defines=defines)
        self._vertex_array = context.gl.vertex_array(self.program, [])

    def draw(self, light: Any, target: Target, *, time_s: float) -> None:
        """Draw a finished frame.

        Args:
            light: A texture whose sampler returns LINEAR light.
            target: As large.
            time_s: Of the frame: each has a grain of its own.
        """
        self.STATE.apply(self._gl, target.framebuffer)
        light.use(0)
        if self._look.distortion > 0:
            self.program["u_distortion"] = self._look.distortion
        if self._look.vignette > 0:
            # 1 / (1 + k r²)² falls to 1 − vignette at the corner, where r is 1
            self.program["u_falloff"] = (1 - self._look.vignette) ** -0.5 - 1
        if self._look.grain > 0:
            self.program["u_grain"] = self._look.grain
            self.program["u_tick"] = round(time_s * CLOCK_HZ) & 0x7FFFFFFF
        self._vertex_array.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Give everything back."""
        self._vertex_array.release()


class Gathering:
    """Adds pictures up and makes a frame of the sum."""

    def __init__(self, context: Context, size_wh: tuple[int, int], look: FinishLook) -> None:
        with ExitStack() as closing:
            self._sum: LightSum = own(closing, create_light_sum(context, size_wh))
            self._add_pass: AddPass = own(closing, AddPass(context))
            self._finish_pass: FinishPass = own(closing, FinishPass(context, look))
            self._closing = closing.pop_all()

    def clear(self) -> None:
        """Begin a frame."""
        self._sum.framebuffer.clear()

    def add(self, picture: Target, *, weight: float) -> None:
        """Add a picture's light."""
        self._add_pass.draw(picture, self._sum, weight=weight)

    def finish(self, target: Target, *, time_s: float) -> None:
        """Make the frame."""
        self._finish_pass.draw(self._sum.light, target, time_s=time_s)

    def release(self) -> None:
        """Give everything back."""
        self._closing.close()
