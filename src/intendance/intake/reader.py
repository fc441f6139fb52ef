"""Reads one document: segmentation, then dates, figures, statements, aid, then their links."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import Final

from intendance.errors import InputError
from intendance.intake import language as languages
from intendance.intake.aid import AidReader
from intendance.intake.continued import carried, join_continued
from intendance.intake.datelines import datelines
from intendance.intake.dates import DateReader
from intendance.intake.drafts import COUNTED
from intendance.intake.figure_periods import give_periods
from intendance.intake.figures import FigureReader
from intendance.intake.folding import folded, unfolded, unwrapped
from intendance.intake.inside import inside_quotes
from intendance.intake.pack import (
    ACCORDING,
    AGO,
    AID,
    ATTITUDE,
    AUX,
    BOUND,
    CUE,
    DATEWORD,
    DET,
    DIGITS,
    MODAL,
    MONTH,
    NUMBER,
    PRONOUN,
    ROLE,
    SPELT,
    WEEKDAY,
    Pack,
    load,
)  # fmt: skip
from intendance.intake.people import Matrix, Nouns, Speaker, matrix_of
from intendance.intake.reading import (
    Document,
    Reading,
)  # fmt: skip
from intendance.intake.receivers import Event
from intendance.intake.records import Work, records
from intendance.intake.resolve import Resolver
from intendance.intake.segment import cut, paragraphs_of, segment
from intendance.intake.statements import Draft, StatementReader
from intendance.intake.taken_up import still_gives, told_behind, told_end

MAX_CHARACTERS: Final = 250_000
# What no article of that length holds; each limit keeps the time for any text near a second.
MAX_WORDS: Final = 90_000
MAX_NUMBERS: Final = 8_000
MAX_CUES: Final = 3_500
MAX_FINDINGS: Final = 6_000  # dense press of 250,000 characters holds about 5,000
_FINITE: Final = frozenset({"past", "pres", "fut", "cond"})


def read(
    text: str,
    *,
    published: date | None = None,
    outlet: str | None = None,
    language: str | None = None,
) -> Reading:
    """Read one document into statements, amounts, quantities, dates, aid and proposals.

    ``published`` resolves relative dates (null without it); ``language`` is guessed when not
    given. Raises InputError for a text above ``MAX_CHARACTERS`` or a language without a pack.
    Pure: no network, no ledger, the same text always gives the same reading.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"the document has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}",
            next_step="Split it into articles; archives and folders are read with --batch.",
        )
    text = text.removeprefix("\ufeff")
    plain = folded(text)
    whole = plain[0] if plain else text
    paragraphs = paragraphs_of(whole)
    joined = unwrapped(whole, paragraphs, plain[1] if plain else None)
    if joined is not None:
        plain, whole, paragraphs = joined, joined[0], paragraphs_of(joined[0])
    words = cut(whole)
    chosen = language or languages.guess(whole, words.lows)
    pack = load(chosen)
    _bound(words.lows, pack)
    seg = segment(whole, words, paragraphs, pack.abbreviations)
    seg.kinds = list(map(pack.kinds.__getitem__, seg.lows))
    work = Work(seg, pack, published)
    _find(work)
    give_periods(work)
    document = Document(
        text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), chosen,
        published.isoformat() if published else None, outlet, work.reported_by,
    )  # fmt: skip
    reading = records(work, document)
    return unfolded(reading, text, plain[1]) if plain else reading


# ---- finding -------------------------------------------------------------------------------


def _find(work: Work) -> None:
    seg, pack = work.seg, work.pack
    nouns = Nouns(seg, pack)
    statements = StatementReader(seg, pack, nouns)
    dates, figures = DateReader(seg, pack, work.published), FigureReader(seg, pack)
    aid = AidReader(seg, pack, nouns)
    resolver = Resolver(nouns, pack)
    datelines(work)
    dated, counting = MONTH | WEEKDAY | DATEWORD | AGO | DIGITS, NUMBER | BOUND | DIGITS | SPELT
    for index, sentence in enumerate(seg.sentences):
        if index % 50 == 0:
            _hold_back(work)
        seen = 0
        for kind in seg.kinds[sentence.first : sentence.last]:
            seen |= kind
        sentence.seen = seen
        own_dates = dates.find(sentence) if seen & dated else []
        if own_dates:
            work.dates += [(index, each) for each in own_dates]
        starts: set[int] = set()
        if seen & counting:
            amounts, counted = figures.find(sentence, index, own_dates)
            if amounts or counted:
                work.amounts += amounts
                work.counted += counted
                starts = {each.first for each in amounts}.union(each.first for each in counted)
        if seen & (CUE | ACCORDING | ATTITUDE | ROLE) or sentence.quotes or sentence.paragraph < 4:
            m = matrix_of(seg, sentence, work.datelines.get(index, sentence.start))
            work.matrices[index] = m
            if seen & ROLE:
                resolver.learn(m, index)
            found = statements.read(m, index)
            for draft in found:
                if draft.start < sentence.start:  # "C'est ce qu'a annoncé …"
                    draft.start = max(draft.start, work.datelines.get(index - 1, 0))
            work.drafts.extend(found)
        if seen & AID:
            begin = work.datelines.get(index)
            own = replace(sentence, first=seg.token_at(begin)) if begin else sentence
            work.events.extend(aid.read(own, index, starts))
    _hold_back(work)
    inside_quotes(work, statements)
    work.drafts.sort(key=lambda each: (each.start, -each.end))
    _deduplicate(work)
    join_continued(work)
    _outlets(work)
    _names(work, resolver)


