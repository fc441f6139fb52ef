"""Subjects of several pieces: two people joined, the nearer of two, a name beside its office."""

from __future__ import annotations

from intendance.intake.pack import AUX
from intendance.intake.people import Matrix, Speaker
from intendance.intake.subject_scope import SubjectScope


class JointSubjects(SubjectScope):
    """Puts the pieces of a subject together."""

    def _two_people(self, m: Matrix, pieces: list[tuple[int, int]], first: int) -> Speaker | None:
        """Read "Anna Roy, ministre de l'Énergie, et Karim Sow, ministre des Finances, ont dit"."""
        if self.english or m.lows[first] not in {"ont", "avaient", "sont", "étaient"}:
            return None
        at = next((k for k, (a, _) in enumerate(pieces) if k and m.lows[a] == "et"), 0)
        second = self.nouns.speaker(m, pieces[at][0] + 1, pieces[at][1]) if at else None
        if second is None or second.pronoun:
            return None
        if not second.name and second.role and at + 1 < len(pieces):
            second = self.nouns.speaker(m, *pieces[at + 1]) or second
        other = second.name if second.name and " " in second.name else second.surface
        for begin, end in reversed(pieces[max(at - 2, 0) : at]):
            one = self.nouns.speaker(m, begin, end)
            if one is not None and one.name and " " in one.name:
                words = self.seg.text[one.start : m.ends[pieces[-1][1] - 1]]
                name = f"{one.name} et {other}"
                return Speaker(one.start, one.start + len(words), words, name, None)
        return None

    def _nearer(self, m: Matrix, begin: int, end: int) -> Speaker | None:
        """Read "Le Portugal a proposé cent camions et le Maroc s'est dit prêt": the nearer one."""
        for at in range(end - 2, begin + 1, -1):
            if m.lows[at] not in {"et", "mais"} or not self.nouns.np_start(m, at + 1):
                continue
            verb = any(m.kinds[k] & AUX for k in range(begin, at))
            whole = verb and self.nouns.extent(m, at + 1, end) == end
            return self.nouns.speaker(m, at + 1, end) if whole else None
        return None

    def _named_before(
        self, m: Matrix, pieces: list[tuple[int, int]], piece: tuple[int, int], head: Speaker
    ) -> Speaker:
        """Read "Ali Hamdi, porte-parole des secours, qui ont …, a indiqué": the name before."""
        number = pieces.index(piece)
        first, last = pieces[number - 1] if number else (0, 0)
        full = 2 <= last - first <= 5 and all(self.nouns.upper(m, at) for at in range(first, last))
        before = self.nouns.speaker(m, first, last) if full and not head.name else None
        if before is None or not before.name or before.role or not head.role:
            return head
        words = self.seg.text[before.start : head.end]
        gender = head.gender or before.gender
        return Speaker(before.start, head.end, words, before.name, head.role, gender)

    def _after_place(self, m: Matrix, stop: int) -> Speaker | None:
        """Read the name of "la cheffe de la mission en Birmanie Nadia Khoury"."""
        if self.english or stop + 3 >= len(m) or m.lows[stop] not in {"en", "au", "à"}:
            return None
        end = stop + 1
        while end < len(m) and self.nouns.upper(m, end) and m.lows[end][0].isalpha():
            end += 1
        return self.nouns.speaker(m, stop + 2, end) if 4 <= end - stop <= 5 else None
