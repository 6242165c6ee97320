"""From a reading, a claim of a dossier, or a list of names, to a distribution.

A list holds a share of what happened, its *coverage* c, between 0 and 1. The number it stands for
is the count divided by c. The *multiplier* 1/c is never an argument here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import numpy as np

from attrition.core._typing import Floats, HasCdf, is_distribution
from attrition.core.distributions import FrozenVariable, Histogram
from attrition.core.errors import InputError, clip, refusal
from attrition.core.numerics import normal_score
from attrition.data.dossier import Claim, Coverage, Dossier, PartialDate
from attrition.data.dossier.claims import Period
from attrition.data.dossier.models import check_coverage
from attrition.data.elicitation.distributions import Distribution, atom, of_sample, quantile
from attrition.data.elicitation.shapes import exponential, from_interval, of_claim
from attrition.text import Lexicon, Reading, default_lexicon, parse, read_one
from attrition.text.reading import Interval
from attrition.text.widths import interval_for

if TYPE_CHECKING:
    from attrition.data.dossier import ClaimRow


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
    if isinstance(figure, np.ndarray):
        return of_sample(figure, place or "elicit")
    if not isinstance(figure, Reading):
        from attrition.data.dossier.tables import ClaimRow  # which a dossier does not need

        if isinstance(figure, ClaimRow):
            return _of_row(figure, coverage, place or f"line {figure.line}")
        if not is_distribution(figure):
            raise refusal("figure of a kind", clip(figure), place or "elicit")
        return figure
    reading, place = figure, place or "elicit"
    if reading.ambiguous:
        got = clip(reading.text)
        raise refusal("one reading", got, place, readings=" or ".join(reading.ambiguous))
    if reading.shape == "floor" and coverage is not None:
        return through(_floor(reading.point, reading.low), coverage)
    return from_interval(reading.interval, reading.shape, reading.point, reading.spill, place=place)


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


_NODES = 400
_BINS = 8000


def elicit_list(
    count: float,
    *,
    coverage: float | Sequence[float],
    prob: float = 0.8,
    plus: Sequence[Distribution] = (),
) -> Distribution:
    """Return what a list of names says about the number of people it is a list of.

    Parameters
    ----------
    count : float
        Names on the list.
    coverage : float or sequence of float
        The share of all that the list holds, in (0, 1], or both ends of it. Not a multiplier:
        "41 % under-reported" is ``coverage=0.59``, and the number is then 69 % higher.
    prob : float
        Mass that both ends hold centrally, in (0, 1).
    plus : sequence of distribution
        Groups that the list leaves out altogether; independent, and added.

    Returns
    -------
    distribution
        Never below ``count``.

    Raises
    ------
    InputError
        If a coverage is not above 0 and at most 1; a multiplier is recognised and named.

    See Also
    --------
    attrition.elicit : any other figure.
    attrition.dossier.Coverage : the same, in a dossier.

    Notes
    -----
    The log odds of c are normal, so that count / c = count + count · exp(-logit c) is a lognormal
    that starts at the count. Where the upper end is 1, the excess is exponential instead.

    Examples
    --------
    >>> made = elicit_list(95_026, coverage=(0.45, 0.65))
    >>> [round(float(q)) for q in quantile(made, [0.1, 0.9])]
    [146194, 211169]
    """
    ends = _ends(coverage)
    if not (math.isfinite(count) and count >= 0 and ends[0] <= ends[1] and 0 < prob < 1):
        got = f"count={count:g}, coverage={ends} and prob={prob:g}"
        raise refusal("list of names", got, "elicit_list")
    for part in plus:
        if not is_distribution(part):
            raise refusal("component is a distribution", clip(part), "elicit_list, plus")
    return _added(_divided_by(float(count), ends, prob), plus)


def _ends(coverage: float | Sequence[float]) -> tuple[float, float]:
    ends = tuple(coverage) if isinstance(coverage, Sequence) else (coverage, coverage)
    if len(ends) != 2 or not all(isinstance(end, (int, float)) for end in ends):  # noqa: PLR2004
        raise refusal("coverage of two ends", clip(coverage), "elicit_list")
    low, high = (check_coverage(end, place="coverage") for end in ends)
    return low, high


def through(count: float, coverage: Coverage) -> Distribution:
    """Return the distribution of ``count`` seen through a coverage of the dossier."""
    plus = [
        atom(part.low)
        if part.low == part.high
        else from_interval(Interval(0.8, part.low, part.high), "range", None, 0.0, place="plus")
        for part in coverage.plus
    ]
    return elicit_list(count, coverage=(coverage.low, coverage.high), prob=coverage.prob, plus=plus)


def _divided_by(count: float, ends: tuple[float, float], prob: float) -> Distribution:
    low, high = ends
    if low == high or count == 0:
        return atom(count / low)
    if high == 1:
        return exponential(count, count / low, prob)
    first, last = (math.log(share / (1 - share)) for share in ends)
    spread = (last - first) / (2 * normal_score(0.5 + prob / 2))
    return FrozenVariable("lognormal", (math.log(count) - (first + last) / 2, spread, count))


def _added(first: Distribution, others: Sequence[Distribution]) -> Distribution:
    """Return the distribution of a sum of independent terms, on a fine grid of its values."""
    levels = (np.arange(_NODES) + 0.5) / _NODES
    for other in others:
        steps = quantile(other, levels)
        tails = [quantile(part, [1e-6, 1 - 1e-6]) for part in (first, other)]
        lowest, highest = (float(tails[0][end] + tails[1][end]) for end in (0, 1))
        if lowest == highest:
            first = atom(lowest)
            continue
        edges = np.linspace(lowest, highest, _BINS + 1)
        cdf = np.zeros(edges.size)
        for step in steps:
            cdf += np.asarray(first.cdf(edges - step), dtype=float)
        share = np.diff(cdf)
        first = Histogram(share, edges)
    return first
