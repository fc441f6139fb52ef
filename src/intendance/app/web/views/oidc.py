"""Signing in with an organisation's provider of identities, when one is set."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from intendance.app.web.context import Context
from intendance.app.web.views.login import safe_path, sign_in

_COOKIE: Final = "intendance_oidc"


def router(context: Context) -> APIRouter:
    """Give the two addresses of a sign-in elsewhere; none when no provider is set."""
    routes = APIRouter(include_in_schema=False)
    chosen = context.settings.oidc
    if chosen is None:
        return routes
    from intendance.app.accounts.oidc import Provider, SignInError, checked_issuer

    provider = Provider(checked_issuer(chosen.issuer), chosen.client, chosen.secret, chosen.role)

    @routes.get("/oidc/start")
    def start(
        request: Request, follow: Annotated[str, Query(alias="next", max_length=2000)] = ""
    ) -> Response:
        redirect = f"{str(request.base_url).rstrip('/')}/oidc/callback"
        address, state = provider.start(context.office, redirect, safe_path(follow))
        answer = RedirectResponse(address, 303)
        answer.set_cookie(
            _COOKIE,
            state,
            max_age=600,
            path="/oidc",
            secure=context.settings.secure,
            httponly=True,
            samesite="lax",
        )
        return answer

    @routes.get("/oidc/callback")
    def callback(
        request: Request,
        state: Annotated[str, Query(max_length=400)] = "",
        code: Annotated[str, Query(max_length=4000)] = "",
    ) -> Response:
        if not code:
            raise SignInError("The provider of identities has refused this sign-in.")
        cookie = request.cookies.get(_COOKIE, "")
        person, follow = provider.finish(context.office, cookie, state, code)
        answer = sign_in(context, request, person, safe_path(follow))
        answer.delete_cookie(_COOKIE, path="/oidc")
        return answer

    return routes
