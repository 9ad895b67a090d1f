"""Easing, splines through points and through rotations."""

import numpy as np
import pytest

from parallax.camera import rotation_from_angles
from parallax.curve import (
    EASES,
    PointSpline,
    RotationSpline,
    ScalarTrack,
    Tcb,
    angles_from_rotation,
    parse_ease,
    quaternion_from_rotation,
    rotation_from_quaternion,
    slerp,
)

PACED = [name for name in EASES if name not in ("hold", "step-start", "step-end")]
U = np.linspace(0, 1, 101)


def ease_at(name, u):
    return float(parse_ease(name)(np.array([u]))[0])


def in_segments(times_s, t):
    """Segment and progress of moments, without easing."""
    segment = np.clip(np.searchsorted(times_s, t, side="right") - 1, 0, len(times_s) - 2)
    return segment, (t - times_s[segment]) / np.diff(times_s)[segment]


@pytest.mark.parametrize("name", PACED)
def test_an_ease_begins_at_0_and_ends_at_1(name):
    assert ease_at(name, 0.0) == pytest.approx(0, abs=1e-12)
    assert ease_at(name, 1.0) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("name", PACED)
def test_an_ease_has_no_jump(name):
    fine = parse_ease(name)(np.linspace(0, 1, 20_001))
    assert np.abs(np.diff(fine)).max() < 0.01  # circ is as steep as 1/sqrt at its end


@pytest.mark.parametrize("family", ["Sine", "Quad", "Cubic", "Quart", "Expo", "Elastic", "Bounce"])
def test_ease_out_is_ease_in_turned_round(family):
    forward, back = parse_ease(f"easeIn{family}"), parse_ease(f"easeOut{family}")
    assert np.allclose(back(U), 1 - forward(1 - U))


def test_the_eases_have_the_values_that_their_sources_give():
    assert ease_at("easeInCubic", 0.5) == pytest.approx(0.125)
    assert ease_at("easeInOutSine", 0.25) == pytest.approx((1 - np.cos(np.pi / 4)) / 2)
    assert ease_at("easeInOutQuad", 0.75) == pytest.approx(0.875)
    assert ease_at("easeOutBounce", 1 / 2.75) == pytest.approx(1)
    assert ease_at("easeOutBack", 0.5) == pytest.approx(1.0876975)
    # CSS ease and ease-in-out at a half, worked out by bisection of the Bézier's x
    assert ease_at("ease", 0.5) == pytest.approx(0.802403, abs=1e-6)
    assert ease_at("ease-in-out", 0.5) == pytest.approx(0.5)
    assert ease_at("cubic-bezier(0, 0, 1, 1)", 0.3) == pytest.approx(0.3)


def test_a_bezier_may_overshoot_in_progress():
    assert ease_at("cubic-bezier(0.3, 1.8, 0.6, 1)", 0.4) > 1


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("steps(4, end)", [0, 0.25, 0.5, 0.75, 1]),
        ("steps(4, start)", [0.25, 0.5, 0.75, 1, 1]),
        ("steps(4, jump-both)", [0.2, 0.4, 0.6, 0.8, 1]),
        ("steps(4, jump-none)", [0, 1 / 3, 2 / 3, 1, 1]),
        ("steps(4)", [0, 0.25, 0.5, 0.75, 1]),
        ("hold", [0, 0, 0, 0, 0]),
        ("step-start", [1, 1, 1, 1, 1]),
    ],
)
def test_steps_jump_where_css_says(name, values):
    assert np.allclose(parse_ease(name)(np.array([0, 0.25, 0.5, 0.75, 1.0])), values)


