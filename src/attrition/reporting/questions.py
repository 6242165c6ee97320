"""What is said besides when: a total on a day, what is added, a share, which comes first."""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, refusal
from attrition.core.laws import Law, Total, round_count, round_step, total
from attrition.core.laws.digits import ERRORS
from attrition.core.laws.reading import draws_of_error, draws_worth, mean_of, quantiles
from attrition.data.dossier import Dossier
from attrition.forecasts import OtherForecast, Stock
from attrition.reporting.note import interval_words
from attrition.reporting.passing import (
    EVEN,
    MOST,
    SMALL,
    conditioned,
    fitted,
    words_in,
)
from attrition.reporting.subject import (
    LATENT,
    NOBODY,
    capital,
    counted_subject,
    figures_that,
    figures_words,
    named,
    owned,
    source_name,
    subject_of,
    truly,
    unit_beside,
    whoever,
    whose,
)
from attrition.reporting.words import (
    MILLION,
    amount,
    chance,
    day_words,
    from_words,
    number,
    percent,
    plain,
    rounded_amount,
)

if TYPE_CHECKING:
    from attrition.forecasts import Forecast
    from attrition.forecasts.joint import Event, Increment


def total_words(law: Law, on: date, prob: float) -> tuple[str, str]:
    """Return the sentence of a total on a day, and its interval as the note tells it.

    The ends are rounded outward, and the probability is that of the rounded ends.
    """
    read = total(law, on, prob=prob)
    whole, subject = law.provenance.unit == "persons", counted_subject(law)
    unit = unit_beside(law.provenance, subject.text)
    lower, median, upper = printed_ends(law, read)
    share = _share(law, on, lower, upper, prob, whole=whole)
    past = on == law.information_date
    own = law.provenance.basis != LATENT and not law.provenance.least
    if past and own and lower == upper and share > _CERTAIN:
        why = figures_words(law, past=True, beside=subject.text)
        fact = f"stood at {rounded_amount(upper, unit)} on {day_words(on)}"
        name = source_name(law.provenance)
        text = f"{subject.first} {fact}, {why}."
        if name and not owned(law.provenance):  # the subject does not say whose count it is
            text = f"By {whose(name, 'count')}, {subject.text} {fact}."
        return text, amount(read.upper, unit)
    span = f"between {' and '.join(_pair(lower, upper, unit))}"
    if lower <= 0:
        span = f"no more than {rounded_amount(upper, unit)}"
    elif lower == upper:
        span = f"{rounded_amount(upper, unit)}{' or more' if law.provenance.least else ''}"
    if law.provenance.floors:  # nothing puts an end above
        span, share = f"{rounded_amount(lower, unit)} or more", _over(law, on, lower)
    many = subject.plural and whole  # people and deaths number so many, a toll or a length is
    stand = {(True, True): "have numbered", (False, True): "have been", (True, False): "number"}
    chance = f"{percent(share, law.draws)} likely to {stand.get((many, past), 'be')}"
    asides = [f"median {rounded_amount(median, unit)}"] if lower < median < upper else []
    if law.provenance.floors or not EVEN[0] <= _over(law, on, median) <= EVEN[1]:
        asides = []
    exact = f"{amount(read.lower, unit)} to {amount(read.upper, unit)}"
    if law.provenance.floors:
        exact = f"from {amount(read.lower, unit)}, its end not determined,"
    claim = f"{chance} {span} on {day_words(on)}"
    return fitted(law, functools.partial(_claimed, claim, asides, past=past)), exact


def _claimed(claim: str, asides: Sequence[str], law: Law, *, past: bool = False) -> Iterator[str]:
    """Yield a claim of a law with its subject, and ever fewer asides."""
    subject = counted_subject(law)
    return conditioned(law, f"{subject.first} {subject.are} {claim}", *asides, past=past)


def printed_ends(law: Law, read: Total) -> tuple[float, float, float]:
    """Return lower end, median and upper end of a total as they are printed [unit].

    In the digits that width and error allow, and none below what has certainly been reached.
    """
    reached = _reached(law)
    reached = math.floor(reached) if law.provenance.unit == "persons" else reached
    lower, median, upper = (max(end, reached) for end in rounded_ends(read, law.provenance.unit))
    return lower, median, upper


