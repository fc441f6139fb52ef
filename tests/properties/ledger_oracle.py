"""A second ledger, slow and plain, written from the rules: what totals must be equal to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from intendance.ledger.definition import Definition
from intendance.ledger.rates import ecb
from intendance.model.entry import Entry, Link, Money, Quantity, Source, Valuation
from intendance.model.interval import Interval
from intendance.model.period import Period

CHAIN = ["need", "pledge", "commitment", "allocation", "contract", "release", "shipment", "hub"]
CHAIN += ["handover", "receipt", "fielded"]
# from which stage asked, and between which stages the line must stand
ENDS = {
    "cancelled": (1, 1, 5),
    "lapsed": (1, 1, 5),
    "replaced": (1, 1, 5),
    "lost": (6, 6, 7),
    "returned": (8, 8, 10),
}
DAYS = [date(2023, month, 20) for month in range(1, 7)]

cents = st.integers(0, 10**9).map(lambda n: Decimal(n) / 100)


@st.composite
def intervals(draw):
    kind = draw(st.sampled_from(["exact", "at least", "at most", "about", "range", "undisclosed"]))
    if kind == "undisclosed":
        return Interval.undisclosed()
    if kind == "range":
        low, high = sorted((draw(cents), draw(cents)))
        return Interval(low, ((low + high) / 2).quantize(Decimal("0.01")), high, "range")
    return Interval.of(draw(cents), kind)


@st.composite
def entries(draw):
    """One entry of a small world, so that slots, rivals and links really meet."""
    line = draw(st.sampled_from(["t:A", "t:B", "u:C", "u:D"]))
    kind = draw(st.sampled_from(["post", "post", "post", "correct", "withdraw", "resolve"]))
    money = draw(intervals())
    tracked = draw(st.booleans())
    links = ()
    if line == "u:D" and draw(st.booleans()):
        links = (Link("out_of", "t:A"),)
    first = draw(st.sampled_from([None, *DAYS]))
    last = draw(st.sampled_from(DAYS))
    valid = None
    if draw(st.integers(0, 5)):
        valid = Period(min(first, last) if first else None, last)
    has_money = draw(st.integers(0, 6)) > 0
    return Entry(
        line=line,
        stage=draw(
            st.sampled_from(["pledge", "commitment", "allocation", "delivery", "receipt", *ENDS])
        ),
        kind=kind,
        part=draw(st.sampled_from(["", "1"])),
        rival="" if kind == "resolve" else draw(st.sampled_from(["", "", "x"])),
        recorded_on=draw(st.sampled_from(DAYS)),
        valid=valid,
        donor=draw(st.sampled_from(["Poland", "Norway"])),
        category=draw(st.sampled_from(["military", "financial"])),
        money=Money(money, draw(st.sampled_from(["EUR", "USD"]))) if has_money else None,
        valuations=(Valuation("source", money, "EUR", "t:1"),) if tracked and has_money else (),
        links=links,
        by="Ada" if kind == "resolve" else "",
        reason="seen" if kind == "resolve" else "",
        source=Source("test", row=draw(st.integers(0, 10**6))),
    )


histories = st.lists(entries(), max_size=14)


@st.composite
def odd_entries(draw):
    """An entry of the same world with odd texts, quantities, huge numbers and private markings."""
    text = st.text(st.characters(exclude_categories=["C"]), max_size=8)
    huge = st.integers(0, 10**18).map(lambda n: Interval.exact(Decimal(n) / 100))
    entry = draw(entries())
    worth = draw(st.none() | huge)
    count = draw(st.none() | intervals())
    return replace(
        entry,
        **{name: draw(text) for name in ("recipient", "capability", "item", "place", "donor")},
        money=Money(worth, "UAH") if worth else entry.money,
        quantity=Quantity(count, draw(text)) if count else None,
        valuations=(Valuation("estimate", Interval.exact(1), "USD"), *entry.valuations),
        decided_on=draw(st.none() | st.sampled_from(DAYS)),
        marking=draw(st.sampled_from(["public", "restricted", "private:Œuvre d’État"])),
    )


@st.composite
def definitions(draw):
    from intendance.ledger.definition import RateRule

    rates = draw(st.sampled_from(["source", "ecb:decision-day", "ecb:constant:2023-04-21"]))
    where = draw(st.sampled_from([(), (("donor", "Poland"),), (("category", "financial"),)]))
    return Definition(
        stage=draw(st.sampled_from(["pledge", "commitment", "allocation", "shipment", "delivery"])),
        as_of=draw(st.sampled_from([None, *DAYS])),
        known_at=draw(st.sampled_from([None, *DAYS])),
        rates=RateRule.parse(rates),
        where=where,
        attribution=draw(st.sampled_from(["donor", "channel"])),
    )


def _place(stage):
    return CHAIN.index("handover" if stage == "delivery" else stage)


def visible(history, known_at):
    """What was known on a day: the latest of each slot, unless closed or resolved by a person."""
    known = [
        (n, each) for n, each in enumerate(history) if not known_at or each.recorded_on <= known_at
    ]
    found = []
    for n, each in known:
        slot_later = any(
            other.slot == each.slot and (other.recorded_on, m) > (each.recorded_on, n)
            for m, other in known
        )
        resolved = any(
            other.kind == "resolve"
            and other.slot[:3] == each.slot[:3]
            and m > n
            and other.recorded_on >= each.recorded_on
            for m, other in known
        )
        if not slot_later and not resolved and each.kind not in ("withdraw", "merge", "move"):
            found.append((n, each))
    return found


def counted(history, definition):
    """(place, entry, sign, donor, category) of what a definition counts."""
    rows = [
        (n, each)
        for n, each in visible(history, definition.known_at)
        if definition.as_of is None
        or (each.valid.last if each.valid else each.recorded_on) <= definition.as_of
    ]
    wanted = _place(definition.stage)
    chosen = []
    for line in {each.line for _, each in rows}:
        mine = [(n, each) for n, each in rows if each.line == line]
        chain = [row for row in mine if row[1].stage not in ENDS and _place(row[1].stage) >= wanted]
        if not chain:
            continue
        nearest = min(_place(each.stage) for _, each in chain)
        chosen += [(n, each, 1) for n, each in chain if _place(each.stage) == nearest]
        chosen += [
            (n, each, -1)
            for n, each in mine
            if each.stage in ENDS
            and ENDS[each.stage][0] <= wanted
            and ENDS[each.stage][1] <= nearest <= ENDS[each.stage][2]
        ]
    if definition.attribution == "donor":
        chosen = [row for row in chosen if not row[1].links]
        whole = [(n, e, sign, e.donor, e.category, False) for n, e, sign in chosen]
    else:
        whole = [(n, e, sign, e.donor, e.category, False) for n, e, sign in chosen]
        for n, e, sign in chosen:
            for link in e.links:
                parents = sorted((m, p) for m, p, _ in chosen if p.line == link.line)
                if parents:
                    parent = parents[0][1]
                    whole.append((n, e, -sign, parent.donor, parent.category, True))
    field = dict(definition.where)
    return [
        row
        for row in whole
        if field.get("donor", row[3]) == row[3] and field.get("category", row[4]) == row[4]
    ]


def worth(entry, definition):
    """(low, best, high) in cents, or None when nobody has said it."""
    if entry.money is None:
        return "none"
    interval, currency = entry.money.amount, entry.money.currency
    tracked = [each for each in entry.valuations if each.method == "source"]
    if definition.rates.basis == "source" and tracked:
        interval, currency = tracked[0].amount, "EUR"
    if not interval.known:
        return None
    factor = Fraction(1)
    if currency != "EUR":
        day = definition.rates.day or (entry.valid.last if entry.valid else entry.recorded_on)
        factor = ecb().factor(currency, "EUR", day)
    return tuple(
        None if bound is None else round(Fraction(bound) * 100 * factor)
        for bound in (interval.low, interval.best, interval.high)
    )


def total(history, definition):
    """(low, best, high, undisclosed) of the naive ledger, in cents."""
    events = {}
    for n, entry, sign, _donor, _category, offset in counted(history, definition):
        key = (entry.line, entry.stage, entry.part)
        rivals = {each.rival for each in history if each.slot[:3] == key}
        alone = (n,) if len(rivals) == 1 else ()
        events.setdefault((*key, *alone, sign, offset), []).append((n, entry, sign))
    low = best = undisclosed = 0
    high = 0
    for rows in events.values():
        sign = rows[0][2]
        figures = [worth(entry, definition) for _, entry, _ in sorted(rows, key=lambda r: r[0])]
        if all(each == "none" for each in figures):
            continue
        known = [each for each in figures if each not in ("none", None)]
        if not known:
            undisclosed += sign > 0
            continue
        lows, bests, highs = zip(*known, strict=True)
        top = None if None in highs else max(highs)
        if sign > 0:
            low += min(lows)
            best += min(bests)
            high = None if high is None or top is None else high + top
        else:
            low -= top if top is not None else min(bests)
            best -= min(bests)
            high = None if high is None else high - min(lows)
    return low, best, high, undisclosed