@pytest.mark.parametrize("name", ["ease-in-out-cubic", "ease_in_out_cubic", "EaseInOutCubic"])
def test_penners_names_may_be_spelled_in_any_case(name):
    assert parse_ease(name) is parse_ease("easeInOutCubic")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ease-in-oot", "did you mean ease-in-out"),
        ("cubic-bezier(1.2, 0, 0, 1)", "x1 and x2 of cubic-bezier from 0 to 1, got 1.2 and 0"),
        ("cubic-bezier(0, 0, 1)", "four finite numbers in cubic-bezier"),
        ("cubic-bezier(0, nan, 1, 1)", "four finite numbers in cubic-bezier"),
        ("cubic-bezier(a, b, c, d)", "expected numbers in cubic-bezier"),
        ("steps(0)", "expected 1 to 10000 steps, got 0"),
        ("steps(1, jump-none)", "expected 2 to 10000 steps, got 1"),
        ("steps(3, middle)", "jump-both in steps, got 'middle'"),
        ("steps(2.5)", "expected numbers in steps"),
        ("", "expected an ease such as linear"),
    ],
)
def test_a_wrong_ease_is_told_with_what_was_expected(name, message):
    with pytest.raises(ValueError) as error:
        parse_ease(name)
    assert message in str(error.value)


@pytest.mark.parametrize("kind", ["linear", "catmull-rom", "kochanek-bartels"])
@pytest.mark.parametrize("closed", [False, True])
def test_a_spline_passes_through_its_points_at_their_times(kind, closed):
    rng = np.random.default_rng(1)
    for _ in range(10):
        num = int(rng.integers(3, 9))
        times_s = np.cumsum(rng.uniform(0.05, 2, num))
        points = rng.normal(size=(num, 3))
        if closed:
            points[-1] = points[0]
        tcb = Tcb(*rng.uniform(-0.8, 0.8, 3)) if kind == "kochanek-bartels" else Tcb()
        spline = PointSpline.through(times_s, points, kind=kind, tcb=tcb, closed=closed)
        assert np.allclose(spline.at(*in_segments(times_s, times_s)), points)


@pytest.mark.parametrize("kind", ["catmull-rom", "kochanek-bartels"])
def test_the_velocity_of_a_closed_spline_has_no_jump_not_even_at_the_seam(kind):
    rng = np.random.default_rng(2)
    for _ in range(10):
        num = int(rng.integers(4, 9))
        times_s = np.append(0, np.cumsum(rng.uniform(0.2, 2, num)))
        points = rng.normal(size=(num + 1, 3))
        points[-1] = points[0]
        tcb = Tcb(0.3, 0.0, -0.2) if kind == "kochanek-bartels" else Tcb()
        spline = PointSpline.through(times_s, points, kind=kind, tcb=tcb, closed=True)
        step_s = 1e-6
        after = (spline.at(*in_segments(times_s, times_s[:-1] + step_s)) - points[:-1]) / step_s
        before = (points[1:] - spline.at(*in_segments(times_s, times_s[1:] - step_s))) / step_s
        assert np.allclose(after, np.roll(before, 1, axis=0), atol=1e-3)


def test_points_of_a_straight_even_walk_are_walked_evenly():
    times_s = np.arange(5.0)
    points = np.outer(times_s, [0.3, -0.2, 0.1])
    spline = PointSpline.through(times_s, points, kind="catmull-rom", tcb=Tcb(), closed=False)
    t = np.linspace(0, 4, 33)
    assert np.allclose(spline.at(*in_segments(times_s, t)), np.outer(t, [0.3, -0.2, 0.1]))


def test_a_centripetal_spline_has_no_loop_where_points_crowd():
    times_s = np.array([0, 1, 1.2, 2.2])
    points = np.array([[0.0, 0, 0], [1, 0, 0], [1.02, 0.02, 0], [1.02, 1, 0]])
    spline = PointSpline.through(times_s, points, kind="catmull-rom", tcb=Tcb(), closed=False)
    path = spline.at(*in_segments(times_s, np.linspace(0, 2.2, 400)))
    assert (np.diff(path[:, 0]) > -1e-3).all()
    assert (np.diff(path[:, 1]) > -1e-2).all()


