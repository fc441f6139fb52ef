"""E-mail: its body and its attachments, each a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage, MIMEPart
from typing import Final

from intendance.errors import InputError
from intendance.intake.decoding import Source, decode, decode_as

MAX_DEPTH: Final = 3
MAX_PARTS: Final = 50
MAX_BOUNDARIES: Final = 400
# What a reply repeats is read like the rest, without its marks.
_QUOTED: Final = re.compile(r"(?m)^(?:>[ \t]?){1,20}")
Opened = Callable[[bytes, str], Iterator[Source]]


def from_mail(data: bytes, name: str, opened: Opened, depth: int = 0) -> Iterator[Source]:
    """Give the body, then what the attachments hold (``opened`` reads one of them).

    A message within the message is read, too. InputError when nothing can be read.
    """
    from email import message_from_bytes, policy
    from email.utils import parseaddr, parsedate_to_datetime

    # Taking apart what is nothing but boundaries takes minutes.
    if data.count(b"\n--") > MAX_BOUNDARIES:
        raise InputError("the e-mail has too many parts", next_step="Give its text.", where=name)
    try:
        message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf"), policy=policy.default)
    except (RecursionError, ValueError, AttributeError, IndexError, TypeError):
        raise InputError("the e-mail cannot be taken apart", where=name) from None
    assert isinstance(message, EmailMessage)
    day: date | None = None
    try:
        day = parsedate_to_datetime(str(message["date"])).date() if message["date"] else None
    except (ValueError, TypeError, IndexError, AttributeError):
        day = None
    sender = parseaddr(_header(message, "from"))[0] or None
    title = _header(message, "subject") or None
    told = 0
    text, encoding = _body(message, name)
    if text.strip():
        told += 1
        yield Source(text, name, "mail", day, sender, title, encoding)
    for number, part in enumerate(_attachments(message)):
        if number >= MAX_PARTS:
            break
        for source in _attached(part, f"{name}/{part.get_filename() or number + 1}", opened, depth):
            told += 1
            yield replace(source, published=source.published or day, outlet=source.outlet or sender)
    if not told:
        raise InputError("the e-mail holds no text", next_step="Give its text.", where=name)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""  # a header that breaks the rules of mail


def _body(message: EmailMessage, name: str) -> tuple[str, str]:
    """Give the plain body, else the text of the HTML one."""
    from intendance.intake.pages import from_html

    for wanted in ("plain", "html"):
        try:
            body = message.get_body(preferencelist=(wanted,))
        except (AttributeError, KeyError, ValueError):
            body = None
        payload = _payload(body) if body is not None else b""
        if body is None or not payload.strip():
            continue
        text, encoding = _decoded(payload, body.get_content_charset(), name)
        if wanted == "html":
            text = from_html(text, name).text
        return _QUOTED.sub("", text.replace("\r\n", "\n")), encoding
    return "", "utf-8"


def _decoded(payload: bytes, charset: str | None, name: str) -> tuple[str, str]:
    text = decode_as(payload, charset or "utf-8")
    return (text, charset or "utf-8") if text is not None else decode(payload, name)


def _payload(part: MIMEPart) -> bytes:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, TypeError, AttributeError):
        return b""
    return raw if isinstance(raw, bytes) else b""


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    try:
        for part in message.iter_attachments():
            if isinstance(part, EmailMessage):
                yield part
    except (AttributeError, KeyError, TypeError, ValueError):
        return  # a message of one part has none


def _attached(part: EmailMessage, name: str, opened: Opened, depth: int) -> Iterator[Source]:
    """Read one attachment; a picture or another thing that is no text is left out."""
    if part.get_content_maintype() in {"image", "audio", "video", "font"}:
        return
    try:
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(first, EmailMessage) and depth < MAX_DEPTH:
                yield from from_mail(first.as_bytes(), name, opened, depth + 1)
            return
        payload = _payload(part)
        if payload.strip():
            yield from opened(payload, name)
    except (InputError, RecursionError):
        return
