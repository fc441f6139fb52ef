"""Why each thing was read: its span, the words around it, and the rule that fired."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from intendance.intake.reading import Reading


@dataclass(frozen=True, slots=True)
class Explanation:
    """One thing that was read, replayed from the text."""

    id: str
    kind: str
    start: int
    end: int
    rule: str
    surface: str
    before: str
    after: str
    fields: tuple[tuple[str, str], ...]

    def as_record(self) -> dict[str, Any]:
        """Give the explanation as a JSON object."""
        return {**asdict(self), "fields": dict(self.fields)}


def explain(reading: Reading, only: str | None = None) -> tuple[Explanation, ...]:
    """Give an explanation of every statement, figure, date and aid event (or of one id)."""
    text = reading.document.text
    found = []
    groups = (
        ("statement", reading.statements), ("amount", reading.amounts),
        ("quantity", reading.quantities), ("date", reading.dates), ("aid", reading.aid),
    )  # fmt: skip
    names = ("speaker", "speaker_name", "cue", "act", "low", "high", "currency", "item", "value",
             "part_of", "status", "donor", "recipient", "confidence")  # fmt: skip
    for kind, things in groups:
        for thing in things:
            if only and thing.id != only:
                continue
            fields = tuple(
                (name, str(value)) for name in names
                if (value := getattr(thing, name, None)) not in (None, "")
            )  # fmt: skip
            before = " ".join(text[max(thing.start - 40, 0) : thing.start].split())
            after = " ".join(text[thing.end : thing.end + 40].split())
            found.append(
                Explanation(thing.id, kind, thing.start, thing.end, thing.rule,
                            text[thing.start : thing.end], before, after, fields)
            )  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.start, each.id)))