def _bound(lows: list[str], pack: Pack) -> None:
    """Refuse a text of marks, of numbers or of cues alone before it costs time."""
    if len(lows) <= min(MAX_WORDS, MAX_NUMBERS, MAX_CUES):
        return
    cues = numbers = 0
    for low in lows:
        cues += bool(pack.flags.get(low, 0) & CUE)
        numbers += low[0].isdigit()
    sentence = ""
    if len(lows) > MAX_WORDS:
        sentence = f"the document holds {len(lows):,} words and marks; the limit is {MAX_WORDS:,}"
    elif numbers > MAX_NUMBERS:
        sentence = f"the document holds {numbers:,} numbers; the limit is {MAX_NUMBERS:,}"
    elif cues > MAX_CUES:
        sentence = f"the document holds {cues:,} verbs of saying; the limit is {MAX_CUES:,}"
    if sentence:
        raise InputError(
            sentence, next_step="It is no article; split it, or give its text without tables."
        )


def _hold_back(work: Work) -> None:
    """Refuse a text that is no article before it costs time: too many figures and cues."""
    lists = (work.drafts, work.dates, work.amounts, work.counted, work.events)
    found = sum(len(each) for each in lists)
    if found > MAX_FINDINGS:
        raise InputError(
            f"the document holds more than {MAX_FINDINGS:,} figures, dates and statements",
            next_step="It is no article; split it, or give its text without tables.",
        )


def _deduplicate(work: Work) -> None:
    """Drop a statement that repeats another one's words; keep the surer rule."""
    kept, english = list[Draft](), work.pack.language == "en"
    for draft in work.drafts:
        clash = None
        for number in range(len(kept) - 1, max(len(kept) - 4, -1), -1):
            other = kept[number]
            if told_behind(other, draft):
                draft.end = told_end(work.seg.text, draft.start, other.end)
                continue
            common = min(draft.end, other.end) - max(draft.start, other.start)
            if common <= 0 or _within(other, draft) or _within(draft, other):
                continue
            longest = max(draft.end - draft.start, other.end - other.start)
            if common > 0.8 * longest:
                clash = number
                break
        if clash is None or (english and _passes_on(kept[clash], draft)):
            kept.append(draft)
        elif draft.confidence > kept[clash].confidence:
            kept[clash] = draft
    work.drafts = kept


def _passes_on(outer: Draft, inner: Draft) -> bool:
    """Tell "According to the agency, its figures show that …": two statements."""
    cue = inner.cue
    return outer.rule == "according" and cue is not None and outer.start <= cue[0] < outer.end


def _within(inner: Draft, said: Draft) -> bool:
    """Tell reported speech: the cue of one statement stands in the other's words."""
    cue = inner.cue
    if cue is None or inner.act not in ("pledge", "request"):
        return False
    return any(a <= cue[0] < b for a, b in said.parts or [(said.start, said.end)])


def _outlets(work: Work) -> None:
    """Find who reports the text: "Rapporte BFMTV", "(AFP)", "selon le ministre, cité par X"."""
    pack, seg = work.pack, work.seg
    cite = pack.words("report_cues")
    quoted = pack.words("cited_by")
    if (cite | quoted).isdisjoint(seg.lows):
        return
    gone: set[int] = set()
    around: set[int] = set()
    for at, low in enumerate(seg.lows):
        if low not in cite and low not in quoted:
            continue
        if low in cite and pack.language == "en" and _outlet_before(work, at):
            around.add(seg.starts[at])
            continue
        place = at + 1
        if low in quoted:
            if place < len(seg.lows) and seg.lows[place] in {"par", "by", "von"}:
                place += 1
            else:
                continue
        while place < len(seg.lows) and seg.lows[place] in {
            "l'",
            "le",
            "la",
            "the",
            "agence",
            "quotidien",
            "journal",
            "chaîne",
            "agency",
            "newspaper",
            "site",
            "'",
        }:
            place += 1
        if place >= len(seg.lows) or not seg.upper(place):
            continue
        matched = pack.match(seg.lows, place, "outlets", len(seg.lows))
        own = seg.sentences[seg.sentence_at(seg.starts[at])]
        alone = at == own.first and own.last - at <= 6
        if matched or alone:
            size = matched[0] if matched else own.last - place
            end = place + size
            while end > place and not seg.lows[end - 1][0].isalnum():
                end -= 1
            work.reported_by = work.reported_by or seg.text[seg.starts[place] : seg.ends[end - 1]]
            if alone:
                gone.add(seg.starts[at])
            elif matched and low in cite:
                around.add(seg.starts[at])
    work.drafts = [
        each
        for number, each in enumerate(work.drafts)
        if not (each.cue and (each.cue[0] in gone or _reports(work, number, around)))
    ]


