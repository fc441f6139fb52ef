"""What follows a cue: clauses, quotations, requests, promises, attitudes."""

from __future__ import annotations

from intendance.intake.cues import CueGroup
from intendance.intake.drafts import Draft, FrameReader
from intendance.intake.pack import (
    ADVERB,
    AUX,
    BOUND,
    DET,
    MODAL,
    NUMBER,
    PREP,
    PRONOUN,
    ROLE,
)
from intendance.intake.people import QUOTE, Matrix


_REPORTING = frozenset({"fait état", "fait part"})


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
        straight = self._infinitive_clause(m, index, group, stop, frames)
        if straight is not None:
            return straight
        if frames == {"quote"}:
            return self._only_quoted(m, index, group, stop)
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

    def _infinitive_clause(
        self, m: Matrix, index: int, group: CueGroup, stop: int, frames: set[str]
    ) -> Draft | None:
        """Read "affirme pouvoir doubler", "dément avoir refusé", "denies dragging its feet"."""
        lows, at = m.lows, self._skip_dates(m, group.last, stop)
        if self.english:
            gerund = frames & {"deny"} and at < stop and lows[at].endswith("ing")
            if not gerund or stop - at < 2:
                return None
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        if not frames & {"say", "deny"} or group.readings[0].lemma in self.asking:
            return None
        place = at
        while place < stop and place - at < 4 and lows[place] in self.before_verb:
            place += 1
        if stop - place < 1 or not self._is_infinitive(m, place):
            return None
        rule = "deny" if frames & {"deny"} else "that:infinitive"
        return self._make(m, index, at, self._cut(m, at, stop), rule, self._act(group))

    def _only_quoted(self, m: Matrix, index: int, group: CueGroup, stop: int) -> Draft | None:
        """Read "y voit « une folie »", "a qualifié ce geste de « tour de passe-passe »"."""
        for at in range(group.last, min(group.last + 9, stop)):
            if m.lows[at] in {",", ";", ":"}:
                return None
            quote = m.quotes[at]
            if quote is not None:
                return Draft(quote.start, quote.end, "quote-in", self._act(group), index)
        return None

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
            if not clause and words < 2 and not self.flags.get(m.lows[first], 0) & DET:
                return None
            if m.lows[at - 1] in {"comme", "d'", "de"} and not clause:
                return self._make(m, index, at, at + 1, "quote-in", self._act(group))
        whole = quote.closed and words >= 6 and first == at
        last = at + 1 if whole and not self._goes_on(m, at + 1, stop) else self._cut(m, at, stop)
        rule = "quote-in"
        return self._make(m, index, first, last, rule, self._act(group))

    def _goes_on(self, m: Matrix, at: int, stop: int) -> bool:
        """Tell whether words of the statement follow its quotation."""
        return at < stop and m.lows[at] not in {",", ";", ".", "but", "mais"}

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
        if group.readings[0].lemma in _REPORTING and lows[at] in {"de", "d'"} and stop - at >= 3:
            return self._make(m, index, at + 1, self._cut(m, at, stop), "noun", "declare")
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
        plural = low in {"de", "d'"} and at + 2 < stop and lows[at + 1].endswith(("s", "x"))
        if frames & {"noun"} and (
            flag & DET
            or plural  # "ont annoncé de nouvelles aides"
            or low[0].isdigit()
            or low in {"un", "une"}
            or (self.english and low[0].isalpha())
        ):
            if group.tense == "ger" and flag & DET == 0:
                return None
            stop = self._before_but(m, at, stop)
            nominal = [each for each in group.readings if each.frame == "noun"]
            if stop - at >= 2:
                return self._noun(m, index, at, self._cut(m, at, stop), nominal[0].act)
        if frames & {"deny"} and self._infinitive_near(m, at, min(at + 5, stop)) is not None:
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        if frames & {"deny"} and flag & DET and stop - at >= 2:
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        if "against" in frames and low == "contre" and stop - at >= 2:
            return self._make(m, index, at, self._cut(m, at, stop), "noun", self._act(group))
        return self._valued(m, index, group, at, stop)

    def _noun(self, m: Matrix, index: int, at: int, stop: int, act: str) -> Draft | None:
        """Read a thing that is told: "l'envoi de …", "son engagement de financer …"."""
        for place in range(at, min(at + 4, stop - 2)):
            if m.lows[place] in self.promises and m.lows[place + 1] in {"de", "d'", "to"}:
                return self._make(m, index, place + 1, stop, "pledge", "pledge")
        if self.english:
            for place in range(at + 2, stop - 1):
                if m.lows[place] == "on" and self.nouns.is_date(m, place + 1):
                    stop = place  # "announced $500 million in aid on Thursday"
                    break
        return self._make(m, index, at, stop, "noun", act)

    def _valued(
        self, m: Matrix, index: int, group: CueGroup, at: int, stop: int
    ) -> Draft | None:
        """Read "a chiffré à 1,7 milliard le paquet", "insiste sur l'urgence d'acheminer …"."""
        lemma = group.readings[0].lemma
        wanted = self.cue_prepositions.get(lemma)
        if wanted is None:
            return None
        lows = m.lows
        for place in range(at, min(at + 9, stop - 1)):
            if lows[place] in {",", ";", ":"}:
                return None
            if lows[place] not in wanted:
                continue
            figure = lows[place + 1][0].isdigit() or self.flags.get(lows[place + 1], 0) & (
                NUMBER | BOUND
            )
            first = at if self.flags.get(lows[at], 0) & DET else place
            if figure or lows[place] not in {"à", "at"}:
                first = first if figure else place
                return self._make(m, index, first, self._cut(m, at, stop), "noun", "declare")
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
        chosen = next(
            each for each in group.readings if each.frame in ("request", "pledge", "advice")
        )
        rule, act = chosen.frame, chosen.act
        at = self._past_aside(m, group.last, stop)
        if rule == "advice":
            rule = "request:advice"
            if at >= stop or lows[at] not in {"de", "d'"}:
                return None
        if lows[at] in {"not", "n't"}:
            return None  # "asked not to be named"
        for place in range(at, min(at + 12, stop)):
            if lows[place] in self.that and not self._compares(m, place):
                return self._make(m, index, place, self._cut(m, place, stop), rule, act)
            named = self.english and chosen.lemma == "call"
            if m.quotes[place] and named and lows[at] not in {"for", "on"}:
                return None  # "called the response "a disgrace""
            if m.quotes[place]:
                before = self._infinitive_near(m, at, place)
                first = place if before is None else before
                first -= self.english and lows[first - 1] in {"not", "never"}
                return self._make(m, index, first, self._cut(m, place, stop), rule, act)
            if lows[place] == ":" and place == at and not any(m.quotes[place:stop]):
                return None  # "Contact presse : 01 02 03"
            if lows[place] == ":":
                return self._make(m, index, place, self._cut(m, place, stop), rule, act)
            if lows[place] in {",", ";"} and place > at + 1:
                break
        at = self._skip_dates(m, at, stop)
        at = self._past_asked(m, at, stop)
        if at < stop and any(low in self.unnamed for low in lows[at : at + 2]):
            return None  # "a requis l'anonymat"
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
            found -= self.english and lows[found - 1] in {"not", "never"}
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

    def _past_asked(self, m: Matrix, at: int, stop: int) -> int:
        """Pass who is asked: "a réclamé aux partenaires une aide", "has asked us for six"."""
        lows = m.lows
        if self.english:
            near = range(at, min(at + 6, stop))
            place = next((k for k in near if lows[k] == "for"), at)
            plain = not any(self.flags.get(lows[k], 0) & (AUX | MODAL) for k in range(at, place))
            return place if plain and "to" not in lows[at:place] and "," not in lows[at:place] else at
        if at + 2 >= stop or lows[at] not in {"à", "au", "aux"}:
            return at
        place = at + 1 if lows[at] != "à" or self.nouns.np_start(m, at + 1) else at
        if place == at:
            return at
        end = self.nouns.extent(m, place, stop)
        figure = end < stop and (self.flags.get(lows[end], 0) & (DET | NUMBER | BOUND))
        return end if end > place and (figure or lows[min(end, stop - 1)][0].isdigit()) else at

    def _past_aside(self, m: Matrix, at: int, stop: int) -> int:
        """Pass ", une nouvelle fois," between a cue and what is asked."""
        if at >= stop or m.lows[at] != ",":
            return at
        for place in range(at + 1, min(at + 7, stop)):
            if m.lows[place] == ",":
                return place + 1 if place + 1 < stop else at
            if self.flags.get(m.lows[place], 0) & (AUX | PRONOUN) or m.quotes[place]:
                return at
        return at

    def _before_but(self, m: Matrix, at: int, stop: int) -> int:
        """End what is asked before ", mais …" and ", tandis que …"."""
        for place in range(at + 1, stop - 1):
            if m.lows[place] == "," and m.lows[place + 1] in {"mais", "but", "aber"}:
                return place
            joint = place + 1 + (m.lows[place + 1] in {"and", "et", "n'", "ne", "n'en", "en"})
            joint += joint < stop and m.lows[joint] in {"en", "y", "n'", "ne"}
            if m.lows[place] == "," and joint < stop and self.flags.get(m.lows[joint], 0) & AUX:
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
