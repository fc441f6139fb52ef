"""What all requests of one server share: settings, the ledger's store, the office, the pages."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter

from intendance.app.accounts.office import Office
from intendance.app.web.frames import Book, Frames
from intendance.app.web.settings import Settings
from intendance.errors import IntendanceError
from intendance.ledger.privacy import ROLES, Role, Viewer
from intendance.ledger.store import Store

if TYPE_CHECKING:
    from intendance.app.web.jobs import Jobs
    from intendance.app.web.pages import Pages

EVERYBODY: tuple[str, ...] = ROLES
WARMED: Final = ("/", "/ledger", "/ledger/entries")
WARMED_FOR: Final[tuple[Role, ...]] = ("coordinator", "reader", "admin")


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
        self.warming: dict[str, Callable[[Viewer, str], None]] = {}
        self.jobs: Jobs = Jobs(self.office, settings)

    def book(self, viewer: Viewer) -> Book:
        """Give the ledger as somebody sees it."""
        return Book(self.store, viewer, self.frames)

    def warm(self) -> None:
        """Work out what every first reader would wait for: the projection and the main pages.

        What the cell, everybody and an admin see is what most others see too. A failure is the
        reader's to see.
        """
        try:
            for role in WARMED_FOR:
                for path in WARMED:
                    self.warming[path](Viewer(role), self.settings.language or "en")
        except IntendanceError:
            return
        # What has been loaded stays: it need not be looked through again with all its objects.
        gc.collect()
        gc.freeze()

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
