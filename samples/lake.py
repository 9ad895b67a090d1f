"""The sample `lake`: a jetty and a boat before mountains, in the sun of a late afternoon."""

import numpy as np

from samples.far_shore import far_forest, far_land, islets
from samples.jetty import boat, jetty
from samples.light import sky_lamps
from samples.near_shore import grass, near_ground, near_trees, stones
from samples.setting import Batch, Camera, Lamp, Setting
from samples.terrain import erode_mountains

SIZE_WH = (1920, 1280)
CAMERA = Camera(eye_m=(0.0, 2.25, 0.0), yaw_deg=0.0, pitch_deg=-3.6, focal_35mm=28.0)
SUN = (-0.79, 0.50, 0.36)
SUN_LIGHT = (3.5, 2.85, 2.05)


def lake_setting(num_lamp_sets: int) -> Setting:
    """The whole scene."""
    rng = np.random.default_rng(11)
    sun = np.asarray(SUN) / np.linalg.norm(SUN)
    heights_m = erode_mountains(3)
    batches = [
        Batch(far_land(heights_m), "terrain", "ground", reach="far"),
        *far_forest(heights_m, rng),
        *islets(rng),
        Batch(near_ground(), "ground", "ground"),
        *jetty(rng),
        *boat(),
        *near_trees(),
        *stones(rng),
        *grass(rng),
    ]
    return Setting(
        name="lake",
        size_wh=SIZE_WH,
        camera=CAMERA,
        batches=tuple(batches),
        lamps=sky_lamps(Lamp(tuple(sun), SUN_LIGHT, is_sun=True), num_lamp_sets, num_sky=5),
        near_box=(0.5, 1.0, -8.5, 13.0),
        far_box=(0.0, 400.0, -5000.0, 6500.0),
        sun=tuple(sun),
        sun_light=SUN_LIGHT,
        has_water=True,
        haze_m=11000.0,
        ambient=(0.10, 0.11, 0.11),
        exposure=0.80,
        grain=0.008,
    )
