"""Depth that a phone wrote into its photo beside the picture."""

from parallax.phone_depth.find import PhoneDepth, read_phone_depth

__all__ = ["PhoneDepth", "read_phone_depth"]
