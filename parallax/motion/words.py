"""Words as wishes: what should move, where to, how much, what should not, and the camera.

A rule grammar, no network: clauses between commas, each with things, a direction, a degree. What
was not understood is reported, and so is what no warp of a photo can do.
"""

import re
from dataclasses import dataclass, field

from parallax.motion import lexicon
from parallax.motion.clause import (
    direction_of,
    is_degree,
    is_known,
    split_clauses,
    stem,
    things_of,
    words_of,
)
from parallax.motion_plan import Overlay, RegionType


@dataclass(frozen=True, slots=True)
class Wish:
    """What one clause asks of some regions.

    Attributes:
        types: Which; empty for all of them.
        still: They shall not move.
        direction_deg: Where to, 0 right, 90 up.
        strength: Factor on how much, 1 as usual; None if nothing was said.
        word: The thing's word, for messages.
    """

    types: tuple[RegionType, ...]
    still: bool = False
    direction_deg: float | None = None
    strength: float | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class CameraWish:
    """What one clause asks of the camera.

    Attributes:
        move: "push-in", "pull-out", "pan-left", "tilt-up", "orbit", "arc", "static" …,
            as the presets of the camera are called.
        toward_subject: At the subject, not at the middle.
        strength: Factor on how far or fast; None if nothing was said.
    """

    move: str
    toward_subject: bool = False
    strength: float | None = None


@dataclass(slots=True)
class Wishes:
    """All that a text asks for.

    Attributes:
        regions: In the order they were said.
        wind_deg: Where the wind blows to.
        wind_speed: 0…1.
        frozen_labels: Labels that shall stand still.
        overlays: What shall be added to the photo.
        camera: What the camera shall do.
        refused: One sentence for each thing that cannot be done.
        unparsed: Words that mean nothing here.
    """

    regions: list[Wish] = field(default_factory=list)
    wind_deg: float | None = None
    wind_speed: float | None = None
    frozen_labels: list[str] = field(default_factory=list)
    overlays: list[Overlay] = field(default_factory=list)
    camera: CameraWish | None = None
    refused: list[str] = field(default_factory=list)
    unparsed: list[str] = field(default_factory=list)


def read_words(text: str) -> Wishes:
    """The wishes in a text, in plain English."""
    wishes = Wishes()
    lowered = text.lower().replace("’", "'")
    for clause, exception in split_clauses(lowered):
        still = None
        if exception and wishes.regions:
            still = not wishes.regions[-1].still
        _read_clause(clause, wishes, still=still)
    return wishes


def _read_clause(clause: str, wishes: Wishes, *, still: bool | None = None) -> None:
    """Adds the wishes of one clause; `still` says what it asks for if it does not itself."""
    words = [stem(w) for w in words_of(clause)]
    known = set(words)
    direction_deg, strength = direction_of(clause), _strength_of(words)
    things = things_of(words)
    still = _is_still(words) if still is None else still
    impossible = [w for w in words if w in lexicon.IMPOSSIBLE]
    body = bool(known & lexicon.BODY) and not still and bool(known & (lexicon.MOVING | {"wave"}))
    dances = "dance" in known and not things
    camera = _camera_of(words, clause, direction_deg, strength, things=bool(things))

    added = [lexicon.OVERLAY_OF_WORD[w] for w in words if w in lexicon.OVERLAY_OF_WORD]

    if added and not still and not camera:
        density = min(1.0, 0.5 * (1.0 if strength is None else strength))
        wishes.overlays += [Overlay(kind, round(density, 3)) for kind in dict.fromkeys(added)]
    elif (impossible and not camera and not things) or dances or body:
        verb = impossible[0] if impossible else "dance" if dances else "move a part of its body"
        wishes.refused.append(
            f"“{clause}”: this engine moves the photo's own pixels; it cannot make anything {verb}"
        )
    elif camera:
        wishes.camera = camera
    else:
        _read_things(words, things, wishes, still=still, deg=direction_deg, strength=strength)
    wishes.unparsed += [w for w in words if not is_known(w)]


