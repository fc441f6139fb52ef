"""The brief in a dozen lines for a terminal, and as one JSON record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from intendance.model.interval import plain
from intendance.review import labels
from intendance.review.facts import Brief, CoverageLine, Figure
from intendance.review.typography import Typography


def lines(brief: Brief, place: str) -> Iterator[str]:
    """Give the gaps that matter, the claims with their verdicts, the head, and the file."""
    typography = Typography(brief.language)
    text = typography.text
    days = text(
        "as of {as_of}, known at {known_at}",
        as_of=typography.day(brief.as_of),
        known_at=typography.day(brief.known_at),
    )
    yield _spaced(f"{brief.title} ({days})")
    total = typography.money(brief.committed.best, brief.currency)
    donors = typography.count("{n} donor", "{n} donors", brief.donors)
    yield _spaced(text("Committed: {total} by {donors}", total=total, donors=donors))
    if brief.gaps:
        yield _spaced(text("The gaps that matter:"))
    for place_in_list, line in enumerate(brief.gaps, start=1):
        yield _spaced(f"  {place_in_list}. {_gap(line, typography)}")
    for claim in brief.claims:
        verdict = labels.word(labels.VERDICTS, claim.verdict, typography)
        words = f"{typography.quote(claim.amount)}{typography.colon()}{verdict}"
        yield _spaced(text("Claim: {words}", words=words))
        fitting = _fitting(claim.readings, typography)
        if fitting:
            yield _spaced(f"  {fitting}")
    entries = typography.count("{n} entry", "{n} entries", brief.head.entries)
    yield _spaced(f"{text('Ledger head:')} {brief.head.root} ({entries})")
    yield _spaced(text("Brief: {place}", place=place))


def _spaced(line: str) -> str:
    """Exchange the page's blanks for what every terminal shows."""
    return line.replace("\u00a0", " ").replace("\u202f", " ")


def _gap(line: CoverageLine, typography: Typography) -> str:
    write = typography.quantity
    basis = typography.text("sourced") if line.sourced else typography.text("assumed")
    assert line.gap.best is not None
    return typography.text(
        "{what}: {gap} of {needed} missing; committed {committed}, delivered {delivered} ({basis})",
        what=labels.capability(line.capability, typography.language),
        gap=write(line.gap.best),
        needed=write(line.needed.best),
        committed=_with_hidden(line.commitment, typography),
        delivered=_with_hidden(line.delivery, typography),
        basis=basis,
    )


def _with_hidden(figure: Figure, typography: Typography) -> str:
    shown = typography.quantity(figure.best)
    if not figure.undisclosed:
        return shown
    hidden = typography.count("+ {n} undisclosed", "+ {n} undisclosed", figure.undisclosed)
    return f"{shown} {hidden}"


def _fitting(readings: tuple[Any, ...], typography: Typography) -> str:
    """Name the readings of the day that fit, shortly."""
    then = [line for line in readings if line.known == "then"] or list(readings)
    fits = [line for line in then if line.fits]
    if not then:
        return ""
    if not fits:
        return typography.text("no reading of the day fits")
    words = dict.fromkeys(
        f"{labels.word(labels.STAGES, line.stage, typography)} "
        f"{typography.money(line.figure.best, line.currency)}"
        for line in fits
    )
    return typography.text("fits: {readings}", readings=typography.listed(words))


def record(brief: Brief) -> dict[str, object]:
    """Give the brief's main figures as a JSON object; numbers are decimal strings."""
    return {
        "title": brief.title,
        "recipient": brief.recipient,
        "language": brief.language,
        "as_of": brief.as_of.isoformat(),
        "known_at": brief.known_at.isoformat(),
        "currency": brief.currency,
        "marking": brief.marking,
        "committed": _figure(brief.committed, "{:.2f}".format),
        "delivered": _figure(brief.delivered, "{:.2f}".format),
        "donors": brief.donors,
        "gaps": [_coverage(line) for line in brief.gaps],
        "coverage": [_coverage(line) for line in brief.coverage],
        "claims": [
            {
                "amount": claim.amount,
                "verdict": claim.verdict,
                "explanation": claim.explanation,
                "readings": len(claim.readings),
                "fitting": sum(1 for line in claim.readings if line.fits),
            }
            for claim in brief.claims
        ],
        "changes": _changes(brief),
        "entries": brief.head.entries,
        "root": brief.head.root,
        "versions": brief.versions,
    }


def _figure(figure: Figure, write: Callable[[Decimal], str] = plain) -> dict[str, object]:
    return {
        "low": write(figure.low),
        "best": write(figure.best),
        "high": None if figure.high is None else write(figure.high),
        "undisclosed": figure.undisclosed,
        "entries": len(figure.entries),
    }


def _coverage(line: CoverageLine) -> dict[str, object]:
    return {
        "capability": line.capability,
        "place": line.place,
        "unit": line.unit,
        "due": line.due.isoformat() if line.due else None,
        "basis": "sourced" if line.sourced else "assumed",
        "needed": _figure(line.needed),
        "committed": _figure(line.commitment),
        "delivered": _figure(line.delivery),
        "gap": line.gap.as_record(),
        "open": line.open.as_record(),
    }


def _changes(brief: Brief) -> dict[str, object] | None:
    if brief.turn is None:
        return None
    turn = brief.turn
    return {
        "from": turn.before.isoformat(),
        "to": turn.after.isoformat(),
        "difference": f"{turn.total_after.best - turn.total_before.best:.2f}",
        "causes": {cause: f"{amount:.2f}" for cause, amount, _ in turn.causes},
    }
