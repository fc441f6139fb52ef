"""Turns what was found in a document into the records of the contract."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, TypeVar

from intendance.intake.aid import Event
from intendance.intake.date_seasons import Found
from intendance.intake.figure_links import Counted, Money
from intendance.intake.numbers import Number
from intendance.intake.pack import (
    WEEKDAY,
    Pack,
)  # fmt: skip
from intendance.intake.people import Matrix
from intendance.intake.reading import (
    AidEvent,
    Amount,
    DateMention,
    Document,
    Proposal,
    QuantityMention,
    Reading,
    Statement,
)  # fmt: skip
from intendance.intake.segment import Segmented
from intendance.intake.statements import Draft
from intendance.intake.taken_up import state_of


@dataclass(slots=True)
class Work:
    """What is found in one document, before it becomes records."""

    seg: Segmented
    pack: Pack
    published: date | None
    matrices: dict[int, Matrix] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    dates: list[tuple[int, Found]] = field(default_factory=list)
    amounts: list[Money] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    datelines: dict[int, int] = field(default_factory=dict)
    reported_by: str | None = None
    meant: dict[int, str] = field(default_factory=dict)  # a party's offset and whom it means


# ---- records -------------------------------------------------------------------------------


def decimal_text(value: Decimal | None) -> str | None:
    """Give a decimal string without exponent or needless zeros.

    >>> decimal_text(Decimal("1.50E+3")), decimal_text(Decimal("2.50")), decimal_text(None)
    ('1500', '2.5', None)
    """
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _bounds(number: Number) -> tuple[str | None, str | None, bool]:
    return decimal_text(number.low), decimal_text(number.high), number.approximate


def _statement_type(work: Work, draft: Draft) -> str:
    seg = work.seg
    quote = seg.quote_at(draft.start)
    spans = draft.parts or [(draft.start, draft.end)]
    quoted = plain = 0
    for start, end in spans:
        at = start
        while at < end:
            quote = seg.quote_at(at)
            if quote is not None and quote.start < end:
                stop = min(quote.end, end)
                quoted += stop - at
                at = stop
                continue
            following = _next_quote(seg, at, end)
            if plain <= 2:  # more does not matter
                plain += sum(map(str.isalnum, seg.text[at:following]))
            at = following
    if not quoted:
        return "indirect"
    article = plain <= 2 and seg.low_text.startswith(("un ", "an ", "le ", "la "), draft.start)
    return "direct" if plain < 2 or article else "mixed"


def _next_quote(seg: Segmented, at: int, end: int) -> int:
    place = bisect_left(seg.quote_starts, at)
    if place < len(seg.quotes) and seg.quotes[place].start < end:
        return max(seg.quotes[place].start, at + 1)
    return end


def _holds(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    for start, end in spans:  # noqa: SIM110 - a generator a word costs more
        if start <= offset < end:
            return True
    return False


def _statement_date(work: Work, draft: Draft, dates: dict[int, list[Found]]) -> str | None:
    """Give the day on which it was said: a day in the frame of the cue, not in the content."""
    seg = work.seg
    spans = draft.parts or [(draft.start, draft.end)]
    frame: list[Found] = []
    for found in dates.get(draft.sentence, ()):
        offset = seg.starts[found.first]
        inside = any(start <= offset < end for start, end in spans)
        if not inside and found.granularity == "day":
            frame.append(found)
    if frame:
        near = min(frame, key=lambda each: abs(seg.starts[each.first] - (draft.cue or (0, 0))[0]))
        return near.value
    today = [
        found for found in dates.get(draft.sentence, ())
        if found.rule == "relative:day" and seg.lows[found.first] in ("aujourd'hui", "today")
    ]  # fmt: skip
    return today[0].value if today and draft.rule.startswith("quote") else None


def _place(work: Work, draft: Draft) -> str | None:
    """Give the place that the frame names after the cue: "… à Ramstein"."""
    if draft.cue is None:
        return None
    seg, pack = work.seg, work.pack
    sentence = seg.sentences[draft.sentence]
    spans = draft.parts or [(draft.start, draft.end)]
    at = max(seg.token_at(draft.cue[1]), sentence.first)
    words = pack.words("place_words")
    if words.isdisjoint(seg.lows[at : sentence.last]):
        return None
    where = None
    while at + 1 < sentence.last:
        start = seg.starts[at]
        if _holds(spans, start):
            break
        low = seg.lows[at]
        if low in words and seg.upper(at + 1) and not pack.flags.get(seg.lows[at + 1], 0) & WEEKDAY:
            inside = draft.speaker and draft.speaker.start <= start < draft.speaker.end
            if (
                not inside
                and seg.lows[at + 1] not in pack.words("institutions")
                and not pack.match(seg.lows, at + 1, "outlets", sentence.last)
            ):
                end = at + 2
                while end < sentence.last and seg.upper(end) and seg.lows[end][0].isalpha():
                    end += 1
                strong = low not in {"de", "d'", "of"}
                base = any(
                    each in pack.words("site_nouns") for each in seg.lows[max(at - 4, 0) : at]
                )
                if strong or base:
                    where = seg.text[seg.starts[at + 1] : seg.ends[end - 1]]
                    break
        at += 1
    return where


def records(work: Work, document: Document) -> Reading:
    """Give the reading with all its records, in the order of the text."""
    seg = work.seg
    dates_by_sentence: dict[int, list[Found]] = {}
    for index, found in work.dates:
        dates_by_sentence.setdefault(index, []).append(found)
    statements = []
    for number, draft in enumerate(work.drafts, start=1):
        speaker = draft.speaker
        statements.append(
            Statement(
                f"s{number}", _statement_type(work, draft), draft.start, draft.end,  # type: ignore[arg-type]
                seg.text[draft.start : draft.end], speaker.surface if speaker else None,
                work.names[number - 1], speaker.role if speaker else None,
                seg.text[draft.cue[0] : draft.cue[1]] if draft.cue else None,
                draft.act, _statement_date(work, draft, dates_by_sentence),  # type: ignore[arg-type]
                _place(work, draft), draft.confidence, draft.rule,
                tuple(draft.parts), (speaker.start, speaker.end) if speaker else None, draft.cue,
            )
        )  # fmt: skip
    holder = _Holder(statements)
    amounts = _amounts(work, holder)
    quantities = _quantities(work, holder)
    dates = tuple(
        DateMention(
            f"d{number}", seg.starts[found.first], seg.ends[found.last - 1],
            seg.text[seg.starts[found.first] : seg.ends[found.last - 1]], found.value,
            found.granularity, found.rule,
        )
        for number, (_, found) in enumerate(work.dates, start=1)
    )  # fmt: skip
    aid = _aid(work, holder, amounts, quantities)
    reading = Reading(document, tuple(statements), amounts, quantities, dates, aid, ())
    from intendance.intake.proposals import propose

    proposals: tuple[Proposal, ...] = propose(reading)
    return Reading(document, tuple(statements), amounts, quantities, dates, aid, proposals)


class _Holder:
    """Finds the innermost statement that holds an offset."""

    def __init__(self, statements: list[Statement]) -> None:
        self.statements = sorted(statements, key=lambda each: each.start)
        self.starts = [each.start for each in self.statements]
        self.at = 0

    def of(self, offset: int) -> str | None:
        """Give the id of the smallest statement around an offset."""
        best: Statement | None = None
        place = bisect_right(self.starts, offset)
        for statement in reversed(self.statements[max(place - 6, 0) : place]):
            if statement.end <= offset and not statement.parts:
                continue
            size = statement.end - statement.start
            if best is not None and size >= best.end - best.start:
                continue
            spans = statement.parts
            if not spans or _holds(spans, offset):
                best = statement
        return best.id if best else None


def _amounts(work: Work, holder: _Holder) -> tuple[Amount, ...]:
    seg = work.seg
    ids = {id(each): f"a{number}" for number, each in enumerate(work.amounts, start=1)}
    out = []
    for amount in work.amounts:
        start, end = seg.starts[amount.first], seg.ends[amount.last - 1]
        low, high, approximate = _bounds(amount.number)
        out.append(
            Amount(
                ids[id(amount)], start, end, seg.text[start:end], low, high, approximate,
                amount.currency, ids.get(id(amount.parent)) if amount.parent else None,
                holder.of(start), amount.purpose, amount.since, amount.until, amount.rule,
                amount.inherited,
            )
        )  # fmt: skip
    return tuple(out)


# The packs' words for goods that the catalogue calls otherwise.
_OTHER_NAMES: Final = {
    "shell": "round-artillery", "shell_155": "round-155", "air_defence": "air-defence-system",
    "apc": "armoured-vehicle", "mlrs": "rocket-launcher", "purifier": "water-treatment",
    "housing": "housing-unit", "supplies": "relief-goods", "blood": "blood-bag",
}  # fmt: skip


@cache
def _catalogued(item: str) -> str:
    """Give the catalogue's name for a pack's item where it has one."""
    from intendance.model.catalogue import find_item, items

    name = _OTHER_NAMES.get(item) or item.replace("_", "-")
    if name in items():
        return name
    found = find_item(name) or find_item(item.replace("_", " "))
    return found.name if found else item


_SHOTS: Final = frozenset({
    "missile", "missiles", "interceptor", "interceptors", "intercepteur", "intercepteurs",
})  # fmt: skip


def _known_item(noun: str, tail: str) -> str | None:
    """Give the catalogue's item that a noun with its model and calibre names.

    A model decides where the whole is not listed: "chars Leopard 2A6", "Leopard 2A6 tanks".
    """
    from intendance.model.catalogue import find_item, items

    words = noun.split()
    parts = [f"{noun} {tail}"] if tail else []
    parts.append(noun)
    models = [" ".join(words[at:]) for at in range(1, len(words)) if words[at][0].isupper()]
    if noun[:1].isupper():
        models += [" ".join(words[:at]) for at in range(len(words) - 1, 0, -1)]
    parts += models
    whole = [noun] if noun[:1].isupper() else []
    parts += [each.removesuffix("s") for each in (*whole, *models)]
    known = next((found.name for each in parts if (found := find_item(each))), None)
    shot = not _SHOTS.isdisjoint(noun.lower().split())
    return f"{known}-missile" if shot and f"{known}-missile" in items() else known


def _quantities(work: Work, holder: _Holder) -> tuple[QuantityMention, ...]:
    seg = work.seg
    ids = {id(each): f"q{number}" for number, each in enumerate(work.counted, start=1)}
    out = []
    for thing in work.counted:
        start, end = seg.starts[thing.first], seg.ends[thing.last - 1]
        low, high, approximate = _bounds(thing.number)
        noun = seg.text[seg.starts[thing.noun[0]] : seg.ends[thing.noun[1] - 1]]
        known = _known_item(noun, thing.tail)
        item = known or (_catalogued(thing.item) if thing.item else noun.lower())
        out.append(
            QuantityMention(
                ids[id(thing)], start, end, seg.text[start:end], low, high, approximate, item, noun,
                thing.unit, holder.of(start), thing.rule,
                ids.get(id(thing.parent)) if thing.parent else None,
            )
        )  # fmt: skip
    return tuple(out)


def _aid(
    work: Work, holder: _Holder, amounts: tuple[Amount, ...],
    quantities: tuple[QuantityMention, ...],
) -> tuple[AidEvent, ...]:  # fmt: skip
    seg, givers = work.seg, work.pack.words("givers")
    out = []
    events = [each for each in work.events if not _said_twice(work, holder, each)]
    for number, event in enumerate(events, start=1):
        start, end = seg.starts[event.first], seg.ends[event.last - 1]
        sentence = seg.sentences[event.sentence]
        clause = (seg.starts[event.clause_first] if event.clause_first < len(seg.starts) else end,
                  seg.ends[max(event.clause_last - 1, event.clause_first - 1)])  # fmt: skip
        before = (seg.starts[max(event.early, sentence.first)], start)
        statement = holder.of(start)
        donor, recipient = _named(work, holder, event, statement)
        given = tuple(
            each for each in _between(quantities, before[0], clause[1])
            if each.item_text.lower() not in givers and not _received(work, each)
        )  # fmt: skip
        sums = tuple(
            each for each in _between(amounts, before[0], clause[1]) if not _priced(work, each)
        )
        ahead, sum_ahead = _first(given, *clause), _first(sums, *clause)
        quantity, amount = ahead, sum_ahead
        if event.passive:
            behind, sum_behind = _first(given, *before), _first(sums, *before)
            joined = event.first and seg.lows[event.first - 1] in {"et", "and"}
            if joined or event.rule.startswith("aid.arrival"):
                quantity, amount = ahead or behind, sum_ahead or sum_behind
            else:  # "12 canons seront livrés et 150 militaires envoyés"
                quantity, amount = behind or ahead, sum_behind or sum_ahead
        elif event.status == "field":
            quantity = ahead or _first(given, *before)
        out.append(
            AidEvent(
                f"e{number}", start, end, seg.text[start:end], event.status,
                donor, recipient,
                tuple(seg.text[seg.starts[a] : seg.ends[b - 1]] for a, b in event.items),
                quantity, amount, tuple(cause for cause, _, _ in event.causes), statement,
                event.rule,
                tuple((seg.starts[a], seg.ends[b - 1]) for _, a, b in event.causes),
                _listed(work, event, given, quantity, clause[1]),
            )
        )  # fmt: skip
    return tuple(out)


_AND: Final = frozenset({",", "et", "and", "und", "plus", "&"})
_BESIDES: Final = frozenset({"de", "d'", "of", "que", "as", "well", "aussi", "encore", "also", "+"})


def _listed(
    work: Work, event: Event, given: tuple[QuantityMention, ...], first: str | None, end: int
) -> tuple[str, ...]:
    """Give the goods that a list adds to the first ones: "40 blindés, 25 chars et 20 000 obus"."""
    at = next((at for at, each in enumerate(given) if each.id == first), len(given))
    if at + 1 >= len(given):
        return ()
    seg = work.seg
    goods = [seg.starts[a] for a, _ in event.items]
    found = []
    for thing in given[at + 1 :]:
        before = seg.token_at(thing.start) - 1
        while seg.lows[before] in _BESIDES:
            before -= 1
        named = any(thing.start <= place < thing.end for place in goods)
        if thing.start < end and not thing.part_of and named and seg.lows[before] in _AND:
            found.append(thing.id)
    return tuple(found)


def _received(work: Work, thing: QuantityMention) -> bool:
    """Tell the families of "des rations à 320 familles": they are not what is given."""
    pack = work.pack
    noun = thing.item_text.lower().split()[:1]
    if pack.words("recipients").isdisjoint(noun):
        return False
    at = work.seg.token_at(thing.start)
    return at > 0 and work.seg.lows[at - 1] in pack.words("to_words")


_BESIDE: Final = ("quote-", "clause-incise", "inside", "floating")


def _said_twice(work: Work, holder: _Holder, event: Event) -> bool:
    """Tell "« Nous livrerons 14 chars », a promis X": the promise is told inside."""
    if event.status not in ("pledge", "request"):
        return False
    start = work.seg.starts[event.first]
    for said in holder.statements:
        if not (said.cue_span and said.cue_span[0] <= start < said.cue_span[1]):
            continue
        if not said.rule.startswith(_BESIDE):
            return False
        first, last = work.seg.token_at(said.start), work.seg.token_at(said.end)
        return any(first <= each.first < last for each in work.events if each is not event)
    return False


def _named(
    work: Work, holder: _Holder, event: Event, statement: str | None
) -> tuple[str | None, str | None]:
    """Give donor and recipient: pronouns resolved, "nous" as who speaks, a cue's own speaker."""
    spoken = next((each for each in holder.statements if each.id == statement), None)
    out: list[str | None] = []
    for party in (event.donor, event.recipient):
        if party is None:
            out.append(None)
            continue
        own = party.surface.lower() in {"nous", "we", "je", "i", "wir"}
        said = spoken.speaker_name if own and spoken is not None else None
        near = spoken is not None and spoken.type != "direct" and party.start - spoken.start <= 6
        if party.pronoun and near and not own and party.surface.lower() not in {"on", "ce"}:
            said = spoken.speaker_name if spoken is not None else None  # "France said it …"
        name = said or work.meant.get(party.start) or party.surface
        if spoken is not None and name.lower() in work.pack.words("own_country"):
            name = state_of(work.pack, spoken.speaker_role or spoken.speaker_name or "") or name
        out.append(name)
    if out == [None, None] and event.status in ("pledge", "refuse", "request"):
        start = work.seg.starts[event.first]
        cue = next(
            (each for each in holder.statements
             if each.cue_span and each.cue_span[0] <= start < each.cue_span[1]), None
        )  # fmt: skip
        if cue is not None:
            out[event.status == "request"] = cue.speaker_name or cue.speaker
        elif spoken is not None and work.seg.lows[event.first] in {"il", "there"}:
            out[event.status == "request"] = spoken.speaker_name  # "il n'y aura pas d'envoi"
    return out[0], out[1]


def _priced(work: Work, amount: Amount) -> bool:
    """Tell what one of a thing costs: "5 millions d'euros l'unité", "$2m apiece"."""
    at = work.seg.token_at(amount.end)
    return not work.pack.words("unit_price").isdisjoint(work.seg.lows[at : at + 2])


_Mention = TypeVar("_Mention", Amount, QuantityMention)


def _between(things: tuple[_Mention, ...], start: int, end: int) -> tuple[_Mention, ...]:
    if not things:
        return things
    first = bisect_left(things, start, key=lambda each: each.start)
    return things[first : bisect_left(things, end, key=lambda each: each.start)]


def _first(
    things: tuple[Amount, ...] | tuple[QuantityMention, ...], start: int, end: int
) -> str | None:
    if not things:
        return None
    at = bisect_left(things, start, key=lambda each: each.start)
    return things[at].id if at < len(things) and things[at].start < end else None
