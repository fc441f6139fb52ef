"""The ledger: entries in, totals and explanations out. The rooms above use only this."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from intendance.errors import InputError, StoreError, StoreMovedError, UsageError
from intendance.ledger.chain import Head, Link, Verdict
from intendance.ledger.changes import Changes, changes
from intendance.ledger.compare import Comparison, compare
from intendance.ledger.definition import Definition
from intendance.ledger.privacy import EVERYBODY, PUBLIC, Viewer, shown, valid
from intendance.ledger.rates import RateTable
from intendance.ledger.snapshot import Reconciled, reconcile
from intendance.ledger.store import Posted, Record, Store
from intendance.ledger.totals import Total, entries_behind, total
from intendance.model.entry import (
    KINDS,
    TOPICS,
    Entry,
    Source,
    body_of,
    body_text,
    digest_id,
    entry_from,
)
from intendance.model.interval import LARGEST, Interval
from intendance.model.stages import STAGES

if TYPE_CHECKING:
    import polars as pl

DEFAULT_NAME: Final = "intendance.db"
_CENT: Final = Decimal("0.01")
_THOUSANDTH: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class History:
    """One line's story: all its entries in the order in which they were recorded."""

    asked: str
    entries: tuple[tuple[Entry, str], ...]
    viewer: Viewer = EVERYBODY

    def as_record(self) -> dict[str, object]:
        """Give the story as a JSON object; ``current`` is what is known now."""
        records = [{"id": each.id, "hash": link, **body_of(each)} for each, link in self.entries]
        shown = next((each for each in records if each["id"] == self.asked), records[-1])
        sources = [each["source"] for each in records]
        return {
            "entry": shown,
            "sources": sources,
            "history": records,
            "sentence": shown["source"].get("sentence", ""),
            **self.viewer.limits(),
        }


