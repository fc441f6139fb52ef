"""Who gives and who receives: the donor and the recipient of an aid event."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from intendance.intake.matrix import Matrix, Speaker
from intendance.intake.pack import (
    ADVERB,
    AID,
    AUX,
    BOUND,
    CUE,
    CURRENCY,
    DET,
    ITEM,
    NUMBER,
    PREP,
    PRONOUN,
    ROLE,
    STOPNOUN,
    UNIT,
    Pack,
)
from intendance.intake.people import Nouns
from intendance.intake.segment import Segmented

MARKS: Final = frozenset('.;:"«»“”()!?–—')
_QUOTES: Final = frozenset('"«“”»')
_OPENERS: Final = frozenset({",", ":", ".", ";"})
_FOR: Final = frozenset({"pour", "for"})
_ASKING: Final = frozenset({"need", "request"})
_GIVEN: Final = frozenset({"deliver", "allocate", "consider", "pledge"})
_CLITICS: Final = frozenset({"en", "l'", "le", "la", "les", "lui", "leur", "y"})


@dataclass(slots=True)
class Event:
    """One aid event; the trigger stands at tokens ``[first, last)`` of the text."""

    first: int
    last: int
    status: str
    lemma: str
    rule: str
    sentence: int
    subject_is_recipient: bool = False
    passive: bool = False
    clause_last: int = 0
    early: int = 0  # where the clause of a passive begins
    clause_first: int = 0
    donor: Speaker | None = None
    recipient: Speaker | None = None
    items: list[tuple[int, int]] = field(default_factory=list)
    causes: list[tuple[str, int, int]] = field(default_factory=list)
    by_machine: bool = False  # "ce transformateur a fourni de la lumière": nobody gives


class GiverReader:
    """Finds donor and recipient around a trigger, under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack, nouns: Nouns) -> None:
        self.seg, self.pack, self.nouns = seg, pack, nouns
        self.flags = pack.flags
        words = pack.raw.get("words", {})
        self.agents = frozenset(words.get("agents", ("par", "by", "von")))
        self.to_words = pack.words("to_words")
        self.towards = pack.words("towards")  # "vers", "into": where goods go
        self.in_words = pack.words("in_words")  # "en Ukraine", "in Morocco"
        self.stored = pack.words("stored")  # "from a reserve in Poland", "stockés en Pologne"
        self.on_behalf = pack.words("on_behalf")  # "au profit de", "for the benefit of"
        self.from_words = pack.words("from_words")
        self.not_to = pack.words("not_to")  # "grâce à", "due to"
        self.recipients = pack.words("recipients")
        self.bodies = pack.words("bodies")
        self.nominals = pack.words("nominals")
        self.carriers = pack.words("carriers", "handovers")
        self.such_as = pack.words("such_as")
        self.long_names = pack.words("long_names")
        self.cut_at = pack.words("party_ends")
        self.not_targets = pack.words("not_targets")
        self.reflexive = pack.words("reflexive")
        self.joiners = pack.words("joiners")
        self.clause_starts = pack.words("clause_starts") | MARKS
        self.relatives = pack.words("relatives") | {"who", "which", "that"}
        self.no_clause = self.clause_starts - {"(", ")"} | self.relatives

    def _parties(
        self, event: Event, m: Matrix, base: int, before: int, earlier: Event | None
    ) -> None:
        """Fill in donor and recipient; ``earlier`` is the event before in the sentence."""
        first, last = event.first - base, event.last - base
        subject: Speaker | None = None
        target = self._target(m, event, first, last)
        if event.passive and not (event.status in _ASKING or event.subject_is_recipient):
            event.donor, event.recipient = self._after(m, last, self.agents, 6), target
        else:
            subject = self._subject(m, first, max(before - base, 0))
        if event.status == "need" or event.subject_is_recipient:
            event.recipient, event.donor = subject, self._after(m, last, self.agents, 6)
            if event.donor is None and event.status != "need":
                event.donor = self._after(m, last, self.from_words, 24)
        elif event.status == "request":
            event.recipient = subject
            event.donor = self._object(m, last)
        elif not event.passive:
            given = self._given_to(m, last) if self.nouns.english else None
            if subject is None and earlier is not None and not earlier.passive:
                subject = self._shared(m, earlier, first, base)
            event.donor = subject or self._after(m, last, self.agents, 6)
            event.recipient = given or target
        addressed = event.status == "request" and target is not None and (
            not self._asked_for(m, target)
        )  # fmt: skip
        if event.recipient is None and event.status != "need" and not addressed:
            event.recipient = target
        thing = self._is_thing(m, event.donor)
        gives = event.rule.startswith("aid.verb") and event.status in _GIVEN
        event.by_machine = thing == "machine" and gives and event.donor is subject
        event.donor = None if thing else event.donor
        event.recipient = None if self._is_thing(m, event.recipient) else event.recipient

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
        if party is None or party.pronoun or party.role:
            return ""
        words = m.lows[bisect_left(m.starts, party.start) : bisect_left(m.starts, party.end)]
        led = bool(words) and bool(self.flags.get(words[0], 0) & DET)
        while words and (self.flags.get(words[0], 0) & (DET | NUMBER) or words[0][0].isdigit()):
            words = words[1:]
        near = words if self.nouns.english else words[:2]
        if not words or not self.bodies.isdisjoint(near):
            return ""
        head = 0
        if self.nouns.english:
            of = (k for k, low in enumerate(words) if low in {"of", "from", "for"})
            head = max(next(of, len(words)) - 1, 0)
        word = words[head]
        begin = party.surface.lower().rfind(word)
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
        if not self.flags.get(word, 0) & (ITEM | UNIT | money) or self._body_word(words):
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
            elif low in _QUOTES and begin > 1 and self._opens_around(m, begin - 1, first):
                bare = begin == first or not any(
                    self.nouns.np_start(m, at) for at in range(begin, first)
                )
                if not bare:
                    break
                begin -= 1
            elif low == "." and self.nouns.glued(m, begin - 1):
                begin -= 1
            elif low in self.clause_starts and not (
                low == "who" and not self.nouns.relative(m, begin - 1)
            ):
                break
            else:
                begin -= 1
        return begin

    def _opens_around(self, m: Matrix, mark: int, first: int) -> bool:
        """Tell whether a quotation that holds the trigger opens at a mark within a clause."""
        if m.lows[mark - 1] in _OPENERS or first >= len(m):
            return False
        at, start = m.starts[first], m.starts[mark]
        return any(each.start == start and at < each.end for each in m.sentence.quotes)

    def _closes_around(self, m: Matrix, mark: int, first: int) -> bool:
        """Tell whether the quotation of a verb within a clause closes: « a "donné 3 chars" à »."""
        for each in m.sentence.quotes:
            if each.start <= m.starts[first] and each.end == m.ends[mark]:
                opens = next((k for k in range(first, -1, -1) if m.starts[k] == each.start), 0)
                return opens > 0 and self._opens_around(m, opens, first)
        return False

    def _subject(self, m: Matrix, first: int, floor: int = 0) -> Speaker | None:
        """Find the subject of a trigger: the noun group at the head of its own clause.

        ``floor`` is where the trigger before ended: "A pledged trucks and B promised flights".
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
        pieces: list[tuple[int, int]] = []
        at = begin
        for place in range(begin, first + 1):
            if place == first or m.lows[place] == ",":
                if place > at:
                    pieces.append((at, place))
                at = place + 1
        if len(pieces) > 1 and m.lows[first - 1] == ",":
            pieces.pop()
        fallback: Speaker | None = None
        for number in range(len(pieces) - 1, max(len(pieces) - 5, -1), -1):
            start, stop = pieces[number]
            here = start
            if here < stop and m.lows[here] in self.joiners:
                here += 1
            if here < stop and not self._opens(m, here):
                here = self.nouns.skip_fillers(m, here, stop)
            if here < stop and self._opens(m, here):
                end = self._cut_verb(m, here, self.nouns.extent(m, here, stop, plural=True))
                if end < stop and self._new_subject(m, end):
                    here, end = end, end + 1
                found = self.nouns.speaker(m, here, end) if end > here else None
                if found is None:
                    continue
                doubled = found.pronoun and end == stop and start > 0 and m.lows[start - 1] == ","
                if not doubled:
                    chosen = found if fallback is None or end == stop else fallback
                    return self._enumerated(m, pieces[:number], chosen, here, end)
                fallback = found  # "L'Autriche, elle, ne peut pas …"
        return fallback

    def _opens(self, m: Matrix, at: int) -> bool:
        """Tell whether a noun group begins: a name, a determiner, "six municipalités"."""
        if self.nouns.np_start(m, at):
            return True
        kind, following = m.kinds[at], m.kinds[at + 1] if at + 1 < len(m) else UNIT
        counted = kind & NUMBER and not following & (CURRENCY | NUMBER | UNIT | STOPNOUN)
        return bool(counted and not kind & PREP and m.lows[at].isalpha())

    def _enumerated(
        self, m: Matrix, pieces: list[tuple[int, int]], found: Speaker, here: int, end: int
    ) -> Speaker:
        """Read "La Norvège, l'Estonie et la Suisse": all of them give."""
        joined = {"et", "and"}.intersection(m.lows[here:end])
        if not joined or found.pronoun or found.name or m.starts[here] != found.start:
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

    def _cut_verb(self, m: Matrix, first: int, last: int) -> int:
        """End a noun group before its verb: "l'Allemagne | paraissant", "donors | reviewed"."""
        if m.kinds[first] & PRONOUN and not m.kinds[first] & (DET | ROLE) and (
            m.lows[first] != "who"
        ):  # fmt: skip
            return first + 1  # "they | complain"
        for at in range(first + 1, last):
            low, before = m.lows[at], m.lows[at - 1]
            flag = self.flags.get(low, 0)
            if low in _QUOTES or self._new_subject(m, at):
                return at  # "all the help | we asked for"
            if self.nouns.upper(m, at) or flag & (ITEM | ROLE):
                continue
            if self.flags.get(before, 0) & (DET | PREP) or not before[0].isalpha():
                continue
            tense = self.pack.tenses.get(low)
            verb = bool(flag & (AID | CUE)) and tense in ("past", "fut", "cond", "ger")
            told = flag & CUE or (flag & AID and low not in self.nominals)
            verb = verb or (bool(told) and tense == "pres" and self.nouns.upper(m, at - 1))
            verb = verb or (low in self.reflexive and not self.nouns.english)
            if self.nouns.english:
                verb = verb or (low.endswith("ed") and len(low) > 4)
                counts = at + 1 < last and (m.lows[at + 1][0].isdigit() or m.kinds[at + 1] & DET)
                verb = verb or bool(counts and flag & (AID | CUE) and tense == "pres")
            else:
                verb = verb or (low.endswith("ant") and len(low) > 5)
                many = low.endswith("ent") and before.endswith("s") and tense == "pres"
                verb = verb or (many and bool(flag & (AID | CUE)))
            if verb:
                return at
        return last

    def _new_subject(self, m: Matrix, at: int) -> bool:
        """Tell the "they" of "last year they promised": it, not what is before it, is subject."""
        pronoun = self.nouns.english and at < len(m) and m.kinds[at] & PRONOUN
        pronoun = pronoun and not m.kinds[at - 1] & PREP  # "several of them"
        return bool(pronoun and not m.kinds[at] & DET and not self.nouns.upper(m, at))

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
        while start < last and not self.nouns.np_start(m, start):
            start += 1
        return self.nouns.speaker(m, start, last) if start < last else None

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
            end += 1
        if end >= len(m) or (m.lows[last] == "the" and end == last + 1):
            return None
        low = m.lows[end]
        opens = self.flags.get(low, 0) & (DET | BOUND | NUMBER | CURRENCY) or low == "with"
        return self.nouns.speaker(m, last, end) if opens or low[0].isdigit() else None

    def _trimmed(self, m: Matrix, place: int, end: int) -> int:
        """End a party before figures, verbs and what follows: "Berlin | pour soutenir"."""
        long_name = not self.long_names.isdisjoint(m.lows[place : place + 3])
        for at in range(place + 1, end):
            low, kind = m.lows[at], m.kinds[at]
            goods = low in self.nouns.of_words and at + 1 < end and m.kinds[at + 1] & ITEM
            new = low == "l'" and m.lows[at - 1] not in self.nouns.of_words
            small = kind & (NUMBER | ADVERB) and not kind & DET and not self.nouns.upper(m, at)
            ends = low in self.cut_at and not (long_name and low in _FOR)
            if ends or low[0].isdigit() or goods or new or small:
                end = at  # but "la Banque européenne pour la reconstruction"
                break
        end = self._cut_verb(m, place, end)
        joint = end + 1 < len(m) and m.lows[end] in {"et", "and"}
        if joint and m.lows[end + 1] in self.nouns.of_words and end + 2 < len(m):
            of = any(low in self.nouns.of_words for low in m.lows[place:end])
            if of and self.nouns.upper(m, end + 2):
                return end + 3  # "le Centre de Crise et de Soutien"
        return end

    def _after(self, m: Matrix, last: int, words: frozenset[str], reach: int) -> Speaker | None:
        """Give the party behind "par", "by", "from"."""
        for at in range(last, min(last + reach, len(m) - 1)):
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
            end = self._trimmed(m, place, self.nouns.extent(m, place, min(place + 10, len(m))))
            if end > place:
                return self.nouns.speaker(m, place, end)
        return None

    def _body_near(self, m: Matrix, place: int) -> bool:
        """Tell "par plusieurs hôpitaux", "from 40 countries"."""
        return not (self.bodies | self.recipients).isdisjoint(m.lows[place : place + 3])

    # ---- the recipient -----------------------------------------------------------------------

    def _target(self, m: Matrix, event: Event, first: int, last: int) -> Speaker | None:
        """Find to whom something goes: "à Kiev", "aux hôpitaux", "en Ukraine", "leur"."""
        place_found: Speaker | None = None
        near = event.status != "train" and event.lemma != "load"
        at, stop = last, min(last + 24, len(m) - 1)
        while at < stop:
            low = m.lows[at]
            if low == "(":
                close = next((k for k in range(at, min(at + 9, stop)) if m.lows[k] == ")"), 0)
                if not close:
                    break
                at = close + 1
                continue
            if low in _QUOTES and self._closes_around(m, at, first):
                at += 1
                continue
            if low in MARKS or low in self.no_clause:
                break
            if low in self.to_words or low in self.towards or self._on_behalf(m, at):
                found = self._receiver(m, at)
                if found is not None:
                    return found
            elif low in self.in_words and near and place_found is None:
                place_found = self._there(m, at)
            near = near and low not in self.stored and low != ","
            at += 1
        if place_found is not None and event.status in {"ship", "deliver", "pledge", "field"}:
            return place_found
        gives = event.status in {"ship", "deliver", "pledge", "field", "allocate", "commit"}
        return self._clitic_target(m, first) if gives else None

    def _asked_for(self, m: Matrix, target: Speaker) -> bool:
        """Tell "un appel pour Haïti", a recipient, from "a demandé à Berlin"."""
        at = next((k for k, start in enumerate(m.starts) if start >= target.start), 0)
        return at > 0 and m.lows[at - 1] in _FOR

    def _on_behalf(self, m: Matrix, at: int) -> bool:
        return m.lows[at] in self.nouns.of_words and m.lows[at - 1] in self.on_behalf

    def _clitic_target(self, m: Matrix, first: int) -> Speaker | None:
        """Read "leur a livré", "lui fournira"."""
        if self.nouns.english:
            return None
        for at in range(first - 1, max(first - 4, -1), -1):
            low = m.lows[at]
            if low in {"lui", "leur"}:
                start = m.starts[at]
                return Speaker(start, m.ends[at], low, None, None, None, pronoun=True)
            if not self.flags.get(low, 0) & (AUX | ADVERB):
                break
        return None

    def _there(self, m: Matrix, at: int) -> Speaker | None:
        """Read "en Ukraine", "in Morocco", "dans les hôpitaux": where goods arrive."""
        place = at + 1
        if place < len(m) and self.flags.get(m.lows[place], 0) & DET:
            return self._receiver(m, at) if self._can_receive(m, place) else None
        if place >= len(m) or not self.nouns.upper(m, place) or m.kinds[place] & (ITEM | CURRENCY):
            return None
        if self.nouns.is_date(m, place) or m.lows[place][0].isdigit():
            return None
        end = place + 1
        while end < len(m) and self.nouns.upper(m, end) and m.lows[end][0].isalpha():
            end += 1
        return self.nouns.speaker(m, place, end)

    def _receiver(self, m: Matrix, at: int) -> Speaker | None:
        """Read the noun group behind "à", "pour", "to", when it can receive."""
        if m.lows[at - 1] in self.not_to:
            return None
        place, count = at + 1, len(m)
        word = place + 1 if self.flags.get(m.lows[place], 0) & DET and place + 1 < count else place
        if m.lows[word] in self.not_targets or m.kinds[word] & CURRENCY:
            return None
        named = self.nouns.upper(m, word) and not self.nouns.is_date(m, word)
        if not named and not self._can_receive(m, place):
            return None
        end = self.nouns.extent(m, place, min(place + 8, count))
        end = self._trimmed(m, place, end) if named else self._common_end(m, place, end)
        if end <= place:
            return None
        further = self._joined_target(m, end)
        if further:
            start, finish = m.starts[place], m.ends[further - 1]
            return Speaker(start, finish, m.shown[start:finish], None, None)
        return self.nouns.speaker(m, place, end)

    def _joined_target(self, m: Matrix, end: int) -> int:
        """Give the end of "… et à la Syrie" behind a recipient; 0 if there is none."""
        if end + 2 >= len(m) or m.lows[end] not in {"et", "and"} or m.lows[end + 1] not in (
            self.to_words
        ):  # fmt: skip
            return 0
        place = end + 2
        word = place + 1 if self.flags.get(m.lows[place], 0) & DET else place
        if word >= len(m) or not self.nouns.upper(m, word):
            return 0
        return self._trimmed(m, place, self.nouns.extent(m, place, min(place + 5, len(m))))

    def _can_receive(self, m: Matrix, place: int) -> bool:
        """Tell whether people or a body follow: "416 familles", "the flood-hit villages"."""
        for at in range(place, min(place + 6, len(m))):
            low, kind = m.lows[at], m.kinds[at]
            if low in self.recipients:
                return True
            counts = kind & (DET | NUMBER | BOUND) or low[0].isdigit() or low in {"de", "d'", "-"}
            plain = self.nouns.english and (at > place or low.endswith(("ed", "less")))
            plain = plain and low.isalpha() and not kind & (PREP | ITEM | AID | AUX)
            if not (counts or plain or low in {"nombreux", "nombreuses", "autres"}):
                break
        return False

    def _common_end(self, m: Matrix, place: int, end: int) -> int:
        """End a recipient without a name after its head and a name: "aux hôpitaux de Kharkiv"."""
        heads = (k for k in range(place, min(place + 6, len(m))) if m.lows[k] in self.recipients)
        head = next(heads, place)
        return max(head + 1, self._trimmed(m, head, max(end, head + 1)))

    def _object(self, m: Matrix, last: int) -> Speaker | None:
        place = last
        if place < len(m) and m.lows[place] in {"à", "aux", "on", "to", "upon"}:
            place += 1
        if place < len(m) and self.nouns.np_start(m, place) and m.lows[place][0].isalpha():
            end = self.nouns.extent(m, place, min(place + 8, len(m)))
            if end > place and not self.flags.get(m.lows[place], 0) & ITEM:
                found = self.nouns.speaker(m, place, end)
                addressed = end < len(m) and m.lows[end] in {"à", "de", "d'", "to", "for"}
                if found and (addressed or any(each.isupper() for each in found.surface)):
                    return found
        return None
