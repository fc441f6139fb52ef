"""Who speaks: noun groups around a cue, names and roles in them, and who a word refers to."""

from __future__ import annotations

from typing import Final

from intendance.intake.matrix import QUOTE, Matrix, Speaker, matrix_of
from intendance.intake.pack import (
    ADVERB,
    AUX,
    DATEWORD,
    DET,
    MODAL,
    MONTH,
    PREP,
    PRONOUN,
    REL,
    ROLE,
    WEEKDAY,
    Pack,
)
from intendance.intake.segment import Segmented

__all__ = ["QUOTE", "Matrix", "Nouns", "Speaker", "matrix_of"]


_PARTICLES: Final = frozenset(
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
        "zu",
        "ibn",
    }
)
_TRAILING: Final = frozenset(
    {"publié", "publiée", "paru", "rendu", "cité", "réunis", "réunies", "réuni", "rassemblés",
     "présents", "présentes", "interrogé", "interrogée", "interrogés", "rencontré", "rencontrée",
     "joint", "jointe", "contacté", "contactée"}
)  # fmt: skip
_JOINTS: Final = (
    ["et"],
    ["and"],
    ["and", "the"],
    ["et", "la"],
    ["et", "le"],
    ["et", "l'"],
    ["et", "les"],
)
_HARD_STOP: Final = frozenset(
    {".", ";", ":", QUOTE, "!", "?", "…", "(", ")", "–", "—", "-", "[", "]"}
)