def rounded_ends(read: Total | Increment, unit: str) -> tuple[float, float, float]:
    """Return lower end, median and upper end in the digits that width and error allow [unit]."""
    whole = unit == "persons"
    return round_count(read.lower, read.median, read.upper, whole=whole, mcse=read.mcse)


_CERTAIN = 1 - 1e-9
"""A share that is one, apart from its sum over replicates."""

_ATOM = 1e-3  # share of a law that is at one number: what lies below is known to be reached


def _reached(law: Law) -> float:
    """Return what has certainly been reached, and zero if nothing has.

    A count as it was recorded is exact, and so is an "at least" that nobody could contradict; of
    what is known within a range it has two digits. No total that is printed lies below it, however
    coarsely its ends are rounded.
    """
    (least, most), _ = quantiles(law, (0.0, 1.0), law.information_date)
    if least <= 0 or _over(law, law.information_date, least) <= _CERTAIN:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(least)) - 1)
    above = _over(law, law.information_date, float(np.nextafter(least, np.inf)))
    if least == most or above < 1 - _ATOM:
        return least
    return float(f"{math.floor(least / unit) * unit:.12g}")


def _pair(lower: float, upper: float, unit: str) -> tuple[str, str]:
    """Return two amounts written alike, the first without the unit that the second names."""
    words = rounded_amount(lower, unit), rounded_amount(upper, unit)
    if lower >= MILLION and len({"million" in text for text in words}) > 1:
        words = amount(lower, unit), amount(upper, unit)
    return words[0].removesuffix(f" {plain(unit)}"), words[1]


def _over(law: Law, on: date, level: float) -> float:
    offset = (on - law.information_date).days
    return float(mean_of(law, level)[offset])


def _share(law: Law, on: date, lower: float, upper: float, prob: float, *, whole: bool) -> float:
    """Return the probability of a rounded interval; that of the exact one where the law ends.

    An interval from zero is said as "no more than", and takes in whatever lies below.
    """
    try:
        above = _over(law, on, upper + 1 if whole else np.nextafter(upper, np.inf))
        return (_over(law, on, lower) if lower > 0 else 1.0) - above
    except InputError:  # the law knows its surface only, and not as far as the rounding goes
        return prob


def gain_words(law: Law, read: Increment, draws: Floats) -> tuple[str, str]:
    """Return the sentence of what is added between two days, and its interval as the note tells it.

    As of a total, nothing is printed finer than its Monte Carlo error allows.

    Parameters
    ----------
    law : Law
        Of the total.
    read : Increment
    draws : ndarray of float, shape (replicate, path)
        What is added, equally likely [unit].
    """
    lower, _, upper = rounded_ends(read, law.provenance.unit)
    unit = unit_beside(law.provenance, counted_subject(law).text)
    inside = ((draws >= lower) | (lower <= 0)) & (draws <= upper)
    gains = [" to ".join(_pair(lower, upper, unit)), f"{number(lower)} to {amount(upper, unit)}"]
    if law.provenance.floors:  # nothing puts an end above, nor below where that is nothing
        inside = draws >= lower
        gains = [f"{words(lower, unit)} or more" for words in (rounded_amount, amount)]
    elif lower <= 0:
        gains = [f"at most {words(upper, unit)}" for words in (rounded_amount, amount)]
    days = f"between {from_words(read.since, read.on)} and {day_words(read.on)}"
    share = _share_of(inside)
    over = share.replace("more than ", "over ").replace("less than ", "under ")
    claims = [f"{share} likely to rise by {gain} {days}" for gain in gains]
    claims += [f"{over} likely to rise {by}{gains[1]} {days}" for by in ("by ", "")]
    tellings = [functools.partial(_claimed, claim, ()) for claim in claims]
    if law.provenance.floors:
        exact = f"from {amount(max(lower, 0.0), unit)}, its end not determined,"
        if lower > 0:
            return fitted(law, *tellings), exact
        return fitted(law, lambda law: [_open_gain(law, days)]), exact
    step = round_step(read.mcse) or 0.1
    least, most = (float(f"{round(end / step) * step:.12g}") for end in (read.lower, read.upper))
    exact = f"{amount(least, unit)} to {amount(most, unit)}"
    if read.mcse:
        error = amount(float(f"{read.mcse:.1g}"), unit)
        exact += f" (the computation leaves each end open by about {error}"
        rough = ERRORS * read.mcse > (read.upper - read.median) / 2
        exact += f"{'; more draws would move the ends' * rough})"
    return fitted(law, *tellings), exact


