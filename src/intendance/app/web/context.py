"""What all requests of one server share: settings, the ledger's store, the office, the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from intendance.app.accounts.office import Office
from intendance.app.web.frames import Book, Frames
from intendance.app.web.settings import Settings
from intendance.errors import IntendanceError
from intendance.ledger.privacy import ROLES, Viewer
from intendance.ledger.store import Store

if TYPE_CHECKING:
    from intendance.app.web.jobs import Jobs
    from intendance.app.web.pages import Pages

EVERYBODY: tuple[str, ...] = ROLES


@dataclass(frozen=True, slots=True)
class Nav:
    """A page's place in the navigation. ``label`` is an English message; ``place`` orders."""

    path: str
    label: str
    place: int
    roles: tuple[str, ...] = EVERYBODY


class Context:
    """One server's shared parts, made by ``serving.create_app``."""

    def __init__(self, settings: Settings, pages: Pages) -> None:
        from intendance.app.web.jobs import Jobs

        self.settings = settings
        self.pages = pages
        self.store = Store.open(settings.ledger)
        self.office = Office.open(settings.ledger)
        self.frames = Frames(self.store)
        self.nav: tuple[Nav, ...] = ()
        self.views: tuple[Any, ...] = ()
        self.jobs: Jobs = Jobs(self.office, settings)

    def book(self, viewer: Viewer) -> Book:
        """Give the ledger as somebody sees it."""
        return Book(self.store, viewer, self.frames)

    def warm(self) -> None:
        """Read the projection before the first reader asks; a failure is the reader's to see."""
        try:
            head = self.frames.head()
            self.frames.whole(head)
            self.frames.lines_due(head)
        except IntendanceError:
            return

    def close(self) -> None:
        """End the jobs and let go of the database."""
        self.jobs.close()
        self.office.close()
        self.store.close()


def routers(context: Context) -> list[APIRouter]:
    """Give the routers of all pages; a page that is listed and missing is a programmer's error."""
    import importlib

    from intendance.app.web.views import VIEW_MODULES

    modules = [importlib.import_module(f"intendance.app.web.views.{name}") for name in VIEW_MODULES]
    context.views = tuple(modules)
    found = [each.NAV for each in modules if getattr(each, "NAV", None)]
    context.nav = tuple(sorted(found, key=lambda nav: nav.place))
    return [each.router(context) for each in modules]