class Nouns:
    """Reads noun groups of a matrix sentence under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        self.seg, self.pack = seg, pack
        self.flags = pack.flags
        words = pack.raw.get("words", {})
        self.institutions = frozenset(words.get("institutions", ()))
        self.day_parts = frozenset(words.get("day_parts", ()))
        self.at_words = frozenset(words.get("role_at", ("à", "aux", "au")))
        self.of_words = frozenset(words.get("of_words", ("de", "d'", "du", "des", "of", "for")))
        self.titles = frozenset(words.get("titles", ()))
        self.female = frozenset(words.get("female", ()))
        self.male = frozenset(words.get("male", ()))
        self.english = pack.raw.get("subject_order") == "first"
        self.strong_pasts = frozenset(words.get("strong_pasts", ()))
        self.made_by = frozenset(words.get("made_by", ()))
        self.in_the_know = frozenset(words.get("in_the_know", ()))
        self.today = frozenset(words.get("today", ()))
        self.latter = [each.split() for each in words.get("latter", ())]
        self.company = frozenset(words.get("company", ()))

    def upper(self, m: Matrix, at: int) -> bool:
        """Tell whether a matrix word begins with a capital."""
        return self.seg.text[m.starts[at]].isupper()

    def is_date(self, m: Matrix, at: int) -> bool:
        """Tell whether a word is a weekday, month, day part or number of a date."""
        low = m.lows[at]
        return bool(self.flags.get(low, 0) & (WEEKDAY | MONTH)) or low in self.day_parts

    def relative(self, m: Matrix, at: int) -> bool:
        """Tell "who" and "qui" from the WHO."""
        low = m.lows[at]
        if not (self.flags.get(low, 0) & REL or low == "who"):
            return False
        return not (len(low) > 1 and m.shown[m.starts[at] : m.ends[at]].isupper())

    def np_start(self, m: Matrix, at: int) -> bool:
        """Tell whether a noun group can begin here."""
        low = m.lows[at]
        if low == QUOTE or not low[0].isalnum():
            return False
        flag = self.flags.get(low, 0)
        if low in {"d'", "de"} and at + 1 < len(m):
            return m.lows[at + 1] in {"autres", "nombreux", "nombreuses"}  # "d'autres capitales"
        if low == "people" and at + 1 < len(m):
            return m.lows[at + 1] in self.in_the_know  # "people familiar with the matter"
        if flag & (DET | PRONOUN | ROLE):
            return low not in {"au", "aux", "du", "des", "d'"} or low == "des"
        if self.is_date(m, at) or flag & PREP:
            return False
        return self.upper(m, at) or low[0].isdigit()

    def modified(self, m: Matrix, at: int) -> bool:
        """Tell "opposition leader Lee": small words before an office or a name."""
        if not self.english:
            return False
        for place in range(at, min(at + 4, len(m))):
            low = m.lows[place]
            flag = self.flags.get(low, 0)
            if place > at and (flag & ROLE or self.upper(m, place)):
                return True
            plain = low.replace("-", "").isalpha() and not flag & (PREP | AUX | DET | MODAL)
            if not plain or self.upper(m, place) or self.pack.cues.get(low):
                return False
        return False

    def skip_fillers(self, m: Matrix, at: int, stop: int) -> int:
        """Pass dates, adverbs and prepositional groups ("à la presse", "lors d'un point")."""
        while at < stop:
            low = m.lows[at]
            flag = self.flags.get(low, 0)
            if self.is_date(m, at) or False:
                at += 1
            elif flag & PREP and low not in {"selon", "si"}:
                at = self._skip_group(m, at, stop)
            elif (
                (flag & DATEWORD and not flag & DET)
                or (flag & ADVERB and not flag & DET)
                or (self.english and low.endswith("ly") and len(low) > 4)
                or (low[0].isdigit() and len(low) <= 4)
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
            named = self.english and self.upper(m, at - 1)
            while named and at < stop and self.upper(m, at) and m.lows[at][0].isalpha():
                at += 1  # "with The Huffington Post"
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
                at = min(at + 1, stop)
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
        begin, role, seen = at, False, False
        body_at = at + 1 if self.flags.get(m.lows[at], 0) & DET and at + 1 < stop else at
        body = self.pack.match(m.lows, body_at, "organisations", stop)
        if body and body[0] > 1 and self.upper(m, body_at):
            at, seen = body_at + body[0], True
        while at < stop and at - begin < 16:
            low = m.lows[at]
            flag = self.flags.get(low, 0)
            if low == "." and at > begin and at + 1 < stop and self.short(m, at - 1):
                at += 1
                continue
            if low in _HARD_STOP or (low in {",", '"', "'"} and low != "'s"):
                break
            if low in {
                "que",
                "qu'",
                "that",
                "which",
                "where",
                "où",
                "cité",
                "citée",
                "when",
            }:
                break
            if (self.is_date(m, at) and seen) or self.relative(m, at):
                break
            if flag & ROLE:
                role = True
            if low in self.in_the_know and at > begin and at + 2 < stop:
                # "two officials familiar with the talks"
                at += 2
                if self.flags.get(m.lows[at], 0) & DET:
                    at += 1
                return min(at + 1, stop)
            if m.lows[at : at + 2] == ["par", "intérim"]:
                at += 2
                continue
            if self.english and seen and self._verb_at(m, at):
                break  # "the U.S. president | left open"
            if low == "by" and m.lows[at - 1] in self.made_by and at > begin:
                at += 1  # "a study by the Kiel institute", "a group led by Britain"
                at += bool(at < stop and self.flags.get(m.lows[at], 0) & DET)
                plural = True
                continue
            if low in self.of_words or (
                low in _PARTICLES and at + 1 < stop and self.upper(m, at + 1)
            ):
                at += 1
                while at < stop and self.flags.get(m.lows[at], 0) & DET and not self._caps(m, at):
                    at += 1
                seen = True
                continue
            if low in self.at_words and role and self._role_complement(m, at + 1, stop):
                at += 2
                continue
            if low in {"et", "and", "&"}:
                following = at + 1 < stop and (
                    self.upper(m, at + 1) or self.flags.get(m.lows[at + 1], 0) & (DET | ROLE)
                )
                if not (following and (plural or self._caps(m, at + 1))):
                    break
                at += 1
                continue
            if flag & DET and seen and low != "l'" and m.lows[at - 1] not in {"et", "and"}:
                break
            if (
                flag & (PREP | AUX | MODAL)
                and not self._caps(m, at)
                and (at > begin or flag & PREP)
            ):
                break
            if flag & ADVERB and not flag & DET and seen:
                break
            if not flag & DET:
                seen = True
            at += 1
        while at > begin and (
            m.lows[at - 1] in self.of_words or self.flags.get(m.lows[at - 1], 0) & DET
        ):
            at -= 1
        return at

    def _verb_at(self, m: Matrix, at: int) -> bool:
        """Tell the verb behind a finished noun group: a strong past after an office or name."""
        low = m.lows[at]
        past = low in self.strong_pasts or self.pack.tenses.get(low) in ("past", "pres")
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

    def words_in(self, m: Matrix, speaker: Speaker) -> list[str]:
        """Give the small words of a noun group that stands in the matrix sentence."""
        return [
            low for low, at in zip(m.lows, m.starts, strict=True)
            if speaker.start <= at < speaker.end
        ]  # fmt: skip

    # ---- what stands inside ------------------------------------------------------------------

    def speaker(self, m: Matrix, first: int, last: int) -> Speaker | None:
        """Read name, role and gender out of a noun group."""
        while first < last and m.lows[first] in {",", "et", "mais", "and", "but", "puis", "–", "—"}:
            first += 1
        while last > first and (
            m.lows[last - 1] in {",", "'", "(", "–", "—", "-"}
            or self.is_date(m, last - 1)
            or (last - first > 1 and m.lows[last - 1] in self.today)
        ):
            last -= 1
        for at in range(first + 1, last - 1):
            if m.lows[at] == "," and self.relative(m, at + 1):
                last = at  # "a volunteer in Mandalay, who asked not to be named"
                break
        while (
            last - first > 2
            and not self.english
            and self._participle(m, last - 1)
            and not self.flags.get(m.lows[last - 2], 0) & (DET | PREP)  # "de la santé"
        ):
            last -= 1  # "un premier bilan publié"
        if first >= last or m.lows[first] == QUOTE:
            return None
        start, end = m.starts[first], m.ends[last - 1]
        surface = self.seg.text[start:end]
        if m.lows[first:last] in self.latter:
            gender = "f" if m.lows[first][-2:] == "te" else None if self.english else "m"
            return Speaker(start, end, surface, None, None, gender, pronoun=True)
        shouted = last - first == 1 and end - start > 1 and surface.isupper()
        if last - first == 1 and self.flags.get(m.lows[first], 0) & PRONOUN and not shouted:
            low = m.lows[first]
            gender = "f" if low in self.female else "m" if low in self.male else None
            return Speaker(start, end, surface, None, None, gender, pronoun=True)
        name, role = self._name_and_role(m, first, last)
        return Speaker(start, end, surface, name, role, self._gender(m, first, last))

    def _participle(self, m: Matrix, at: int) -> bool:
        low = m.lows[at]
        return (
            not self.upper(m, at)
            and (
                self.pack.tenses.get(low) == "part"
                or low in _TRAILING
                or (low.endswith(("é", "ée", "és", "ées")) and at > 1 and len(low) > 4)
            )
            and not self.flags.get(low, 0) & ROLE
        )

    def _gender(self, m: Matrix, first: int, last: int) -> str | None:
        for low in m.lows[first : min(last, first + 2)]:
            if low in {"la", "une", "mme", "mlle", "mrs", "ms", "madame"}:
                return "f"
            if low in {"le", "un", "m", "mr", "monsieur"}:
                return "m"
        if not self.english and any(
            self.flags.get(low, 0) & ROLE
            and low.endswith(("rice", "ière", "euse", "ante", "ée", "esse"))
            for low in m.lows[first:last]
        ):
            return "f"
        return None

    def _runs(self, m: Matrix, first: int, last: int) -> list[tuple[int, int]]:
        """Give the runs of capitalised words, with particles inside ("von der Leyen")."""
        runs: list[tuple[int, int]] = []
        at = first
        while at < last:
            if self.upper(m, at) and m.lows[at][0].isalpha():
                low = m.lows[at]
                flag = self.flags.get(low, 0)
                sentence_start = at == 0 and (flag & (DET | PREP | PRONOUN) or low in self.titles)
                if (
                    sentence_start
                    or low in self.titles
                    or (flag & DET and low in {"le", "la", "les", "the", "l'", "un", "une"})
                ):
                    at += 1
                    continue
                end = at + 1
                while end < last:
                    if (
                        (self.upper(m, end) and m.lows[end][0].isalpha())
                        or (m.lows[end] == "." and end - at == 1)
                    ) or (
                        m.lows[end] in _PARTICLES
                        and end + 1 < last
                        and (self.upper(m, end + 1) or m.lows[end + 1] in _PARTICLES)
                        and m.lows[end] not in {"de", "du", "la", "le"}
                    ):
                        end += 1
                    else:
                        break
                runs.append((at, end))
                at = end
            else:
                at += 1
        return runs

    def _name_and_role(self, m: Matrix, first: int, last: int) -> tuple[str | None, str | None]:
        roles = [at for at in range(first, last) if self._role_at(m, at, last)]
        name: tuple[int, int] | None = None
        runs = self._runs(m, first, last)
        joined = len(runs) == 2 and m.lows[runs[0][1] : runs[1][0]] in _JOINTS
        if joined and not roles:
            return None, None  # "Paris et Berlin": both speak
        text = self.seg.text
        # A headline in capitals tells nothing about names.
        shouted = text[m.starts[first] : m.ends[last - 1]].isupper() and bool(roles)
        for run in reversed([] if shouted else runs):
            if self.english and self._attributive(m, run, last):
                continue
            name = self._as_name(m, run, first, bool(roles))
            if name:
                break
        role = None
        if roles:
            begin, end = self._role_span(m, roles, name, first, last)
            if begin < end:
                role = text[m.starts[begin] : m.ends[end - 1]].strip(" ,")
        found = None
        body = self._body(m, first, last)
        if body:
            name = body
        if name:
            found = text[m.starts[name[0]] : m.ends[name[1] - 1]]
            found = found.removesuffix("'s").removesuffix("’s")
        return found, role

    def _attributive(self, m: Matrix, run: tuple[int, int], last: int) -> bool:
        """Tell "a Western diplomat", "Other capitals", "Danish officials" from names."""
        if run[1] >= last:
            return False
        low = m.lows[run[1]]
        return low.isalpha() and not (
            self.flags.get(low, 0) & (PREP | DET | AUX | REL) or low in {"and", "or"}
        )

    def _body(self, m: Matrix, first: int, last: int) -> tuple[int, int] | None:
        """Find a body of several words at the head ("Médecins sans frontières")."""
        at = first + 1 if self.flags.get(m.lows[first], 0) & DET and first + 1 < last else first
        matched = self.pack.match(m.lows, at, "organisations", last)
        return (
            (at, at + matched[0])
            if matched and matched[0] > 1 and at + matched[0] == last
            else None
        )

    def _office_word(self, m: Matrix, at: int, last: int) -> bool:
        """Tell "Ministry" from the "White" of the White Helmets."""
        low = m.lows[at]
        return bool(self.flags.get(low, 0) & ROLE and self.pack.match(m.lows, at, "roles", last))

    def _role_at(self, m: Matrix, at: int, last: int) -> bool:
        low = m.lows[at]
        if not self.flags.get(low, 0) & ROLE:
            return False
        matched = self.pack.match(m.lows, at, "roles", last)
        return bool(matched and matched[1] != "body")

    def _role_span(
        self, m: Matrix, roles: list[int], name: tuple[int, int] | None, first: int, last: int
    ) -> tuple[int, int]:
        begin = roles[0]
        if name and name[0] < begin:
            end = last
        elif name:
            end = name[0]
            if self.english:
                begin = first
        else:
            end = last
            if self.english:
                begin = first
        while begin < end and self.flags.get(m.lows[begin], 0) & DET and begin < roles[0]:
            begin += 1
        if self.english and name and name[0] < roles[0]:
            begin = name[1]
            while begin < end and (m.lows[begin] == "," or self.flags.get(m.lows[begin], 0) & DET):
                begin += 1
        while end > begin and m.lows[end - 1] in {",", "m", "mme", "."}:
            end -= 1
        return begin, end

    def _as_name(
        self, m: Matrix, run: tuple[int, int], first: int, has_role: bool
    ) -> tuple[int, int] | None:
        """Tell whether a run of capitals is a person's name, and cut its institution away."""
        at, end = run
        before = m.lows[at - 1] if at > first else ""
        linked = before in self.of_words or before in {
            "la",
            "l'",
            "le",
            "les",
            "à",
            "aux",
            "the",
            "at",
            "of",
        }
        if self.english and before and self.flags.get(before, 0) & PREP:
            linked = True
        if end < len(m) and m.lows[end] == "'s":
            return None  # "Norway's government" is no Norway
        cut = at
        while cut < end and (
            m.lows[cut] in self.institutions
            or " ".join(m.lows[cut : cut + 2]) in self.institutions
            or (self._office_word(m, cut, end) and end - cut > 1)
        ):
            cut += 2 if " ".join(m.lows[cut : cut + 2]) in self.institutions else 1
        if cut >= end:
            return None
        if self.english and not linked:
            # "NATO Secretary General Jens Stoltenberg": the name follows the last role word.
            for place in range(end - 1, at - 1, -1):
                if self.flags.get(m.lows[place], 0) & ROLE and place + 1 < end:
                    return place + 1, end
        if cut > at:
            return (cut, end) if not linked or end - cut >= 1 else None
        described = not self.english and before and before.isalpha() and not has_role
        single = end - at == 1 and not linked and before not in self.titles
        if has_role and single and before in self.company and at - first > 2:
            return None  # "le directeur de l'opérateur Ukrenergo"
        if described and single and not self.flags.get(before, 0) & DET:
            # "l'agence Dniestr" speaks by its name; "la région Centre" is none.
            head = first + 1 if self.flags.get(m.lows[first], 0) & DET else first
            firm = m.lows[head] in self.company
            return (at, end) if firm else None
        if linked:
            return (at + 1, end) if end - at >= 3 and has_role else None
        words = m.lows[at:end]
        if any(self.flags.get(word, 0) & ROLE for word in words):
            return None
        return at, end
