"""Signing in with a provider of identities (OpenID Connect): code flow with PKCE, state and nonce.

What is waited for stands in the office, not in a cookie, and is used once; the browser's cookie
holds only the state, so that nobody can finish another's sign-in.
"""

from __future__ import annotations

import time
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from intendance.app.accounts import papers, people
from intendance.app.accounts.office import Office, digest, fresh_secret, now
from intendance.app.accounts.people import Person
from intendance.errors import InputError, UsageError

_KIND: Final = "oidc"
_PATIENCE_SECONDS: Final = 600
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
_TIMEOUT_SECONDS: Final = 10.0


class SignInError(UsageError):
    """The provider of identities did not let somebody in, or cannot be reached."""

    code = "sign-in"


class Provider:
    """A provider, found by its address; what it says about itself is asked for once an hour."""

    def __init__(self, issuer: str, client: str, secret: str, role: str) -> None:
        self.issuer = issuer.rstrip("/")
        self.client = client
        self.secret = secret
        self.role, _ = people.checked_role(role, "")
        self._told: tuple[float, dict[str, Any], Any] | None = None

    def start(self, office: Office, redirect: str, follow: str) -> tuple[str, str]:
        """Give the address at the provider to go to, and the state for the browser's cookie."""
        state, nonce, verifier = fresh_secret(), fresh_secret(), fresh_secret() + fresh_secret()
        body = {"nonce": nonce, "verifier": verifier, "next": follow, "redirect": redirect}
        _clear(office)
        papers.put(office, _KIND, digest(state), body, person="", version=0)
        told, _ = self._discovered()
        with self._session(redirect) as session:
            address, _ = session.create_authorization_url(
                told["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(address), state

    def finish(self, office: Office, cookie: str, state: str, code: str) -> tuple[Person, str]:
        """Give who has signed in and where they wanted to go; SignInError otherwise."""
        if not state or digest(cookie) != digest(state):
            raise SignInError("This sign-in was not begun in this browser.")
        waiting = papers.get(office, _KIND, digest(state))
        if waiting is None or waiting.at < now() - _PATIENCE_SECONDS:
            raise SignInError("This sign-in is too old.", next_step="Begin again.")
        papers.remove(office, _KIND, digest(state))
        claims = self._claims(waiting.body, code)
        return self._person(office, claims), str(waiting.body["next"])

    def _session(self, redirect: str) -> OAuth2Client:
        return OAuth2Client(
            self.client,
            self.secret or None,
            scope="openid profile email",
            redirect_uri=redirect,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self.secret else "none",
            timeout=_TIMEOUT_SECONDS,
        )

    def _discovered(self) -> tuple[dict[str, Any], Any]:
        if self._told is None or self._told[0] < time.monotonic() - 3600:
            try:
                address = f"{self.issuer}/.well-known/openid-configuration"
                told = httpx.get(address, timeout=_TIMEOUT_SECONDS).raise_for_status().json()
                keys = httpx.get(told["jwks_uri"], timeout=_TIMEOUT_SECONDS).raise_for_status()
                found = KeySet.import_key_set(keys.json())
            except (httpx.HTTPError, ValueError, KeyError, JoseError) as error:
                raise _unreachable() from error
            if str(told.get("issuer", "")).rstrip("/") != self.issuer:
                raise SignInError("The provider of identities names another issuer.")
            self._told = (time.monotonic(), told, found)
        return self._told[1], self._told[2]

    def _claims(self, waiting: dict[str, Any], code: str) -> dict[str, Any]:
        told, keys = self._discovered()
        try:
            with self._session(waiting["redirect"]) as session:
                answer = session.fetch_token(
                    told["token_endpoint"], code=code, code_verifier=waiting["verifier"]
                )
            token = jwt.decode(str(answer["id_token"]), keys, algorithms=_ALGORITHMS)
            rules = jwt.JWTClaimsRegistry(
                leeway=60,
                iss={"essential": True, "value": told["issuer"]},
                aud={"essential": True, "value": self.client},
                sub={"essential": True},
                exp={"essential": True},
                nonce={"essential": True, "value": waiting["nonce"]},
            )
            rules.validate(token.claims)
        except httpx.HTTPError as error:
            raise _unreachable() from error
        except (OAuthError, JoseError, ValueError, KeyError, TypeError) as error:
            # The provider's own words may hold the code or the token.
            raise SignInError("The provider of identities has refused this sign-in.") from error
        return dict(token.claims)

    def _person(self, office: Office, claims: dict[str, Any]) -> Person:
        """Give the account of a subject; a new one never takes over a name that is there."""
        subject = f"{self.issuer} {claims['sub']}"[:400]
        known = people.by_subject(office, subject)
        if known is not None:
            if not known.active:
                raise SignInError("This account is not active.")
            return known
        wanted = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        try:
            name = people.tidy_name(wanted)
        except InputError:
            name = f"person-{digest(subject)[:8]}"
        if any(each.name == name for each in people.everybody(office)):
            name = f"{name[:70]}-{digest(subject)[:8]}"
        return people.add(office, name, self.role, subject=subject)


def _unreachable() -> SignInError:
    return SignInError(
        "The provider of identities cannot be reached.", next_step="Try again later."
    )


def _clear(office: Office) -> None:
    """Let go of sign-ins that were begun and not finished."""
    for paper in papers.all_of(office, _KIND):
        if paper.at < now() - _PATIENCE_SECONDS:
            papers.remove(office, _KIND, paper.name)


def checked_issuer(issuer: str) -> str:
    """Give a provider's address; UsageError unless it is HTTPS (or this machine's own)."""
    parts = urlsplit(issuer)
    if parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost", "::1"):
        return issuer
    raise UsageError("The provider's address is not https://.", next_step="Check --oidc-issuer.")
