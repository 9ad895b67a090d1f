"""An OpenGL 3.3 context without a window, and the devices it can be had on."""

import ctypes
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import moderngl

from parallax.errors import ContextError
from parallax.gpu.program import Programs

LOGGER = logging.getLogger("parallax.gpu")
GL_VERSION = 330  # macOS ends at 4.1, WSL at 4.1, old Mesa at 3.3: everybody has this one
LIB_GL, LIB_EGL = "libGL.so.1", "libEGL.so.1"  # slim images lack the names without a number
MAX_DEVICES = 32  # as many as a large server shows
EGL_EXTENSIONS = 0x3055
EGL_DRM_DEVICE_FILE = 0x3233
EGL_CUDA_DEVICE = 0x323A
HOW_TO_INSTALL = (
    "install it with: apt-get install libegl1 libgl1 libegl-mesa0 libgl1-mesa-dri "
    "(in a container with an NVIDIA card also set NVIDIA_DRIVER_CAPABILITIES=all)"
)

DeviceName: TypeAlias = Literal["auto", "software"] | int


@dataclass(frozen=True, slots=True)
class Device:
    """One thing that can draw.

    Attributes:
        index: What `open_context` calls it, EGL's own order.
        is_software: Draws with the processor.
        drm_file: Such as /dev/dri/card0, where the driver says.
        cuda_index: CUDA's number of the same card, where there is one.
    """

    index: int
    is_software: bool
    drm_file: str | None = None
    cuda_index: int | None = None


class Context:
    """An open OpenGL context, to be closed on the thread that opened it.

    Attributes:
        gl: The moderngl context.
        device: Which device it draws on.
        programs: Compiled for it so far.
    """

    def __init__(self, gl: Any, device: Device) -> None:
        self.gl = gl
        self.device = device
        self.programs = Programs(gl)
        self._parking = gl.simple_framebuffer((1, 1))

    @property
    def renderer(self) -> str:
        """The driver's name of the device, GL_RENDERER."""
        return str(self.gl.info["GL_RENDERER"])

    @property
    def max_side_px(self) -> int:
        """Largest width or height of a texture or a frame."""
        return min(
            int(self.gl.info["GL_MAX_TEXTURE_SIZE"]),
            int(self.gl.info["GL_MAX_RENDERBUFFER_SIZE"]),
            *(int(side) for side in self.gl.info["GL_MAX_VIEWPORT_DIMS"]),
        )

    def check_size(self, what: str, size_wh: tuple[int, int]) -> None:
        """Nothing, if the device can hold a picture of this size.

        Raises:
            ContextError: It cannot; OpenGL itself would say nothing and draw black.
        """
        if max(size_wh) > self.max_side_px:
            raise ContextError(
                f"{what}: expected at most {self.max_side_px} px a side on {self.renderer}, "
                f"got {size_wh[0]}×{size_wh[1]}"
            )

    def check_error(self, what: str) -> None:
        """Nothing, if OpenGL has not complained since the last check.

        Raises:
            ContextError: It has, as a rule because memory ran out.
        """
        error = self.gl.error
        if error != "GL_NO_ERROR":
            raise ContextError(f"{what}: expected no error on {self.renderer}, got {error}")

    def park(self) -> None:
        """Leave the framebuffer in use, so that it can be released.

        moderngl goes back to the one in use after making another, also where it is gone by then,
        which OpenGL calls an error.
        """
        self._parking.use()

    def close(self) -> None:
        """Give everything back."""
        self.programs.release()
        self._parking.release()
        self.gl.release()


@contextmanager
def open_context(device: DeviceName = "auto") -> Iterator[Context]:
    """A context on the device asked for, closed at the end of the block.

    Args:
        device: An index of `list_devices`; "software"; or "auto": each piece of hardware in turn,
            then software.

    Raises:
        ContextError: No such device, or none that offers OpenGL 3.3.
    """
    context = _create_context(device)
    LOGGER.info("drawing on %s (device %d)", context.renderer, context.device.index)
    try:
        yield context
    finally:
        context.close()


def list_devices() -> list[Device]:
    """The devices that EGL knows, in its order; empty where there is no EGL."""
    try:
        egl = ctypes.CDLL(LIB_EGL)
    except OSError:
        return []
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    query_devices = egl.eglGetProcAddress(b"eglQueryDevicesEXT")
    if not query_devices:
        return []
    query = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_int)
    )(query_devices)
    num_devices = ctypes.c_int()
    handles = (ctypes.c_void_p * MAX_DEVICES)()
    if not query(MAX_DEVICES, handles, ctypes.byref(num_devices)):
        return []
    return [_describe_device(egl, i, handles[i]) for i in range(num_devices.value)]


def _describe_device(egl: ctypes.CDLL, index: int, handle: int | None) -> Device:
    """What EGL tells of one device."""
    query_string = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int)(
        egl.eglGetProcAddress(b"eglQueryDeviceStringEXT")
    )
    query_number = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_ssize_t)
    )(egl.eglGetProcAddress(b"eglQueryDeviceAttribEXT"))
    extensions = (query_string(handle, EGL_EXTENSIONS) or b"").decode().split()
    drm_file = None
    if "EGL_EXT_device_drm" in extensions:
        drm_file = (query_string(handle, EGL_DRM_DEVICE_FILE) or b"").decode() or None
    cuda_index = ctypes.c_ssize_t(-1)
    if "EGL_NV_device_cuda" in extensions:
        query_number(handle, EGL_CUDA_DEVICE, ctypes.byref(cuda_index))
    return Device(
        index=index,
        is_software="EGL_MESA_device_software" in extensions,
        drm_file=drm_file,
        cuda_index=cuda_index.value if cuda_index.value >= 0 else None,
    )


def _create_context(wanted: DeviceName) -> Context:
    """A context on the first device wanted that gives one."""
    devices = list_devices()
    if not devices:
        raise ContextError(f"OpenGL: expected a device of EGL, got none; {HOW_TO_INSTALL}")
    refusals = []
    for device in _devices_to_try(devices, wanted):
        try:
            gl = moderngl.create_context(GL_VERSION, True, **_settings(device))
        except Exception as error:  # glcontext raises nothing more particular
            refusals.append(f"device {device.index}: {error}")
            LOGGER.warning("device %d cannot be used: %s", device.index, error)
            continue
        return Context(gl, device)
    raise ContextError(
        f"OpenGL: expected version {GL_VERSION / 100:.1f}, got {'; '.join(refusals)}; "
        f"{HOW_TO_INSTALL}"
    )


def _settings(device: Device) -> Any:
    """How glcontext is told to use a device; moderngl's own type for this is wrong."""
    return {"backend": "egl", "device_index": device.index, "libgl": LIB_GL, "libegl": LIB_EGL}


def _devices_to_try(devices: list[Device], wanted: DeviceName) -> list[Device]:
    """The devices that answer to a name, the best first."""
    hardware = [device for device in devices if not device.is_software]
    software = [device for device in devices if device.is_software]
    if wanted == "auto":
        return hardware + software
    chosen = software if wanted == "software" else [d for d in devices if d.index == wanted]
    if not chosen:
        there = ", ".join(f"{d.index}{' (software)' if d.is_software else ''}" for d in devices)
        raise ContextError(f"device {wanted}: expected one of {there}, got no such device")
    return chosen
