"""What is drawn into."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from parallax.gpu.context import Context

SRGB8_ALPHA8 = 0x8C43  # bytes as they are, or LINEAR light that the device encodes: GL decides
FRAMES_IN_FLIGHT = 2  # one is drawn while the one before is read


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A picture on the device.

    Attributes:
        context: The device.
        colour: The texture that is drawn into: of sRGB, or of planes (`create_planes`).
        framebuffer: To draw with.
        size_wh: In pixels.
    """

    context: Context
    colour: Any
    framebuffer: Any
    size_wh: tuple[int, int]

    def release(self) -> None:
        """Give everything back."""
        self.context.park()
        self.framebuffer.release()
        self.colour.release()


def own(closing: ExitStack, resource: Any) -> Any:
    """The resource, to be released when the stack is closed."""
    closing.callback(resource.release)
    return resource


def create_target(context: Context, size_wh: tuple[int, int], *, depth: Any = None) -> Target:
    """A target of this size.

    Args:
        context: The device.
        size_wh: In pixels.
        depth: A renderbuffer of the same size, None where nothing is hidden by anything.

    Raises:
        ContextError: Larger than the device allows, or out of memory.
    """
    context.check_size("frame", size_wh)
    colour = context.gl.texture(size_wh, 4, internal_format=SRGB8_ALPHA8)
    colour.repeat_x = colour.repeat_y = False
    framebuffer = context.gl.framebuffer([colour], depth)
    context.check_error(f"frame of {size_wh[0]}×{size_wh[1]}")
    return Target(context, colour, framebuffer, size_wh)


def create_planes(context: Context, picture_wh: tuple[int, int]) -> Target:
    """A target of one byte a pixel for a picture's planes: as wide, half as tall again.

    Raises:
        ContextError: Larger than the device allows, or out of memory.
        ValueError: The picture's sides are not even.
    """
    width, height = picture_wh
    if width % 2 or height % 2:
        raise ValueError(f"create_planes: expected even sides, got {width}×{height}")
    size_wh = width, height * 3 // 2
    context.check_size("planes", size_wh)
    levels = context.gl.texture(size_wh, 1)
    framebuffer = context.gl.framebuffer([levels])
    context.check_error(f"planes of {width}×{height}")
    return Target(context, levels, framebuffer, size_wh)


@dataclass(frozen=True, slots=True, eq=False)
class LightSum:
    """LINEAR light on the device, fine enough to add many pictures up.

    In RGBA16F a hundred of them lose a level of 255 in dark tones.

    Attributes:
        context: The device.
        light: An RGBA32F texture.
        framebuffer: To draw with.
    """

    context: Context
    light: Any
    framebuffer: Any

    def release(self) -> None:
        """Give everything back."""
        self.context.park()
        self.framebuffer.release()
        self.light.release()


def create_light_sum(context: Context, size_wh: tuple[int, int]) -> LightSum:
    """A sum of this size.

    Raises:
        ContextError: Larger than the device allows, or out of memory.
    """
    context.check_size("frame", size_wh)
    light = context.gl.texture(size_wh, 4, dtype="f4")
    light.repeat_x = light.repeat_y = False
    framebuffer = context.gl.framebuffer([light])
    context.check_error(f"sum of light of {size_wh[0]}×{size_wh[1]}")
    return LightSum(context, light, framebuffer)
