"""The twelve rules over many random histories at once (10,000 of them in `make bench`).

Hypothesis draws the histories; then all of them stand in one ledger, each under a tracker of its
own ("h17:A"), so that one breakdown by tracker gives the answer for each. What is checked is
what `test_ledger_properties` checks one by one, with shrinking; here numbers count.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from polars.testing import assert_frame_equal

sys.path.insert(0, str(Path(__file__).parent))
import ledger_oracle as oracle

from intendance.ledger import projection
from intendance.ledger.chain import OPENING, Head, Link, follow, next_hash
from intendance.ledger.changes import changes
from intendance.ledger.compare import compare
from intendance.ledger.definition import Definition, RateRule
from intendance.ledger.ledger import record_of
from intendance.ledger.privacy import Viewer, joined, shown
from intendance.ledger.projection import relate, rows_of
from intendance.ledger.totals import total
from intendance.model.entry import Source, Valuation, body_of, canonical, entry_from
from intendance.model.interval import Interval

EXAMPLES = int(os.environ.get("INTENDANCE_EXAMPLES", "150"))
CHUNK = 50
STAGES = ("pledge", "commitment", "allocation", "shipment", "delivery")


@cache
def histories():
    """Give the histories, drawn once, repeated entries left out, each in lines of its own."""
    found = []

    @seed(20220224)
    @given(oracle.histories)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def gather(history):
        found.append(history)

    gather()
    assert len(found) >= EXAMPLES * 0.9, len(found)  # Hypothesis leaves out what it drew before
    return [
        list({record_of(entry).id: entry for entry in _own(history, n)}.values())
        for n, history in enumerate(found)
    ]


def _own(history, number):
    for entry in history:
        links = tuple(replace(link, line=f"h{number}:{link.line[2:]}") for link in entry.links)
        yield replace(entry, line=f"h{number}:{entry.line[2:]}", links=links)


def links_of(entries):
    records = [record_of(entry) for entry in entries]
    return [Link(seq, each.id, each.body, "") for seq, each in enumerate(records, 1)]


@cache
def chunks():
    """Give (the numbered histories, their common projection) piece by piece."""
    numbered = list(enumerate(histories()))
    pieces = [dict(numbered[start : start + CHUNK]) for start in range(0, len(numbered), CHUNK)]
    return [(piece, frame_of(piece)) for piece in pieces]


def frame_of(piece):
    return relate(rows_of(links_of(chain.from_iterable(piece.values()))))


def definitions(count, chance):
    wheres = [(), (), (("donor", "Poland"),), (("category", "financial"),)]
    for _ in range(count):
        yield Definition(
            stage=chance.choice(STAGES),
            as_of=chance.choice([None, *oracle.DAYS]),
            known_at=chance.choice([None, *oracle.DAYS]),
            rates=RateRule.parse(
                chance.choice(["source", "ecb:decision-day", "ecb:constant:2023-04-21"])
            ),
            where=chance.choice(wheres),
            attribution=chance.choice(["donor", "channel"]),
        )


def cents(amount):
    high = None if amount.high is None else int(amount.high * 100)
    return int(amount.low * 100), int(amount.best * 100), high, amount.undisclosed


def figures(frame, definition):
    """Give each history's (low, best, high, undisclosed) by its number."""
    rows = total(frame, replace(definition, by=("tracker",))).rows
    return {int(key[0][1:]): cents(amount) for key, amount in rows}


def each_chunk(rule):
    for place, (piece, frame) in enumerate(chunks()):
        yield piece, frame, random.Random(f"{rule} {place}")


def test_rules_2_3_6_9_totals_equal_the_naive_ledgers():
    for piece, frame, chance in each_chunk("totals"):
        for definition in definitions(4, chance):
            found = figures(frame, definition)
            for number, history in piece.items():
                expected = oracle.total(history, definition)
                assert found.get(number, (0, 0, 0, 0)) == expected, (definition, history)


