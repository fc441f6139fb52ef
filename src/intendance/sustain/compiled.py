"""One typed door to numba: loops compiled once and kept on disk beside the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop for numbers and arrays; ``NUMBA_DISABLE_JIT=1`` runs it as plain Python."""
    return cast("Loop", njit(cache=True, error_model="numpy")(loop))


def inner(loop: Loop) -> Loop:
    """Compile a function that only other compiled loops call: without Python's wrapper.

    Wrapping and unwrapping dozens of arrays is most of the compile time of such a function.
    """
    door = njit(cache=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return cast("Loop", door(loop))
