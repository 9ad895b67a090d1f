"""How a drawn picture comes back to the processor."""

import ctypes
import weakref
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parallax.gpu.context import LIB_GL, Context
from parallax.gpu.target import Target

SYNC_GPU_COMMANDS_COMPLETE = 0x9117
SYNC_FLUSH_COMMANDS = 1
WAIT_NS = 10**9  # then it is asked again
TIMEOUT_EXPIRED = 0x911B


class Readback:
    """One picture on its way from the device to the processor.

    A card copies into a buffer of its own while the next frame is drawn. A software device draws on
    threads of its own, so the next frame's triangles are placed meanwhile; its memory is ours, and
    is copied straight into the array.
    """

    def __init__(self, context: Context, target: Target, spare: "SpareArrays") -> None:
        width, height = target.size_wh
        self.target = target
        self._shape = (height, width, target.colour.components)
        self._spare = spare
        self._fence: int | None = None
        self._buffer = None
        if not context.device.is_software:
            self._buffer = context.gl.buffer(reserve=width * height * target.colour.components)

    def start(self) -> None:
        """Copy what was drawn, without waiting for it."""
        if self._buffer is not None:
            self.target.framebuffer.read_into(
                self._buffer, components=self.target.colour.components
            )
        else:
            self._drop_fence()
            self._fence = _sync_functions().glFenceSync(SYNC_GPU_COMMANDS_COMPLETE, 0)
            _sync_functions().glFlush()

    def finish(self) -> NDArray[np.uint8]:
        """uint8 (H, W, channels), an array of its own; waits until it is there."""
        srgb8 = self._spare.take(self._shape)
        if self._buffer is not None:
            self._buffer.read_into(srgb8)
            return srgb8
        # Asked for the texture, Mesa copies it; asked for the framebuffer that it belongs to, it
        # would wait for the next frame, which is being drawn by now
        wait = _sync_functions().glClientWaitSync
        while wait(self._fence, SYNC_FLUSH_COMMANDS, WAIT_NS) == TIMEOUT_EXPIRED:
            pass
        self._drop_fence()
        self.target.colour.read_into(srgb8)
        return srgb8

    def release(self) -> None:
        """Give everything back."""
        self._drop_fence()
        if self._buffer is not None:
            self._buffer.release()
        self.target.release()

    def _drop_fence(self) -> None:
        """No mark in the device's queue any more."""
        if self._fence is not None:
            _sync_functions().glDeleteSync(self._fence)
            self._fence = None


class SpareArrays:
    """Memory of frames that nobody looks at any more, for those to come.

    Memory that is asked of the system afresh is cleared first: 6 % of the time of a film.
    """

    def __init__(self) -> None:
        self._spare: list[NDArray[np.uint8]] = []

    def take(self, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
        """An array whose memory comes back here once no view of it is left."""
        num_bytes = int(np.prod(shape))
        try:
            memory = self._spare.pop()
        except IndexError:
            memory = np.empty(num_bytes, np.uint8)
        if len(memory) != num_bytes:
            memory = np.empty(num_bytes, np.uint8)
        array = np.frombuffer(memory.data, np.uint8)
        lease: Any = array.base  # a memoryview, which this array and every view of it hold
        weakref.finalize(lease, self._spare.append, memory).atexit = False
        return array.reshape(shape)


@cache
def _sync_functions() -> ctypes.CDLL:
    """OpenGL's marks in a device's queue, for which moderngl has no name."""
    gl = ctypes.CDLL(LIB_GL)
    gl.glFenceSync.restype = ctypes.c_void_p
    gl.glFenceSync.argtypes = [ctypes.c_uint, ctypes.c_uint]
    gl.glClientWaitSync.restype = ctypes.c_uint
    gl.glClientWaitSync.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint64]
    gl.glDeleteSync.argtypes = [ctypes.c_void_p]
    gl.glDeleteSync.restype = None
    gl.glFlush.restype = None
    return gl
