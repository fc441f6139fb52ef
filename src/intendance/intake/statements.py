"""Statements: which words are somebody's, and whose, from quotations and cues.

The order is: quotations and cues of one matrix sentence, then the frames of the cue (quotation
with an inverted cue, clause with "que", colon, request, promise …), then "selon", then floating
quotations. Rules are named in each statement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from intendance.intake.cues import CueFinder, CueGroup
from intendance.intake.pack import (
    ACCORDING,
    ADVERB,
    ATTITUDE,
    AUX,
    DET,
    PREP,
    PRONOUN,
    REL,
    ROLE,
    Pack,
)
from intendance.intake.people import QUOTE, Matrix, Nouns, Speaker
from intendance.intake.segment import Quote, Segmented

_END_MARKS: Final = frozenset({".", "!", "?", "…", ";"})
_CONFIDENCE: Final = {
    "quote-incise": 0.97, "quote-after": 0.95, "clause-incise": 0.93, "that": 0.92, "colon": 0.93,
    "quote-in": 0.9, "request": 0.88, "pledge": 0.88, "deny": 0.85, "noun": 0.75, "adjective": 0.85,
    "according": 0.92, "floating": 0.8, "headline": 0.6, "bare": 0.85, "doubt": 0.7,
    "inside": 0.93, "name-after": 0.75, "gerund": 0.85,
}  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A statement while it is being read; offsets are characters."""

    start: int
    end: int
    rule: str
    act: str
    sentence: int
    cue: tuple[int, int] | None = None
    speaker: Speaker | None = None
    parts: list[tuple[int, int]] = field(default_factory=list)
    rest: tuple[int, int] | None = None  # the words of the frame after cue and speaker
    same_as_before: bool = False

    @property
    def confidence(self) -> float:
        """Give the rule's confidence (the docs' reliability table is measured on it)."""
        return _CONFIDENCE.get(self.rule.partition(":")[0], 0.7)


