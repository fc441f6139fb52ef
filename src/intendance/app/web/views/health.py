"""Whether the server works: for a proxy, a monitor, a person; and the pages' colours."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from intendance import __version__
from intendance.app.web.context import Context


def router(context: Context) -> APIRouter:
    """Give the addresses that need no account."""
    routes = APIRouter()

    @routes.get("/health", include_in_schema=False)
    def health() -> JSONResponse:
        """Say that the store answers; nothing of what it holds."""
        context.store.head()
        return JSONResponse({"ok": True, "version": __version__})

    @routes.get("/colours.css", include_in_schema=False)
    def colours() -> Response:
        """Give the palette of both grounds."""
        return Response(
            context.pages.colours,
            media_type="text/css",
            headers={"Cache-Control": "public, max-age=86400"},
        )

    return routes
