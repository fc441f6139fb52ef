"""The process of one job: ``python -m intendance.app.web.work``, started by ``jobs``."""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from intendance.app.accounts import tables
from intendance.app.accounts.office import Office, now
from intendance.errors import IntendanceError, InterruptedRunError, StoreError
from intendance.ledger.ledger import Ledger
from intendance.ledger.privacy import Viewer

_job: Final = tables.job
NICE: Final = 10
_BEAT_SECONDS: Final = 1.0
_WRITE_SECONDS: Final = 0.5


@dataclass
class Work:
    """What a job's function gets: its arguments, its person, a folder, and ways to be heard."""

    id: str
    arguments: dict[str, Any]
    person: str
    viewer: Viewer
    ledger_name: str
    data: Path
    office: Office
    inbox: Path | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    _said_at: float = 0.0
    _said: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Give the folder for the job's files; it is made on first use."""
        path = self.data / "jobs" / self.id
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    def ledger(self) -> Ledger:
        """Open the ledger as the job's person sees it; close it after use."""
        return Ledger.open(self.ledger_name, self.viewer)

    def stopped(self) -> bool:
        """Tell whether somebody has asked to stop: end soon and give what there is."""
        return self.stop.is_set()

    def progress(self, **values: Any) -> None:
        """Say how far the work is: ``share`` (0 to 1), ``text``, value, bound, gap and so on.

        Values add up over calls; they are written twice a second at most.
        """
        self._said.update(values)
        moment = time.monotonic()
        if moment - self._said_at >= _WRITE_SECONDS:
            self._said_at = moment
            self.write_progress()

    def write_progress(self) -> None:
        """Write what was said last."""
        with self.office.writing() as connection:
            connection.execute(
                sa.update(_job)
                .where(_job.c.id == self.id)
                .values(progress=json.dumps(self._said, default=str), beat_at=now())
            )


def _beat(work: Work, parent: int) -> None:
    """Keep the heart beating and listen for a stop; end at once when the server is gone."""
    while True:
        time.sleep(_BEAT_SECONDS)
        if os.getppid() != parent:
            os._exit(1)
        try:
            with work.office.writing() as connection:
                connection.execute(
                    sa.update(_job).where(_job.c.id == work.id).values(beat_at=now())
                )
                asked = connection.scalar(sa.select(_job.c.stop).where(_job.c.id == work.id))
        except StoreError:
            continue
        if asked:
            work.stop.set()


def _finish(work: Work, state: str, result: dict[str, Any]) -> None:
    with work.office.writing() as connection:
        connection.execute(
            sa.update(_job)
            .where(_job.c.id == work.id)
            .values(
                state=state,
                result=json.dumps(result, default=str),
                progress=json.dumps(work._said, default=str),  # noqa: SLF001 (this module's own)
                ended_at=now(),
            )
        )


def main() -> int:
    """Do the job that standard input names, behind the pages: people wait for those."""
    os.nice(NICE)
    parent = os.getppid()
    given = json.loads(sys.stdin.buffer.readline())
    office = Office(given["ledger"])
    with office.reading() as connection:
        row = connection.execute(sa.select(_job).where(_job.c.id == given["job"])).one()
    work = Work(
        row.id,
        json.loads(row.arguments),
        row.person,
        Viewer.parse(row.viewer),
        given["ledger"],
        Path(given["data"]),
        office,
        Path(given["inbox"]) if given["inbox"] else None,
    )
    threading.Thread(target=_beat, args=(work, parent), daemon=True).start()
    module, _, name = row.run.partition(":")
    assert module.startswith("intendance."), module
    try:
        result = getattr(importlib.import_module(module), name)(work)
    except InterruptedRunError as error:
        _finish(work, "stopped", error.as_record())
    except IntendanceError as error:
        _finish(work, "failed", error.as_record())
    except Exception:
        _finish(work, "failed", {"error": "The work failed.", "next_step": "It has been noted."})
        raise
    else:
        _finish(work, "stopped" if work.stopped() else "done", result or {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
