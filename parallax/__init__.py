"""One photo in, a short film out: depth, layers, a scripted camera, no generative video.

Nouns are imported from the modules of their names (`parallax.photo`, `parallax.scene`,
`parallax.path` …), verbs from their rooms (`parallax.perceive`, `parallax.layers`,
`parallax.moves`, `parallax.motion`, `parallax.gpu`, `parallax.video`), whole jobs from
`parallax.pipeline`. Nothing is imported here: the command line passes through this file, and
`parallax --help` takes 0.05 s of processor time without the nouns and 0.27 s with them.
"""
