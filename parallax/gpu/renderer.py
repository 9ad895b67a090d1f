"""`Renderer`: a scene seen from one camera after another."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from parallax.camera import ResolvedCamera
from parallax.frame import Frame, PlanarFrame
from parallax.gpu.context import Context, DeviceName, open_context
from parallax.gpu.exposure import lens_points
from parallax.gpu.finish import FinishLook, Gathering
from parallax.gpu.passes import ResolvePass
from parallax.gpu.planes import PlanarReadback, PlanesPass
from parallax.gpu.readback import Readback, SpareArrays
from parallax.gpu.scene_on_device import SceneOnDevice
from parallax.gpu.target import (
    FRAMES_IN_FLIGHT,
    Target,
    create_target,
    own,
)
from parallax.gpu.texture import SampleGrid
from parallax.gpu.tile import plan_tiles
from parallax.motion_plan import Motion
from parallax.scene import Scene

TEXELS_PER_PX = 2  # a side: parallax/gpu/texture.py says why; a third would cost 100 MB a layer
LARGE_FRAME_PX = 4e6  # from here on one texel a pixel: the blur between texels is too small to see
CANVAS_SIDE_PX = 4096  # of samples drawn at once: 8K at 2×2 all at once would take 1.2 GB
COVERED = 0xFF000000  # a pixel's four bytes as one number, from here on with an alpha of 255
WORTH_DETAIL = 1.15  # a smaller zoom shows no detail that the photo at the film's size lacks

Exposure = ResolvedCamera | Sequence[ResolvedCamera]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderParams:
    """How frames are drawn."""

    supersample: int = 1
    """Samples a side of each pixel: 1, 2 or 4."""
    lens_radius_su: float = 0.0
    """Of the opening of the lens; 0 is sharp everywhere. What is infinitely far behind a focus at
    `focus_su` becomes a disc `2 · focal_px · lens_radius_su / focus_su` pixels wide."""
    lens_samples: int = 48
    """Points of the lens that a frame is drawn from, if its radius is not 0."""
    vignette: float = 0.0
    """How much of their light the corners lose, 0 up to 0.95."""
    grain: float = 0.0
    """Standard deviation of the film's grain in mid-tones, of the range of bytes, 0…0.2."""
    distortion: float = 0.0
    """How much larger the middle of the frame is than straight lines would have it, 0…0.3; the
    corners stay where they are."""
    device: DeviceName = "auto"
    """An index of `list_devices`, "software", or "auto" for the best there is."""

    def __post_init__(self) -> None:
        if self.supersample not in (1, 2, 4):
            raise ValueError(
                f"RenderParams.supersample: expected 1, 2 or 4, got {self.supersample}"
            )
        for name, low, high in (
            ("lens_radius_su", 0.0, 10.0),
            ("lens_samples", 1, 1024),
            ("vignette", 0.0, 0.95),
            ("grain", 0.0, 0.2),
            ("distortion", 0.0, 0.3),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"RenderParams.{name}: expected {low}…{high}, got {value}")


