"""The tables of a page; all text of a dossier is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from attrition.core.errors import InputError
from attrition.core.laws import print_date, round_count
from attrition.data.dossier import Claim, Dossier, PartialDate
from attrition.data.elicitation import elicit, quantile
from attrition.page.telling import Told
from attrition.reporting import gather_items, number, percent
from attrition.reporting.escape import for_html
from attrition.reporting.words import chance
from attrition.text import Reading, read_one

_KINDS = {
    "level": "total",
    "increment": "total over a window",
    "rate": "pace",
    "share": "share",
    "forecast": "forecast, compared and not used",
}


Groups = Sequence[tuple[str, Sequence[Sequence[str]]]]
"""Rows under the heading of their group; no heading, no group."""


_ELSEWHERE = {
    16: "The table of thresholds on this page: every interval with its probability, and both "
    "probabilities outside it. The record holds each as a sentence.",
}
"""Answers of the checklist that the page gives elsewhere, at length."""
_NO_HEDGE = {"unhedged-round": "a round number without a hedge", "exactly": "to its last digit"}


def table(name: str, caption: str, heads: Sequence[str], groups: Groups) -> str:
    """Return a table whose rows become cards on a telephone; cells are HTML already.

    The first cell of a row names it. Roles are written out, because the style that makes cards
    would take them away.
    """
    head = "".join(f'<th role="columnheader" scope="col">{one}</th>' for one in heads)
    bodies = []
    for heading, rows in groups:
        lines = [
            f'<tr role="row"><th role="rowheader" scope="row">{first}</th>'
            + "".join(
                f'<td role="cell" data-label="{label}">{cell}</td>'
                for label, cell in zip(heads[1:], rest, strict=True)
            )
            + "</tr>"
            for first, *rest in rows
        ]
        if heading:
            lines.insert(
                0,
                f'<tr role="row" class="group"><th role="rowheader" scope="rowgroup" '
                f'colspan="{len(heads)}">{heading}</th></tr>',
            )
        bodies.append(f'<tbody role="rowgroup">{"".join(lines)}</tbody>')
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="Table: {name}">'
        f'<table role="table" class="{name}"><caption>{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>{"".join(bodies)}</table></div>'
    )


def crossings(content: Mapping[str, Any]) -> str:
    """Return when each total passes its thresholds."""
    rows = content["crossings"]
    ends = any(row["end_hazard"] for row in rows)
    masses = ["already", "beyond", *(["ended_first"] if ends else [])]
    groups: dict[str, list[list[str]]] = {}
    for row in rows:
        cells = [
            for_html(row["printed"]["threshold"]),
            for_html(row["basis_name"]) + (" (may end)" if row["end_hazard"] else ""),
            *(for_html(row["printed"][end]) for end in ("lower", "median", "upper")),
            *(_share(row[key]) for key in masses),
        ]
        groups.setdefault(for_html(row["title"]), []).append(cells)
    heads = ["Threshold", "Count", "From", "Median", "To", "Already", "Later"]
    first = rows[0]
    known, end = (
        print_date(date.fromisoformat(first[key]), "day") for key in ("information_date", "horizon")
    )
    caption = (
        f"{chance(first['prob'])} credible intervals of the day of passing, "
        f"{for_html(first['condition'])}, as known on {known}. Already: passed by then; later: not "
        f"by {end}. “wk” is the week that begins on that Monday."
    )
    heads += ["Ended first"] if ends else []
    return table("thresholds", caption, heads, [*groups.items()])


def _share(probability: float) -> str:
    said = percent(probability).replace("less than ", "<").replace("more than ", ">")
    return for_html(said)


def claims(made: Told) -> str:
    """Return every report with its words, its source, and how the words were read, if any is."""
    if not made.claims:
        return ""
    dossier = made.forecast.dossier
    rows = [
        [
            for_html(dossier.quantities[claim.quantity].title),
            _linked(dossier, claim),
            _quoted(claim),
            for_html(reading_words(dossier, claim) + _replaced(later)),
            day_words(claim.as_of),
            day_words(claim.published),
        ]
        for claim, later in made.claims
    ]
    heads = ["Total", "Source", "In these words", "Read as", "Of", "Published"]
    caption = (
        "Every report known on the information date. An interval is what the words leave open, "
        "before any error of the source."
    )
    return table("claims", caption, heads, [("", rows)])


def _replaced(later: Claim | None) -> str:
    if later is None:
        return ""
    return f"; not used: superseded by the figure that appeared {day_words(later.published)}"


def day_words(day: PartialDate) -> str:
    """Return a day, a month or a year as it was given."""
    return print_date(day.first, day.precision, short=True)


def _linked(dossier: Dossier, claim: Claim) -> str:
    name = for_html(dossier.sources[claim.source].name)
    return link(claim.url or dossier.sources[claim.source].url, name)


def link(address: str, words: str) -> str:
    """Return words that lead to an address, or the words alone if it is not one of the web."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return words
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return words
    return f'<a href="{for_html(address)}" rel="noopener noreferrer">{words}</a>'


