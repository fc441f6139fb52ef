"""An import, as a job: the file is read and the ledger written out of the request's way."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intendance.app.accounts import papers, trail
from intendance.errors import InputError

if TYPE_CHECKING:
    from intendance.app.web.work import Work

MOST_CELLS = 200


def import_upload(work: Work) -> dict[str, Any]:
    """Import a kept file.

    Arguments: ``blob``, ``name``, ``format``, ``recorded_on``, ``release``, ``language``;
    ``dry_run`` says what would be done; ``accept_good`` takes a sheet's good rows.
    """
    from intendance.exchange.importing import import_file

    given = work.arguments
    path = work.folder / _safe(given["name"])
    path.write_bytes(papers.kept(work.office, given["blob"]))
    work.progress(text=given["name"], share=0.1)
    with work.ledger() as ledger:
        done = import_file(
            ledger,
            given["format"],
            path,
            recorded_on=date.fromisoformat(given["recorded_on"]),
            release=given.get("release", ""),
            dry_run=bool(given.get("dry_run")),
            person=work.person,
            accept_good=bool(given.get("accept_good")),
        )
    work.progress(share=1.0)
    record = done.as_record()
    aside = record["set_aside"]
    assert isinstance(aside, list)
    result = {
        **{key: record[key] for key in ("file", "rows", "entries", "merged", "posted", "dry_run")},
        "withdrawn": record["withdrawn"],
        "set_aside": aside[:MOST_CELLS],
        "set_aside_count": len(aside),
        "notes": record["notes"][:MOST_CELLS] if isinstance(record["notes"], list) else [],
        "format": given["format"],
        "blob": given["blob"],
        "href": f"/imports/{work.id}",
    }
    if given["format"] == "sheet" and aside:
        result["corrected"] = _corrected(work, path, done)
    trail.note(
        work.office, work.person, "", "imported", f"{given['name']} {given['format']} {done.posted}"
    )
    return result


def _corrected(work: Work, path: Path, done: Any) -> str:
    """Keep the sheet with its bad cells marked, and give its name; blank when it cannot be made."""
    from intendance.exchange.sheet import corrected

    try:
        return papers.keep(work.office, corrected(path, done.set_aside, work.arguments["language"]))
    except InputError:
        return ""


def _safe(name: str) -> str:
    """Give a file name that stays in its folder and keeps its ending."""
    stem, _, ending = name.rpartition(".")
    kept = "".join(each if each.isalnum() or each in " -_" else "_" for each in stem)[:80]
    return f"{kept.strip() or 'file'}.{''.join(filter(str.isalnum, ending))[:8] or 'txt'}"
