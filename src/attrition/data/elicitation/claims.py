"""From a reading, or a claim of a dossier, to a distribution."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

import numpy as np

from attrition.core._typing import Floats, HasCdf, is_distribution
from attrition.core.errors import InputError, clip
from attrition.core.refusals import refusal
from attrition.data.dossier import Claim, ClaimRow, Coverage, Dossier, PartialDate
from attrition.data.dossier.claims import Period
from attrition.data.elicitation.coverage import through
from attrition.data.elicitation.distributions import Distribution, of_sample
from attrition.data.elicitation.shapes import from_interval, of_claim
from attrition.text import (
    Interval,
    Lexicon,
    Reading,
    default_lexicon,
    interval_for,
    parse,
    read_one,
)


def elicit(
    figure: Reading | Claim | ClaimRow | HasCdf | Floats,
    *,
    dossier: Dossier | None = None,
    coverage: Coverage | None = None,
    place: str = "",
) -> Distribution:
    """Return the distribution that one figure carries.

    Parameters
    ----------
    figure : Reading, Claim, ClaimRow, distribution or array
        From :func:`attrition.parse`, unambiguous; or a claim; or a row of a table of claims; or
        anything with ``cdf`` and ``ppf`` or ``icdf`` (scipy, PreliZ), which is returned as it is;
        or a sample of draws.
    dossier : Dossier, optional
        The dossier of a claim: its hedges, its units, the coverage of its sources.
    coverage : Coverage, optional
        For an "at least" figure, the share of the true number that it holds.
    place : str
        Where the figure stands, for errors.

    Returns
    -------
    distribution
        With ``cdf`` and ``icdf`` or ``ppf``, in the unit of the figure; of a rate, per day where it
        comes from a claim. Those of known families have ``to_scipy()``.

    Raises
    ------
    InputError
        If the words are ambiguous, or a floor without a coverage.

    See Also
    --------
    attrition.parse : words into a reading.
    attrition.pool : several sources into one distribution.

    Examples
    --------
    >>> import attrition as at
    >>> level = at.elicit(at.parse("approximately 950,000")[0])
    >>> round(float(level.median()))
    950000
    """
    if isinstance(figure, Claim):
        return _of_claim(figure, dossier, coverage, place)
    if isinstance(figure, ClaimRow):
        return _of_row(figure, coverage, place or f"line {figure.line}")
    if isinstance(figure, np.ndarray):
        return of_sample(figure, place or "elicit")
    if not isinstance(figure, Reading):
        return _passed(figure, place or "elicit")
    reading, place = figure, place or "elicit"
    if reading.ambiguous:
        got = clip(reading.text)
        raise refusal("one reading", got, place, readings=" or ".join(reading.ambiguous))
    if reading.shape == "floor" and coverage is not None:
        return through(_floor(reading.point, reading.low), coverage)
    return from_interval(reading.interval, reading.shape, reading.point, reading.spill, place=place)


def _passed(thing: object, place: str) -> Distribution:
    if not is_distribution(thing):
        raise refusal("figure of a kind", clip(thing), place)
    return cast("Distribution", thing)


def _of_claim(
    claim: Claim, dossier: Dossier | None, coverage: Coverage | None, place: str
) -> Distribution:
    lexicon, counted = default_lexicon(), True
    place = place or f"source '{claim.source}'"
    if dossier is not None:
        lexicon = lexicon_of(dossier)
        counted = dossier.find_quantity(claim.quantity).counted
        default = dossier.find_source(claim.source).coverage
        coverage = coverage or default
        place = f"dossier '{dossier.id}', {place}"
    return elicit_claim(claim, lexicon, place=place, counted=counted, coverage=coverage)


def _of_row(row: ClaimRow, coverage: Coverage | None, place: str) -> Distribution:
    """Return the distribution of a row, which may lack the date and source of a claim."""
    day = row.as_of or row.published or PartialDate.parse("0001")
    kind = "rate" if row.words.get("kind") == "rate" else "level"
    days = {"as_of": day, "published": day, "since": None}
    claim = row.claim(place, kind=kind, source=row.source or "", **days)
    return elicit_claim(claim, default_lexicon(), place=place, counted=True, coverage=coverage)


def _floor(point: float | None, low: float | None) -> float:
    return cast("float", low if point is None else point)  # one of both makes words a floor


def lexicon_of(dossier: Dossier) -> Lexicon:
    """Return the hedge lexicon with the dossier's own overrides."""
    lexicon = default_lexicon()
    return lexicon.override(dict(dossier.hedges)) if dossier.hedges else lexicon


