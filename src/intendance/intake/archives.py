"""Archives: WARC, zip and gzip. What they unpack to is bounded; a damaged one is refused."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import IO, Any, Final, cast

from intendance.errors import InputError
from intendance.intake.decoding import MAX_BYTES, OFF_TOPIC, Source, day_of

MAX_MEMBERS: Final = 20_000
_RECORDS: Final = frozenset({"response", "resource", "conversion"})
_KINDS: Final = ("html", "xml", "text/plain", "pdf", "rss", "message/rfc822")
_LENGTH: Final = re.compile(rb"(?im)^content-length:\s*(\d{1,12})\s*$")
Opened = Callable[[bytes, str], Iterator[Source]]
Wanted = Callable[[bytes], bool]


def unpack_gzip(data: bytes, name: str) -> bytes:
    """Give what a gzip file holds, at most MAX_BYTES of it; InputError when it is damaged."""
    out = []
    size = 0
    rest = data
    while rest:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            part = unpacker.decompress(rest, MAX_BYTES + 1 - size)
        except zlib.error:
            raise _damaged(name) from None
        out.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise InputError(
                f"it unpacks to more than {MAX_BYTES:,} bytes",
                next_step="Unpack it, and split what it holds.",
                where=name,
            )
        if not unpacker.eof:
            raise _damaged(name)
        rest = unpacker.unused_data.lstrip(b"\0")
    return b"".join(out)


def from_zip(data: bytes, name: str, opened: Opened) -> Iterator[Source]:
    """Give the documents of a zip archive; a member that cannot be read is told as skipped."""
    import zipfile

    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = [each for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _damaged(name) from None
    names = {each.filename for each in members}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise InputError(
            "this is an office document", where=name, next_step="Save it as PDF or text."
        )
    if len(members) > MAX_MEMBERS:
        raise InputError(f"the archive has more than {MAX_MEMBERS:,} members", where=name)
    for member in members:
        place = f"{name}/{member.filename}"
        base = member.filename.rpartition("/")[2]
        if base.startswith(".") or member.filename.startswith("__MACOSX/"):
            continue
        try:
            yield from opened(_member(archive, member), place)
        except InputError as error:
            yield Source("", place, "zip", skipped=error.sentence)


def _member(archive: Any, member: Any) -> bytes:
    import zipfile

    if member.flag_bits & 1:
        raise InputError("it is encrypted", next_step="Unpack it first.")
    try:
        with archive.open(member) as stream:
            found: bytes = stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise _damaged(member.filename) from None
    if len(found) > MAX_BYTES:
        raise InputError(f"it unpacks to more than {MAX_BYTES:,} bytes")
    return found


def from_warc(stream: IO[bytes], name: str, opened: Opened, wanted: Wanted) -> Iterator[Source]:
    """Give the pages of a WARC archive, named by their addresses, with the archive's day.

    Answers other than 200, and what is no text, are left out; ``wanted`` is asked before a page
    is taken apart. A page that cannot be read is told as skipped.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    class Records(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""  # what it would print

    count = 0
    try:
        for record in Records(_plain(stream)):
            count += 1
            if record.rec_type in _RECORDS and _is_text(record):
                yield from _from_record(record, opened, wanted)
    except (ArchiveLoadFailed, zlib.error, EOFError, OSError, ValueError, IndexError) as error:
        raise InputError(
            f"the WARC archive is damaged after {count} records ({type(error).__name__})",
            where=name,
            next_step="Check the file.",
        ) from None
    if not count:
        raise InputError("the WARC archive holds no record", where=name)


def _plain(stream: IO[bytes]) -> IO[bytes]:
    """Unpack an archive that was packed as a whole; one packed by record stays as it is."""
    import gzip

    begin = stream.read(1 << 16)
    stream.seek(0)
    if not begin.startswith(b"\x1f\x8b"):
        return stream
    try:
        first = zlib.decompressobj(wbits=31).decompress(begin, 1 << 20)
    except zlib.error:
        return stream  # damaged: told when it is read
    head, _, rest = first.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    following = rest[int(length[1]) :].lstrip() if length else b""
    whole = following.startswith(b"WARC/")
    return cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if whole else stream


def _is_text(record: Any) -> bool:
    headers = record.http_headers
    if headers is not None and str(headers.get_statuscode()) != "200":
        return False
    kind = (headers or record.rec_headers).get_header("Content-Type") or ""
    return not kind or any(each in kind.lower() for each in _KINDS)


def _from_record(record: Any, opened: Opened, wanted: Wanted) -> Iterator[Source]:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    day = day_of(record.rec_headers.get_header("WARC-Date"))
    payload = record.content_stream().read(MAX_BYTES + 1)
    if len(payload) <= MAX_BYTES:
        while record.raw_stream.read(1 << 16):
            pass
        if getattr(record.raw_stream, "limit", 0) > 0:
            raise EOFError  # the archive ends before the record does
    if not payload.strip():
        return
    if len(payload) > MAX_BYTES:
        yield Source("", address, "warc", day, skipped=f"more than {MAX_BYTES:,} bytes")
        return
    if not wanted(payload):
        yield Source("", address, "warc", day, skipped=OFF_TOPIC)
        return
    try:
        for source in opened(payload, ""):
            yield replace(source, name=address, published=source.published or day)
    except InputError as error:
        yield Source("", address, "warc", day, skipped=error.sentence)


def _damaged(name: str) -> InputError:
    return InputError("the archive is damaged", where=name, next_step="Fetch it again.")
