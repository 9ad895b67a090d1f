"""The words that motion is asked for in: things, directions, degrees, cameras, moods."""

from parallax.motion_plan import OverlayType, RegionType

WATER: tuple[RegionType, ...] = (
    "water.fall", "water.flow", "water.calm", "water.sea", "water.shore",
)  # fmt: skip
PLANTS: tuple[RegionType, ...] = ("foliage", "grass", "flower")
SKIES: tuple[RegionType, ...] = ("sky.drift", "sky.veil")
CLOTH: tuple[RegionType, ...] = ("fabric",)
WINDY: tuple[RegionType, ...] = (*PLANTS, "hair", "fabric", "smoke")

TYPES_OF_THING: dict[str, tuple[RegionType, ...]] = {
    "waterfall": ("water.fall",), "falls": ("water.fall",), "cascade": ("water.fall",),
    "river": ("water.flow", "water.calm"), "stream": ("water.flow", "water.calm"),
    "brook": ("water.flow", "water.calm"), "creek": ("water.flow", "water.calm"),
    "canal": ("water.calm", "water.flow"), "rapids": ("water.flow",),
    "lake": ("water.calm",), "pond": ("water.calm",), "puddle": ("water.calm",),
    "reflection": ("water.calm",), "ripple": ("water.calm", "water.sea"),
    "sea": ("water.sea", "water.calm"), "ocean": ("water.sea", "water.calm"),
    "wave": ("water.sea", "water.calm"), "surf": ("water.shore",), "foam": ("water.shore",),
    "breaker": ("water.shore",), "shore": ("water.shore",), "water": WATER,
    "cloud": SKIES, "sky": SKIES, "tree": ("foliage",), "forest": ("foliage",),
    "branch": ("foliage",), "leaf": ("foliage",), "foliage": ("foliage",), "bush": ("foliage",),
    "plant": PLANTS, "palm": ("foliage",), "grass": ("grass",), "field": ("grass",),
    "wheat": ("grass",), "meadow": ("grass",), "crop": ("grass",), "reed": ("grass",),
    "flower": ("flower", "foliage"), "blossom": ("flower", "foliage"), "petal": ("flower",),
    "rose": ("flower",), "hair": ("hair",), "beard": ("hair",), "fur": ("hair",),
    "dress": CLOTH, "flag": CLOTH, "cloth": CLOTH, "clothes": CLOTH, "curtain": CLOTH,
    "skirt": CLOTH, "scarf": CLOTH, "sail": CLOTH, "fabric": CLOTH, "smoke": ("smoke",),
    "steam": ("smoke",), "fire": ("fire",), "flame": ("fire",), "candle": ("fire", "light"),
    "fog": ("fog",), "mist": ("fog",), "haze": ("fog",), "light": ("light",), "lamp": ("light",),
    "sparkle": ("glitter",), "glitter": ("glitter",), "glint": ("glitter",),
    "boat": ("float",), "ship": ("float",), "duck": ("float",), "escalator": ("repeat",),
    "stair": ("repeat",), "staircase": ("repeat",), "conveyor": ("repeat",),
}  # fmt: skip
OVERLAY_OF_WORD: dict[str, OverlayType] = {
    "rain": "rain", "raindrop": "rain", "drizzle": "rain", "snow": "snow", "snowflake": "snow",
    "snowfall": "snow", "blizzard": "snow", "dust": "dust", "mote": "dust", "ember": "embers",
    "spark": "embers",
}  # fmt: skip
BACKGROUND = {"background", "surroundings", "scenery", "backdrop", "elements"}
EVERYTHING = {"everything", "all", "rest", "else", "scene", "photo", "picture", "image"}
WIND = {"wind", "breeze", "gust", "storm", "gale", "draft"}
WIND_SPEED = {"wind": 0.5, "breeze": 0.35, "gust": 0.6, "storm": 0.9, "gale": 0.9, "draft": 0.25}
FROZEN_LABELS = {
    "person": "person", "people": "person", "man": "person", "woman": "person", "child": "person",
    "face": "person", "model": "person", "subject": "person", "building": "building",
    "house": "building", "tower": "building", "city": "building", "mountain": "ground",
    "rock": "ground", "ground": "ground", "beach": "ground", "sand": "ground",
}  # fmt: skip

DIRECTION_DEG = {
    "rightward": 0.0, "right": 0.0, "upward": 90.0, "up": 90.0, "rising": 90.0, "leftward": 180.0,
    "left": 180.0, "downward": 270.0, "down": 270.0, "falling": 270.0, "east": 0.0,
    "eastward": 0.0, "northeast": 45.0, "north": 90.0, "northward": 90.0, "northwest": 135.0,
    "west": 180.0, "westward": 180.0, "southwest": 225.0, "south": 270.0, "southward": 270.0,
    "southeast": 315.0,
}  # fmt: skip
LEAN_DEG = 27.0  # "left to right, upwards" is this far from "left to right" (Text2Cinemagraph)

