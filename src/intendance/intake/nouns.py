"""Where noun groups begin and end: determiners, offices, names, what may stand between."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache
from typing import Final

from intendance.intake.matrix import QUOTE, Matrix, Speaker
from intendance.intake.pack import (
    ADVERB,
    AUX,
    DATEWORD,
    DET,
    MODAL,
    NUMBER,
    PREP,
    PRONOUN,
    REL,
    ROLE,
    Pack,
    load,
)
from intendance.intake.segment import Segmented
from intendance.intake.word_kinds import DATED, WordKinds

__all__ = ["PARTICLES", "NounWords"]


PARTICLES: Final = frozenset(
    {
        "von",
        "der",
        "de",
        "van",
        "den",
        "bin",
        "al",
        "ben",
        "el",
        "du",
        "da",
        "di",
        "la",
        "le",
        "dos",
        "do",
        "zu",
        "wa",
        "ould",
        "ag",
        "abou",
        "abu",
        "del",
        "della",
        "dalla",
        "das",
        "af",
        "ibn",
    }
)
_HARD_STOP: Final = frozenset(
    {".", ";", ":", QUOTE, "!", "?", "…", "(", ")", "–", "—", "-", "[", "]"}
)


_TURNING: Final = DATED | REL | ROLE | DET | PREP | AUX | MODAL | ADVERB
_PLACING: Final = frozenset({"à", "en", "au", "aux", "sur", "dans", "pour", "auprès"})
_FIXED: Final = (("par", "intérim"), ("en", "chef"), ("en", "exercice"), ("à", "vie"))
_FIXED_LEADS: Final = frozenset({"au", "auprès", *(words[0] for words in _FIXED)})
_LEADS: Final = frozenset({"le", "la", "l'", "un", "une"})
OF_A_TOWN: Final = ("ois", "oise", "ais", "aise", "ien", "ienne", "ain", "aine", "éen", "éenne")
_LACKING: Final = frozenset({"sans", "contre"})
_ENDS: Final = (_HARD_STOP | {",", '"', "'"}) | frozenset(
    {"que", "qu'", "that", "which", "where", "où", "cité", "citée", "when"}
)


@cache
def _sexes(language: str) -> dict[str, str]:
    """Give the gender of the offices that have a word for each: "directeur", "directrice"."""
    known = {
        word
        for kind, phrases in load(language).raw.get("roles", {}).items()
        if kind != "body"
        for word in phrases
        if " " not in word
    }
    found: dict[str, str] = {}
    for word in known:
        stem = word.removesuffix("eur")
        for other in (f"{word}e", f"{stem}rice", f"{stem}euse", f"{word[:-2]}ère", f"{word}fe"):
            if other in known and other != word:
                found[word], found[other] = "m", "f"
    return found


@lru_cache(maxsize=16)
def _telling(*lists: frozenset[str]) -> frozenset[str]:
    """Give the words, whatever their kind, at which a noun group may end or take a turn."""
    return frozenset({"à", "by", "et", "and", "&", "who"}).union(
        _ENDS, _LACKING, PARTICLES, _FIXED_LEADS, *lists
    )


_OFFICES: Final = frozenset(
    {
        "bureau",
        "département",
        "direction",
        "service",
        "secrétariat",
        "déclaration",
        "communiqué",
        "appel",
    }
)
_VERSED: Final = frozenset(
    {"expert", "experte", "spécialiste", "docteur", "docteure", "ingénieur", "ingénieure",
     "chercheur", "chercheuse", "consultant", "consultante", "conseiller", "conseillère"}
)  # fmt: skip
_SENT: Final = frozenset(
    {"représentant", "représentante", "ambassadeur", "ambassadrice", "envoyé", "envoyée"}
)


class NounWords(WordKinds):
    """Bounds of noun groups in a matrix sentence, under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        self.seg, self.pack = seg, pack
        self._share(pack)

    def _take_tables(self, pack: Pack) -> None:
        """Take the word lists of noun groups."""
        self.flags = pack.flags
        words = pack.raw.get("words", {})
        self.institutions = frozenset(words.get("institutions", ()))
        self.at_words = frozenset(words.get("role_at", ("à", "aux", "au")))
        self.of_words = frozenset(words.get("of_words", ("de", "d'", "du", "des", "of", "for")))
        self.titles = frozenset(words.get("titles", ()))
        self.ranked = self.titles | frozenset(words.get("ranks", ()))
        self.spelt_ranks: dict[str, str] = pack.raw.get("spelt_ranks", {})
        self.demonyms = frozenset(words.get("demonyms", ()))
        self.female = frozenset(words.get("female", ()))
        self.male = frozenset(words.get("male", ()))
        self.english = pack.raw.get("subject_order") == "first"
        self.strong_pasts = frozenset(words.get("strong_pasts", ()))
        self.made_by = frozenset(words.get("made_by", ()))
        self.in_the_know = frozenset(words.get("in_the_know", ()))
        self.some_people = pack.words("some_people")
        self.crowds = pack.words("crowds")
        self.today = frozenset(words.get("today", ()))
        self.latter = [each.split() for each in words.get("latter", ())]
        self.noun_follows = frozenset(words.get("noun_follows", ()))
        self.small_months = pack.language == "fr"
        self.company = frozenset(words.get("company", ()))
        self.counts_issued = pack.words("counts_issued")
        self.others = frozenset({"plusieurs", "d'", "certains", "quelques", "ses", "leurs"})
        self.serving = pack.words("serving")
        self.relating = pack.words("relating")
        self.telling = _telling(self.of_words, self.at_words, self.in_the_know, self.relating)
        self.bodies = pack.index["organisations"]  # known bodies, by their first words
        self.sexes = {} if self.english else _sexes(pack.language)

    def demonym(self, m: Matrix, at: int) -> bool:
        """Tell the "Français" of "le Français Jean Roy": somebody's country or town."""
        if self.english or not self.upper(m, at) or not at or m.lows[at - 1] not in _LEADS:
            return False
        return m.lows[at].endswith(OF_A_TOWN) or m.lows[at] in self.demonyms

    def relative(self, m: Matrix, at: int) -> bool:
        """Tell "who" and "qui" from the WHO."""
        low = m.lows[at]
        if not (m.kinds[at] & REL or low == "who"):
            return False
        return not (len(low) > 1 and m.shown[m.starts[at] : m.ends[at]].isupper())

    def np_start(self, m: Matrix, at: int) -> bool:
        """Tell whether a noun group can begin here."""
        low, flag = m.lows[at], m.kinds[at]
        if low == QUOTE or not low[0].isalnum():
            return False
        if low in {"d'", "de"} and at + 1 < len(m):
            return m.lows[at + 1] in {"autres", "nombreux", "nombreuses"}  # "d'autres capitales"
        if low == "people" and at and at + 1 < len(m):
            return m.lows[at + 1] in self.in_the_know  # "people familiar with the matter"
        counted = self.english and flag & NUMBER and at + 1 < len(m)
        if counted and (m.lows[at + 1] == "people" or m.kinds[at + 1] & ROLE):
            return True  # "two officials said"
        if flag & (DET | PRONOUN | ROLE):
            return low not in {"au", "aux", "du", "des", "d'"} or low == "des"
        if low in PARTICLES and not flag & DET and not self.upper(m, at):
            after = next((k for k in range(at, min(at + 4, len(m))) if self.upper(m, k)), 0)
            named = after and all(m.lows[k] in PARTICLES for k in range(at, after))
            if named and low not in {"de", "du", "al"}:
                return True  # "a déclaré von der Leyen"
        if (flag & DATED and self.is_date(m, at)) or flag & PREP:
            return False
        if flag & ADVERB and self.english and not at:
            return False  # "However aid workers describe …"
        return self.upper(m, at) or low[0].isdigit() or (low[2:3] == "-" and self.al(m, at))

    def skip_fillers(self, m: Matrix, at: int, stop: int) -> int:
        """Pass dates, adverbs and prepositional groups ("à la presse", "lors d'un point")."""
        while at < stop:
            low = m.lows[at]
            flag = self.flags.get(low, 0)
            if self.is_date(m, at):
                at += 1
            elif low == "le" and at + 2 < stop and m.lows[at + 1].isdigit():
                if not self.is_date(m, at + 2):
                    break
                at += 3  # "a écrit sur X le 12 mars | le maire"
            elif flag & DET and self.english and self.day_told(m, at):
                at += 3
            elif flag & PREP and low not in {"selon", "si"}:
                at = self._skip_group(m, at, stop)
            elif (
                (flag & DATEWORD and not flag & DET)
                or (flag & ADVERB and not flag & DET)
                or (self.english and low.endswith("ly") and len(low) > 4)
                or (
                    not (self.english or flag & (ROLE | DET))
                    and low.endswith("ment")
                    and len(low) > 7
                    and not (at and self.flags.get(m.lows[at - 1], 0) & DET)
                )
                or (low[0].isdigit() and len(low) <= 4 and m.lows[at + 1 : at + 2] != ["-"])
            ):
                at += 1
            else:
                break
        return at

    def _skip_group(self, m: Matrix, at: int, stop: int) -> int:
        at += 1
        while at < stop and self.flags.get(m.lows[at], 0) & (DET | PREP):
            at += 1
        if at < stop and m.lows[at][0].isalnum() and m.lows[at] != QUOTE:
            at += 1
            named = self.english and self.upper(m, at - 1) and not self.is_date(m, at - 1)
            while named and at < stop and self.upper(m, at) and m.lows[at][0].isalpha():
                at += 1  # "with The Huffington Post"
            if not self.english and self.upper(m, at - 1):
                at = self.past_agency(m, at - 1, stop) or at
            at = self.past_outlet(m, at, stop)
        while at < stop:
            low = m.lows[at]
            if low == "'s" and at + 1 < stop:
                at += 2  # "on CNN's programme"
                continue
            flag = self.flags.get(low, 0)
            if low in self.of_words:
                at += 1
                while at < stop and self.flags.get(m.lows[at], 0) & DET:
                    at += 1
                at = self.past_outlet(m, min(at + 1, stop), stop)
                continue
            if (
                not low[0].isalpha()
                or self.upper(m, at)
                or flag & (DET | AUX | PRONOUN | ROLE | PREP)
            ):
                break
            if low in {"que", "qu'", "that"} or self.pack.cues.get(low):
                break
            at += 1
        return at

    def extent(self, m: Matrix, at: int, stop: int, *, plural: bool = False) -> int:
        """Give the end of the noun group that begins at a word (at most 16 words)."""
        key = at, stop, plural
        known = m.extents.get(key)
        if known is None:
            known = m.extents[key] = self._extent(m, at, stop, plural=plural)
        return known

    def _extent(self, m: Matrix, at: int, stop: int, *, plural: bool) -> int:
        begin, role, seen = at, False, False
        if body_end := self._body_end(m, at, stop):
            at, seen = body_end, True
        lows, kinds, telling, english = m.lows, m.kinds, self.telling, self.english
        limit = min(stop, begin + 16)
        while at < limit:
            low, flag = lows[at], kinds[at]
            if not flag & _TURNING and low not in telling:
                if english and seen and self._verb_at(m, at):
                    break  # "the U.S. president | left open"
                seen = True  # a word at which no group ends: most names and nouns
                at += 1
                continue
            if low == "," and (further := self._further_tasks(m, at, begin, stop)):
                return further
            initial = low == "." and at > begin and at + 1 < stop and self.short(m, at - 1)
            if initial or (low == "-" and self.glued(m, at)):
                at += 1
                continue
            if (
                low in _ENDS
                or (flag & DATED and seen and self.is_date(m, at))
                or ((flag & REL or low == "who") and self.relative(m, at))
                or (low in self.relating and seen)  # "les secours | relevant du gouvernement"
            ):
                break
            if flag & ROLE:
                role = True
            if low in self.in_the_know and at > begin and at + 2 < stop:
                # "two officials familiar with the talks"
                at += 2
                return min(at + 1 + bool(kinds[at] & DET), stop)
            if fixed := self._fixed(m, at, begin, stop, role=role):
                at += fixed
                continue
            if self.english and seen and self._verb_at(m, at):
                break  # "the U.S. president | left open"
            if low == "by" and m.lows[at - 1] in self.made_by and at > begin:
                at += 1  # "a study by the Kiel institute", "a group led by Britain"
                at += bool(at < stop and kinds[at] & DET)
                plural = True
                continue
            if low in self.of_words or (
                low in PARTICLES and at + 1 < stop and self.upper(m, at + 1)
            ):
                if low == "d'" and at + 1 < stop and m.lows[at + 1] == "ici":
                    break  # "à l'Ukraine | d'ici à la fin du mois"
                at, seen = at + 1, True
                while at < stop and kinds[at] & DET and not self._caps(m, at):
                    at += 1
                continue
            if low in self.at_words and role and self._role_complement(m, at + 1, stop):
                at += 2
                continue
            if low in {"et", "and", "&"}:
                if not self._joins(m, at, stop, plural=plural):
                    break
                at += 1
                continue
            if low in _LACKING and self._called(m, at, begin) and at + 1 < stop:
                at += 2  # "l'ONG Soins sans délai"
                continue
            if self._foreign(m, at, begin, seen=seen):
                break
            if not flag & DET:
                seen = True
            at += 1
        return self._without_of(m, begin, at)

    def _further_tasks(self, m: Matrix, at: int, begin: int, stop: int) -> int:
        """Give the end of "le Bureau de la coordination, des secours et des réfugiés", or 0."""
        if self.english or at + 4 >= stop or m.lows[at + 1] not in self.of_words:
            return 0
        head = begin + bool(m.kinds[begin] & DET)
        matched = self.pack.match(m.lows, head, "roles", at) if m.kinds[head] & ROLE else None
        if not (matched and matched[1] == "body") and m.lows[head] not in _OFFICES:
            return 0
        for joint in range(at + 3, min(at + 8, stop - 2)):
            if m.lows[joint] == "et" and m.lows[joint + 1] in self.of_words:
                end = joint + 2 + bool(self.flags.get(m.lows[joint + 2], 0) & DET)
                return max(min(end + 1, stop), self.extent(m, joint + 2, stop))
        return 0

    def _without_of(self, m: Matrix, begin: int, at: int) -> int:
        """Leave off what hangs at the end of a group: "the minister of the | …"."""
        at = min(at, len(m))  # the text may end here
        while at > begin and (m.kinds[at - 1] & DET or m.lows[at - 1] in self.of_words):
            at -= 1
        return at

    def _body_end(self, m: Matrix, at: int, stop: int) -> int:
        """Give the end of a known body ("l'ONG Médecins sans frontières"), or 0."""
        if at >= stop:
            return 0  # the text ends here
        place = at + 1 if m.kinds[at] & DET and at + 1 < stop else at
        if place + 1 < stop and m.lows[place] in self.company:
            place += 1
        if m.lows[place] not in self.bodies:
            return 0
        body = self.pack.match(m.lows, place, "organisations", stop)
        return place + body[0] if body and body[0] > 1 and self.upper(m, place) else 0

    def upper_body(self, at: int, stop: int) -> int:
        """Give how many words of the text name a known body, in capitals, from a word on."""
        seg = self.seg
        if seg.lows[at] not in self.bodies or not seg.upper(at):
            return 0
        body = self.pack.match(seg.lows, at, "organisations", stop)
        return body[0] if body else 0

    def _fixed(self, m: Matrix, at: int, begin: int, stop: int, *, role: bool) -> int:
        """Give how many words of a fixed piece of a noun group stand here: "à la retraite"."""
        low = m.lows[at]
        if low not in _FIXED_LEADS:
            return 0
        if low == "à" and m.lows[at : at + 3] == ["à", "la", "retraite"]:
            return 3
        if low == "en" and self._in_a_field(m, at, begin, stop):
            return 2
        within = role and m.lows[at : at + 2] == ["au", "sein"]
        within = within or (low == "auprès" and bool(_SENT.intersection(m.lows[begin:at])))
        # "une source au sein de la coalition"
        return 2 if within or tuple(m.lows[at : at + 2]) in _FIXED else 0

    def _called(self, m: Matrix, at: int, begin: int) -> bool:
        """Tell the name of an NGO that goes on small: "l'ONG Soins | sans délai"."""
        if at - 2 < begin or not self.upper(m, at - 1) or m.lows[at - 2] not in self.company:
            return False
        low = m.lows[at + 1] if at + 1 < len(m) else ""
        return low.isalpha() and not self.flags.get(low, 0) & (DET | PREP | ROLE | AUX)

    def _in_a_field(self, m: Matrix, at: int, begin: int, stop: int) -> bool:
        """Tell "l'expert | en énergie Sergiu Tofan" from "l'expert, en visite"."""
        if at == begin or at + 2 >= stop or m.lows[at - 1] not in _VERSED:
            return False
        low = m.lows[at + 1]
        return low.isalpha() and not self.upper(m, at + 1) and self.upper(m, at + 2)

    def _joins(self, m: Matrix, at: int, stop: int, *, plural: bool) -> bool:
        """Tell whether "et" joins a further name: "la Tunisie et la France"."""
        following = at + 1 < stop and (
            self.upper(m, at + 1) or self.flags.get(m.lows[at + 1], 0) & (DET | ROLE)
        )
        if following and (plural or self._caps(m, at + 1)):
            return True
        if plural and self.english:
            return self.bare_plural(m, at + 1, stop)  # "the UN and local authorities"
        if following and not self.english and m.kinds[at + 1] & ROLE and not m.kinds[at + 1] & DET:
            return True  # "le secrétaire général et coordinateur des secours"
        # "la Fédération de la Croix-Rouge et du Croissant-Rouge"
        further = at + 2 < stop and m.lows[at + 1] in self.of_words and self.upper(m, at - 1)
        place = at + 2 + bool(further and self.flags.get(m.lows[at + 2], 0) & DET)
        return bool(further and not self.english and self._caps(m, place))

    def _foreign(self, m: Matrix, at: int, begin: int, *, seen: bool) -> bool:
        """Tell a word that no noun group holds here: a second determiner, a verb, "dans"."""
        low, flag = m.lows[at], m.kinds[at]
        if flag & DET and seen and low != "l'" and m.lows[at - 1] not in {"et", "and"}:
            return True
        if flag & (PREP | AUX | MODAL) and not self._caps(m, at) and (at > begin or flag & PREP):
            return True
        return bool(flag & ADVERB and not flag & DET and seen)

    def _verb_at(self, m: Matrix, at: int) -> bool:
        """Tell the verb behind a finished noun group: a strong past after an office or name."""
        low = m.lows[at]
        past = low in self.strong_pasts or self.pack.tenses.get(low) in ("past", "pres")
        if not past and low.endswith("ed") and at > 1 and self.upper(m, at - 1):
            past = self.upper(m, at - 2)  # "shop owner Win Lwin | picked his way"
        if not past and self.gathered(m, at):
            return True
        if not past or self.upper(m, at) or self.flags.get(low, 0) & (ROLE | ADVERB):
            return False
        before = m.lows[at - 1]
        return bool(self.flags.get(before, 0) & ROLE) or self.upper(m, at - 1)

    def short(self, m: Matrix, at: int) -> bool:
        """Tell an initial or a title before its full stop: "John R.", "Mr.", "Sen."."""
        low = m.lows[at]
        return self.upper(m, at) and (len(low) == 1 or low in self.pack.abbreviations)

    def _caps(self, m: Matrix, at: int) -> bool:
        return at < len(m) and self.upper(m, at) and at > 0

    def _role_complement(self, m: Matrix, at: int, stop: int) -> bool:
        """Tell whether "à la Défense", "aux Transports" belongs to a role."""
        if at >= stop:
            return False
        word = at + 1 if self.flags.get(m.lows[at], 0) & DET and at + 1 < stop else at
        shouted = m.shown[m.starts[word] : m.ends[word]].isupper()
        if word > at and self.upper(m, word) and not shouted:
            # "le commissaire à la Gestion des crises", not "a déclaré le ministre à la BBC"
            return self.pack.match(m.lows, word, "outlets", stop) is None
        return m.lows[word] in self.institutions or m.lows[word] in {
            "sécurité",
            "droits",
            "coordination",
            "opérations",
            "presse_",
            "énergie",
            "secours",
            "réfugiés",
            "affaires",
        }

    def over_place(self, m: Matrix, stop: int) -> int:
        """Pass "à Kiev", "en Ukraine", "sur place" behind an office, up to the comma of its name.

        The given place comes back where no such words and comma stand.
        """
        if self.english or stop + 2 >= len(m) or m.lows[stop] not in _PLACING:
            return stop
        at = self._skip_group(m, stop, len(m))
        return at if at < len(m) and m.lows[at] == "," else stop

    def words_in(self, m: Matrix, speaker: Speaker) -> list[str]:
        """Give the small words of a noun group that stands in the matrix sentence."""
        first = bisect_left(m.starts, speaker.start)
        return m.lows[first : bisect_left(m.starts, speaker.end, first)]
