"""Statements whose subject stands between content and cue: "…," X said."""

from __future__ import annotations

from typing import Final

from intendance.intake.complements import ComplementReader
from intendance.intake.cues import CueGroup
from intendance.intake.drafts import END_MARKS, Draft
from intendance.intake.pack import AUX, DET, MODAL, PREP, PRONOUN, ROLE
from intendance.intake.people import QUOTE, Matrix
from intendance.intake.sources import SourceReader

_SETTING: Final = frozenset({"at", "in", "on", "during", "after", "before", "following", "via"})
_NOT_CLOSING: Final = frozenset({"of", "to", "for", "from", "by", "with", "as", "about"})
_ITS: Final = frozenset({"its", "their", "his", "her"})
_AFTER_CUE: Final = END_MARKS | {",", QUOTE, "–", "—"}


class BetweenReader(ComplementReader, SourceReader):
    """Reads a quotation or clause, then who says it, then the cue."""

    def _whom_quoted(self, m: Matrix, index: int, drafts: list[Draft]) -> list[Draft]:
        """Read "Clara Wendt, for whom "…"": in whose eyes a quotation holds."""
        at = m.lows.index("whom")
        quote = m.quotes[at + 1] if at + 1 < len(m) else None
        if quote is None or at < 2 or m.lows[at - 1] != "for":
            return drafts
        draft = self._make(m, index, at + 1, at + 2, "according", "declare")
        whose = self._antecedent(m, at - 1, 0)
        if draft is None or whose is None:
            return drafts
        draft.speaker, draft.cue = whose, (m.starts[at - 1], m.ends[at])
        return [*drafts, draft]

    def _spoken_act(self, group: CueGroup) -> str:
        """Give the act of a cue beside a quotation: "a promis" promises, "a demandé" asks."""
        acts = {each.act for each in group.readings if each.lemma not in self.asking}
        return next((act for act in ("pledge", "deny", "request") if act in acts), "declare")

    def _cue_span(self, m: Matrix, group: CueGroup) -> tuple[int, int]:
        return m.starts[group.first], m.ends[max(group.last, (group.pronoun or 0) + 1) - 1]

    def _taken_up(self, m: Matrix, last: int) -> bool:
        """Tell whether a pronoun speaks after a clause: "…; …, he told public radio"."""
        at = last + (last < len(m) and m.lows[last] == ",")
        if m.lows[at + 2 : at + 3] == [","]:
            return False  # "…; Romania, they complain, has been …"
        return at < len(m) and bool(self.flags.get(m.lows[at], 0) & PRONOUN)

    def _content_before(
        self, m: Matrix, index: int, last: int, closes: bool, shortest: int = 2
    ) -> Draft | None:
        lows = m.lows
        begin = 0
        if shortest > 1 and not self._taken_up(m, last):  # "A pledged …; B gave …, C announced"
            begin = max((at + 1 for at in range(begin, last - 2) if lows[at] == ";"), default=begin)
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
            at = quotes[-1]
            if at > begin and lows[at - 1] == ":" and last - at <= 2:
                # An earlier clause ends at a colon: X : « … », a dit Y.
                return self._make(m, index, at, last, "quote-incise", "declare")
            return self._make(m, index, begin, last, "clause-incise", "declare")
        if last - begin < shortest:
            return None
        return self._make(m, index, begin, last, "clause-incise", "declare")

    def _subject_between(self, m: Matrix, index: int, group: CueGroup) -> Draft | None:
        """Read "…", X said / clause, X said: the subject stands between content and cue."""
        lows, first = m.lows, group.first
        after = lows[group.last] if group.last < len(m) else "."
        if not any(each.frame in ("say", "told", "incise") for each in group.readings):
            return None
        # Nothing may follow that could be a complement of the cue.
        place = group.last
        if after in self.that or after == ":":
            return None
        if place < len(m) and m.quotes[place]:
            return None
        if place < len(m):
            place = self.nouns.skip_fillers(m, place, len(m))
        closing = (
            place >= len(m) or lows[place] in _AFTER_CUE or (self.flags.get(lows[place], 0) & PREP)
        )
        closing = closing or (self.english and after in _SETTING and self._only_placed(m, group))
        told = any(each.frame == "told" for each in group.readings)
        if told and not closing and self.english and place < len(m) and self.nouns.upper(m, place):
            # "…, its top general told The Economist in December."
            if self._told_that(m, place):
                return None
            place = self.nouns.extent(m, place, len(m))
            closing = (
                place >= len(m)
                or lows[place] in END_MARKS
                or bool(self.flags.get(lows[place], 0) & PREP)
            )
        found = self._between_start(m, first)
        if found is None:
            return None
        comma, closes = found
        if not closes and all(each.frame == "incise" for each in group.readings):
            return None  # "… has been done, the disruptions cannot continue"
        passed_on = after == "by" and group.last - group.first > 2  # "was quoted as saying by"
        if (
            not closes
            and not passed_on
            and after in {"of", "to", "for", "from", "by", "with", "as", "about"}
        ):
            return None
        if told and lows[min(group.last, len(m) - 1)] in self.told_whom:
            closing = True
        if closes and self.english and self._ends_inside(m, comma):
            closing = True  # a comma inside the mark: the quotation is what was said
        if not (closing or (told and closes)):
            return None
        if not self.english and not closes:
            return None
        speaker = self.nouns.speaker(m, comma + 1, first)
        if group.last - group.verb == 1 and lows[group.verb - 1] == "as" and group.verb > first:
            speaker = self._subject(m, group, [])  # "the paper quoted Ana Roy as saying"
        if speaker is None:
            return None
        draft = self._content_before(m, index, comma + 1 if m.quotes[comma] else comma, closes)
        if draft is None:
            return None
        draft.rule = "quote-after" if closes else "clause-incise"
        draft.act, draft.speaker = self._spoken_act(group), speaker
        draft.cue = self._cue_span(m, group)
        draft.rest = (m.ends[group.last - 1], m.ends[len(m) - 1])
        stop = group.last
        if told:
            stop = place
        self._join_later_quote(m, draft, stop, closes)
        if not closes:
            self._join_later_clause(m, draft, stop)
        return draft

    def _plural_speaks(self, m: Matrix, begin: int, first: int) -> bool:
        """Tell "health officials said" from "efforts to stop it, Minister Hagel said"."""
        between = m.lows[begin:first]
        plain = "," not in between and "to" not in between
        return plain and self.nouns.bare_plural(m, begin, first)

    def _told_that(self, m: Matrix, at: int) -> bool:
        """Tell "told Czech Radio on 16 April that …", whose content comes behind."""
        end = next((k for k in range(at, min(at + 12, len(m))) if m.lows[k] == ","), at + 12)
        return any(low in self.that for low in m.lows[at:end])

    def _only_placed(self, m: Matrix, group: CueGroup) -> bool:
        """Tell "said at a meeting with X" from "said on Monday it had …"."""
        end = next((at for at in range(group.last, len(m)) if m.lows[at] == ","), len(m))
        return not any(
            m.kinds[at] & (AUX | MODAL | PRONOUN) or self.pack.tenses.get(m.lows[at]) == "past"
            for at in range(group.last, end)
        )

    def _between_start(self, m: Matrix, first: int) -> tuple[int, bool] | None:
        """Find where the content ends and the subject begins: (mark, whether a quotation ends).

        An apposition may stand in the subject: "…," its prime minister, Donald Tusk, has said.
        """
        lows, tried, best = m.lows, 0, None
        for comma in range(first - 1, max(first - 24, -1), -1):
            if lows[comma] == "." and comma and self.nouns.short(m, comma - 1):
                continue  # "…," Mr. Clarke said
            if lows[comma] == "." and lows[comma + 1] == ",":
                continue  # "…," Mitch McConnell, R-Ky., said
            if lows[comma] in END_MARKS or lows[comma] == ":":
                break
            quoted = m.quotes[comma] is not None
            if not quoted and lows[comma] != ",":
                continue
            tried += 1
            closes = quoted or bool(comma and m.quotes[comma - 1])
            begin = comma + 1
            opens = begin < first and (
                self.nouns.np_start(m, begin)
                or self.nouns.modified(m, begin)
                or (self.english and self._plural_speaks(m, begin, first))
            )
            if opens and not (self.english and self.nouns.relative(m, begin)):
                if closes:
                    return comma, True
                if best is not None and (
                    self._described(m, begin, best[0]) or self._full_name(m, begin, best[0])
                ):
                    best = (comma, False)
                elif self._whole_clause(m, comma) and best is None:
                    head = self._np_in(m, begin, first if lows[first - 1] != "," else first - 1)
                    if head and (head.name or head.role or head.pronoun or self.english):
                        best = (comma, False)
            if quoted or tried > 3:
                break
        return best

    def _ends_inside(self, m: Matrix, at: int) -> bool:
        """Tell whether a quotation ends with a comma or a mark of asking inside it."""
        quote = m.quotes[at] or (m.quotes[at - 1] if at else None)
        return quote is not None and m.shown[quote.end - 2 : quote.end - 1] in {",", "?", "!"}

    def _described(self, m: Matrix, begin: int, end: int) -> bool:
        """Tell whether a role stands before a name: "its prime minister, Donald Tusk,"."""
        if not self.flags.get(m.lows[begin], 0) & DET:
            return False
        own = m.lows[begin] in _ITS and end - begin < 5 and self.nouns.upper(m, end + 1)
        if own and self.nouns.upper(m, min(end + 2, len(m) - 1)):
            return True  # "its auditor, Piet Holm,"
        return any(self.flags.get(low, 0) & ROLE for low in m.lows[begin:end])

    def _full_name(self, m: Matrix, begin: int, end: int) -> bool:
        """Tell whether only a name stands before its role: "Jens Holm, the coordinator,"."""
        words = m.lows[begin:end]
        return 2 <= len(words) <= 5 and all(
            self.nouns.upper(m, at) or m.lows[at] in {"de", "von", "van", "al", "."}
            for at in range(begin, end)
        )

    def _whole_clause(self, m: Matrix, comma: int) -> bool:
        """Tell whether a clause with a verb of its own stands before the comma."""
        for at in range(comma):
            low = m.lows[at]
            verb = self.flags.get(low, 0) & (AUX | MODAL) or low in self.pack.tenses
            if verb or low.endswith("ed") or low in self.strong_pasts:
                return comma >= 3
        follows = self._after_cue(m, comma)
        verb = self.flags.get(follows, 0) & (AUX | MODAL) or follows in self.strong_pasts
        spoken = self.pack.cues.get(follows)  # "A senior official, who asked …, said …"
        if (
            follows
            and not spoken
            and (verb or self.pack.tenses.get(follows) == "past" or follows.endswith("ed"))
        ):
            return comma >= 2  # "Replacing them, he conceded, would take two years"
        gerund = m.lows[0].endswith("ing") and len(m.lows[0]) > 5
        return comma >= 6 and not gerund and not self.flags.get(m.lows[0], 0) & PREP

    def _after_cue(self, m: Matrix, comma: int) -> str:
        """Give the word after the next pair of commas."""
        closing = next((k for k in range(comma + 1, len(m) - 1) if m.lows[k] == ","), 0)
        return m.lows[closing + 1] if closing else ""

    def _join_later_clause(self, m: Matrix, draft: Draft, last: int) -> None:
        """Join ", but will not expose its staff" and ", would take two years" after the cue."""
        end = self._sentence_end(m)
        if last + 2 >= end or m.lows[last] != ",":
            return
        low = m.lows[last + 1]
        verb = bool(self.flags.get(low, 0) & (AUX | MODAL)) or self.pack.tenses.get(low) == "past"
        own = m.lows[: next((k for k in range(len(m)) if m.ends[k] >= draft.end), 0) + 1]
        verb = verb or (low.endswith("ed") and not any(self._is_verb(each) for each in own))
        # "…, he said, and left": a cue after the conjunction is the speaker's own next verb.
        spoken = self.pack.cues.get(m.lows[last + 2]) if low in {"and", "but"} else None
        how = low == "by" and m.lows[last + 2].endswith("ing")  # "…, she argued, by borrowing"
        if not (verb or how or low in self.goes_on) or spoken:
            return
        draft.parts = [(draft.start, draft.end), (m.starts[last + 1], m.ends[end - 1])]
        draft.end = m.ends[end - 1]

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
