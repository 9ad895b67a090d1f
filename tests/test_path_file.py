"""The camera path's file: what is read, written, and refused, with which words."""

import json
from pathlib import Path

import numpy as np
import pytest

from parallax.curve import Tcb
from parallax.errors import PathError
from parallax.moves import params_schema
from parallax.path import (
    CameraPath,
    Keyframe,
    format_path,
    load_path,
    parse_path,
    path_schema,
    save_path,
)

SAMPLES = Path(__file__).parent.parent / "samples"
KEY = {"time_s": 0}
ORBIT = {
    "version": 1,
    "loop": True,
    "spline": "catmull-rom",
    "keyframes": [
        {
            "time_s": 0,
            "position_su": [0, 0, 0],
            "look_at_su": [0, 0, -2],
            "fov_deg": 45,
            "ease": "ease-in-out",
        },
        {
            "time_s": 3,
            "position_su": [0.05, 0, -0.1],
            "look_at_su": [0, 0, -2],
            "roll_deg": 0,
            "focus_su": 2,
        },
    ],
}


def with_keys(*keys, **rest):
    return {"version": 1, "keyframes": list(keys), **rest}


def random_path(rng):
    aims = bool(rng.random() < 0.5)
    num = int(rng.integers(1, 7))
    times_s = [0.0, *np.cumsum(rng.uniform(0.1, 2, num - 1)).tolist()]
    eases = ["linear", "hold", "easeOutBack", "cubic-bezier(0.1, 2, 0.5, 1)", "steps(3, start)"]

    def vector(size):
        return tuple(map(float, rng.normal(size=3) * size))

    keys = tuple(
        Keyframe(
            t,
            vector(0.2),
            look_at_su=(0.0, 0.1, -2.0) if aims else None,
            rotation_deg=None if aims else vector(30),
            roll_deg=float(rng.normal()) if aims else 0.0,
            fov_deg=float(rng.uniform(20, 80)) if rng.random() < 0.5 else None,
            focus_su=float(rng.uniform(1, 9)) if rng.random() < 0.5 else None,
            aperture_su=float(rng.uniform(0, 1)) if rng.random() < 0.5 else None,
            ease=str(rng.choice(eases)),
        )
        for t in times_s
    )
    alternate = bool(rng.random() < 0.5)
    loop = bool(rng.random() < 0.5)
    closed = loop or alternate
    tcb = Tcb(*map(float, rng.uniform(-1, 1, 3))) if rng.random() < 0.5 else Tcb()
    cycles = int(rng.integers(1, 4)) if closed else 1
    return CameraPath(
        keys,
        duration_s=float((times_s[-1] + 1) * cycles * (2 if alternate else 1)),
        loop=loop,
        alternate=alternate,
        cycles=cycles,
        phase=float(rng.random()) if closed else 0.0,
        spline="kochanek-bartels" if any(tcb) else "linear",
        tcb=tcb,
        ease="easeInOutSine",
    )


def test_the_example_of_the_documentation_is_read():
    path = parse_path(ORBIT, "orbit.json")
    assert path.loop and len(path.keyframes) == 2
    assert path.keyframes[0].ease == "ease-in-out"
    assert path.keyframes[1].focus_su == 2
    assert path.duration_s == 6  # the way back takes as long as the way there


def test_a_path_survives_its_file(tmp_path):
    rng = np.random.default_rng(0)
    for i in range(30):
        path = random_path(rng)
        assert parse_path(format_path(path), "p") == path
        file = tmp_path / f"{i}.json"
        save_path(file, path)
        assert load_path(file) == path


def test_a_byte_order_mark_is_skipped(tmp_path):
    file = tmp_path / "bom.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(ORBIT).encode())
    assert load_path(file) == parse_path(ORBIT, "x")


def test_an_editor_may_name_the_schema():
    assert parse_path({"$schema": "camera-path.json", **with_keys(KEY)}, "p").duration_s == 6


def test_one_key_is_a_static_shot():
    path = parse_path(with_keys({"time_s": 0, "fov_deg": 30}), "p")
    assert path.duration_s == 6 and not path.loop


def test_a_loop_that_repeats_its_first_key_lasts_until_then():
    keys = [
        {"time_s": t, "position_su": p} for t, p in ((0, [0, 0, 0]), (1, [1, 0, 0]), (2, [0, 0, 0]))
    ]
    assert parse_path(with_keys(*keys, loop=True), "p").duration_s == 2


def test_an_alternating_path_lasts_there_and_back_as_often_as_it_is_run():
    path = parse_path(with_keys(KEY, {"time_s": 2}, alternate=True, cycles=3), "p")
    assert path.duration_s == 12 and path.pass_s == 2


def test_a_stretched_path_keeps_its_shape():
    path = parse_path(ORBIT, "p").stretched(12)
    assert path.duration_s == 12
    assert [key.time_s for key in path.keyframes] == [0, 6]


