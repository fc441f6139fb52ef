"""What follows a cue: clauses, quotations, requests, promises, attitudes."""

from __future__ import annotations

from intendance.intake.asking import AskingReader
from intendance.intake.cues import CueGroup
from intendance.intake.drafts import Draft
from intendance.intake.pack import (
    ADVERB,
    AUX,
    BOUND,
    DET,
    MODAL,
    NUMBER,
    PREP,
    PRONOUN,
)
from intendance.intake.people import QUOTE, Matrix

_SUBJECTS = frozenset({"he", "she", "it", "they", "we"})
_REPORTING = frozenset({"fait état", "fait part"})


class ComplementReader(AskingReader):
    """Reads statements whose cue stands first."""

    # -- cue first: X a dit que … / X said that … / X : « … »

    def _complement(
        self, m: Matrix, index: int, group: CueGroup, limit: int, frames: set[str]
    ) -> Draft | None:
        lows = m.lows
        stop = max(min(limit, self._sentence_end(m)), group.last)
        at = group.last
        if (self._answers(m, at, stop) and not frames & {"deny"}) or self._unnamed_at(m, at):
            return None
        clause = bool(frames & {"say", "reflexive", "deny", "request", "pledge", "told", "doubt"})
        if "accuse" in frames:
            found = self._infinitive_near(m, at, min(at + 12, stop))
            if found is None:  # "accuse les alliés de « prolonger la guerre »"
                near = range(at + 1, min(at + 12, stop))
                found = next((k - 1 for k in near if m.quotes[k]), None)
            if found is None or "," in lows[at:found] or lows[found] not in {"de", "d'"}:
                return None
            return self._make(m, index, found, self._cut(m, found, stop), "noun", "declare")
        if self.english and lows[0] == "as" and at < stop and lows[at] == "," and "say" in frames:
            return self._make(m, index, at + 1, stop, "according", "declare")
        straight = self._infinitive_clause(m, index, group, stop, frames)
        if straight is not None:
            return straight
        if frames == {"quote"}:
            return self._only_quoted(m, index, group, stop)
        seen, own = 0, self.english and self._opens_clause(m, group, stop)
        while at < stop and seen < 16:
            low = lows[at]
            told = seen > 2 and frames & {"noun"} and self.flags.get(lows[group.last], 0) & DET
            if low == ":" and told and not any(m.quotes[at:stop]):
                break  # "a dévoilé une aide de 500 millions d'euros : 10 000 obus, …"
            if low == ":" and frames == {"request"} and not any(m.quotes[at:stop]):
                return None  # "Contact presse : …"
            if low == ":":
                return self._make(m, index, at + 1, stop, "colon", self._act(group))
            if m.quotes[at]:
                return self._quoted(m, index, group, at, stop, clause)
            if low in self.that and clause and not own and not self._compares(m, at):
                rule = "that" if group.tense != "ger" else "gerund"
                if frames & {"deny"}:
                    rule = "deny"
                return self._make(m, index, at, self._cut(m, at, stop), rule, self._act(group))
            if (low in {",", ";", "."} and seen > 6) or low == ";":
                break
            if self.nouns.is_date(m, at) or low[0].isdigit():
                seen -= at > group.last  # "a estimé, jeudi 20 avril, depuis Kiev, que …"
            if seen and self.flags.get(low, 0) & AUX and not self.english:
                break
            at += 1
            seen += 1
        bare = self._bare(m, index, group, stop, frames)
        if bare is None and self.english and "say" in frames:
            return self._last_told(m, index, stop)
        return bare

    def _last_told(self, m: Matrix, index: int, stop: int) -> Draft | None:
        """Read "stated in a release from the capital, where she holds talks: "…"."""
        quote = m.quotes[stop - 1] if stop == self._sentence_end(m) and stop > 3 else None
        if quote is None or m.lows[stop - 2] != ":":
            return None
        return Draft(quote.start, quote.end, "colon", "declare", index)

    def _opens_clause(self, m: Matrix, group: CueGroup, stop: int) -> bool:
        """Tell "said the floods that …", whose "that" is no cue's, from "said on Monday that"."""
        at = self._skip_dates(m, group.last, stop)
        lemma = group.readings[0].lemma
        if at < stop and m.lows[at] in _SUBJECTS:
            return True  # "announced it has word that …"
        if at >= stop or not (lemma in self.with_clause or lemma in self.noun_only):
            return False
        if m.lows[at] in self.that:
            return False
        if m.kinds[at] & (DET | PRONOUN) or self.nouns.np_start(m, at):
            return True
        end = at
        while end < stop and end - at < 4 and not m.kinds[end] & (AUX | MODAL | DET | PREP):
            end += 1
        return self.nouns.bare_plural(m, at, end)

    def _clause_ahead(self, m: Matrix, at: int, stop: int) -> bool:
        """Tell "felt the plan was wrong" from "heard her voice": a verb stands ahead."""
        for place in range(at + 1, min(at + 9, stop)):
            if m.lows[place] in {",", ";", ":"} or m.quotes[place]:
                return False
            if m.kinds[place] & (AUX | MODAL) or self.pack.tenses.get(m.lows[place]) == "past":
                return True
        return False

    def _unnamed_at(self, m: Matrix, at: int) -> bool:
        """Tell "a requis l'anonymat" from "said they identified new areas"."""
        near = m.lows[at : at + 2]
        if self.english and near and self.flags.get(near[0], 0) & PRONOUN:
            return False
        return any(low in self.unnamed for low in near)

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
        further = self._past_aside(m, self.nouns.skip_fillers(m, at, stop), stop)
        if further < stop - 1 and lows[further] in {"avoir", "être"}:
            at = further  # "indique dans un communiqué avoir débloqué …"
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
            felt = group.readings[0].lemma == "exprimer" and at - group.last > 3
            if quote is not None and not felt:  # "exprimé sa « vive émotion »"
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
        return denied and at < stop and lows[at] in {
            "whether", "if", "how", "when", "what", "why", "who", "where", "which"}  # fmt: skip

    def _quoted(
        self, m: Matrix, index: int, group: CueGroup, at: int, stop: int, clause: bool
    ) -> Draft | None:
        """Read a cue with a (partial) quotation after it."""
        quote = m.quotes[at]
        assert quote is not None
        if self.english and group.readings[0].lemma in self.noun_only and not (
            self._clause_ahead(m, group.last - 1, at)
        ):  # fmt: skip
            return None  # "would feel its "wrath""
        words = self.seg.text[quote.start : quote.end].count(" ") + 1
        gap = at - group.last
        if (
            gap > 1
            and m.lows[group.last] == "contre"
            and "against" in {each.frame for each in group.readings}
        ):  # "met en garde contre une réponse où il ne veut voir « personne »"
            last = self._cut(m, at, stop)
            return self._make(m, index, group.last, last, "noun", self._act(group))
        if gap == 0 or (gap <= 2 and m.lows[at - 1] in {",", ":"}):
            first = at
        else:
            first = self.nouns.skip_fillers(m, group.last, at)
            if self.english and any(each.frame == "told" for each in group.readings):
                first = self._told_clause(m, group, at, stop)
            named = self.flags.get(m.lows[first], 0) & DET and m.lows[at - 1] not in {"de", "d'"}
            if self.english and m.lows[at - 1] == "of" and group.readings[0].lemma == "accuse":
                first = at - 1
            elif gap == 1 and m.lows[at - 1] == "as" and group.readings[0].lemma == "describe":
                first = at - 1  # "words that he described as "shameful""
            elif not clause and words < 2 and not named:
                return None
            if words >= 2 and m.lows[at - 1] in {"comme", "d'", "de"} and not clause:
                return self._make(m, index, at, at + 1, "quote-in", self._act(group))
        turns = at + 1 < stop and m.lows[at + 1] in {"mais", "but"}
        whole = quote.closed and (words >= 6 or (turns and words > 1)) and first == at
        last = at + 1 if whole and not self._goes_on(m, at + 1, stop) else self._cut(m, at, stop)
        rule = "quote-in"
        return self._make(m, index, first, last, rule, self._act(group))

    def _told_clause(self, m: Matrix, group: CueGroup, at: int, stop: int) -> int:
        """Give where what is told begins: "told the BBC | the alliance was "committed"."""
        first = self.nouns.skip_fillers(m, self._addressee(m, group.last, stop), at)
        verb = any(
            m.kinds[place] & (AUX | MODAL) or self.pack.tenses.get(m.lows[place]) == "past"
            for place in range(first + 1, at)
        )
        return first if verb and self.nouns.np_start(m, first) else at

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
            place = self.nouns.skip_fillers(m, at, stop)  # "told reporters in Oslo he hoped …"
            at = place if place < stop and lows[place] in _SUBJECTS else at
        at = self._skip_dates(m, at, stop)
        if at < stop and lows[at] == "," and frames & {"noun"} and not self.english:
            at = self._past_aside(m, at, stop)  # "a annoncé, dans la foulée, un prêt"
        if at >= stop:
            return None
        if group.readings[0].lemma in _REPORTING and lows[at] in {"de", "d'"} and stop - at >= 3:
            stop = self._before_but(m, at, stop)
            return self._make(m, index, at + 1, self._cut(m, at, stop), "noun", "declare")
        low = lows[at]
        flag = self.flags.get(low, 0)
        say = (
            self.english
            and frames & {"say", "told"}
            and (group.readings[0].lemma not in self.noun_only or self._clause_ahead(m, at, stop))
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
        if frames & {"reflexive", "doubt"} and low in {"de", "d'", "du", "des"} and stop - at >= 2:
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
                accused = group.readings[0].lemma == "accuse"
                end = self._cut(m, at, stop)
                return self._noun(m, index, at, end, nominal[0].act, accused=accused)
        if frames & {"deny"} and self._infinitive_near(m, at, min(at + 5, stop)) is not None:
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        if frames & {"deny"} and (flag & DET or low in _SUBJECTS) and stop - at >= 2:
            return self._make(m, index, at, self._cut(m, at, stop), "deny", self._act(group))
        if "against" in frames and low == "contre" and stop - at >= 2:
            return self._make(m, index, at, self._cut(m, at, stop), "noun", self._act(group))
        return self._valued(m, index, group, at, stop)

    def _noun(
        self, m: Matrix, index: int, at: int, stop: int, act: str, *, accused: bool = False
    ) -> Draft | None:
        """Read a thing that is told: "l'envoi de …", "son engagement de financer …"."""
        for place in range(at, min(at + 4, stop - 2)):
            if m.lows[place] in self.promises and m.lows[place + 1] in {"de", "d'", "to"}:
                return self._make(m, index, place + 1, stop, "pledge", "pledge")
        if self.english:
            if accused:  # "accused the cabinet | of hiding costs"
                near = range(at + 1, min(at + 10, stop - 1))
                at = next((place for place in near if m.lows[place] == "of"
                           and m.lows[place + 1].endswith("ing")), at)  # fmt: skip
            for place in range(at + 2, stop - 1):
                if m.lows[place] == "on" and self.nouns.is_date(m, place + 1):
                    stop = place  # "announced $500 million in aid on Thursday"
                    break
        return self._make(m, index, at, stop, "noun", act)

    def _valued(self, m: Matrix, index: int, group: CueGroup, at: int, stop: int) -> Draft | None:
        """Read "a chiffré à 1,7 milliard le paquet", "insiste sur l'urgence d'acheminer …"."""
        lemma = group.readings[0].lemma
        wanted = self.cue_prepositions.get(lemma)
        if wanted is None:
            return None
        lows, at = m.lows, self._skip_dates(m, at, stop)
        for place in range(at, min(at + 9, stop - 1)):
            if lows[place] in {",", ";", ":"}:
                return None
            if lows[place] not in wanted:
                continue
            figure = (
                lows[place + 1][0].isdigit()
                or lows[place + 1] in {"between", "entre"}
                or self.flags.get(lows[place + 1], 0) & (NUMBER | BOUND)
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
            if low == "house" and m.lows[place + 1 : place + 2] == ["of"]:
                return min(place + 3, stop)  # "told the House of Commons Britain had signed …"
            if low in {",", ":"} or low in self.that or flag & (AUX | PREP):
                break
            place += 1
            if place - at >= 1 and not flag & DET and not self.nouns.upper(m, place - 1):
                break
        return place

    # -- requests and promises

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
