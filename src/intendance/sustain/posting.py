"""Asks as the ledger's needs: what a forecast adds to what somebody asks for already.

A need of the ledger says how many systems or rounds are wanted; the forecast says how many must
come so that they are there. The second holds the first, so only the difference is written: for
systems what is lost on the way, for consumables what goes beyond what the needs leave open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from intendance import __version__
from intendance.ledger.coverage import coverage
from intendance.model.catalogue import capabilities
from intendance.model.entry import Entry, Quantity, Source, body_of, canonical, digest_id
from intendance.model.interval import Interval, plain
from intendance.model.period import Period
from intendance.sustain.asks import Ask
from intendance.sustain.forecast import Forecast
from intendance.sustain.holdings import ORIGIN, places_of, spare_capability, stated_needs
from intendance.sustain.model import Model

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger

Pair = tuple[str, str]
SMALLEST_PRIORITY: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Basis:
    """What the asks rest on: day 0, horizon, the ledger's words, the model.

    ``capability_of`` names a system's or item's capability; ``places`` the ledger's place of a
    capability, "" of all others. ``from_ledger``: the requirements are the ledger's own needs.
    """

    name: str
    as_of: date
    known_at: date | None
    horizon_days: int
    capability_of: Mapping[str, str]
    places: Mapping[str, str]
    model_sha256: str
    from_ledger: bool

    @property
    def tracker(self) -> str:
        """Give the name under which these asks replace those of an earlier day."""
        kept = "".join(each if each.isalnum() else "-" for each in self.name.lower())
        return f"sustain-{kept[:60]}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An ask, and how much of it the ledger's needs leave open already."""

    ask: Ask
    already: float

    @property
    def more(self) -> float:
        """Give what the ask adds."""
        return max(0.0, self.ask.quantity - self.already)


@dataclass(frozen=True, slots=True)
class PostedAsks:
    """What became of the asks: new and changed needs, withdrawn ones, those asked for before."""

    entries: tuple[Entry, ...]
    unchanged: int
    already_asked: tuple[Wanted, ...]
    ledger_root: str

    def as_record(self) -> dict[str, object]:
        """Give it as a JSON object."""
        written = [each for each in self.entries if each.kind != "withdraw"]
        return {
            "posted": len(written),
            "withdrawn": len(self.entries) - len(written),
            "unchanged": self.unchanged,
            "needs": [
                {
                    "id": each.client_id,
                    "line": each.line,
                    "kind": each.kind,
                    "capability": each.capability,
                    "place": each.place,
                    "quantity": plain(each.quantity.amount.best or Decimal(0)),
                    "unit": each.quantity.unit,
                    "due": each.valid.last.isoformat(),
                    **dict(each.terms),
                }
                for each in written
                if each.quantity and each.valid
            ],
            "already_asked": [
                {
                    "item": each.ask.item,
                    "site": each.ask.site,
                    "quantity": each.ask.quantity,
                    "already": each.already,
                }
                for each in self.already_asked
            ],
            "ledger_root": self.ledger_root,
        }


def post_asks(
    ledger: Ledger,
    result: Forecast,
    model: Model,
    basis: Basis,
    *,
    recorded_on: date,
    person: str,
    in_full: bool = False,
    french: Forecast | None = None,
) -> PostedAsks:
    """Write the asks of a forecast as needs; those of an earlier day are corrected or withdrawn.

    Posting again adds nothing. ``in_full`` writes whole quantities, also where the ledger's needs
    hold them. ``french`` is the same forecast with its reasons in French. InputError when
    asks of a later day stand already.
    """
    wanted = [Wanted(ask, 0.0) for ask in result.asks]
    if not in_full:
        wanted = set_against(ledger, wanted, result, model, basis)
    if not basis.places:
        places = places_of(ledger, set(basis.capability_of.values()), basis.known_at)
        basis = replace(basis, places=places)
    priority = _priorities(ledger, wanted, result, model, basis)
    reasons = {(each.item, each.site): each.because for each in (french.asks if french else ())}
    drafts = [
        _draft(
            each,
            model,
            basis,
            recorded_on,
            {
                "priority": priority[each.ask.item, each.ask.site],
                "note_fr": reasons.get((each.ask.item, each.ask.site), ""),
            },
        )
        for each in wanted
        if each.more > 0
    ]
    document = Source(ORIGIN, document=_document(basis))
    found, _ = ledger.snapshot(basis.tracker, drafts, recorded_on, document, dry_run=True)
    entries = tuple(
        replace(entry, by=person, client_id=f"ask-{digest_id(canonical(body_of(entry)))}")
        for entry in found.entries
    )
    ledger.post(entries, person=person, action="post asks")
    return PostedAsks(
        entries=entries,
        unchanged=len(found.unchanged),
        already_asked=tuple(each for each in wanted if each.more <= 0),
        ledger_root=ledger.head().root,
    )


def set_against(
    ledger: Ledger, wanted: list[Wanted], result: Forecast, model: Model, basis: Basis
) -> list[Wanted]:
    """Set each ask against what the ledger's own needs leave open of the same capability."""
    systems = {system.system for system in model.systems}
    left = _open_items(ledger, model, basis)
    found = []
    for each in wanted:
        ask = each.ask
        if ask.item in systems:
            short = _on_paper(ask, result, model) if basis.from_ledger else 0.0
            found.append(Wanted(ask, min(ask.quantity, short)))
            continue
        open_now = left.get(ask.item, 0.0)
        used = min(ask.quantity, open_now)
        left[ask.item] = open_now - used
        found.append(Wanted(ask, used))
    return found


