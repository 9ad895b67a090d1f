"""What can go wrong, as a user sees it.

```
ParallaxError
├── PhotoError     exit 3    the photo cannot be read
├── DepthError     exit 3    the depth file cannot be used
├── SceneError     exit 3    the .glb is not a scene of ours
├── PathError      exit 2    a camera path or preset is wrong
├── MotionError    exit 2    a motion plan is wrong
├── ModelError     exit 4    card, weights, checksum
├── ShaderError    exit 4    layer.frag:42: …, with the source line
├── ContextError   exit 4    no EGL, OpenGL older than 3.3, size over the limit
├── VideoError     exit 4    codec missing or refusing
└── OutputError    exit 5    the result cannot be written
```

A message is one sentence: where, what was expected, what was found and, when known, what to do.
Wrong *use* by a programmer is `ValueError` or `TypeError`, never one of these.
"""


class ParallaxError(Exception):
    """A user's mistake or a machine's limit, told in one sentence.

    Attributes:
        exit_code: What the command line exits with.
    """

    exit_code = 1


class PhotoError(ParallaxError):
    """The photo cannot be read or is not one."""

    exit_code = 3


class DepthError(ParallaxError):
    """The depth file cannot be used with this photo."""

    exit_code = 3


class SceneError(ParallaxError):
    """The scene file is damaged or not one of ours."""

    exit_code = 3


class PathError(ParallaxError):
    """A camera path or the name of a preset is wrong."""

    exit_code = 2


class MotionError(ParallaxError):
    """A motion plan is wrong."""

    exit_code = 2


class ModelError(ParallaxError):
    """A network's card or weights are missing, damaged or do not match."""

    exit_code = 4


class ShaderError(ParallaxError):
    """A shader is missing or the driver refuses it."""

    exit_code = 4


class ContextError(ParallaxError):
    """There is no OpenGL 3.3 here, or it is too small for the film."""

    exit_code = 4


class VideoError(ParallaxError):
    """The codec is missing or refuses the film."""

    exit_code = 4


class OutputError(ParallaxError):
    """The result cannot be written where it was asked for."""

    exit_code = 5
