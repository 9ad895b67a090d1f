"""One photo in, a short film out: depth, layers, a scripted camera, no generative video."""
