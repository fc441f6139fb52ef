"""One view, five ways to it: the page, its .json, .csv and .xlsx twins, and the API.

``show`` registers them all from one function ``view(asked) -> Sheet``, so that the twins have
the page's filters and rights by construction. ``form`` registers what a page's form posts to,
``call`` what a program sends to the API; both check rights, the session's token and --read-only.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from intendance.app.web.asked import Access, Asked, access_of, asked_by_nobody
from intendance.app.web.context import EVERYBODY, Context
from intendance.app.web.fields import Body, Filters
from intendance.app.web.forms import Form
from intendance.app.web.refusals import (
    LostUpdateError,
    NotAllowedError,
    NotSignedInError,
    NoVersionError,
)
from intendance.app.web.sheet import Sheet, as_record
from intendance.app.web.twin_files import csv_of, workbook_of
from intendance.ledger.privacy import Viewer

API: Final = "/api/v1"
View = Callable[[Asked], Sheet]
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": words,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for status, words in (
        (400, "The request cannot be read."),
        (401, "Nobody is signed in."),
        (403, "The account may not do this."),
        (404, "There is nothing here, or nothing that this account may see."),
        (409, "This contradicts what stands in the ledger."),
        (412, "Somebody else has changed this meanwhile."),
        (413, "Too large."),
        (415, "This kind of content is not taken."),
        (422, "A field is off; `errors` says which."),
        (428, "The change does not say what it was made from (If-Match)."),
        (503, "Somebody else is writing; try again."),
    )
}
IF_MATCH: Final[dict[str, Any]] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of what was read; 412 when somebody has changed it since.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "example": '"1f0c2d9a4b7e6f58"',
}
READ_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: PROBLEMS[status] for status in (400, 401, 403, 404, 422, 503)
}


def _asking(context: Context) -> Callable[..., Access | None]:
    def asking(request: Request) -> Access | None:
        return access_of(request, context)

    return asking


def _signature(context: Context, path: str, **further: Any) -> inspect.Signature:
    """Give the parameters of an endpoint: the request, who asks, the path's parts, further ones."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    parts = [each[1:].partition("}")[0] for each in path.split("/") if each.startswith("{")]
    kinds: dict[str, Any] = {
        "request": Request,
        "access": Annotated[Access | None, Depends(_asking(context))],
        **further,
        **dict.fromkeys(parts, Annotated[str, Path(min_length=1, max_length=200)]),
    }
    return inspect.Signature(
        [inspect.Parameter(name, keyword, annotation=kind) for name, kind in kinds.items()]
    )


def _endpoint(
    run: Callable[..., Any], filters: type[Filters], path: str, context: Context, name: str
) -> Callable[..., Any]:
    """Make an endpoint whose signature names the filters and the path's own parts."""

    def endpoint(**given: Any) -> Any:
        return run(given["request"], given["access"], given["filters"])

    endpoint.__signature__ = _signature(  # type: ignore[attr-defined]
        context, path, filters=Annotated[filters, Query()]
    )
    endpoint.__name__ = name
    return endpoint


def asked_for(
    request: Request, context: Context, access: Access | None, filters: Any, roles: Sequence[str]
) -> Asked:
    """Give the request when its person may make it; NotSignedInError, NotAllowedError."""
    if access is None:
        raise NotSignedInError
    if access.person.role not in roles:
        raise NotAllowedError
    return Asked(request, context, access, filters)


def show(
    router: APIRouter,
    context: Context,
    path: str,
    view: View,
    *,
    filters: type[Filters] = Filters,
    template: str = "sheet.html.j2",
    roles: Sequence[str] = EVERYBODY,
    api: str | None = None,
    most: int = 0,
) -> None:
    """Register a page, its twins and its API path (``api`` blank: none; None: the page's path).

    ``most``: how many rows the csv and xlsx twins may hold; filters with a ``limit`` get it.
    """
    name = view.__name__.strip("_")

    def sheet_of(
        request: Request, access: Access | None, chosen: Any, *, whole: bool = False
    ) -> tuple[Asked, Sheet]:
        if whole and most and hasattr(chosen, "limit"):
            chosen = chosen.model_copy(update={"limit": most, "offset": 0})
        asked = asked_for(request, context, access, chosen, roles)
        sheet = view(asked)
        if not asked.viewer.sees_everything:
            # The head moves with every entry: it would tell that hidden ones have come.
            sheet = replace(sheet, head=None)
        asked.note_reading(sheet.marking)
        return asked, sheet

    def page(request: Request, access: Access | None, chosen: Any) -> Response:
        asked, sheet = sheet_of(request, access, chosen)
        return context.pages.sheet(template, asked, sheet)

    def as_json(request: Request, access: Access | None, chosen: Any) -> Response:
        asked, sheet = sheet_of(request, access, chosen)
        return JSONResponse(as_record(sheet), headers=_headers(asked, sheet))

    def as_csv(request: Request, access: Access | None, chosen: Any) -> Response:
        asked, sheet = sheet_of(request, access, chosen, whole=True)
        headers = {**_headers(asked, sheet), **_attachment(name, "csv")}
        return Response("\ufeff" + csv_of(sheet), media_type="text/csv", headers=headers)

    def as_xlsx(request: Request, access: Access | None, chosen: Any) -> Response:
        asked, sheet = sheet_of(request, access, chosen, whole=True)
        headers = {**_headers(asked, sheet), **_attachment(name, "xlsx")}
        return Response(workbook_of(sheet), media_type=_XLSX, headers=headers)

    context.warming[path] = _warming(context, path, view, filters, template)
    base = path if path != "/" else "/today"
    twins: tuple[tuple[str, Any], ...] = (
        (f"{base}.json", as_json),
        (f"{base}.csv", as_csv),
        (f"{base}.xlsx", as_xlsx),
        (path, page),
    )
    for place, run in twins:
        endpoint = _endpoint(run, filters, place, context, f"{name}{place[len(base) :]}")
        router.add_api_route(place, endpoint, methods=["GET"], include_in_schema=False)
    if api != "":
        place = f"{API}{api or base}"
        endpoint = _endpoint(as_json, filters, place, context, f"read_{name}")
        endpoint.__doc__ = inspect.getdoc(view)
        given: dict[str, Any] = {"responses": READ_PROBLEMS, "response_class": JSONResponse}
        router.add_api_route(place, endpoint, methods=["GET"], **given)


