"""Batches: one JSON line a document, as they come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from intendance.errors import InputError, UsageError
from intendance.intake import documents
from intendance.intake.documents import Source
from intendance.intake.echoes import Origins, Prints, prints_of


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for every document of a batch; ``topics`` False reads every article whole."""

    published: date | None = None
    outlet: str | None = None
    language: str | None = None
    topics: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One document of a batch: its JSON object, and its prints when it was read."""

    record: dict[str, Any]
    prints: Prints | None = None


def silent(sentence: str) -> None:
    """Say nothing."""
    del sentence


def line_of(source: Source, options: Options) -> Line:
    """Read one document of a batch; a refusal is a record with its reason."""
    from intendance.intake import language as languages
    from intendance.intake.prefilter import concerns_aid
    from intendance.intake.reader import read

    name = {"source": source.name, "kind": source.kind, "encoding": source.encoding}
    if source.skipped:
        return Line({**name, "skipped": source.skipped})
    try:
        chosen = options.language or languages.guess(source.text)
        if options.topics and not concerns_aid(source.text, chosen):
            return Line({**name, "skipped": documents.OFF_TOPIC})
        reading = read(
            source.text,
            published=options.published or source.published,
            outlet=options.outlet or source.outlet,
            language=chosen,
        )
    except InputError as error:
        return Line({**name, "error": error.sentence})
    return Line({**name, **reading.as_record()}, prints_of(reading))


def named_files(paths: Iterable[Path]) -> dict[str, Path]:
    """Give the files of paths under the names that they have there, in the order of the names.

    InputError when a path holds none, UsageError when two files would have one name.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for each in files_of(path):
            name = each.relative_to(path).as_posix() if path.is_dir() else each.name
            if found.setdefault(name, each) != each:
                raise UsageError(
                    f"Two files are called {name}.", next_step="Read the folder above them."
                )
    return dict(sorted(found.items()))


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
    path: Path | Iterable[Path], options: Options, *, report: Callable[[str], None] = silent
) -> Iterator[str]:
    """Give one JSON line a document of files and folders; a file that fails is one line too.

    ``number`` counts the lines; ``origin`` is the number of the first one with the same text.
    """
    origins = Origins()
    numbers: list[int] = []
    number = 0
    for name, each in named_files([path] if isinstance(path, Path) else path).items():
        for found in lines_of(each, name, options, report):
            place: dict[str, Any] = {"number": number, "origin": number}
            if found.prints is not None:
                numbers.append(number)
                place["origin"] = numbers[origins.place(found.prints)]
            yield as_line({**found.record, **place})
            number += 1


def lines_of(
    path: Path, name: str, options: Options, report: Callable[[str], None] = silent
) -> Iterator[Line]:
    """Give the documents of one file; one that cannot be opened is a line with its reason."""
    try:
        for source in documents.load_all(path, prefilter=options.topics, language=options.language):
            yield line_of(source, options)
    except InputError as error:
        report(f"{name}: {error.sentence}")
        yield Line({"source": path.name, "error": error.sentence})


def as_line(record: dict[str, Any]) -> str:
    """Give a record as one line of JSON."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True)
