"""One typed door to numba: loops compiled once and kept on disk beside the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop for numbers and arrays; ``NUMBA_DISABLE_JIT=1`` runs it as plain Python."""
    return cast("Loop", njit(cache=True, error_model="numpy")(loop))


def inlined(loop: Loop) -> Loop:
    """Compile a short function that other compiled loops swallow whole."""
    return cast("Loop", njit(cache=True, inline="never", error_model="numpy")(loop))
