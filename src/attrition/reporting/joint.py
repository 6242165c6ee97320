"""Two totals of one forecast in one sentence: which comes first, and what share one is."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from attrition.core.laws import Law, round_count
from attrition.reporting.note import interval_words
from attrition.reporting.passing import SMALL, conditioned, fitted
from attrition.reporting.subject import LATENT, subject_of, whoever
from attrition.reporting.words import (
    day_words,
    from_words,
    number,
    percent,
    rounded_amount,
)

if TYPE_CHECKING:
    from attrition.forecasts import Forecast
    from attrition.forecasts.joint import Event

_HUNDRED = 100
_MANY = 10.0  # so many to one are told of each one, fewer of each hundred


def law_of_event(forecast: Forecast, event: Event) -> Law:
    """Return the law of the total in an event: the toll itself, unless it names a count."""
    return forecast.law(event[0], str(event[2]) if len(event) > 2 else "latent")  # noqa: PLR2004


def before_words(forecast: Forecast, one: Event, other: Event) -> tuple[str, list[str]]:
    """Return the sentence of which of two thresholds is passed first, and its part of the note."""
    odds = forecast.before(one, other)
    law, second = law_of_event(forecast, one), law_of_event(forecast, other)
    mine, theirs = (subject_of(each.provenance) for each in (law, second))
    mine_level = rounded_amount(float(one[1]), law.provenance.unit)
    level = rounded_amount(float(other[1]), second.provenance.unit)
    claim = (
        f"{mine.first}{whoever(law)} {mine.are} {percent(odds.first_before)} likely to "
        f"{mine.verb} {mine_level} before {theirs.text} {theirs.passes} {level}"
    )
    shares = [
        (odds.second_before, "the other way round"),
        (odds.passed, "both already"),
        (odds.neither, f"neither by {day_words(forecast.horizon)}"),
    ]
    asides = [f"{percent(share)} {text}" for share, text in shares if share >= SMALL]
    note = (
        f"{percent(odds.first_before)} that the first is passed on an earlier day, "
        f"{percent(odds.second_before)} that the second is, {percent(odds.same_day)} that both "
        f"are on one day, {percent(odds.passed)} that both had been already, "
        f"{percent(odds.neither)} that neither is by {day_words(forecast.horizon)}; "
        f"the computation leaves each open by about {100 * odds.mcse:.1g} points."
    )
    return fitted(lambda law: conditioned(law, claim, *asides), _both(law, second)), [note]


def ratio_words(
    forecast: Forecast,
    pair: tuple[str, str],
    *,
    on: date,
    since: date | None,
    basis: str,
    prob: float,
) -> tuple[str, list[str]]:
    """Return the sentence of the ratio of two totals, and its part of the note."""
    from attrition.forecasts.joint import ratio_draws  # which no other sentence needs

    law, per = (forecast.law(key, basis) for key in pair)
    drawn = ratio_draws(forecast, *pair, on=on, since=since, basis=basis).ravel()
    levels = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    exact = [float(value) for value in np.quantile(drawn, levels)]
    times = 1 if exact[1] >= _MANY else _HUNDRED
    low, middle, high = (value * times for value in exact)
    lower, _, upper = round_count(low, middle, high, whole=False)
    share = float(((drawn * times >= lower) & (drawn * times <= upper)).mean())
    mine, theirs = (subject_of(one.provenance).many for one in (law, per))
    past = on == law.information_date
    when = (
        f"on {day_words(on)}"
        if since is None
        else f"from {from_words(since, on)} to {day_words(on)}"
    )
    owned = "’" in theirs.text or theirs.text.startswith("the ")
    each = "for each" if times == 1 else f"for every {times}"
    per_which = f"of {'' if owned else 'the '}{theirs.text}" if times == 1 or owned else theirs.text
    claim = (
        f"{mine.first}{whoever(law)} {mine.are} {percent(share)} likely to "
        f"{'have numbered' if past else 'number'} {number(lower)} to {number(upper)} {each} "
        f"{per_which} {when}"
    )
    part = (
        f"{interval_words(prob)} {low:.4g} to {high:.4g}, median "
        f"{middle:.4g}, {each}; of {drawn.size:,} joint draws."
    )
    return fitted(lambda law: conditioned(law, claim, past=past), _both(law, per)), [part]


def _both(law: Law, other: Law) -> Law:
    """Return a law that names the sources of two, for what is said of both."""
    what, more = law.provenance, other.provenance
    named = tuple(dict.fromkeys((*what.sources, *more.sources)))
    if what.basis == more.basis != LATENT:
        return law  # one count of both
    return law.with_provenance(dataclasses.replace(what, basis=LATENT, sources=named))
