"""Who gives: the donor of an aid event, and whether a party is one."""

from __future__ import annotations

from typing import Final

from intendance.intake.matrix import Matrix, Speaker
from intendance.intake.pack import (
    ADVERB,
    AID,
    AUX,
    BOUND,
    CUE,
    CURRENCY,
    DATEWORD,
    DET,
    ITEM,
    MODAL,
    NUMBER,
    PREP,
    PRONOUN,
    ROLE,
    STOPNOUN,
    UNIT,
)
from intendance.intake.receivers import MARKS, QUOTES, Event, ReceiverReader
from intendance.intake.segment import lowered

__all__ = ["Event", "GiverReader"]

_COUNTING: Final = DET | NUMBER | BOUND
_ASKING: Final = frozenset({"need", "request"})
_GIVEN: Final = frozenset({"deliver", "allocate", "consider", "pledge"})
_OPENING: Final = frozenset({"according", "selon"})
_ONLY: Final = frozenset({"only", "seul", "seule", "seuls", "seules"})
_LAST: Final = frozenset({"last", "this", "next", "earlier", "later", "the", "same"})
_CALLED: Final = frozenset({"à"})  # "appelle les parties à", not "réclame l'envoi de"
_ADDRESSED: Final = frozenset({"à", "de", "d'", "to", "for"})
_GIVE: Final = frozenset({"give", "gives", "gave", "given", "giving", "lend", "lent", "offered"})
_OPENS_GOODS: Final = DET | BOUND | NUMBER | CURRENCY
_CLOSERS: Final = frozenset({",", ":", ".", ";", "!", "?"})
_CLITICS: Final = frozenset({"en", "l'", "le", "la", "les", "lui", "leur", "y"})


