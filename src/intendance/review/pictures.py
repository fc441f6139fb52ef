"""From the brief's figures to its drawings: what each chart shows, in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from intendance.model.catalogue import find_party
from intendance.review import charts, labels, worldmap
from intendance.review.facts import Brief, Cell, CoverageLine, Turn
from intendance.review.typography import HARD, NARROW, Typography

_SHOWN_DONORS: Final = 15
_LONGEST_SPAN_MONTHS: Final = 72


@dataclass(frozen=True, slots=True)
class Maps:
    """The map's windows as SVG texts, and who has no place on it."""

    windows: tuple[str, ...]
    unplaced: tuple[str, ...]


def percent_sign(typography: Typography) -> str:
    """Give the percent sign with the blank before it."""
    return f"{NARROW}%" if typography.french else "%"


def scale_of(largest: Decimal, currency: str, typography: Typography) -> tuple[Decimal, str]:
    """Give the step in which a chart counts money, and its words.

    >>> scale_of(Decimal(9) * 10**10, "EUR", Typography("en"))
    (Decimal('1000000000'), 'billion EUR')
    """
    if largest >= 10**9:
        return Decimal(10**9), typography.text("billion {currency}", currency=currency)
    if largest >= 10**6:
        return Decimal(10**6), typography.text("million {currency}", currency=currency)
    return Decimal(1), currency


def coverage_drawing(brief: Brief, typography: Typography) -> charts.Drawing | None:
    """Draw every need that has a figure; None when there is none."""
    bars = [_bar(line, typography) for line in brief.coverage if line.needed.best]
    if not bars:
        return None
    words = {
        "delivered": typography.text("delivered"),
        "committed": typography.text("committed"),
        "pledged": typography.text("pledged"),
    }
    title = typography.text(
        "Delivered, committed and pledged as shares of each need; the thick stroke is the "
        "interval of the need"
    )
    return charts.coverage_chart(bars, words, percent_sign(typography), title)


def _bar(line: CoverageLine, typography: Typography) -> charts.CoverageBar:
    whole = line.needed.best
    high = line.needed.high if line.needed.high is not None else whole * 10
    hidden = line.commitment.undisclosed
    note = typography.count("+ {n} undisclosed", "+ {n} undisclosed", hidden) if hidden else ""
    return charts.CoverageBar(
        label=labels.capability(line.capability, typography.language),
        delivered=float(line.delivery.best / whole),
        committed=float(line.commitment.best / whole),
        pledged=float(line.pledge.best / whole),
        need_low=float(line.needed.low / whole),
        need_high=float(high / whole),
        note=note,
        short_note=f"+{typography.number(hidden)}" if hidden else "",
    )


def categories_of(cells: Sequence[Cell]) -> list[str]:
    """Give the categories, the largest first."""
    weight: dict[str, Decimal] = {}
    for cell in cells:
        weight[cell.category] = weight.get(cell.category, Decimal(0)) + cell.figure.best
    return sorted(weight, key=lambda name: (-weight[name], name))


def donors_drawing(brief: Brief, typography: Typography) -> charts.Drawing | None:
    """Draw the largest donors by category, the others in one bar."""
    if not brief.by_donor:
        return None
    totals = row_totals(brief.by_donor)
    order = sorted(totals, key=lambda name: (-totals[name], name))
    shown = order[:_SHOWN_DONORS] if len(order) > _SHOWN_DONORS + 1 else order
    rest = typography.count("{n} other donor", "{n} other donors", len(order) - len(shown))
    named = {name: labels.party(name, typography.language) for name in shown}
    merged: dict[tuple[str, str], Decimal] = {}
    for cell in brief.by_donor:
        key = (named.get(cell.row, rest), cell.category)
        merged[key] = merged.get(key, Decimal(0)) + cell.figure.best
    rows = [*named.values(), *([rest] if len(order) > len(shown) else [])]
    sums = {row: sum((merged[key] for key in merged if key[0] == row), Decimal(0)) for row in rows}
    scale, unit = scale_of(max(sums.values()), brief.currency, typography)
    pieces = _pieces(merged, rows, categories_of(brief.by_donor), scale, typography)
    words = {row: typography.money(amount, brief.currency) for row, amount in sums.items()}
    title = typography.text("Commitments by donor and category, {unit}", unit=unit)
    return charts.stacked_rows("donors", pieces, words, unit, title)


def row_totals(cells: Sequence[Cell]) -> dict[str, Decimal]:
    """Add up each row of a breakdown."""
    found: dict[str, Decimal] = {}
    for cell in cells:
        found[cell.row] = found.get(cell.row, Decimal(0)) + cell.figure.best
    return found


