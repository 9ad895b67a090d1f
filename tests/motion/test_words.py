"""Words as wishes: the table that the grammar was written from."""

import pytest

from parallax.motion import lexicon
from parallax.motion.clause import direction_of
from parallax.motion.words import read_words
from parallax.moves.preset import ALIASES, PRESETS


@pytest.mark.parametrize(
    ("words", "deg"),
    [
        ("left to right", 0),
        ("right to left", 180),
        ("upwards", 90),
        ("downwards", 270),
        ("left to right upwards", 27),
        ("upwards left to right", 63),
        ("upwards right to left", 117),
        ("right to left upwards", 153),
        ("right to left downwards", 207),
        ("downwards right to left", 243),
        ("downwards left to right", 297),
        ("left to right downwards", 333),
        ("from the left", 0),
        ("from the east", 180),
        ("to the northeast", 45),
        ("toward 4 o'clock", 330),
        ("to 12 o'clock", 90),
        ("gently", None),
        ("the trees on the left", None),
        ("up and down", None),
    ],
)
def test_a_direction_is_read(words, deg):
    assert direction_of(words) == deg


def test_a_gentle_breeze_from_left_to_right_is_a_weak_wind():
    wishes = read_words("gentle breeze from left to right")
    assert wishes.wind_deg == 0
    assert wishes.wind_speed == pytest.approx(0.35 * 0.45)
    assert not wishes.regions
    assert not wishes.unparsed


def test_a_slow_zoom_toward_the_subject_is_the_cameras():
    wishes = read_words("slow zoom toward subject")
    assert wishes.camera is not None
    assert (wishes.camera.move, wishes.camera.toward_subject) == ("push-in", True)
    assert wishes.camera.strength == 0.5
    assert not wishes.unparsed


def test_background_elements_moving_independently_freezes_the_people():
    wishes = read_words("background elements moving independently")
    assert [wish.types for wish in wishes.regions] == [()]
    assert wishes.frozen_labels == ["person"]
    assert not wishes.unparsed


def test_clouds_drift_right_and_the_boat_stays():
    clouds, boat = read_words("clouds drift right, keep the boat still").regions
    assert clouds.types == ("sky.drift", "sky.veil")
    assert (clouds.direction_deg, clouds.still) == (0, False)
    assert boat.types == ("float",)
    assert boat.still


def test_a_direction_alone_after_a_comma_belongs_to_what_is_before():
    (wish,) = read_words("smoke left to right, upwards").regions
    assert wish.direction_deg == 27


@pytest.mark.parametrize(
    "words",
    ["freeze everything except the water", "freeze everything but the water",
     "only the water moves"],
)  # fmt: skip
def test_all_but_one_thing_stands_still(words):
    wishes = read_words(words)
    everything, water = wishes.regions
    assert (everything.types, everything.still) == ((), True)
    assert (water.word, water.still) == ("water", False)
    assert not wishes.unparsed


def test_keeping_something_moving_is_no_freeze():
    assert not read_words("keep the water moving").regions[0].still
    assert read_words("don't move the clouds").regions[0].still
    assert read_words("no wind").wind_speed == 0


@pytest.mark.parametrize(
    ("words", "move"),
    [
        ("camera slowly pans left", "pan-left"),
        ("very slow pull out", "pull-out"),
        ("zoom out", "pull-out"),
        ("orbit around the subject", "orbit"),
        ("orbit clockwise", "arc-left"),
        ("tilt down", "tilt-down"),
        ("crane up", "crane-up"),
        ("no camera movement", "static"),
        ("handheld camera", "handheld"),
    ],
)
def test_a_camera_move_is_named_as_its_preset(words, move):
    camera = read_words(words).camera
    assert camera is not None
    assert camera.move == move


@pytest.mark.parametrize(
    "words",
    ["make the man talk", "she smiles", "he waves his hand", "the woman dances", "a dog jumps",
     "the girl blinks", "the man walks to the left"],
)  # fmt: skip
def test_what_no_warp_can_do_is_refused_in_a_sentence(words):
    wishes = read_words(words)
    (sentence,) = wishes.refused
    assert words in sentence
    assert "this engine moves the photo's own pixels; it cannot make anything" in sentence
    assert not wishes.regions


def test_words_that_mean_nothing_are_reported():
    wishes = read_words("xyzzy clouds, plugh")
    assert wishes.unparsed == ["xyzzy", "plugh"]
    assert len(wishes.regions) == 1


def test_adverbs_and_amplifiers_set_the_strength():
    strengths = [
        read_words(f"trees sway {how}").regions[0].strength
        for how in ("barely", "gently", "", "strongly", "very strongly")
    ]
    assert strengths[2] is None
    numbers = [1.0 if s is None else s for s in strengths]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 5


@pytest.mark.parametrize(
    ("words", "things"),
    [
        ("waves rolling gently toward the shore", ["wave"]),
        ("gentle ripples on the pond", ["pond"]),
        ("sparkling on the water", ["water"]),
        ("light flickering through leaves", ["light"]),
        ("palm trees swaying in the ocean breeze", ["palm", "tree"]),
        ("grass swaying like waves", ["grass"]),
        ("water runs over the stairs", ["water"]),
    ],
)
def test_a_place_is_no_thing_that_moves(words, things):
    assert [wish.word for wish in read_words(words).regions] == things


def test_all_but_the_people_move():
    wishes = read_words("make everything move except the people")
    assert wishes.frozen_labels == ["person"]
    assert [(wish.word, wish.still) for wish in wishes.regions] == [("everything", False)]


def test_what_is_not_known_does_not_move_everything():
    wishes = read_words("fireflies glow")
    assert not wishes.regions
    assert wishes.unparsed == ["fireflies"]


def test_a_clause_that_says_nothing_to_this_engine_is_reported():
    wishes = read_words("the trees on the left sway, the ones on the right are still")
    assert [wish.direction_deg for wish in wishes.regions] == [None]
    assert wishes.unparsed == ["right", "still"]


def test_a_heavy_rain_is_heavy_and_a_wind_that_picks_up_blows_nowhere_else():
    assert read_words("rain falls heavily").overlays[0].density > 0.9
    wind = read_words("the wind picks up")
    assert wind.wind_deg is None
    assert wind.wind_speed == pytest.approx(0.7)


def test_every_camera_move_that_words_can_ask_for_is_a_preset():
    for verb in lexicon.CAMERA_OF_VERB:
        for extra in ("", " left", " right", " up", " down"):
            camera = read_words(verb + extra).camera
            assert camera is not None
            assert camera.move in PRESETS or camera.move in ALIASES, verb + extra


def test_weather_is_added_only_when_it_is_asked_for():
    (snow,) = read_words("gentle snow falls").overlays
    assert snow.type == "snow"
    assert snow.density == pytest.approx(0.225)
    assert [o.type for o in read_words("heavy rain and embers rise").overlays] == ["rain", "embers"]
    for words in ("no rain", "keep the snow still", "clouds drift"):
        assert not read_words(words).overlays
