"""The ledger in memory: one projection a revision, one more for each way of seeing it.

Answers worked out from a revision are remembered until somebody writes.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from intendance.errors import InputError
from intendance.ledger.chain import OPENING, Head
from intendance.ledger.ledger import History, Ledger
from intendance.ledger.privacy import PUBLIC, Viewer, shown
from intendance.ledger.store import Store
from intendance.model.entry import Entry

if TYPE_CHECKING:
    import polars as pl

    from intendance.ledger.definition import Definition
    from intendance.ledger.valued import Valued

Answer = TypeVar("Answer")
_MOST_FRAMES: Final = 8
_SHORTEST_BEGINNING: Final = 5  # of an id, as the store has it
_MOST_ANSWERS: Final = 1024
_MOST_BYTES: Final = 256_000_000  # of answers; a frame of all lines of a large ledger has 20 MB


def weigh(answer: Any) -> int:
    """Give roughly what an answer holds in memory, in bytes: frames count, the rest is small."""
    if isinstance(answer, tuple | list):
        return 200 * len(answer) + sum(weigh(each) for each in answer[:4])
    size = getattr(answer, "estimated_size", None)
    return int(size()) if size is not None else 200


class Shelf:
    """A bounded store of what was worked out: the least recently used goes first.

    Two threads that want the same thing compute it once; different things run side by side.
    """

    def __init__(self, most: int, most_bytes: int = 0) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._weights: dict[Hashable, int] = {}
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Give what stands under a key; work it out when nothing does."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]  # type: ignore[no-any-return]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._found:
                    return self._found[key]  # type: ignore[no-any-return]
            try:
                made = compute()
                with self._lock:
                    self._found[key] = made
                    self._weights[key] = weigh(made) if self._most_bytes else 0
                    while len(self._found) > self._most or self._heavy():
                        gone, _ = self._found.popitem(last=False)
                        del self._weights[gone]
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def _heavy(self) -> bool:
        return len(self._found) > 1 and sum(self._weights.values()) > (self._most_bytes or 2**63)

    def drop(self, test: Callable[[Hashable], bool]) -> None:
        """Let go of what stands under some keys."""
        with self._lock:
            for key in [each for each in self._found if test(each)]:
                del self._found[key]
                del self._weights[key]


class Frames:
    """The projections of one ledger, shared by all requests of the process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._frames = Shelf(_MOST_FRAMES)
        self._answers = Shelf(_MOST_ANSWERS, _MOST_BYTES)
        self._root = ""
        self._due: tuple[int, str, frozenset[str]] = (0, OPENING, frozenset())
        self._due_lock = threading.Lock()
        # polars uses every core for each call: more calls at once only take turns badly.
        self._turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))

    def head(self) -> Head:
        """Give the head as it stands now; what belongs to an older one is let go of."""
        head = self._store.head()
        if head.root != self._root:
            self._root = head.root
            for shelf in (self._frames, self._answers):
                shelf.drop(lambda key: isinstance(key, tuple) and key[0] != head.root)
        return head

    def whole(self, head: Head) -> pl.DataFrame:
        """Give the projection of all entries."""
        from intendance.ledger.projection import project

        return self._frames.get((head.root, "whole"), lambda: project(self._store, head))

    def seen(self, head: Head, viewer: Viewer) -> tuple[pl.DataFrame, Hashable]:
        """Give what a viewer may see, and the key of this way of seeing.

        Viewers who see the same markings of this revision share one frame: most donors have
        no private line, and see what the cell sees.
        """
        whole = self.whole(head)
        markings = self._frames.get((head.root, "markings"), lambda: _markings(whole))
        visible = frozenset(each for each in markings if viewer.sees(each or PUBLIC))
        if len(visible) == len(markings):
            return whole, "all"
        frame = self._frames.get((head.root, visible), lambda: shown(whole, viewer))
        return frame, visible

    def lines_due(self, head: Head) -> frozenset[str]:
        """Give the lines on which some entry names a day by which it is due, hidden ones too.

        The ledger only grows: what was looked through before is not looked through again.
        """
        with self._due_lock:
            count, root, lines = self._due
            if count > head.entries or self._store.hash_at(count) != root:
                count, lines = 0, frozenset()
            if count < head.entries:
                lines |= self._store.lines_saying('"due":', count, head.entries)
                self._due = (head.entries, head.root, lines)
            return lines

    def remembered(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Give an answer that belongs to a key (whose first part is the revision's root)."""

        def in_turn() -> Answer:
            with self._turns:
                return compute()

        return self._answers.get(key, in_turn)

    def part(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Give a part of several answers. It takes no turn: what asks for it has one already."""
        return self._answers.get(key, compute)


def _markings(frame: pl.DataFrame) -> tuple[str, ...]:
    import polars as pl

    column = frame.select(pl.col("marking").cast(pl.String).unique()).to_series()
    return tuple(str(each or "") for each in column.to_list())


class Book(Ledger):
    """The ledger as one request sees it: one viewer, one revision, the shared projection."""

    def __init__(self, store: Store, viewer: Viewer, frames: Frames) -> None:
        super().__init__(store, viewer)
        self._frames = frames

    @cached_property
    def revision(self) -> Head:
        """Give the head on which this request's answers rest."""
        return self._frames.head()

    @cached_property
    def _seen_as(self) -> tuple[pl.DataFrame, Hashable]:
        return self._frames.seen(self.revision, self.viewer)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Give what the viewer sees of the ledger as columns."""
        return self._seen_as[0]

    def remembered(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Work an answer out once for a revision and a way of seeing it.

        Nothing of the asking person may go into the answer but what they may see.
        """
        return self._frames.remembered(self._key(key), compute)

    def _key(self, key: Hashable) -> Hashable:
        return (self.revision.root, self._seen_as[1], self.viewer.sees_everything, key)

    def valued(self, definition: Definition) -> Valued:
        """Value what a definition counts: once for all filters, then only filtered."""
        from intendance.ledger.valued import Valued, filtered, value

        whole = replace(definition, where=())
        rows = self._frames.part(
            self._key(("valued", whole)), lambda: value(self.frame, whole).rows
        )
        return Valued(filtered(rows, definition.where))

    def show(self, name: str) -> History:
        """Give the story of an entry that the viewer may see.

        It is looked for among what the viewer sees: a hidden entry takes the way, and the time,
        of one that does not exist.
        """
        import polars as pl

        test = (pl.col("id") == name) | (pl.col("line") == name)
        if len(name) >= _SHORTEST_BEGINNING:
            test |= pl.col("id").str.starts_with(name)
        if self.frame.filter(test).is_empty():
            raise InputError("There is no such entry.")
        return super().show(name)

    def due(self) -> list[Entry]:
        """Give the entries of the lines that name a day by which they are due."""
        return self.on_lines(self._frames.lines_due(self.revision))

    def on_topic(self, topic: str) -> list[Entry]:
        """Give the entries of the lines of a topic (needs, stocks, caveats), as the viewer may."""
        import polars as pl

        rows = self.frame.filter(pl.col("topic").cast(pl.String) == topic)
        return self.on_lines(rows.get_column("line").unique().to_list())

    def recording_days(self) -> list[date]:
        """Give the days on which something was recorded, in order."""
        days: list[date] = self.frame.get_column("recorded").unique().sort().to_list()
        return days

    def moved(self) -> None:
        """Forget this request's revision after a change of its own."""
        for name in ("revision", "_seen_as", "frame"):
            self.__dict__.pop(name, None)

    def close(self) -> None:
        """Leave the store open: it belongs to the server."""