def test_a_circle_of_24_points_is_followed_within_a_hundredth_of_a_percent():
    angles = np.linspace(0, 2 * np.pi, 25)
    points = np.stack([np.cos(angles), np.sin(angles), 0 * angles], -1)
    spline = PointSpline.through(angles, points, kind="catmull-rom", tcb=Tcb(), closed=True)
    fine = spline.at(*in_segments(angles, np.linspace(0, 2 * np.pi, 500)))
    assert np.abs(np.linalg.norm(fine, axis=1) - 1).max() < 1.5e-4
    speed = np.linalg.norm(np.diff(fine, axis=0), axis=1)
    assert speed.max() / speed.min() < 1.02


def test_full_tension_is_straight():
    times_s = np.arange(4.0)
    points = np.array([[0.0, 0, 0], [1, 2, 0], [3, 0, 1], [0, 1, 0]])
    spline = PointSpline.through(
        times_s, points, kind="kochanek-bartels", tcb=Tcb(tension=1.0), closed=False
    )
    fine = spline.at(*in_segments(times_s, np.linspace(0, 1, 11)))
    assert np.allclose(np.cross(fine, points[1]), 0, atol=1e-12)


def test_without_tension_continuity_and_bias_kochanek_bartels_is_catmull_rom():
    rng = np.random.default_rng(3)
    times_s, points = np.cumsum(rng.uniform(0.1, 1, 7)), rng.normal(size=(7, 2))
    t = np.linspace(times_s[0], times_s[-1], 50)
    plain = PointSpline.through(times_s, points, kind="catmull-rom", tcb=Tcb(), closed=False)
    bent = PointSpline.through(times_s, points, kind="kochanek-bartels", tcb=Tcb(), closed=False)
    assert np.array_equal(plain.at(*in_segments(times_s, t)), bent.at(*in_segments(times_s, t)))


def test_a_number_never_leaves_the_range_of_its_keys():
    rng = np.random.default_rng(4)
    for _ in range(10):
        num = int(rng.integers(2, 9))
        times_s, values = np.cumsum(rng.uniform(0.05, 2, num)), rng.normal(size=num)
        track = ScalarTrack.through(times_s, values, kind="catmull-rom", closed=False)
        for i in range(num - 1):
            u = np.linspace(0, 1, 30)
            found = track.at(np.full(30, i), u)
            low, high = sorted(values[i : i + 2])
            assert low - 1e-12 <= found.min() and found.max() <= high + 1e-12


def test_a_held_position_stands_still_and_departs_smoothly():
    times_s = np.array([0.0, 1, 2, 3])
    points = np.array([[0.0, 0, 0], [1, 0, 0], [1, 0, 0], [2, 1, 0]])
    spline = PointSpline.through(times_s, points, kind="catmull-rom", tcb=Tcb(), closed=False)
    held = spline.at(*in_segments(times_s, np.linspace(1, 2, 9)))
    assert np.allclose(held, [1, 0, 0])
    near = spline.at(*in_segments(times_s, np.array([0.999, 2.001])))
    assert np.abs(near - [1, 0, 0]).max() < 1e-4


def random_rotations(rng, num):
    quaternions = rng.normal(size=(num, 4))
    return quaternions / np.linalg.norm(quaternions, axis=1, keepdims=True)


def test_rotations_survive_the_way_through_quaternions_and_angles():
    rng = np.random.default_rng(5)
    for q in random_rotations(rng, 50):
        rotation = rotation_from_quaternion(q)
        assert np.allclose(
            rotation_from_quaternion(quaternion_from_rotation(rotation)), rotation, atol=1e-12
        )
        assert np.allclose(
            rotation_from_angles(*angles_from_rotation(rotation)), rotation, atol=1e-9
        )