def test_rule_1_the_past_as_known_then_never_changes():
    for piece, frame, chance in each_chunk("past"):
        day = chance.choice(oracle.DAYS)
        past = {n: [e for e in history if e.recorded_on <= day] for n, history in piece.items()}
        for definition in definitions(2, chance):
            then = replace(definition, known_at=day)
            assert figures(frame, then) == figures(frame_of(past), then), (then, day)


def test_rule_3_bounds_stay_in_order():
    for piece, _, _ in each_chunk("bounds"):
        positive = {n: [e for e in h if e.stage not in oracle.ENDS] for n, h in piece.items()}
        for low, best, high, _ in figures(frame_of(positive), Definition(stage="pledge")).values():
            assert low <= best
            assert high is None or best <= high


def test_rules_4_and_5_other_conversions_and_estimates_touch_no_original_money():
    """A doubled conversion is worth nothing to the ECB's rules; an estimate to none at all."""
    estimate = Valuation("estimate", Interval.exact(10**9), "EUR", "somebody")
    for piece, frame, chance in each_chunk("rates"):
        doubled = {
            n: [
                replace(
                    e,
                    valuations=tuple(
                        replace(v, amount=v.amount.times(Decimal(2))) for v in e.valuations
                    ),
                )
                for e in h
            ]
            for n, h in piece.items()
        }
        guessed = {
            n: [replace(e, valuations=(*e.valuations, estimate)) for e in h]
            for n, h in piece.items()
        }
        second, third = frame_of(doubled), frame_of(guessed)
        for definition in definitions(2, chance):
            asked = replace(definition, rates=RateRule.parse("ecb:decision-day"))
            assert figures(frame, asked) == figures(second, asked)
            assert figures(frame, definition) == figures(third, definition)


def test_rules_6_and_8_every_breakdown_adds_up_to_the_same_total():
    fields = ("donor", "category", "stage", "month", "currency", "tracker")
    for _, frame, chance in each_chunk("rows"):
        for definition in definitions(2, chance):
            whole = total(frame, definition).total
            for by in (*((name,) for name in fields), ("tracker", "donor", "stage")):
                rows = [amount for _, amount in total(frame, replace(definition, by=by)).rows]
                assert sum((each.best for each in rows), Decimal(0)) == whole.best, (by, definition)
                assert sum((each.low for each in rows), Decimal(0)) == whole.low, (by, definition)


def test_rule_7_roles_and_all_else_survive_their_own_bytes():
    chance = random.Random("roles")
    names = ("requester", "validator", "funder", "owner", "supplier", "carrier", "trainer")
    for history in histories():
        for entry in history:
            roles = tuple(sorted((name, f"N{chance.randrange(3)}") for name in names[:4]))
            told = replace(entry, roles=roles)
            body = canonical(body_of(told))
            assert entry_from(body_of(told)) == told
            assert canonical(body_of(entry_from(body_of(told)))) == body


def test_changes_between_two_days_and_two_definitions_add_up_exactly():
    for piece, frame, chance in each_chunk("changes"):
        for definition in definitions(2, chance):
            day, later = sorted(chance.sample(oracle.DAYS, 2))
            found = changes(frame, definition, day, later)
            parts: Counter[int] = Counter()
            for line in found.lines:
                parts[int(line.line.partition(":")[0][1:])] += int(line.difference * 100)
            for number, history in piece.items():
                first, second = (
                    oracle.total(history, replace(definition, known_at=known))[1]
                    for known in (day, later)
                )
                assert parts[number] == second - first, (definition, day, later, history)
            assert sum(found.by_cause().values()) == found.difference
            (other,) = definitions(1, chance)
            told = compare(frame, definition, other)
            between: Counter[int] = Counter()
            for part in told.parts:
                between[int(part.line.partition(":")[0][1:])] += int(part.difference * 100)
            one, two = figures(frame, definition), figures(frame, other)
            for number in piece:
                gone, come = (side.get(number, (0, 0, 0, 0))[1] for side in (one, two))
                assert between[number] == come - gone, (definition, other)


