"""Documents from files: text, HTML, PDF, e-mail, RSS, WARC, zip, folders. Nothing is executed."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from intendance.errors import InputError
from intendance.intake.decoding import MAX_BYTES, OFF_TOPIC, Source, decode

__all__ = ["MAX_BYTES", "OFF_TOPIC", "Source", "decode", "load", "load_all"]

_HTML: Final = re.compile(
    rb"(?is)\A\s*(?:<\?xml[^>]{0,200}>\s*)?"
    rb"<(?:!doctype html|!--|html|head|body|article|div|p)\b"
)
_RSS: Final = re.compile(rb"(?is)<(?:rss|rdf:rdf|feed)\b")
_MAIL: Final = re.compile(
    rb"(?im)^(?:from|subject|date|message-id|mime-version|received|return-path|to): "
)
_SAID: Final = re.compile(r"(?i)(?:encoding|charset)\s*=\s*[\"']?utf-?16[\w-]{0,3}[\"']?")
_GZIP: Final = b"\x1f\x8b"
_MAX_NESTED: Final = 2


def load(source: Path | str | bytes) -> Source:
    """Give the text of one document; a container of several gives its first.

    Raises InputError for a missing, empty, binary, encrypted, damaged or oversized file.
    """
    return _first(load_all(source))


def load_first(source: Path | str | bytes) -> tuple[Source, bool]:
    """Give a file's first document, and whether it holds more of them."""
    found = load_all(source)
    return _first(found), _holds_more(found)


def _first(found: Iterator[Source]) -> Source:
    why = ""
    for first in found:
        if not first.skipped:
            return first
        why = why or f"{first.name}: {first.skipped}"
    raise InputError(
        f"the file holds no document that can be read ({why})"
        if why
        else "the file holds no document",
        next_step="Check that it is the right file.",
    )


def _holds_more(rest: Iterator[Source]) -> bool:
    try:
        return any(not each.skipped for each in rest)
    except InputError:
        return False  # what cannot be read is told when all are asked for


def load_all(
    source: Path | str | bytes, *, prefilter: bool = False, language: str | None = None
) -> Iterator[Source]:
    """Give all documents of a file or folder, in the order of the file (of names in a folder).

    ``prefilter`` leaves pages without words of aid unopened: they come out as skipped.
    """
    wanted = _wanted(language) if prefilter else _all
    if isinstance(source, bytes):
        yield from _opened(source, "", wanted)
        return
    path = Path(source)
    if path.is_dir():
        for each in sorted(path.rglob("*")):
            if each.is_file() and not each.name.startswith("."):
                yield from load_all(each, prefilter=prefilter, language=language)
        return
    if path.name.lower().endswith((".warc", ".warc.gz")):
        yield from _from_archive_file(path, wanted)
        return
    yield from _opened(_bytes_of(path), path.name, wanted)


def _all(data: bytes) -> bool:
    del data
    return True


def _wanted(language: str | None) -> Callable[[bytes], bool]:
    from intendance.intake.prefilter import page_concerns_aid

    return lambda data: data.startswith(b"%PDF-") or page_concerns_aid(data, language)


def _from_archive_file(path: Path, wanted: Callable[[bytes], bool]) -> Iterator[Source]:
    """Read an archive as a stream: it may be larger than memory."""
    from intendance.intake.archives import from_warc

    if not path.is_file():
        raise InputError(f"no such file: {path.name}", next_step="Check the path.")
    with path.open("rb") as stream:
        yield from from_warc(
            stream, path.name, lambda data, name: _opened(data, name, _all, 1), wanted
        )


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


def _opened(
    data: bytes, name: str, wanted: Callable[[bytes], bool], depth: int = 0
) -> Iterator[Source]:
    """Give the documents of some bytes, by what they are and then by what they are called."""
    if not data.strip():
        raise InputError("the document is empty", next_step="Check the file.", where=name)
    if len(data) > MAX_BYTES:
        raise InputError(f"the document has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
    inner = _archived(data, name, wanted, depth)
    if inner is not None:
        yield from inner
        return
    suffix = name.rpartition(".")[2].lower()
    if data.startswith(b"%PDF-"):
        from intendance.intake.portable import from_pdf

        yield from_pdf(data, name)
    elif suffix == "pdf":
        raise InputError(
            "the file is called PDF but is none", where=name, next_step="Fetch it again."
        )
    elif not wanted(data):
        yield Source("", name, "page", skipped=OFF_TOPIC)
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, encoding = decode(data, name)
        # What a page or feed says of its encoding is not true of it any more.
        plain = _SAID.sub("", text.encode("utf-8", "replace").decode(), count=1).encode()
        for source in _read(plain, name, suffix, wanted, depth):
            yield replace(source, encoding=encoding)
    else:
        yield from _read(data, name, suffix, wanted, depth)


def _read(
    data: bytes, name: str, suffix: str, wanted: Callable[[bytes], bool], depth: int
) -> Iterator[Source]:
    """Read mail, a feed, a page or a plain text."""
    if suffix == "eml" or (suffix != "txt" and len(_MAIL.findall(data[:4000])) >= 3):
        from intendance.intake.mail import from_mail

        yield from from_mail(
            data, name, lambda part, place: _opened(part, place, wanted, depth + 1)
        )
    elif suffix in {"rss", "atom"} or (data.lstrip()[:1] == b"<" and _RSS.search(data[:2000])):
        from intendance.intake.feeds import from_feed

        yield from from_feed(data, name)
    elif suffix in {"html", "htm", "xhtml"} or _HTML.match(data[:4000]):
        from intendance.intake.pages import from_html

        yield from_html(data, name)
    else:
        text, encoding = decode(data, name)
        yield Source(text, name, "text", encoding=encoding)


def _archived(
    data: bytes, name: str, wanted: Callable[[bytes], bool], depth: int
) -> Iterator[Source] | None:
    """Give the documents of an archive; None for what is none. Archives nest twice at most."""
    gzipped, zipped = data.startswith(_GZIP), data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if not (gzipped or zipped or data.startswith(b"WARC/")):
        return None
    from intendance.intake import archives

    if depth >= _MAX_NESTED:
        raise InputError("archives stand too deep in one another", where=name)

    def opened(part: bytes, place: str) -> Iterator[Source]:
        return _opened(part, place, wanted, depth + 1)

    if zipped:
        return archives.from_zip(data, name, opened)
    if gzipped:
        data = archives.unpack_gzip(data, name)
        if not data.startswith(b"WARC/"):
            return opened(data, name.removesuffix(".gz"))
    return archives.from_warc(io.BytesIO(data), name, opened, wanted)