def _on_paper(ask: Ask, result: Forecast, model: Model) -> float:
    """Give how many systems would be missing on the worst day if none were lost or waiting."""
    pair = (ask.site, ask.item)
    course = next((row for row in result.series if (row.site, row.system) == pair), None)
    horizon = len(result.days) - 1
    short = 0.0
    for need in model.requirements:
        if (need.site, need.system) != pair:
            continue
        days = need.days(horizon)
        if not len(days):
            continue
        worst = min(days, key=lambda day: course.ready[day] if course else 0.0)
        there = sum(
            fleet.quantity
            for fleet in model.fleets
            if (fleet.site, fleet.system) == pair and fleet.from_day <= worst
        )
        short = max(short, need.quantity - there)
    return float(math.ceil(max(0.0, short)))


def _open_items(ledger: Ledger, model: Model, basis: Basis) -> dict[str, float]:
    """Give what the stated needs of consumables and spares leave open at the horizon's end.

    Promises with a day before the end have been counted in the forecast and come off.
    """
    end = basis.as_of + timedelta(days=basis.horizon_days)
    needs = stated_needs(ledger, basis.known_at)
    rows = coverage(ledger.frame, needs, as_of=end, known_at=basis.known_at)
    gaps: dict[str, float] = {}
    for row in rows:
        gaps[row.capability] = gaps.get(row.capability, 0.0) + float(row.gap.best or 0)
    names = {use.item for use in model.consumption} | {unit.lru for unit in model.units}
    return {name: gaps.get(capability_of(name, model, basis), 0.0) for name in names}


def capability_of(name: str, model: Model, basis: Basis) -> str:
    """Give the capability of a system, item or spare; a spare has one of its own."""
    spare = name not in basis.capability_of and any(unit.lru == name for unit in model.units)
    return spare_capability(name) if spare else basis.capability_of.get(name, name)


def _priorities(
    ledger: Ledger, wanted: Iterable[Wanted], result: Forecast, model: Model, basis: Basis
) -> dict[Pair, str]:
    """Give each ask's priority: that of the needs which it serves.

    A spare weighs as much of it as the share of the required systems that it holds back: one
    pump for a hundred generators must not stand above the generators.
    """
    stated: dict[str, Decimal] = {}
    for need in stated_needs(ledger, basis.known_at):
        try:
            said = Decimal(need.term("priority") or "1")
        except InvalidOperation:
            continue
        if said.is_finite() and said > 0:
            stated[need.capability] = max(said, stated.get(need.capability, said))
    served: dict[str, set[str]] = {system.system: {system.system} for system in model.systems}
    for use in model.consumption:
        served.setdefault(use.item, {use.item}).add(use.system)
    for part in model.parts:
        served.setdefault(part.lru, set()).add(part.system)
    spares = {unit.lru for unit in model.units}
    found = {}
    for each in wanted:
        ask = each.ask
        names = served.get(ask.item, set())
        weights = [stated.get(capability_of(name, model, basis)) for name in sorted(names)]
        weight = max((x for x in weights if x is not None), default=Decimal(1))
        required = max(
            (x.quantity for x in model.requirements if x.site == ask.site and x.system in names),
            default=0.0,
        )
        held_back = max(
            (
                max(levels)
                for key, levels in result.holes.items()
                if key[::2] == (ask.site, ask.item)
            ),
            default=0.0,
        )
        held_back = min(ask.quantity, math.ceil(held_back))
        if ask.item in spares and required > held_back:
            share = Decimal(str(held_back)) / Decimal(str(required))
            weight = max(SMALLEST_PRIORITY, (weight * share).quantize(SMALLEST_PRIORITY))
        found[ask.item, ask.site] = plain(weight)
    return found


def _draft(
    wanted: Wanted, model: Model, basis: Basis, recorded_on: date, more: Mapping[str, str]
) -> Entry:
    ask = wanted.ask
    capability = capability_of(ask.item, model, basis)
    known = capabilities().get(capability)
    names = {unit.lru: unit.name for unit in model.units}
    names.update({system.system: system.name for system in model.systems})
    need_by = basis.as_of + timedelta(days=ask.need_by_day)
    # What stands on day 0 has been counted in the forecast: the ask is for what comes after it.
    first = min(basis.as_of + timedelta(days=1), need_by)
    terms = {
        "origin": ORIGIN,
        "basis": "computed",
        "because": ask.because,
        "order_by": (basis.as_of + timedelta(days=ask.order_by_day)).isoformat(),
        "confidence": f"{ask.confidence:.4f}",
        "asked": f"{ask.quantity:g}" if ask.quantity < 1e6 else f"{ask.quantity:.0f}",
        "site": ask.site,
        "note_en": ask.because,
        **{key: value for key, value in more.items() if value},
    }
    return Entry(
        line=f"{basis.tracker}:{capability}@{ask.site}",
        stage="need",
        topic="need",
        recorded_on=recorded_on,
        source=Source(ORIGIN, document=_document(basis)),
        capability=capability,
        item_text=names.get(ask.item) or ask.item,
        place=basis.places.get(capability, basis.places.get("", "")),
        valid=Period(first, need_by),
        quantity=Quantity(
            Interval.exact(str(math.ceil(wanted.more))), known.unit if known else "piece"
        ),
        terms=tuple(sorted(terms.items())),
    )


def _document(basis: Basis) -> str:
    return f"model {basis.model_sha256} of {basis.as_of}, intendance {__version__}"
