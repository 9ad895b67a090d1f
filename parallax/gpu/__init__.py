"""The renderer: a scene seen from cameras, as frames. OpenGL 3.3 without a window."""
