"""Statements: which words are somebody's, and whose, from quotations and cues.

The order is: quotations and cues of one matrix sentence, then the frames of the cue (quotation
with an inverted cue, clause with "que", colon, request, promise …), then "selon", then floating
quotations. Rules are named in each statement.
"""

from __future__ import annotations

from typing import Final

from intendance.intake.between import BetweenReader
from intendance.intake.cues import CueGroup
from intendance.intake.drafts import END_MARKS, Draft
from intendance.intake.pack import AUX, MODAL, PREP, PRONOUN, REL, ROLE
from intendance.intake.people import QUOTE, Matrix, Speaker

__all__ = ["Draft", "StatementReader"]

_CONCEDING: Final = frozenset({"while", "although", "though"})
_CLOSINGS: Final = END_MARKS | {","}


class StatementReader(BetweenReader):
    """Finds the statements of one matrix sentence at a time."""

    # ---- entry -------------------------------------------------------------------------------

    def read(self, m: Matrix, index: int) -> list[Draft]:
        """Give the statements of a sentence, in the order of their cues."""
        if not len(m):
            return []
        groups = self.open_cues.find(m, self.cues.find(m))
        told = self._that_is_what(m, index, groups)
        if told is not None:
            return [told]
        drafts: list[Draft] = []
        for number, group in enumerate(groups):
            limit = self._limit(m, groups, number)
            draft = self._frame(m, index, group, groups[:number], limit)
            if draft is not None and not (drafts and self._same_voice(draft, drafts[-1])):
                drafts.append(draft)
        drafts = self._according(m, index, drafts)
        if self.english and "whom" in m.lows:
            drafts = self._whom_quoted(m, index, drafts)
        if not drafts:
            return self._without_cue(m, index)
        led = self._before_colon(m, index, self._sentence_end(m))
        if led is not None and not any(
            each.start < led.end and led.start < each.end for each in drafts
        ):
            drafts.insert(0, led)
        return self._with_last_quote(m, index, drafts)

    def _same_voice(self, inner: Draft, outer: Draft) -> bool:
        """Tell "said | he expected more": the same speaker's one statement, not two."""
        who = inner.speaker
        taken = self.english and inner.act == "declare" and who and who.pronoun
        return bool(taken and who and who.start == outer.start)

    def _that_is_what(self, m: Matrix, index: int, groups: list[CueGroup]) -> Draft | None:
        """Read "C'est ce qu'a annoncé le ministre": the sentence before is what was said."""
        if m.lows[:3] != ["c'", "est", "ce"] or not groups or not index or len(m) < 6:
            return None
        group, before = groups[0], self.seg.sentences[index - 1]
        if m.lows[3] not in self.that or m.sentence.paragraph - before.paragraph > 1:
            return None
        place = 4
        if group.first == 4:
            place = self.nouns.skip_fillers(m, group.last, len(m))
        if place >= len(m) or not self.nouns.np_start(m, place):
            return None
        stop = self.nouns.extent(m, place, len(m) if group.first == 4 else group.first, plural=True)
        text = self.seg.text[before.start : before.end].rstrip(" .!…\n")
        draft = Draft(
            before.start, before.start + len(text), "clause-incise", self._spoken_act(group), index
        )
        draft.speaker = self._with_apposition(m, place, stop)
        draft.cue = self._cue_span(m, group)
        return draft if draft.speaker is not None else None

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
        if self.english and number == 0 and m.lows[0] in _CONCEDING and groups[0].first < 8:
            near = range(groups[0].last + 2, min(len(m) - 1, groups[0].last + 40))
            comma = next((at for at in near if m.lows[at] == "," and self._own_clause(m, at)), 0)
            if comma:
                return comma  # "While some say a map is due, Germany is wary"
        for group in groups[number + 1 :]:
            if self.english and group.tense in ("past", "pres", "part"):
                closing = self._closing_voice(m, group, groups[number].last)
                if closing:
                    return closing
            before = m.lows[group.first - 1] if group.first else ""
            joint = 0 if self.english else self._voice_joined(m, groups[number].last, group.first)
            if joint:
                return joint
            joints = {"et", "and", "but", "mais", "puis", "then"}
            if group.joined or (
                before in joints and group.tense in ("pres", "past", "part", "fut")
            ):
                return max(group.first - 1, 0) if before in joints | {","} else group.first
            if group.tense == "ger" and before == ",":
                return group.first - 1
            if group.tense == "ger" and self.cues.in_writing(m, group.verb, group.readings):
                return group.first
            if group.tense == "ger" and "avant" in m.lows[max(group.first - 3, 0) : group.first]:
                return m.lows.index("avant", max(group.first - 3, 0))  # "… avant d'ajouter : « »"
            own = groups[number].first
            if self.english and self._another_speaks(m, group):
                return group.first - 3
            if before == "," and own and self._in_relative(m, own):
                return group.first - 1  # "Kinshasa, qui accuse Kigali d'avoir …, a exigé …"
            if before == "," and (group.pronoun is not None or self._opens_incise(m, group)):
                return group.first - 1
            if (
                self.english
                and before == ","
                and group.tense == "past"
                and self._said_after(m, group)
            ):
                return group.first - 1  # "…, said Lt. Col. Ibáñez"
        return self._own_end(m, groups[number])

    def _own_end(self, m: Matrix, group: CueGroup) -> int:
        """End ", who has been pleading for missiles, arrived …" before the outer verb."""
        end = self._sentence_end(m)
        if not self.english or not group.first:
            return end
        inner = self._in_relative(m, group.first)
        inner = inner or "whose" in m.lows[max(group.first - 5, 0) : group.first]
        for at in range(group.last + 1, end - 1):
            if m.lows[at] != ",":
                continue
            low = m.lows[at + 1]
            past = self.pack.tenses.get(low) == "past" or low in self.strong_pasts
            if inner and (past or m.kinds[at + 1] & (AUX | MODAL)):
                return at
            if self._what_was_done(m, at + 1) and not m.quotes[at + 2]:
                return at  # "accused them of "…", remarks his counterpart called …"
        return end

    def _in_relative(self, m: Matrix, own: int) -> bool:
        """Tell whether a cue stands in a relative clause: "which last month declared"."""
        while (
            self.english
            and own > 1
            and (self.nouns.is_date(m, own - 1) or m.lows[own - 1] in {"last", "month", "week"})
        ):
            own -= 1  # fmt: skip
        return self.nouns.relative(m, own - 1)

    def _another_speaks(self, m: Matrix, group: CueGroup) -> bool:
        """Tell ", and he appealed …" behind what was said: a clause of its own."""
        at = group.first
        if at < 4 or group.tense != "past" or m.lows[at - 3] != ",":
            return False
        return m.lows[at - 2] in {"and", "while"} and m.lows[at - 1] in {"he", "she", "they"}

    def _own_clause(self, m: Matrix, comma: int) -> bool:
        """Tell the main clause behind "While …," from one more thing of a list."""
        end = next((at for at in range(comma + 1, len(m)) if m.lows[at] == ","), len(m))
        return end - comma > 2 and any(
            m.kinds[at] & (AUX | MODAL) or self.pack.tenses.get(m.lows[at]) == "past"
            for at in range(comma + 2, end)
        )

    def _voice_joined(self, m: Matrix, first: int, last: int) -> int:
        """Give the "et" of "a promis un pont et la Lettonie s'est dite prête": another's cue."""
        for at in range(last - 2, first, -1):
            if m.lows[at] in {"et", "mais"} and self.nouns.np_start(m, at + 1):
                return at if self.nouns.extent(m, at + 1, last) == last else 0
        return 0

    def _closing_voice(self, m: Matrix, group: CueGroup, floor: int) -> int:
        """Give the comma of "…, its ambassador, Henrik Aasvang, said." behind a promise."""
        if not any(each.frame in ("say", "told") for each in group.readings):
            return 0
        place = self.nouns.skip_fillers(m, group.last, len(m)) if group.last < len(m) else len(m)
        if place < len(m) and m.lows[place] not in _CLOSINGS:
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
        sign = self._sign_speaks(m, group)
        told = frames & {"say", "incise", "noun", "reflexive", "request", "pledge", "deny", "told"}
        if sign is None and told:
            draft = self._incise(m, index, group)
            if draft is not None:
                return draft
        subject = sign or self._subject(m, group, earlier)
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
        if subject is not None and self.english and subject.surface[:3].lower() == "no ":
            return None  # "no country had asked for it"
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
        direct = lows[comma] in {",", QUOTE, "–", "—", "-", "!", "?"}
        direct = direct and group.readings[0].lemma != "tell"  # "…, X, its head, told the Post"
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
        if group.pronoun is not None and not self.english:
            return self._inverted(m, index, group, first, closes=False)  # "… le bilan estime-t-il"
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
                if hidden is None and not self.banners.isdisjoint(lows[last : last + 7]):
                    return None  # « Sauvons-nous », pouvait-on lire sur une banderole
                speaker = hidden if hidden or "même" in lows[last : last + 4] else speaker
        else:
            following = lows[last] if last < len(m) else "."
            if following in self.that or following == ":":
                return None
            place = self.nouns.skip_fillers(m, last, len(m))
            aside = self._over_aside(m, place)
            place = self.nouns.skip_fillers(m, aside, len(m)) if aside > place else place
            whoever = closes and lows[place : place + 2] in (["celui", "qui"], ["celle", "qui"])
            opens = whoever or (
                place < len(m)
                and (
                    self.nouns.np_start(m, place)
                    or ((closes or lows[group.verb] == "said") and self.nouns.modified(m, place))
                )
            )
            sign = self._call_sign(m, place) if closes and not opens else None
            if not opens and sign is None:
                return None
            taken_up = lows[place] in {"celui-ci", "celle-ci"}
            if self.flags.get(lows[place], 0) & PRONOUN and not (self.english or taken_up):
                return None
            plural = lows[group.first] in {"ont", "sont"} or lows[group.verb].endswith("ent")
            stop = place + 1 if sign else self.nouns.extent(m, place, len(m), plural=plural)
            further = not closes or (not m.quotes[0] and self._subject_goes_on(m, comma))
            if further and not self._may_speak(m, place, stop):
                return None
            if self._has_verb_after(m, stop):
                return None
            if not closes and self._person_first(m, comma):
                return None  # "Le porte-parole, Jean Roy, a confirmé l'envoi …"
            if self.english and not closes and not self._ends_there(m, group, stop):
                return None
            speaker = sign or self._from_where(m, self._with_apposition(m, place, stop), stop)
            last = stop
            if speaker is None:
                return None
            if whoever:  # « … », dit celui qui revient de Bikoro
                speaker.pronoun, speaker.gender = True, "m" if lows[place] == "celui" else "f"
        content_last = comma + (lows[comma] in {QUOTE, "!", "?"})
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

    def _from_where(self, m: Matrix, speaker: Speaker | None, stop: int) -> Speaker | None:
        """Add the place of "a woman from the camp's eastern quarter", who is not named."""
        if speaker is None or speaker.name or not self.english or stop >= len(m):
            return speaker
        indefinite = speaker.surface.partition(" ")[0].lower() in {"a", "an"}
        if not indefinite or m.lows[stop] not in {"from", "at", "in"}:
            return speaker
        end = m.ends[self.nouns.extent(m, stop + 1, len(m)) - 1]
        words = self.seg.text[speaker.start : end]
        return Speaker(speaker.start, end, words, None, speaker.role, speaker.gender)

    def _ends_there(self, m: Matrix, group: CueGroup, stop: int) -> bool:
        """Tell ", said an official from the agency." from a speaker who goes on acting."""
        if stop >= len(m) or m.lows[stop] in _CLOSINGS:
            return True
        return m.lows[group.verb] == "said" and m.lows[stop] in {"from", "at", "in", "with"}

    def _call_sign(self, m: Matrix, at: int) -> Speaker | None:
        """Read the "Bober" of "« … », raconte "Bober", commandant": a name of war."""
        quote = m.quotes[at] if at < len(m) else None
        if quote is None:
            return None
        name = self.seg.text[quote.start : quote.end].strip(' «»“”"\u00a0\u202f')
        if not name[:1].isupper() or " " in name or not name.isalpha():
            return None
        start = self.seg.text.index(name, quote.start)
        return Speaker(start, start + len(name), name, name, None, None)

    def _sign_speaks(self, m: Matrix, group: CueGroup) -> Speaker | None:
        """Read ""Bober" said it sent trucks": a name of war in front of what it says."""
        at = group.last
        if not self.english or group.first != 1 or m.quotes[0] is None or at + 1 >= len(m):
            return None
        clause = m.lows[at] in self.that or (
            m.kinds[at] & PRONOUN and m.lows[at + 1] not in _CLOSINGS
        )
        return self._call_sign(m, 0) if clause else None

    def _only_joined(self, m: Matrix, index: int, comma: int, last: int, end: int) -> Draft | None:
        """Read "Mais, prévient-il, « … »": before the cue stands only how it goes on."""
        begin = max((at + 1 for at in range(comma) if m.lows[at] == ","), default=0)
        opens = 0 < comma - begin <= 3 and (
            all(low in self.openers for low in m.lows[begin:comma])
            or m.lows[comma - 1] == "quoi"  # "sans quoi, a-t-il prévenu, « … »"
        )
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
        led = m.kinds[place + 1] & PREP if place + 1 < len(m) else 0
        for at in range(place + 2, min(place + (13 if led else 8), len(m) - 1)):
            if m.lows[at] == ",":
                return at + 1  # ", la voix lasse,", ", lors d'une conférence de presse commune,"
        return place

    def _person_first(self, m: Matrix, comma: int) -> bool:
        """Tell whether a person with an office fills the words before the cue: no clause."""
        if "," not in m.lows[:comma] or any(
            self._is_verb(low) or low in self.strong_pasts for low in m.lows[:comma]
        ):
            return False
        begin = 0
        if comma > 16:  # a long clause whose verb no list holds, or only a last apposition
            begin = max(at for at in range(comma) if m.lows[at] == ",")
            comma = min(begin + 5, comma)
        return any(self.flags.get(low, 0) & ROLE for low in m.lows[begin:comma])

    def _may_speak(self, m: Matrix, place: int, stop: int) -> bool:
        """Tell "…, annonce le ministre" from "Le ministre, Paul Roy, annonce une aide"."""
        return any(
            self.flags.get(m.lows[at], 0) & ROLE
            or self.nouns.upper(m, at)
            or m.lows[at] in self.nouns.company
            for at in range(place, stop)
        )

    def _has_verb_after(self, m: Matrix, stop: int) -> bool:
        """Tell "…, annonce le ministre" from "…, annonce le ministre est venu" (no incise)."""
        return stop < len(m) and bool(self.flags.get(m.lows[stop], 0) & AUX) and not self.english

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
        if closes or at + 1 >= end or lows[at] != ",":
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