def _outlet_before(work: Work, at: int) -> bool:
    """Tell "…, the Northern Herald reported." from "reported the Herald"."""
    lows = work.seg.lows
    for first in range(max(at - 5, 0), at):
        matched = work.pack.match(lows, first, "outlets", at)
        if matched is not None and first + matched[0] == at:
            return True
    return False


def _reports(work: Work, number: int, around: set[int]) -> bool:
    """Tell whether an outlet's cue only passes on what another statement holds."""
    outer = work.drafts[number]
    assert outer.cue is not None
    if not any(outer.cue[0] <= at < outer.cue[1] for at in around):
        return False
    near = work.drafts[max(number - 3, 0) : number + 4]
    return any(
        each is not outer and outer.start <= each.start and each.end <= outer.end for each in near
    )


def _names(work: Work, resolver: Resolver) -> None:
    """Fill in speakers: carried over, floating, pronouns, names."""
    for draft in work.drafts:
        m = work.matrices.get(draft.sentence)
        told = draft.speaker and not draft.speaker.pronoun and draft.rule != COUNTED
        if m is not None and draft.speaker and told:
            resolver.add(draft.speaker, m, draft.sentence, 2)
    resolver.recall()
    resolver.named_later(work.drafts)
    resolver.notice()
    names: list[str | None] = []
    for number, draft in enumerate(work.drafts):
        m = work.matrices.get(draft.sentence)
        name: str | None = None
        if m is None:
            names.append(None)
            continue
        if draft.same_as_before and draft.speaker is None:
            name = carried(work.drafts[:number], names, draft)
            name = name or _of_own_sentence(work, resolver, draft, m)
        elif draft.speaker is None:
            name = resolver.floating(draft, draft.sentence, work.drafts[:number], names)
        elif draft.speaker.pronoun:
            led = work.seg.text[max(draft.start - 3, 0) : draft.start].strip().endswith(":")
            body = resolver.body_that_spoke(draft.speaker, draft.sentence)
            name = (
                (_subject_before(work, resolver, draft) if led else None)
                or (resolver.name_of(body) if body else None)
                or resolver.named_beside(draft.speaker, draft.sentence)
                or resolver.own_subject(draft.speaker, draft.start)
                or (resolver.named_ahead(draft) if draft.rule == "inside" else None)
                or resolver.pronoun(draft.speaker, m, draft.sentence, close=True)
                or _subject_before(work, resolver, draft)
                or resolver.pronoun(draft.speaker, m, draft.sentence)
                or _subject_before(work, resolver, draft, things=True)
            )
            if name and draft.speaker:
                antecedent = Speaker(
                    draft.speaker.start, draft.speaker.end, name, name, None, draft.speaker.gender
                )
                resolver.add(antecedent, m, draft.sentence, 2)
        elif draft.rule != COUNTED:
            name = resolver.name_of(draft.speaker)
        names.append(name)
    work.names = names
    # A floating quotation that nobody near could have said is no statement.
    keep = [
        number for number, draft in enumerate(work.drafts)
        if not _number_speaks(work, draft)
        and not (draft.rule == "floating" and names[number] is None and not _follows(work, number))
    ]  # fmt: skip
    work.drafts = [work.drafts[number] for number in keep]
    work.names = [names[number] for number in keep]
    _parties(work, resolver)


def _of_own_sentence(work: Work, resolver: Resolver, draft: Draft, m: Matrix) -> str | None:
    """Give whose a cue without a subject is: who speaks later, the subject, "Et annonce …"."""
    own = resolver.nouns
    if not own.english and m.lows[0] in {"et", "mais", "puis"}:
        gone_on = Speaker(draft.start, draft.start, "il", None, None, pronoun=True)
        name = resolver.pronoun(gone_on, m, draft.sentence, close=True)
        if name is not None:
            return name
    for each in work.drafts:
        if each.sentence == draft.sentence and each.speaker and not each.speaker.pronoun:
            return resolver.name_of(each.speaker)
    start = next((k for k in range(min(8, len(m))) if own.np_start(m, k)), None)
    if start is None:
        return None
    stop = own.before_verb(m, start, own.extent(m, start, len(m)))
    speaker = own.speaker(m, start, stop)
    if speaker is None or speaker.pronoun:
        return None
    resolver.appositive(m, speaker, start, stop)
    return resolver.name_of(speaker)


