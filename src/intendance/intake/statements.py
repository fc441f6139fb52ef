"""Statements: which words are somebody's, and whose, from quotations and cues.

The order is: quotations and cues of one matrix sentence, then the frames of the cue (quotation
with an inverted cue, clause with "que", colon, request, promise …), then "selon", then floating
quotations. Rules are named in each statement.
"""

from __future__ import annotations

from intendance.intake.complements import ComplementReader
from intendance.intake.cues import CueGroup
from intendance.intake.drafts import END_MARKS, Draft
from intendance.intake.pack import AUX, DET, MODAL, PREP, PRONOUN, REL, ROLE
from intendance.intake.people import QUOTE, Matrix, Speaker
from intendance.intake.sources import SourceReader

__all__ = ["Draft", "StatementReader"]


class StatementReader(ComplementReader, SourceReader):
    """Finds the statements of one matrix sentence at a time."""

    # ---- entry -------------------------------------------------------------------------------

    def read(self, m: Matrix, index: int) -> list[Draft]:
        """Give the statements of a sentence, in the order of their cues."""
        if not len(m):
            return []
        groups = self.open_cues.find(m, self.cues.find(m))
        drafts: list[Draft] = []
        for number, group in enumerate(groups):
            limit = self._limit(m, groups, number)
            draft = self._frame(m, index, group, groups[:number], limit)
            if draft is not None:
                drafts.append(draft)
        drafts = self._according(m, index, drafts)
        if not drafts:
            return self._without_cue(m, index)
        led = self._before_colon(m, index, self._sentence_end(m))
        if led is not None and not any(each.start < led.end and led.start < each.end for each in drafts):
            drafts.insert(0, led)
        return self._with_last_quote(m, index, drafts)

    def _with_last_quote(self, m: Matrix, index: int, drafts: list[Draft]) -> list[Draft]:
        """Add the quotation of "évoque « … » mais se veut rassurante : « … »"."""
        end = self._sentence_end(m)
        quote = m.quotes[end - 1] if end > 4 and m.lows[end - 2] == ":" else None
        if quote is None or not self._long(quote) or not drafts:
            return drafts
        if any(each.start < quote.end and quote.start < each.end for each in drafts):
            return drafts
        last = Draft(quote.start, quote.end, "colon:answer", "declare", index)
        last.same_as_before = True
        return [*drafts, last]

    def _limit(self, m: Matrix, groups: list[CueGroup], number: int) -> int:
        """Give the matrix word where the complement of a cue must end: a coordinated cue."""
        for group in groups[number + 1 :]:
            if self.english and group.tense in ("past", "pres", "part"):
                closing = self._closing_voice(m, group, groups[number].last)
                if closing:
                    return closing
            before = m.lows[group.first - 1] if group.first else ""
            joint = {"et", "and", "but", "mais", "puis", "then"}
            if group.joined or (before in joint and group.tense in ("pres", "past", "part", "fut")):
                return max(group.first - 1, 0) if before in joint | {","} else group.first
            if group.tense == "ger" and before == ",":
                return group.first - 1
            if before == "," and (group.pronoun is not None or self._opens_incise(m, group)):
                return group.first - 1
            if (
                self.english
                and before == ","
                and group.tense == "past"
                and self._said_after(m, group)
            ):
                return group.first - 1  # "…, said Lt. Col. Ibáñez"
        return self._sentence_end(m)

    def _closing_voice(self, m: Matrix, group: CueGroup, floor: int) -> int:
        """Give the comma of "…, its ambassador, Henrik Aasvang, said." behind a promise."""
        if not any(each.frame in ("say", "told") for each in group.readings):
            return 0
        place = self.nouns.skip_fillers(m, group.last, len(m)) if group.last < len(m) else len(m)
        if place < len(m) and m.lows[place] not in END_MARKS | {","}:
            return 0
        found = self._between_start(m, group.first)
        return found[0] if found and not found[1] and found[0] > floor else 0

    def _said_after(self, m: Matrix, group: CueGroup) -> bool:
        """Tell whether a speaker stands behind the cue: ", said Lt. Col. Marta Ibáñez"."""
        at = group.last
        said = any(each.frame == "say" for each in group.readings)
        return said and at < len(m) and (self.nouns.upper(m, at) or self.nouns.modified(m, at))

    def _opens_incise(self, m: Matrix, group: CueGroup) -> bool:
        """Tell whether a noun group follows the cue directly: ", a annoncé le ministre"."""
        if self.english or not any(each.frame == "say" for each in group.readings):
            return False
        place = self.nouns.skip_fillers(m, group.last, len(m))
        return place < len(m) and self.nouns.np_start(m, place)

    # ---- frames ------------------------------------------------------------------------------

    def _frame(
        self, m: Matrix, index: int, group: CueGroup, earlier: list[CueGroup],
        limit: int,
    ) -> Draft | None:  # fmt: skip
        frames = {each.frame for each in group.readings}
        draft = None
        if frames & {"say", "incise", "noun", "reflexive", "request", "pledge", "deny", "told"}:
            draft = self._incise(m, index, group)
            if draft is not None:
                return draft
        subject = self._subject(m, group, earlier)
        if group.joined and not earlier:
            subject = self._subject(m, self._joined_to(m, group), [])
        if "adj" in frames:
            draft = self._adjective(m, index, group, limit)
        if draft is None and frames & {"request", "pledge", "advice"}:
            draft = self._request(m, index, group, limit)
        if draft is None:
            draft = self._complement(m, index, group, limit, frames)
        if draft is None:
            return None
        subject = self._hidden(m, group, subject)
        draft.speaker = subject
        draft.cue = (m.starts[group.first], m.ends[group.last - 1])
        if (subject is None and not (group.joined or group.tense == "ger")) and (
            draft.rule.startswith(("noun", "quote-in")) or self.english
        ):
            return None
        draft.same_as_before = subject is None
        return draft

    def _joined_to(self, m: Matrix, group: CueGroup) -> CueGroup:
        """Give the verb that a second one is joined to: "a remercié la France et prié"."""
        for at in range(group.first - 1, 0, -1):
            if m.lows[at] in self.cues.have:
                return CueGroup(at, at, at + 1, group.readings, "past")
        return group

    def _spoken_act(self, group: CueGroup) -> str:
        """Give the act of a cue beside a quotation: "a promis" promises, "a demandé" asks."""
        acts = {each.act for each in group.readings if each.lemma not in self.asking}
        return next((act for act in ("pledge", "deny", "request") if act in acts), "declare")

    # -- content first: « … », a déclaré X / "…," X said / clause, a indiqué X

    def _incise(self, m: Matrix, index: int, group: CueGroup) -> Draft | None:
        lows, first = m.lows, group.first
        comma = first - 1
        if (
            first == 0
            or group.tense in ("ger", "inf")
            or all(each.frame == "quote" for each in group.readings)
        ):
            return None
        direct = lows[comma] in {",", QUOTE, "–", "—", "-"} or lows[comma] in {"!", "?"}
        if direct:
            closes = lows[comma] == QUOTE or (comma > 0 and lows[comma - 1] == QUOTE)
            frames = ("say", "told") if self.english else ("say", "told", "reflexive", "incise")
            clause_cue = any(each.frame in frames for each in group.readings)
            if self.english and not closes:
                clause_cue = clause_cue and self._whole_clause(m, comma)
            if closes or clause_cue or group.pronoun is not None:
                draft = self._inverted(m, index, group, comma, closes)
                if draft is not None:
                    return draft
            if not self.english:
                return None
        # "…," the minister said.  Subject between the quotation and the cue.
        return self._subject_between(m, index, group)

    def _inverted(
        self, m: Matrix, index: int, group: CueGroup, comma: int, closes: bool
    ) -> Draft | None:
        lows, end = m.lows, self._sentence_end(m)
        last = group.last
        if comma > 1 and lows[comma - 2] == "," and self.flags.get(lows[comma - 1], 0) & PRONOUN:
            return None  # "La Commission, elle, a annoncé …"
        speaker: Speaker | None = None
        if group.pronoun is not None:
            speaker = self._clitic(m, group.pronoun)
            if speaker.surface == "on":
                hidden = self._said_by_one(m, max(last, group.pronoun + 1))
                same = "même" in lows[last : last + 4]
                speaker = hidden if hidden is not None or same else speaker
        else:
            following = lows[last] if last < len(m) else "."
            if following in self.that or following == ":":
                return None
            place = self.nouns.skip_fillers(m, last, len(m))
            place = self._over_aside(m, place)
            opens = place < len(m) and (
                self.nouns.np_start(m, place) or (closes and self.nouns.modified(m, place))
            )
            if not opens:
                return None
            taken_up = lows[place] in {"celui-ci", "celle-ci"}
            if self.flags.get(lows[place], 0) & PRONOUN and not (self.english or taken_up):
                return None
            plural = lows[group.first] in {"ont", "sont"} or lows[group.verb].endswith("ent")
            stop = self.nouns.extent(m, place, len(m), plural=plural)
            further = not closes or (not m.quotes[0] and self._subject_goes_on(m, comma))
            if further and not self._may_speak(m, place, stop):
                return None
            if self._has_verb_after(m, stop):
                return None
            if not closes and self._person_first(m, comma):
                return None  # "Le porte-parole, Jean Roy, a confirmé l'envoi …"
            if (
                self.english
                and not closes
                and stop < len(m)
                and lows[stop] not in END_MARKS | {","}
            ):
                return None
            speaker = self._with_apposition(m, place, stop)
            last = stop
            if speaker is None:
                return None
        content_last = comma if lows[comma] != QUOTE else comma + 1
        if lows[comma] in {"!", "?"}:
            content_last = comma + 1
        opening = self._only_joined(m, index, comma, last, end)
        if opening is not None:
            opening.act, opening.speaker = self._spoken_act(group), speaker
            opening.cue = self._cue_span(m, group)
            return opening
        shortest = 1 if group.pronoun is not None else 2  # "Vienne, a-t-elle rappelé, reste …"
        draft = self._content_before(m, index, content_last, closes, shortest)
        if draft is None:
            return None
        draft.act = self._spoken_act(group)
        draft.speaker = speaker
        draft.cue = self._cue_span(m, group)
        self._interrupted(m, draft, last, end, closes)
        draft.rest = (m.ends[last - 1], m.ends[len(m) - 1])
        return draft

    def _only_joined(self, m: Matrix, index: int, comma: int, last: int, end: int) -> Draft | None:
        """Read "Mais, prévient-il, « … »": before the cue stands only how it goes on."""
        opens = 0 < comma <= 2 and all(low in self.openers for low in m.lows[:comma])
        if not opens or last + 2 > end or m.lows[last] != ",":
            return None
        return self._make(m, index, last + 1, end, "clause-incise", "declare")

    def _subject_goes_on(self, m: Matrix, comma: int) -> bool:
        """Tell "Kinshasa, qui accuse Kigali d'avoir « … », a exigé l'ouverture …": no incise."""
        return any(
            m.lows[at] == "," and self.nouns.relative(m, at + 1) for at in range(1, comma - 1)
        )

    def _over_aside(self, m: Matrix, place: int) -> int:
        """Pass ", la voix lasse," between a cue and its subject."""
        if self.english or place >= len(m) or m.lows[place] != ",":
            return place
        for at in range(place + 2, min(place + 8, len(m) - 1)):
            if m.lows[at] == ",":
                return at + 1
        return place

    def _person_first(self, m: Matrix, comma: int) -> bool:
        """Tell whether a person with an office fills the words before the cue: no clause."""
        if "," not in m.lows[:comma] or any(self._is_verb(m.lows[at]) for at in range(comma)):
            return False
        return any(self.flags.get(low, 0) & ROLE for low in m.lows[:comma])

    def _may_speak(self, m: Matrix, place: int, stop: int) -> bool:
        """Tell "…, annonce le ministre" from "Le ministre, Paul Roy, annonce une aide"."""
        return any(
            self.flags.get(m.lows[at], 0) & ROLE or self.nouns.upper(m, at)
            for at in range(place, stop)
        )

    def _has_verb_after(self, m: Matrix, stop: int) -> bool:
        """Tell "…, annonce le ministre" from "…, annonce le ministre est venu" (no incise)."""
        return stop < len(m) and bool(self.flags.get(m.lows[stop], 0) & AUX) and not self.english

    def _cue_span(self, m: Matrix, group: CueGroup) -> tuple[int, int]:
        return m.starts[group.first], m.ends[max(group.last, (group.pronoun or 0) + 1) - 1]

    def _content_before(
        self, m: Matrix, index: int, last: int, closes: bool, shortest: int = 2
    ) -> Draft | None:
        lows = m.lows
        begin = 0
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
        part = m.quotes[at + 1] if at + 1 < end else None
        if part is not None and draft.speaker is not None and draft.speaker.pronoun:
            # "Le reste, a-t-il promis, « suivra par mer »"
            draft.parts = [(draft.start, draft.end), (part.start, part.end)]
            draft.end = part.end
            return
        flag = self.flags.get(following, 0)
        adverbial = flag & PREP or following in self.that or following[-3:] == "ant"
        if adverbial or self.nouns.is_date(m, min(at + 1, len(m) - 1)) or flag & (ROLE | REL):
            return
        clitic = draft.speaker is not None and draft.speaker.pronoun and not self.english
        if not (clitic or self._clause_was_open(m, draft, following)):
            return
        part_start, part_end = m.starts[at + 1], m.ends[end - 1]
        draft.parts = [(draft.start, draft.end), (part_start, part_end)]
        draft.end = part_end

    def _subject_between(self, m: Matrix, index: int, group: CueGroup) -> Draft | None:
        """Read "…", X said / clause, X said: the subject stands between content and cue."""
        lows, first = m.lows, group.first
        after = lows[group.last] if group.last < len(m) else "."
        # Nothing may follow that could be a complement of the cue.
        place = group.last
        if after in self.that or after == ":":
            return None
        if place < len(m) and m.quotes[place]:
            return None
        if place < len(m):
            place = self.nouns.skip_fillers(m, place, len(m))
        closing = (
            place >= len(m)
            or lows[place] in END_MARKS | {",", QUOTE, "–", "—"}
            or (self.flags.get(lows[place], 0) & PREP)
        )
        told = any(each.frame == "told" for each in group.readings)
        if told and not closing and self.english and place < len(m) and self.nouns.upper(m, place):
            # "…, its top general told The Economist in December."
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
        if not any(each.frame in ("say", "told", "incise") for each in group.readings):
            return None
        if not closes and after in {"of", "to", "for", "from", "by", "with", "as", "about"}:
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
            if lows[comma] in END_MARKS | {":"}:
                break
            quoted = m.quotes[comma] is not None
            if not quoted and lows[comma] != ",":
                continue
            tried += 1
            closes = quoted or bool(comma and m.quotes[comma - 1])
            begin = comma + 1
            opens = begin < first and (
                self.nouns.np_start(m, begin) or (closes and self.nouns.modified(m, begin))
            )
            if opens:
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
        if follows and self.flags.get(follows, 0) & (AUX | MODAL):
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
        # "…, he said, and left": a cue after the conjunction is the speaker's own next verb.
        spoken = self.pack.cues.get(m.lows[last + 2]) if low in {"and", "but"} else None
        if not (verb or low in self.goes_on) or spoken:
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
