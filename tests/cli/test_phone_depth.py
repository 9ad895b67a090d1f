"""Depth inside a phone's photo, through the command line."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from parallax.cli.main import main

PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/" GDepth:Format="RangeLinear" '
    'GDepth:Near="1" GDepth:Far="{far}" GDepth:Data="{data}"/></rdf:RDF></x:xmpmeta>'
)


def save_photo(path, size_wh=(64, 48), far=4):
    """A photo whose upper half is four times as far as the lower."""
    levels = np.zeros((24, 32), np.uint8)
    levels[:12] = 255
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    packet = PACKET.format(far=far, data=base64.b64encode(file.getvalue()).decode())
    Image.new("RGB", size_wh, (90, 120, 60)).save(path, xmp=packet.encode())


def estimate(work, capsys, *more):
    arguments = ["depth", work / "p.jpg", "-o", work / "out.npy", "-y", "--json", *more]
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    assert caught.value.code == 0
    return json.loads(capsys.readouterr().out), np.load(work / "out.npy")


def test_the_depth_that_a_phone_wrote_is_used(tmp_path, capsys):
    save_photo(tmp_path / "p.jpg")
    done, inv_depth = estimate(tmp_path, capsys)
    assert done["depth"] == "the photo's GDepth"
    assert inv_depth[:22] == pytest.approx(0.25, abs=1e-6)  # between lies the blend of both
    assert inv_depth[26:] == pytest.approx(1)


@pytest.mark.weights
def test_a_network_that_is_asked_for_by_name_is_asked(tmp_path, capsys):
    save_photo(tmp_path / "p.jpg")
    assert estimate(tmp_path, capsys, "--depth-model", "embedded")[0]["depth"] == "embedded"


@pytest.mark.weights
@pytest.mark.parametrize(
    ("photo", "warning"),
    [({"size_wh": (48, 64)}, "another shape than the photo"), ({"far": 0.5}, "from 1.0 to 0.5")],
)
def test_a_depth_that_does_not_fit_is_left_with_a_warning(tmp_path, capsys, photo, warning):
    save_photo(tmp_path / "p.jpg", **photo)
    done, _ = estimate(tmp_path, capsys)
    assert done["depth"] != "the photo's GDepth"
    assert any(warning in line for line in done["warnings"])
