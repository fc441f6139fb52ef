"""Who speaks: noun groups around a cue, names and roles in them, and who a word refers to."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from intendance.intake.matrix import QUOTE, Matrix, Speaker, matrix_of
from intendance.intake.name_runs import NameRuns
from intendance.intake.pack import (
    AUX,
    DET,
    PREP,
    PRONOUN,
    REL,
    ROLE,
)
from intendance.intake.word_kinds import SPANS

__all__ = ["QUOTE", "Matrix", "Nouns", "Speaker", "matrix_of"]


_TRAILING: Final = frozenset(
    {"publié", "publiée", "paru", "rendu", "cité", "réunis", "réunies", "réuni", "rassemblés",
     "présent", "présente", "présents", "présentes",
     "interrogé", "interrogée", "interrogés", "rencontré", "rencontrée",
     "joint", "jointe", "contacté", "contactée"}
)  # fmt: skip
_FEMALE_NOUNS: Final = ("tion", "sion", "ance", "agence", "ong", "prise", "armée")
_PARTIES: Final = frozenset({"parti", "mouvement"})
_PRIME: Final = frozenset({"premier", "première", "prime"})
_OTHERS: Final = (["and", "other"], ["and", "others"])
_JOINTS: Final = (
    ["et"],
    ["and"],
    ["and", "the"],
    ["et", "la"],
    ["et", "le"],
    ["et", "l'"],
    ["et", "les"],
)


class Nouns(NameRuns):
    """Reads who is named in a noun group, by which name and office."""

    # ---- what stands inside ------------------------------------------------------------------

    def speaker(self, m: Matrix, first: int, last: int, *, named: bool = True) -> Speaker | None:
        """Read name, role and gender out of a noun group; only its words unless ``named``."""
        while first < last and m.lows[first] in {",", "et", "mais", "and", "but", "puis", "–", "—"}:
            first += 1
        while last > first and (
            m.lows[last - 1] in {",", "'", "(", "–", "—", "-"}
            or self.is_date(m, last - 1)
            or (m.lows[last - 1] in SPANS and last - first > 2 and self.past_span(m, last - 1))
            or (last - first > 1 and m.lows[last - 1] in self.today)
        ):
            last -= 1
        last = self._before_aside(m, first, last)
        while (
            last - first > 2
            and not self.english
            and (self._participle(m, last - 1) or self._told_in(m, first, last))
            and not self.flags.get(m.lows[last - 2], 0) & (DET | PREP)  # "de la santé"
            and m.lows[last - 2] not in self.noun_follows  # "ce haut gradé"
            and not self._in_a_name(m, first, last)
        ):
            last -= 1  # "un premier bilan publié"
        while self.english and last - first > 1 and self.does(m, last - 1):
            last -= 1  # "relief agencies working"
        if first >= last or m.lows[first] == QUOTE:
            return None
        start, end = m.starts[first], m.ends[last - 1]
        surface = self.seg.text[start:end]
        if m.lows[first:last] in self.latter:
            gender = "f" if m.lows[first][-2:] == "te" else None if self.english else "m"
            return Speaker(start, end, surface, None, None, gender, pronoun=True)
        shouted = last - first == 1 and end - start > 1 and surface.isupper()
        shouted = shouted or m.lows[first] in self.some_people
        if last - first == 1 and self.flags.get(m.lows[first], 0) & PRONOUN and not shouted:
            low = m.lows[first]
            gender = "f" if low in self.female else "m" if low in self.male else None
            return Speaker(start, end, surface, None, None, gender, pronoun=True)
        if not named:
            return Speaker(start, end, surface, None, None)
        known = m.named.get((first, last))
        if known is None:  # many groups are read for their sentence and again for a cue
            name, role = self._name_and_role(m, first, last)
            known = m.named[first, last] = name, role, self._gender(m, first, last)
        return Speaker(start, end, surface, *known)

    def _before_aside(self, m: Matrix, first: int, last: int) -> int:
        """Give where a noun group ends before what is only said of it."""
        lows = m.lows
        for at in range(first + 1, last - 1):
            if lows[at] != ",":
                continue
            party = self.english and lows[at + 1][:2] in {"r-", "d-", "i-"}  # ", R-Ky.,"
            further = self.english and lows[at + 1] in {"a", "an"}  # "the general, a former …"
            if party or further or self.relative(m, at + 1):
                last = at  # "a volunteer in Mandalay, who asked not to be named"
                break
        for at in () if self.english else range(first + 2, last):
            if lows[at] in _TRAILING:
                return at  # "les donateurs réunis mardi à Londres"
        return last

    def role_of(self, m: Matrix, speaker: Speaker) -> str | None:
        """Give the role of a noun group that was read without it."""
        first, last = bisect_left(m.starts, speaker.start), bisect_left(m.starts, speaker.end)
        return self._name_and_role(m, first, last)[1]

    def _in_a_name(self, m: Matrix, first: int, last: int) -> bool:
        """Tell the "partagée" of "la responsable de Médecine partagée"."""
        led = last - first > 3 and self.upper(m, last - 2) and m.lows[last - 3] in self.of_words
        return led and m.lows[last - 1] not in _TRAILING

    def _told_in(self, m: Matrix, first: int, last: int) -> bool:
        """Tell "un bilan provisoire communiqué samedi", which no communiqué is."""
        told = m.lows[last - 1] == "communiqué"
        return told and not self.counts_issued.isdisjoint(m.lows[first : last - 1])

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
            if low in {"la", "une", "mme", "mlle", "mrs", "ms", "madame", "cette", "sa"}:
                return "f"
            if low in {"le", "un", "m", "mr", "monsieur", "ce", "cet"}:
                return "m"
        headed = m.lows[first] == "l'" and last - first > 1
        if headed and m.lows[first + 1].endswith(_FEMALE_NOUNS):
            return "f"
        if m.lows[first] in {"son", "leur", "notre", "l'"}:
            sex = next((self.sexes[low] for low in m.lows[first:last] if low in self.sexes), None)
            if sex is not None:
                return sex
        if not self.english and any(
            self.flags.get(low, 0) & ROLE
            and low.endswith(("rice", "ière", "euse", "ante", "ée", "esse"))
            for low in m.lows[first:last]
        ):
            return "f"
        return None

    def _name_and_role(self, m: Matrix, first: int, last: int) -> tuple[str | None, str | None]:
        kinds = m.kinds
        roles = [at for at in range(first, last) if kinds[at] & ROLE and self._role_at(m, at, last)]
        name: tuple[int, int] | None = None
        runs = self._runs(m, first, last)
        several = len(runs)
        runs = self._before_their_body(m, runs, first)
        if several and not runs:
            roles = []  # "the International Committee of Women Doctors"
        joint = runs[0][1] if runs else last
        further = joint + 2 < last and m.lows[joint] == "et"
        if further and m.lows[joint + 1] in self.others:
            return None, None  # "Baker et plusieurs autres députés"
        joined = len(runs) == 2 and m.lows[runs[0][1] : runs[1][0]] in _JOINTS
        if joined and not roles:
            return None, None  # "Paris et Berlin": both speak
        if self.english and len(runs) == 1 and m.lows[runs[0][1] : runs[0][1] + 2] in _OTHERS:
            return None, None  # "Fiala and other Czech officials"
        if joined and not self.english and m.lows[roles[0]].endswith("s") and roles[0] < runs[0][0]:
            both = self.seg.text[m.starts[runs[0][0]] : m.ends[runs[1][1] - 1]]
            return (both, None) if runs[0][1] - runs[0][0] > 1 else (None, None)
        text = self.seg.text
        # A headline in capitals tells nothing about names.
        shouted = text[m.starts[first] : m.ends[last - 1]].isupper() and bool(roles)
        for run in reversed([] if shouted else runs):
            if self.english and self._attributive(m, run, last):
                continue
            name = self._as_name(m, run, first, bool(roles))
            if name and self._a_field(m, name, first, last):
                name = None  # "la responsable Haïti de MSF, Sara Neri"
            if name and self._served(m, first, name[0]):
                name = None  # "un porte-parole du président Valmont": not he speaks
                roles = roles or [min(first + 1, last - 1)]
                break
            if name:
                name = self._with_adjective(m, name, first, last)
                break
        role = None
        if name and not roles and m.lows[name[0] - 1] == "." and name[0] > first + 1:
            role = self.spelt_ranks.get(m.lows[name[0] - 2])  # "Gen. Rimantas Vaitkus"
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

    def _a_field(self, m: Matrix, name: tuple[int, int], first: int, last: int) -> bool:
        """Tell the field of an office from a name: "de MSF, Sara Neri" follows."""
        at, end = name
        if self.english or end - at != 1 or last + 2 >= len(m) or at - 1 <= first:
            return False
        named = m.lows[last] == "," and self.upper(m, last + 1) and self.upper(m, last + 2)
        within = end < last and m.lows[end] in self.of_words
        return named and (within or (end == last and m.lows[at - 1] in self.company | _PARTIES))

    def _before_their_body(
        self, m: Matrix, runs: list[tuple[int, int]], first: int
    ) -> list[tuple[int, int]]:
        """Keep the person of "Paula Renner of the watchdog Health Ledger"."""
        if not self.english or len(runs) < 2:
            return runs
        if runs[0][0] == first + 1 and m.kinds[first] & DET and m.lows[runs[0][1]] in {"of", "for"}:
            head = runs[0][1] - 1
            office = self._role_at(m, head, runs[0][1]) or m.lows[head] in self.institutions
            return runs if office else []  # "the Federation of Red Cross and Crescent Societies"
        titled = m.lows[first] in self.titles and runs[0][0] - first == 2
        if runs[0][0] != first and not titled:
            return runs
        start, end = runs[0]
        if m.lows[end] == "," and 2 <= end - start <= 4 and m.kinds[end + 1] & (ROLE | DET):
            return runs[:1]  # "Deborah Nyman, spokeswoman for World Harvest"
        plain = end - start == 2 and m.lows[end] in {"of", "from", "at", "with"}
        known = not plain or self.pack.match(m.lows, start, "organisations", end) or any(
            self.flags.get(low, 0) or low in self.institutions for low in m.lows[start:end]
        )  # fmt: skip
        return runs if known else runs[:1]

    def _served(self, m: Matrix, first: int, at: int) -> bool:
        """Tell whether a name is only whom the speaker serves: "le cabinet de la ministre X"."""
        before = at - 1
        titled = m.lows[before] == "." and before > first
        before -= titled
        if before <= first + 1:
            return False
        low = m.lows[before]
        if low not in self.titles and not self._role_at(m, before, at):
            return False
        place = before - 1
        while (
            place > first
            and (self.flags.get(m.lows[place], 0) & DET or m.lows[place] in _PRIME)
            and (m.lows[place] not in self.of_words)
        ):
            place -= 1  # "le porte-parole du Premier ministre X"
        if place <= first or m.lows[place] not in self.of_words:
            return False
        head = first + bool(self.flags.get(m.lows[first], 0) & DET)
        matched = self.pack.match(m.lows, head, "roles", at)
        return matched is not None and head + matched[0] <= place

    def _with_adjective(
        self, m: Matrix, name: tuple[int, int], first: int, last: int
    ) -> tuple[int, int]:
        """Join the small word of "Mains ouvertes", "Médecins solidaires" to its plural noun."""
        at, end = name
        if self.english or end - at != 1 or end >= last:
            return name
        opens = at == first or m.lows[at - 1] in self.company
        if m.lows[at - 1] in self.company and at > first and end + 1 < last:
            low = m.lows[end + 1]  # "l'ONG Toits d'urgence"
            plain = low.isalpha() and not self.flags.get(low, 0) & (DET | PREP | ROLE | AUX)
            if (
                m.lows[end] in {"d'", "de", "sans", "contre"}
                and plain
                and not self.upper(m, end + 1)
            ):
                return at, end + 2
        low = m.lows[end]
        plain = low.isalpha() and low.endswith("s") and not self.flags.get(low, 0)
        plural = m.lows[at].endswith("s")
        return (at, end + 1) if plural and opens and plain and not self.upper(m, end) else name

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
        if at + 1 < last and m.lows[at] in self.company:
            at += 1  # "l'ONG Médecins sans frontières"
        if m.lows[at] not in self.bodies:
            return None
        matched = self.pack.match(m.lows, at, "organisations", last)
        return (
            (at, at + matched[0])
            if matched and matched[0] > 1 and at + matched[0] == last
            else None
        )

    def _office_word(self, m: Matrix, at: int, last: int) -> bool:
        """Tell "Ministry" from the "White" of the White Helmets."""
        if not self.flags.get(m.lows[at], 0) & ROLE:
            return False
        matched = self.pack.match(m.lows, at, "roles", last)
        body = matched is not None and matched[1] == "body" and not self.english
        return matched is not None and not (body and m.lows[at] not in self.company)

    def _role_at(self, m: Matrix, at: int, last: int) -> bool:
        if not m.kinds[at] & ROLE:
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

    def _body_before(self, m: Matrix, at: int, first: int) -> bool:
        """Tell whether "opérateur", "hôpital" stands before a word, an adjective between."""
        for place in range(at - 1, max(at - 3, first + 1), -1):
            low = m.lows[place]
            if low in self.company:
                return True
            matched = self.pack.match(m.lows, place, "roles", at)
            if matched or not low.isalpha() or self.flags.get(low, 0) & (DET | PREP):
                return bool(matched and matched[1] == "body")
        return False

    def _no_person(self, m: Matrix, cut: int, end: int) -> bool:
        """Tell the "General" of a Secretary General and a ministry or embassy from a name."""
        if all(self.flags.get(low, 0) & ROLE for low in m.lows[cut:end]):
            return True
        matched = self.pack.match(m.lows, end - 1, "roles", end)
        return matched is not None and matched[1] == "body"

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
            "au",
            "en",
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
        if cut >= end or (self.english and self._no_person(m, cut, end)):
            return None
        if self.english and not linked:
            # "NATO Secretary General Jens Stoltenberg": the name follows the last role word.
            for place in range(end - 1, at - 1, -1):
                if place + 1 < end and self._office_word(m, place, end):
                    return place + 1, end
        if has_role and before in {"and", "&"} and end - at > 2 and self.english:
            return end - 2, end  # "Minister for Planning and | Development Ahsan Rafiq"
        of_state = before == "the" and at - 2 >= first and m.lows[at - 2] in self.of_words
        if cut > at and of_state and self.english:
            return None  # "the head of the Czech | Republic"
        if cut > at:
            return (cut, end) if not linked or end - cut >= 1 else None
        described = not self.english and before and before.isalpha() and not has_role
        single = end - at == 1 and not linked and before not in self.titles
        if has_role and single and at - first > 2 and self._body_before(m, at, first):
            return None  # "le directeur de l'opérateur national Ukrenergo"
        if described and single and not self.flags.get(before, 0) & DET:
            # "l'agence Dniestr" speaks by its name; "la région Centre" is none.
            head = first + 1 if self.flags.get(m.lows[first], 0) & DET else first
            firm = m.lows[head] in self.company
            return (at, end) if firm else None
        if linked and before in {"d'", "de"} and not self.serving.isdisjoint(m.lows[first:at]):
            return None  # "le porte-parole d'Alexander De Croo"
        if linked:
            if end + 1 < len(m) and m.lows[end] == "," and self.upper(m, end + 1):
                return None  # "le gouverneur du Rio Grande do Sul, Caio Ferraz"
            office = self.english and self.flags.get(m.lows[end - 1], 0) & ROLE
            return (at + 1, end) if end - at >= 3 and has_role and not office else None
        words = m.lows[at:end]
        if any(self.flags.get(word, 0) & ROLE for word in words):
            return None
        return at, end
