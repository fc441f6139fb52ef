"""Runs of capitalised words: where a name begins and ends, with the particles inside it."""

from __future__ import annotations

from typing import Final

from intendance.intake.matrix import Matrix
from intendance.intake.nouns import PARTICLES, NounWords
from intendance.intake.pack import DET, NUMBER, PREP, PRONOUN, ROLE

_PLAIN_PARTICLES: Final = PARTICLES - {"de", "du", "la", "le"}


class NameRuns(NounWords):
    """Finds the names in a noun group by their capitals."""

    def _runs(self, m: Matrix, first: int, last: int) -> list[tuple[int, int]]:
        """Give the runs of capitalised words, with particles inside ("von der Leyen")."""
        runs: list[tuple[int, int]] = []
        at = first
        while at < last:
            if self.upper(m, at) and m.lows[at][0].isalpha():
                low = m.lows[at]
                flag = self.flags.get(low, 0)
                if (
                    len(low) > 1
                    and low in self.pack.abbreviations
                    and m.lows[at + 1 : at + 2] == ["."]
                ):
                    at += 2  # "Gen. Rimantas Vaitkus"
                    continue
                sentence_start = at == 0 and (flag & (DET | PREP | PRONOUN) or low in self.titles)
                if (
                    sentence_start
                    or low in self.titles
                    or (flag & DET and low in {"le", "la", "les", "the", "l'", "un", "une"})
                ):
                    at += 1
                    continue
                if flag & NUMBER and at == first and at + 1 < last and not self.upper(m, at + 1):
                    at += 1  # "Trois ministres", "Quelque 40 maires"
                    continue
                if at + 1 < last and self.upper(m, at + 1) and self.demonym(m, at):
                    at += 1  # "le Français Sébastien Leroux"
                    continue
                end = at + 1
                at = self._particled(m, at, first)
                while end < last:
                    arcy = m.lows[end] == "d'" and end + 1 < last and self.upper(m, end + 1)
                    if arcy and self._first_name(m, at, end, first, last):
                        end += 1  # "Jean-Luc d'Arcy"
                        continue
                    if (
                        ((self.upper(m, end) or self.al(m, end)) and m.lows[end][0].isalpha())
                        or (m.lows[end] == "." and (end - at == 1 or self.short(m, end - 1)))
                    ) or (
                        m.lows[end] in PARTICLES
                        and end + 1 < last
                        and (self.upper(m, end + 1) or m.lows[end + 1] in PARTICLES)
                        and (
                            self.english  # where it is no word: "Marijke de Wit"
                            or m.lows[end] not in {"de", "du", "la", "le"}
                            or (
                                m.lows[end] == "de"
                                and m.lows[end + 1] in {"la", "le", "l'"}
                                and self.upper(m, end + 1)
                            )
                            or self._first_name(m, at, end, first, last)
                        )
                    ):
                        end += 1
                    else:
                        break
                runs.append((at, end))
                at = end
            else:
                at += 1
        return runs

    def _first_name(self, m: Matrix, at: int, end: int, first: int, last: int) -> bool:
        """Tell the "Piet" of "Piet de Groot": alone in front of a name that closes the group."""
        low = m.lows[at]
        if self.flags.get(low, 0) or low in self.institutions or low in self.company:
            return False
        known = self.pack.match(m.lows, at, "organisations", last)
        opens = at == first or (self.english and m.kinds[at - 1] & ROLE)
        return bool(not known and opens and end == at + 1 and end + 2 == last and len(low) < 14)

    def _particled(self, m: Matrix, at: int, first: int) -> int:
        """Give where a name begins with its particles: "van der Berg", "l'amiral de Courrèges"."""
        place = at
        floor = first - (m.lows[first] in _PLAIN_PARTICLES)  # "a déclaré von der Leyen"
        while place - 1 > floor and m.lows[place - 1] in _PLAIN_PARTICLES:
            place -= 1
        titled = place - 3 >= first and m.lows[place - 2] == "." and m.lows[place - 1] in PARTICLES
        if titled and m.lows[place - 3] in self.titles:
            return place - 1  # "M. de Vries"
        ranked = place - 2 >= first and m.lows[place - 1] in self.of_words
        if self.english or not ranked or m.lows[place - 2] not in self.ranked:
            return place
        alone = place - 2 == first or bool(self.flags.get(m.lows[place - 3], 0) & DET)
        if alone or m.lows[place - 2] in self.titles:
            return place - 1  # "le général de Villiers", but "le directeur général d'Ukrenergo"
        return place
