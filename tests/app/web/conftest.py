"""A server in this process, with a small ledger and a signed-in client for each role.

The ledger holds public, restricted, and two donors' private lines (Poland's and Norway's), a need
and a late promise. ``office_of`` makes it once a session; every test gets copies of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from intendance.app.accounts import people, sessions
from intendance.app.accounts.office import Office
from intendance.app.web.context import Context
from intendance.app.web.serving import create_app
from intendance.app.web.settings import Settings
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry, Money, Quantity, Source, Valuation
from intendance.model.interval import Interval
from intendance.model.period import Period

PASSWORD = "a calm and dense page"  # noqa: S105 (of nobody)
# name: role, party, may confirm
PEOPLE = {
    "reader": ("reader", "", False),
    "poland": ("donor", "Poland", False),
    "norway": ("donor", "Norway", False),
    "clerk": ("clerk", "", False),
    "coordinator": ("coordinator", "", True),
    "auditor": ("auditor", "", False),
    "admin": ("admin", "", True),
}


def aid(line: str, eur: str, donor: str, **more: object) -> Entry:
    """Give a line of aid in euros."""
    amount = Interval.exact(eur)
    values: dict[str, object] = {
        "line": f"own:{line}",
        "stage": "commitment",
        "recorded_on": date(2024, 1, 31),
        "donor": donor,
        "recipient": "Moldova",
        "category": "humanitarian",
        "valid": Period.on(date(2024, 1, 10)),
        "money": Money(amount, "EUR"),
        "valuations": (Valuation("source", amount, "EUR"),),
        "source": Source("own", "List", 2, "https://example.org/list", "They give pumps."),
        "item_text": f"goods {line}",
    }
    return Entry(**{**values, **more})  # type: ignore[arg-type]


def counted(line: str, count: str, donor: str, stage: str, **more: object) -> Entry:
    """Give a line of pumps."""
    return aid(
        line,
        "0",
        donor,
        stage=stage,
        money=None,
        valuations=(),
        quantity=Quantity(Interval.exact(count)),
        capability="pump",
        item="water-pump",
        **more,
    )


def need() -> Entry:
    """Give the one need."""
    return Entry(
        line="need:N1",
        stage="need",
        topic="need",
        recorded_on=date(2024, 1, 31),
        recipient="Moldova",
        capability="pump",
        valid=Period(date(2024, 1, 1), date(2024, 2, 15)),
        quantity=Quantity(Interval.between(80, 100)),
        terms=(("basis", "sourced"), ("priority", "9")),
        source=Source("mayor", sentence="We need pumps."),
    )


def entries() -> list[Entry]:
    """Give the small ledger's entries; SECRET names stand only in the private ones."""
    late = {"recorded_on": date(2024, 3, 31)}
    return [
        aid("A", "1000000.10", "Japan"),
        aid("B", "250000.05", "Poland", item_text="<script>alert(1)</script>"),
        aid("C", "40000", "Norway", marking="restricted", item_text="RESTRICTED tents"),
        aid("P", "777123.45", "Poland", marking="private:Poland", item_text="SECRET-PL radios"),
        aid("N", "888321.54", "Norway", marking="private:Norway", item_text="SECRET-NO boats"),
        counted("A/pump", "40", "Japan", "commitment"),
        counted("A/pump", "15", "Japan", "delivery"),
        counted("P/pump", "7", "Poland", "commitment", marking="private:Poland"),
        need(),
        aid("D", "5000", "Japan", terms=(("due", "2024-02-15"),), item_text="late blankets"),
        aid("NL", "6000", "Norway", terms=(("due", "2024-02-01"),), marking="private:Norway",
            item_text="SECRET-NO late"),
        aid("A", "1200000.10", "Japan", kind="correct", reason="as reported later", **late),
        aid("B", "1.00", "Poland", kind="correct", marking="private:Poland",
            reason="SECRET-PL reason", **late),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ledger with its people, as a file to copy."""
    path = tmp_path_factory.mktemp("small") / "aid.db"
    with Ledger.create(str(path)) as ledger:
        ledger.post(entries())
    with Office.open(str(path)) as office:
        hashed = ""
        for name, (role, party, may_confirm) in PEOPLE.items():
            person = people.add(office, name, role, party=party, may_confirm=may_confirm)
            if not hashed:
                people.set_password(office, person, PASSWORD)
                hashed = "set"
        _same_password(office)
    return path


def _same_password(office: Office) -> None:
    """Give everybody the first one's password: argon2 is slow on purpose, once is enough."""
    import sqlalchemy as sa

    from intendance.app.accounts.tables import person

    with office.writing() as connection:
        stored = connection.scalar(sa.select(person.c.password).where(person.c.password != ""))
        connection.execute(sa.update(person).values(password=stored))


@pytest.fixture
def ledger_path(made: Path, tmp_path: Path) -> Path:
    """The small ledger, a copy of the test's own."""
    return Path(shutil.copy(made, tmp_path / "aid.db"))


@pytest.fixture
def settings(ledger_path: Path, tmp_path: Path) -> Settings:
    return Settings(ledger=str(ledger_path), data=tmp_path / "data")


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    made = create_app(settings)
    yield made
    made.state.context.close()


@pytest.fixture
def context(app: FastAPI) -> Context:
    found: Context = app.state.context
    return found


Client = Callable[..., TestClient]


class SignedIn(TestClient):
    """A client with a session: ``submit(path, **fields)`` posts a form as its pages do."""

    csrf: str

    def submit(self, path: str, **fields: object) -> object:
        """Post a form with the session's token; redirects are not followed."""
        return self.post(path, data={"csrf": self.csrf, **fields}, follow_redirects=False)


@pytest.fixture
def client(app: FastAPI, context: Context) -> Client:
    """Make a client for a name of PEOPLE; without a name nobody is signed in."""

    def sign_in(name: str = "", language: str = "en") -> SignedIn:
        browser = SignedIn(app, base_url="http://testserver", raise_server_exceptions=False)
        browser.headers["accept-language"] = language
        browser.csrf = ""
        if name:
            person = people.find(context.office, name)
            secret = sessions.start(context.office, person, "testclient")
            browser.cookies.set("intendance_session", secret)
            browser.csrf = sessions.csrf_of(secret)
        return browser

    return sign_in


@pytest.fixture
def clients(client: Client) -> dict[str, TestClient]:
    """One signed-in client for each role, by the names of PEOPLE."""
    return {name: client(name) for name in PEOPLE}
