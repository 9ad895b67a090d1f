"""The encoder: frames in, a film that plays everywhere out."""

from parallax.video.convert import PLANAR_FORMAT
from parallax.video.encode import VideoParams, available_encoders, write_video
from parallax.video.image import ImageFormat, save_frames
from parallax.video.probe import VideoInfo, probe_video
from parallax.video.profiles import PROFILES, Profile, Quality, choose_profile

__all__ = [
    "PLANAR_FORMAT",
    "PROFILES",
    "ImageFormat",
    "Profile",
    "Quality",
    "VideoInfo",
    "VideoParams",
    "available_encoders",
    "choose_profile",
    "probe_video",
    "save_frames",
    "write_video",
]