@pytest.mark.parametrize("pitch_deg", [90.0, -90.0, 89.999999])
def test_a_camera_that_looks_straight_up_has_angles_too(pitch_deg):
    rotation = rotation_from_angles(30.0, pitch_deg, 20.0)
    assert np.allclose(rotation_from_angles(*angles_from_rotation(rotation)), rotation, atol=1e-8)


def test_half_turns_have_quaternions():
    for axis in np.eye(3):
        rotation = 2 * np.outer(axis, axis) - np.eye(3)
        assert np.allclose(rotation_from_quaternion(quaternion_from_rotation(rotation)), rotation)


def test_slerp_turns_evenly_and_the_shortest_way():
    begin = quaternion_from_rotation(rotation_from_angles(0, 0, 0))
    end = -quaternion_from_rotation(rotation_from_angles(60, 0, 0))  # the same turn, other sign
    middle = rotation_from_quaternion(slerp(begin, end, np.array(0.25)))
    assert np.allclose(middle, rotation_from_angles(15, 0, 0))


def test_slerp_is_finite_between_equal_and_opposite_rotations():
    begin = np.array([1.0, 0, 0, 0])
    for end in ([1.0, 0, 0, 0], [-1.0, 0, 0, 0], [0.0, 0, 1, 0], [1.0, 1e-9, 0, 0]):
        assert np.isfinite(slerp(begin, np.array(end), np.linspace(0, 1, 5))).all()


@pytest.mark.parametrize("kind", ["linear", "catmull-rom"])
def test_a_rotation_spline_passes_through_its_keys_without_flips(kind):
    rng = np.random.default_rng(6)
    for _ in range(10):
        num = int(rng.integers(2, 8))
        times_s = np.cumsum(rng.uniform(0.2, 2, num))
        keys = random_rotations(rng, num) * rng.choice([-1, 1], (num, 1))
        spline = RotationSpline.through(times_s, keys, kind=kind, tcb=Tcb(), closed=False)
        found = spline.at(*in_segments(times_s, times_s))
        assert np.allclose(np.abs((found * keys).sum(1)), 1)
        fine = spline.at(*in_segments(times_s, np.linspace(times_s[0], times_s[-1], 2000)))
        assert np.abs((fine[1:] * fine[:-1]).sum(1)).min() > 0.99
        assert np.allclose(np.linalg.norm(fine, axis=1), 1)


def test_turns_about_one_axis_behave_as_numbers_do():
    times_s = np.array([0.0, 1, 2, 3])
    angles = [0.0, 10, 20, 30]
    keys = np.stack([quaternion_from_rotation(rotation_from_angles(a, 0, 0)) for a in angles])
    spline = RotationSpline.through(times_s, keys, kind="catmull-rom", tcb=Tcb(), closed=False)
    found = rotation_from_quaternion(spline.at(*in_segments(times_s, np.array([0.5, 1.25, 2.9]))))
    for rotation, angle in zip(found, (5, 12.5, 29), strict=True):
        assert np.allclose(rotation, rotation_from_angles(angle, 0, 0), atol=1e-9)


@pytest.mark.parametrize("kind", ["linear", "catmull-rom"])
def test_an_ease_that_overshoots_carries_a_spline_straight_on(kind):
    times_s = np.array([0.0, 1])
    points = np.array([[0.0, 0, 0], [2, 0, 0]])
    spline = PointSpline.through(times_s, points, kind=kind, tcb=Tcb(), closed=False)
    assert np.allclose(spline.at(np.array([0, 0]), np.array([1.1, -0.1]))[:, 0], [2.2, -0.2])
    keys = np.stack([quaternion_from_rotation(rotation_from_angles(a, 0, 0)) for a in (0, 20)])
    turn = RotationSpline.through(times_s, keys, kind=kind, tcb=Tcb(), closed=False)
    past = rotation_from_quaternion(turn.at(np.array([0]), np.array([1.1])))[0]
    assert np.allclose(past, rotation_from_angles(22, 0, 0))