def read_claim(claim: Claim, lexicon: Lexicon, *, place: str) -> Reading:
    """Return the reading of a claim that is given in words."""
    try:
        return read_one(_with_noun(claim, lexicon), lexicon=lexicon)
    except InputError as error:
        raise InputError(
            error.rule, got=error.got, place=f"{place}, {error.place}", remedy=error.remedy
        ) from None


def words_of(claim: Claim, lexicon: Lexicon) -> tuple[Reading, ...]:
    """Return every reading of the words of a claim, or refuse words that hold none."""
    return parse(_with_noun(claim, lexicon), lexicon=lexicon)


def _with_noun(claim: Claim, lexicon: Lexicon) -> str:
    """Return the words of a claim; a `figure` such as "about three" is told to be one."""
    words = claim.words
    if claim.figure and len(words.split()) <= _HEDGED and not any(map(str.isdigit, words)):
        for phrase in (words, f"{words} people"):
            with suppress(InputError):
                parse(phrase, lexicon=lexicon)
                return phrase
    return words


_HEDGED = 4  # words at most of a spelled number with its hedge
DAYS_PER = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
"""Length of the units of time of a rate [day]."""


def elicit_claim(
    claim: Claim, lexicon: Lexicon, *, place: str, counted: bool, coverage: Coverage | None = None
) -> Distribution:
    """Return the distribution of one claim, in units of its quantity; of a rate, per day.

    Parameters
    ----------
    claim : Claim
    lexicon : Lexicon
    place : str
        Where the claim stands, for errors.
    counted : bool
        Whether the quantity is counted in whole units (persons) or measured.
    coverage : Coverage, optional
        That of the source, through which an "at least" figure becomes a distribution; the
        claim's own comes first.

    Raises
    ------
    InputError
        If the claim is ambiguous, or a floor without a coverage prior.
    """
    if claim.distribution is not None:
        return cast("Distribution", claim.distribution)
    claim = claim.in_percent()
    terms, days = _read(claim, lexicon, counted=counted, place=place)
    if claim.shape is not None:
        return of_claim(claim, days=days)
    coverage = claim.coverage or coverage
    if terms[1] == "floor" and coverage is not None:
        return through(_floor(terms[2], claim.low) / days, coverage)
    return from_interval(*(terms if days == 1 else _per_day(*terms, days)), place=place)


def floor_of_claim(claim: Claim, lexicon: Lexicon, *, place: str, counted: bool) -> float | None:
    """Return the number of a claim that is a floor, per day of a rate; None of any other claim.

    Raises
    ------
    InputError
        If the claim is ambiguous, or a rate does not say per what.
    """
    if claim.distribution is not None or claim.shape is not None:
        return None
    claim = claim.in_percent()
    (_, shape, point, _), days = _read(claim, lexicon, counted=counted, place=place)
    return _floor(point, claim.low) / days if shape == "floor" else None


_Terms = tuple[Interval | None, str, float | None, float]


def _read(claim: Claim, lexicon: Lexicon, *, counted: bool, place: str) -> tuple[_Terms, float]:
    """Return what the words or numbers of a claim mean, and the days that they are per."""
    per = claim.per
    if not claim.has_numbers:
        reading = read_claim(claim, lexicon, place=place)
        per = per or cast("Period | None", reading.per if reading.per in DAYS_PER else None)
        terms = (reading.interval, reading.shape, reading.point, reading.spill)
    else:
        terms = _of_numbers(claim, lexicon, counted=counted, place=place)
    if claim.kind == "rate" and per is None:
        raise refusal("rate per what", clip(claim.words), place, key="`per` =")
    return terms, DAYS_PER[per] if claim.kind == "rate" and per is not None else 1.0


def _of_numbers(claim: Claim, lexicon: Lexicon, *, counted: bool, place: str) -> _Terms:
    low, high = claim.low, claim.high
    if low is not None and low == high:
        return Interval(1.0, low, low), "atom", low, 0.0
    point = claim.point
    if point is not None and (low is None) != (high is None):
        raise refusal("both ends or none", f"low={low}, point={point:g} and high={high}", place)
    if point is None and (low is None or high is None):
        point, low, high = low if high is None else high, None, None
    hedge = claim.hedge or _hedge_of_numbers(claim)
    interval, shape, spill, _ = interval_for(
        hedge, point=point, low=low, high=high, lexicon=lexicon, counted=counted
    )
    return interval, shape, point, spill


def _per_day(
    interval: Interval | None, shape: str, point: float | None, spill: float, days: float
) -> _Terms:
    if interval is not None:
        interval = Interval(interval.prob, interval.lower / days, interval.upper / days)
    return interval, shape, None if point is None else point / days, spill


def _hedge_of_numbers(claim: Claim) -> str:
    if claim.low is None:
        return "unhedged" if claim.high is None else "at-most"
    return "at-least" if claim.high is None else "between"
