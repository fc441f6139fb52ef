"""Long work: a row in the office and a process of its own, so that it survives a page's reload.

The work's process writes its progress and a heartbeat. When its server dies it ends too, its
heart stops, and everybody sees the job as lost.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from uuid import uuid4

import sqlalchemy as sa

from intendance.app.accounts import tables
from intendance.app.accounts.office import Office, now
from intendance.app.accounts.people import Person
from intendance.app.web.settings import Settings
from intendance.errors import StoreError

State = Literal["waiting", "running", "done", "stopped", "failed", "lost"]
LOST_SECONDS: Final = 30
_PATIENCE_SECONDS: Final = 20.0
_job: Final = tables.job
_OPEN: Final = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. Moments in seconds since 1970."""

    id: str
    kind: str
    state: State
    title: str
    person: str
    arguments: dict[str, Any]
    progress: dict[str, Any]
    result: dict[str, Any]
    stopping: bool
    made_at: int
    beat_at: int
    ended_at: int | None

    @property
    def open(self) -> bool:
        """Tell whether the job waits or runs."""
        return self.state in _OPEN

    def as_record(self) -> dict[str, Any]:
        """Give the job as a JSON object."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "title": self.title,
            "person": self.person,
            "progress": self.progress,
            "result": self.result,
            "stopping": self.stopping,
            "made_at": self.made_at,
            "ended_at": self.ended_at,
        }


def job_of(row: Any) -> Job:
    """Read a row; a job whose heart has stopped is lost, whatever the row says."""
    state = row.state
    if state in _OPEN and row.beat_at < now() - LOST_SECONDS:
        state = "lost"
    return Job(
        row.id,
        row.kind,
        state,
        row.title,
        row.person,
        json.loads(row.arguments),
        json.loads(row.progress),
        json.loads(row.result),
        bool(row.stop),
        row.made_at,
        row.beat_at,
        row.ended_at,
    )


class Jobs:
    """The jobs of one server. ``start`` returns at once; the work waits for its turn."""

    def __init__(self, office: Office, settings: Settings) -> None:
        self._office = office
        self._settings = settings
        self._server = uuid4().hex
        self._lock = threading.Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._closed = threading.Event()
        self._beating: threading.Thread | None = None

    # -- asking -----------------------------------------------------------------------------

    def find(self, job_id: str, person: Person) -> Job | None:
        """Give a job that is the person's own (an admin and an auditor see all), or None."""
        with self._office.reading() as connection:
            row = connection.execute(sa.select(_job).where(_job.c.id == job_id)).one_or_none()
        if row is None or not (row.person == person.name or person.viewer.sees_everything):
            return None
        return job_of(row)

    def list(self, person: Person, *, kind: str = "", limit: int = 50) -> list[Job]:
        """Give a person's jobs, the newest first (an admin and an auditor see all)."""
        query = sa.select(_job).order_by(_job.c.made_at.desc(), _job.c.id).limit(limit)
        if not person.viewer.sees_everything:
            query = query.where(_job.c.person == person.name)
        if kind:
            query = query.where(_job.c.kind == kind)
        with self._office.reading() as connection:
            return [job_of(row) for row in connection.execute(query)]

    def folder(self, job_id: str) -> Path:
        """Give the folder of a job's files; it may not exist yet."""
        assert job_id.isalnum(), job_id
        return self._settings.data / "jobs" / job_id

    # -- doing ------------------------------------------------------------------------------

    def start(
        self, kind: str, run: str, arguments: dict[str, Any], person: Person, title: str = ""
    ) -> str:
        """Note a job and start it when its turn comes; give its id.

        ``run`` names the work as ``module:function`` of this package; the function takes a
        ``work.Work`` and gives a JSON object, the job's result.
        """
        assert run.startswith("intendance."), run
        job_id = uuid4().hex
        viewer = person.role + (f":{person.party}" if person.party else "")
        moment = now()
        row = {
            "id": job_id,
            "kind": kind,
            "state": "waiting",
            "title": title[:400],
            "run": run,
            "arguments": json.dumps(arguments),
            "person": person.name,
            "viewer": viewer,
            "server": self._server,
            "progress": "{}",
            "result": "{}",
            "stop": False,
            "made_at": moment,
            "beat_at": moment,
            "ended_at": None,
        }
        with self._office.writing() as connection:
            connection.execute(sa.insert(_job), [row])
        self._beat_for_those_that_wait()
        self._next()
        return job_id

    def stop(self, job_id: str) -> None:
        """Ask a job to stop; one that waits ends at once. Any server may ask."""
        with self._office.writing() as connection:
            connection.execute(sa.update(_job).where(_job.c.id == job_id).values(stop=True))
            connection.execute(
                sa.update(_job)
                .where(_job.c.id == job_id, _job.c.state == "waiting")
                .values(state="stopped", ended_at=now())
            )

    def close(self) -> None:
        """End this server's jobs."""
        self._closed.set()
        with self._lock:
            running = list(self._running.values())
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        with self._office.writing() as connection:
            connection.execute(
                sa.update(_job)
                .where(_job.c.server == self._server, _job.c.state.in_(_OPEN))
                .values(state="stopped", ended_at=now())
            )

    # -- inside -----------------------------------------------------------------------------

    def _beat_for_those_that_wait(self) -> None:
        with self._lock:
            if self._beating is None or not self._beating.is_alive():
                self._beating = threading.Thread(target=self._beat, daemon=True)
                self._beating.start()

    def _beat(self) -> None:
        while not self._closed.wait(5):
            try:
                with self._office.writing() as connection:
                    done = connection.execute(
                        sa.update(_job)
                        .where(_job.c.server == self._server, _job.c.state == "waiting")
                        .values(beat_at=now())
                    )
                if not done.rowcount:
                    return
            except StoreError:
                continue

    def _next(self) -> None:
        """Start what waits on this server while there is room."""
        with self._lock:
            if self._closed.is_set() or len(self._running) >= self._settings.jobs_at_once:
                return
            with self._office.writing() as connection:
                job_id = connection.scalar(
                    sa.select(_job.c.id)
                    .where(_job.c.server == self._server, _job.c.state == "waiting")
                    .order_by(_job.c.made_at, _job.c.id)
                    .limit(1)
                )
                if job_id is None:
                    return
                connection.execute(
                    sa.update(_job)
                    .where(_job.c.id == job_id)
                    .values(state="running", beat_at=now())
                )
            process = self._spawn(job_id)
            self._running[job_id] = process
        threading.Thread(target=self._watch, args=(job_id, process), daemon=True).start()

    def _spawn(self, job_id: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "intendance.app.web.work"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=None,
        )
        # The address may hold a password: it goes by the pipe, not onto the command line.
        given = {
            "ledger": self._settings.ledger,
            "data": str(self._settings.data),
            "job": job_id,
            "inbox": str(self._settings.inbox or ""),
        }
        assert process.stdin is not None
        process.stdin.write(json.dumps(given).encode() + b"\n")
        process.stdin.flush()
        return process

    def _watch(self, job_id: str, process: subprocess.Popen[bytes]) -> None:
        """Wait for the work's end; be firm with work that does not heed being stopped."""
        asked_at: int | None = None
        while True:
            try:
                process.wait(1)
                break
            except subprocess.TimeoutExpired:
                asked_at = asked_at or (now() if self._asked_to_stop(job_id) else None)
                if asked_at is not None and now() - asked_at > _PATIENCE_SECONDS:
                    process.kill()
        if process.stdin is not None:
            process.stdin.close()
        if self._closed.is_set():
            return
        with self._lock:
            self._running.pop(job_id, None)
        state = "stopped" if asked_at is not None else "failed"
        result = {"error": "The work ended without a result."} if state == "failed" else {}
        with self._office.writing() as connection:
            connection.execute(
                sa.update(_job)
                .where(_job.c.id == job_id, _job.c.state == "running")
                .values(state=state, ended_at=now(), result=json.dumps(result))
            )
        self._next()

    def _asked_to_stop(self, job_id: str) -> bool:
        try:
            with self._office.reading() as connection:
                return bool(connection.scalar(sa.select(_job.c.stop).where(_job.c.id == job_id)))
        except StoreError:
            return False