def test_a_preset_is_extended_with_its_parameters():
    asked = []

    def extend(name, params, where):
        asked.append((name, dict(params), where))
        return CameraPath((Keyframe(0.0),))

    parse_path({"version": 1, "extends": "orbit", "params": {"amount": 2}}, "p", extend=extend)
    parse_path({"version": 1, "extends": "swing"}, "p", extend=extend)
    assert asked == [("orbit", {"amount": 2}, "p"), ("swing", {}, "p")]


LATER = {"time_s": 1, "position_su": [1, 0, 0]}
REFUSED = [
    ([], "p: expected an object with version and keyframes, got a list"),
    (None, "p: expected an object with version and keyframes, got null"),
    ({"keyframes": [KEY]}, "p: version: expected 1, got none"),
    ({"version": 2, "keyframes": [KEY]}, "p: version: expected 1, got 2"),
    ({"version": "1", "keyframes": [KEY]}, 'p: version: expected 1, got "1"'),
    ({"version": True, "keyframes": [KEY]}, "p: version: expected 1, got true"),
    ({"version": 1}, "p: keyframes: expected a list of keys, got none"),
    ({"version": 1, "keyframes": {}}, "p: keyframes: expected a list of keys, got an object"),
    (with_keys(), "p: keyframes: expected 1 to 20000, got 0"),
    (with_keys(3), "p: keyframes[0]: expected an object, got a number"),
    (with_keys({}), "p: keyframes[0].time_s: expected a number of seconds, got none"),
    (with_keys({"time_s": "0"}), 'p: keyframes[0].time_s: expected a number, got "0"'),
    (with_keys({"time_s": True}), "p: keyframes[0].time_s: expected a number, got true"),
    (with_keys({"time_s": -1}), "p: keyframes[0].time_s: expected 0 to 3600, got -1"),
    (with_keys({"time_s": float("nan")}), "keyframes[0].time_s: expected a finite number, got nan"),
    (with_keys({"time_s": 10**400}), "p: keyframes[0].time_s: expected a finite number, got inf"),
    (with_keys(LATER, KEY), "p: keyframes[1].time_s: must be after 1, got 0"),
    (with_keys(KEY, KEY), "p: keyframes[1].time_s: must be after 0, got 0"),
    (
        with_keys({**KEY, "fov": 45}),
        "p: keyframes[0].fov: unknown key, expected one of aperture_su, ease, focus_su, fov_deg, "
        "look_at_su, position_su, roll_deg, rotation_deg, time_s, did you mean fov_deg?",
    ),
    (
        with_keys({**KEY, "time": 45}),
        "p: keyframes[0].time: unknown key, expected one of aperture_su",
    ),
    (with_keys({**KEY, "postion_su": 1}), "did you mean position_su?"),
    (with_keys(KEY, smooth=True), "p: smooth: unknown key, expected one of $schema, alternate"),
    (with_keys({**KEY, "fov_deg": 0}), "p: keyframes[0].fov_deg: expected 0.5 to 170, got 0"),
    (with_keys({**KEY, "fov_deg": 180}), "p: keyframes[0].fov_deg: expected 0.5 to 170, got 180"),
    (
        with_keys({**KEY, "aperture_su": 11}),
        "p: keyframes[0].aperture_su: expected 0 to 10, got 11",
    ),
    (with_keys({**KEY, "focus_su": 0}), "p: keyframes[0].focus_su: expected 0.001 to 10000, got 0"),
    (
        with_keys({**KEY, "position_su": [0, 0]}),
        "p: keyframes[0].position_su: expected a list of three numbers, got 2",
    ),
    (
        with_keys({**KEY, "position_su": [0, 0, "1"]}),
        'p: keyframes[0].position_su[2]: expected a number, got "1"',
    ),
    (
        with_keys({**KEY, "position_su": [0, 1e9, 0]}),
        "p: keyframes[0].position_su[1]: expected -10000 to 10000, got 1e+09",
    ),
    (
        with_keys({**KEY, "look_at_su": [0, 0, -1], "rotation_deg": [0, 0, 0]}),
        "p: keyframes[0]: expected look_at_su or rotation_deg, got both",
    ),
    (
        with_keys({**KEY, "rotation_deg": [0, 0, 0], "roll_deg": 3}),
        "p: keyframes[0].roll_deg: goes with look_at_su; give roll as rotation_deg[2]",
    ),
    (
        with_keys({**KEY, "look_at_su": [0, 0, 0]}),
        "p: keyframes[0].look_at_su: expected a point away from position_su, got the same",
    ),
    (
        with_keys({**KEY, "look_at_su": [0, 0, -1]}, LATER),
        "p: keyframes[1]: expected look_at_su, as in keyframes[0]",
    ),
    (
        with_keys({**KEY, "ease": "ease-in-oot"}),
        "p: keyframes[0].ease: expected an ease such as linear",
    ),
    (
        with_keys({**KEY, "ease": "cubic-bezier(2, 0, 0, 1)"}),
        "p: keyframes[0].ease: expected x1 and x2 of cubic-bezier from 0 to 1, got 2 and 0",
    ),
    (with_keys({**KEY, "ease": 3}), "p: keyframes[0].ease: expected text, got 3"),
    (
        with_keys(KEY, spline="catmull"),
        "p: spline: expected one of linear, catmull-rom, kochanek-bartels, got "
        '"catmull", did you mean catmull-rom?',
    ),
    (with_keys(KEY, tension=0.5), "p: tension, continuity, bias: go with spline kochanek-bartels"),
    (
        with_keys(KEY, spline="kochanek-bartels", tension=2),
        "p: tension: expected -1 to 1, got 2",
    ),
    (with_keys(KEY, loop=1), "p: loop: expected true or false, got 1"),
    (with_keys(KEY, cycles=1.5, loop=True), "p: cycles: expected a whole number, got 1.5"),
    (with_keys(KEY, cycles=2), "p: cycles, phase: go with loop or alternate only"),
    (with_keys(KEY, duration_s=0), "p: duration_s: expected above 0, got 0"),
    (with_keys(KEY, duration_s=1e9), "p: duration_s: expected 0 to 3600, got 1e+09"),
    (
        with_keys(KEY, LATER, duration_s=0.5),
        "p: duration_s: expected at least 1, when the last key comes, got 0.5",
    ),
    (
        with_keys(KEY, LATER, loop=True, duration_s=1),
        "p: duration_s: expected more than 1, so that the loop has time to return",
    ),
    (with_keys(LATER, loop=True), "p: keyframes[0].time_s: expected 0 in a loop, got 1"),
    (with_keys(KEY, params={}), "p: params: goes with extends only"),
    ({"version": 1, "extends": "orbit"}, "p: extends: expected keyframes here, got the preset"),
    ({"version": 1, "extends": 1}, "p: extends: expected text, got 1"),
    ({"version": 1, "extends": "orbit", "params": []}, "p: params: expected an object, got a list"),
    (
        {"version": 1, "extends": "orbit", "loop": True},
        "p: loop: unknown key, expected one of $schema, extends, params, version",
    ),
]


