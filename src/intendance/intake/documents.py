"""Documents from files: text, HTML, PDF, e-mail, RSS, WARC, folders. Nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from intendance.errors import InputError

MAX_BYTES: Final = 8_000_000
_HTML: Final = re.compile(
    rb"(?is)\A\s*(?:<\?xml[^>]{0,200}>\s*)?"
    rb"<(?:!doctype html|!--|html|head|body|article|div|p)\b"
)
_RSS: Final = re.compile(rb"(?is)<(?:rss|rdf:rdf|feed)\b")
_MAIL: Final = re.compile(
    rb"(?im)^(?:from|subject|date|message-id|mime-version|received|return-path|to): "
)
_CHARSET: Final = re.compile(rb"(?i)charset=[\"']?([\w-]{2,20})")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one document and what its container says about it."""

    text: str
    name: str = ""
    kind: str = "text"
    published: date | None = None
    outlet: str | None = None
    title: str | None = None
    encoding: str = "utf-8"


def load(source: Path | str | bytes) -> Source:
    """Give the text of one document; a container of several gives its first.

    Raises InputError for a missing, empty, binary, encrypted or oversized file.
    """
    first = next(iter(load_all(source)), None)
    if first is None:
        raise InputError("the file holds no document", next_step="Check that it is the right file.")
    return first


def load_all(source: Path | str | bytes) -> Iterator[Source]:
    """Give all documents of a file or folder, in the order of the file (of names in a folder)."""
    if isinstance(source, bytes):
        yield from _from_bytes(source, "")
        return
    path = Path(source)
    if path.is_dir():
        for each in sorted(path.rglob("*")):
            if each.is_file() and not each.name.startswith("."):
                yield from load_all(each)
        return
    if path.name.endswith((".warc", ".warc.gz")):
        yield from _from_warc(path)
        return
    yield from _from_bytes(_bytes_of(path), path.name)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"{path.name} has {size:,} bytes; the limit is {MAX_BYTES:,}",
                next_step="Split it, or pack the articles into a WARC archive.",
                where=path.name,
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"no such file: {path.name}", next_step="Check the path.") from None
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}") from None


def _from_bytes(data: bytes, name: str) -> Iterator[Source]:
    if not data.strip():
        raise InputError("the document is empty", next_step="Check the file.", where=name)
    if len(data) > MAX_BYTES:
        raise InputError(f"the document has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
    suffix = name.rpartition(".")[2].lower()
    if data.startswith(b"%PDF-"):
        yield _from_pdf(data, name)
    elif suffix == "eml" or (suffix != "txt" and len(_MAIL.findall(data[:4000])) >= 3):
        yield _from_mail(data, name)
    elif suffix in {"rss", "atom"} or (data.lstrip()[:1] == b"<" and _RSS.search(data[:2000])):
        yield from _from_feed(data, name)
    elif suffix in {"html", "htm", "xhtml"} or _HTML.match(data[:4000]):
        yield from_html(data, name)
    else:
        text, encoding = decode(data, name)
        yield Source(text, name, "text", encoding=encoding)


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
                return data.decode(encoding, "replace"), encoding
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


def from_html(data: bytes | str, name: str = "") -> Source:
    """Give the article of a page: its text by trafilatura; scripts are never run."""
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    if isinstance(data, bytes):
        match = _CHARSET.search(data[:3000])
        page, encoding = "", "utf-8"
        if match:
            encoding = match.group(1).decode("ascii").lower()
            try:
                page = data.decode(encoding)
            except (LookupError, UnicodeDecodeError):
                page = ""
        if not page:
            page, encoding = decode(data, name)
    else:
        page, encoding = data, "utf-8"
    found: Any = None
    try:
        found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
    except Exception:  # noqa: BLE001 - any fault of the parser means: fall back to plain tags
        found = None
    text = (getattr(found, "text", None) or "") if found is not None else ""
    plain = strip_tags(page)
    # A short page is often taken for boilerplate: then its plain words are better.
    if len(text) < 0.5 * len(plain) and len(plain) < 4000:
        text = plain
    if not text.strip():
        raise InputError("the page holds no text", next_step="Check the page.", where=name)
    title = getattr(found, "title", None) if found is not None else None
    day = _day(getattr(found, "date", None)) if found is not None else None
    outlet = getattr(found, "sitename", None) if found is not None else None
    return Source(text, name, "html", day, outlet, title, encoding)


_BLOCKS: Final = re.compile(
    r"(?i)</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|header|footer|title|blockquote)"
    r"\b[^>]{0,2000}>"
)
_DROP: Final = ("script", "style", "noscript", "template", "svg")


def strip_tags(page: str) -> str:
    """Give the words of an HTML page, one block a line, without scripts and styles.

    >>> strip_tags("<p>Un &amp; deux</p><script>x()</script><p>trois</p>").splitlines()
    ['Un & deux', 'trois']
    """
    import html

    for tag in _DROP:
        page = _drop(page, tag)
    page = _BLOCKS.sub("\n", page)
    page = re.sub(r"<[^<>]{0,5000}>", "", page)
    lines = (" ".join(line.split(" ")).strip() for line in html.unescape(page).splitlines())
    return "\n".join(line for line in lines if line)


def _drop(page: str, tag: str) -> str:
    low, out, at = page.lower(), [], 0
    while True:
        begin = low.find(f"<{tag}", at)
        if begin < 0:
            out.append(page[at:])
            return "".join(out)
        out.append(page[at:begin])
        end = low.find(f"</{tag}", begin)
        close = low.find(">", end) if end >= 0 else -1
        if close < 0:
            return "".join(out)
        at = close + 1


def _from_pdf(data: bytes, name: str) -> Source:
    import io
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(
                "the PDF is encrypted", next_step="Save it without a password.", where=name
            )
        text = "\n\n".join(page.extract_text() for page in reader.pages[:200])
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
        OSError,
        AttributeError,
        IndexError,
    ) as error:
        raise InputError(
            f"the PDF cannot be read ({type(error).__name__})",
            where=name,
            next_step="Open and save it again, or give its text.",
        ) from None
    if not text.strip():
        raise InputError("the PDF holds no text (a scan?)", next_step="Give its text.", where=name)
    return Source(text, name, "pdf")