def _pieces(
    amounts: dict[tuple[str, str], Decimal],
    rows: Sequence[str],
    categories: Sequence[str],
    scale: Decimal,
    typography: Typography,
) -> list[charts.Piece]:
    return [
        charts.Piece(
            row,
            labels.word(labels.CATEGORIES, category, typography),
            place,
            float(amounts.get((row, category), Decimal(0)) / scale),
        )
        for place, category in enumerate(categories)
        for row in rows
    ]


def months_drawing(brief: Brief, typography: Typography) -> charts.Drawing | None:
    """Draw the months by category; months in which nothing was announced stay visible."""
    cells = [cell for cell in brief.by_month if cell.row]
    if not cells:
        return None
    months = every_month(cells[0].row, cells[-1].row)
    if len(months) > _LONGEST_SPAN_MONTHS:
        months = list(dict.fromkeys(cell.row for cell in cells))
    totals = row_totals(cells)
    scale, unit = scale_of(max(totals.values()), brief.currency, typography)
    amounts = {(typography.month(cell.row), cell.category): cell.figure.best for cell in cells}
    order = [typography.month(month) for month in months]
    pieces = _pieces(amounts, order, categories_of(brief.by_donor), scale, typography)
    title = typography.text("Commitments by month and category, {unit}", unit=unit)
    return charts.stacked_columns("months", pieces, order, unit, title)


def every_month(first: str, last: str) -> list[str]:
    """Give all months from one to another.

    >>> every_month("2022-11", "2023-02")
    ['2022-11', '2022-12', '2023-01', '2023-02']
    """
    start, end = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last))
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(start, end + 1)]


def turn_drawing(brief: Brief, turn: Turn, typography: Typography) -> charts.Drawing:
    """Draw the way from one total to the other, cause by cause."""
    before, after = turn.total_before.best, turn.total_after.best
    scale, unit = scale_of(max(before, after), brief.currency, typography)
    steps = [_total_step(typography.day(turn.before), before, scale, brief, typography)]
    level = before
    for cause, amount, _ in turn.causes:
        words = typography.money(amount, brief.currency)
        steps.append(
            charts.Step(
                typography.text(labels.CAUSES_OF_CHANGE[cause]),
                "gain" if amount >= 0 else "loss",
                float(level / scale),
                float((level + amount) / scale),
                typography.signed(words, amount),
            )
        )
        level += amount
    steps.append(_total_step(typography.day(turn.after), after, scale, brief, typography))
    title = typography.text("From one total to the other, {unit}", unit=unit)
    return charts.waterfall("turn", steps, float(floor_of(turn) / scale), unit, title)


def _total_step(
    label: str, amount: Decimal, scale: Decimal, brief: Brief, typography: Typography
) -> charts.Step:
    words = typography.money(amount, brief.currency)
    return charts.Step(label, "total", 0.0, float(amount / scale), words)


def floor_of(turn: Turn) -> Decimal:
    """Give where the waterfall's axis begins: at zero, or higher when the steps would vanish."""
    levels = [turn.total_before.best]
    for _, amount, _ in turn.causes:
        levels.append(levels[-1] + amount)
    lowest, spread = min(levels), max(levels) - min(levels)
    if lowest <= 0 or spread > lowest / 2:
        return Decimal(0)
    wanted = lowest - spread
    if wanted <= 0:
        return Decimal(0)
    step = Decimal(10) ** (spread.adjusted() if spread else wanted.adjusted())
    return (wanted // step) * step


def donor_maps(brief: Brief, typography: Typography, links: dict[str, str]) -> Maps | None:
    """Draw the donors on the world, and Europe apart when donors crowd there."""
    rows = []
    for name, amount in row_totals(brief.by_donor).items():
        words = f"{labels.party(name, typography.language)}, "
        words += typography.money(amount, brief.currency)
        rows.append((find_party(name), float(amount), words.replace(HARD, " "), links[name]))
    spots, unplaced = worldmap.spots_of(rows)
    if not spots:
        return None
    taker = find_party(brief.recipient)
    code = taker.code if taker else ""
    names = {spot.code: spot.name for spot in spots}
    top = max(spot.amount for spot in spots)
    apart = worldmap.crowded(spots)
    label = typography.text("Map of donors; the circles' areas show the amounts")
    outside = [spot for spot in spots if not (apart and worldmap.inside(spot, worldmap.EUROPE))]
    windows = [worldmap.draw_map(outside, code, names, label=label, name="world", top=top)]
    if apart:
        label = typography.text("Europe, at the same scale of circles")
        windows.append(
            worldmap.draw_map(
                spots,
                code,
                names,
                label=label,
                name="europe",
                window=worldmap.EUROPE,
                width=620,
                top=top,
            )
        )
    return Maps(tuple(windows), tuple(unplaced))
