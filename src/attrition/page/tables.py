"""The rows of the tables of a page; its template escapes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from attrition.core.errors import InputError
from attrition.core.laws import print_date, round_count
from attrition.data.dossier import Claim, Dossier, PartialDate
from attrition.data.elicitation import elicit, quantile
from attrition.page.content import PageContent
from attrition.reporting import gather_items, number, percent
from attrition.reporting.rows import crossing_cells
from attrition.reporting.templates import fragment
from attrition.text import Reading, read_one

_KINDS = {
    "level": "total",
    "increment": "total over a window",
    "rate": "pace",
    "share": "share",
    "forecast": "forecast, compared and not used",
}


_ELSEWHERE = {
    16: "The table of thresholds on this page: every interval with its probability, and both "
    "probabilities outside it. The record holds each as a sentence."
}
"""Answers of the checklist that the page gives elsewhere, at length."""
_TRIED = {
    "two figures": "Dates from two figures",
    "claims": "Next figures from claims",
    "claims beside a count": "Next figures from claims and a count",
}
_NOT_USED = "; not used: superseded by the figure that appeared"
_NO_HEDGE = {"unhedged-round": "a round number without a hedge", "exactly": "to its last digit"}


def crossings(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[list[str]]]]:
    """Return when each total passes its thresholds: titles, each with its rows."""
    ends = any(row["end_hazard"] for row in rows)
    columns = ("threshold", "count", "lower", "median", "upper", "already", "later")
    groups: dict[str, list[list[str]]] = {}
    for row in rows:
        whose = row["basis_name"] + (" (may end)" if row["end_hazard"] else "")
        cells = crossing_cells(row, (*columns, "ended") if ends else columns, whose)
        groups.setdefault(row["title"], []).append(cells)
    return [*groups.items()]


def claims(page: PageContent) -> list[list[str]]:
    """Return every report with its words, its source, and how the words were read."""
    dossier = page.forecast.dossier
    return [
        [
            dossier.quantities[claim.quantity].title,
            link(
                claim.url or dossier.sources[claim.source].url, dossier.sources[claim.source].name
            ),
            fragment("quoted.html", claim=claim, stated=_stated(claim)),
            reading_words(dossier, claim) + replaced,
            day_words(claim.as_of),
            day_words(claim.published),
        ]
        for claim, later in page.claims
        for replaced in [f"{_NOT_USED} {day_words(later.published)}" if later else ""]
    ]


def day_words(day: PartialDate) -> str:
    """Return a day, a month or a year as it was given."""
    return print_date(day.first, day.precision, short=True)


def link(address: str, words: str) -> str:
    """Return words that lead to an address, or the words alone if it is not one of the web."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return words
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return words
    return fragment("link.html", address=address, words=words)


def _stated(claim: Claim) -> str:
    given = [claim.point] if claim.point is not None else [claim.low, claim.high]
    words = " to ".join(number(value) for value in given if value is not None)
    return words or "a distribution given in Python"


def reading_words(dossier: Dossier, claim: Claim) -> str:
    """Return how a report was read: its kind, its hedge, and what the words leave open."""
    kind = _KINDS[claim.kind]
    if claim.kind == "forecast":
        by = "" if claim.by is None else f" by {day_words(claim.by)}"
        return f"{kind}: {number(claim.threshold or 0)}{by}"
    reading = _reading(claim)
    hedge = claim.hedge or (reading.hedge if reading is not None else None)
    per = claim.per or (reading.per if reading is not None else None)
    words = kind + (f" per {per}" if per and claim.kind == "rate" else "")
    if hedge:
        words += f", {'' if hedge in _NO_HEDGE else 'hedge '}{_named(hedge)}"
    try:
        distribution = elicit(claim, dossier=dossier)
    except InputError:
        floor = claim.low
        if reading is not None:
            floor = reading.low if reading.point is None else reading.point
        return f"{words}: at least {number(floor)}" if floor is not None else words
    low, middle, high = (float(value) for value in quantile(distribution, [0.05, 0.5, 0.95]))
    if low == high:
        return f"{words}: exactly {number(middle)}"
    whole = dossier.quantities[claim.quantity].unit == "persons"
    low, middle, high = round_count(low, middle, high, whole=whole)
    return f"{words}: 90 % between {number(low)} and {number(high)}, median {number(middle)}"


def _reading(claim: Claim) -> Reading | None:
    if claim.has_numbers or claim.distribution is not None or not claim.words:
        return None
    try:
        return read_one(claim.words)
    except InputError:
        return None


def evidence(page: PageContent) -> list[tuple[str, str]]:
    """Return what the reading of each hedge on the page rests on."""
    reasons: dict[str, str] = {}
    for claim, _ in page.claims:
        reading = _reading(claim)
        if reading is not None:
            reasons.setdefault(_named(reading.hedge), reading.evidence)
    return [*reasons.items()]


def _named(hedge: str) -> str:
    return _NO_HEDGE.get(hedge, f"“{hedge.replace('-', ' ')}”")


def past(page: PageContent) -> list[list[str]]:
    """Return how intervals held on the recorded series of the stored record."""
    return [
        [
            one.name,
            *(str(n) for n in (one.summary.count, one.summary.resolved, one.summary.independent)),
            *(percent(share) for share in one.summary.coverage),
            f"{one.summary.crps:.0f} days",
        ]
        for one in page.past
    ]


def tried(page: PageContent) -> list[list[str]]:
    """Return the same of another route than that of a recorded count."""
    one = page.tried
    shares = (percent(share) for share in one.coverage)
    return [[_TRIED[page.route], str(one.count), str(one.independent), *shares]]


def gather(page: PageContent) -> list[list[str]]:
    """Return the 18 items of GATHER."""
    items = [] if page.record is None else gather_items(page.record)
    return [[f"{index}. {what}", _ELSEWHERE.get(index, answer)] for index, what, answer in items]
