"""Many files on many workers: one shard and one manifest line a file, so that a re-run goes on.

A shard's bytes depend on the file, the options and the reader alone: they are the same inline, on
processes and on a cluster, and the same again when a worker was killed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from intendance import __version__
from intendance.errors import InputError
from intendance.intake.batch import Options, as_line, lines_of, silent
from intendance.intake.echoes import Origins, Prints

_WORD: Final = re.compile(r"\S+")
_COUNTS: Final = ("documents", "errors", "skipped", "statements", "amounts", "proposals", "words")
# What the text of a document depends on besides ourselves.
_READERS: Final = ("lxml", "pypdf", "trafilatura", "warcio")


@dataclass(frozen=True, slots=True)
class Task:
    """One file of a batch, under the name that it has in it."""

    path: str
    name: str
    folder: str
    options: Options
    run: str


@cache
def versions() -> dict[str, str]:
    """Give what the output depends on: our version, a digest of rules and packs, the parsers'."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted((*here.rglob("*.py"), *here.rglob("*.toml"))):
        digest.update(f"{path.relative_to(here).as_posix()}\n".encode() + path.read_bytes())
    found = {"intendance": __version__, "rules": digest.hexdigest()[:16]}
    for name in _READERS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # pragma: no cover - all are requirements
            found[name] = ""
    return found


def read_file(task: Task) -> dict[str, Any]:
    """Read one file into its shard and give its manifest line. Runs on any worker.

    Files are written beside their place and renamed, the manifest's line last, so a killed worker
    leaves none; a shard with the same input, options and versions is not made again.
    """
    path, folder = Path(task.path), Path(task.folder)
    try:
        digest = _digest(path)
    except OSError as error:
        raise InputError(f"{task.name} cannot be read: {error.strerror}") from None
    key = {"input": digest, "options": str(task.options), "versions": versions()}
    wanted = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    stem = f"{task.name.replace('/', '~')[-120:]}.{_short(task.name + digest)}"
    shard, note = folder / f"{stem}.jsonl", folder / f"{stem}.manifest.json"
    prints = folder / f"{stem}.prints"
    known = _finished(note, shard, prints, wanted)
    if known is not None:
        return known
    counts = dict.fromkeys(_COUNTS, 0)
    out = hashlib.sha256()
    draft, small = (_draft(each, task.run) for each in (shard, prints))
    with draft.open("wb") as stream, small.open("w", encoding="utf-8") as marks:
        for number, line in enumerate(lines_of(path, task.name, task.options)):
            data = as_line(line.record).encode("utf-8", "surrogatepass") + b"\n"
            stream.write(data)
            out.update(data)
            _count(counts, line.record)
            if line.prints is not None:
                mark = {"line": number, "source": line.record["source"], **line.prints.as_record()}
                marks.write(json.dumps(mark, sort_keys=True) + "\n")
    draft.replace(shard)
    small.replace(prints)
    manifest = {
        "file": task.name,
        "sha256": digest,
        "shard": shard.name,
        "shard_sha256": out.hexdigest(),
        "key": wanted,
        "versions": versions(),
        **counts,
    }
    last = _draft(note, task.run)
    last.write_text(json.dumps(manifest, sort_keys=True), "utf-8")
    last.replace(note)
    return manifest


def _finished(note: Path, shard: Path, prints: Path, wanted: str) -> dict[str, Any] | None:
    """Give the manifest line of a shard that need not be made again."""
    if not (note.is_file() and prints.is_file() and shard.is_file()):
        return None
    try:
        known: dict[str, Any] = json.loads(note.read_text("utf-8"))
        # Somebody may have touched the shard since: then it is made again.
        whole = known["key"] == wanted and _digest(shard) == known["shard_sha256"]
    except (ValueError, KeyError, TypeError):
        return None
    return known if whole else None


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _draft(path: Path, run: str) -> Path:
    # Two workers on two machines may have one number of process.
    return path.with_name(f".{run}.{uuid4().hex}.draft")


def _count(counts: dict[str, int], record: Mapping[str, Any]) -> None:
    counts["documents"] += 1
    counts["errors"] += "error" in record
    counts["skipped"] += "skipped" in record
    if "document" in record:
        for name in ("statements", "amounts", "proposals"):
            counts[name] += len(record[name])
        counts["words"] += sum(1 for _ in _WORD.finditer(record["document"]["text"]))


def run_shards(
    files: Mapping[str, Path],
    folder: Path,
    options: Options,
    *,
    workers: int = 1,
    cluster: str | None = None,
    progress: Callable[[str], None] = silent,
) -> dict[str, Any]:
    """Read files into shards in a folder: the same bytes inline, on processes, on a cluster.

    ``files`` as ``batch.named_files`` gives them. Gives totals; ``manifest.jsonl`` holds one line
    a file, in the order of the names; ``origins.jsonl`` says which documents are one text.
    A cluster's workers must see both the files and the folder under the same paths.
    """
    from intendance import engine

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder {folder.name} cannot be made: {error.strerror}",
            next_step="Choose another --out.",
        ) from None
    run = uuid4().hex[:12]
    where = str(folder.resolve())
    tasks = [Task(str(path.resolve()), name, where, options, run) for name, path in files.items()]
    notes: list[dict[str, Any]] = []
    try:
        for note in engine.run(read_file, tasks, workers=workers, cluster=cluster):
            notes.append(note)
            progress(f"{len(notes)}/{len(tasks)} {note['file']}: {note['documents']} documents")
        _write(folder / "manifest.jsonl", (json.dumps(each, sort_keys=True) for each in notes), run)
        echoes = _write_origins(folder, notes, run)
    except engine.LostWorkersError as error:
        raise InputError(
            str(error),
            next_step="Run the same command again: finished shards are kept. "
            "If it happens again, a document takes more memory than a worker has.",
        ) from None
    finally:
        for each in folder.glob(f".{run}.*.draft"):
            each.unlink(missing_ok=True)
    totals = {name: sum(note[name] for note in notes) for name in _COUNTS}
    return {"files": len(notes), **totals, "echoes": echoes}


def _write(path: Path, lines: Iterable[str], run: str) -> None:
    draft = _draft(path, run)
    with draft.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    draft.replace(path)


def _write_origins(folder: Path, notes: Iterable[Mapping[str, Any]], run: str) -> int:
    """Write which document of which shard is whose echo; give how many are."""
    origins = Origins()
    places: list[dict[str, Any]] = []
    echoes = 0

    def lines() -> Iterator[str]:
        nonlocal echoes
        for note in notes:
            name = note["shard"]
            marks = (folder / name).with_suffix(".prints").read_text("utf-8")
            for mark in map(json.loads, marks.splitlines()):
                place = {"shard": name, "line": mark["line"], "source": mark["source"]}
                places.append(place)
                first = origins.place(Prints.from_record(mark))
                echoes += first != len(places) - 1
                yield json.dumps({**place, "origin": places[first]}, sort_keys=True)

    _write(folder / "origins.jsonl", lines(), run)
    return echoes