def _subject_before(
    work: Work, resolver: Resolver, draft: Draft, *, things: bool = False
) -> str | None:
    """Give the subject of the sentence before, or of the statement's own clause, for "it"."""
    said = draft.speaker
    assert said is not None
    if said.surface.lower() in {"on", "je", "nous", "i", "we", "you", "this", "vous"}:
        return None
    behind = said.start > draft.start and draft.rule != "according"
    own = draft.sentence if behind else draft.sentence - 1
    for index in (own, draft.sentence - 1):
        sentence = work.seg.sentences[max(index, 0)]
        here = work.seg.sentences[draft.sentence].paragraph
        if index < 0 or here - sentence.paragraph > 1:
            continue
        m = matrix_of(work.seg, sentence, work.datelines.get(index, sentence.start))
        nouns = resolver.nouns
        if len(m) < 3 or m.quotes[0]:
            continue
        first = 0 if nouns.np_start(m, 0) else nouns.skip_fillers(m, 0, len(m))
        first += bool(first < len(m) and m.lows[first] == ",")
        if first >= len(m) or work.pack.flags.get(m.lows[first], 0) & ACCORDING:
            continue
        if not nouns.np_start(m, first) or m.starts[first] >= said.start:
            continue
        if m.kinds[first] & PRONOUN and not nouns.english:
            continue  # "Elle montre ses réserves : « … », dit-elle"
        stop = nouns.extent(m, first, len(m), plural=True)
        body = first + bool(work.pack.flags.get(m.lows[first], 0) & DET)
        named_body = work.pack.match(m.lows, body, "organisations", len(m))
        if named_body and named_body[0] > 1:
            stop = body + named_body[0]
        flags, tenses = work.pack.flags, work.pack.tenses
        stop = next(
            (k for k in range(first + 1, stop)
             if not nouns.upper(m, k) and (flags.get(m.lows[k], 0) & (AUX | MODAL)
                                           or tenses.get(m.lows[k]) in _FINITE
                                           or (nouns.english and m.lows[k].endswith("ed")))),
            stop,
        )  # fmt: skip
        found = nouns.speaker(m, first, stop)
        if found and not found.name and stop + 2 < len(m) and m.lows[stop] == ",":
            end = nouns.extent(m, stop + 1, len(m)) if nouns.upper(m, stop + 1) else stop
            other = nouns.speaker(m, stop + 1, end) if end > stop + 2 else None
            if other and other.name and end < len(m) and m.lows[end] == ",":
                found = other  # "Leur propriétaire, Freddy Verhoeven, en veut …"
        named = found and (
            found.role
            or any(each.isupper() for each in found.surface[1:])
            or any(flags.get(low, 0) & ROLE for low in m.lows[first : first + 2])
        )
        person = nouns.english and said.gender is not None
        if person:
            named = found and found.role
        single = (
            (things or resolver.nouns.english or said.surface.lower() not in {"il", "elle"})
            and not person
            and found
            and work.seg.upper(work.seg.token_at(found.start))
            and first == 0
        )
        if found and (named or single) and not found.pronoun and resolver.fits(said, found):
            return resolver.meant_by(said, found, draft.sentence)
    return None


def _parties(work: Work, resolver: Resolver) -> None:
    """Give donors and recipients that are pronouns the name that they stand for."""
    last: Event | None = None
    for event in work.events:
        index = event.sentence
        m = work.matrices.get(index)
        for party in (event.donor, event.recipient):
            if party is None or not party.pronoun:
                continue
            name = resolver.pronoun(party, m, index) if m is not None else None
            if not name and party is event.donor and last is not None and last.donor is not None:
                name = still_gives(work.seg.text, party, last.donor, index - last.sentence)
            if name:
                work.meant[party.start] = name
        if event.donor is not None and not event.donor.pronoun:
            last = event


def _number_speaks(work: Work, draft: Draft) -> bool:
    """Tell "Quelque 60 milliards promis": a word of number is no speaker."""
    if draft.speaker is None or draft.speaker.pronoun:
        return False
    if draft.speaker.surface.lower() in work.pack.words("some_people"):
        return False
    return bool(work.pack.flags.get(draft.speaker.surface.lower(), 0) & (BOUND | NUMBER | DET))


def _follows(work: Work, number: int) -> bool:
    """Tell whether a statement stands in the sentence before a floating quotation."""
    return number > 0 and work.drafts[number].sentence - work.drafts[number - 1].sentence <= 1
