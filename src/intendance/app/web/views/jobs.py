"""Long work: one's jobs, and a job's page with live progress, its stop, and what it made."""

from __future__ import annotations

from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from intendance.app.web import twins
from intendance.app.web.asked import Asked, access_of
from intendance.app.web.context import Context
from intendance.app.web.fields import Body, Filters, Limit
from intendance.app.web.forms import Form
from intendance.app.web.jobs import Job
from intendance.app.web.refusals import NotFoundError, NotSignedInError
from intendance.app.web.sheet import Column, Figure, Sheet, Table

HELP: Final = (
    "The work goes on when you leave or reload this page. Stopping keeps what has been found. A "
    "job is lost when its server has died; start it again."
)


class JobFilters(Filters):
    """Which jobs are listed."""

    kind: Literal["", "solve", "import", "simulate", "brief"] = ""
    limit: Limit = 50


def jobs(asked: Asked) -> Sheet:
    """Show one's jobs, the newest first."""
    words = asked.words
    found = asked.context.jobs.list(
        asked.person, kind=asked.filters.kind, limit=asked.filters.limit
    )
    columns = (
        Column("title", words("job")),
        Column("kind", words("kind"), "code"),
        Column("state", words("state"), "code"),
        Column("person", words("person")),
        Column("made_at", words("started"), "moment"),
        Column("ended_at", words("ended"), "moment"),
    )
    rows = tuple(
        (each.title or each.kind, each.kind, each.state, each.person, each.made_at, each.ended_at)
        for each in found
    )
    ids = [each.id for each in found]
    table = Table(
        "jobs",
        words("Long work, the newest first"),
        columns,
        rows,
        link=lambda number: f"/jobs/{ids[number]}",
        empty=words("There is no long work."),
    )
    return Sheet(words("Jobs"), tables=(table,), help=words(HELP))


def _mine(asked: Asked, job_id: str) -> Job:
    found = asked.context.jobs.find(job_id, asked.person) if job_id.isalnum() else None
    if found is None:
        raise NotFoundError
    return found


def job(asked: Asked) -> Sheet:
    """Show one job: its state, how far it is, and what came of it."""
    words = asked.words
    found = _mine(asked, asked.request.path_params["job"])
    said = {key: value for key, value in found.progress.items() if _is_plain(value)}
    figures = (
        Figure("state", words("state"), found.state, "code"),
        Figure("progress", words("progress"), said, "text"),
        Figure("result", words("result"), found.result, "text"),
        Figure("started", words("started"), found.made_at, "moment"),
        Figure("ended", words("ended"), found.ended_at, "moment"),
    )
    folder = asked.context.jobs.folder(found.id)
    files = sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
    return Sheet(
        found.title or words(found.kind),
        figures=figures,
        help=words(HELP),
        parts={"job": found, "said": said, "files": files},
    )


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool) or value is None


def _stop(asked: Asked, form: Form) -> Response:
    found = _mine(asked, form.text("job"))
    asked.context.jobs.stop(found.id)
    asked.note("job stopped", found.id)
    return twins.after(asked, f"/jobs/{found.id}")


def stop_job(asked: Asked, body: Body) -> dict[str, Any]:
    """Ask a job to stop; what it has found is kept."""
    del body
    found = _mine(asked, asked.request.path_params["job"])
    asked.context.jobs.stop(found.id)
    asked.note("job stopped", found.id)
    return {"id": found.id, "stopping": True}


def router(context: Context) -> APIRouter:
    """Give the addresses of jobs."""
    routes = APIRouter(tags=["jobs"])
    twins.show(routes, context, "/jobs", jobs, filters=JobFilters)
    twins.form(routes, context, "/jobs/stop", _stop)
    twins.show(routes, context, "/jobs/{job}", job, template="job.html.j2")
    twins.call(routes, context, "POST", "/jobs/{job}/stop", stop_job, body=Body)

    @routes.get("/jobs/{job}/files/{name}", include_in_schema=False)
    def file(request: Request, job: str, name: str) -> Response:
        """Give a file that a job made, to whom may see the job."""
        access = access_of(request, context)
        if access is None:
            raise NotSignedInError
        asked = Asked(request, context, access)
        folder = context.jobs.folder(_mine(asked, job).id)
        # Only a name that the folder itself gives: no path leads out of it.
        path = next((each for each in _files(folder) if each.name == name), None)
        if path is None:
            raise NotFoundError
        return FileResponse(path, filename=path.name, content_disposition_type="attachment")

    return routes


def _files(folder: Any) -> list[Any]:
    return [each for each in folder.iterdir() if each.is_file()] if folder.is_dir() else []
