"""One typed door to numba: loops compiled once and kept on disk beside the code."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def _drop_stale() -> None:
    """Throw away kept machine code when any loop's source has changed.

    numba looks only at the file of a loop itself, not at the loops that it calls in others.
    """
    here = Path(__file__).parent
    kept = here / "__pycache__"
    stamp = "\n".join(
        f"{path.name} {path.stat().st_mtime_ns} {path.stat().st_size}"
        for path in sorted(here.glob("*.py"))
    )
    note = kept / "loops.stamp"
    with contextlib.suppress(OSError):  # an installation that cannot be written to is not stale
        if note.exists() and note.read_text(encoding="utf-8") == stamp:
            return
        for path in [*kept.glob("*.nbi"), *kept.glob("*.nbc")]:
            path.unlink(missing_ok=True)
        kept.mkdir(exist_ok=True)
        note.write_text(stamp, encoding="utf-8")


_drop_stale()


def is_kept(loop: Any) -> bool:
    """Tell whether the machine code of a compiled loop is kept from an earlier run."""
    try:
        folder, name = Path(loop._cache.cache_path), loop.py_func.__qualname__  # noqa: SLF001
    except AttributeError:  # plain Python, or nowhere to keep it
        return False
    return any(folder.glob(f"*.{name}-*.nbi"))


def compiled(loop: Loop) -> Loop:
    """Compile a loop for numbers and arrays; ``NUMBA_DISABLE_JIT=1`` runs it as plain Python."""
    return _kept(loop, error_model="numpy", no_cfunc_wrapper=True)


def inner(loop: Loop) -> Loop:
    """Compile a function that only other compiled loops call: without Python's wrapper.

    Wrapping and unwrapping dozens of arrays is most of the compile time of such a function.
    """
    return _kept(loop, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


def lean(loop: Loop) -> Loop:
    """Compile an inner function that makes no array: nothing is counted in and out of use.

    Counting references of the dozens of arrays in a state costs more than an event does.
    """
    return _kept(
        loop, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False
    )


def woven(loop: Loop) -> Loop:
    """Compile a lean function into each place that calls it: no arrays are handed over.

    Each array is handed over as seven words; a world of them costs more than most events do.
    """
    return _kept(
        loop,
        error_model="numpy",
        forceinline=True,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        _nrt=False,
    )


def _kept(loop: Loop, **options: Any) -> Loop:
    try:
        return cast("Loop", njit(cache=True, **options)(loop))
    except RuntimeError:  # nowhere to keep it: neither beside the code nor in a home folder
        return cast("Loop", njit(**options)(loop))