def _warming(
    context: Context, path: str, view: View, filters: type[Filters], template: str
) -> Callable[[Viewer, str], None]:
    def warm(viewer: Viewer, language: str) -> None:
        asked = asked_by_nobody(context, path, filters(), viewer, language)
        context.pages.sheet(template, asked, view(asked))

    return warm


def _attachment(name: str, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}


def _headers(asked: Asked, sheet: Sheet) -> dict[str, str]:
    """Give the marking, the version and the neighbouring pages of an answer."""
    found = {"X-Marking": sheet.marking.encode("ascii", "backslashreplace").decode()}
    if sheet.etag:
        found["ETag"] = f'"{sheet.etag}"'
    limit, offset = (getattr(asked.filters, name, None) for name in ("limit", "offset"))
    whole = sheet.tables[0].whole if sheet.tables else None
    if limit and offset is not None and whole is not None:
        links = []
        if offset + limit < whole:
            links.append(f'<{asked.link(offset=offset + limit, limit=limit)}>; rel="next"')
        if offset:
            links.append(f'<{asked.link(offset=max(0, offset - limit), limit=limit)}>; rel="prev"')
        if links:
            found["Link"] = ", ".join(links)
    return found


Handler = Callable[[Asked, Form], Response]


def form(
    router: APIRouter,
    context: Context,
    path: str,
    handle: Handler,
    *,
    roles: Sequence[str] = EVERYBODY,
) -> None:
    """Register what a page's form posts to. ``handle`` runs in a thread, after all checks."""

    async def endpoint(request: Request, access: Access | None) -> Response:
        given: FormData = await request.form(max_files=20, max_fields=400)
        try:
            fields = Form(given)

            def run() -> Response:
                asked = asked_for(request, context, access, None, roles)
                asked.changing(fields.text("csrf", most=100))
                return handle(asked, fields)

            return await run_in_threadpool(run)
        finally:
            await given.close()

    endpoint.__signature__ = _signature(context, path)  # type: ignore[attr-defined]
    endpoint.__name__ = handle.__name__.strip("_")
    router.add_api_route(path, endpoint, methods=["POST"], include_in_schema=False)


def call(
    router: APIRouter,
    context: Context,
    method: str,
    path: str,
    handle: Callable[[Asked, Any], dict[str, Any]],
    *,
    body: type[Body],
    roles: Sequence[str] = EVERYBODY,
    status: int = 200,
    matches: bool = False,
) -> None:
    """Register a change by the API: ``handle(asked, body)`` gives the JSON answer.

    A session's call carries its token in X-CSRF-Token; a bearer token needs none. ``matches``
    says in the description that the change names its version in If-Match (see ``matched``).
    """

    def endpoint(**given: Any) -> JSONResponse:
        request = given["request"]
        asked = asked_for(request, context, given["access"], None, roles)
        asked.changing(request.headers.get("x-csrf-token"))
        return JSONResponse(handle(asked, given["body"]), status)

    endpoint.__signature__ = _signature(context, path, body=body)  # type: ignore[attr-defined]
    endpoint.__name__ = handle.__name__.strip("_")
    endpoint.__doc__ = inspect.getdoc(handle)
    router.add_api_route(
        f"{API}{path}",
        endpoint,
        methods=[method],
        status_code=status,
        responses=PROBLEMS,
        response_class=JSONResponse,
        openapi_extra={"parameters": [IF_MATCH]} if matches else None,
    )


def matched(request: Request, etag: str) -> None:
    """Hold an edit to the version that it was made from: NoVersionError, LostUpdateError."""
    given = request.headers.get("if-match", "")
    if not given:
        raise NoVersionError
    if etag not in [each.strip().removeprefix("W/").strip('"') for each in given.split(",")]:
        raise LostUpdateError


def after(asked: Asked, path: str, **query: object) -> RedirectResponse:
    """Lead a browser to a page after a form has been taken in."""
    return RedirectResponse(asked.link(path, **query), 303)
