"""Devices: which there are, which is taken, and what is said where there is none."""

import pytest

from parallax.errors import ContextError
from parallax.gpu import context as context_module
from parallax.gpu.check import TEST_SRGB8, draw_test_pixel
from parallax.gpu.context import Device, list_devices, open_context

HARDWARE = Device(index=0, is_software=False, drm_file="/dev/dri/card0", cuda_index=0)
SOFTWARE = Device(index=1, is_software=True)


def test_the_devices_are_counted_in_the_order_of_egl(ctx):
    devices = list_devices()
    assert [device.index for device in devices] == list(range(len(devices)))
    assert any(device.is_software for device in devices)


def test_software_is_taken_when_it_is_asked_for(ctx):
    assert ctx.device.is_software
    assert ctx.renderer


def test_a_test_frame_comes_out_right(ctx):
    assert draw_test_pixel(ctx) == TEST_SRGB8


def test_a_device_that_is_not_there_is_an_error_that_names_those_that_are(ctx):
    with (
        pytest.raises(ContextError, match=r"device 99: expected one of 0.*got no such device"),
        open_context(99),
    ):
        pass


def test_no_device_at_all_is_an_error_that_says_what_to_install(monkeypatch):
    monkeypatch.setattr(context_module, "list_devices", list)
    with pytest.raises(ContextError, match="apt-get install libegl1"), open_context():
        pass


def test_a_missing_library_is_no_device(monkeypatch):
    monkeypatch.setattr(context_module, "LIB_EGL", "libEGL-not-there.so.9")
    assert list_devices() == []


def test_hardware_that_refuses_is_passed_over_for_software(ctx, monkeypatch, caplog):
    broken = Device(index=31, is_software=False)
    software = [device for device in list_devices() if device.is_software]
    monkeypatch.setattr(context_module, "list_devices", lambda: [broken, *software])
    with ctx.gl, open_context("auto") as opened:
        assert opened.device.is_software
    assert "device 31 cannot be used" in caplog.text


def test_when_every_device_refuses_each_refusal_is_told(monkeypatch):
    broken = [Device(index=31, is_software=False), Device(index=30, is_software=True)]
    monkeypatch.setattr(context_module, "list_devices", lambda: broken)
    with pytest.raises(ContextError, match=r"version 3.3, got device 31: .*; device 30: "):
        open_context("auto").__enter__()


def test_hardware_comes_before_software(monkeypatch):
    tried = context_module._devices_to_try([SOFTWARE, HARDWARE], "auto")
    assert tried == [HARDWARE, SOFTWARE]


def test_a_picture_larger_than_the_device_allows_is_refused(ctx):
    side = ctx.max_side_px
    ctx.check_size("frame", (side, side))
    with pytest.raises(ContextError, match=rf"frame: expected at most {side} px a side on .*, got"):
        ctx.check_size("frame", (side + 1, 2))


def test_an_error_of_opengl_is_told(ctx):
    ctx.gl.enable_direct(0xFFFF)  # no such thing
    with pytest.raises(ContextError, match=r"scene: expected no error on .*, got GL_INVALID_ENUM"):
        ctx.check_error("scene")
