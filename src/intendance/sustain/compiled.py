"""One typed door to numba: loops compiled once and kept on disk beside the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop for numbers and arrays; ``NUMBA_DISABLE_JIT=1`` runs it as plain Python."""
    return _kept(loop, error_model="numpy")


def inner(loop: Loop) -> Loop:
    """Compile a function that only other compiled loops call: without Python's wrapper.

    Wrapping and unwrapping dozens of arrays is most of the compile time of such a function.
    """
    return _kept(loop, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _kept(loop: Loop, **options: Any) -> Loop:
    try:
        return cast("Loop", njit(cache=True, **options)(loop))
    except RuntimeError:  # nowhere to keep it: neither beside the code nor in a home folder
        return cast("Loop", njit(**options)(loop))