@pytest.mark.parametrize(("obj", "message"), REFUSED)
def test_a_wrong_path_is_refused_with_its_address(obj, message):
    with pytest.raises(PathError) as error:
        parse_path(obj, "p")
    assert message in str(error.value)
    assert error.value.exit_code == 2
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_strict_json_is_refused(tmp_path):
    (tmp_path / "p.json").write_text('{"version": 1, "version": 1}')
    with pytest.raises(PathError, match=r"p.json: expected each key once in an object"):
        load_path(tmp_path / "p.json")


def test_a_path_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(PathError, match="expected to write a path"):
        save_path(tmp_path / "no" / "p.json", CameraPath((Keyframe(0.0),)))


# What only the reader can tell: JSON Schema does not compare one key with another
BEYOND_SCHEMA = (
    "must be after", "when the last key comes", "has time to return", "as in keyframes[0]",
    "0 in a loop", "go with", "roll_deg: goes", "away from position_su", "x1 and x2",
    "expected keyframes here", "got nan",
)  # fmt: skip


@pytest.mark.parametrize(("obj", "message"), REFUSED)
def test_the_schema_refuses_what_the_reader_refuses(obj, message):
    import jsonschema

    valid = jsonschema.Draft202012Validator(path_schema()).is_valid(obj)
    assert valid == any(words in message for words in BEYOND_SCHEMA)


def test_the_schema_takes_what_the_writer_writes():
    import jsonschema

    schema = path_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    rng = np.random.default_rng(1)
    for obj in [ORBIT, *(format_path(random_path(rng)) for _ in range(20))]:
        validator.validate(json.loads(json.dumps(obj)))


def test_the_published_schema_is_the_one_that_counts():
    published = json.loads((SAMPLES / "camera_path.schema.json").read_text())
    schema = path_schema(params_schema())
    assert published == schema, "run: parallax path schema > samples/camera_path.schema.json"


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*path.json")), ids=lambda file: file.stem)
def test_the_samples_paths_are_read(file):
    assert load_path(file).duration_s > 1


def test_the_schema_knows_the_fields_of_the_nouns():
    keyframes = path_schema()["oneOf"][0]["properties"]
    assert set(keyframes) - {"$schema", "version"} == {
        "duration_s", "loop", "alternate", "cycles", "phase", "spline", "ease", "keyframes",
        "tension", "continuity", "bias",
    }  # fmt: skip
    assert set(keyframes["keyframes"]["items"]["properties"]) == set(Keyframe.__slots__)