class StatementReader:
    """Finds the statements of one matrix sentence at a time."""

    def __init__(self, seg: Segmented, pack: Pack, nouns: Nouns) -> None:
        self.seg, self.pack, self.nouns = seg, pack, nouns
        self.flags = pack.flags
        self.cues = CueFinder(pack)
        self.that = frozenset(pack.raw.get("that", ()))
        words = pack.raw.get("words", {})
        self.de_words = frozenset(words.get("request_of", ()))
        self.infinitives = tuple(words.get("infinitive_endings", ()))
        self.comparators = frozenset(words.get("comparators", ()))
        self.not_according = frozenset(words.get("not_according", ()))
        self.english = self.nouns.english
        self.verb_endings = tuple(words.get("future_endings", ())) + tuple(
            words.get("past_endings", ())
        ) or ("\0",)
        self.direct_object = frozenset(words.get("direct_object", ()))
        self.attitudes = frozenset(pack.raw.get("attitudes", ()))
        self.hesitant = frozenset(pack.raw.get("hesitant", ()))
        self.ready = frozenset(pack.raw.get("ready", ()))
        self.noun_only = frozenset(words.get("bare_lemmas", ()))

    # ---- entry -------------------------------------------------------------------------------

    def read(self, m: Matrix, index: int) -> list[Draft]:
        """Give the statements of a sentence, in the order of their cues."""
        if not len(m):
            return []
        groups = self.cues.find(m)
        drafts: list[Draft] = []
        used: set[int] = set()
        for number, group in enumerate(groups):
            limit = self._limit(m, groups, number)
            draft = self._frame(m, index, group, groups[:number], drafts, limit, used)
            if draft is not None:
                drafts.append(draft)
        drafts = self._according(m, index, drafts)
        if not drafts:
            drafts = self._without_cue(m, index)
        for draft in drafts:
            for at, quote in enumerate(m.quotes):
                if quote and draft.start < quote.end and quote.start < draft.end:
                    used.add(at)
        return drafts

    def _limit(self, m: Matrix, groups: list[CueGroup], number: int) -> int:
        """Give the matrix word where the complement of a cue must end: a coordinated cue."""
        for group in groups[number + 1 :]:
            before = m.lows[group.first - 1] if group.first else ""
            if group.joined or (
                before in {"et", "and"} and group.tense in ("pres", "past", "part", "fut")
            ):
                return max(group.first - 1, 0) if before in {"et", "and", ","} else group.first
            if group.tense == "ger" and before == ",":
                return group.first - 1
            if before == "," and (group.pronoun is not None or self._opens_incise(m, group)):
                return group.first - 1
        return self._sentence_end(m)

    def _opens_incise(self, m: Matrix, group: CueGroup) -> bool:
        """Tell whether a noun group follows the cue directly: ", a annoncé le ministre"."""
        if self.english or not any(each.frame == "say" for each in group.readings):
            return False
        place = self.nouns.skip_fillers(m, group.last, len(m))
        return place < len(m) and self.nouns.np_start(m, place)

    def _sentence_end(self, m: Matrix) -> int:
        end = len(m)
        while end and m.lows[end - 1] in _END_MARKS:
            end -= 1
        return end

    # ---- frames ------------------------------------------------------------------------------

    def _frame(
        self, m: Matrix, index: int, group: CueGroup, earlier: list[CueGroup],
        drafts: list[Draft], limit: int, used: set[int],
    ) -> Draft | None:  # fmt: skip
        frames = {each.frame for each in group.readings}
        draft = None
        if frames & {"say", "incise", "noun", "reflexive", "request", "pledge", "deny", "told"}:
            draft = self._incise(m, index, group, drafts)
            if draft is not None:
                return draft
        subject = self._subject(m, group, earlier, drafts)
        if "adj" in frames:
            draft = self._adjective(m, index, group, limit)
        if draft is None and frames & {"request", "pledge"}:
            draft = self._request(m, index, group, limit)
        if draft is None:
            draft = self._complement(m, index, group, limit, frames)
        if draft is None:
            return None
        draft.speaker = subject
        draft.cue = (m.starts[group.first], m.ends[group.last - 1])
        if subject is None and not (group.joined or group.tense == "ger"):
            if draft.rule.startswith(("noun", "quote-in")) or self.english:
                return None
        draft.same_as_before = subject is None
        return draft

    def _make(
        self, m: Matrix, index: int, first: int, last: int, rule: str, act: str
    ) -> Draft | None:
        while first < last and m.lows[first] in {",", ":", "–", "—"}:
            first += 1
        while last > first and m.lows[last - 1] in {",", ":", "–", "—", ";", "."}:
            last -= 1
        if first >= last:
            return None
        return Draft(m.starts[first], m.ends[last - 1], rule, act, index)

    def _act(self, group: CueGroup, frames: tuple[str, ...] = ()) -> str:
        order = [each for each in group.readings if each.frame in frames] or group.readings
        return order[0].act

    # -- content first: « … », a déclaré X / "…," X said / clause, a indiqué X

    def _incise(self, m: Matrix, index: int, group: CueGroup, drafts: list[Draft]) -> Draft | None:
        lows, first = m.lows, group.first
        comma = first - 1
        if first == 0:
            return None
        direct = lows[comma] in {",", QUOTE, "–", "—", "-"} or lows[comma] in {"!", "?"}
        if direct:
            closes = lows[comma] == QUOTE or (comma and lows[comma - 1] == QUOTE)
            clause_cue = any(each.frame in ("say", "told") for each in group.readings)
            if self.english and not closes:
                clause_cue = clause_cue and self._whole_clause(m, comma)
            if not closes and not clause_cue and group.pronoun is None:
                return None
            return self._inverted(m, index, group, comma, closes)
        # "…," the minister said.  Subject between the quotation and the cue.
        return self._subject_between(m, index, group, drafts)

    def _inverted(
        self, m: Matrix, index: int, group: CueGroup, comma: int, closes: bool
    ) -> Draft | None:
        lows, end = m.lows, self._sentence_end(m)
        last = group.last
        speaker: Speaker | None = None
        if group.pronoun is not None:
            speaker = self._clitic(m, group.pronoun)
        else:
            following = lows[last] if last < len(m) else "."
            if following in self.that or following == ":":
                return None
            place = self.nouns.skip_fillers(m, last, len(m))
            if place >= len(m) or not self.nouns.np_start(m, place):
                return None
            if self.flags.get(lows[place], 0) & PRONOUN and not self.english:
                return None
            plural = lows[group.first] in {"ont", "sont"} or lows[group.verb].endswith("ent")
            stop = self.nouns.extent(m, place, len(m), plural=plural)
            if self._has_verb_after(m, place, stop):
                return None
            if self.english and not closes and stop < len(m) and lows[stop] not in _END_MARKS | {","}:
                return None
            speaker = self._with_apposition(m, place, stop)
            last = stop
            if speaker is None:
                return None
        content_last = comma if lows[comma] != QUOTE else comma + 1
        if lows[comma] in {"!", "?"}:
            content_last = comma + 1
        draft = self._content_before(m, index, content_last, closes)
        if draft is None:
            return None
        draft.act = self._act(group)
        draft.speaker = speaker
        draft.cue = self._cue_span(m, group)
        self._interrupted(m, draft, last, end, closes)
        draft.rest = (m.ends[last - 1], m.ends[len(m) - 1])
        return draft

    def _has_verb_after(self, m: Matrix, place: int, stop: int) -> bool:
        """Tell "…, annonce le ministre" from "…, annonce le ministre est venu" (no incise)."""
        return stop < len(m) and bool(self.flags.get(m.lows[stop], 0) & AUX) and not self.english

    def _cue_span(self, m: Matrix, group: CueGroup) -> tuple[int, int]:
        return m.starts[group.first], m.ends[max(group.last, (group.pronoun or 0) + 1) - 1]

    def _clitic(self, m: Matrix, at: int) -> Speaker:
        surface = m.lows[at].split("-")[-1]
        end = m.ends[at]
        gender = {"il": "m", "elle": "f", "ils": "m", "elles": "f"}.get(surface)
        return Speaker(end - len(surface), end, surface, None, None, gender, pronoun=True)

    def _content_before(self, m: Matrix, index: int, last: int, closes: bool) -> Draft | None:
        lows = m.lows
        begin = 0
        while begin < last and lows[begin] in {",", "–", "—", "-", "•", "*"}:
            begin += 1
        quotes = [at for at in range(begin, last) if m.quotes[at]]
        if closes and quotes:
            at = quotes[0]
            if at - begin <= 2 and all(
                lows[k] in {"mais", "et", "but", "and", "or", "car", ",", ":", "oui", "–"}
                for k in range(begin, at)
            ):
                begin = at
            if begin == at:
                only = all(lows[k] in {",", "et", "and", QUOTE} for k in range(begin, last))
                return self._make(m, index, begin, last, "quote-incise", "declare") if only else (
                    self._make(m, index, begin, last, "clause-incise", "declare"))  # fmt: skip
            # An earlier clause may end at a colon: X : « … », a dit Y.
            return self._make(m, index, begin, last, "clause-incise", "declare")
        if last - begin < 2:
            return None
        return self._make(m, index, begin, last, "clause-incise", "declare")

    def _interrupted(self, m: Matrix, draft: Draft, last: int, end: int, closes: bool) -> None:
        """Join what follows after the cue and its speaker to the same statement."""
        lows = m.lows
        at = last
        if at < end and lows[at] == "," and at + 1 < end and m.quotes[at + 1]:
            part = m.quotes[at + 1]
            if closes and part:
                draft.parts = [(draft.start, draft.end), (part.start, part.end)]
                draft.end = part.end
            return
        if closes or at >= end or lows[at] != ",":
            return
        # "Les stocks, a indiqué le ministre, sont épuisés": the clause goes on.
        following = lows[at + 1] if at + 1 < end else ""
        flag = self.flags.get(following, 0)
        adverbial = flag & PREP or following in self.that or following[-3:] == "ant"
        if adverbial or self.nouns.is_date(m, min(at + 1, len(m) - 1)) or flag & (ROLE | REL):
            return
        if not self._clause_was_open(m, draft, following):
            return
        part_start, part_end = m.starts[at + 1], m.ends[end - 1]
        draft.parts = [(draft.start, draft.end), (part_start, part_end)]
        draft.end = part_end

    def _clause_was_open(self, m: Matrix, draft: Draft, following: str) -> bool:
        """Tell whether the words before the incise lack a verb, which then follows."""
        if self.flags.get(following, 0) & AUX or following in self.pack.tenses:
            return True
        if following in {"n'", "ne", "will", "would", "must", "y", "se", "s'", "has", "have"}:
            return True
        for at in range(len(m)):
            if m.starts[at] < draft.start or m.ends[at] > draft.end:
                continue
            if self._is_verb(m.lows[at]):
                return False
        return self._is_verb(following)

    def _is_verb(self, low: str) -> bool:
        if self.flags.get(low, 0) & AUX or self.pack.tenses.get(low) in {
            "pres",
            "past",
            "fut",
            "cond",
        }:
            return True
        return len(low) > 4 and low.endswith(self.verb_endings)

    def _subject_between(
        self, m: Matrix, index: int, group: CueGroup, drafts: list[Draft]
    ) -> Draft | None:
        """Read "…", X said / clause, X said: the subject stands between content and cue."""
        lows, first = m.lows, group.first
        after = lows[group.last] if group.last < len(m) else "."
        # Nothing may follow that could be a complement of the cue.
        place = group.last
        if after in self.that or after in {":"}:
            return None
        if place < len(m) and m.quotes[place]:
            return None
        if place < len(m):
            place = self.nouns.skip_fillers(m, place, len(m))
        closing = (
            place >= len(m)
            or lows[place] in _END_MARKS | {",", QUOTE, "–", "—"}
            or (self.flags.get(lows[place], 0) & PREP)
        )
        told = any(each.frame == "told" for each in group.readings)
        found = self._between_start(m, first)
        if found is None:
            return None
        comma, closes = found
        if not any(each.frame in ("say", "told", "incise") for each in group.readings):
            return None
        if not closes and after in {"of", "to", "for", "from", "by", "with", "as", "about"}:
            return None
        if not (closing or (told and closes)):
            return None
        if not self.english and not closes:
            return None
        speaker = self.nouns.speaker(m, comma + 1, first)
        if speaker is None:
            return None
        draft = self._content_before(m, index, comma + 1 if m.quotes[comma] else comma, closes)
        if draft is None:
            return None
        draft.rule = "quote-after" if closes else "clause-incise"
        draft.act, draft.speaker = self._act(group), speaker
        draft.cue = self._cue_span(m, group)
        draft.rest = (m.ends[group.last - 1], m.ends[len(m) - 1])
        stop = group.last
        if told:
            stop = place
        self._join_later_quote(m, draft, stop, closes)
        return draft

    def _between_start(self, m: Matrix, first: int) -> tuple[int, bool] | None:
        """Find where the content ends and the subject begins: (mark, whether a quotation ends).

        An apposition may stand in the subject: "…," its prime minister, Donald Tusk, has said.
        """
        lows, tried, best = m.lows, 0, None
        for comma in range(first - 1, max(first - 24, -1), -1):
            if lows[comma] in _END_MARKS | {":"}:
                break
            quoted = m.quotes[comma] is not None
            if not quoted and lows[comma] != ",":
                continue
            tried += 1
            closes = quoted or bool(comma and m.quotes[comma - 1])
            begin = comma + 1
            if begin < first and self.nouns.np_start(m, begin):
                if closes:
                    return comma, True
                if self._whole_clause(m, comma) and best is None:
                    head = self._np_in(m, begin, first if lows[first - 1] != "," else first - 1)
                    if head and (head.name or head.role or head.pronoun or self.english):
                        best = (comma, False)
            if quoted or tried > 3:
                break
        return best

    def _whole_clause(self, m: Matrix, comma: int) -> bool:
        """Tell whether a clause with a verb of its own stands before the comma."""
        for at in range(comma):
            low = m.lows[at]
            if self.flags.get(low, 0) & AUX or low in self.pack.tenses or low.endswith("ed"):
                return comma >= 3
        return False

    def _join_later_quote(self, m: Matrix, draft: Draft, last: int, closes: bool) -> None:
        lows = m.lows
        for at in range(last, min(last + 14, len(m))):
            if lows[at] in {".", ";", "!", "?"}:
                return
            part = m.quotes[at]
            if part and closes and at and lows[at - 1] in {",", ":"}:
                if lows[at - 1] == ",":
                    draft.parts = [(draft.start, draft.end), (part.start, part.end)]
                    draft.end = part.end
                return

    # -- cue first: X a dit que … / X said that … / X : « … »

    def _complement(
        self, m: Matrix, index: int, group: CueGroup, limit: int, frames: set[str]
    ) -> Draft | None:
        lows = m.lows
        stop = max(min(limit, self._sentence_end(m)), group.last)
        at = group.last
        clause = bool(frames & {"say", "reflexive", "deny", "request", "pledge", "told", "doubt"})
        seen = 0
        while at < stop and seen < 16:
            low = lows[at]
            if low == ":":
                return self._make(m, index, at + 1, stop, "colon", self._act(group))
            if m.quotes[at]:
                return self._quoted(m, index, group, at, stop, clause)
            if low in self.that and clause and not self._compares(m, at):
                rule = "that" if group.tense != "ger" else "gerund"
                if frames & {"deny"}:
                    rule = "deny"
                return self._make(m, index, at, self._cut(m, at, stop), rule, self._act(group))
            if low in {",", ";", "."} and seen > 6 or low == ";":
                break
            if seen and self.flags.get(low, 0) & AUX and not self.english:
                break
            at += 1
            seen += 1
        return self._bare(m, index, group, stop, frames)

    def _compares(self, m: Matrix, at: int) -> bool:
        """Tell "plus … que", "aussi … que" from the "que" of a clause."""
        return any(low in self.comparators for low in m.lows[max(at - 2, 0) : at])

    def _cut(self, m: Matrix, first: int, stop: int) -> int:
        """End a clause before ", selon X" and ", a-t-il ajouté"."""
        for at in range(first + 2, stop):
            if m.lows[at - 1] == "," and self.flags.get(m.lows[at], 0) & ACCORDING:
                if self.pack.match(m.lows, at, "according", stop):
                    return at - 1
        return stop

    def _quoted(
        self, m: Matrix, index: int, group: CueGroup, at: int, stop: int, clause: bool
    ) -> Draft | None:
        """Read a cue with a (partial) quotation after it."""
        quote = m.quotes[at]
        assert quote is not None
        words = self.seg.text[quote.start : quote.end].count(" ") + 1
        gap = at - group.last
        if gap == 0 or (gap <= 2 and m.lows[at - 1] in {",", ":"}):
            first = at
        else:
            first = self.nouns.skip_fillers(m, group.last, at)
            if self.english and any(each.frame == "told" for each in group.readings):
                first = at
            if not clause and words < 2:
                return None
        whole = quote.closed and words >= 6 and first == at
        last = at + 1 if whole and not self._goes_on(m, at + 1, stop) else self._cut(m, at, stop)
        rule = "quote-in"
        return self._make(m, index, first, last, rule, self._act(group))

    def _goes_on(self, m: Matrix, at: int, stop: int) -> bool:
        return at < stop and m.lows[at] not in {",", ";", "."}

    def _bare(
        self, m: Matrix, index: int, group: CueGroup, stop: int, frames: set[str]
    ) -> Draft | None:
        """Read "X said prices rose" (no "that") and "X a annoncé l'envoi de …" (a noun)."""
        lows, at = m.lows, group.last
        if "told" in frames and self.english:
            at = self._addressee(m, at, stop)
        at = self._skip_dates(m, at, stop)
        if at >= stop:
            return None
        low = lows[at]
        flag = self.flags.get(low, 0)
        say = (
            self.english
            and frames & {"say", "told"}
            and group.readings[0].lemma not in self.noun_only
        )
        if say and "told" not in frames:
            plain = group.readings[0].lemma in {"say", "add"} or not flag & PREP
            place = self.nouns.skip_fillers(m, at, stop) if flag & PREP else at
            if not plain:
                return None
            if stop - place >= 2 and lows[place] not in {",", "."}:
                return self._make(m, index, at, self._cut(m, at, stop), "bare", self._act(group))
        if (
            say
            and "told" in frames
            and stop - at >= 3
            and (flag & (DET | PRONOUN) or self.nouns.upper(m, at))
        ):
            return self._make(m, index, at, self._cut(m, at, stop), "bare", self._act(group))
        if frames & {"noun"} and (
            flag & DET
            or low[0].isdigit()
            or low in {"un", "une"}
            or self.english
            and low[0].isalpha()
        ):
            if group.tense in ("ger",) and flag & DET == 0:
                return None
            nominal = [each for each in group.readings if each.frame == "noun"]
            if stop - at >= 2:
                return self._make(m, index, at, self._cut(m, at, stop), "noun", nominal[0].act)
        if frames & {"deny"} and self._infinitive_near(m, at, min(at + 5, stop)) is not None:
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        if frames & {"deny"} and flag & DET and stop - at >= 2:
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        infinitive = (
            not self.english
            and frames & {"say"}
            and (
                low in {"vouloir", "avoir", "être", "avoir", "ne", "n'", "pouvoir", "s'attendre"}
                or low.endswith(("er", "oir"))
                and flag & (AUX) == 0
                and low in self.pack.tenses
            )
        )
        if infinitive and stop - at >= 2:
            return self._make(
                m, index, at, self._cut(m, at, stop), "that:infinitive", self._act(group)
            )
        return None

    def _addressee(self, m: Matrix, at: int, stop: int) -> int:
        """Pass the person who is told: "told reporters", "told the BBC"."""
        place = at
        while place < stop and place - at < 6:
            low = m.lows[place]
            flag = self.flags.get(low, 0)
            if flag & PRONOUN and place > at:
                break
            if flag & DET and place > at:
                break
            if low in {",", ":"} or low in self.that or flag & (AUX | PREP):
                break
            place += 1
            if place - at >= 1 and not flag & DET and not self.nouns.upper(m, place - 1):
                break
        return place

    def _skip_dates(self, m: Matrix, at: int, stop: int) -> int:
        while at < stop and (
            self.nouns.is_date(m, at)
            or (self.flags.get(m.lows[at], 0) & ADVERB and not self.flags.get(m.lows[at], 0) & DET)
            or m.lows[at] == "on"
            and at + 1 < stop
            and self.nouns.is_date(m, at + 1)
        ):
            at += 1
        return at

    # -- requests and promises

    def _is_infinitive(self, m: Matrix, at: int) -> bool:
        low = m.lows[at]
        tense = self.pack.tenses.get(low)
        if tense:
            return tense == "inf" or low.endswith(("er", "oir"))
        return low.endswith(self.infinitives) and len(low) > 3 and not self.nouns.upper(m, at)

    def _infinitive_near(self, m: Matrix, at: int, stop: int) -> int | None:
        for place in range(at, stop):
            if m.lows[place] in {"à", "de", "d'", "to"}:
                after = place + 1
                while (
                    after < stop + 2
                    and after < len(m)
                    and m.lows[after]
                    in {
                        "ne",
                        "n'",
                        "pas",
                        "y",
                        "s'",
                        "se",
                        "l'",
                        "en",
                        "leur",
                        "lui",
                        "les",
                        "not",
                        "rapidement",
                        "davantage",
                        "immediately",
                        "urgently",
                        "le",
                        "la",
                        "plus",
                    }
                ):
                    after += 1
                if after < len(m) and (self.english or self._is_infinitive(m, after)):
                    if self.english and self.flags.get(m.lows[after], 0) & (DET | PRONOUN):
                        continue
                    if self.english and self.nouns.upper(m, after):
                        continue
                    return place
        return None

    def _request(self, m: Matrix, index: int, group: CueGroup, limit: int) -> Draft | None:
        lows = m.lows
        stop = max(min(limit, self._sentence_end(m)), group.last)
        if group.last >= stop:
            return None
        chosen = next(each for each in group.readings if each.frame in ("request", "pledge"))
        rule, act = chosen.frame, chosen.act
        at = group.last
        for place in range(at, min(at + 12, stop)):
            if lows[place] in self.that and not self._compares(m, place):
                return self._make(m, index, place, self._cut(m, place, stop), rule, act)
            if m.quotes[place] or lows[place] == ":":
                return self._make(m, index, place, self._cut(m, place, stop), rule, act)
            if lows[place] in {",", ";"} and place > at + 1:
                break
        at = self._skip_dates(m, at, stop)
        thing = (
            at < stop
            and chosen.lemma in self.direct_object
            and (
                self.flags.get(lows[at], 0) & DET
                or lows[at][0].isdigit()
                or lows[at] in {"plus", "davantage"}
            )
        )
        stop = self._before_but(m, at, stop)
        found = None if thing else self._infinitive_near(m, at, min(at + 22, stop))
        if found is not None:
            return self._make(m, index, found, self._cut(m, found, stop), rule, act)
        at = self._skip_dates(m, at, stop)
        if at >= stop:
            return None
        low = lows[at]
        flag = self.flags.get(low, 0)
        if self.english:
            if (
                rule == "request"
                and low not in {"for", "on"}
                and chosen.lemma in {"call", "appeal", "push", "ask", "plead"}
            ):
                return None
            if flag & (DET | PRONOUN | ADVERB) or low in {"for", "more", "on"} or low[0].isalnum():
                return self._make(m, index, at, self._cut(m, at, stop), rule, act)
            return None
        opens = flag & DET or low in {"à", "de", "d'", "plus", "davantage"} or low[0].isdigit()
        if opens and stop - at >= 2:
            if chosen.lemma in {"appeler"} and low not in {"à", "au", "aux"}:
                return None
            return self._make(m, index, at, self._cut(m, at, stop), rule, act)
        return None

    def _before_but(self, m: Matrix, at: int, stop: int) -> int:
        """End what is asked before ", mais …" and ", tandis que …"."""
        for place in range(at + 1, stop - 1):
            if m.lows[place] == "," and m.lows[place + 1] in {
                "mais",
                "but",
                "tandis",
                "alors",
                "while",
                "aber",
            }:
                return place
        return stop

    # -- se dire confiant

    def _adjective(self, m: Matrix, index: int, group: CueGroup, limit: int) -> Draft | None:
        stop = max(min(limit, self._sentence_end(m)), group.last)
        at = self._skip_dates(m, group.last, stop)
        if at >= stop:
            return None
        place = at
        while place < stop and place - at < 3 and self.flags.get(m.lows[place], 0) & ADVERB:
            place += 1
        low = m.lows[place] if place < stop else ""
        if low == QUOTE:
            quote = m.quotes[place]
            assert quote is not None
            inner = self.seg.low_text[quote.start + 1 : quote.end - 1].split()
            low = inner[0].strip("«»“” ") if inner else ""
        if not (m.quotes[place] if place < len(m) else None) and (
            low in self.that or low in {":", ","} or self.flags.get(low, 0) & DET
        ):
            return None
        act = "hesitate" if low in self.hesitant else "pledge" if low in self.ready else "declare"
        return self._make(m, index, at, self._cut(m, at, stop), "adjective", act)

    # ---- subjects before the cue -------------------------------------------------------------

    def _subject(
        self, m: Matrix, group: CueGroup, earlier: list[CueGroup], drafts: list[Draft]
    ) -> Speaker | None:
        lows, first = m.lows, group.first
        if group.pronoun is not None:
            return self._clitic(m, group.pronoun)
        if group.joined or group.tense == "ger":
            return None
        if group.tense == "inf":
            first = self._governor_start(m, first)
        begin = 0
        for at in range(first - 1, -1, -1):
            low = lows[at]
            if (
                low in {";", ":", QUOTE, "–", "—", "(", "!", "?"}
                or low in self.that
                and at < first - 1
            ):
                begin = at + 1
                break
            if low == "." and at + 1 < first and at and len(lows[at - 1]) > 3:
                begin = at + 1
                break
        if first > begin and lows[first - 1] in {"et", "and", "puis", "but", "mais"}:
            return None
        relative = first - 1
        while relative > begin and self.flags.get(lows[relative], 0) & ADVERB:
            relative -= 1
        if relative >= begin and (
            self.flags.get(lows[relative], 0) & REL or lows[relative] == "who"
        ):
            return self._antecedent(m, relative, begin)
        return self._chunks(m, begin, first)

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

    def _antecedent(self, m: Matrix, relative: int, floor: int) -> Speaker | None:
        last = relative
        while last > floor and m.lows[last - 1] == ",":
            last -= 1
        start = last - 1
        while start > floor:
            low = m.lows[start - 1]
            flag = self.flags.get(low, 0)
            if (
                low in {",", QUOTE}
                or flag & AUX
                or (
                    flag & PREP
                    and low not in self.nouns.of_words
                    and low not in {"à", "aux", "of", "for"}
                )
            ):
                break
            start -= 1
        while start < last and not self.nouns.np_start(m, start):
            start += 1
        return self.nouns.speaker(m, start, last)

    def _chunks(self, m: Matrix, begin: int, first: int) -> Speaker | None:
        """Find the subject among the comma-separated pieces before the cue."""
        lows = m.lows
        pieces: list[tuple[int, int]] = []
        at = begin
        for place in range(begin, first + 1):
            if place == first or lows[place] == ",":
                if place > at:
                    pieces.append((at, place))
                at = place + 1
        if not pieces:
            return None
        closes = lows[first - 1] == ","
        if not closes or len(pieces) == 1:
            found = self._np_in(m, *pieces[-1])
            if found is None and len(pieces) > 1:
                found = self._np_in(m, *pieces[-2])
            return found
        inner = pieces[-1]
        for piece in reversed(pieces[:-1]):
            begin_np = self._np_bounds(m, *piece)
            if begin_np is None:
                continue
            start, end = begin_np
            if end < piece[1]:
                continue
            head = self.nouns.speaker(m, start, end)
            if head is None or head.pronoun:
                return head
            appositive = self.nouns.np_start(m, inner[0]) and not self.nouns.is_date(m, inner[0])
            if appositive and not self.flags.get(lows[inner[0]], 0) & (REL | PRONOUN):
                other = self.nouns.speaker(m, inner[0], inner[1])
                if other and (other.name or other.role):
                    whole = self.seg.text[m.starts[start] : m.ends[inner[1] - 1]]
                    return Speaker(
                        m.starts[start], m.ends[inner[1] - 1], whole, head.name or other.name,
                        head.role or other.role, head.gender or other.gender,
                    )  # fmt: skip
            return head
        return self._np_in(m, *inner)

    def _np_bounds(self, m: Matrix, begin: int, end: int) -> tuple[int, int] | None:
        place = begin
        while place < end and m.lows[place] in {
            "et",
            "mais",
            "and",
            "but",
            "puis",
            "car",
            "or",
            "while",
            "as",
            "meanwhile",
            "si",
        }:
            place += 1
        if place < end and not self.nouns.np_start(m, place):
            place = self.nouns.skip_fillers(m, place, end)
        if place >= end or not self.nouns.np_start(m, place):
            return None
        while end > place and (
            self.nouns.is_date(m, end - 1)
            or self.flags.get(m.lows[end - 1], 0) & (ADVERB | AUX)
            and not self.nouns.upper(m, end - 1)
            or m.lows[end - 1] in {"s'", "se", "n'", "ne", "y", "l'", "lui", "leur", "on"}
            and end - 1 > place
        ):
            end -= 1
        return (place, end) if place < end else None

    def _np_in(self, m: Matrix, begin: int, end: int) -> Speaker | None:
        bounds = self._np_bounds(m, begin, end)
        if bounds is None:
            return None
        start, stop = bounds
        cut = self.nouns.extent(m, start, stop, plural=True)
        if cut < stop and stop - start > 3 and not self.english:
            # Words remain between the noun group and the cue: a relative clause or a place.
            low = m.lows[cut]
            if self.flags.get(low, 0) & (PREP | REL) or low in {"qui"}:
                stop = cut
            elif stop - cut > 6:
                return None
        elif cut < stop and self.english and cut > start:
            low = m.lows[cut]
            if self.flags.get(low, 0) & (PREP | REL) or self.nouns.is_date(m, cut):
                stop = cut
        return self.nouns.speaker(m, start, stop)

    def _with_apposition(self, m: Matrix, start: int, stop: int) -> Speaker | None:
        """Read a noun group after the cue, with ", secrétaire général de l'Otan," behind it."""
        speaker = self.nouns.speaker(m, start, stop)
        if speaker is None or stop + 1 >= len(m) or m.lows[stop] != ",":
            return speaker
        begin = stop + 1
        if m.lows[begin][0].isdigit():
            # "Ahmed, 45 ans, habitant d'Amizmiz": the age is no role.
            further = begin
            while further < len(m) and m.lows[further] != "," and further - begin < 4:
                further += 1
            if further + 1 >= len(m) or m.lows[further] != ",":
                return speaker
            begin = further + 1
        role_near = any(self.flags.get(low, 0) & ROLE for low in m.lows[begin : begin + 4])
        named = self.nouns.upper(m, begin) and not speaker.name
        if not (role_near and not speaker.role or named) or not self.nouns.np_start(m, begin):
            return speaker
        end = self.nouns.extent(m, begin, len(m))
        if end < len(m) and m.lows[end] not in {",", ".", ";", ")", QUOTE} and end < len(m) - 1:
            if not self.nouns.is_date(m, end) and not self.flags.get(m.lows[end], 0) & PREP:
                return speaker
        other = self.nouns.speaker(m, begin, end)
        if other is None:
            return speaker
        extended = named and other.name is not None
        return Speaker(
            speaker.start, other.end if extended else speaker.end,
            self.seg.text[speaker.start : other.end] if extended else speaker.surface,
            speaker.name or other.name, speaker.role or other.role or (None if extended else other.surface),
            speaker.gender or other.gender,
        )  # fmt: skip

    # ---- according to ------------------------------------------------------------------------

    def _according(self, m: Matrix, index: int, drafts: list[Draft]) -> list[Draft]:
        lows, end = m.lows, self._sentence_end(m)
        for at in range(len(m)):
            if not self.flags.get(lows[at], 0) & ACCORDING:
                continue
            matched = self.pack.match(lows, at, "according", len(m))
            if matched is None:
                continue
            place = at + matched[0]
            while (
                place < len(m)
                and self.flags.get(lows[place], 0) & PREP
                and lows[place] in {"à", "to"}
            ):
                place += 1
            if place >= len(m) or lows[place] in self.that or lows[place] in self.not_according:
                continue
            if (
                self.flags.get(lows[place], 0) & DET
                and place + 1 < len(m)
                and lows[place + 1] in self.not_according
            ):
                continue
            if (
                not self.nouns.np_start(m, place)
                and not self.flags.get(lows[place], 0) & PRONOUN
                and lows[place] not in {"lui", "elle", "eux", "him", "her", "them"}
            ):
                if lows[at] != "de" and not (self.english or lows[place][0].isalpha()):
                    continue
            draft = self._according_one(m, index, at, place, end, drafts)
            if draft is not None:
                drafts = [*drafts, draft]
        return drafts

    def _according_one(
        self, m: Matrix, index: int, at: int, place: int, end: int, drafts: list[Draft]
    ) -> Draft | None:
        lows = m.lows
        stop = self.nouns.extent(m, place, len(m), plural=True)
        if lows[place] in {"lui", "elle", "eux", "him", "her", "them"}:
            stop = place + 1
            gender = {"lui": "m", "him": "m", "elle": "f", "her": "f"}.get(lows[place])
            speaker: Speaker | None = Speaker(
                m.starts[place], m.ends[place], self.seg.text[m.starts[place] : m.ends[place]],
                None, None, gender, pronoun=True,
            )  # fmt: skip
        else:
            stop = max(stop, place + 1)
            speaker = self._with_apposition(m, place, stop)
            if speaker is not None:
                while stop < len(m) and m.starts[stop] < speaker.end:
                    stop += 1
        if speaker is None:
            return None
        leading = at == 0 or all(
            lows[k] in {"mais", "et", "or", "but", "and", ",", "toujours", "aussi"}
            for k in range(at)
        )
        if leading:
            comma = stop
            while comma < end and lows[comma] != "," and not m.quotes[comma]:
                comma += 1
            if comma >= end:
                return None
            first = comma + 1 if lows[comma] == "," else comma
            # Skip appositions of the source: "Selon X, chef de Y, …".
            role_next = first < end and self.flags.get(lows[first], 0) & ROLE
            cited = first < end and lows[first] in {"cité", "citée", "cités", "quoted", "cited"}
            if role_next or cited:
                further = first
                while further < end and lows[further] != ",":
                    further += 1
                if further + 1 < end:
                    first = further + 1
            draft = self._make(m, index, first, end, "according", "declare")
        else:
            last = at
            begin = 0
            while begin < last and lows[begin] in {",", "–", "—", "•"}:
                begin += 1
            draft = self._make(m, index, begin, last, "according", "declare")
            if draft is not None and any(
                each.start < draft.end and draft.start < each.end for each in drafts
            ):
                return None  # a chain: "a dit X, selon l'agence Y"
            if draft is not None and stop < end and lows[stop] == ",":
                following = lows[stop + 1] if stop + 1 < end else ""
                if self._clause_was_open(m, draft, following):
                    draft.parts = [(draft.start, draft.end), (m.starts[stop + 1], m.ends[end - 1])]
                    draft.end = m.ends[end - 1]
        if draft is None:
            return None
        if any(
            each.start >= draft.start and each.end <= draft.end and each.speaker for each in drafts
        ):
            return None
        draft.speaker = speaker
        draft.cue = (m.starts[at], m.ends[place - 1])
        return draft

    # ---- no cue at all -----------------------------------------------------------------------

    def _without_cue(self, m: Matrix, index: int) -> list[Draft]:
        lows, end = m.lows, self._sentence_end(m)
        text_words = [at for at in range(end) if not m.quotes[at] and lows[at][0].isalnum()]
        quotes = [quote for quote in m.quotes[:end] if quote]
        if (
            quotes
            and len(text_words) <= 2
            and all(lows[at] in {"mais", "et", "but", "and", "or", "–"} for at in text_words)
        ):
            return [self._floating(quote, index) for quote in quotes if self._long(quote)]
        colon = next((at for at in range(min(end, 14)) if lows[at] == ":"), -1)
        if colon > 0 and colon + 1 < end and (quotes or m.sentence.paragraph < 4):
            bounds = self._np_bounds(m, 0, colon)
            if bounds and bounds == (0, colon):
                speaker = self.nouns.speaker(m, 0, colon)
                person = speaker and (speaker.role or (speaker.name and " " in speaker.name) or quotes)
                if speaker and person and not speaker.pronoun:
                    draft = self._make(m, index, colon + 1, end, "colon:name", "declare")
                    if draft:
                        draft.speaker = speaker
                        return [draft]
        if quotes and m.quotes[0] and end > 2 and lows[1] in {",", "–", "—", "-"}:
            speaker = self.nouns.speaker(m, 2, self.nouns.extent(m, 2, end))
            if speaker and (speaker.name or speaker.role):
                quote = quotes[0]
                return [
                    Draft(quote.start, quote.end, "name-after", "declare", index, None, speaker)
                ]
        return self._headline(m, index, end)

    def _long(self, quote: Quote) -> bool:
        return self.seg.text[quote.start : quote.end].count(" ") >= 3

    def _floating(self, quote: Quote, index: int) -> Draft:
        return Draft(quote.start, quote.end, "floating", "declare", index)

    def _headline(self, m: Matrix, index: int, end: int) -> list[Draft]:
        """Read a verbless headline: "L'OTAN confiant dans …"."""
        if m.sentence.paragraph > 2 or end < 4 or m.lows[len(m) - 1] == ".":
            return []
        for at in range(1, min(end - 2, 8)):
            if self.flags.get(m.lows[at], 0) & ATTITUDE:
                bounds = self._np_bounds(m, 0, at)
                following = self.flags.get(m.lows[at + 1], 0) & PREP or m.lows[at + 1] in self.that
                if bounds == (0, at) and following:
                    speaker = self.nouns.speaker(m, 0, at)
                    draft = self._make(m, index, at + 1, end, "headline", "declare")
                    if draft and speaker:
                        draft.speaker = speaker
                        draft.cue = (m.starts[at], m.ends[at])
                        return [draft]
        return []
