"""What follows a cue: clauses, quotations, requests, promises, attitudes."""

from __future__ import annotations

from intendance.intake.cues import CueGroup
from intendance.intake.drafts import Draft, FrameReader
from intendance.intake.pack import (
    ADVERB,
    AUX,
    BOUND,
    DET,
    NUMBER,
    PREP,
    PRONOUN,
    ROLE,
)
from intendance.intake.people import QUOTE, Matrix


class ComplementReader(FrameReader):
    """Reads statements whose cue stands first."""

    # -- cue first: X a dit que … / X said that … / X : « … »

    def _complement(
        self, m: Matrix, index: int, group: CueGroup, limit: int, frames: set[str]
    ) -> Draft | None:
        lows = m.lows
        stop = max(min(limit, self._sentence_end(m)), group.last)
        at = group.last
        if self._answers(m, at, stop):
            return None
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
            if (low in {",", ";", "."} and seen > 6) or low == ";":
                break
            if seen and self.flags.get(low, 0) & AUX and not self.english:
                break
            at += 1
            seen += 1
        return self._bare(m, index, group, stop, frames)

    def _answers(self, m: Matrix, at: int, stop: int) -> bool:
        """Tell "ont répondu à l'appel", "n'exclut pas d'envoyer", "did not say whether"."""
        lows = m.lows
        before = lows[max(at - 4, 0) : at]
        if at + 2 < stop and lows[at] == "à" and lows[at + 2] in {"appel", "invitation"}:
            return True
        if at < stop and lows[at] in {"pas", "plus"} and at + 1 < stop:
            return lows[at + 1] in {"de", "d'"}
        denied = "n't" in before or "not" in before
        return denied and at < stop and lows[at] in {"whether", "if", "how", "when", "what", "why"}

    def _compares(self, m: Matrix, at: int) -> bool:
        """Tell "plus … que", "aussi … que" from the "que" of a clause."""
        return any(low in self.comparators for low in m.lows[max(at - 2, 0) : at])

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
        if "reflexive" in frames and low in {"de", "d'", "du", "des"} and stop - at >= 2:
            return self._make(m, index, at, self._cut(m, at, stop), "noun", self._act(group))
        if frames & {"noun"} and (
            flag & DET
            or low[0].isdigit()
            or low in {"un", "une"}
            or (self.english and low[0].isalpha())
        ):
            if group.tense == "ger" and flag & DET == 0:
                return None
            nominal = [each for each in group.readings if each.frame == "noun"]
            if stop - at >= 2:
                return self._make(m, index, at, self._cut(m, at, stop), "noun", nominal[0].act)
        if frames & {"deny"} and self._infinitive_near(m, at, min(at + 5, stop)) is not None:
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        if frames & {"deny"} and flag & DET and stop - at >= 2:
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        if "against" in frames and low == "contre" and stop - at >= 2:
            return self._make(m, index, at, self._cut(m, at, stop), "noun", self._act(group))
        infinitive = (
            not self.english
            and frames & {"say"}
            and (
                low in {"vouloir", "avoir", "être", "ne", "n'", "pouvoir", "s'attendre"}
                or (
                    low.endswith(("er", "oir", "indre", "ttre"))
                    and flag & AUX == 0
                    and low in self.pack.tenses
                )
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
            or (m.lows[at] == "on" and at + 1 < stop and self.nouns.is_date(m, at + 1))
        ):
            at += 1
        return at

    # -- requests and promises

    def _is_infinitive(self, m: Matrix, at: int) -> bool:
        low = m.lows[at]
        tense = self.pack.tenses.get(low)
        if self.flags.get(low, 0) & (NUMBER | DET | ROLE | PREP):
            return False
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
        if lows[at] in {"not", "n't"}:
            return None  # "asked not to be named"
        for place in range(at, min(at + 12, stop)):
            if lows[place] in self.that and not self._compares(m, place):
                return self._make(m, index, place, self._cut(m, place, stop), rule, act)
            named = self.english and chosen.lemma in {"call", "appeal"}
            if m.quotes[place] and named and lows[at] not in {"for", "on"}:
                return None  # "called the response "a disgrace""
            if m.quotes[place]:
                before = self._infinitive_near(m, at, place)
                first = place if before is None else before
                return self._make(m, index, first, self._cut(m, place, stop), rule, act)
            if lows[place] == ":":
                return self._make(m, index, place, self._cut(m, place, stop), rule, act)
            if lows[place] in {",", ";"} and place > at + 1:
                break
        at = self._skip_dates(m, at, stop)
        thing = (
            at < stop
            and chosen.lemma in self.direct_object
            and (
                (
                    self.flags.get(lows[at], 0) & (DET | BOUND | NUMBER)
                    and lows[at] not in {"à", "de", "to"}
                )
                or lows[at][0].isdigit()
                or lows[at] in {"plus", "davantage", "entre", "between"}
            )
        )
        thing = thing or (self.english and at < stop and lows[at] == "for")
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
        opens = (
            flag & (DET | BOUND | NUMBER)
            or low in {"entre", "à", "de", "d'", "plus", "davantage"}
            or low[0].isdigit()
        )
        if opens and stop - at >= 2:
            if chosen.lemma == "appeler" and low not in {"à", "au", "aux"}:
                return None
            return self._make(m, index, at, self._cut(m, at, stop), rule, act)
        return None

    def _before_but(self, m: Matrix, at: int, stop: int) -> int:
        """End what is asked before ", mais …" and ", tandis que …"."""
        for place in range(at + 1, stop - 1):
            if m.lows[place] == "," and m.lows[place + 1] in {"mais", "but", "aber"}:
                return place
            if m.lows[place] == "," and self.flags.get(m.lows[place + 1], 0) & AUX:
                return place  # "Kenya, which had pledged 40 trucks, has delivered 12"
            following = self.pack.tenses.get(m.lows[place + 1])
            if self.english and m.lows[place] == "but" and following == "past":
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
        stop = self._before_but(m, at, stop)
        act = "hesitate" if low in self.hesitant else "pledge" if low in self.ready else "declare"
        return self._make(m, index, at, self._cut(m, at, stop), "adjective", act)
