"""Checks that the nouns run on the arrays they hold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def check_array(
    where: str, array: NDArray[Any], dtype: type[np.generic], shape: tuple[str | int, ...]
) -> NDArray[Any]:
    """A read-only view of `array`, once its type and shape are what the noun promises.

    Args:
        where: The noun and its field, for the message: "DepthMap.inv_depth".
        array: Any array.
        dtype: The element type it must have.
        shape: One entry a dimension: a number is exact, a letter is any size above zero.

    Raises:
        TypeError: Not an array, or of another element type.
        ValueError: Of another shape, or with a number that is not finite.
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{where}: expected an array, got {type(array).__name__}")
    if array.dtype != np.dtype(dtype):
        raise TypeError(f"{where}: expected {np.dtype(dtype)}, got {array.dtype}")
    wanted = "(" + ", ".join(str(n) for n in shape) + ")"
    fits = array.ndim == len(shape) and all(
        size == n if isinstance(n, int) else size > 0
        for size, n in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{where}: expected shape {wanted}, got {array.shape}")
    if np.issubdtype(array.dtype, np.floating) and not np.isfinite(array).all():
        raise ValueError(f"{where}: expected finite numbers, got NaN or infinity")
    view = array.view()
    view.flags.writeable = False
    return view
