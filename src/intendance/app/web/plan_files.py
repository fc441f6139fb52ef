"""A plan's files: movements as csv, flows as GeoJSON, a workbook for each donor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from intendance.app.web import plans, twins
from intendance.app.web.asked import Asked, access_of
from intendance.app.web.refusals import NotFoundError

if TYPE_CHECKING:
    from intendance.app.web.context import Context
    from intendance.plan.accepting import Line, ReadPlan

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _books(read: ReadPlan, language: str) -> dict[str, bytes]:
    from intendance.plan.exports import donor_workbooks

    return donor_workbooks(read, language)


def donor_book(read: ReadPlan, lines: Sequence[Line], language: str) -> bytes:
    """Give one donor's workbook."""
    from intendance.plan.exports import donor_workbook

    return donor_workbook(read, lines, language)


def donor_files(read: ReadPlan) -> list[str]:
    """Give the names of the donors' workbooks."""
    from intendance.plan.exports import file_names

    stocks = read.problem.stocks
    donors = sorted({int(stocks.donor[each.shipment.stock]) for each in read.lines})
    return file_names(read.problem.donors.ids[each] for each in donors)


def attached(
    asked: Asked, content: bytes | str, name: str, media: str, marking: str = plans.MARKING
) -> Response:
    """Give a file to download, with its marking."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Marking": marking.encode("ascii", "backslashreplace").decode(),
    }
    asked.note("plan exported", name)
    asked.note_reading(marking)
    return Response(content, media_type=media, headers=headers)


def _file(context: Context, roles: Sequence[str]) -> Callable[[Request], Response]:
    def file(request: Request) -> Response:
        from intendance.plan.exports import flows_geojson, movement_csv

        access = access_of(request, context)
        asked = twins.asked_for(request, context, access, None, roles)
        made = plans.plan(context.office, request.path_params["plan"], asked.viewer)
        what = request.path_params["file"]
        if made is None:
            raise NotFoundError
        read = plans.read(context.office, made)
        if what == "movement.csv":
            content: bytes | str = movement_csv(read)
            media = "text/csv; charset=utf-8"
        elif what == "flows.geojson":
            content, media = flows_geojson(read), "application/geo+json"
        elif what in donor_files(read):
            content, media = _books(read, asked.language)[what], XLSX
        else:
            raise NotFoundError
        return attached(asked, content, what, media, made.marking)

    return file


def register(routes: APIRouter, context: Context, roles: Sequence[str]) -> None:
    """Add the addresses of the files."""
    routes.add_api_route(
        "/plan/{plan}/files/{file}", _file(context, roles), methods=["GET"],
        include_in_schema=False,
    )  # fmt: skip
