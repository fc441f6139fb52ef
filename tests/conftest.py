"""What all tests share: a private cache, small entries, real material where it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry, Money, Quantity, Source, Valuation
from intendance.model.interval import Interval
from intendance.model.period import Period

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def _private_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads another's cache, ledger or language."""
    monkeypatch.setenv("INTENDANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("INTENDANCE_LANG", "en")
    monkeypatch.setenv("INTENDANCE_PERSON", "tester")
    monkeypatch.delenv("INTENDANCE_LEDGER", raising=False)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger in a file."""
    with Ledger.create(str(tmp_path / "aid.db")) as made:
        yield made


@pytest.fixture
def shared() -> Path:
    """The folder of real material beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is absent")
    return SHARED


Make = Callable[..., Entry]


@pytest.fixture
def make() -> Make:
    """Make an aid entry in few words."""
    return make_entry


def make_entry(
    line: str = "t:A",
    eur: str | Interval | None = "100",
    *,
    stage: str = "commitment",
    recorded: str = "2023-03-02",
    valid: str | None = "2023-01-10",
    donor: str = "Poland",
    category: str = "military",
    money: str | None = None,
    currency: str = "EUR",
    count: str | None = None,
    **more: object,
) -> Entry:
    """Give an entry; ``eur`` is the tracker's conversion, ``money`` the own amount if other."""
    worth = Interval.exact(eur) if isinstance(eur, str) else eur
    amount = Interval.exact(money) if money else worth
    valuations = (Valuation("source", worth, "EUR", "t:1"),) if worth is not None else ()
    return Entry(
        line=line,
        stage=stage,
        recorded_on=date.fromisoformat(recorded),
        valid=Period.parse(valid) if valid else None,
        donor=donor,
        category=category,
        money=Money(amount, currency) if amount is not None else None,
        valuations=valuations,
        quantity=Quantity(Interval.exact(count)) if count else None,
        source=Source("test", "by hand"),
        **more,  # type: ignore[arg-type]
    )
