"""Makes the application from its settings, and runs it."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.staticfiles import StaticFiles

from intendance import __version__
from intendance.app.web import problems
from intendance.app.web.context import Context, routers
from intendance.app.web.pages import STATIC, Pages
from intendance.app.web.refusals import RefusedError
from intendance.app.web.security import Guard
from intendance.app.web.settings import LOOPBACK_NAMES, Settings
from intendance.errors import UsageError

PAGES_AT_ONCE: Final = 12


def check(settings: Settings) -> None:
    """Refuse to listen where passwords would cross a network in the clear (UsageError)."""
    if bool(settings.tls_cert) != bool(settings.tls_key):
        raise UsageError(
            "A certificate and its key go together.", next_step="Give --tls-cert and --tls-key."
        )
    for path in filter(None, (settings.tls_cert, settings.tls_key)):
        if not path.is_file():
            raise UsageError(f"There is no file {path.name}.", next_step="Check --tls-cert/-key.")
    if not settings.on_loopback and not settings.secure:
        raise UsageError(
            f"{settings.host} can be reached from other machines, and passwords would cross the "
            "network in the clear.",
            next_step="Give --tls-cert and --tls-key, or --behind-proxy when a proxy does TLS.",
        )


def create_app(settings: Settings) -> FastAPI:
    """Make the application; UsageError for unsafe settings, InputError when there is no ledger."""
    check(settings)
    context = Context(settings, Pages())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # More at once would only take turns on one interpreter, each waiting for all others.
        current_default_thread_limiter().total_tokens = PAGES_AT_ONCE
        threading.Thread(target=context.warm, daemon=True).start()
        yield
        context.close()

    app = FastAPI(
        title="Intendance",
        version=__version__,
        description="Coordinates aid from many donors to one recipient. Every page's twin.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.context = context
    for router in routers(context):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.register(app, context)
    uploads = tuple(path for view in context.views for path in getattr(view, "UPLOAD_PATHS", ()))

    def refuse(scope: Any, refusal: RefusedError) -> Any:
        return problems.answer(Request(scope), context, refusal)

    app.add_middleware(Guard, settings=settings, uploads=uploads, refuse=refuse)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Describe the API: problem details instead of the framework's errors, and who may call."""
    if app.openapi_schema:
        return app.openapi_schema
    found = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = {
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "next_step": {"type": "string"},
            "errors": {"type": "array", "items": {"type": "object"}},
        },
    }
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"token": []}]
    app.openapi_schema = found
    return found


def hosts_of(host: str) -> tuple[str, ...]:
    """Give the names under which a server on loopback answers: no other site may point at it."""
    return (*LOOPBACK_NAMES, host, f"[{host}]")


def address_of(settings: Settings) -> str:
    """Give the address at which a reader on this machine finds the pages."""
    scheme = "https" if settings.tls_cert else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{settings.port}"


def check_port(settings: Settings) -> None:
    """Refuse with a UsageError an address or a port that cannot be listened on."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((settings.host.strip("[]"), settings.port))
        except OSError as error:
            raise UsageError(
                f"{settings.host} port {settings.port} cannot be listened on: {error.strerror}.",
                next_step="Give another --port, or stop the program that has it.",
            ) from error


def run(settings: Settings) -> None:
    """Serve until interrupted."""
    import uvicorn

    check_port(settings)

    app = create_app(settings)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        proxy_headers=settings.behind_proxy,
        # A proxy stands on this machine or in the same private network.
        forwarded_allow_ips="127.0.0.1,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7",
        server_header=False,
        date_header=True,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=10,
    )
