"""Reading a photo: how far is everything, and what is it. torch lives here and nowhere else."""

from parallax.perceive.card import TORCH_EXTRA, ModelCard, list_models, load_card
from parallax.perceive.predict import PerceiveParams, Perception, perceive_photo
from parallax.perceive.pull import pull_model

__all__ = [
    "TORCH_EXTRA",
    "ModelCard",
    "PerceiveParams",
    "Perception",
    "list_models",
    "load_card",
    "perceive_photo",
    "pull_model",
]
