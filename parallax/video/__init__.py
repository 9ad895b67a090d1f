"""The encoder: frames in, a film that plays everywhere out."""