def test_rule_1_entries_of_different_slots_may_come_in_any_order():
    for piece, frame, chance in each_chunk("order"):
        shuffled = {}
        for number, history in piece.items():
            events = {}
            for entry in history:
                events.setdefault(entry.slot[:3], []).append(entry)
            queues = list(events.values())
            turns = [place for place, queue in enumerate(queues) for _ in queue]
            chance.shuffle(turns)
            queues = [iter(queue) for queue in queues]
            shuffled[number] = [next(queues[place]) for place in turns]
        for definition in definitions(1, chance):
            # A pool's giver is who told its line first: here the order of telling is the fact.
            asked = replace(definition, attribution="donor")
            assert figures(frame, asked) == figures(frame_of(shuffled), asked)


def test_rule_10_ten_papers_with_one_text_are_one_source_and_never_add_up():
    """The same claim told again under another document and link changes no total."""
    for piece, frame, chance in each_chunk("origins"):
        echoed = {}
        for number, history in piece.items():
            again = [
                replace(e, source=Source(e.source.origin, f"paper {n}", also=("a", "b")))
                for n, e in enumerate(history)
            ]
            echoed[number] = [each for pair in zip(history, again, strict=True) for each in pair]
        for definition in definitions(1, chance):
            assert figures(frame, definition) == figures(frame_of(echoed), definition)


def test_rule_11_any_change_of_the_chain_is_found():
    """A changed byte, a swap, a loss, an insertion: the first entry that does not fit is named."""
    chance = random.Random("chain")
    for history in histories():
        root, bound = OPENING, []
        for link in links_of(history):
            root = next_hash(root, link.id, link.body)
            bound.append(link._replace(hash=root))
        head = Head(len(bound), root)
        assert follow(bound, head).intact
        if not bound:
            continue
        at = chance.randrange(len(bound))
        link = bound[at]
        byte = chance.randrange(len(link.body))
        other = chr(ord(link.body[byte]) ^ (1 << chance.randrange(7)))
        changed = link.body[:byte] + other + link.body[byte + 1 :]
        verdict = follow([*bound[:at], link._replace(body=changed), *bound[at + 1 :]], head)
        assert (verdict.intact, verdict.first_bad) == (False, link.id)
        assert not follow([*bound[:at], *bound[at + 1 :]], head).intact
        assert not follow([*bound[: at + 1], link, *bound[at + 1 :]], head).intact
        if at:
            swapped = [*bound[: at - 1], bound[at], bound[at - 1], *bound[at + 1 :]]
            assert not follow(swapped, head).intact


def test_a_kept_projection_that_is_extended_equals_one_made_anew():
    for piece, _, chance in each_chunk("extended"):
        cuts = {n: chance.randint(0, len(history)) for n, history in piece.items()}
        early = [entry for n, history in piece.items() for entry in history[: cuts[n]]]
        late = [entry for n, history in piece.items() for entry in history[cuts[n] :]]
        links = links_of([*early, *late])
        known = projection._narrowed(relate(rows_of(links[: len(early)])))
        tail = projection._narrowed(rows_of(links[len(early) :]))
        whole = projection._narrowed(relate(rows_of(links)))
        assert_frame_equal(plain(projection._extended(known, tail)), plain(whole))


def plain(frame):
    texts = [name for name, kind in frame.schema.items() if kind == pl.Categorical]
    return frame.with_columns(pl.col(name).cast(pl.String) for name in texts)


@pytest.mark.parametrize("viewer", ["reader", "coordinator", "donor:Poland", "auditor"])
def test_rule_12_hidden_lines_leave_no_trace_in_any_figure(viewer):
    """Every answer is that of a ledger in which the hidden lines were never written."""
    who = Viewer.parse(viewer)
    for piece, _, chance in each_chunk("markings"):
        markings = ("public", "public", "restricted", "private:Poland", "private:Norway")
        told = {
            n: [replace(e, marking=chance.choice(markings)) for e in h] for n, h in piece.items()
        }
        left = {n: [e for e in h if who.sees(e.marking)] for n, h in told.items()}
        whole = shown(frame_of(told), who)
        for definition in definitions(1, chance):
            assert figures(whole, definition) == figures(frame_of(left), definition)
            marks = joined(e.marking for h in left.values() for e in h)
            assert total(whole, definition).marking in {"public", "restricted", marks}
