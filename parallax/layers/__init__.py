"""From a photo and its depth to a scene: what hides what, and what is hidden."""
