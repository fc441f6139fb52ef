"""One small ledger and one whole demonstration for the tests of the review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry, Money, Quantity, Source, Valuation
from intendance.model.interval import Interval
from intendance.model.period import Period
from intendance.review.brief import Request, gather
from intendance.review.demo import demonstrate
from intendance.review.facts import Brief

FIRST, SECOND, AS_OF = date(2024, 1, 31), date(2024, 3, 31), date(2024, 2, 29)


def line(name: str, donor: str, euros: str, day: date, **more: object) -> Entry:
    amount = Interval.exact(euros)
    return Entry(
        line=f"own:{name}",
        stage="commitment",
        recorded_on=FIRST,
        donor=donor,
        recipient="Moldova",
        category="humanitarian",
        valid=Period.on(day),
        money=Money(amount, "EUR"),
        valuations=(Valuation("source", amount, "EUR"),),
        source=Source("own", "List", 2, "https://example.org/list"),
        **more,  # type: ignore[arg-type]
    )


def pumps(count: str, stage: str) -> Entry:
    plain = line("A/pump", "Japan", "0", date(2024, 1, 5))
    quantity = Quantity(Interval.exact(count))
    given = {"item": "water-pump", "capability": "pump", "quantity": quantity}
    return replace(plain, stage=stage, money=None, valuations=(), **given)


def need(**more: object) -> Entry:
    entry = Entry(
        line="need:N1",
        stage="need",
        topic="need",
        recorded_on=FIRST,
        recipient="Moldova",
        capability="pump",
        valid=Period(date(2024, 1, 1), date(2024, 2, 15)),
        quantity=Quantity(Interval.between(80, 100)),
        reported_on=FIRST,
        roles=(("requester", "The <b>mayor</b>"),),
        terms=(("basis", "sourced"), ("priority", "9")),
        source=Source("mayor", url="javascript:alert(1)"),
    )
    return replace(entry, **more)  # type: ignore[arg-type]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Ledger]:
    """Two donors, one need, one correction and one new line two months later."""
    with Ledger.create(str(tmp_path / "small.db")) as ledger:
        first = [
            line("A", "Japan", "1000000.10", date(2024, 1, 5)),
            line("B", "Ireland", "250000.05", date(2024, 2, 1), item_text="<script>x</script>"),
            pumps("40", "commitment"),
            pumps("15", "delivery"),
        ]
        second = [
            line("A", "Japan", "1200000.10", date(2024, 1, 5)),
            *first[1:],
            line("C", "Norway", "99.99", date(2024, 2, 20)),
        ]
        ledger.snapshot("own", first, FIRST, Source("own", "List"))
        later = [replace(each, recorded_on=SECOND) for each in second]
        ledger.snapshot("own", later, SECOND, Source("own", "List"))
        ledger.post([need()])
        yield ledger


@pytest.fixture
def brief(small: Ledger) -> Brief:
    return gather(small, Request(as_of=AS_OF, title="Pumps & <tents>"))


@pytest.fixture(scope="session")
def winter(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Brief]:
    """The smaller portfolio in both languages."""
    folder = tmp_path_factory.mktemp("winter")
    return {
        language: demonstrate(
            "winter-energy", language, str(folder / f"{language}.db"), progress=lambda _: None
        ).brief
        for language in ("en", "fr")
    }
