"""`Drawing`: lines, dots and words, as SVG text or as a PNG picture."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Floats = NDArray[np.float64]
FINER = 2  # a PNG is drawn so many times larger and shrunk, for smooth lines
TEXT_PX = 13


@dataclass(frozen=True, slots=True, eq=False)
class _Stroke:
    """A line through points (N, 2), in pixels."""

    points: Floats
    color: str
    width: float


@dataclass(frozen=True, slots=True)
class _Dot:
    """A filled circle."""

    xy: tuple[float, float]
    color: str
    radius: float


@dataclass(frozen=True, slots=True)
class _Word:
    """A line of text that begins at a point on its base line."""

    xy: tuple[float, float]
    text: str
    color: str


@dataclass(slots=True)
class Drawing:
    """What is drawn, in order; pixels from the top left.

    Attributes:
        size_wh: In pixels.
        paper: Its colour.
    """

    size_wh: tuple[int, int]
    paper: str = "#ffffff"
    marks: list[_Stroke | _Dot | _Word] = field(default_factory=list)

    def line(
        self, points: Floats | Sequence[tuple[float, float]], color: str, width: float
    ) -> None:
        """A line through points (N, 2)."""
        self.marks.append(_Stroke(np.asarray(points, np.float64), color, width))

    def dot(self, xy: tuple[float, float], color: str, radius: float) -> None:
        """A filled circle."""
        self.marks.append(_Dot(xy, color, radius))

    def word(self, xy: tuple[float, float], text: str, color: str = "#555555") -> None:
        """A line of text."""
        self.marks.append(_Word(xy, text, color))

    def svg(self) -> str:
        """The drawing as SVG."""
        width, height = self.size_wh
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="{TEXT_PX}">',
            f'<rect width="{width}" height="{height}" fill="{self.paper}"/>',
        ]
        for mark in self.marks:
            if isinstance(mark, _Stroke):
                points = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
                parts.append(
                    f'<polyline points="{points}" fill="none" stroke="{mark.color}" '
                    f'stroke-width="{mark.width:g}" stroke-linejoin="round"/>'
                )
            elif isinstance(mark, _Dot):
                x, y = mark.xy
                parts.append(
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{mark.radius:g}" fill="{mark.color}"/>'
                )
            else:
                x, y = mark.xy
                text = escape(mark.text)
                parts.append(f'<text x="{x:.1f}" y="{y:.1f}" fill="{mark.color}">{text}</text>')
        return "\n".join([*parts, "</svg>\n"])

    def png(self) -> bytes:
        """The drawing as PNG."""
        width, height = self.size_wh
        picture = Image.new("RGB", (width * FINER, height * FINER), self.paper)
        pen = ImageDraw.Draw(picture)
        font = ImageFont.load_default(TEXT_PX * FINER)
        for mark in self.marks:
            if isinstance(mark, _Stroke):
                points = [(float(x) * FINER, float(y) * FINER) for x, y in mark.points]
                pen.line(points, mark.color, max(1, round(mark.width * FINER)), joint="curve")
            elif isinstance(mark, _Dot):
                x, y, r = (value * FINER for value in (*mark.xy, mark.radius))
                pen.ellipse((x - r, y - r, x + r, y + r), mark.color)
            else:
                x, y = mark.xy
                pen.text((x * FINER, y * FINER), mark.text, mark.color, font, anchor="ls")
        buffer = io.BytesIO()
        picture.resize(self.size_wh, Image.Resampling.LANCZOS).save(buffer, "PNG")
        return buffer.getvalue()