def _from_mail(data: bytes, name: str) -> Source:
    from email import message_from_bytes, policy
    from email.utils import parseaddr, parsedate_to_datetime

    message = message_from_bytes(data, policy=policy.default)
    try:
        body = message.get_body(preferencelist=("plain", "html"))
    except (AttributeError, KeyError):
        body = None
    raw = body.get_payload(decode=True) if body is not None else b""
    payload = raw if isinstance(raw, bytes) else b""
    if not payload.strip():
        raise InputError("the e-mail holds no text", next_step="Give its text.", where=name)
    charset = body.get_content_charset() if body is not None else None
    try:
        text = payload.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = decode(payload, name)[0]
    if body is not None and body.get_content_type() == "text/html":
        text = from_html(text, name).text
    day = None
    try:
        day = parsedate_to_datetime(str(message["date"])).date() if message["date"] else None
    except (ValueError, TypeError):
        day = None
    sender = parseaddr(str(message["from"] or ""))[0] or None
    return Source(
        text.replace("\r\n", "\n"), name, "mail", day, sender, str(message["subject"] or "") or None
    )


def _from_feed(data: bytes, name: str) -> Iterator[Source]:
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root is None:
        raise InputError("the feed is not XML", next_step="Check the file.", where=name)
    outlet = None
    for element in root.iter():
        tag = _local(element)
        if tag == "title" and outlet is None:
            outlet = (element.text or "").strip() or None
        if tag not in {"item", "entry"}:
            continue
        fields = {_local(child): "".join(child.itertext()) for child in element}
        body = (
            fields.get("encoded")
            or fields.get("content")
            or fields.get("description")
            or fields.get("summary")
            or ""
        )
        title = " ".join(fields.get("title", "").split())
        text = strip_tags(body) if "<" in body else body.strip()
        whole = f"{title}\n{text}".strip()
        if whole:
            when = (
                fields.get("pubDate")
                or fields.get("published")
                or fields.get("updated")
                or fields.get("date")
            )
            yield Source(whole, name, "rss", _day(when), outlet, title or None)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _day(text: str | None) -> date | None:
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


def _from_warc(path: Path) -> Iterator[Source]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    if not path.is_file():
        raise InputError(f"no such file: {path.name}", next_step="Check the path.")
    with path.open("rb") as stream:
        try:
            for record in ArchiveIterator(stream):
                if record.rec_type not in {"response", "resource", "conversion"}:
                    continue
                payload = record.content_stream().read(MAX_BYTES + 1)
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                day = _day(record.rec_headers.get_header("WARC-Date"))
                if not payload.strip() or len(payload) > MAX_BYTES:
                    continue
                try:
                    source = next(iter(_from_bytes(payload, "")), None)
                except InputError:
                    continue
                if source is not None:
                    yield Source(
                        source.text,
                        address,
                        source.kind,
                        source.published or day,
                        source.outlet,
                        source.title,
                        source.encoding,
                    )
        except ArchiveLoadFailed as error:
            raise InputError(
                f"{path.name} is not a WARC archive that can be read: {error}",
                where=path.name,
                next_step="Check the file.",
            ) from None