def _open_gain(law: Law, days: str) -> str:
    """Return that minimums do not settle what is added."""
    subject = counted_subject(law)
    rise = f"{subject.text} {'rise' if subject.plural else 'rises'} {days}"
    return f"{figures_that(law)} not settle by how much {rise}."


def _share_of(inside: np.ndarray) -> str:
    """Return how often something holds, of shape (replicate, draw), as it is printed."""
    return percent(float(inside.mean()), draws_worth(inside.mean(axis=1)))


_HUNDRED = 100
_MANY = 10.0  # so many to one are told of each one, fewer of each hundred


def law_of_event(forecast: Forecast, event: Event) -> Law:
    """Return the law of the total in an event: the toll itself, unless it names a count."""
    return forecast.law(event[0], str(event[2]) if len(event) > 2 else "latent")  # noqa: PLR2004


def before_words(forecast: Forecast, one: Event, other: Event) -> tuple[str, list[str]]:
    """Return the sentence of which of two thresholds is passed first, and its part of the note."""
    odds = forecast.before(one, other)
    worth = draws_of_error(odds.mcse)
    law, second = law_of_event(forecast, one), law_of_event(forecast, other)
    theirs = subject_of(second.provenance)
    mine_level = rounded_amount(float(one[1]), law.provenance.unit)
    level = rounded_amount(float(other[1]), second.provenance.unit)
    first = f"{percent(odds.first_before, worth)} likely to"
    then = f"{mine_level} before {theirs.text} {theirs.passes} {level}"
    shares = [
        (odds.second_before, "the other way round"),
        (odds.passed, "both already"),
        (odds.neither, f"neither by {day_words(forecast.horizon)}"),
    ]
    asides = [f"{percent(share, worth)} {text}" for share, text in shares if share >= SMALL]
    parts = [
        (odds.first_before, "that the first is passed on an earlier day"),
        (odds.second_before, "that the second is"),
        (odds.same_day, "that both are on one day"),
        (odds.passed, "that both had been already"),
        (odds.neither, f"that neither is by {day_words(forecast.horizon)}"),
    ]
    note = (
        f"{', '.join(f'{percent(share, worth)} {text}' for share, text in parts)}; "
        f"the computation leaves each open by about {100 * odds.mcse:.1g} points."
    )

    def sentences(law: Law) -> Iterator[str]:
        mine = truly(subject_of(law.provenance), law)
        claim = f"{mine.first} {mine.are} {first} {mine.verb} {then}"
        return conditioned(law, claim, *asides)

    return fitted(_both(law, second), sentences), [note]


def ratio_words(
    forecast: Forecast,
    pair: tuple[str, str],
    span: tuple[date, date | None],
    *,
    basis: str,
    prob: float,
) -> tuple[str, list[str]]:
    """Return the sentence of the ratio of two totals, and its part of the note.

    It is that of a day, or of what is added to it from another day on: ``span`` holds both.
    """
    from attrition.forecasts.joint import ratio_draws  # which no other sentence needs

    law, per = (forecast.law(key, basis) for key in pair)
    on, since = span
    drawn = ratio_draws(forecast, *pair, on=on, since=since, basis=basis)
    levels = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    exact = [float(value) for value in np.quantile(drawn, levels)]
    times = 1 if exact[1] >= _MANY else _HUNDRED
    low, middle, high = (value * times for value in exact)
    lower, _, upper = round_count(low, middle, high, whole=False)
    inside = (drawn * times >= lower) & (drawn * times <= upper)
    mine, theirs = (subject_of(one.provenance).many for one in (law, per))
    past = on == law.information_date
    begin = "by" if since is None else f"from {from_words(since, on)} to"  # "killed on 5 June"
    theirs = dataclasses.replace(theirs, text=_unlike(theirs.text, mine.text))
    owned = "’" in theirs.text or theirs.text.startswith("the ")
    each = "for each" if times == 1 else f"for every {times}"
    per_which = f"of {'' if owned else 'the '}{theirs.text}" if times == 1 or owned else theirs.text
    claim = (
        f"{mine.are} {_share_of(inside)} likely to {'have numbered' if past else 'number'} "
        f"{number(lower)} to {number(upper)} {each} {per_which} {begin} {day_words(on)}"
    )
    part = (
        f"{interval_words(prob)} {low:.4g} to {high:.4g}, median "
        f"{middle:.4g}, {each}; of {drawn.size:,} joint draws."
    )

    def sentences(law: Law) -> Iterator[str]:
        brief = claim.replace("for every", "per") if law.provenance.sources == NOBODY else claim
        return conditioned(law, f"{mine.first}{whoever(law)} {brief}", past=past)

    text = fitted(_both(law, per), sentences)
    if words_in(text) > MOST:
        raise refusal("short ratio", f"{words_in(text)} words", "cite", most=MOST)
    return text, [part]


