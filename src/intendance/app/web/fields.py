"""Types for what comes in by URL and JSON: blank is absent, days are days, texts are texts."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
MOST_ROWS: Final = 500


def _blank_is_absent(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _day(value: Any) -> Any:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("write a day as YYYY-MM-DD")
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise ValueError("write a day as YYYY-MM-DD") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"a day lies between {FIRST_YEAR} and {LAST_YEAR}")
    return found


def _text(value: str) -> str:
    if any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\r\n\t" for each in value):
        raise ValueError("a text holds no control characters")
    return unicodedata.normalize("NFC", value).strip()


Day = Annotated[
    date | None,
    BeforeValidator(_day),
    BeforeValidator(_blank_is_absent),
    Field(json_schema_extra={"examples": ["2023-04-21"]}),
]
Text = Annotated[str, AfterValidator(_text), Field(max_length=1_000)]
LongText = Annotated[str, AfterValidator(_text), Field(max_length=4000)]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS)]
Offset = Annotated[int, Field(ge=0, le=10_000_000)]


class Filters(BaseModel):
    """The filters of a page: its URL. Each page's own ones are a subclass; all have a default."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Body(BaseModel):
    """What a program sends as JSON: nothing but what is named."""

    model_config = ConfigDict(extra="forbid", frozen=True)
