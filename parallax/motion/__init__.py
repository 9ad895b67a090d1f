"""How regions of a photo move: found, worded, and baked to fields of uv and time."""
