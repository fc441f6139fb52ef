"""Claims: totals that somebody quotes, in the form that a checker can set beside a ledger."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from intendance.intake.check_scope import group_of, institution_of, recipient_of
from intendance.intake.pack import Pack, load
from intendance.intake.reading import AidEvent, Amount, Reading
from intendance.intake.segment import lowered, words_of

_STAGES: Final = {
    "deliver": "deliver",
    "ship": "deliver",
    "field": "deliver",
    "allocate": "allocate",
    "commit": "commit",
    "pledge": "pledge",
}
# Below it a donor's single gift is news, no total: "France has provided 500 million euros".
LEAST_OF_ONE_DONOR: Final = 100_000_000
_SHARE: Final = re.compile(r"(?:%|per ?cent|pour ?cent|Prozent)\s+(?:of|du|de|des|d['’])[^.;]*$")
_CATEGORIES: Final = frozenset({"military", "humanitarian", "financial"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A quoted total: bounds as decimal strings, the words that say what it counts.

    ``category`` is military, humanitarian, financial or another purpose word's code, None for
    all; ``stage`` is the status that the verb gives (``deliver`` for "fournir", ``pledge`` for
    "promettre"), None when nothing tells; ``donor`` is one known party, None for a group, whose
    words stand in ``donor_text``; ``donor_group`` is a group that the catalogue knows (``eu``).
    ``per`` tells a figure of each month, week or year from a total. ``recipient``: a state.
    """

    amount: str
    low: str | None
    high: str | None
    approximate: bool
    currency: str | None
    currency_inherited: bool
    currency_text: str | None
    currency_assumed_from: str | None
    category: str | None
    category_text: str | None
    stage: str | None
    stage_text: str | None
    donor: str | None
    donor_text: str | None
    since: str | None
    until: str | None
    speaker: str | None
    statement: str | None
    start: int
    end: int
    text: str
    part_of: str | None
    rule: str
    per: str | None = None
    donor_group: str | None = None
    recipient: str | None = None

    def as_record(self) -> dict[str, Any]:
        """Give the claim as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


def claims_of(reading: Reading) -> tuple[Claim, ...]:
    """Give the totals that a document quotes, in the order of the text.

    A total is an amount of aid with a period ("depuis …"), a word of totalling ("au total"),
    or a group as donor; parts of a total ("dont 65 milliards") are totals too.
    """
    found: dict[str, Claim] = {}
    pack = load(reading.document.language)
    totals, groups = pack.words("total_words"), pack.words("group_words")
    speakers = {each.id: each.speaker_name or each.speaker for each in reading.statements}
    for amount in reading.amounts:
        event = _event(reading, amount)
        parent = found.get(amount.part_of) if amount.part_of else None
        if parent is None and not _is_total(reading, amount, event, totals, groups):
            continue
        if _converted(reading, amount):
            continue
        purpose = amount.purpose or _aid_for(reading, amount, pack)
        if _SHARE.search(reading.document.text[max(amount.start - 60, 0) : amount.start]):
            purpose = None  # "military aid is 45% of the total of …": the whole is of every kind
        claim = _claim(replace(amount, purpose=purpose), event, parent, speakers)
        to = recipient_of(event.recipient) if event else parent.recipient if parent else None
        group = None if claim.donor else group_of(claim.donor_text, pack)
        found[amount.id] = replace(
            claim,
            per=_per(reading.document.text, amount, pack),
            donor=claim.donor or (None if group else institution_of(claim.donor_text)),
            donor_group=group,
            recipient=to,
        )
    return tuple(found.values())


def _per(text: str, amount: Amount, pack: Pack) -> str | None:
    """Give the words that say a sum again and again: "par mois", "a year", "every week"."""
    behind = " ".join(words_of(text[amount.end : amount.end + 40]))
    around = " ".join(words_of(_sentence(text, amount.start, amount.end)))
    for phrase in sorted(pack.words("per_words")):
        if f" {behind} ".startswith(f" {_plain(phrase)} "):
            return phrase
    for phrase in sorted(pack.words("every_words")):
        if f" {_plain(phrase)} " in f" {around} ":
            return phrase
    return None


def _aid_for(reading: Reading, amount: Amount, pack: Pack) -> str | None:
    """Give what the sentence's aid is for: "L'aide énergétique a atteint …", "energy aid".

    What stands from its own parts on ("of which 30 million in humanitarian aid") is theirs.
    """
    text = reading.document.text
    parts = (each.start for each in reading.amounts if each.part_of == amount.id)
    text = text[: min((start for start in parts if start > amount.end), default=len(text))]
    joined = f" {' '.join(words_of(_sentence(text, amount.start, amount.end)))} "
    found = {
        kind
        for kind, phrases in pack.raw.get("purposes", {}).items()
        for each in phrases
        if f" aide {each} " in joined or f" {each} aid " in joined
    }
    return found.pop() if len(found) == 1 else None


def _event(reading: Reading, amount: Amount) -> AidEvent | None:
    """Give the event that the amount belongs to: the one that names it, else the nearest."""
    at = bisect_left(reading.aid, amount.start - 600, key=lambda each: each.start)
    around = [each for each in reading.aid[at : at + 60] if each.start < amount.start + 600]
    for event in around:
        if event.amount == amount.id and event.status in _STAGES:
            return event
    near = [
        each
        for each in around
        if each.status in _STAGES
        and each.statement == amount.statement
        and abs(each.start - amount.start) < 250
        and not _apart(reading.document.text, each, amount)
    ]
    return min(near, key=lambda each: abs(each.start - amount.start), default=None)


def _sentence(text: str, start: int, end: int) -> str:
    floor, ceiling = max(start - 400, 0), end + 400
    marks = (". ", "\n", "! ", "? ")
    begin = max(floor, *(text.rfind(mark, floor, start) + 1 for mark in marks))
    stops = [at for mark in marks if (at := text.find(mark, end, ceiling)) >= 0]
    return text[begin : min(stops, default=ceiling)]


def _apart(text: str, event: AidEvent, amount: Amount) -> bool:
    """Tell whether a sentence ends between an event and an amount."""
    between = text[min(event.end, amount.end) : max(event.start, amount.start)]
    return any(mark in between for mark in (". ", "\n", "; "))


@lru_cache(maxsize=1024)
def _plain(phrase: str) -> str:
    return " ".join(words_of(phrase.replace("' ", "'")))


@lru_cache(maxsize=16)
def _padded(phrases: frozenset[str]) -> tuple[str, ...]:
    """Give phrases as they stand between other words."""
    return tuple(f" {_plain(each)} " for each in phrases)


@lru_cache(maxsize=16)
def _signs(phrases: frozenset[str]) -> frozenset[str]:
    """Give one word of each phrase, its longest: where none stands, no phrase does."""
    return frozenset(max(_plain(each).split(" "), key=len) for each in phrases)


def _converted(reading: Reading, amount: Amount) -> bool:
    """Tell the "($8.8 billion)" behind "£7 billion": the same sum, told again."""
    text = reading.document.text
    if text[max(amount.start - 1, 0) : amount.start] != "(":
        return False
    before = text[: amount.start - 1].rstrip()
    return any(
        each.end == len(before) and each.currency != amount.currency for each in reading.amounts
    )


def _one_gift(text: str, amount: Amount, sentence: str, pack: Pack) -> bool:
    """Tell "another €600 million", "the second tranche", "today … disbursed" from a total."""
    near = words_of(text[max(amount.start - 30, 0) : amount.start])[-3:]
    near += words_of(text[amount.end : amount.end + 30])[:2]
    if not pack.words("further_words").isdisjoint(near):
        return True
    return not pack.words("gift_words").isdisjoint(words_of(sentence))


def _is_total(
    reading: Reading,
    amount: Amount,
    event: AidEvent | None,
    totals: frozenset[str],
    groups: frozenset[str],
) -> bool:
    if event is not None and amount.since is not None:
        return True
    text = reading.document.text
    sentence = lowered(_sentence(text, amount.start, amount.end))
    if not _told_as_total(amount, event, sentence, totals, groups):
        return False
    return not _one_gift(text, amount, sentence, load(reading.document.language))


def _told_as_total(
    amount: Amount,
    event: AidEvent | None,
    sentence: str,
    totals: frozenset[str],
    groups: frozenset[str],
) -> bool:
    """Tell a total by its words, its donor or its size; it may still be one gift."""
    joined, summed = "", False
    if any(each in sentence for each in _signs(totals)):
        joined = f" {' '.join(words_of(sentence))} "
        summed = any(each in joined for each in _padded(totals))
    if event is None:
        return summed and (amount.purpose is not None or "aid" in joined)
    if summed:
        return True
    if event.status == "deliver" and _one_donor(event.donor) is not None:
        figure = amount.low or amount.high
        return figure is not None and Decimal(figure) >= LEAST_OF_ONE_DONOR
    if not event.donor or event.status not in ("deliver", "commit", "allocate", "pledge"):
        return False
    return not groups.isdisjoint(words_of(event.donor))


def _one_donor(text: str | None) -> str | None:
    """Give the state that a donor's words name; None for a group or an unknown."""
    from intendance.model.catalogue import find_party

    if not text:
        return None
    led = text[:1].islower() or text.startswith(("Le ", "La ", "Les ", "The "))
    head = text.split(" ", 1)[-1] if led else text
    for clitic in ("l'", "L'", "l’", "L’"):
        head = head.removeprefix(clitic)
    known = find_party(head)
    return known.name if known and known.kind == "state" else None


def _claim(
    amount: Amount,
    event: AidEvent | None,
    parent: Claim | None,
    speakers: dict[str, str | None],
) -> Claim:
    inherited = parent.currency if parent and amount.currency_inherited else None
    donor_text = event.donor if event else parent.donor_text if parent else None
    party = _one_donor(donor_text)
    stage = _STAGES.get(event.status) if event else parent.stage if parent else None
    purpose = amount.purpose
    statement = amount.statement or (parent.statement if parent else None)
    return Claim(
        amount.id,
        amount.low,
        amount.high,
        amount.approximate,
        amount.currency,
        amount.currency_inherited,
        None if amount.currency_inherited else amount.currency,
        inherited,
        purpose if purpose in _CATEGORIES else None,
        purpose,
        stage,
        event.trigger if event else None,
        party,
        donor_text,
        amount.since or (parent.since if parent else None),
        amount.until,
        speakers.get(statement or ""),
        statement,
        amount.start,
        amount.end,
        amount.text,
        amount.part_of,
        "claim.part" if parent else "claim.total",
    )
