"""When to stop: a deadline, SIGINT and SIGTERM, noticed between steps and inside the solver."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any


class Stopped(Exception):  # noqa: N818 - not an error: the search hands back what it has
    """The search has to stop now."""


@dataclass(slots=True)
class Stop:
    """A deadline (``time.monotonic`` seconds) and whether somebody asked to stop."""

    deadline: float = float("inf")
    interrupted: bool = False
    started: float = field(default_factory=time.monotonic)

    def now(self) -> bool:
        """Say whether to stop now."""
        return self.interrupted or time.monotonic() > self.deadline

    def left_seconds(self) -> float:
        """Give the time left; never below zero."""
        return max(0.0, self.deadline - time.monotonic())

    def guard(self) -> None:
        """Raise Stopped when it is time."""
        if self.now():
            raise Stopped

    def within(self, share: float) -> Stop:
        """Give a stop for a part of the work: the share of the time that is left."""
        if self.deadline == float("inf"):
            return self
        return _Part(time.monotonic() + share * self.left_seconds(), started=self.started, of=self)

    def watch(self, event: Any) -> None:
        """Answer the solver's question whether to go on (called with its event)."""
        if self.now():
            event.interrupt()


@dataclass(slots=True)
class _Part(Stop):
    of: Stop = field(default_factory=Stop)

    def now(self) -> bool:
        return self.of.now() or time.monotonic() > self.deadline

    def left_seconds(self) -> float:
        return max(0.0, min(self.deadline, self.of.deadline) - time.monotonic())


@contextmanager
def signals(stop: Stop) -> Iterator[Stop]:
    """Turn SIGINT and SIGTERM into ``stop.interrupted`` while the block runs (main thread)."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.interrupted = True

    before: dict[signal.Signals, Any] = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, ask)
    except ValueError:  # not the main thread: the caller's program owns the signals
        before.clear()
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