class Ledger:
    """A ledger, opened by name (a file, or ``postgresql://…``)."""

    def __init__(self, store: Store, viewer: Viewer | None = None) -> None:
        self.store = store
        self.viewer = viewer or Viewer()

    @classmethod
    def create(cls, name: str) -> Ledger:
        """Make an empty ledger."""
        return cls(Store.create(name))

    @classmethod
    def open(cls, name: str, viewer: Viewer | None = None) -> Ledger:
        """Open a ledger that exists, to see of it what a viewer may see (default: all)."""
        return cls(Store.open(name), viewer)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def head(self) -> Head:
        """Give the end of the chain."""
        return self.store.head()

    def seen_head(self) -> Head:
        """Give the end of the chain as the viewer may know it: its root, and how many they see."""
        head = self.head()
        return head if self.viewer.sees_everything else Head(self.frame.height, head.root)

    def verify(self) -> Verdict:
        """Re-read every entry and follow the chain.

        The chain is followed through what a limited viewer may not see, but neither counted nor
        named there.
        """
        return self._told(self.store.verify())

    def _told(self, verdict: Verdict) -> Verdict:
        if self.viewer.sees_everything:
            return verdict
        seen = [link.id for link in self.store.links() if self._may_see(link)]
        bad = verdict.first_bad
        hidden = bad is not None and bad not in seen and not bad.startswith("(")
        return replace(verdict, entries=len(seen), first_bad="(withheld)" if hidden else bad)

    def load(self) -> Verdict:
        """Re-read every entry once: follow the chain and make the columns of the same bytes.

        What is totalled afterwards is what was checked, not a projection kept beside the ledger.
        """
        import polars as pl

        from intendance.ledger.projection import Decoding, unreadable, whole

        with Decoding() as decoding:
            verdict = self.store.verify(decoding.add)
            if verdict.intact:
                try:
                    self.__dict__["frame"] = shown(whole(decoding.rows()), self.viewer)
                except pl.exceptions.PolarsError as error:
                    raise unreadable(self.store) from error
        return self._told(verdict)

    # -- in ---------------------------------------------------------------------------------

    def post(self, entries: Iterable[Entry], *, person: str = "", action: str = "post") -> Posted:
        """Append entries, all or none; repeated ones add nothing.

        InputError names the first entry that breaks a rule of the record.
        """
        records = [record_of(entry) for entry in entries]
        return self.post_records(records, person=person, action=action)

    def post_records(
        self,
        records: list[Record],
        *,
        person: str = "",
        action: str = "post",
        after: Head | None = None,
    ) -> Posted:
        """Append records whose bytes are already canonical (an export that comes back)."""
        posted = self.store.append(records, person=person, action=action, after=after)
        self.__dict__.pop("frame", None)
        return posted

    def snapshot(
        self,
        tracker: str,
        drafts: Iterable[Entry],
        recorded_on: date,
        document: Source,
        *,
        held: Collection[str] = (),
        person: str = "",
        dry_run: bool = False,
    ) -> tuple[Reconciled, Posted | None]:
        """Take in a tracker's release; see ``snapshot.reconcile`` for what becomes of each line.

        ``held`` are packages that the release holds in rows that could not be used. When
        somebody writes between the comparison and the posting, it is compared again.
        """
        ready = _distinct(drafts)
        for last in (False, False, True):
            head = self.store.head()
            past = [
                entry
                for entry in map(read, self.store.links(upto=head.entries))
                # What a tracker says is public, and is compared with what everybody knows of it.
                if entry.line.startswith(f"{tracker}:") and entry.marking == PUBLIC
            ]
            found = reconcile(past, ready, recorded_on, document, held)
            records = [record_of(entry) for entry in found.entries]
            if dry_run:
                return found, None
            try:
                posted = self.post_records(
                    records, person=person, action=f"import {tracker}", after=head
                )
            except StoreMovedError:
                if last:
                    raise
                continue
            return found, posted
        raise AssertionError("the last try returns or raises")

    # -- out --------------------------------------------------------------------------------

    def entries(self) -> Iterator[Entry]:
        """Give the entries that the viewer may see, in the chain's order."""
        return self._seen(self.store.links())

    def _seen(self, links: Iterable[Link]) -> Iterator[Entry]:
        for link in links:
            entry = read(link)
            if self.viewer.sees(entry.marking):
                yield entry

    def on_lines(self, lines: Iterable[str]) -> list[Entry]:
        """Give all entries on some lines, in the chain's order."""
        return list(self._seen(self.store.on_lines(lines)))

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Give the ledger as columns (see ``projection``)."""
        from intendance.ledger.projection import project

        return shown(project(self.store), self.viewer)

    def total(self, definition: Definition, table: RateTable | None = None) -> Total:
        """Add up what a definition counts of what the viewer may see."""
        return replace(total(self.frame, definition, table), viewer=self.viewer)

    def changes(
        self, definition: Definition, before: date, after: date, table: RateTable | None = None
    ) -> Changes:
        """Explain why a total as known on two days differs."""
        found = changes(self.frame, definition, before, after, table)
        return replace(found, viewer=self.viewer)

    def compare(
        self, first: Definition, second: Definition, table: RateTable | None = None
    ) -> Comparison:
        """Explain why two definitions give two figures."""
        return replace(compare(self.frame, first, second, table), viewer=self.viewer)

    def behind(self, definition: Definition) -> list[str]:
        """Give the ids of the entries that a definition counts."""
        return entries_behind(self.frame, definition)

    def show(self, name: str) -> History:
        """Give the story of an entry (its id, the beginning of it, or its line)."""
        found = self.store.about(name, self._may_see)
        if not found:
            raise InputError(
                f"There is no entry {name}.",
                next_step="Ids stand in `intendance export jsonl` and in each brief.",
            )
        lines = {read(link).line for link in found}
        if len(lines) > 1:
            raise UsageError(
                f"{name} is the beginning of {len(found)} ids.", next_step="Give more of it."
            )
        story = [link for link in self.store.on_lines(lines) if self._may_see(link)]
        asked = found[-1].id if found[-1].id.startswith(name) else ""
        return History(asked, tuple((read(link), link.hash) for link in story), self.viewer)

    def _may_see(self, link: Link) -> bool:
        if self.viewer.sees_everything:
            return True
        try:
            return self.viewer.sees(json.loads(link.body).get("marking", PUBLIC))
        except (ValueError, AttributeError):
            return False  # a damaged entry: nobody knows whose it is


def read(link: Link) -> Entry:
    """Read a stored entry; StoreError when somebody has made something else of it."""
    try:
        return entry_from(json.loads(link.body), link.id)
    except (ValueError, TypeError, KeyError, AssertionError) as error:
        raise StoreError(
            f"The entry {link.id} cannot be read: it was changed.",
            next_step="intendance verify says more; intendance restore brings a backup back.",
        ) from error


def _distinct(drafts: Iterable[Entry]) -> list[Entry]:
    return [
        replace(each, reason=" ".join(f"{name}={rate}" for name, rate in each.terms))
        if each.topic == "rates"
        else each
        for each in drafts
    ]


def record_of(entry: Entry) -> Record:
    """Give an entry's canonical form for the store; InputError when it breaks a rule."""
    problem = problem_of(entry)
    if problem:
        place = f"{entry.source.document}:{entry.source.row or ''}".strip(":")
        raise InputError(f"Entry on {entry.line or '?'}: {problem}.", where=place)
    body = body_text(entry)
    name = entry.client_id or digest_id(body.encode("utf-8", "surrogatepass"))
    return Record(name, entry.line, body)


