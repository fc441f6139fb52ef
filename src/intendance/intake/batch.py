"""Batches: one JSON line a document, and shards with a manifest that a re-run continues."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from intendance import __version__
from intendance.errors import InputError
from intendance.intake import documents
from intendance.intake.documents import Source

_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for every document of a batch; ``topics`` False reads every article whole."""

    published: date | None = None
    outlet: str | None = None
    language: str | None = None
    topics: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One file of a batch."""

    path: str
    folder: str
    options: Options


def _silent(sentence: str) -> None:
    """Say nothing."""
    del sentence


@cache
def _prefilter(language: str) -> Any:
    """Build the keyword automaton of a language: its items and unambiguous aid verbs."""
    from ahocorasick_rs import AhoCorasick

    from intendance.intake.pack import load

    pack = load(language)
    words = {
        " ".join(words)
        for group in pack.phrases.values()
        for words, kind, _ in group
        if kind == "items" and len(words[0]) > 3
    }
    words |= {
        form for form, verbs in pack.aid.items() if any(v.strong for v in verbs) and len(form) > 5
    }
    return AhoCorasick(sorted(words))


def concerns_aid(text: str, language: str, least: int = 2) -> bool:
    """Tell whether a text names enough things of aid to be worth reading (a cheap filter)."""
    from intendance.intake.segment import lowered

    return len(_prefilter(language).find_matches_as_indexes(lowered(text))) >= least


def record_of(source: Source, options: Options) -> dict[str, Any]:
    """Read one document of a batch into a JSON object; a refusal is a record with its reason."""
    from intendance.intake import language as languages
    from intendance.intake.reader import read

    name = {"source": source.name, "kind": source.kind, "encoding": source.encoding}
    chosen = options.language or languages.guess(source.text)
    if options.topics and not concerns_aid(source.text, chosen):
        return {**name, "skipped": "no word of aid"}
    try:
        reading = read(
            source.text,
            published=options.published or source.published,
            outlet=options.outlet or source.outlet,
            language=chosen,
        )
    except InputError as error:
        return {**name, "error": error.sentence}
    return {**name, **reading.as_record()}


def files_of(path: Path) -> list[Path]:
    """Give the files of a path in the order of their names; InputError when there are none."""
    if path.is_dir():
        found = sorted(
            each for each in path.rglob("*") if each.is_file() and not each.name.startswith(".")
        )
    else:
        found = [path] if path.is_file() else []
    if not found:
        raise InputError(f"no documents at {path.name}", next_step="Check the path.")
    return found


def lines(
    path: Path, options: Options, *, report: Callable[[str], None] = _silent
) -> Iterator[str]:
    """Give one JSON line a document of a file or folder; a file that fails is one line too."""
    for each in files_of(path):
        yield from _lines_of(each, options, report)


def _lines_of(path: Path, options: Options, report: Callable[[str], None]) -> Iterator[str]:
    try:
        for source in documents.load_all(path):
            yield _line(record_of(source, options))
    except InputError as error:
        report(f"{path.name}: {error.sentence}")
        yield _line({"source": path.name, "error": error.sentence})


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def read_file(task: Task) -> dict[str, Any]:
    """Read one file into its shard and give its manifest line. Runs on any worker.

    The shard is written beside its place and renamed, so a killed worker leaves none; a shard
    whose manifest holds the same input, options and version is not made again.
    """
    path, folder = Path(task.path), Path(task.folder)
    digest = _digest(path)
    wanted = hashlib.sha256(f"{digest}|{task.options}|{__version__}".encode()).hexdigest()
    shard = folder / f"{path.name}.{digest[:16]}.jsonl"
    note = shard.with_suffix(".manifest.json")
    if note.is_file() and shard.is_file():
        known: dict[str, Any] = json.loads(note.read_text("utf-8"))
        if known.get("key") == wanted:
            return known
    counts = {"documents": 0, "errors": 0, "skipped": 0, "statements": 0, "amounts": 0, "words": 0}
    out = hashlib.sha256()
    draft = shard.with_name(f".{shard.name}.{os.getpid()}")
    with draft.open("wb") as stream:
        for line in _lines_of(path, task.options, _silent):
            data = line.encode("utf-8", "surrogatepass") + b"\n"
            stream.write(data)
            out.update(data)
            _count(counts, json.loads(line))
    draft.replace(shard)
    manifest = {
        "file": path.name,
        "sha256": digest,
        "shard": shard.name,
        "shard_sha256": out.hexdigest(),
        "key": wanted,
        "version": __version__,
        **counts,
    }
    small = note.with_name(f".{note.name}.{os.getpid()}")
    small.write_text(json.dumps(manifest, sort_keys=True), "utf-8")
    small.replace(note)
    return manifest


def _count(counts: dict[str, int], record: dict[str, Any]) -> None:
    counts["documents"] += 1
    counts["errors"] += "error" in record
    counts["skipped"] += "skipped" in record
    if "document" in record:
        counts["statements"] += len(record["statements"])
        counts["amounts"] += len(record["amounts"])
        counts["words"] += sum(1 for _ in _WORD.finditer(record["document"]["text"]))


def run_shards(
    files: Sequence[Path],
    folder: Path,
    options: Options,
    *,
    workers: int = 1,
    cluster: str | None = None,
    progress: Callable[[str], None] = _silent,
) -> dict[str, Any]:
    """Read files into shards in a folder: the same bytes inline, on processes, on a cluster.

    Gives totals; ``manifest.jsonl`` holds one line a file, in the order of the files.
    """
    from intendance import engine

    folder.mkdir(parents=True, exist_ok=True)
    tasks = [Task(str(each), str(folder), options) for each in files]
    notes: list[dict[str, Any]] = []
    for number, note in enumerate(
        engine.run(read_file, tasks, workers=workers, cluster=cluster), start=1
    ):
        notes.append(note)
        progress(f"{number}/{len(tasks)} {note['file']}: {note['documents']} documents")
    text = "".join(json.dumps(note, sort_keys=True) + "\n" for note in notes)
    draft = folder / f".manifest.jsonl.{os.getpid()}"
    draft.write_text(text, "utf-8")
    draft.replace(folder / "manifest.jsonl")
    names = ("documents", "errors", "skipped", "statements", "amounts", "words")
    return {"files": len(notes), **{name: sum(note[name] for note in notes) for name in names}}