def _read_things(
    words: list[str],
    things: list[str],
    wishes: Wishes,
    *,
    still: bool,
    deg: float | None,
    strength: float | None,
) -> None:
    """Adds what a clause without a camera asks for."""
    winds = [w for w in words if w in lexicon.WIND]
    if winds:
        wishes.wind_deg = deg if deg is not None else wishes.wind_deg
        usual = lexicon.WIND_SPEED[winds[0]]
        wishes.wind_speed = 0.0 if still else min(1.0, usual * (strength or 1.0))
    for word in things:
        if "only" in words and not still:
            wishes.regions.append(Wish((), still=True, word="everything"))
        types, own = lexicon.TYPES_OF_THING[word], None if winds else strength
        wishes.regions.append(Wish(types, still, None if still else deg, own, word))
    if still:
        labels = [lexicon.FROZEN_LABELS[w] for w in words if w in lexicon.FROZEN_LABELS]
        wishes.frozen_labels += labels
        if not (things or labels or winds):
            if set(words) & lexicon.EVERYTHING:
                wishes.regions.append(Wish((), still=True, word="everything"))
            else:
                wishes.unparsed += [word for word in words if word not in lexicon.FILLERS]
        return
    whole = set(words) & (lexicon.BACKGROUND | lexicon.EVERYTHING | lexicon.MOVING)
    degree_alone = strength is not None and not (things or winds)
    stranger = whole <= lexicon.MOVING and not all(is_known(word) for word in words)
    if not (things or winds or stranger) and (whole or degree_alone or deg is not None):
        wishes.regions.append(Wish((), False, deg, strength, "everything"))
        if set(words) & lexicon.BACKGROUND:
            wishes.frozen_labels.append("person")


def _camera_of(
    words: list[str],
    clause: str,
    direction_deg: float | None,
    strength: float | None,
    *,
    things: bool,
) -> CameraWish | None:
    """The camera wish of a clause, if it is about the camera."""
    verbs = [lexicon.CAMERA_OF_VERB[w] for w in words if w in lexicon.CAMERA_OF_VERB]
    about = bool(set(words) & lexicon.CAMERA_NOUNS)
    if not verbs and not about:
        return None
    if not verbs or (things and not about and verbs[0] in ("truck", "swing")):
        stays = about and (_is_still(words) or bool(set(words) & lexicon.NEGATION))
        return CameraWish("static") if stays else None
    move = verbs[0]
    if _is_still(words) or set(words) & {"no", "without", "not"}:
        return CameraWish("static")
    if move == "push-in" and re.search(r"\b(?:out|away|back)\b", clause):
        move = "pull-out"
    if move in ("pan", "truck", "orbit", "arc"):
        against = re.search(r"\b(?:counter|anti)-?clockwise\b", clause)
        turns = move in ("orbit", "arc") and "clockwise" in clause  # seen from above
        left = direction_deg is not None and 90 < direction_deg < 270
        sideways = "left" if left or (turns and not against) else "right"
        said = direction_deg is not None or turns
        if move in ("pan", "truck"):
            move = f"{move}-{sideways}"
        elif said:
            move = f"arc-{sideways}"
    if move in ("tilt", "crane"):
        move += "-down" if direction_deg is not None and 180 < direction_deg < 360 else "-up"
    toward = bool(set(words) & lexicon.SUBJECTS)
    return CameraWish(move, toward, strength)


def _is_still(words: list[str]) -> bool:
    """Whether a clause asks for standing still."""
    known = set(words)
    negated = known & lexicon.NEGATION
    if negated - lexicon.NEEDS_STILL - {"not", "never", "don't", "dont"}:
        return True
    if negated & {"not", "never", "don't", "dont"}:
        return True
    return bool(known & lexicon.STILL)


def _strength_of(words: list[str]) -> float | None:
    """The degree that a clause names, times its amplifiers."""
    degrees = [lexicon.STRENGTH[w] for w in words if is_degree(w, words)]
    factor = 1.0
    for word in words:
        factor *= lexicon.AMPLIFIERS.get(word, 1.0)
    if not degrees:
        return factor if factor != 1.0 else None
    return degrees[0] ** factor if degrees[0] < 1 else degrees[0] * factor
