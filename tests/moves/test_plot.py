"""Plots of paths: they are pictures, and show what they should."""

import io
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

from parallax.camera import Intrinsics
from parallax.depth_map import DepthMap
from parallax.moves import PRESETS, Stage, make_preset
from parallax.moves.drawing import Drawing
from parallax.moves.plot import END, START, plot_path, plot_sheet

STAGE = Stage(Intrinsics.from_fov((640, 480), 45.0), (640, 480))
SVG = "{http://www.w3.org/2000/svg}"


def pixels(drawing):
    with Image.open(io.BytesIO(drawing.png())) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def near(picture, color, tolerance=30):
    wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return np.abs(picture - wanted).max(-1) < tolerance


def test_a_line_goes_where_it_was_told():
    drawing = Drawing((40, 20))
    drawing.line([(5, 10), (35, 10)], "#ff0000", 4)
    found = np.argwhere(near(pixels(drawing), "#ff0000"))
    assert found[:, 0].min() >= 7 and found[:, 0].max() <= 12
    assert found[:, 1].min() == pytest.approx(5, abs=1)
    assert found[:, 1].max() == pytest.approx(35, abs=1)


def test_a_drawing_is_valid_svg_also_with_odd_words():
    drawing = Drawing((40, 20))
    drawing.word((2, 10), "a < b & c")
    drawing.dot((5, 5), "#00ff00", 2)
    drawing.line([(0, 0), (1, 1)], "#0000ff", 1)
    root = ElementTree.fromstring(drawing.svg())
    assert [child.tag for child in root] == [
        SVG + tag for tag in ("rect", "text", "circle", "polyline")
    ]
    assert root[1].text == "a < b & c"


@pytest.mark.parametrize("name", ["static", "circle", "handheld", "dolly-zoom"])
@pytest.mark.parametrize("with_depth", [False, True])
def test_a_plot_of_a_path_is_a_picture(name, with_depth):
    depth = None
    if with_depth:
        depth = DepthMap(np.linspace(0.1, 1, 48 * 64, dtype=np.float32).reshape(48, 64))
    drawing = plot_path(make_preset(name, STAGE), STAGE, title=name, depth=depth)
    root = ElementTree.fromstring(drawing.svg())
    texts = [element.text or "" for element in root.iter(SVG + "text")]
    assert texts[0].startswith(f"{name}   6 s")
    assert any("camera from above" in text for text in texts)
    numbers = [
        float(part)
        for line in root.iter(SVG + "polyline")
        for pair in line.attrib["points"].split()
        for part in pair.split(",")
    ]
    assert np.isfinite(numbers).all()
    picture = pixels(drawing)
    assert picture.shape[:2] == drawing.size_wh[::-1]
    assert near(picture, START).any()


def test_the_sheet_shows_a_pan_as_frames_that_move():
    drawing = plot_sheet({"pan-left": make_preset("pan-left", STAGE)}, STAGE, columns=1)
    picture = pixels(drawing)[26:191, 10:175]
    first = np.argwhere(near(picture, START))[:, 1].mean()
    last = np.argwhere(near(picture, END))[:, 1].mean()
    assert last < first - 5


def test_the_sheet_of_all_presets_has_all_names():
    drawing = plot_sheet({name: make_preset(name, STAGE) for name in PRESETS}, STAGE)
    texts = [element.text for element in ElementTree.fromstring(drawing.svg()).iter(SVG + "text")]
    assert texts == list(PRESETS)
