"""The ledger's own file: one canonical JSON object a line, with its place, id and hash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intendance.errors import InputError
from intendance.exchange.imported import Imported
from intendance.ledger.chain import OPENING, next_hash
from intendance.ledger.ledger import Ledger, record_of
from intendance.ledger.store import Record
from intendance.model.entry import canonical, entry_from
from intendance.model.finding import Finding, Where


def lines_of(ledger: Ledger) -> Iterator[str]:
    """Give the ledger as lines; the same ledger always gives the same bytes.

    A limited viewer gets no places in the chain. Where entries are withheld the hash of the last
    one of them stands, so that the chain can be followed past them without telling how many.
    """
    limited = not ledger.viewer.sees_everything
    withheld = ""
    for link in ledger.store.links():
        body = json.loads(link.body)
        record = {"body": body, "hash": link.hash, "id": link.id, "seq": link.seq}
        if limited:
            if not ledger.viewer.sees(body.get("marking", "public")):
                withheld = link.hash
                continue
            del record["seq"]
        if withheld:
            yield _gap(withheld)
            withheld = ""
        yield canonical(record).decode() + "\n"
    if withheld:
        yield _gap(withheld)


def _gap(end: str) -> str:
    return canonical({"hash": end, "withheld": True}).decode() + "\n"


def import_jsonl(
    ledger: Ledger, path: Path, *, dry_run: bool = False, person: str = ""
) -> Imported:
    """Take in an export, or entries that somebody wrote by hand (bodies without hash).

    Into an empty ledger an export gives the same root. InputError when a line's hash does not
    fit its content: the file was changed. Lines that are no entries are set aside.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"There is no file {path}.", next_step="Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text.", next_step="Export it again.") from error
    records: list[Record] = []
    aside: list[Finding] = []
    rows = 0
    hashes: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        rows += 1
        try:
            record, claimed = _read(line)
        except (ValueError, TypeError, KeyError, AssertionError, InputError) as error:
            if isinstance(error, InputError) and '"hash"' in line:
                raise InputError(
                    "This line was changed: its id does not fit its content.",
                    where=f"{path.name}:{number}",
                    next_step="Ask for a new export and compare its root with the brief's.",
                ) from error
            where = Where(path.name, number)
            aside.append(Finding("entry", "error", _reason(error), where, line[:60]))
            continue
        records.append(record)
        hashes.append((number, claimed))
    if not rows:
        raise InputError(f"{path.name} holds no lines.", next_step="Export it again.")
    _check_chain(records, hashes, path.name)
    if dry_run:
        head, new = ledger.head(), 0
    else:
        posted = ledger.post_records(records, person=person, action="import jsonl")
        head, new = posted.head, posted.new
    return Imported(
        path.name,
        rows,
        new,
        rows - new - len(aside),
        tuple(aside),
        (),
        new,
        0,
        head.root,
        dry_run,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, InputError):
        return error.sentence
    if isinstance(error, json.JSONDecodeError):
        return "this line is not JSON"
    return "this line is not an entry"


def _read(line: str) -> tuple[Record, str]:
    found: Any = json.loads(line)
    if not isinstance(found, dict):
        raise TypeError(found)
    body = found.get("body", found)
    entry = entry_from({name: value for name, value in body.items() if name != "id"})
    record = record_of(entry)
    written = str(found.get("id", record.id))
    if written != record.id:
        raise InputError("the id does not fit the content: the line was changed")
    # The body as written, not as understood: what a later version adds must keep its bytes.
    return Record(record.id, record.line, canonical(body).decode()), str(found.get("hash", ""))


def _check_chain(records: list[Record], hashes: list[tuple[int, str]], file: str) -> None:
    if not all(claimed for _, claimed in hashes):
        return
    current = OPENING
    for record, (number, claimed) in zip(records, hashes, strict=True):
        current = next_hash(current, record.id, record.body)
        if current != claimed:
            raise InputError(
                "This line does not fit the chain: it or one before it was changed.",
                where=f"{file}:{number}",
                next_step="Ask for a new export and compare its root with the brief's.",
            )
