"""From bytes to text, and what every reader of a container gives: a source."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from intendance.errors import InputError

MAX_BYTES: Final = 8_000_000
OFF_TOPIC: Final = "no word of aid"


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one document and what its container says about it.

    ``skipped`` says why a container's document was not opened; its text is empty then.
    """

    text: str
    name: str = ""
    kind: str = "text"
    published: date | None = None
    outlet: str | None = None
    title: str | None = None
    encoding: str = "utf-8"
    skipped: str = ""


def decode(data: bytes, name: str = "") -> tuple[str, str]:
    """Give text and encoding: UTF-8, UTF-16 (marked or plain), else Windows-1252 or Latin-1.

    >>> decode("été".encode("cp1252"))
    ('été', 'cp1252')
    >>> decode("été".encode("utf-16"))
    ('été', 'utf-16')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").removeprefix("\ufeff"), "utf-16"
    nulls = data[:4000].count(0)
    if nulls:
        sample = data[:4000]
        marks = (
            (("utf-16-le", 1), ("utf-16-be", 0)) if len(data) >= 8 and len(data) % 2 == 0 else ()
        )
        for encoding, first in marks:
            if (
                sample[first::2].count(0)
                > 0.6 * len(sample) / 2
                > 2 * sample[1 - first :: 2].count(0)
            ):
                text = data.decode(encoding, "replace")
                if sum(each < " " and each not in "\t\n\r" for each in text[:2000]) < 20:
                    return text, encoding
        raise InputError(
            "the file holds NUL bytes: it is not a text",
            where=name,
            next_step="Give text, HTML, PDF, e-mail, RSS or WARC.",
        )
    sample = data[:4000]
    controls = sum(byte < 9 or 13 < byte < 32 or byte == 127 for byte in sample)
    if controls > 0.05 * len(sample):
        raise InputError(
            "the file is binary, not a text",
            where=name,
            next_step="Give text, HTML, PDF, e-mail, RSS or WARC.",
        )
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    # Mostly good UTF-8 with a few broken bytes stays UTF-8; the rest is an 8-bit text.
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(ord(each) > 127 for each in text[:200_000]) - min(broken, 200_000)
    if good > 2 * broken:
        return text, "utf-8 with broken bytes"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


# A page or a mail may name any codec of Python's: those that are no character sets of documents
# (punycode, unicode_escape …) are not used; some of them take seconds for a megabyte.
_CHARSETS: Final = re.compile(
    r"ascii|utf-(?:8|16|32)(?:-[bl]e|-sig)?|iso8859-\d+|cp\d+|koi8-\w|mac-\w+|gb\w+|big5\w*|"
    r"shift_jis\w*|euc_\w+|iso2022_jp"
)


def decode_as(data: bytes, charset: str) -> str | None:
    """Give the text in a named character set; None when it is none, or the bytes are not in it.

    >>> decode_as("été".encode("latin-1"), "ISO-8859-1"), decode_as(b"x", "punycode")
    ('été', None)
    """
    try:
        if not _CHARSETS.fullmatch(codecs.lookup(charset).name.replace("utf_", "utf-")):
            return None
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def day_of(text: str | None) -> date | None:
    """Give the day of an ISO or a mail date; None for something else."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            return parsedate_to_datetime(text).date()
        except (ValueError, TypeError):
            return None