class Renderer:
    """Draws a scene; a context manager, to be used on the thread that made it.

    The same scene and cameras give the same bytes on the same device, in any order.

    Attributes:
        device: The driver's name of what draws.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        size_wh: tuple[int, int],
        params: RenderParams | None = None,
        context: Context | None = None,
        motion: Motion | None = None,
    ) -> None:
        """Upload the scene.

        Args:
            scene: What there is.
            size_wh: Of the frames, in pixels.
            params: How to draw.
            context: An open context to draw with; None opens one for this renderer alone.
            motion: How it moves; None where all stands still.

        Raises:
            ContextError: There is no device, or it is too small.
        """
        self._size_wh = size_wh
        self._params = params or RenderParams()
        self._finish_look = FinishLook(
            self._params.vignette, self._params.grain, self._params.distortion
        )
        self._frames_asked_for = False
        self._planar_readbacks: list[PlanarReadback] | None = None
        with ExitStack() as closing:
            self._context = context or closing.enter_context(open_context(self._params.device))
            self._add_targets(closing)
            grid = _choose_grid(size_wh, self._params.supersample, scene.reach.zoom)
            self._scene = own(
                closing, SceneOnDevice(self._context, scene, motion=motion, grid=grid)
            )
            self._add_passes(closing)
            self._closing = closing.pop_all()
        self.device = self._context.renderer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def frames(self, exposures: Iterable[Exposure]) -> Iterator[Frame]:
        """One frame for each exposure, in their order, numbered from 0.

        A frame is drawn while the one before it is read back; each has an array of its own.

        Args:
            exposures: A camera for each frame; or several, whose light is averaged, as an open
                shutter does (`parallax.gpu.exposure.shutter_times`). The frame's time is that of
                the one in the middle.

        Raises:
            RuntimeError: Another iterator of this renderer is not finished.
        """
        for index, cameras, srgb8 in self._pictures(exposures, self._readbacks):
            yield Frame(index, _time_of(cameras), srgb8)

    def planar_frames(self, exposures: Iterable[Exposure]) -> Iterator[PlanarFrame]:
        """As `frames`, in the planes that an encoder takes, which the device makes.

        A card then hands over 1.5 bytes a pixel instead of 4, and the processor converts nothing.
        A software device would take longer for that than the processor alone.

        Raises:
            RuntimeError: Another iterator of this renderer is not finished.
            ValueError: The frames' sides are not even.
        """
        self._leaves_out_farthest = False  # planes have no alpha to tell by
        if self._planar_readbacks is None:
            self._planar_readbacks = self._start_planes()
        for index, cameras, yuv8 in self._pictures(exposures, self._planar_readbacks):
            yield PlanarFrame(index, _time_of(cameras), yuv8)

    def render(self, exposure: Exposure) -> Frame:
        """The frame of one exposure."""
        (frame,) = self.frames([exposure])
        return frame

    def count_uncovered(self, camera: ResolvedCamera) -> int:
        """How many samples no opaque triangle covers: 0 for a scene built for this camera."""
        canvas = self._canvas or self._readbacks[0].target
        width, height = canvas.size_wh
        srgb8 = np.empty((height, width, 4), np.uint8)
        uncovered = 0
        for tile in self._tiles:
            self._scene.draw_opaque(camera, canvas, part_uv=tile.part_uv, clear_alpha=0.0)
            canvas.framebuffer.read_into(srgb8, components=4)
            uncovered += int(np.count_nonzero(tile.own_samples(srgb8)[..., 3] == 0))
        return uncovered

    def _pictures(
        self, exposures: Iterable[Exposure], readbacks: Sequence[Readback | PlanarReadback]
    ) -> Iterator[tuple[int, list[ResolvedCamera], NDArray[np.uint8]]]:
        """The number, the cameras and the bytes of each frame; one is drawn while one is read."""
        if self._frames_asked_for:
            raise RuntimeError("Renderer.frames: expected the iterator before to be finished")
        self._frames_asked_for = True
        try:
            in_flight: deque[_InFlight] = deque()
            for index, exposure in enumerate(exposures):
                cameras = [exposure] if isinstance(exposure, ResolvedCamera) else list(exposure)
                readback = readbacks[index % len(readbacks)]
                self._expose(cameras, readback.target)
                readback.start()
                in_flight.append(_InFlight(index, cameras, readback, self._leaves_out_farthest))
                if len(in_flight) == len(readbacks):
                    yield self._finish(in_flight.popleft())
            while in_flight:
                yield self._finish(in_flight.popleft())
        finally:
            self._frames_asked_for = False

    def _add_targets(self, closing: ExitStack) -> None:
        """What is drawn into: the frames in flight and, for supersampling, a finer canvas."""
        samples = self._params.supersample
        self._context.check_size("frame", self._size_wh)
        side_px = min(CANVAS_SIDE_PX, self._context.max_side_px) // samples
        self._tiles = plan_tiles(self._size_wh, side_px if samples > 1 else max(self._size_wh))
        canvas_wh = (self._tiles[0].size_wh[0] * samples, self._tiles[0].size_wh[1] * samples)
        depth = own(closing, self._context.gl.depth_renderbuffer(canvas_wh))
        self._canvas: Target | None = None
        if samples > 1:
            self._canvas = own(closing, create_target(self._context, canvas_wh, depth=depth))
        own_depth = None if self._canvas else depth
        self._readbacks: list[Readback] = []
        spare = SpareArrays()
        for _ in range(FRAMES_IN_FLIGHT):
            target = create_target(self._context, self._size_wh, depth=own_depth)
            self._readbacks.append(own(closing, Readback(self._context, target, spare)))

    def _add_passes(self, closing: ExitStack) -> None:
        """The passes over a drawn scene that are wanted, and no others."""
        self._extras = closing.enter_context(ExitStack())
        self._resolve_pass: ResolvePass | None = None
        if self._params.supersample > 1:
            resolve = ResolvePass(self._context, supersample=self._params.supersample)
            self._resolve_pass = own(closing, resolve)
        self._gathering: Gathering | None = None
        self._picture: Target | None = None
        # Next to nothing is seen of the layer behind all others, and passing over it takes a
        # software device 12 % of a frame. A frame's own alpha tells where it was missed
        self._leaves_out_farthest = (
            self._context.device.is_software and self._canvas is None and self._scene.can_leave_out
        )

    def _start_planes(self) -> list[PlanarReadback]:
        """What is needed to hand frames over in planes."""
        planes_pass = own(self._extras, PlanesPass(self._context))
        spare = SpareArrays()
        return [
            own(self._extras, PlanarReadback(self._context, each.target, planes_pass, spare))
            for each in self._readbacks
        ]

    def _start_gathering(self) -> Gathering:
        """What is needed to add pictures up and to finish the sum."""
        self._leaves_out_farthest = False  # gathered frames are opaque and do not tell
        if self._canvas:
            depth = own(self._extras, self._context.gl.depth_renderbuffer(self._size_wh))
            picture = create_target(self._context, self._size_wh, depth=depth)
            self._picture = own(self._extras, picture)
        gathering: Gathering = own(
            self._extras, Gathering(self._context, self._size_wh, self._finish_look)
        )
        return gathering

    def _finish(self, drawn: "_InFlight") -> tuple[int, list[ResolvedCamera], NDArray[np.uint8]]:
        """The frame that has been drawn; drawn again where it lacks a layer that can be seen."""
        readback, lacks_farthest = drawn.readback, drawn.lacks_farthest
        picture8 = readback.finish()
        is_second_try = False
        while lacks_farthest and int(picture8.view("<u4").min()) < COVERED:
            covered = picture8[..., 3] == 255
            is_more_drawn = self._scene.uncover(drawn.cameras[0], covered)
            if is_second_try and not is_more_drawn:
                self._leaves_out_farthest = lacks_farthest = False
            is_second_try = True
            readback.target.framebuffer.scissor = _box_around(~covered)
            self._expose(drawn.cameras, readback.target)
            readback.start()
            readback.target.framebuffer.scissor = None
            picture8 = readback.finish()
        return drawn.index, drawn.cameras, picture8

    def _expose(self, cameras: list[ResolvedCamera], target: Target) -> None:
        """Draw one frame."""
        radius_su = self._lens_radius_su(cameras)
        if len(cameras) == 1 and radius_su == 0 and self._finish_look == FinishLook():
            self._draw(cameras[0], target)
            return
        if self._gathering is None:
            self._gathering = self._start_gathering()
        # Each camera looks through as many points of the lens as the others
        num_lens = self._params.lens_samples if radius_su else 1
        lens = lens_points(radius_su, -(-num_lens // len(cameras)) * len(cameras))
        num_pictures = max(len(lens), len(cameras))
        places_px = _sample_places_px(self._params.supersample)
        is_fine = num_pictures >= len(places_px)
        picture = (self._picture or target) if is_fine else target
        self._gathering.clear()
        for k in range(num_pictures):
            moment = k % len(cameras)
            camera, point_su = cameras[moment], lens[k % len(lens)]
            if is_fine:  # then the pictures are the samples of a pixel, each with its own place
                # One place after the other while the shutter is open: in turns, they would part
                # the streak of a small thing into bright and dark teeth
                place = k % len(places_px)
                if len(cameras) >= len(places_px):
                    place = moment * len(places_px) // len(cameras)
                self._draw_shifted(camera, point_su, picture, places_px[place])
            else:
                self._draw(camera, picture, point_su)
            self._gathering.add(picture, weight=1 / num_pictures)
        self._gathering.finish(target, time_s=_time_of(cameras))

    def _lens_radius_su(self, cameras: list[ResolvedCamera]) -> float:
        """Of the lens as the path says, else as the film's parameters say."""
        aperture_su = cameras[len(cameras) // 2].aperture_su
        return self._params.lens_radius_su if aperture_su is None else aperture_su / 2

    def _draw(
        self,
        camera: ResolvedCamera,
        target: Target,
        lens_offset_su: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Draw one picture, as finely as asked for."""
        for tile in self._tiles:
            self._scene.draw(
                camera,
                self._canvas or target,
                part_uv=tile.part_uv,
                lens_offset_su=lens_offset_su,
                with_farthest=not self._leaves_out_farthest,
            )
            if self._canvas and self._resolve_pass:
                self._resolve_pass.draw(self._canvas, target, box_px=tile.box_px)

    def _draw_shifted(
        self,
        camera: ResolvedCamera,
        lens_offset_su: tuple[float, float],
        picture: Target,
        place_px: tuple[float, float],
    ) -> None:
        """Draw one picture with a sample a pixel, beside its middle."""
        x, y = place_px[0] / self._size_wh[0], place_px[1] / self._size_wh[1]
        self._scene.draw(
            camera, picture, part_uv=(x, y, 1 + x, 1 + y), lens_offset_su=lens_offset_su
        )


@dataclass(frozen=True, slots=True)
class _InFlight:
    """A frame that is being drawn or read back."""

    index: int
    cameras: list[ResolvedCamera]
    readback: Readback | PlanarReadback
    lacks_farthest: bool


def _choose_grid(size_wh: tuple[int, int], supersample: int, zoom: float) -> SampleGrid:
    """How fine a film's textures are to be: as fine as anybody sees, and no finer."""
    is_large = size_wh[0] * size_wh[1] > LARGE_FRAME_PX
    texels_per_px = 1 if is_large and supersample == 1 else TEXELS_PER_PX
    detail_per_px = supersample * (zoom if zoom > WORTH_DETAIL else 1.0)
    return SampleGrid(
        size_wh, texels_per_px, supersample, detail_per_px=min(detail_per_px, texels_per_px)
    )


def _box_around(chosen: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is True in (H, W)."""
    rows, columns = np.flatnonzero(chosen.any(1)), np.flatnonzero(chosen.any(0))
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1


def _sample_places_px(supersample: int) -> list[tuple[float, float]]:
    """Where a pixel's samples lie about its middle, x and y: one beside the other, up and down."""
    places = [(k + 0.5) / supersample - 0.5 for k in range(supersample)]
    return [(x, y) for k, x in enumerate(places) for y in places[:: -1 if k % 2 else 1]]


def _time_of(cameras: list[ResolvedCamera]) -> float:
    """The moment that a frame shows: that of the camera in the middle."""
    return cameras[len(cameras) // 2].time_s
