"""Caveats that the ledger holds (somebody hesitates or refuses to give), told with a plan.

A person confirmed them from the press; they bind nobody. What a scenario's tables say stays: a
plan that would use such a stock is built all the same, and the command says what was heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from intendance.ledger.snapshot import current
from intendance.model.entry import Entry
from intendance.model.finding import Finding
from intendance.plan.scenario_tables import Rows


def caveats_known(entries: Iterable[Entry], as_of: date, known_at: date | None) -> list[Entry]:
    """Give the caveats that stand as of a day, from what was recorded by another."""
    told = [
        entry
        for entry in entries
        if entry.topic == "caveat" and (known_at is None or entry.recorded_on <= known_at)
    ]
    return [
        entry
        for entry in current(told).values()
        if entry.valid is None or (entry.valid.first or entry.valid.last) <= as_of
    ]


def caveats_on(stocks: Rows, donors: Rows, items: Rows, caveats: Iterable[Entry]) -> list[Finding]:
    """Give a warning for each caveat of a donor whose stock the plan may use."""
    names = {row["donor"]: row.get("name") or row["donor"] for row in donors}
    called = {row["item"]: {row["item"], row.get("name", "")} for row in items}
    found = []
    for caveat in caveats:
        mine = [row for row in stocks if caveat.donor in (row["donor"], names[row["donor"]])]
        meant = [row["stock"] for row in mine if _means(caveat, called.get(row["item"], set()))]
        # A caveat that names nothing concerns all that the donor has.
        vague = not (caveat.item or caveat.capability)
        touched = [row["stock"] for row in mine] if vague else meant
        if touched:
            found.append(
                Finding(
                    "caveat",
                    "warning",
                    "the donor hesitates or refuses, as the ledger has it; see the source first",
                    value="; ".join(_told(caveat, touched)),
                )
            )
    return found


def _means(caveat: Entry, names: set[str]) -> bool:
    wanted = {each.replace("_", "-") for each in (caveat.item, caveat.capability) if each}
    return bool(wanted & {each.replace("_", "-") for each in names})


def _told(caveat: Entry, stocks: list[str]) -> Iterator[str]:
    yield f"{caveat.donor}: {', '.join(stocks)}"
    causes = caveat.term("causes")
    if causes:
        yield causes.replace(";", ", ")
    yield f"{caveat.source.origin}, {caveat.valid or caveat.recorded_on}"
    yield caveat.id
