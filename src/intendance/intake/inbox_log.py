"""Where an inbox keeps its events: in a file; a team's store does the same with two functions."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol

from intendance.errors import InputError, StoreBusyError, StoreMovedError

Event = dict[str, Any]
WAIT_SECONDS: Final = 10.0


class EventLog(Protocol):
    """An append-only log of JSON objects.

    A position is a whole number that only the log understands; 0 is the beginning.
    """

    @property
    def name(self) -> str:
        """Say how people call it, for errors."""

    def read(self, after: int) -> tuple[list[Event], int]:
        """Give the events past a position, in order, and the position after the last of them."""

    def append(self, events: Sequence[Event], after: int) -> int:
        """Add events durably, all or none, and give the new position.

        StoreMovedError when somebody has added others past ``after`` meanwhile (nothing is added
        then); StoreBusyError when another writer does not let go.
        """


class FileLog:
    """A file of JSON lines. Writers take turns by a lock on it; a torn last line never counted."""

    def __init__(self, path: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.path = path
        self.wait_seconds = wait_seconds

    @property
    def name(self) -> str:
        """Give the file's name."""
        return self.path.name

    def read(self, after: int) -> tuple[list[Event], int]:
        """Give the events past a byte offset; a last line without its end is not one yet."""
        try:
            with self.path.open("rb") as stream:
                size = os.fstat(stream.fileno()).st_size
                stream.seek(after)
                data = stream.read()
        except FileNotFoundError:
            data, size = b"", 0
        except OSError as error:
            raise InputError(f"{self.path} is not an inbox.", next_step="Name another.") from error
        if size < after:
            raise InputError(
                f"{self.path} is shorter than it was: somebody has replaced it.",
                next_step="Repeat the command: it reads the file anew.",
            )
        whole = data[: data.rfind(b"\n") + 1]
        return self._events(whole, after), after + len(whole)

    def _events(self, data: bytes, after: int) -> list[Event]:
        found = []
        place = 0
        for line in data.splitlines(keepends=True):
            if line.strip():
                try:
                    found.append(json.loads(line))
                except (ValueError, RecursionError) as error:
                    number = self._line_at(after + place)
                    raise InputError(
                        "This line of the inbox cannot be read.", where=f"{self.name}:{number}"
                    ) from error
            place += len(line)
        return found

    def _line_at(self, offset: int) -> int:
        with self.path.open("rb") as stream:
            return stream.read(offset).count(b"\n") + 1

    def append(self, events: Sequence[Event], after: int) -> int:
        """Add lines; they are on the disk before we go on."""
        lines = (json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n" for each in events)
        data = "".join(lines).encode("utf-8", "replace")
        try:
            with self.path.open("a+b") as stream, self._turn(stream):
                if self.read(after)[1] != after:
                    raise StoreMovedError(
                        f"Somebody else has written to {self.name} meanwhile.",
                        next_step="Repeat the command: it starts from what stands there now.",
                    )
                # What a killed writer left of a line was never acknowledged.
                stream.truncate(after)
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise InputError(
                f"{self.path} cannot be written.", next_step="Check the folder and its rights."
            ) from error
        return after + len(data)

    @contextmanager
    def _turn(self, stream: IO[bytes]) -> Iterator[None]:
        """Hold the file alone; StoreBusyError after the wait."""
        import fcntl

        until = time.monotonic() + self.wait_seconds
        while True:
            try:
                fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise StoreBusyError(
                        f"Somebody else is writing to {self.name} and does not let go.",
                        next_step="Wait for the other command to end, then repeat yours.",
                    ) from None
                time.sleep(0.01)
        try:
            yield
        finally:
            fcntl.flock(stream.fileno(), fcntl.LOCK_UN)
