"""The brief in a dozen lines for a terminal, and as one JSON record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from intendance.model.interval import plain
from intendance.review import labels
from intendance.review.facts import Brief, ClaimCheck, CoverageLine, Figure
from intendance.review.typography import Typography

# What people call the money that a quoted total may be in.
CURRENCIES: Final = {"EUR": "euros", "USD": "dollars", "GBP": "pounds"}


def lines(brief: Brief, place: str) -> Iterator[str]:
    """Give the gaps that matter, the claims with their verdicts, the head, and the file."""
    typography = Typography(brief.language)
    text = typography.text
    days = text(
        "as of {as_of}, known at {known_at}",
        as_of=typography.day(brief.as_of),
        known_at=typography.day(brief.known_at),
    )
    yield _spaced(f"{typography.tidy(brief.title)} ({days})")
    donors = typography.count("{n} donor", "{n} donors", brief.donors)
    yield _spaced(text("Committed: {total} by {donors}", total=worth(brief), donors=donors))
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


def worth(brief: Brief) -> str:
    """Give what is committed in money; words where lines stand but none has an amount."""
    typography = Typography(brief.language)
    if brief.donors and not brief.by_donor:
        return typography.text("in kind, no amount given")
    return typography.money(brief.committed.best, brief.currency) + _hidden(
        brief.committed, typography
    )


def _spaced(line: str) -> str:
    """Exchange the page's blanks for what every terminal shows."""
    return line.replace("\u00a0", " ").replace("\u202f", " ")


def _gap(line: CoverageLine, typography: Typography) -> str:
    write = typography.quantity
    basis = typography.text("sourced") if line.sourced else typography.text("assumed")
    assert line.gap.best is not None
    values = {
        "what": labels.capability(line.capability, typography.language),
        "gap": write(line.gap.best),
        "needed": write(line.needed.best),
        "committed": _with_hidden(line.commitment, typography),
        "basis": basis,
    }
    if not line.open.best:
        return typography.text(
            "{what}: {gap} of {needed} still to be delivered; {committed} committed, "
            "enough once delivered (need {basis})",
            **values,
        )
    return typography.text(
        "{what}: {gap} of {needed} still to be delivered; {committed} committed, "
        "{open} promised by nobody (need {basis})",
        **values,
        open=write(line.open.best),
    )


def bottom_line(brief: Brief) -> Iterator[str]:
    """Give the brief in a few sentences: the needs, the quoted totals, what has changed."""
    typography = Typography(brief.language)
    if brief.coverage:
        short = sum(1 for line in brief.coverage if line.open.best)
        bare = sum(1 for line in brief.coverage if not line.delivery.best)
        yield typography.count(
            "Of {n} need, {short} is not promised in full and {bare} has seen no delivery.",
            "Of {n} needs, {short} are not promised in full and {bare} have seen no delivery.",
            len(brief.coverage),
            short=typography.number(short),
            bare=typography.number(bare),
        )
    quoted = [sentence for claim in brief.claims if (sentence := _weighed(claim, typography))]
    if quoted:
        yield typography.text(
            "By what was known that day: {claims}.", claims=typography.listed(quoted)
        )
    if brief.turn:
        moved = brief.turn.total_after.best - brief.turn.total_before.best
        yield typography.text(
            "What was recorded after {before} moves the total of the same date by {difference}, "
            "to {after}.",
            before=typography.day(brief.turn.before),
            difference=typography.signed(typography.money(moved, brief.currency), moved),
            after=typography.money(brief.turn.total_after.best, brief.currency),
        )


def _weighed(claim: ClaimCheck, typography: Typography) -> str:
    """Say in which currencies a quoted total fits the record of its day, and in which not."""
    text = typography.text
    then = [line for line in claim.readings if line.known == "then"] or list(claim.readings)
    counted = [line for line in then if line.stage == "commitment"] or then
    fits = dict.fromkeys(line.currency for line in counted if line.fits)
    others = dict.fromkeys(line.currency for line in counted if line.currency not in fits)
    said = typography.quote(claim.amount)
    if not counted:
        return ""
    named = {code: text(CURRENCIES.get(code, code)) for code in (*fits, *others)}
    join = text(" and ").join
    good, bad = join(named[code] for code in fits), join(named[code] for code in others)
    if not fits:
        return text("{claim} fits in no currency", claim=said)
    if not others:
        return text("{claim} fits in {good}", claim=said, good=good)
    return text("{claim} fits in {good}, not in {bad}", claim=said, good=good, bad=bad)


def _with_hidden(figure: Figure, typography: Typography) -> str:
    return typography.quantity(figure.best) + _hidden(figure, typography)


def _hidden(figure: Figure, typography: Typography) -> str:
    """Say how many figures of a sum are undisclosed: unknown is never zero."""
    if not figure.undisclosed:
        return ""
    hidden = typography.count("+ {n} undisclosed", "+ {n} undisclosed", figure.undisclosed)
    return f" {hidden}"


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