class GiverReader(ReceiverReader):
    """Finds the donor of an aid event, under one language pack."""

    def _parties(
        self, event: Event, m: Matrix, base: int, before: int, earlier: Event | None
    ) -> None:
        """Fill in donor and recipient; ``earlier`` is the event before in the sentence."""
        first, last = event.first - base, event.last - base
        subject: Speaker | None = None
        target = self._target(m, event, first, last)
        if event.passive and not (event.status in _ASKING or event.subject_is_recipient):
            event.donor = self._after(m, last, self.agents, 6) or self._within(m, first)
            event.recipient = target
        else:
            told = event.rule.endswith(":ger")
            subject = self._subject(m, first, max(before - base, 0), closed=not told)
        if event.status == "need" or event.subject_is_recipient:
            event.recipient, event.donor = subject, self._after(m, last, self.agents, 6)
            if event.passive and event.status != "need":  # "were received by the army"
                event.recipient, event.donor = event.donor, None
            if event.donor is None and event.status != "need":
                event.donor = self._after(m, last, self.from_words, 24)
        elif event.status == "request":
            asked_by = last < len(m) and m.lows[last] in self.agents
            event.recipient = self._after(m, last, self.agents, 2) if asked_by else subject
            event.donor = None if asked_by else self._object(m, last)
        elif not event.passive:
            given = self._given_to(m, self._inner(m, last)) if self.nouns.english else None
            if subject is None and earlier is not None and not earlier.passive:
                subject = self._shared(m, earlier, first, base)
            event.donor = subject or self._after(m, last, self.agents, 6)
            event.recipient = given or target
        addressed = event.status == "request" and target is not None and (
            not self._asked_for(m, target)
        )  # fmt: skip
        if event.recipient is None and event.status != "need" and not addressed:
            event.recipient = target
        moved = event.rule == "aid.phrase.ship" and event.status == "ship"
        if moved and subject is not None and event.donor is subject and (
            m.shown[subject.start : subject.end][1:].islower()
        ):  # fmt: skip
            event.donor = None  # "two field hospitals are on the way"
        thing = self._is_thing(m, event.donor)
        if thing == "carrier" and event.donor is subject and not event.passive:
            event.donor = self._within(m, first)
            thing = "" if event.donor is not None else thing
        gives = event.rule.startswith("aid.verb") and event.status in _GIVEN
        event.by_machine = thing == "machine" and gives and event.donor is subject
        event.donor = None if thing else event.donor
        event.recipient = None if self._is_thing(m, event.recipient) else event.recipient

    def _within(self, m: Matrix, first: int) -> Speaker | None:
        """Read who delivers in the subject: "La livraison de canons par Oslo a été repoussée"."""
        begin = self._begin_of(m, first)
        ahead = m.lows[begin : begin + 4]
        if self.handovers.isdisjoint(ahead) or self.agents.isdisjoint(m.lows[begin:first]):
            return None
        return self._after(m, begin, self.agents, first - begin)

    def _inner(self, m: Matrix, last: int) -> int:
        """Give where the object of a governed verb begins: "refused to give | Ukraine jets"."""
        verb = last + (last < len(m) and m.lows[last] == "to")
        held = verb < len(m) and m.kinds[verb] & AID and m.lows[verb - 1] == "to"
        return verb + 1 if held else last

    def _shared(self, m: Matrix, earlier: Event, first: int, base: int) -> Speaker | None:
        """Give the subject that two verbs share: "A envoie 3 chars, en promet 2 et livre 5"."""
        if earlier.donor is None or earlier.subject_is_recipient or earlier.status == "request":
            return None
        start = earlier.last - base
        joint = next(
            (k for k in range(first - 1, start - 1, -1)
             if m.lows[k] in self.joiners or m.lows[k] == ","), -1
        )  # fmt: skip
        if joint < 0 or not self.no_clause.isdisjoint(m.lows[joint + 1 : first]):
            return None
        own = any(
            self.nouns.np_start(m, at) and m.lows[at] not in _CLITICS
            for at in range(joint + 1, first)
        )
        return None if own else earlier.donor

    def _is_thing(self, m: Matrix, party: Speaker | None) -> str:
        """Tell "60 000 doses manquent", "un convoi", "ce générateur" from a party."""
        if party is None or party.pronoun:
            return ""
        words = self.nouns.words_in(m, party)
        led = bool(words) and bool(self.flags.get(words[0], 0) & _COUNTING or words[0][0].isdigit())
        while words and (self.flags.get(words[0], 0) & _COUNTING or words[0][0].isdigit()):
            words = words[1:]
        while led and words and words[0] in {"of", "the", "de"}:
            words = words[1:]  # "five of the 13 aircraft"
        near = words if self.nouns.english else words[:2]
        if not words or not self.peopled.isdisjoint(near):
            return ""
        head = 0
        if self.nouns.english:
            of = (k for k, low in enumerate(words) if low in {"of", "from", "for"})
            head = max(next(of, len(words)) - 1, 0)
        word = words[head]
        if word not in self.carriers and not self.flags.get(word, 0) & (ITEM | UNIT | CURRENCY):
            return ""
        begin = lowered(party.surface).rfind(word)
        bare = party.surface[0].isupper() and any(
            each[0].isupper() for each in party.surface.split()[1:]
        )  # "Médecins du Monde" opens a sentence
        if bare and not led:
            return ""
        if (led or head > 0) and begin >= 0 and party.surface[begin].isupper():
            return ""  # "le Secours populaire": a capital that opens no sentence names
        if word in self.carriers:
            return "carrier"
        money = 0 if party.surface[0].isupper() and len(words) == 1 else CURRENCY  # Taiwan
        if not self.flags.get(word, 0) & (ITEM | UNIT | money) or (
            self._body_word(words) or self.nouns.role_of(m, party)
        ):  # fmt: skip
            return ""
        counts = self.flags.get(word, 0) & (UNIT | CURRENCY)
        return "thing" if counts else "machine"

    def _body_word(self, words: list[str]) -> bool:
        return any(self.flags.get(word, 0) & ROLE for word in words[:3])

    # ---- the subject -------------------------------------------------------------------------

    def _begin_of(self, m: Matrix, first: int) -> int:
        """Give where the clause of a trigger begins; brackets are stepped over.

        So is a quotation that holds only the verb: « L'Espagne a "mobilisé des drones" ».
        """
        lows, begin = m.lows, first
        while begin:
            low = lows[begin - 1]
            if low == ")":
                opens = next(
                    (k for k in range(begin - 2, max(begin - 9, -1), -1) if lows[k] == "("), -1
                )
                if opens < 0:
                    break
                begin = opens
            elif low in QUOTES and begin > 1 and self._opens_around(m, begin - 1, first):
                bare = begin == first or not any(
                    self.nouns.np_start(m, at) for at in range(begin, first)
                )
                if not bare:
                    break
                begin -= 1
            elif low in QUOTES and (opens := self._scare(m, begin - 1)):
                begin = opens  # « La France "soutient" le plan et pourrait »
            elif low == "." and self.nouns.glued(m, begin - 1):
                begin -= 1
            elif low in self.clause_starts and not (
                low == "who" and not self.nouns.relative(m, begin - 1)
            ):
                break
            else:
                begin -= 1
        return begin

    def _scare(self, m: Matrix, mark: int) -> int:
        """Give where a few quoted words within a clause open, by their closing mark; 0 if none."""
        if mark + 1 >= len(m) or m.lows[mark + 1] in _CLOSERS:
            return 0
        for each in m.sentence.quotes:
            if each.end == m.ends[mark]:
                floor = max(mark - 6, 0)
                opens = next(
                    (k for k in range(mark - 1, floor, -1) if m.starts[k] == each.start), 0
                )
                return opens if opens and m.lows[opens - 1] not in _CLOSERS else 0
        return 0

    def _subject(
        self, m: Matrix, first: int, floor: int = 0, *, closed: bool = True
    ) -> Speaker | None:
        """Find the subject of a trigger: the noun group at the head of its own clause.

        ``floor`` is where the trigger before ended: "A pledged trucks and B promised flights";
        ``closed`` that a comma before the trigger closes an aside, not "X said, appealing to".
        """
        begin = self._begin_of(m, first)
        if (
            begin
            and (m.lows[begin - 1] in self.relatives or m.lows[begin - 1] == "dont")
            and self._belongs(m, begin, first)
        ):
            return self._antecedent(m, begin - 1)
        if floor > begin:
            joint = next(
                (k for k in range(first - 1, floor - 1, -1) if m.lows[k] in self.joiners), 0
            )
            if joint and joint + 1 < first and self._opens(m, joint + 1):
                begin = joint + 1
        pieces = m.pieces(begin, first)
        if closed and len(pieces) > 1 and m.lows[first - 1] == ",":
            pieces.pop()
        fallback: Speaker | None = None
        order = range(len(pieces) - 1, max(len(pieces) - 5, -1), -1)
        if len(pieces) > 1 and self._coordinated(m, *pieces[-1], closed=closed):
            order = range(len(pieces))  # "elles ont réagi à X, Y, et ont annoncé"
        for number in order:
            start, stop = pieces[number]
            here = self._reduced(m, start, stop)
            if number and stop - start <= 4 and self._aside_said(m, start, stop):
                continue  # "India, it said, was weighing"
            if number and stop < first and m.lows[stop] == "," and (
                m.kinds[start] & PREP and m.lows[start] not in self.joiners
            ):  # fmt: skip
                continue  # "Spain, under pressure to give Patriots, remained"
            if m.lows[start] in _OPENING or self._dated(m, start, stop):
                continue  # "According to the UN, …", "Last year, …"
            if here < stop and (m.lows[here] in self.joiners or m.lows[here] in _ONLY):
                here += 1
            if here < stop and not self._opens(m, here):
                here = self.nouns.skip_fillers(m, here, stop)
            if here < stop and self._opens(m, here):
                end = self._cut_verb(m, here, self.nouns.extent(m, here, stop, plural=True))
                if end < stop and self._new_subject(m, end):
                    here, end = end, end + 1
                found = self.nouns.speaker(m, here, end, named=False) if end > here else None
                if found is None:
                    continue
                doubled = found.pronoun and end == stop and start > 0 and m.lows[start - 1] == ","
                if not doubled:
                    chosen = found if fallback is None or end == stop else fallback
                    return self._enumerated(m, pieces[:number], chosen, here, end)
                fallback = found  # "L'Autriche, elle, ne peut pas …"
        return fallback

    def _coordinated(self, m: Matrix, start: int, stop: int, *, closed: bool) -> bool:
        """Tell a piece of "and" and helpers alone, or a gerund behind a comma."""
        if not closed and stop == start:
            return True
        words = range(start + 1, stop)
        return m.lows[start] in self.joiners and all(m.kinds[at] & (AUX | ADVERB) for at in words)

    def _dated(self, m: Matrix, start: int, stop: int) -> bool:
        """Tell ", last year," and ", vendredi,": no subject."""
        return stop - start <= 3 and all(
            self.nouns.is_date(m, at) or m.kinds[at] & (STOPNOUN | DATEWORD | PREP | ADVERB)
            or m.lows[at] in _LAST
            for at in range(start, stop)
        )  # fmt: skip

    def _reduced(self, m: Matrix, start: int, stop: int) -> int:
        """Give where the subject of "the tanks | Canada is donating" begins."""
        end = stop
        while end > start and m.kinds[end - 1] & (AUX | MODAL | ADVERB):
            end -= 1
        at = end
        while at > start and self.nouns.upper(m, at - 1) and m.lows[at - 1].isalpha():
            at -= 1
        at -= at > start and at < end and m.lows[at - 1] == "the"
        goods = start < at < end and m.kinds[at - 1] & (ITEM | UNIT)
        small = goods and not self.nouns.upper(m, at - 1)
        return at if self.nouns.english and small else start

    def _aside_said(self, m: Matrix, start: int, stop: int) -> bool:
        """Tell ", it said," and ", dit-il," within a clause."""
        pronoun = m.kinds[start] & PRONOUN and not m.kinds[start] & DET
        return bool(pronoun) and any(m.kinds[at] & CUE for at in range(start + 1, stop))

    def _opens(self, m: Matrix, at: int) -> bool:
        """Tell whether a noun group begins: a name, a determiner, "six municipalités"."""
        if self.nouns.np_start(m, at):
            return True
        kind, low, place = m.kinds[at], m.lows[at], at + 1
        if kind & PREP or not low.isalpha():
            return False
        if not kind & NUMBER:  # "humanitarian agencies", "rich countries"
            other = AUX | ADVERB | DATEWORD | AID | CUE | STOPNOUN
            plain = self.nouns.english and not kind & other
            return bool(plain) and not self.bodies.isdisjoint(m.lows[at : at + 3])
        while place < len(m) and m.kinds[place] & NUMBER:
            place += 1
        following = m.kinds[place] if place < len(m) else UNIT
        return not following & (CURRENCY | UNIT | STOPNOUN)

    def _enumerated(
        self, m: Matrix, pieces: list[tuple[int, int]], found: Speaker, here: int, end: int
    ) -> Speaker:
        """Read "La Norvège, l'Estonie et la Suisse": all of them give."""
        joined = {"et", "and"}.intersection(m.lows[here:end])
        if not joined or found.pronoun or m.starts[here] != found.start:
            return found
        start = found.start
        for first, last in reversed(pieces):
            such = next((k + 1 for k in range(first, last) if m.lows[k] in self.such_as), first)
            bare = last - such <= 4 and self.nouns.np_start(m, such) and (
                self.nouns.upper(m, last - 1) and self.nouns.extent(m, such, last) == last
            )  # fmt: skip
            if not bare:
                break
            start = m.starts[such]
            if such > first:
                break
        if start == found.start:
            return found
        return Speaker(start, found.end, m.shown[start : found.end], None, None, found.gender)

    def _belongs(self, m: Matrix, begin: int, first: int) -> bool:
        """Tell whether the word before a relative is the subject: "X, qui a promis …, livre"."""
        place = first
        while place > begin and m.lows[place - 1] != ",":
            place -= 1
        return not any(
            self.nouns.np_start(m, at) and not self.flags.get(m.lows[at], 0) & ADVERB
            for at in range(place, first)
            if m.lows[at] not in _CLITICS
        )

    def _antecedent(self, m: Matrix, relative: int) -> Speaker | None:
        last = relative
        while last and m.lows[last - 1] == ",":
            last -= 1
        start = last
        while start and m.lows[start - 1][0].isalnum() and last - start < 10:
            low = m.lows[start - 1]
            if self.flags.get(low, 0) & PREP and low not in self.nouns.of_words:
                break
            start -= 1
        while start < last and not (
            self.nouns.np_start(m, start)
            and self._cut_verb(m, start, self.nouns.extent(m, start, last)) == last
        ):
            start += 1
        return self.nouns.speaker(m, start, last, named=False) if start < last else None

    # ---- who stands behind the trigger -------------------------------------------------------

    def _given_to(self, m: Matrix, last: int) -> Speaker | None:
        """Read the first object of "give Ukraine 31 tanks", "provided Kyiv with aid"."""
        if last >= len(m) or (not self.nouns.upper(m, last) and m.lows[last] != "the"):
            return None
        banned = ITEM | NUMBER | CURRENCY
        if self.flags.get(m.lows[last], 0) & banned or not m.lows[last].isalpha():
            return None
        end = last + 1
        while end < len(m) and self.nouns.upper(m, end) and m.lows[end][0].isalpha():
            if m.kinds[end] & ITEM:
                break  # "give Ukraine | F-16 fighter jets"
            end += 1
        if end >= len(m) or (m.lows[last] == "the" and end == last + 1):
            return None
        low = m.lows[end]
        given = ITEM if m.lows[last - 1] in _GIVE else 0  # not "supply Starstreak missiles"
        opens = self.flags.get(low, 0) & (_OPENS_GOODS | given) or low == "with"
        return self.nouns.speaker(m, last, end, named=False) if opens or low[0].isdigit() else None

    def _after(self, m: Matrix, last: int, words: frozenset[str], reach: int) -> Speaker | None:
        """Give the party behind "par", "by", "from"."""
        stop = min(last + reach, len(m) - 1)
        if words.isdisjoint(m.lows[last:stop]):
            return None
        for at in range(last, stop):
            low = m.lows[at]
            if low in MARKS or low in self.relatives:
                break
            if low not in words or m.lows[at - 1] == "according":
                continue
            place = at + 1
            place += m.lows[place : place + 3] == ["la", "part", "de"] and 3
            common = self.flags.get(m.lows[place], 0) & DET and place + 1 < len(m)
            word = place + 1 if common else place
            named = self.nouns.upper(m, word)
            spread = low in self.from_words and low not in self.agents
            if spread:
                small = self.nouns.english or m.kinds[word] & ROLE
                named = named or bool(
                    small and m.lows[word].isalpha()
                    and not m.kinds[word] & (ITEM | UNIT | ADVERB | AUX)
                )  # fmt: skip
                named = named or (bool(m.kinds[word] & NUMBER) and self._body_near(m, word))
            if not (named or (low in self.agents and (common or self._body_near(m, place)))):
                continue
            stop_at = min(place + 10, len(m))
            end = self._trimmed(m, place, self.nouns.extent(m, place, stop_at, plural=True))
            if end > place:
                return self.nouns.speaker(m, place, end, named=False)
        return None

    def _opens_object(self, m: Matrix, place: int) -> bool:
        """Tell whether who is asked follows: "Berlin", "vingt pays", "donors"."""
        low = m.lows[place]
        if not low[0].isalpha():
            return False
        return self._opens(m, place) or low in self.bodies or low in self.recipients

    def _body_near(self, m: Matrix, place: int) -> bool:
        """Tell "par plusieurs hôpitaux", "from 40 countries"."""
        return not (self.bodies | self.recipients).isdisjoint(m.lows[place : place + 3])

    def _object(self, m: Matrix, last: int) -> Speaker | None:
        place, led = last, self.nouns.english
        while place < len(m) and (
            m.kinds[place] & (ADVERB | DET) == ADVERB or self.nouns.is_date(m, place)
        ):
            place += 1  # "appelle désormais les alliés"
        if place < len(m) and m.lows[place] in {"à", "aux", "on", "to", "upon"}:
            place, led = place + 1, True
        if place < len(m) and self._opens_object(m, place):
            end = self.nouns.extent(m, place, min(place + 8, len(m)))
            end = self._trimmed(m, place, end) if end > place else end
            if end > place and not self.flags.get(m.lows[place], 0) & ITEM:
                found = self.nouns.speaker(m, place, end, named=False)
                addressed = end < len(m) and m.lows[end] in (_ADDRESSED if led else _CALLED)
                addressed = addressed or self._body_near(m, place)
                if found and (addressed or any(each.isupper() for each in found.surface)):
                    return found
        return None
