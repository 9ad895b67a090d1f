"""Motion plans: reading, writing, addresses of mistakes, labelme files."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from parallax.errors import MotionError
from parallax.motion_plan import (
    REGION_TYPES,
    Arrow,
    MaskSpec,
    MotionPlan,
    Region,
    Wind,
    format_motion,
    load_motion,
    motion_schema,
    parse_motion,
    save_motion,
)

TRIANGLE = ((0.1, 0.1), (0.9, 0.1), (0.5, 0.8))


def random_plan(rng):
    regions = tuple(
        Region(
            id=f"region-{index}",
            type=REGION_TYPES[rng.integers(len(REGION_TYPES))],
            mask=MaskSpec(label="water", polygons=(TRIANGLE,)),
            source="arrows" if rng.random() < 0.5 else "auto",
            arrows=(Arrow((0.1, 0.2), (float(rng.random()), 0.5)),),
            anchors=(((0.5, 0.5),),),
            amplitude_pct=float(rng.uniform(0, 3)) if rng.random() < 0.5 else None,
            confidence=float(rng.random()),
        )
        for index in range(rng.integers(0, 4))
    )
    wind = Wind(float(rng.uniform(-180, 180)), float(rng.random()), float(rng.random()))
    return MotionPlan(
        regions=regions,
        freeze=(MaskSpec(label="person"),),
        wind=wind,
        seed=int(rng.integers(1000)),
        intensity=float(rng.uniform(0, 100)),
        loop=bool(rng.random() < 0.5),
    )


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_survives_its_file(seed, tmp_path):
    plan = random_plan(np.random.default_rng(seed))
    assert parse_motion(format_motion(plan), "x") == plan
    save_motion(tmp_path / "motion.json", plan)
    assert load_motion(tmp_path / "motion.json") == plan


def test_a_point_is_written_on_one_line(tmp_path):
    plan = MotionPlan(regions=(Region("a", "foliage", MaskSpec(polygons=(TRIANGLE,))),))
    save_motion(tmp_path / "motion.json", plan)
    assert "[0.1, 0.1]" in (tmp_path / "motion.json").read_text()


def plan_with(**region):
    whole = {"id": "a", "type": "grass", "mask": {"label": "sky"}, **region}
    return {"version": 1, "regions": [whole]}


@pytest.mark.parametrize(
    ("obj", "message"),
    [
        ({}, "m: version: expected 1, got none"),
        ({"version": 2}, "m: version: expected 1, got 2"),
        ([], "m: expected a JSON object, got list"),
        ({"version": 1, "colour": 3}, "m: colour: unknown key, expected one of duration_s, freeze"),
        ({"version": 1, "wind": {"sped": 1}}, "m: wind.sped: unknown key, expected one of direc"),
        ({"version": 1, "wind": {"speed": 3}}, "m: wind.speed: expected 0…1, got 3"),
        ({"version": 1, "intensity": "3"}, 'm: intensity: expected a valid number, got "3"'),
        ({"version": 1, "seed": 1.5}, "m: seed: expected a valid integer, got 1.5"),
        (plan_with(type="foo"), 'm: regions[0].type: expected .*, got "foo"'),
        (plan_with(mask={}), "m: regions[0].mask: expected a label, polygons, a file or inv_depth"),
        (plan_with(mask={"labe": 1}), "m: regions[0].mask.labe: unknown key, expected one of file"),
        (
            plan_with(mask={"polygons": [[[0, 0]]]}),
            "m: regions[0].mask.polygons[0]: expected 3 points or more, got 1",
        ),
        (plan_with(period_s=0), "m: regions[0].period_s: expected 0.1…3600, got 0"),
        (plan_with(source="arrows"), "m: regions[0].arrows: expected at least one, as source"),
        (
            {"version": 1, "regions": [*plan_with()["regions"] * 2]},
            "m: regions[1].id: expected a new name, got 'a' again",
        ),
        ({"version": 1, "regions": [{"type": "grass"}]}, "m: regions[0].id: expected a value"),
    ],
)
def test_a_mistake_is_told_with_its_address(obj, message):
    pattern = message.replace("[", r"\[").replace("]", r"\]")
    with pytest.raises(MotionError, match=f"^{pattern}"):
        parse_motion(obj, "m")


def test_a_file_that_is_no_json_is_told(tmp_path):
    file = tmp_path / "motion.json"
    with pytest.raises(MotionError, match="expected a JSON file, got nothing there"):
        load_motion(file)
    file.write_text("{")
    with pytest.raises(MotionError, match="line 1 column 2: expected JSON, got: Expecting"):
        load_motion(file)
    file.write_text('{"version": 1, "seed": NaN}')
    with pytest.raises(MotionError, match="expected finite numbers, got NaN"):
        load_motion(file)


def test_files_that_a_plan_names_lie_beside_it(tmp_path):
    plan = MotionPlan(regions=(Region("a", "smoke", MaskSpec(file="mask.png")),))
    save_motion(tmp_path / "motion.json", plan)
    loaded = load_motion(tmp_path / "motion.json")
    assert loaded.regions[0].mask.file == str(tmp_path / "mask.png")


def test_the_schema_names_every_key_and_forbids_others():
    schema = motion_schema()
    assert set(schema["properties"]) == {"version", *(f.name for f in fields(MotionPlan))}
    assert schema["additionalProperties"] is False
    region = schema["$defs"]["Region"]
    assert set(region["properties"]) == {f.name for f in fields(Region)}
    assert region["required"] == ["id", "type", "mask"]
    assert json.loads(json.dumps(schema)) == schema


def test_the_published_schema_is_the_one_that_is_read_by():
    published = Path(__file__).parent.parent / "samples" / "motion_plan.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == motion_schema()


def labelme(*shapes):
    return {"imageWidth": 200, "imageHeight": 100, "shapes": list(shapes), "version": "5.0.1"}


def shape(label, points, kind="polygon"):
    return {"label": label, "points": points, "shape_type": kind}


SQUARE = [[20, 10], [120, 10], [120, 60], [20, 60]]


def test_a_labelme_polygon_is_a_region_and_a_hint_is_its_arrow():
    obj = labelme(shape("river", SQUARE), shape("hint1", [[30, 20], [50, 20]], "line"))
    plan = parse_motion(obj, "m")
    (region,) = plan.regions
    assert region.type == "water.flow"
    assert region.source == "arrows"
    assert region.arrows == (Arrow((0.15, 0.2), (0.25, 0.2)),)
    assert region.mask.polygons[0][1] == (0.6, 0.1)


def test_a_labelme_polygon_called_freeze_stands_still():
    plan = parse_motion(labelme(shape("Freeze", SQUARE), shape("foliage", SQUARE)), "m")
    assert len(plan.freeze) == 1
    assert [region.type for region in plan.regions] == ["foliage"]


def test_a_hint_outside_every_polygon_moves_none_that_has_a_type():
    obj = labelme(shape("smoke", SQUARE), shape("hint", [[150, 90], [160, 90]], "line"))
    (region,) = parse_motion(obj, "m").regions
    assert region.source == "auto"
    assert region.arrows == ()


def test_an_odd_labelme_shape_is_a_warning_and_a_broken_one_an_error():
    plan = parse_motion(labelme(shape("x", [[1, 1]], "point")), "m")
    assert plan.warnings == ("shapes[0]: point 'x' is neither a mask nor an arrow",)
    with pytest.raises(MotionError, match=r"m: shapes\[0\]: expected a label and points"):
        parse_motion(labelme({"label": "x"}), "m")