def _unlike(text: str, other: str) -> str:
    """Return a noun phrase without the place or time that another has named: "people killed"."""
    for place in re.finditer(r" (?=(?:in|of|from|by|near|on|at) )", text):
        if place.start() and other.endswith(text[place.start() :]):
            return text[: place.start()]
    return text


def _both(law: Law, other: Law) -> Law:
    """Return a law that names the sources of two, for what is said of both."""
    what, more = law.provenance, other.provenance
    named = tuple(dict.fromkeys((*what.sources, *more.sources)))
    if what.basis == more.basis != LATENT:
        return law  # one count of both
    return law.with_provenance(dataclasses.replace(what, basis=LATENT, sources=named))


def cite_stock(stock: Stock) -> str:
    """Return one sentence about a strength: reported with its interval, not forecast."""
    lower, median, upper = round_count(
        stock.lower, stock.median, stock.upper, whole=stock.unit == "persons"
    )
    return (
        f"{plain(stock.title)}, by {_count(stock)} for {stock.as_of}, reported as "
        f"“{plain(stock.quote)}”: {number(lower)} to {amount(upper, stock.unit)} "
        f"({chance(stock.prob)} credible interval of what the words mean; "
        f"median {number(median)}; a strength, not forecast)."
    )


def cite_other(dossier: Dossier, other: OtherForecast, draws: float = math.inf) -> str:
    """Return one sentence that sets somebody else's forecast next to our probability.

    It is printed as finely as so many independent draws know it, :attr:`Law.draws`.
    """
    count = "for the toll itself, whoever counts"
    if other.basis != LATENT:
        count = f"by {whose(dossier.sources[other.basis].name, 'count')}"
    share = percent(other.probability, draws)
    return f"{_expected(dossier, other)}: the probability of that is {share} {count}."


def other_words(forecast: Forecast) -> list[str]:
    """Return what others forecast next to our probabilities, in few words, by the counts' ids."""
    groups: dict[tuple[object, ...], list[OtherForecast]] = {}
    for other in forecast.others:
        key = (other.source, other.quantity, other.threshold, other.quote, other.by)
        groups.setdefault(key, []).append(other)
    return [
        f"{_expected(forecast.dossier, of_one[0])}: "
        f"{', '.join(_chance_of(forecast, other) for other in of_one)}."
        for of_one in groups.values()
    ]


def _expected(dossier: Dossier, other: OtherForecast) -> str:
    return (
        f"{capital(named(dossier.sources[other.source].name))} expected {number(other.threshold)} "
        f"“{plain(other.quote)}” (read as by {day_words(other.by)})"
    )


def _chance_of(forecast: Forecast, other: OtherForecast) -> str:
    share = percent(other.probability, forecast.law(other.quantity, other.basis).draws)
    return f"{share} ({'toll' if other.basis == LATENT else other.basis})"


def stock_words(stock: Stock) -> str:
    """Return a strength in a few words: what, how many, as of when."""
    lower, _, upper = round_count(
        stock.lower, stock.median, stock.upper, whole=stock.unit == "persons"
    )
    low = "" if lower == upper else f"{number(lower)} to "
    return f"{plain(stock.title)} {low}{amount(upper, stock.unit)}, {stock.as_of}"


def _count(stock: Stock) -> str:
    """Return whose count a strength is."""
    name = plain(stock.basis_name)
    return whose(name.removeprefix("count of "), "count") if "count of " in name else f"the {name}"
