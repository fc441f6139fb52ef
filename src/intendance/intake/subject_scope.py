"""How far back a subject may be looked for: clauses of their own, places, relative clauses."""

from __future__ import annotations

from typing import Final

from intendance.intake.cues import CueGroup
from intendance.intake.drafts import FrameReader
from intendance.intake.naming import find_party
from intendance.intake.pack import ADVERB, AUX, MODAL, PREP
from intendance.intake.people import Matrix, Speaker

_AFTER: Final = frozenset(
    {"after", "before", "when", "while", "as", "because", "since", "until", "if", "although"}
)
_DEEDS: Final = frozenset(
    {"remarks", "comments", "words", "claims", "charges", "accusations", "decision", "move",
     "remark", "comment", "claim", "charge", "step", "gesture", "statement", "proposal"}
)  # fmt: skip


class SubjectScope(FrameReader):
    """Tells where the words before a cue that may name its subject begin."""

    def _new_subject(self, m: Matrix, floor: int, first: int) -> bool:
        """Tell "said | the woman, named Ela, asked" from "who said he was tired, asked"."""
        comma = next((at for at in range(floor, first) if m.lows[at] == ","), first)
        if comma < first and any(
            self.nouns.relative(m, at) for at in range(max(floor - 6, 0), floor)
        ):
            return False  # "Oslo, which last month declared a halt, welcomed …"
        return comma == first or (
            self.nouns.np_start(m, floor)
            and m.lows[first - 1] == ","
            and not any(
                m.kinds[at] & (AUX | MODAL) or self.pack.tenses.get(m.lows[at]) == "past"
                for at in range(floor, comma)
            )
        )

    def _opens_relative(self, m: Matrix, at: int, first: int) -> bool:
        """Tell "what one mayor called …", "a truck which officials said …"."""
        if m.lows[at] == "what":
            return True
        return m.lows[at] == "which" and (
            self.nouns.np_start(m, at + 1)
            or self.nouns.bare_plural(m, at + 1, first)
            or self.nouns.modified(m, at + 1)
        )

    def _what_was_done(self, m: Matrix, at: int) -> int:
        """Give where ", remarks | his counterpart described as …" has its subject, or 0."""
        place = at + (m.lows[at] in {"a", "an"})
        if place + 2 >= len(m) or m.lows[place] not in _DEEDS:
            return 0
        own = self.nouns.np_start(m, place + 1) or self.nouns.bare_plural(m, place + 1, place + 2)
        told = any(self.pack.tenses.get(low) == "past" for low in m.lows[place + 2 : place + 8])
        return place + 1 if own and told else 0

    def _with_whom(self, m: Matrix, group: CueGroup) -> Speaker | None:
        """Read "…, with Poland's premier hailing "a turning point"": a gerund's own subject."""
        for at in range(group.first - 2, max(group.first - 14, -1), -1):
            if m.lows[at] == "with" and (
                self.nouns.np_start(m, at + 1) or self.nouns.modified(m, at + 1)
            ):
                stop = self.nouns.extent(m, at + 1, group.first)
                return self.nouns.speaker(m, at + 1, stop) if stop == group.first else None
        return None

    def _governor_start(self, m: Matrix, first: int) -> int:
        """Step back over "n'a de cesse d'", "vient de", "a tenu à" to the subject's end."""
        place = first
        while place and (
            self.flags.get(m.lows[place - 1], 0) & (AUX | ADVERB)
            or m.lows[place - 1] in self.cues.governors
            or m.lows[place - 1] in {"de", "d'", "à", "n'", "ne", "se", "s'", "to"}
            or self.flags.get(m.lows[place - 1], 0) & (1 << 17)
        ):
            place -= 1
            if first - place > 8:
                break
        return place

    def _goes_on_place(self, m: Matrix, pieces: list[tuple[int, int]]) -> bool:
        """Tell the country of "a group in Hatay, southern Turkey said" from a subject."""
        first, last = pieces[-1]
        begin, end = pieces[-2]
        if last - first > 2 or end - begin < 3 or not self.nouns.upper(m, last - 1):
            return False
        placed = any(m.kinds[at] & PREP and m.lows[at] != "to" for at in range(end - 3, end - 1))
        return placed and self.nouns.upper(m, end - 1) and self._is_state(m, last - 1)

    def _is_state(self, m: Matrix, at: int) -> bool:
        party = find_party(self.seg.text[m.starts[at] : m.ends[at]])
        return party is not None and party.kind == "state"

    def _behind_after(self, m: Matrix, start: int, stop: int) -> int:
        """Give the subject's place in "three weeks after | the agency declared …"."""
        for at in range(stop - 2, start - 1, -1):
            if m.lows[at] in _AFTER and self.nouns.np_start(m, at + 1):
                whole = self.nouns.extent(m, at + 1, stop, plural=True) == stop
                return at + 1 if whole else start
        return start

    def _behind_question(self, m: Matrix, colon: int) -> int:
        """Give where "Asked where it came from, | he was evasive" has its subject."""
        if not self.english or not m.lows[0].endswith("ed"):
            return 0
        near = range(2, colon - 1)
        return next((at + 1 for at in near if m.lows[at] == "," and self.nouns.np_start(m, at + 1)),
                    0)  # fmt: skip