STRENGTH = {
    "barely": 0.2, "hardly": 0.2, "faint": 0.25, "subtle": 0.35, "slight": 0.35, "light": 0.4,
    "gentle": 0.45, "soft": 0.45, "slow": 0.5, "calm": 0.5, "lazy": 0.5, "little": 0.5,
    "quiet": 0.5, "peaceful": 0.5, "moderate": 1.0, "natural": 1.0, "steady": 1.0, "lively": 1.4,
    "brisk": 1.4, "strong": 1.7, "quick": 1.7, "fast": 1.8, "rapid": 1.8, "heavy": 1.9,
    "dramatic": 1.9, "wild": 2.2, "stormy": 2.2, "violent": 2.4,
}  # fmt: skip
AMPLIFIERS = {"very": 1.3, "extremely": 1.6, "more": 1.3, "less": 0.7, "really": 1.3, "quite": 1.1}
MOVING = {
    "move", "drift", "flow", "sway", "swing", "wave", "ripple", "roll", "rise", "fall", "run",
    "shimmer", "sparkle", "flicker", "glow", "pass", "blow", "rustle", "tremble", "float",
    "flutter", "crash", "lap", "rush", "animate", "billow", "bob", "motion", "movement",
    "independently",
    "pour", "cascade", "glitter", "dance",
}  # fmt: skip
STILL = {"still", "frozen", "static", "fixed", "motionless", "unmoving", "stationary"}
NEGATION = {"no", "not", "without", "freeze", "keep", "stop", "never", "don't", "dont", "hold"}
NEEDS_STILL = {"keep", "hold"}  # "keep the boat still" freezes; "keep the water moving" does not

CAMERA_OF_VERB = {
    "zoom": "push-in", "push": "push-in", "dolly": "push-in", "approach": "push-in",
    "pull": "pull-out", "retreat": "pull-out", "pan": "pan", "truck": "truck", "slide": "truck",
    "track": "truck", "tilt": "tilt", "orbit": "orbit", "circle": "orbit", "rotate": "orbit",
    "arc": "arc", "crane": "crane", "boom": "crane", "pedestal": "crane", "handheld": "handheld",
    "shake": "handheld", "parallax": "swing", "vertigo": "dolly-zoom", "locked": "static",
}  # fmt: skip
CAMERA_NOUNS = {"camera", "shot", "view", "lens", "perspective"}
SUBJECTS = {"subject", "face", "person", "center", "centre", "middle", "it", "them", "foreground"}

IMPOSSIBLE = {
    "talk", "speak", "sing", "walk", "jog", "smile", "blink", "laugh", "cry", "nod", "jump",
    "kiss", "hug", "eat", "drink", "drive", "swim", "fly", "appear", "disappear", "vanish",
    "explode", "transform", "morph", "become", "grow", "turn", "look", "wink", "clap", "gesture",
    "fight", "play", "stretch", "open", "close", "enter", "leave", "breathe", "gallop", "climb",
}  # fmt: skip
BODY = {"hand", "arm", "head", "eye", "mouth", "lip", "leg", "finger", "tail", "wing", "eyebrow"}
FILLERS = {
    "a", "an", "the", "is", "are", "be", "of", "in", "on", "at", "with", "from", "to", "toward",
    "towards", "into", "and", "its", "his", "her", "their", "should", "must", "let", "make",
    "please", "across", "over", "through", "along", "while", "as", "by", "there", "this", "that",
    "some",
    "very", "so", "scene", "motion", "effect", "only", "just", "away", "out", "around", "for",
    "s", "do", "does", "will", "like", "under", "above", "behind", "side", "direction", "o'clock",
    "oclock", "want", "i", "we", "you", "can", "loop", "seamless", "video", "animation",
    "stay", "remain", "he", "she", "they", "him", "me", "my", "your", "when", "if", "back", "top",
    "bottom", "clockwise", "counterclockwise", "anticlockwise", "below", "left-to-right", "photo's",
}  # fmt: skip
IRREGULAR = {
    "leaves": "leaf", "branches": "branch", "grasses": "grass", "clothes": "clothes",
    "bushes": "bush", "people": "people", "skies": "sky", "falls": "falls", "reflections":
    "reflection", "waves": "wave", "waving": "wave", "moving": "move", "moves": "move",
    "rising": "rising", "falling": "falling", "running": "run", "zooms": "zoom", "gently": "gentle",
    "dancing": "dance", "dances": "dance", "slowly": "slow", "slower": "slow",
    "faster": "fast", "shimmering": "shimmer",
    "swaying": "sway", "grass": "grass", "rises": "rise", "rustling": "rustle", "talking": "talk",
    "smiling": "smile", "smiles": "smile", "closes": "close", "turns": "turn", "passes": "pass",
    "crashing": "crash", "rapids": "rapids", "independently": "independently", "surroundings":
    "surroundings", "does": "does", "this": "this", "its": "its", "his": "his", "as": "as",
    "is": "is", "elements": "elements", "nothing": "nothing", "everything": "everything", "lens":
    "lens", "barely": "barely", "hardly": "hardly", "waterfalls": "waterfall", "motionless":
    "motionless", "across": "across", "less": "less", "canvas": "canvas", "locked": "locked",
    "only": "only", "family": "family", "sparkling": "sparkle", "breathing": "breathe",
    "dramatically": "dramatic", "flies": "fly", "cries": "cry", "rising,": "rising",
}  # fmt: skip
