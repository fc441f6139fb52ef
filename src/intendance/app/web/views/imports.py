"""Imports: files in, tried first, with what became of each row, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response

from intendance.app.accounts import papers
from intendance.app.accounts.people import CHANGING
from intendance.app.web import twins
from intendance.app.web.asked import Asked, access_of
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Filters
from intendance.app.web.forms import Form
from intendance.app.web.jobs import Job
from intendance.app.web.refusals import NotFoundError
from intendance.app.web.sheet import Column, Figure, Sheet, Table
from intendance.errors import UsageError
from intendance.exchange.importing import FORMATS

READERS: Final = (*CHANGING, "auditor")
NAV: Final = Nav("/imports", "Imports", 100, READERS)
HELP: Final = (
    "A file is first tried: nothing is written, and each row that cannot be used is named with "
    "its cell and the reason. Then import it, or take the good rows only. The same file twice "
    "adds nothing."
)
UPLOAD_PATHS: Final = ("/imports/upload",)
KINDS: Final = ("needs", "pledges", "stocks", "deliveries")
KIND: Final = "import"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CODES: Final = {
    "needs": "needs", "pledges": "pledges", "stocks": "stocks", "deliveries": "deliveries",
    "tried": "tried", "imported": "imported", "waiting": "waiting", "running": "running",
    "failed": "failed", "stopped": "stopped", "lost": "lost", "done": "done",
}  # fmt: skip


def imports(asked: Asked) -> Sheet:
    """Show the imports that were made, and take another file."""
    words = asked.words
    jobs = asked.context.jobs.list(asked.person, kind=KIND)
    columns = (
        Column("file", words("file")),
        Column("format", words("format")),
        Column("state", words("state"), "code"),
        Column("rows", words("rows"), "count"),
        Column("posted", words("entries posted"), "count"),
        Column("set_aside", words("set aside"), "count"),
        Column("person", words("by")),
        Column("made_at", words("at"), "moment"),
    )
    rows = tuple(
        (
            job.title,
            job.arguments.get("format", ""),
            _state(job),
            job.result.get("rows"),
            job.result.get("posted"),
            job.result.get("set_aside_count"),
            job.person,
            job.made_at,
        )
        for job in jobs
    )
    table = Table(
        "imports",
        words("Files that were tried or imported"),
        columns,
        rows,
        link=lambda number: (
            f"/imports/{jobs[number].id}"
            if jobs[number].state == "done"
            else f"/jobs/{jobs[number].id}"
        ),
        empty=words("No file has been imported here yet."),
    )
    may_change = asked.person.role in CHANGING and not asked.read_only
    parts = {"formats": FORMATS, "kinds": KINDS, "may_change": may_change}
    return Sheet(words("Imports"), tables=(table,), help=words(HELP), parts=parts)


def _state(job: Job) -> str:
    if job.state != "done":
        return job.state
    return "tried" if job.result.get("dry_run") else "imported"


def _job(asked: Asked) -> Job:
    job = asked.context.jobs.find(asked.request.path_params["job"], asked.person)
    if job is None or job.kind != KIND or job.state != "done":
        raise NotFoundError
    return job


def outcome(asked: Asked) -> Sheet:
    """Show what became of each row of one file."""
    words, job = asked.words, _job(asked)
    found = job.result
    figures = (
        Figure("rows", words("rows"), found["rows"], "count"),
        Figure("entries", words("rows that made entries"), found["entries"], "count"),
        Figure("merged", words("merged"), found["merged"], "count"),
        Figure("set_aside", words("set aside"), found["set_aside_count"], "count"),
        Figure("posted", words("entries posted"), found["posted"], "count"),
        Figure("withdrawn", words("withdrawn"), found["withdrawn"], "count"),
    )
    said = words("Tried: nothing was written.") if found["dry_run"] else words("Imported.")
    return Sheet(
        job.title,
        lead=said,
        figures=figures,
        tables=(
            _cells(asked, "set_aside", words("Rows set aside, cell by cell"), found["set_aside"]),
            _cells(asked, "notes", words("Read with reserve"), found["notes"]),
        ),
        help=words(HELP),
        parts={
            "job": job,
            "may_change": asked.person.role in CHANGING and not asked.read_only,
            "sheet": found["format"] == "sheet",
        },
    )


def _cells(asked: Asked, name: str, caption: str, found: Sequence[dict[str, Any]]) -> Table:
    from intendance.words import catalogue

    words = asked.words
    say = catalogue("exchange", asked.language).gettext
    columns = (
        Column("row", words("row"), "count"),
        Column("column", words("column")),
        Column("value", words("value")),
        Column("reason", words("reason")),
    )
    cells = [cell for each in found for cell in each.get("cells", [each])]
    rows = tuple(
        (
            each.get("row"),
            str(each.get("column") or ""),
            str(each.get("value") or ""),
            say(str(each.get("reason") or "")) if each.get("reason") else "",
        )
        for each in cells
    )
    return Table(name, caption, columns, rows, empty=words("None."))


def _upload(asked: Asked, form: Form) -> Response:
    upload = form.upload("file")
    if upload is None or not upload.size:
        raise UsageError("No file was chosen, or it is empty.", next_step="Choose one.")
    arguments = {
        "blob": papers.keep(asked.context.office, upload.stream.read()),
        "name": upload.name,
        "format": _format(form.text("format", most=20)),
        "release": form.text("release", most=60),
        "recorded_on": (form.day("recorded_on") or asked.today).isoformat(),
        "language": asked.language,
        "dry_run": not form.flag("now"),
    }
    asked.note("file uploaded", f"{upload.name} {arguments['format']}")
    return _start(asked, arguments)


def _format(name: str) -> str:
    if name not in FORMATS:
        raise UsageError("There is no such format.", next_step=f"Use {', '.join(FORMATS)}.")
    return name


def _start(asked: Asked, arguments: dict[str, Any]) -> Response:
    job = asked.context.jobs.start(
        KIND,
        "intendance.app.web.work_import:import_upload",
        arguments,
        asked.person,
        arguments["name"],
    )
    return twins.after(asked, f"/jobs/{job}")


def _again(asked: Asked, form: Form) -> Response:
    """Import in earnest what was tried."""
    job = asked.context.jobs.find(form.text("job", most=40), asked.person)
    if job is None or job.kind != KIND or job.state != "done":
        raise NotFoundError
    arguments = {
        **job.arguments,
        "dry_run": False,
        "accept_good": form.flag("accept_good"),
        "language": asked.language,
    }
    return _start(asked, arguments)


class TemplateFilters(Filters):
    """Which template, in which language."""

    kind: Literal["needs", "pledges", "stocks", "deliveries"] = "pledges"


def _files(routes: APIRouter, context: Context) -> None:
    """Register the workbooks: empty templates, and a sheet with its bad cells marked."""

    def asking(request: Request) -> Asked:
        access = access_of(request, context)
        return twins.asked_for(request, context, access, None, READERS)

    def template(request: Request) -> Response:
        from intendance.exchange.template import template as made

        kind = request.path_params["kind"]
        asked = asking(request)
        if kind not in KINDS:
            raise NotFoundError
        return _workbook(made(kind, asked.language), kind)

    def corrected(request: Request) -> Response:
        asked = asking(request)
        job = context.jobs.find(request.path_params["job"], asked.person)
        if job is None or not job.result.get("corrected"):
            raise NotFoundError
        return _workbook(papers.kept(context.office, job.result["corrected"]), "corrected")

    routes.add_api_route(
        "/imports/template/{kind}.xlsx", template, methods=["GET"], include_in_schema=False
    )
    routes.add_api_route(
        "/imports/{job}/corrected.xlsx", corrected, methods=["GET"], include_in_schema=False
    )


def _workbook(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=_XLSX, headers=headers)


def router(context: Context) -> APIRouter:
    """Give the addresses of the imports."""
    routes = APIRouter(tags=["imports"])
    _files(routes, context)
    twins.show(routes, context, "/imports", imports, template="imports.html.j2", roles=READERS)
    twins.show(
        routes, context, "/imports/{job}", outcome, template="imported.html.j2", roles=READERS
    )
    twins.form(routes, context, "/imports/upload", _upload, roles=CHANGING)
    twins.form(routes, context, "/imports/again", _again, roles=CHANGING)
    return routes
