"""Who is the subject of a cue: the noun group before it, around it or behind it."""

from __future__ import annotations

from typing import Final

from intendance.intake.cues import CueGroup
from intendance.intake.joint_subjects import JointSubjects
from intendance.intake.pack import (
    ADVERB,
    AUX,
    BOUND,
    DET,
    PREP,
    PRONOUN,
    REL,
    ROLE,
)
from intendance.intake.people import QUOTE, Matrix, Speaker

_WHAT: Final = frozenset({"what", "which"})
_SUCH_AS: Final = frozenset({"notably", "including", "particularly", "especially", "such"})
_SUBJECTS: Final = frozenset({"he", "she", "they", "we"})
_QUOTING: Final = frozenset({"quoted", "quotes", "quoting", "cited"})
_BEHIND_NAME: Final = frozenset({",", ".", ";", ":", ")", QUOTE})
_FORMERLY: Final = frozenset({"ancien", "ancienne", "actuel", "actuelle", "nouveau", "nouvelle"})
_VOICES: Final = (("par", "la", "voix"), ("par", "la", "bouche"))


class SubjectReader(JointSubjects):
    """Finds the subjects of cue groups."""

    # ---- subjects before the cue -------------------------------------------------------------

    def _subject(self, m: Matrix, group: CueGroup, earlier: list[CueGroup]) -> Speaker | None:
        lows, first = m.lows, group.first
        if group.pronoun is not None:
            return self._clitic(m, group.pronoun)
        if group.tense == "ger" and self.english:
            written = earlier and self.cues.in_writing(m, group.verb, group.readings)
            near = earlier[-1:] if written else ()
            if near and near[0].tense != "ger":
                return self._subject(m, near[0], earlier[:-1])
            return self._with_whom(m, group)
        if group.joined or group.tense == "ger":
            return None
        if group.tense == "inf":
            first = self._governor_start(m, first)
        if self.english and first and lows[first - 1] in _SUBJECTS:
            return self.nouns.speaker(m, first - 1, first)  # "told us in Oslo | he expected …"
        if lows[first] in _QUOTING and lows[group.verb] == "saying":
            stop = self.nouns.extent(m, first + 1, group.last - 2)
            return self._with_apposition(m, first + 1, stop) if stop > first + 1 else None
        begin = 0
        # "X said allies had pledged …": the inner subject begins after the outer cue.
        floor = max((each.last for each in earlier if each.last < first), default=0)
        for at in range(first - 1, -1, -1):
            low = lows[at]
            if self.english and at < floor and self._new_subject(m, floor, first):
                begin = floor
                break
            if (
                low in _WHAT
                and self.english
                and at < first - 1
                and self._opens_relative(m, at, first)
            ):
                begin = at + 1  # "over what one mayor called …"
                break
            if low == "," and self.english and (whose := self._what_was_done(m, at + 1)):
                begin = whose  # ", remarks | his counterpart called …"
                break
            if self.english and low == "that" and lows[first - 1] == "," and "," in lows[:at]:
                continue  # "Ahmed Misrati, the envoy of an army that holds the east, said"
            if low == "-" and self.nouns.glued(m, at):
                continue  # "the 48-year-old engineer"
            if low in {";", ":", QUOTE, "–", "—", "-", "•", "*", "(", "!", "?"} or (
                low in self.that and at < first - 1
            ):
                begin = at + 1
                break
            seat = self.english and at and lows[at - 1][:2] in {"r-", "d-", "i-"}  # "R-Mo.,"
            if low == "." and at + 1 < first and at and len(lows[at - 1]) > 3 and not seat:
                begin = at + 1
                break
        if first > begin and lows[first - 1] in {"et", "and", "puis", "but", "mais"}:
            return None
        relative = first - 1
        while relative > begin and self.flags.get(lows[relative], 0) & ADVERB:
            relative -= 1
        if relative >= begin and (
            self.nouns.relative(m, relative)
            or (self.english and lows[relative] == "that" and relative > begin)
        ):
            return self._antecedent(m, relative, begin)
        if begin and begin == floor and (lows[begin][0].isdigit() or lows[begin] in "$€£"):
            # "A pledged 100 trucks and B promised 20 flights".
            joint = [at for at in range(begin, first - 1) if lows[at] in {"and", "et"}]
            if joint and self.nouns.np_start(m, joint[-1] + 1):
                begin = joint[-1] + 1
        return self._chunks(m, begin, first)

    def _antecedent(self, m: Matrix, relative: int, floor: int) -> Speaker | None:
        last = relative
        while last > floor and m.lows[last - 1] == ",":
            last -= 1
        aside = last - 1
        while self.english and aside > floor and m.lows[aside] not in {",", QUOTE}:
            aside -= 1
        if self.english and m.lows[aside + 1] in _SUCH_AS and m.lows[aside] == ",":
            last = aside  # "several countries, notably France, that have said"
        if last - floor > 2 and m.lows[last - 1].isdigit() and m.lows[last - 2] == ",":
            last -= 2  # "Selin, 14, who said"
        start = last - 1
        while start > floor:
            low = m.lows[start - 1]
            flag = self.flags.get(low, 0)
            if (
                low in {",", QUOTE}
                or flag & AUX
                or (
                    flag & PREP
                    and low not in self.nouns.of_words
                    and low not in {"à", "aux", "of", "for"}
                )
            ):
                break
            start -= 1
        plain = start
        while start < last and not self.nouns.np_start(m, start):
            start += 1
        if start == last and self.english and self.nouns.bare_plural(m, plain, last):
            start = plain  # "staff who warned"
        return self.nouns.speaker(m, start, last)

    def _chunks(self, m: Matrix, begin: int, first: int) -> Speaker | None:
        """Find the subject among the comma-separated pieces before the cue."""
        lows = m.lows
        pieces = m.pieces(begin, first)
        if not pieces:
            return None
        closes = lows[first - 1] == ","
        joint = self._two_people(m, pieces, first) if len(pieces) > 2 else None
        if joint is not None:
            return joint
        nearer = None if closes or self.english else self._nearer(m, *pieces[-1])
        if nearer is not None:
            return nearer
        opening = tuple(lows[pieces[-1][0] : pieces[-1][0] + 3]) if closes else ()
        if opening in _VOICES and pieces[-1][1] - pieces[-1][0] > 4:
            place = pieces[-1][0] + 4  # "L'opposition, par la voix de la sénatrice X, a dénoncé"
            voice = self._np_in(m, place, pieces[-1][1])
            if voice is not None and voice.name:
                return voice
        if len(pieces) > 1 and not closes and lows[pieces[-1][0]] in {"des", "du", "de"}:
            bounds = self._np_bounds(m, *pieces[-2])
            if bounds is not None and self.nouns.extent(m, *bounds) == pieces[-2][1]:
                return self.nouns.speaker(m, bounds[0], pieces[-1][1])  # "de santé, des eaux et …"
        several = None if closes or self.english else self._of_several(m, pieces)
        if several is not None:
            return several
        if self.english and not closes and len(pieces) > 1 and self._goes_on_place(m, pieces):
            pieces.pop()
        if not closes or len(pieces) == 1:
            found = self._np_in(m, *pieces[-1])
            if (
                found is not None
                and len(pieces) > 1
                and (" et " in found.surface or " and " in found.surface)
            ):
                return self._enumerated(m, pieces, found)
            if found is None and len(pieces) > 1:
                found = self._np_in(m, *pieces[-2])
            return found
        inner = pieces[-1]
        for piece in reversed(pieces[:-1]):
            if self.english and lows[piece[0]][:2] in {"r-", "d-", "i-"}:
                continue  # "Sen. Todd Garrity, R-Mo., a vocal critic,"
            begin_np = self._np_bounds(m, *piece)
            if begin_np is None:
                continue
            start, end = begin_np
            if end < piece[1]:
                continue
            head = self.nouns.speaker(m, start, end)
            if head is None or head.pronoun:
                return head
            appositive = self.nouns.np_start(m, inner[0]) and not self.nouns.is_date(m, inner[0])
            if appositive and not self.flags.get(lows[inner[0]], 0) & (REL | PRONOUN):
                other = self.nouns.speaker(m, inner[0], inner[1])
                if other and (other.name or other.role):
                    whole = self.seg.text[m.starts[start] : m.ends[inner[1] - 1]]
                    return Speaker(
                        m.starts[start],
                        m.ends[inner[1] - 1],
                        whole,
                        other.name if self._unit_named(head, other) else head.name or other.name,
                        head.role or other.role,
                        head.gender or other.gender,
                    )
            return self._named_before(m, pieces, piece, head)
        return self._np_in(m, *inner)

    def _unit_named(self, head: Speaker, other: Speaker) -> bool:
        """Tell the "Sud" of "la cheffe du commandement Sud, la générale Lauren Pike"."""
        one = head.name is not None and " " not in head.name and head.role is not None
        return bool(one and other.role and other.name and " " in other.name)

    def _of_several(self, m: Matrix, pieces: list[tuple[int, int]]) -> Speaker | None:
        """Read "Les dirigeants de A, de B et de C": an office of several bodies."""
        last = pieces[-1]
        many = {"les", "des", "plusieurs"}
        joints = [at for at in range(*last) if m.lows[at] == "et"]
        if len(joints) != 1 or joints[0] - last[0] > 6 or last[1] - joints[0] > 7:
            return None
        start = next(
            (first for first, _ in reversed(pieces)
             if m.lows[first] in many and m.kinds[first + 1] & ROLE), None
        )  # fmt: skip
        if start is None or last[1] - start > 24:
            return None
        second = joints[0] + 1
        while second < last[1] and self.flags.get(m.lows[second], 0) & DET:
            second += 1  # "et du Luxembourg", "et la Norvège"
        second += second < last[1] and m.lows[second] in self.nouns.of_words
        linked = any(m.lows[at] in self.nouns.of_words for at in range(start + 1, joints[0]))
        if not linked or second >= last[1] or not self.nouns.upper(m, second):
            return None
        end = second + 1
        while end < last[1] and self.nouns.upper(m, end):
            end += 1
        if any(m.quotes[at] or m.kinds[at] & AUX for at in range(start, end)):
            return None
        if len(pieces) > 1 and any(b - a > 6 for a, b in pieces if start < a < last[0]):
            return None
        words = self.seg.text[m.starts[start] : m.ends[end - 1]]
        return Speaker(m.starts[start], m.ends[end - 1], words, None, words, None)

    def _enumerated(self, m: Matrix, pieces: list[tuple[int, int]], found: Speaker) -> Speaker:
        """Read "La Tunisie, l'Espagne et la France": all of them speak."""
        start = found.start
        for first, last in reversed(pieces[:-1]):
            bare = last - first <= 3 and self.nouns.np_start(m, first) and (
                self.nouns.upper(m, last - 1)
            )  # fmt: skip
            if not bare or self.nouns.extent(m, first, last) != last:
                break
            start = m.starts[first]
        if start == found.start or found.name:
            return found
        return Speaker(start, found.end, self.seg.text[start : found.end], None, None, found.gender)

    def _np_bounds(self, m: Matrix, begin: int, end: int) -> tuple[int, int] | None:
        place = begin
        while place < end and m.lows[place] in {
            "et",
            "mais",
            "and",
            "but",
            "puis",
            "car",
            "or",
            "while",
            "as",
            "meanwhile",
            "si",
            "which",
            "whose",
            "whom",
            "dont",
        }:
            place += 1
        if place < end and self.flags.get(m.lows[place], 0) & BOUND:
            bound = self.pack.match(m.lows, place, "bounds", end)
            place += bound[0] if bound else 0  # "Plus de 30 pays ont promis …"
        if place < end and not self.nouns.np_start(m, place):
            place = self.nouns.skip_fillers(m, place, end)
        if place >= end or not (
            self.nouns.np_start(m, place)
            or (self.english and self.nouns.bare_plural(m, place, end))
            or self.nouns.modified(m, place)
        ):
            return None
        while end > place and (
            self.nouns.is_date(m, end - 1)
            or (
                self.flags.get(m.lows[end - 1], 0) & (ADVERB | AUX)
                and not self.nouns.upper(m, end - 1)
            )
            or (
                m.lows[end - 1] in {"s'", "se", "n'", "ne", "y", "l'", "lui", "leur", "on"}
                and end - 1 > place
            )
        ):
            end -= 1
        return (place, end) if place < end else None

    def _np_in(self, m: Matrix, begin: int, end: int) -> Speaker | None:
        if self.english and end - begin > 2:
            begin = self._behind_after(m, begin, end)
        bounds = self._np_bounds(m, begin, end)
        if bounds is None:
            return None
        start, stop = bounds
        cut = self.nouns.extent(m, start, stop, plural=True)
        if cut < stop and stop - start > 3 and not self.english:
            # Words remain between the noun group and the cue: a relative clause or a place.
            low = m.lows[cut]
            if self.flags.get(low, 0) & (PREP | REL) or low in self.nouns.relating:
                stop = cut
            elif stop - cut > 6:
                return None
        elif cut < stop and self.english and cut > start:
            low = m.lows[cut]
            ends = self.nouns.is_date(m, cut) or self.nouns.gathered(m, cut)
            if ends or self.flags.get(low, 0) & (PREP | REL):
                stop = cut
            elif self.flags.get(low, 0) & DET and self.nouns.np_start(m, cut):
                start = cut  # "a proposal | the Pentagon called …"
            elif self.flags.get(low, 0) & AUX:
                return None  # another verb stands between: this is no subject of the cue
        return self.nouns.speaker(m, start, stop)

    def _with_apposition(self, m: Matrix, start: int, stop: int) -> Speaker | None:
        """Read a noun group after the cue, with ", secrétaire général de l'Otan," behind it."""
        if tuple(m.lows[stop : stop + 3]) in _VOICES and stop + 4 < len(m):
            voice = self._with_apposition(m, stop + 4, self.nouns.extent(m, stop + 4, len(m)))
            if voice is not None and voice.name:
                return voice  # "a répondu Varsovie, par la voix de son ministre, Jacek Wrona"
        speaker = self.nouns.speaker(m, start, stop)
        if speaker is not None and speaker.role and not speaker.name:
            there = self._after_place(m, stop)
            if there is not None and there.name:
                gender = speaker.gender or there.gender
                words = self.seg.text[speaker.start : there.end]
                return Speaker(speaker.start, there.end, words, there.name, speaker.role, gender)
            further = self.nouns.over_place(m, stop)
            if further + 1 < len(m) and self._named_at(m, further + 1):
                stop = further  # "l'ambassadeur de France à Kiev, Paul Meyer"
        if speaker is None or stop + 1 >= len(m) or m.lows[stop] != ",":
            return speaker
        begin = stop + 1
        if m.lows[begin][0].isdigit():
            # "Ahmed, 45 ans, habitant d'Amizmiz": the age is no role.
            further = begin
            while further < len(m) and m.lows[further] != "," and further - begin < 4:
                further += 1
            if further + 1 >= len(m) or m.lows[further] != ",":
                return speaker
            begin = further + 1
        role_near = any(self.flags.get(low, 0) & ROLE for low in m.lows[begin : begin + 4])
        named = (
            not speaker.name and self._named_at(m, begin) and not self._for_another(m, start, stop)
        )
        if not ((role_near and not speaker.role) or named) or not self.nouns.np_start(m, begin):
            return speaker
        end = self.nouns.extent(m, begin, len(m))
        if (end < len(m) and m.lows[end] not in _BEHIND_NAME and end < len(m) - 1) and (
            not self.nouns.is_date(m, end) and not self.flags.get(m.lows[end], 0) & PREP
        ):
            return speaker
        other = self.nouns.speaker(m, begin, end)
        if other is None:
            return speaker
        extended = named and other.name is not None
        return Speaker(
            speaker.start,
            other.end if extended else speaker.end,
            self.seg.text[speaker.start : other.end] if extended else speaker.surface,
            speaker.name or other.name,
            speaker.role or other.role or (None if extended else other.surface),
            speaker.gender or other.gender,
        )

    def _for_another(self, m: Matrix, start: int, stop: int) -> bool:
        """Tell "les services du Premier ministre, Andrew Harcourt": not he speaks."""
        head = start + bool(self.flags.get(m.lows[start], 0) & DET)
        matched = self.pack.match(m.lows, head, "roles", stop)
        if matched is None or not (matched[1] == "body" or m.lows[head] == "entourage"):
            return False
        return any(
            self.flags.get(m.lows[at], 0) & ROLE
            and (kind := self.pack.match(m.lows, at, "roles", stop)) and kind[1] != "body"
            for at in range(head + matched[0], stop)
        )  # fmt: skip

    def _named_at(self, m: Matrix, at: int) -> bool:
        """Tell whether a name follows, bare or after its title: ", le général Luc Fabre"."""
        if self.nouns.upper(m, at):
            return True
        if not self.flags.get(m.lows[at], 0) & DET or at + 2 >= len(m):
            return False
        if m.lows[at + 1] in _FORMERLY and at + 3 < len(m):
            at += 1  # "son président, l'ancien général Petr Havran"
        low = m.lows[at + 1]
        if self.nouns.demonym(m, at + 1) and self.nouns.upper(m, at + 2):
            return True  # "le coordinateur, le Néerlandais Maarten van den Berg"
        if low.startswith("ex-"):
            return self.nouns.upper(m, at + 2)
        led = self.flags.get(low, 0) & ROLE or low[:7] == "certain" or low in self.nouns.titles
        if led and self.nouns.upper(m, at + 2):
            return True
        ranked = self.pack.match(m.lows, at + 1, "roles", len(m)) if led else None
        after = at + 1 + ranked[0] if ranked and ranked[1] != "body" else len(m)
        if m.lows[after : after + 1] in (["de"], ["d'"]):
            after += 2  # "le général de brigade Luc Fabre"
        return after < len(m) and self.nouns.upper(m, after)

    def _said_by_one(self, m: Matrix, last: int) -> Speaker | None:
        """Read who hides behind "on": "a-t-on appris de source militaire", "dit-on à Tokyo"."""
        while last + 2 < len(m) and (
            self.nouns.is_date(m, last)
            or self.flags.get(m.lows[last], 0) & ADVERB
            or m.lows[last] in self.cues.causatives
            or m.lows[last].endswith("ement")
        ):
            last += 1
        if m.lows[last : last + 2] in (["au", "sein"], ["du", "côté"]):
            last += 2
        elif m.lows[last : last + 1] == ["auprès"]:
            last += 1
        if last + 1 >= len(m) or m.lows[last] not in self.one_is | {"du", "des", "d'"}:
            return None
        place = last + 1
        if not self.nouns.np_start(m, place) and m.lows[last] not in {"au", "aux"}:
            return None
        stop = self.nouns.extent(m, place, len(m))
        if (
            m.lows[place] in {"même", "issue"}
            or "issue" in m.lows[place + 1 : place + 2]
            or stop <= place
        ):
            return None
        return self.nouns.speaker(m, place, stop)

    def _hidden(self, m: Matrix, group: CueGroup, subject: Speaker | None) -> Speaker | None:
        """Give who really speaks: "À Berlin, on assure", "Citant X, le Post rapporte"."""
        first = 3 if m.lows[:3] in (["du", "côté", "de"], ["du", "côté", "des"]) else 1
        opens = (m.lows[0] in self.opening_source and (first > 1 or m.lows[0] != "du")) or (
            m.lows[0] == "a" and len(m) > 1 and bool(self.flags.get(m.lows[1], 0) & DET)
        )  # "A la mairie, on assure"
        begins = m.lows[0] in self.citing or (
            opens
            and subject is not None and subject.surface.lower() == "on"
        )  # fmt: skip
        comma = next((at for at in range(first + 1, group.first) if m.lows[at] == ","), 0)
        if not begins or not comma:
            return subject
        if not self.nouns.np_start(m, 1) and m.lows[0] in self.citing:
            return subject
        stop = self.nouns.extent(m, first, comma)
        found = self.nouns.speaker(m, first, stop) if stop > first else None
        if found is None or not (found.role or found.name or m.lows[0] in self.citing):
            body = found is not None and (
                any(each.isupper() for each in found.surface)
                or any(self.flags.get(low, 0) & ROLE for low in m.lows[first:stop])
            )
            return found if body else subject
        return found

    def _clitic(self, m: Matrix, at: int) -> Speaker:
        low = m.lows[at].split("-")[-1]
        end = m.ends[at]
        surface = self.seg.text[end - len(low) : end]
        gender = {"il": "m", "elle": "f", "ils": "m", "elles": "f"}.get(low)
        return Speaker(end - len(low), end, surface, None, None, gender, pronoun=True)
