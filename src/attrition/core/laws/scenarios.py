"""What is supposed of the days ahead: another pace from a day on, a stop, or an end by chance."""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

import numpy as np

from attrition.core._typing import Floats
from attrition.core.checks import number_within
from attrition.core.days import day_from
from attrition.core.errors import clip, refusal
from attrition.core.late import special
from attrition.core.laws.digits import print_date
from attrition.core.laws.law import Law, make_law
from attrition.core.laws.totals import SCORES, Totals

_EVERY = 4  # quantiles of a day of which one is a total that is read where an end is possible
_EDGE = 1e-12  # probabilities are read between this and one less it
_WORDS = {0.5: "half", 1.5: "one and a half times", 2.0: "twice"}
_MOST = 100.0  # a larger factor is a mistyped one


class Bend(NamedTuple):
    """A scenario on the axis of a law.

    Parameters
    ----------
    day : int
        Last day of the expected pace [day after the information date].
    factor : float
        By which what is counted later is multiplied.
    """

    day: int
    factor: float

    @property
    def nodes(self) -> np.ndarray:
        """Days next to the bend, between which nothing is smooth."""
        return np.array([max(self.day - 1, 0), self.day, self.day + 1])

    def weekly(self, begins: Floats, length: float) -> Floats:
        """Return the mean factor of stretches of time from the days on which they begin."""
        before = np.clip((self.day - begins) / length, 0.0, 1.0)
        return np.asarray(before + (1 - before) * self.factor)

    def daily(self, days: int) -> Floats:
        """Return the factor of each of some days after the information date."""
        return np.where(np.arange(1, days + 1) > self.day, self.factor, 1.0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Another pace from a day on: whatever the pace will be, times a factor.

    Parameters
    ----------
    pace : float
        The factor, 0 to 100; 0 is a stop.
    since : datetime.date
        First day on which it holds.

    Raises
    ------
    InputError
        If the factor is out of range.

    See Also
    --------
    attrition.core.laws.with_end : an end on a day that is not known.

    Examples
    --------
    >>> Scenario.of({"pace": 0.5, "from": "2025-09-01"})
    Scenario(pace=0.5, since=datetime.date(2025, 9, 1))
    >>> Scenario.of("0.5 from 2025-09-01").words()
    'at half the pace from 1 September 2025'
    >>> Scenario.of("stop 2025-09-01").condition("if the fighting continues")
    'if the fighting stops on 1 September 2025'
    """

    pace: float
    since: date

    def __post_init__(self) -> None:
        """Refuse a factor that no pace has."""
        number_within(self.pace, "pace of a scenario", "scenario", most=_MOST)

    @classmethod
    def of(cls, given: object) -> Scenario:
        """Return the scenario that somebody gives.

        Parameters
        ----------
        given : Scenario, mapping or str
            ``{"pace": 0.5, "from": day}`` or ``{"stop": day}``; ``"0.5 from 2025-09-01"`` or
            ``"stop 2025-09-01"``.

        Raises
        ------
        InputError
            If it is none of these.
        """
        if isinstance(given, cls):
            return given
        content: dict[str, Any] = {}
        if isinstance(given, str):
            match given.replace("=", " ").split():
                case ["stop", day]:
                    content = {"stop": day}
                case ["pace", factor, "from", day] | [factor, "from", day]:
                    content = {"pace": factor, "from": day}
        elif isinstance(given, Mapping):
            content = dict(given)
        if set(content) == {"stop"}:
            content = {"pace": 0.0, "from": content["stop"]}
        pace = _pace(content)
        if pace is None:
            raise refusal("scenario", clip(given), "scenario")
        return cls(pace, day_from(content["from"], "scenario"))

    def to_dict(self) -> dict[str, Any]:
        """Return the mapping that :meth:`of` reads."""
        return {"pace": self.pace, "from": self.since.isoformat()}

    def bend(self, known: date, last: date) -> Bend:
        """Return the scenario on the axis of a law.

        Raises
        ------
        InputError
            If it does not begin after the information date, and by the horizon.
        """
        if not known < self.since <= last:
            got = f"{self.since}, where {known} and {last} are these"
            raise refusal("begin of a scenario", got, "scenario")
        return Bend((self.since - known).days - 1, self.pace)

    def words(self) -> str:
        """Return what follows the condition of a law: nothing for a stop, which is one itself."""
        if self.pace == 0:
            return ""
        factor = _WORDS.get(self.pace, f"{self.pace:.3g} times")
        return f"at {factor} the pace from {print_date(self.since, 'day')}"

    def condition(self, usual: str) -> str:
        """Return the condition under which a law holds, from the one without the scenario."""
        if self.pace > 0:
            return usual
        return f"if {what_ends(usual)} stops on {print_date(self.since, 'day')}"


def _pace(content: Mapping[str, Any]) -> float | None:
    """Return the factor of the pace that a mapping names; None where it is no scenario."""
    if set(content) != {"pace", "from"} or isinstance(content["pace"], bool):
        return None
    try:
        return float(content["pace"])
    except (TypeError, ValueError):
        return None


def with_end(law: Law, hazard: float) -> Law:
    """Return the law of a crossing before an end (a ceasefire) that comes at a constant hazard.

    P(T <= t, T < tau) = e^(-h t) P(C(t) >= K) + integral of h e^(-h u) P(C(u) >= K) du, with C
    frozen at tau. What is missing at the horizon is *beyond* or *ended first*: see
    :func:`attrition.laws.masses`.

    Parameters
    ----------
    law : Law
        The law if it goes on.
    hazard : float
        Probability per day that it ends [1/day], 0 or more.

    Returns
    -------
    Law
        On the same thresholds and days, the exceedance taken linear between days; its totals stand
        still from the end on.

    Raises
    ------
    InputError
        If the hazard is negative or not finite, or the law allows for an end already.

    See Also
    --------
    attrition.laws.masses : how likely the end comes first.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> ending = at.laws.with_end(law, 0.001)
    >>> ending.probability(600, by="2025-07-03") < law.probability(600, by="2025-07-03")
    True
    """
    if not (math.isfinite(hazard) and hazard >= 0):
        raise refusal("end hazard", f"{hazard:g}", "hazard")
    if law.provenance.end_hazard > 0:
        got = f"a law that already ends at {law.provenance.end_hazard:g} a day"
        raise refusal("one end", got, "with_end")
    if hazard == 0:
        return law
    stated = dataclasses.replace(
        law.provenance,
        condition=f"allowing for an end at a hazard of {hazard:g} a day",
        end_hazard=float(hazard),
        ending=what_ends(law.provenance.condition),
    )
    ended = make_law(
        _before_the_end(law.surface(), np.arange(law.surface().shape[2]), hazard),
        law.thresholds,
        law.information_date,
        stated,
        weights=law.weights,
    )
    if law.source is None:
        return ended
    # no end lies before the first day, whose totals are those of the law without one
    return ended.with_totals(functools.partial(_totals_before_the_end, law, hazard), law.start)


def _before_the_end(exceedance: Floats, days: np.ndarray, hazard: float) -> Floats:
    """Return P(C(min(t, tau)) >= K) on some days, the last axis, of the same without an end."""
    # between them the exceedance is linear: what is added is weighted by the mean of e^(-h u)
    steps = np.diff(days)
    weight = np.exp(-hazard * days[:-1]) * -np.expm1(-hazard * steps) / (hazard * steps)
    added = np.cumsum(np.diff(exceedance, axis=-1) * weight, axis=-1)
    result = np.concatenate([exceedance[..., :1], exceedance[..., :1] + added], axis=-1)
    return np.maximum.accumulate(np.clip(result, 0.0, 1.0), axis=-1)


def _totals_before_the_end(law: Law, hazard: float) -> Totals:
    """Return the quantiles of the total where its rise may end, from the law on many totals."""
    totals = cast("Totals", law.totals)  # a law with a source has them
    grid = np.unique(totals.values.mean(axis=0)[:, ::_EVERY])
    columns = np.stack([totals.column(float(level), totals.days) for level in grid], axis=1)
    below = 1.0 - _before_the_end(columns, totals.days, hazard).transpose(0, 2, 1)
    scores = special.ndtri(np.clip(below, _EDGE, 1 - _EDGE))
    values = np.empty(totals.values.shape)
    for replicate, node in np.ndindex(*values.shape[:2]):
        values[replicate, node] = np.interp(SCORES, scores[replicate, node], grid)
    rising = np.maximum.accumulate(np.maximum.accumulate(values, axis=2), axis=1)
    return dataclasses.replace(totals, values=rising)


def what_ends(condition: str) -> str:
    """Return what would end, of the condition that it goes on."""
    stated = re.match(r"if (the [\w ]+?) (?:continues?|goes|go|lasts?|keeps?)\b", condition)
    return stated[1] if stated else "the rise"
