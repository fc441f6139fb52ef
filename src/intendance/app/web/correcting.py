"""Corrections and withdrawals by a person: a new entry with a reason; nothing is ever edited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from intendance.app.accounts.people import Person
from intendance.app.web.asked import Asked
from intendance.app.web.frames import Book
from intendance.app.web.refusals import LostUpdateError, NotAllowedError, NotFoundError
from intendance.errors import InputError, StoreMovedError, UsageError
from intendance.ledger.ledger import History, record_of
from intendance.ledger.privacy import PUBLIC, RESTRICTED
from intendance.model.catalogue import party_name
from intendance.model.entry import CLOSING_KINDS, Entry, Money, Quantity, Valuation, identify
from intendance.model.interval import QUALIFIERS, Interval
from intendance.model.period import Period

_TRIES: Final = 5
_SHORTEST_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants of an entry; None leaves a part as it is. ``withdraw`` closes the slot.

    A blank ``quantity`` or ``amount`` part cannot take a figure away: undisclosed says so.
    """

    reason: str
    withdraw: bool = False
    amount: Interval | None = None
    currency: str | None = None
    quantity: Interval | None = None
    unit: str | None = None
    valid: Period | None = None
    donor: str | None = None
    category: str | None = None
    item_text: str | None = None
    marking: str | None = None


def interval(number: Decimal | None, to: Decimal | None, qualifier: str) -> Interval | None:
    """Give the interval that a form's three fields say; None when they say nothing.

    >>> interval(Decimal(600), Decimal(700), "range").best
    Decimal('650')
    """
    if qualifier not in QUALIFIERS:
        raise UsageError("There is no such qualifier.", next_step="Use exact, about, range …")
    if qualifier == "undisclosed":
        return Interval.undisclosed()
    if number is None:
        return None
    if qualifier == "range":
        if to is None:
            raise UsageError("A range needs both ends.")
        return Interval.between(number, to)
    return Interval.of(number, qualifier)  # type: ignore[arg-type]


def story_of(book: Book, name: str) -> History:
    """Give the story of an entry or line; NotFoundError when there is none that may be seen."""
    if len(name) < _SHORTEST_NAME:
        raise NotFoundError("There is no such entry.")
    try:
        return book.show(name)
    except (InputError, UsageError) as error:
        raise NotFoundError("There is no such entry.") from error


def current_of(story: History, entry: Entry) -> Entry:
    """Give what is known now at an entry's place: the last entry of its slot."""
    slot = [each for each, _ in story.entries if each.slot == entry.slot]
    return max(enumerate(slot), key=lambda pair: (pair[1].recorded_on, pair[0]))[1]


def version_of(story: History) -> str:
    """Give the version of a story: it changes with each entry that its reader may see."""
    # Ids, not the chain's hashes: a hash also tells that something hidden came before.
    joined = "\n".join(each.id for each, _ in story.entries)
    return hashlib.sha256(joined.encode()).hexdigest()[:24]


def may_correct(person: Person, entry: Entry) -> bool:
    """Tell whether a person may correct an entry: the cell all it sees, a donor its own."""
    own = person.role == "donor" and entry.marking == f"private:{person.party}"
    return person.may_post or own


def correct(asked: Asked, name: str, wanted: Wanted, version: str) -> Entry:
    """Post the entry that replaces another, and give it.

    LostUpdateError when somebody has changed the story since ``version``; NotAllowedError;
    UsageError when nothing would change or the reason is missing.
    """
    if not wanted.reason:
        raise UsageError("A correction needs a reason.", next_step="Say why, and who told you.")
    for last in (False,) * (_TRIES - 1) + (True,):
        head = asked.ledger.store.head()
        story = story_of(asked.ledger, name)
        if version_of(story) != version:
            raise LostUpdateError
        entry = current_of(story, _asked_entry(story))
        if not may_correct(asked.person, entry):
            raise NotAllowedError
        made = identify(_made(asked, entry, wanted))
        try:
            asked.ledger.post_records(
                [record_of(made)], person=asked.person.name, action=made.kind, after=head
            )
        except StoreMovedError:
            if last:
                raise
            continue
        asked.ledger.moved()
        asked.note(f"entry: {made.kind}", f"{made.id} replaces {entry.id}")
        return made
    raise AssertionError("the last try returns or raises")


def _asked_entry(story: History) -> Entry:
    found = [each for each, _ in story.entries if each.id == story.asked]
    return found[0] if found else story.entries[-1][0]


def _made(asked: Asked, entry: Entry, wanted: Wanted) -> Entry:
    if entry.kind in CLOSING_KINDS:
        raise UsageError("This line is closed.", next_step="Post a new one instead.")
    day = max(asked.today, entry.recorded_on)
    base = replace(
        entry,
        id="",
        client_id="",
        recorded_on=day,
        replaces=entry.id,
        reason=wanted.reason,
        by=asked.person.name,
    )
    if wanted.withdraw:
        return replace(base, kind="withdraw", money=None, quantity=None, valuations=())
    made = replace(base, **_changes(asked, entry, wanted))
    same = replace(made, recorded_on=entry.recorded_on, kind=entry.kind, replaces=entry.replaces)
    if replace(same, reason=entry.reason, by=entry.by, client_id=entry.client_id) == entry:
        raise UsageError("Nothing would change.", next_step="Change a figure, a day or a word.")
    moved = (made.donor, made.category) != (entry.donor, entry.category)
    return replace(made, kind="reclassify" if moved else "correct")


def _changes(asked: Asked, entry: Entry, wanted: Wanted) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: value
        for name, value in (
            ("valid", wanted.valid),
            ("donor", party_name(wanted.donor) if wanted.donor else None),
            ("category", wanted.category),
            ("item_text", wanted.item_text),
        )
        if value is not None
    }
    if wanted.quantity is not None:
        unit = wanted.unit or (entry.quantity.unit if entry.quantity else "piece")
        found["quantity"] = Quantity(wanted.quantity, unit)
    if wanted.amount is not None:
        found |= _worth(entry, wanted)
    if wanted.marking is not None:
        found["marking"] = _marking(asked.person, entry, wanted.marking)
    return found


def _worth(entry: Entry, wanted: Wanted) -> dict[str, Any]:
    """Change the money, and with it the tracker's conversion of it.

    A conversion in the same currency follows; another no longer holds and is left out, and the
    ECB's rate of the day takes its place.
    """
    assert wanted.amount is not None
    currency = (wanted.currency or (entry.money.currency if entry.money else "EUR")).upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise UsageError("This is no currency code.", next_step="Use EUR, USD, GBP …")
    money = Money(wanted.amount, currency)
    if money == entry.money:
        return {}
    kept: list[Valuation] = []
    for each in entry.valuations:
        if each.method != "source":
            kept.append(each)
        elif each.currency == currency:
            kept.append(replace(each, amount=wanted.amount))
    return {"money": money, "valuations": tuple(kept)}


def _marking(person: Person, entry: Entry, marking: str) -> str:
    """Let nobody mark a line private for another, or release what is another's."""
    own = f"private:{person.party}"
    allowed = {PUBLIC, RESTRICTED, entry.marking} | ({own} if person.role == "donor" else set())
    if marking not in allowed:
        raise UsageError("This marking cannot be given here.")
    return marking
