"""To whom aid goes: the recipient of an aid event, and where the words of a party end."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
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
    Pack,
    Tabled,
    load,
)
from intendance.intake.people import Nouns
from intendance.intake.segment import Segmented

MARKS: Final = frozenset('.;:"«»“”()!?–—')
QUOTES: Final = frozenset('"«“”»')
_OPENERS: Final = frozenset({",", ":", ".", ";"})
_GOING: Final = frozenset({"ship", "deliver", "pledge", "field", "commit", "refuse"})
_FOR: Final = frozenset({"pour", "for"})


@cache
def _sending(language: str) -> frozenset[str]:
    """Give the verbs by which something goes somewhere: "envoyer", "deliver"."""
    verbs = (verb for group in load(language).aid.values() for verb in group)
    return frozenset(verb.lemma for verb in verbs if verb.status in {"ship", "deliver"})


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


class ReceiverReader(Tabled):
    """Finds the recipient of an aid event, under one language pack."""

    __slots__ = (
        "agents", "bodies", "carriers", "clause_starts", "cut_at", "flags", "from_words",
        "in_words", "joiners", "long_names", "no_clause", "nominals", "not_targets", "not_to",
        "nouns", "on_behalf", "pack", "peopled", "recipients", "reflexive", "relatives", "seg",
        "sending", "stored", "such_as", "to_words", "towards",
    )  # fmt: skip

    def __init__(self, seg: Segmented, pack: Pack, nouns: Nouns) -> None:
        self.seg, self.pack, self.nouns = seg, pack, nouns
        self._share(pack)
        self._begin()

    def _begin(self) -> None:
        """Take what belongs to this text alone."""

    def _take_tables(self, pack: Pack) -> None:
        """Take the word lists of recipients."""
        self.flags = pack.flags
        words = pack.raw.get("words", {})
        self.agents = frozenset(words.get("agents", ("par", "by", "von")))
        self.to_words = pack.words("to_words")
        self.towards = pack.words("towards")  # "vers", "into": where goods go
        self.in_words = pack.words("in_words")  # "en Ukraine", "in Morocco"
        self.stored = pack.words("stored")  # "from a reserve in Poland", "stockés en Pologne"
        self.goals = pack.words("to_words", "towards", "in_words", "on_behalf")
        self.on_behalf = pack.words("on_behalf")  # "au profit de", "for the benefit of"
        self.from_words = pack.words("from_words")
        self.not_to = pack.words("not_to")  # "grâce à", "due to"
        self.recipients = pack.words("recipients")
        self.bodies = pack.words("bodies")
        self.sending = _sending(pack.language)
        self.peopled = pack.words("bodies", "recipients")
        self.nominals = pack.words("nominals")
        self.handovers = pack.words("handovers")
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

    # ---- the recipient -----------------------------------------------------------------------

    def _target(self, m: Matrix, event: Event, first: int, last: int) -> Speaker | None:
        """Find to whom something goes: "à Kiev", "aux hôpitaux", "en Ukraine", "leur"."""
        place_found: Speaker | None = None
        near = event.status != "train" and event.lemma != "load"
        at, stop, lows = last, min(last + 24, len(m) - 1), m.lows
        if self.goals.isdisjoint(lows[at:stop]):
            stop = at
        while at < stop:
            low = lows[at]
            if low == "(":
                close = next((k for k in range(at, min(at + 9, stop)) if m.lows[k] == ")"), 0)
                if not close:
                    break
                at = close + 1
                continue
            if low in QUOTES and self._closes_around(m, at, first):
                at += 1
                continue
            if low in MARKS or (low in self.no_clause and m.lows[at - 1] != "ainsi"):
                break
            behalf = low in self.nouns.of_words and lows[at - 1] in self.on_behalf
            if behalf or low in self.to_words or low in self.towards:
                found = self._receiver(m, at)
                if found is not None:
                    return found
            elif low in self.in_words and near and place_found is None:
                place_found = self._there(m, at)
            near = near and low not in self.stored and low != ","
            at += 1
        bought = event.status == "commit" and event.lemma not in self.sending
        if place_found is not None and event.status in _GOING and not bought:
            return place_found
        if event.rule.startswith("aid.arrival") and last < len(m) and self._reached(m, last):
            return self._receiver(m, last - 1)
        gives = event.status in {"ship", "deliver", "pledge", "field", "allocate", "commit"}
        return self._clitic_target(m, first) if gives else None

    def _reached(self, m: Matrix, last: int) -> bool:
        """Tell "reached the hospital": the place stands right behind the verb."""
        return self.nouns.english and bool(m.kinds[last] & DET) and m.kinds[last] & PREP == 0

    def _asked_for(self, m: Matrix, target: Speaker) -> bool:
        """Tell "un appel pour Haïti", a recipient, from "a demandé à Berlin"."""
        at = next((k for k, start in enumerate(m.starts) if start >= target.start), 0)
        return at > 0 and m.lows[at - 1] in _FOR

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
        return self.nouns.speaker(m, place, end, named=False)

    def _receiver(self, m: Matrix, at: int) -> Speaker | None:
        """Read the noun group behind "à", "pour", "to", when it can receive."""
        if m.lows[at - 1] in self.not_to:
            return None
        place, count = at + 1, len(m)
        word = place + 1 if self.flags.get(m.lows[place], 0) & DET and place + 1 < count else place
        sum_of = m.kinds[word] & CURRENCY and self.pack.match(m.lows, word, "currencies", count)
        if m.lows[word] in self.not_targets or sum_of:
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
        return self.nouns.speaker(m, place, end, named=False)

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
            if at == place and self.nouns.english and kind & AID:
                return False  # "to fund hospitals"
            if low in self.recipients:
                return True
            counts = kind & (DET | NUMBER | BOUND) or low[0].isdigit() or low in {"de", "d'", "-"}
            plain = self.nouns.english and (at > place or low.endswith(("ed", "less")))
            led = at == place + 1 and m.kinds[place] & DET  # "to the flood areas"
            other = PREP | AID | AUX if led else PREP | ITEM | AID | AUX
            plain = plain and low.isalpha() and not kind & other
            if not (counts or plain or low in {"nombreux", "nombreuses", "autres"}):
                break
        return False

    def _common_end(self, m: Matrix, place: int, end: int) -> int:
        """End a recipient without a name after its head and a name: "aux hôpitaux de Kharkiv"."""
        heads = (k for k in range(place, min(place + 6, len(m))) if m.lows[k] in self.recipients)
        head = next(heads, place)
        return max(head + 1, self._trimmed(m, head, max(end, head + 1)))

    # ---- bounds of a party --------------------------------------------------------------------

    def _trimmed(self, m: Matrix, place: int, end: int) -> int:
        """End a party before figures, verbs and what follows: "Berlin | pour soutenir"."""
        long_name = not self.long_names.isdisjoint(m.lows[place : place + 3])
        for at in range(place + 1, end):
            low, kind = m.lows[at], m.kinds[at]
            of = low in self.nouns.of_words and at + 1 < end
            goods = of and (m.kinds[at + 1] & ITEM or self.pack.tenses.get(m.lows[at + 1]) == "inf")
            goods = goods or (of and m.lows[at + 1] in {"un", "une"})  # "l'Ukraine d'un montant"
            new = low == "l'" and m.lows[at - 1] not in self.nouns.of_words
            small = kind & (NUMBER | ADVERB) and not kind & DET and not self.nouns.upper(m, at)
            small = small and not m.kinds[at - 1] & DET  # "les deux camps"
            ends = low in self.cut_at and not (long_name and low in _FOR)
            if ends or low[0].isdigit() or goods or new or small:
                end = at  # but "la Banque européenne pour la reconstruction"
                break
        end = self._cut_verb(m, place, end)
        while end > place + 1 and m.lows[end - 1] in self.nouns.of_words:
            end -= 1
        joint = end + 1 < len(m) and m.lows[end] in {"et", "and"}
        if joint and m.lows[end + 1] in self.nouns.of_words and end + 2 < len(m):
            of = any(low in self.nouns.of_words for low in m.lows[place:end])
            if of and self.nouns.upper(m, end + 2):
                return end + 3  # "le Centre de Crise et de Soutien"
        return end

    def _cut_verb(self, m: Matrix, first: int, last: int) -> int:
        """End a noun group before its verb: "l'Allemagne | paraissant", "donors | reviewed"."""
        if m.kinds[first] & PRONOUN and not m.kinds[first] & (DET | ROLE) and (
            m.lows[first] != "who"
        ):  # fmt: skip
            return first + 1  # "they | complain"
        for at in range(first + 1, last):
            low, before = m.lows[at], m.lows[at - 1]
            flag = self.flags.get(low, 0)
            if low in QUOTES or self._new_subject(m, at):
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
            plain = flag & AID and tense == "pres" and low not in self.nominals
            verb = verb or bool(plain and at - first >= 2 and not self.nouns.english)
            if self.nouns.english:
                verb = verb or (low.endswith(("ed", "ly")) and len(low) > 4)
                counts = at + 1 < last and (m.lows[at + 1][0].isdigit() or m.kinds[at + 1] & DET)
                verb = verb or bool(counts and flag & (AID | CUE) and tense == "pres")
            else:
                verb = verb or (low.endswith("ant") and len(low) > 5)
                told = flag & CUE and at + 1 < len(m) and m.lows[at + 1] in {"avoir", "être"}
                verb = verb or bool(told)  # "le gouvernement | dit avoir remis"
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
