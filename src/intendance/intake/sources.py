"""Statements without a verb: "selon X", floating quotations, headlines."""

from __future__ import annotations

import re

from intendance.intake.drafts import COUNTED, Draft
from intendance.intake.pack import (
    ACCORDING,
    ATTITUDE,
    AUX,
    DET,
    ITEM,
    MODAL,
    PREP,
    PRONOUN,
    REL,
    ROLE,
)
from intendance.intake.people import Matrix, Speaker
from intendance.intake.segment import Quote
from intendance.intake.subjects import SubjectReader

_WHICH = frozenset({"qui", "whom", "lequel", "laquelle", "lesquels", "lesquelles"})
_DRAWN_FROM = frozenset(
    {("à", "partir"), ("fondé", "sur"), ("fondée", "sur"), ("fondées", "sur"), ("basé", "sur"),
     ("basée", "sur"), ("based", "on"), ("compiled", "from"), ("drawn", "from")}
)  # fmt: skip
_STILL = frozenset({"toujours", "notamment", "encore", "également"})
_JOINING = frozenset({"mais", "et", "but", "and", "or", "–"})
_OBLIQUE = frozenset({"lui", "elle", "eux", "elles", "celui-ci", "celle-ci", "him", "her", "them"})


class SourceReader(SubjectReader):
    """Reads statements that a source word, a colon or nothing at all introduces."""

    # ---- according to ------------------------------------------------------------------------

    def _according(self, m: Matrix, index: int, drafts: list[Draft]) -> list[Draft]:
        lows, either = m.lows, self.either_source
        led = m.sentence.seen & ACCORDING or lows[0] in self.in_the_eyes_of
        if not led and either.isdisjoint(lows):
            return drafts
        end = self._sentence_end(m)
        for at, kind in enumerate(m.kinds):
            if at and not kind & ACCORDING and lows[at] not in either:
                continue
            if lows[at] in self.as_they_say:
                said = self._as_they_say(m, index, at, end)
                drafts = [*drafts, said] if said is not None else drafts
                continue
            matched = self.pack.match(lows, at, "according", len(m)) if kind & ACCORDING else None
            if matched is not None and matched[1] == "according_pronoun":
                told = self._in_their_words(m, index, at, at + matched[0], end)
                if told is not None:
                    drafts = [*drafts, told]
                    continue
            if lows[at] in self.in_the_eyes_of and self._in_the_eyes(m, at, end):
                matched = (1, "according")
            if matched is None:
                continue
            place = at + matched[0]
            place -= lows[place - 1] in self.unnamed_sources  # "de source militaire"
            while (
                place < len(m)
                and self.flags.get(lows[place], 0) & PREP
                and lows[place] in {"à", "to"}
            ):
                place += 1
            while place < len(m) and lows[place] in _STILL:
                place += 1  # "selon notamment X", "selon toujours X"
            which = place < len(m) and lows[place] in _WHICH
            if place >= len(m) or lows[place] in self.that:
                continue
            if lows[place] in self.not_according and not which:
                continue
            if which and place + 1 < end:
                whose = self._for_whom(m, at, place, drafts)
                if lows[place] not in {"qui", "whom"} and not (
                    whose and (whose.role or whose.name)
                ):
                    continue  # "un accord selon lequel …"
                draft = self._make(m, index, place + 1, end, "according", "declare")
                if draft is not None and whose is not None:
                    draft.speaker, draft.cue = whose, (m.starts[at], m.ends[place])
                    drafts = [*drafts, draft]
                continue
            if (
                self.flags.get(lows[place], 0) & DET
                and place + 1 < len(m)
                and lows[place + 1] in self.not_according
            ):
                continue
            if (
                (
                    not self.nouns.np_start(m, place)
                    and not self.flags.get(lows[place], 0) & PRONOUN
                    and lows[place] not in _OBLIQUE
                )
                and lows[at] != "de"
                and not (self.english or lows[place][0].isalpha())
            ):
                continue
            draft = self._according_one(m, index, at, place, end, drafts)
            if draft is not None:
                drafts = [*drafts, draft]
        return drafts

    def _for_whom(self, m: Matrix, at: int, place: int, drafts: list[Draft]) -> Speaker | None:
        """Read "accuse Clara Wendt, de l'ONG X, pour qui « … »": who spoke, not the body."""
        said = drafts[-1].speaker if drafts and m.lows[place] == "qui" else None
        if said is not None and said.name and m.ends[at - 1] - said.end < 60:
            return said
        return self._antecedent(m, at, 0)

    def _in_the_eyes(self, m: Matrix, at: int, end: int) -> bool:
        """Tell "Pour le maire, « … »" and "Ahmet Yildiz, pour qui « l'État est absent »"."""
        if at == 0:
            return self._quote_follows(m) or self._person_then_clause(m, end)
        return m.lows[at + 1 : at + 2] == ["qui"] and at + 2 < len(m) and bool(m.quotes[at + 2])

    def _in_their_words(self, m: Matrix, index: int, at: int, stop: int, end: int) -> Draft | None:
        """Read "À l'en croire, …", "…, in her view, …": a source that is a pronoun."""
        if at == 0:
            first = stop + (stop < end and m.lows[stop] == ",")
            draft = self._make(m, index, first, end, "according", "declare")
        else:
            last = at - 1 if stop >= end and m.lows[at - 1] == "," else end
            draft = self._make(m, index, 0, last, "according", "declare")
        if draft is None:
            return None
        low = self.seg.low_text[m.starts[at] : m.ends[stop - 1]]
        gender = "f" if " her " in low else "m" if " his " in low else None
        draft.speaker = Speaker(
            m.starts[at], m.ends[stop - 1], self.seg.text[m.starts[at] : m.ends[stop - 1]],
            None, None, gender, pronoun=True,
        )  # fmt: skip
        draft.cue = (m.starts[at], m.ends[stop - 1])
        if at and " own " in low and self.nouns.np_start(m, 0):
            draft.speaker = self.nouns.speaker(m, 0, self.nouns.extent(m, 0, at))
        return draft

    def _as_they_say(self, m: Matrix, index: int, at: int, end: int) -> Draft | None:
        """Read "Comme l'explique X, …" and "…, comme l'a souligné X"."""
        lows = m.lows
        if at + 3 >= end or lows[at + 1] not in {"l'", "le"}:
            return None
        verb = at + 2 + bool(self.flags.get(lows[at + 2], 0) & AUX)
        if verb + 1 >= end or not self.pack.cues.get(lows[verb]):
            return None
        place = self.nouns.skip_fillers(m, verb + 1, end)
        if place >= end or not self.nouns.np_start(m, place):
            return None
        stop = self.nouns.extent(m, place, end, plural=True)
        speaker = self._with_apposition(m, place, stop)
        if at == 0:
            draft = self._source_first(m, index, stop, end)
        elif lows[at - 1] == "," and stop >= end - 1:
            draft = self._make(m, index, 0, at - 1, "according", "declare")
        else:
            return None
        if draft is None or speaker is None:
            return None
        draft.speaker, draft.cue = speaker, (m.starts[at], m.ends[verb])
        return draft

    def _quote_follows(self, m: Matrix) -> bool:
        """Tell "Pour le maire, « … »": a quotation right after a comma."""
        return any(m.quotes[at] and m.lows[at - 1] == "," for at in range(2, min(len(m), 20)))

    def _person_then_clause(self, m: Matrix, end: int) -> bool:
        """Tell "Pour Dimitri Sava, l'aide arrivera trop tard": a person, then a whole clause."""
        if len(m) < 5 or not self.nouns.np_start(m, 1):
            return False
        stop = self.nouns.extent(m, 1, len(m))
        who = self.nouns.speaker(m, 1, stop)
        if who is None or who.pronoun or stop + 2 >= end or m.lows[stop] != ",":
            return False
        person = (who.name and (" " in who.name or m.lows[1] in self.nouns.titles)) or (
            who.role and who.surface.split(" ")[0].lower() in {"le", "la", "the"}
        )
        opens = self.nouns.np_start(m, stop + 1) or m.lows[stop + 1] in {"il", "c'", "ce"}
        short = m.ends[stop - 1] - m.starts[stop - 1] > 1 and who.surface.split()[-1].isupper()
        if short and m.lows[stop + 1] in {"il", "c'"}:
            return True  # "Pour le PAM, il faut tripler les rations"
        clause = any(self._is_verb(m.lows[at]) or m.quotes[at] for at in range(stop + 1, end))
        return bool(person and opens and clause)

    def _according_one(
        self, m: Matrix, index: int, at: int, place: int, end: int, drafts: list[Draft]
    ) -> Draft | None:
        lows = m.lows
        stop = self.nouns.extent(m, place, len(m), plural=True)
        if lows[place] in _OBLIQUE:
            stop = place + 1
            gender = {"lui": "m", "him": "m", "elle": "f", "her": "f", "elles": "f"}.get(
                lows[place]
            )
            speaker: Speaker | None = Speaker(
                m.starts[place], m.ends[place], self.seg.text[m.starts[place] : m.ends[place]],
                None, None, gender, pronoun=True,
            )  # fmt: skip
        else:
            stop = max(stop, place + 1)
            place = self._past_words_of(m, place)
            speaker = self._issuer(m, place, stop) or self._with_apposition(m, place, stop)
            if speaker is not None:
                while stop < len(m) and m.starts[stop] < speaker.end:
                    stop += 1
        if speaker is None:
            return None
        leading = at == 0 or all(
            lows[k] in {"mais", "et", "or", "but", "and", ",", "toujours", "aussi", "however"}
            for k in range(at)
        )
        leading = leading or (at > 2 and lows[at - 1] == "," and lows[at - 2] in self.that)
        leading = leading or (at > 1 and lows[at - 1] == ":")
        if leading:
            draft = self._source_first(m, index, stop, end)
        else:
            draft = self._source_behind(m, index, at, stop, end, drafts)
        if draft is None:
            return None
        draft.speaker = speaker
        draft.cue = (m.starts[at], m.ends[place - 1])
        if self._only_counted(m, place, stop):
            draft.rule = COUNTED
        return draft

    def _only_counted(self, m: Matrix, place: int, stop: int) -> bool:
        """Tell "selon un décompte établi à partir de bilans": nobody is told to have counted."""
        if self.counts_issued.isdisjoint(m.lows[place + 1 : place + 3]):
            return False
        near = range(place + 2, min(stop + 4, len(m) - 1))
        return any(tuple(m.lows[k : k + 2]) in _DRAWN_FROM for k in near)

    def _past_words_of(self, m: Matrix, place: int) -> int:
        """Pass "les déclarations de" before who made them: "selon les déclarations du maire"."""
        at = place + bool(self.flags.get(m.lows[place], 0) & DET)
        if at + 2 >= len(m) or m.lows[at] not in self.words_said:
            return place
        after = at + 2 if m.lows[at + 1] in self.nouns.of_words else place
        return after if after == place or m.lows[after][0].isalnum() else place

    def _issuer(self, m: Matrix, place: int, stop: int) -> Speaker | None:
        """Give who issued "un bilan communiqué dimanche par les autorités"."""
        if not self.counts_issued & set(m.lows[place : place + 4]):
            return None
        for at in range(place + 2, min(stop + 4, len(m) - 1)):
            low = m.lows[at]
            if low in self.agents and self.nouns.np_start(m, at + 1):
                return self.nouns.speaker(m, at + 1, self.nouns.extent(m, at + 1, len(m)))
            dated = self.nouns.is_date(m, at)
            if at >= stop and not (dated or low.endswith(("é", "ée", "és", "ées", "ed"))):
                return None
        return None

    def _source_first(self, m: Matrix, index: int, stop: int, end: int) -> Draft | None:
        """Read "Selon X, chef de Y, …": the statement follows the source."""
        lows = m.lows
        comma = stop
        while comma < end and lows[comma] != "," and not m.quotes[comma]:
            comma += 1
        if comma >= end:
            return None
        first = comma + 1 if lows[comma] == "," else comma
        # Skip appositions of the source: "Selon X, chef de Y, …".
        role_next = first < end and self.flags.get(lows[first], 0) & ROLE
        role_next = role_next or (first < end and self.flags.get(lows[first], 0) & REL)
        cited = first < end and lows[first] in {"cité", "citée", "cités", "quoted", "cited"}
        of_body = first + 2 < end and lows[first] in self.nouns.of_words and not self.english
        if role_next or cited or of_body:
            further = first
            while further < end and lows[further] != ",":
                further += 1
            if further + 1 < end:
                first = further + 1
        return self._make(m, index, first, end, "according", "declare")

    def _source_behind(
        self, m: Matrix, index: int, at: int, stop: int, end: int, drafts: list[Draft]
    ) -> Draft | None:
        """Read "…, selon X[, …]": the statement stands before the source, or around it."""
        lows = m.lows
        last = at
        begin = 0
        while begin < last and lows[begin] in {",", "–", "—", "•"}:
            begin += 1
        begin = max((k + 1 for k in range(begin, last - 2) if lows[k] == ";"), default=begin)
        where = max((k + 1 for k in range(begin + 1, last - 2) if lows[k] == "où"), default=begin)
        begin = where if where > 1 and lows[where - 2] == "," else begin
        told = next((k for k in range(begin + 1, last) if m.quotes[k] and lows[k - 1] == ":"), 0)
        if told and last - told <= 2:
            begin = told  # "Kiev espère davantage : « … », d'après un négociateur"
        draft = self._make(m, index, begin, last, "according", "declare")
        chained = draft is not None and any(
            each.start < draft.start + 3
            and draft.start < each.end
            and ("incise" in each.rule or each.rule == "quote-after")
            for each in drafts
        )
        if chained:
            return None  # "…, a dit X, selon l'agence Y"
        if draft is not None and stop < end and lows[stop] == ",":
            following = lows[stop + 1] if stop + 1 < end else ""
            bare = last - begin <= 3 and not any(
                self._is_verb(low) for low in lows[begin:last]
            )  # "La faute, selon X, à des États …"
            if following and (bare or self._clause_was_open(m, draft, following)):
                draft.parts = [(draft.start, draft.end), (m.starts[stop + 1], m.ends[end - 1])]
                draft.end = m.ends[end - 1]
        return draft

    # ---- no cue at all -----------------------------------------------------------------------

    def _without_cue(self, m: Matrix, index: int) -> list[Draft]:
        lows, end = m.lows, self._sentence_end(m)
        quotes = [quote for quote in m.quotes[:end] if quote] if m.sentence.quotes else []
        if quotes:
            said = [lows[at] for at in range(end) if not m.quotes[at] and lows[at][0].isalnum()]
            if len(said) <= 2 and all(low in _JOINING for low in said):
                return [self._floating(quote, index) for quote in quotes if self._long(quote)]
        colon = next((at for at in range(min(end, 14)) if lows[at] == ":"), -1)
        if colon > 0 and colon + 1 < end and (quotes or m.sentence.paragraph < 4):
            bounds = self._np_bounds(m, 0, colon)
            if bounds and bounds == (0, colon):
                speaker = self.nouns.speaker(m, 0, colon)
                person = speaker and (
                    speaker.role or (speaker.name and " " in speaker.name) or quotes
                )
                if speaker and person and not speaker.pronoun and self._voice(m, colon, speaker):
                    draft = self._make(m, index, colon + 1, end, "colon:name", "declare")
                    if draft:
                        draft.speaker = speaker
                        return [draft]
        answered = self._after_clause(m, index, colon, end)
        if answered is not None:
            return [answered]
        led = self._before_colon(m, index, end)
        if led is not None:
            return [led]
        added = self._and_to_add(m, index, end)
        if added is not None:
            return [added]
        named = end > 2 and self.nouns.np_start(m, 2)
        if named and quotes and m.quotes[0] and lows[1] in {",", "–", "—", "―", "-"}:
            speaker = self.nouns.speaker(m, 2, self.nouns.extent(m, 2, end))
            if speaker and (speaker.name or speaker.role):
                quote = quotes[0]
                return [
                    Draft(quote.start, quote.end, "name-after", "declare", index, None, speaker)
                ]
        return self._headline(m, index, end)

    def _after_clause(self, m: Matrix, index: int, colon: int, end: int) -> Draft | None:
        """Read "M. Steiner a botté en touche : « Pas de commentaire. »": who acts speaks."""
        if colon < 2 or colon + 2 != end:
            return None
        quote = m.quotes[colon + 1]
        if quote is None or not self._long(quote):
            return None
        begin = self._behind_question(m, colon)
        verb = next(
            (at for at in range(begin + 1, colon) if self._is_verb(m.lows[at])
             or self.flags.get(m.lows[at], 0) & MODAL or (
                self.english and m.lows[at].endswith("ed"))), 0
        )  # fmt: skip
        speaker = self._named_last(m, colon) or (self._chunks(m, begin, verb) if verb else None)
        person = speaker is not None and (speaker.role or speaker.name or speaker.pronoun)
        if not person:
            return None
        draft = self._make(m, index, colon + 1, end, "colon:answer", "declare")
        if draft is not None:
            draft.speaker = speaker
        return draft

    def _named_last(self, m: Matrix, colon: int) -> Speaker | None:
        """Read "Un avis que ne partage pas la chercheuse X : « … »": who ends the clause."""
        for at in range(max(colon - 8, 1), colon - 2):
            led = self.flags.get(m.lows[at], 0) & DET and self.flags.get(m.lows[at + 1], 0) & ROLE
            if led and self.nouns.extent(m, at, colon) == colon:
                who = self.nouns.speaker(m, at, colon)
                before = self.flags.get(m.lows[at - 1], 0) & PREP
                agent = m.lows[at - 1] in self.agents  # "Un avis partagé par le maire : « … »"
                told = who is not None and who.role and (agent or (who.name and not before))
                return who if told else None
        return None

    def _before_colon(self, m: Matrix, index: int, end: int) -> Draft | None:
        """Read "« Nous opérons à la bougie » : à l'hôpital, le docteur X …": its subject speaks."""
        quote = m.quotes[0]
        if quote is None or end < 5 or m.lows[1] != ":" or not self._long(quote):
            return None
        draft = Draft(quote.start, quote.end, "colon:before", "declare", index)
        for at in range(2, min(end, 16)):
            opens = self.nouns.np_start(m, at) and (at == 2 or m.lows[at - 1] in {",", ":"})
            who = self.nouns.speaker(m, at, self.nouns.extent(m, at, end)) if opens else None
            if who is not None and (who.name or who.role) and not who.pronoun:
                draft.speaker = who
                return draft
        return None

    def _voice(self, m: Matrix, colon: int, speaker: Speaker) -> bool:
        """Tell "Zelensky : « … »" from "Médicaments : « … »" and from a whole clause."""
        if colon > 9 or any(
            self.flags.get(low, 0) & AUX or self.pack.tenses.get(low) in {"past", "fut", "cond"}
            or (self.english and low.endswith("ed"))
            for low in m.lows[:colon]
        ):  # fmt: skip
            return False
        if colon > 1 or speaker.role:
            return True
        low = m.lows[0]
        body = self.pack.match(m.lows, 0, "organisations", colon)
        named = re.search(rf"[A-ZÀ-Þ][\w.'’-]* {re.escape(speaker.surface)}\b", self.seg.text)
        if not (body or named or (speaker.surface.isupper() and len(low) > 2)):
            return False  # "Kharkiv : « … »" is a place
        if self.flags.get(low, 0) & ITEM or (not self.english and low.endswith("s")):
            return low in self.pack.words("institutions") or bool(
                self.pack.match(m.lows, 0, "organisations", colon)
            )
        # A word that the article also writes small is a topic: "Inondation : …".
        text = self.seg.text
        return re.search(rf"\b{re.escape(low)}\b", text) is None

    def _long(self, quote: Quote) -> bool:
        words = self.seg.text[quote.start : quote.end].strip(' «»“”"')
        return words.count(" ") >= 3 or (words[-1:] in {".", "!", "?"} and " " in words)

    def _and_to_add(self, m: Matrix, index: int, end: int) -> Draft | None:
        """Read "Et d'ajouter : « … »": an infinitive that goes on with the last speaker."""
        lows = m.lows
        if self.english or end < 5 or lows[0] != "et":
            return None
        verb = next((at + 1 for at in range(1, min(end - 2, 8)) if lows[at] in {"d'", "de"}
                     and (self.pack.tenses.get(lows[at + 1]) == "inf"
                          or self._is_infinitive(m, at + 1))), 0)  # fmt: skip
        if not verb:
            return None
        colon = next((at for at in range(verb + 1, min(end, verb + 8)) if lows[at] == ":"), 0)
        told = self.pack.cues.get(lows[verb])
        if not told and not (colon and colon + 1 < end and m.quotes[colon + 1]):
            return None  # "Et d'enfoncer le clou : « … »" tells as much
        first = colon + 1
        if not colon and lows[verb + 1] in self.that:
            first = verb + 1
        draft = self._make(m, index, first, end, "colon", "declare") if first > 1 else None
        if draft is not None:
            draft.cue = (m.starts[verb], m.ends[verb])
            if verb > 2 and self.nouns.np_start(m, 1):
                draft.speaker = self.nouns.speaker(m, 1, verb - 1)
        return draft

    def _floating(self, quote: Quote, index: int) -> Draft:
        return Draft(quote.start, quote.end, "floating", "declare", index)

    def _bare_party(self, m: Matrix, first: int, last: int) -> bool:
        """Tell whether only a name, a body or an office stands at some words of a headline."""
        if not 0 < last - first <= 7 or self._np_bounds(m, first, last) != (first, last):
            return False
        if self.nouns.extent(m, first, last) != last:
            return False
        capital = any(self.nouns.upper(m, at) for at in range(max(first, 1), last))
        lone = first == 0 and last == 1 and self.nouns.upper(m, 0)
        return capital or lone or any(self.flags.get(low, 0) & ROLE for low in m.lows[first:last])

    def _headline(self, m: Matrix, index: int, end: int) -> list[Draft]:
        """Read a verbless headline: "L'OTAN confiant dans …"."""
        if m.sentence.paragraph > 2 or end < 4 or m.lows[len(m) - 1] == ".":
            return []
        quote = m.quotes[end - 1]
        if quote is not None and self.seg.text[quote.start : quote.end].count(" ") > 1:
            colon = max((at + 1 for at in range(end - 1) if m.lows[at] == ":"), default=0)
            who = (
                self.nouns.speaker(m, colon, end - 1)
                if self._bare_party(m, colon, end - 1)
                else None
            )
            if who is not None:  # "Chasseurs : le Danemark « prendra ses responsabilités »"
                return [Draft(quote.start, quote.end, "headline", "declare", index, None, who)]
        for at in range(1, min(end - 2, 8)):
            felt = m.quotes[at] if self.english else None
            if felt is not None and self._bare_party(m, 0, at):
                said = self.seg.low_text[felt.start + 1 : felt.end - 1].split()
                draft = self._make(m, index, at, end, "headline", "declare")
                if draft and not self.attitudes.isdisjoint(said):
                    draft.speaker = self.nouns.speaker(m, 0, at)
                    return [draft]  # 'NATO chief "quite confident" Kyiv will join'
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
