"""Every address of the application, by construction: a new page is proved without being named."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.routing import APIRoute

from intendance.app.web.fields import Filters

# What the filters are asked for: a donor, a thing, a marking, a hidden line.
PROBES = ("Norway", "pump", "private:Poland", "own:P")
_TWINS = (".json", ".csv", ".xlsx")
_DAY = "2024-02-10"


def gets(app: FastAPI) -> list[APIRoute]:
    """Give every route that answers GET."""
    found = [each for each in _routes(app.routes) if "GET" in each.methods]
    assert len(found) > 50, "the framework keeps its routes elsewhere: nothing would be proved"
    return found


def _routes(given: Iterable[Any]) -> Iterator[APIRoute]:
    for each in given:
        if isinstance(each, APIRoute):
            yield each
        yield from _routes(getattr(getattr(each, "original_router", None), "routes", ()))


def filters_of(route: APIRoute) -> type[Filters] | None:
    """Give the filters that a route takes."""
    annotations = typing.get_type_hints(route.endpoint, include_extras=True) or {}
    signature = getattr(route.endpoint, "__signature__", None)
    if signature is not None:
        annotations = {name: each.annotation for name, each in signature.parameters.items()}
    found = annotations.get("filters")
    kind = get_args(found)[0] if get_origin(found) is Annotated else None
    return kind if isinstance(kind, type) and issubclass(kind, Filters) else None


def _values(annotation: Any, names: tuple[str, ...]) -> Iterator[str]:
    """Give what a filter of a type may be asked for."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _values(get_args(annotation)[0], names)
    elif origin is Literal:
        yield from (str(each) for each in get_args(annotation) if each not in ("", None))
    elif origin in (types.UnionType, typing.Union):
        for each in get_args(annotation):
            yield from _values(each, names)
    elif annotation is date:
        yield _DAY
    elif annotation is bool:
        yield "true"
    elif annotation is int:
        yield "2"
    elif annotation is str:
        yield from names


def _filled(path: str, names: tuple[str, ...]) -> Iterator[str]:
    """Put every name into the path's first part."""
    if "{" not in path:
        yield path
        return
    for name in names:
        head, _, rest = path.partition("{")
        part, _, tail = rest.partition("}")
        given = "html" if part == "form" else name
        yield from _filled(f"{head}{quote(given, safe=':')}{tail}", names[:1])


def addresses(app: FastAPI, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Give the address of each route, with each name in its path; and of its data, each filter."""
    plain: dict[str, None] = {}
    filtered: dict[str, None] = {}
    for route in gets(app):
        # The other twins are made of the same sheet: one name shows that they are held too.
        few = (
            names[:1] if route.path.endswith((".csv", ".xlsx")) or "/api/" in route.path else names
        )
        plain.update(dict.fromkeys(_filled(route.path, few)))
        chosen = filters_of(route)
        if chosen is None or not route.path.endswith(".json") or "{" in route.path:
            continue
        for field, about in chosen.model_fields.items():
            texts = names if field in ("id", "document") else PROBES
            for value in _values(about.annotation, texts):
                filtered[f"{route.path}?{urlencode({field: value})}"] = None
    return list(plain), list(filtered)


def pages(app: FastAPI, *, role: str = "admin") -> list[str]:
    """Give the pages that a role finds in its navigation, and those that need no name."""
    plain = [
        each.path
        for each in gets(app)
        if "{" not in each.path and not each.path.startswith(("/api/", "/oidc", "/login"))
    ]
    twins = {each for each in plain if each.endswith(_TWINS)}
    shown = {each for each in plain if f"{each if each != '/' else '/today'}.json" in twins}
    hidden = {each.path for each in app.state.context.nav if role not in each.roles}
    return sorted(shown - hidden)