def problem_of(entry: Entry) -> str:
    """Say what rule of the record an entry breaks; nothing when it breaks none."""
    if not entry.line or len(entry.line) > 400:
        return "its line needs a name of at most 400 characters"
    if not (entry.stage in STAGES and entry.kind in KINDS and entry.topic in TOPICS):
        return _strange_word(entry)
    if entry.marking != PUBLIC and not valid(entry.marking):
        return f"there is no marking {entry.marking!r}"
    if len(entry.client_id) > 200:
        return "its id is longer than 200 characters"
    problem = _number_problem(entry)
    if problem:
        return problem
    texts = (entry.line, entry.item_text, entry.reason, entry.source.sentence, entry.donor)
    odd = () if "".join(texts).isprintable() else texts
    for text in odd:
        if any(unicodedata.category(each) in ("Cs", "Cc") and each not in "\n\t" for each in text):
            return "a text holds a control character"
    if entry.kind == "resolve" and not (entry.by and entry.reason):
        return "a resolution needs a person and a reason"
    return ""


def _strange_word(entry: Entry) -> str:
    words = (
        ("stage", entry.stage, STAGES),
        ("kind", entry.kind, KINDS),
        ("topic", entry.topic, TOPICS),
    )
    what, word, _ = next(each for each in words if each[1] not in each[2])
    return f"there is no {what} {word!r}"


def _number_problem(entry: Entry) -> str:
    problem = ""
    amount = entry.money.amount if entry.money else None
    if amount is not None:
        problem = _interval_problem(amount, _CENT, "money")
    if entry.quantity and not problem:
        problem = _interval_problem(entry.quantity.amount, _THOUSANDTH, "quantity")
    for each in entry.valuations:
        # A tracker's conversion of euros is the very amount that was looked at already.
        if not problem and each.amount is not amount:
            problem = _interval_problem(each.amount, _CENT, "valuation")
    return problem


def _interval_problem(interval: Interval, step: Decimal, what: str) -> str:
    best = interval.best
    if best is None and interval.low is None and interval.high is None:
        return ""
    if best is not None and best is interval.low and best is interval.high:  # exact, as most are
        if best.is_finite() and 0 <= best <= LARGEST and best.same_quantum(step):
            return ""
        bounds = [best]
    else:
        bounds = [each for each in (interval.low, best, interval.high) if each is not None]
    if any(not each.is_finite() for each in bounds):
        return f"its {what} is not a number"
    if any(each < 0 for each in bounds):
        return f"its {what} is below zero"
    if any(each > 10**16 for each in bounds):
        return f"its {what} is beyond 10^16"
    if bounds != sorted(bounds):
        return f"the bounds of its {what} are in the wrong order"
    if any(each != each.quantize(step) for each in bounds):
        return f"its {what} is finer than {step}"
    return ""
