"""What is asked and what is promised: the complements of such cues."""

from __future__ import annotations

from typing import Final

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
    Verb,
)
from intendance.intake.people import Matrix

_OF_THAT: Final = frozenset({"of", "for", "with", "from", "by", "to", "than"})
_WHILE: Final = (
    ["tandis", "que"],
    ["tandis", "qu'"],
    ["alors", "que"],
    ["alors", "qu'"],
    ["ce", "qui"],
)
_AT_LEAST: Final = frozenset({"minimum", "maximum", "moins", "plus", "bas", "total"})
_NO_LESS: Final = ["pas", "moins"]  # "demande pas moins de dix camions"
_BEFORE_INFINITIVE: Final = frozenset({"ne", "pas", "plus", "se", "les", "leur", "lui", "y"})
_MEASURES: Final = frozenset({"plus", "davantage", "entre", "between"})
_MEANWHILE: Final = frozenset({"while", "whereas"})
_SUMS: Final = frozenset("$€£¥")
_MAY_LEAD: Final = _SUMS | {"for", "more", "on"}


class AskingReader(FrameReader):
    """Reads requests and promises, with the steps that other complements share."""

    def _request(self, m: Matrix, index: int, group: CueGroup, limit: int) -> Draft | None:
        """Read what is asked or promised: a clause, an infinitive, a thing, a quotation."""
        lows = m.lows
        stop = max(min(limit, self._sentence_end(m)), group.last)
        if group.last >= stop:
            return None
        chosen = next(
            each for each in group.readings if each.frame in ("request", "pledge", "advice")
        )
        rule, act = chosen.frame, chosen.act
        at = self._past_aside(m, group.last, stop)
        if not self.english:
            at = self._past_asked(m, self._since(m, at, stop), stop, chosen.lemma)
        if not self.english and at < stop and lows[at] in {"si", "s'"}:
            if "on" in lows[max(group.first - 2, 0) : group.first]:
                return None  # "Lorsqu'on lui a demandé si …"
            return self._make(m, index, at, self._cut(m, at, stop), "that", "declare")
        if rule == "advice":
            rule = "request:advice"
            if at < stop and lows[at] in {"à", "au", "aux"}:
                at = self._infinitive_near(m, at + 1, min(at + 8, stop)) or at
            if at >= stop or lows[at] not in {"de", "d'"}:
                return None  # "conseillant aux dirigeants de s'abstenir"
        if lows[at : at + 1] in (["not"], ["n't"]) or any(
            low in self.unnamed for low in lows[at : at + 2]
        ):
            return None  # "asked not to be named", "a requis l'anonymat"
        if self.english and chosen.lemma == "ask" and lows[at] in self.asked_what:
            return self._make(m, index, at, self._cut(m, at, stop), "that", "declare")
        for place in range(at, min(at + 12, stop)):
            found = self._marked(m, at, place, stop, chosen)
            if found is not None:
                first, last = found
                return self._make(m, index, first, last, rule, act) if last else None
            if lows[place] in {",", ";"} and place > at + 1:
                break
        return self._thing(m, index, at, stop, chosen, rule)

    def _since(self, m: Matrix, at: int, stop: int) -> int:
        """Pass "depuis des semaines" before what is asked."""
        if at + 4 > stop or m.lows[at] != "depuis" or not m.kinds[at + 1] & (DET | NUMBER):
            return at
        return at + 3 if m.lows[at + 2].isalpha() else at

    def _marked(
        self, m: Matrix, at: int, place: int, stop: int, chosen: Verb
    ) -> tuple[int, int] | None:
        """Give where a marked complement begins and ends at a word; (0, 0) if it is none."""
        lows = m.lows
        if lows[place] in self.that and not self._compares(m, place):
            return place, self._cut(m, place, stop)
        if m.quotes[place]:
            if self.english and chosen.lemma == "call" and lows[at] not in {"for", "on"}:
                return 0, 0  # "called the response "a disgrace""
            before = self._infinitive_near(m, at, place)
            asked = chosen.lemma in self.direct_object and self.flags.get(lows[at], 0) & DET
            if before is None and at < place and self._quoted_infinitive(m, place):
                before = place - 1  # "implore les parties de « réduire les souffrances »"
            if before is None and asked and "," not in lows[at:place]:
                before = at  # "a demandé l'ouverture de « tous les points de passage »"
            first = place if before is None else before
            if first == place and lows[place + 1 : place + 2] in (["à"], ["aux"], ["au"]):
                return place, place + 1  # "a réclamé « sept batteries » à ses partenaires"
            first -= self.english and lows[first - 1] in {"not", "never"}
            return first, self._cut(m, place, stop)
        if lows[place] == ":":
            if place == at and not any(m.quotes[place:stop]):
                return 0, 0  # "Contact presse : 01 02 03"
            return place, self._cut(m, place, stop)
        return None

    def _quoted_infinitive(self, m: Matrix, place: int) -> bool:
        """Tell "demande aux parties de « réduire … »" from "l'ouverture de « points de … »"."""
        quote = m.quotes[place]
        if self.english or quote is None or m.lows[place - 1] not in {"de", "d'", "à"}:
            return False
        words = self.seg.low_text[quote.start : quote.end].strip(' «“"\u00a0\u202f').split()
        while len(words) > 1 and words[0] in _BEFORE_INFINITIVE:
            words = words[1:]
        low = words[0] if words else ""
        return self.pack.tenses.get(low) == "inf" or (
            low not in self.flags and len(low) > 3 and low.endswith(self.infinitives)
        )

    def _thing(
        self, m: Matrix, index: int, at: int, stop: int, chosen: Verb, rule: str
    ) -> Draft | None:
        """Read "a demandé 40 groupes", "asked for shells", "s'engage à livrer"."""
        lows, act = m.lows, chosen.act
        at = self._skip_dates(m, at, stop)
        at = self._past_asked(m, at, stop, chosen.lemma)
        if at < stop and any(low in self.unnamed for low in lows[at : at + 2]):
            return None  # "a requis l'anonymat"
        if chosen.lemma.startswith("lancé") and "pour" in lows[at : min(at + 3, stop - 2)]:
            at = lows.index("pour", at)  # "a lancé un appel urgent pour un soutien financier"
            return self._make(m, index, at, self._cut(m, at, stop), rule, act)
        if at + 1 < stop and lows[at] in {"de", "d'"} and lows[at + 1][0].isdigit():
            at += 1  # "un appel de 4 millions"
        thing = (
            at < stop
            and chosen.lemma in self.direct_object
            and (
                (
                    self.flags.get(lows[at], 0) & (DET | BOUND | NUMBER)
                    and lows[at] not in {"à", "de", "to"}
                )
                or lows[at][0].isdigit()
                or lows[at] in _MEASURES
                or lows[at : at + 2] == _NO_LESS
            )
        )
        thing = thing or (
            self.english
            and at < stop
            and (lows[at] == "for" or self._plain_thing(m, at, stop, chosen.lemma))
        )
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
            if lows[at : at + 2] == ["on", "behalf"]:
                return None  # "launched an appeal on behalf of survivors"
            if flag & (DET | PRONOUN | ADVERB) or low in _MAY_LEAD or low[0].isalnum():
                return self._make(m, index, at, self._cut(m, at, stop), rule, act)
            return None
        opens = (
            flag & (DET | BOUND | NUMBER)
            or low in {"entre", "à", "de", "d'", "plus", "davantage"}
            or lows[at : at + 2] == _NO_LESS
            or low[0].isdigit()
        )
        if opens and stop - at >= 2:
            if chosen.lemma == "appeler" and low not in {"à", "au", "aux"}:
                return None
            return self._make(m, index, at, self._cut(m, at, stop), rule, act)
        return None

    def _plain_thing(self, m: Matrix, at: int, stop: int, lemma: str) -> bool:
        """Tell "pledged long-term support", "sought permission to enter": no "to" at once."""
        if lemma not in self.direct_object or m.kinds[at] & (PREP | PRONOUN):
            return False
        asked = lemma in {"promise", "request"} and "to" in m.lows[at : min(at + 5, stop)]
        return (m.lows[at][0].isalpha() or m.lows[at] in _SUMS) and not asked

    def _skip_dates(self, m: Matrix, at: int, stop: int) -> int:
        while at < stop and (
            (self.nouns.is_date(m, at) and m.lows[at + 1 : at + 2] != ["'s"])
            or (m.kinds[at] & (ADVERB | DET) == ADVERB and m.lows[at : at + 2] != _NO_LESS)
            or (m.lows[at] == "on" and at + 1 < stop and self.nouns.is_date(m, at + 1))
        ):
            at += 1
        if m.lows[at : at + 1] == ["ce"] and m.lows[at + 1 : at + 2] in (["jour"], ["matin"]):
            return self._skip_dates(m, at + 2, stop)
        if self.english and at < stop and m.kinds[at] & DET and self.nouns.day_told(m, at):
            return self._skip_dates(m, min(at + 3, stop), stop)
        for words in self.own_part if at < stop else ():
            if (
                words[0] == m.lows[at]
                and tuple(m.lows[at : at + len(words)]) == words
                and at + len(words) < stop
            ):
                return self._skip_dates(m, at + len(words), stop)
        return at

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

    def _past_asked(self, m: Matrix, at: int, stop: int, lemma: str) -> int:
        """Pass who is asked: "a réclamé aux partenaires une aide", "has asked us for six"."""
        lows = m.lows
        if self.english:
            if at >= stop or lows[at][0].isdigit() or lows[at] in _SUMS:
                return at  # "pledged 100 million euros for a plan"
            if lemma in self.direct_object:
                return at  # "pledged support for Ukraine"
            near = range(at, min(at + 6, stop))
            place = next((k for k in near if lows[k] == "for"), at)
            plain = not any(self.flags.get(lows[k], 0) & (AUX | MODAL) for k in range(at, place))
            return (
                place if plain and "to" not in lows[at:place] and "," not in lows[at:place] else at
            )
        if at + 2 >= stop or lows[at] not in {"à", "au", "aux"}:
            return at
        if lows[at] == "au" and lows[at + 1] in _AT_LEAST:
            return at  # "réclame au minimum dix camions"
        place = at + 1 if lows[at] != "à" or self.nouns.np_start(m, at + 1) else at
        if place == at:
            return at
        end = self.nouns.extent(m, place, stop)
        if self.nouns.upper(m, place) and "des" in m.lows[place:end]:
            end = m.lows.index("des", place)  # "à Kiev des garanties"
        if self._infinitive_near(m, place, end) is not None:
            return at
        counted = (k for k in range(place + 1, end) if m.kinds[k] & (NUMBER | DET) == NUMBER)
        end = next(counted, end)  # "au gouvernement dix camions"
        figure = end < stop and (self.flags.get(lows[end], 0) & (DET | NUMBER | BOUND))
        figure = figure or lows[end : end + 1] == ["des"]
        return end if end > place and (figure or lows[min(end, stop - 1)][0].isdigit()) else at

    def _past_aside(self, m: Matrix, at: int, stop: int) -> int:
        """Pass ", une nouvelle fois," between a cue and what is asked."""
        if at >= stop or m.lows[at] != ",":
            return at
        for place in range(at + 1, min(at + 12, stop)):
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
            if m.lows[place] == "," and m.lows[place + 1 : place + 3] in _WHILE:
                return place  # also "l'envoi de 5 000 soldats, ce qui porte leur nombre à …"
            if m.lows[place + 1] == "soit":
                continue  # "la cession de 19 canons, soit 2 400 obus"
            joint = place + 1 + (m.lows[place + 1] in {"and", "et", "n'", "ne", "n'en", "en"})
            joint += joint < stop and m.lows[joint] in {"en", "y", "n'", "ne"}
            if m.lows[place] == "," and joint < stop and self.flags.get(m.lows[joint], 0) & AUX:
                return place  # "Kenya, which had pledged 40 trucks, has delivered 12"
            if m.lows[place + 1] in _MEANWHILE and self._other_party(m, place, stop):
                return place
            following = self.pack.tenses.get(m.lows[place + 1])
            if self.english and m.lows[place] == "but" and following == "past":
                return place
        return stop

    def _other_party(self, m: Matrix, comma: int, stop: int) -> bool:
        """Tell ", while Italy is considering …" behind a promise: somebody else's deed."""
        return (
            m.lows[comma] == ","
            and comma + 3 < stop
            and self.nouns.np_start(m, comma + 2)
            and not m.kinds[comma + 2] & PRONOUN
        )

    def _compares(self, m: Matrix, at: int) -> bool:
        """Tell "plus … que", "aussi … que" from the "que" of a clause."""
        if self.english and at and m.lows[at - 1] in _OF_THAT:
            return True  # "150 billion of that would come as loans"
        return any(low in self.comparators for low in m.lows[max(at - 2, 0) : at])
