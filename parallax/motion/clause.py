"""Clauses of a wish: their words, the directions they name, and the things that are only places."""

import re

from parallax.motion import lexicon

CLAUSE_BREAK = re.compile(
    r"[,;.!]|\b(?:and|then|while|but|except(?: for)?|apart from|as well as)\b"
)
EXCEPTION = re.compile(r"but|except(?: for)?|apart from")
CLOCK = re.compile(r"\b(?:toward[s]?|to|at)\s+(\d{1,2})\s*o'?clock\b")
PLACE = re.compile(r"\b(?:on|at|in)\s+(?:the\s+)?(?:left|right|top|bottom)\b")
PLACED = {"on", "in", "at", "from", "through", "toward", "towards", "over", "across", "by", "near",
          "around", "behind", "above", "under", "below", "along", "into", "like"}  # fmt: skip
ACTIONS = {"wave", "ripple", "sparkle", "glitter", "cascade"}  # things, and what things do


def split_clauses(text: str) -> list[tuple[str, bool]]:
    """The clauses of a text, and whether each is an exception from the one before.

    "Everything moves but the people": what has no verb of its own takes the opposite of the
    other's.
    """
    pieces = re.split(f"({CLAUSE_BREAK.pattern})", text.replace("picks up", "is lively"))
    found: list[tuple[str, bool]] = []
    excepted = False
    for index, piece in enumerate(pieces):
        if index % 2:
            excepted = bool(EXCEPTION.fullmatch(piece))
        elif piece.strip():
            words = {stem(word) for word in words_of(piece)}
            verbs = lexicon.MOVING | lexicon.STILL | lexicon.NEGATION
            found.append((piece.strip(), excepted and bool(found) and not words & verbs))
    clauses = joined_directions([clause for clause, _ in found])
    exceptions = {clause for clause, exception in found if exception}
    return [(clause, clause in exceptions) for clause in clauses]


def things_of(words: list[str]) -> list[str]:
    """The things that a clause is about.

    "The flag waves" is about the flag, "waves roll toward the shore" about the waves, "ripples on
    the pond" about the pond.
    """
    all_things, places = [], []
    for index, word in enumerate(words):
        if word in lexicon.TYPES_OF_THING and not is_degree(word, words):
            before = [w for w in words[max(0, index - 2) : index] if w not in ("the", "a", "its")]
            all_things.append(word)
            if before and before[-1] in PLACED:
                places.append(word)
    movers = [word for word in all_things if word not in places]
    if all(word in ACTIONS for word in movers):  # sparkle on the water: the water does it
        still_water = [w for w in places if lexicon.TYPES_OF_THING[w][0] in lexicon.WATER]
        return [w for w in still_water if w not in ("shore", "ripple")] or movers or all_things
    return [word for word in movers if word not in ACTIONS]


def direction_of(clause: str) -> float | None:
    """The direction that a clause names, in degrees, 0 right, 90 up; None if it names none.

    "from the left" goes right; two words lean the first towards the second, as in
    Text2Cinemagraph; "to 2 o'clock" is 30° above right. "On the left" is a place.
    """
    clock = CLOCK.search(clause)
    if clock:
        return (90.0 - 30.0 * int(clock[1])) % 360
    clause = PLACE.sub("", clause)
    text = re.sub(r"\b(left|right|top|bottom) to (?:the )?(left|right|top|bottom)\b",
                  lambda m: {"left": "leftward", "right": "rightward", "top": "upward",
                             "bottom": "downward"}[m[2]], clause)  # fmt: skip
    text = re.sub(
        r"\bfrom (?:the )?(left|right|above|below|north|south|east|west|top|bottom)\b",
        lambda m: {"left": "rightward", "right": "leftward", "above": "downward", "top": "downward",
                   "below": "upward", "bottom": "upward", "north": "southward",
                   "south": "northward", "east": "westward", "west": "eastward"}[m[1]],
        text,
    )  # fmt: skip
    found = [lexicon.DIRECTION_DEG[w] for w in map(stem, words_of(text)) if w in
             lexicon.DIRECTION_DEG]  # fmt: skip
    if not found:
        return None
    first = found[0]
    for second in found[1:]:
        turn = (second - first + 180) % 360 - 180
        if abs(turn) == 180.0:  # up and down, to and fro
            return None
        if turn:
            return (first + (lexicon.LEAN_DEG if turn > 0 else -lexicon.LEAN_DEG)) % 360
    return first


def joined_directions(clauses: list[str]) -> list[str]:
    """Clauses, with one of directions alone joined to the one before: "left to right, upwards"."""
    joined: list[str] = []
    for clause in clauses:
        words = [stem(w) for w in words_of(clause)]
        alone = all(w in lexicon.DIRECTION_DEG or w in lexicon.FILLERS for w in words)
        if joined and alone and direction_of(clause) is not None:
            joined[-1] += " " + clause
        else:
            joined.append(clause)
    return joined


def is_known(word: str) -> bool:
    """Whether a word means something here, or is small enough to mean nothing."""
    tables = (
        lexicon.TYPES_OF_THING, lexicon.BACKGROUND, lexicon.EVERYTHING, lexicon.WIND,
        lexicon.FROZEN_LABELS, lexicon.OVERLAY_OF_WORD, lexicon.DIRECTION_DEG,
        lexicon.STRENGTH, lexicon.AMPLIFIERS,
        lexicon.MOVING, lexicon.STILL, lexicon.NEGATION, lexicon.CAMERA_OF_VERB,
        lexicon.CAMERA_NOUNS, lexicon.SUBJECTS, lexicon.IMPOSSIBLE, lexicon.BODY,
        lexicon.FILLERS,
    )  # fmt: skip
    return word.isdigit() or any(word in table for table in tables)


def words_of(clause: str) -> list[str]:
    """The words of a clause."""
    return re.findall(r"[a-z']+|\d+", clause)


def stem(word: str) -> str:
    """A word without its ending: "slowly" → "slow", "drifting" → "drift", "clouds" → "cloud"."""
    if word in lexicon.IRREGULAR:
        return lexicon.IRREGULAR[word]
    if is_known(word):
        return word
    for ending, put in (("ingly", ""), ("ing", ""), ("ing", "e"), ("ily", "y"), ("ly", ""),
                        ("ly", "le"), ("wards", "ward"), ("ies", "y"), ("es", "e"), ("es", ""),
                        ("s", ""), ("ed", ""), ("ed", "e"), ("er", ""), ("y", "")):  # fmt: skip
        base = word[: -len(ending)] + put
        if word.endswith(ending) and is_known(base):
            return base
    if len(word) > 5 and word.endswith("ing") and word[-4] == word[-5] and is_known(word[:-4]):
        return word[:-4]  # "running" → "run"
    return word


def is_degree(word: str, words: list[str]) -> bool:
    """Whether a word is a degree here: "light breeze" is, "flickering light" is not."""
    if word not in lexicon.STRENGTH:
        return False
    if word != "light":
        return True
    after = words[words.index("light") + 1 :]
    return bool(after) and (after[0] in lexicon.WIND or after[0] in ("motion", "movement", "sway"))