def _quoted(claim: Claim) -> str:
    words = for_html(claim.quote)
    figure = for_html(claim.figure)
    if figure and figure in words and figure != words:
        words = words.replace(figure, f"<mark>{figure}</mark>", 1)
    shown = f'<q dir="auto">{words}</q>' if words else for_html(_stated(claim))
    return shown + (f"<br><small>{for_html(claim.note)}</small>" if claim.note else "")


def _stated(claim: Claim) -> str:
    given = [claim.point] if claim.point is not None else [claim.low, claim.high]
    said = " to ".join(number(value) for value in given if value is not None)
    return said or "a distribution given in Python"


def reading_words(dossier: Dossier, claim: Claim) -> str:
    """Return how a report was read: its kind, its hedge, and what the words leave open."""
    kind = _KINDS[claim.kind]
    if claim.kind == "forecast":
        by = "" if claim.by is None else f" by {day_words(claim.by)}"
        return f"{kind}: {number(claim.threshold or 0)}{by}"
    reading = _reading(claim)
    hedge = claim.hedge or (reading.hedge if reading is not None else None)
    per = claim.per or (reading.per if reading is not None else None)
    said = kind + (f" per {per}" if per and claim.kind == "rate" else "")
    if hedge:
        said += f", {'' if hedge in _NO_HEDGE else 'hedge '}{_named(hedge)}"
    try:
        made = elicit(claim, dossier=dossier)
    except InputError:
        floor = _floor(claim, reading)
        return f"{said}: at least {number(floor)}" if floor is not None else said
    low, middle, high = (float(value) for value in quantile(made, [0.05, 0.5, 0.95]))
    if low == high:
        return f"{said}: exactly {number(middle)}"
    whole = dossier.quantities[claim.quantity].unit == "persons"
    low, middle, high = round_count(low, middle, high, whole=whole)
    return f"{said}: 90 % between {number(low)} and {number(high)}, median {number(middle)}"


def _reading(claim: Claim) -> Reading | None:
    if claim.has_numbers or claim.distribution is not None or not claim.words:
        return None
    try:
        return read_one(claim.words)
    except InputError:
        return None


def evidence(made: Told) -> list[str]:
    """Return what the reading of each hedge on the page rests on."""
    held: dict[str, str] = {}
    for claim, _ in made.claims:
        reading = _reading(claim)
        if reading is not None:
            held.setdefault(reading.hedge, reading.evidence)
    return [f"<b>{for_html(_named(key))}</b>: {for_html(why)}" for key, why in held.items()]


def _named(hedge: str) -> str:
    return _NO_HEDGE.get(hedge, f"“{hedge.replace('-', ' ')}”")


def _floor(claim: Claim, reading: Reading | None) -> float | None:
    if claim.has_numbers:
        return claim.low
    if reading is None:
        return None
    return reading.low if reading.point is None else reading.point


def past(made: Told) -> str:
    """Return how intervals held on the recorded series of the stored record."""
    rows = [
        [
            for_html(one.name),
            str(one.summary.count),
            str(one.summary.resolved),
            str(one.summary.independent),
            *(percent(share) for share in one.summary.coverage),
            f"{one.summary.crps:.0f} days",
        ]
        for one in made.past
    ]
    heads = [
        "Recorded series",
        "Forecasts",
        "Resolved",
        "Share no day",
        "50 % held",
        "80 % held",
        "90 % held",
        "Mean CRPS",
    ]
    caption = (
        f"Forecasts from past days of {len(rows)} recorded counts, none of which saw a later row. "
        "An honest interval of 90 % holds nine times in ten."
    )
    return table("past", caption, heads, [("", rows)])


def gather(made: Told) -> str:
    """Return the 18 items of GATHER."""
    if made.record is None:
        return ""
    rows = [
        [f"{index}. {for_html(what)}", for_html(_ELSEWHERE.get(index, answer))]
        for index, what, answer in gather_items(made.record)
    ]
    caption = "The checklist GATHER, filled from the record."
    return table("gather", caption, ["Asked", "Answer"], [("", rows)])
